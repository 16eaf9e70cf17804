"""YAML, read as text only: events, nodes, records and limits."""
