"""JSON Schemas of book files."""
