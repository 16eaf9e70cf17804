"""Commits as bytes of the history."""

from __future__ import annotations

from acctcli.store.history import history_format

WHEN = "2026-03-02T10:00:00Z"


def block(commit: str, count: int = 1) -> bytes:
    lines = [
        history_format.entry(commit, "deals", f"d{each}", "deals.yaml", each, "before\n", "after\n")
        for each in range(count)
    ]
    closing = history_format.closing(commit, WHEN, "anna@example.com", ["deal", "won", "d0"], count)
    return b"".join([*lines, closing])
