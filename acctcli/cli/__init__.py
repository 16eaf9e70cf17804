"""The command line: it parses, acts and prints, without arithmetic and YAML."""
