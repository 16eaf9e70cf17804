"""The book on disk: find, parse, edit and commit its files. `Book` is the only door."""
