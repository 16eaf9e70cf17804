"""The index: what the files say, kept in SQLite so that a read need not look through them all."""
