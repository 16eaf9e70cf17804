"""Two processes make the index of one book, and the files change between the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.books import agree, full_book, index_of, put, viewed, whole

from acctcli.store.index import database as db

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def test_the_index_of_a_faster_process_is_compared_with_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = full_book(tmp_path / "book")
    path = index_of(root, tmp_path)
    viewed(root, tmp_path)
    faster = path.rename(tmp_path / "faster")  # of the files as they are now
    put(root, "orgs.yaml", "- id: late\n  name: Late\n")
    build = db.build

    def overtaken(path: Path, fill: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
        def fill_late(database: sqlite3.Connection) -> None:
            fill(database)
            if faster.exists():
                faster.rename(path)

        return build(path, fill_late)

    monkeypatch.setattr(db, "build", overtaken)
    found = viewed(root, tmp_path)
    assert list(found.data.orgs) == list(whole(root).data.orgs) == ["late"]
    agree(root, tmp_path)
    assert not faster.exists()
