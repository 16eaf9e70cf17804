"""SQLite index of the book."""
