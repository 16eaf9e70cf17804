"""Rows, documents and messages on their way out."""
