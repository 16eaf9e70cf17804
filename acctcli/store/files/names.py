"""Names of a book's own files and folders."""

from __future__ import annotations

SETTINGS_FILE = "acctcli.yaml"  # marks a book
RATES_FILE = "rates.yaml"
HISTORY_FILE = "history.jsonl"
ATTACHMENTS = "attachments"
