"""Other programs' formats, to and from records."""
