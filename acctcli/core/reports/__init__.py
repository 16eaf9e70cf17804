"""Reports on accounts and records."""
