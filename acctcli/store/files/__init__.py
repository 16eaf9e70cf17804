"""Names, folders and system calls."""
