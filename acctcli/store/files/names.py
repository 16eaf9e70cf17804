"""SETTINGS_FILE, RATES_FILE, ATTACHMENTS, HISTORY_FILE (out of store/locate, store/history)."""

from __future__ import annotations

SETTINGS_FILE = "acctcli.yaml"  # marks a book
RATES_FILE = "rates.yaml"
HISTORY_FILE = "history.jsonl"
ATTACHMENTS = "attachments"
