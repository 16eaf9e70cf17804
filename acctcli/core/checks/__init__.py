"""What `check` looks for: the table of checks, and those that judge records and accounts."""
