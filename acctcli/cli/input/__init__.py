"""What users type: records, fields, files."""
