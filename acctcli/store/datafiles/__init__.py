"""YAML data files: split, parsed, typed, edited and verified."""
