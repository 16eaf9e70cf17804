"""Ways to write results: tables, JSON, CSV, YAML, Markdown, HTML, mail."""
