"""Undo and redo of a book, and its files to compare."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from acctcli.store.book import Author, Book
from acctcli.store.undo.undo import UndoRequest
from helpers.files import files_of

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.store.undo.undo_commit import UndoCommit


AUTHOR = Author("anna", ("test",), dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC))


REDO = UndoRequest(redo=True)


UNDO = UndoRequest()


def take_back(root: Path, wanted: UndoRequest = UNDO) -> UndoCommit | None:
    return Book(root).undo(wanted, AUTHOR)


def state(root: Path) -> dict[str, bytes]:
    """Every file of the book but the history and acctcli's own."""
    return {
        name: data
        for name, data in files_of(root).items()
        if name != "history.jsonl" and not name.startswith(".acctcli/")
    }
