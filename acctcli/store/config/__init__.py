"""Settings, rates, holidays and schemas of a book."""
