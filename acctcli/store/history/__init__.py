"""The history of a book."""
