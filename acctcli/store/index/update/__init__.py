"""The index brought up to date with the files."""
