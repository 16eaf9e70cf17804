"""Views: what commands may ask of a book."""
