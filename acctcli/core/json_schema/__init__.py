"""JSON Schemas of the files of a book, for editors: made of the tables that reading follows."""
