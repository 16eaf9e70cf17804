"""What changed is told from what was only touched, without reading what was neither."""

from __future__ import annotations

import os
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from helpers.books import FILES, full_book, put, shift_clock, viewed
from helpers.faults.dying import NEW_DEALS, NEW_NOTES, big_changes, die_after_renames
from helpers.faults.dying import make_book as dying_book

from acctcli.core.model.errors import NotFoundError, StorageError
from acctcli.store.commit.snapshot import FileListing, FilesMoved
from acctcli.store.files import filesystem
from acctcli.store.index import database as db
from acctcli.store.index.database import DamagedError
from acctcli.store.index.update import freshness as module
from acctcli.store.index.update.freshness import (
    RACY_NS,
    IndexedFile,
    compare,
    read_about,
)
from acctcli.store.index.update.updater import Update

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from acctcli.store.index.update.freshness import FileStates


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shift_clock(monkeypatch)
    return full_book(tmp_path / "book")


def known(root: Path) -> sqlite3.Connection:
    """A database that knows the book as it is."""
    database = db.private()
    look = FileListing(root)
    Update(database, look).fill(compare(database, look).contents)
    return database


def now(root: Path, database: sqlite3.Connection) -> FileStates:
    return compare(database, FileListing(root))


def test_an_empty_index_knows_nothing(root: Path) -> None:
    with closing(db.private()) as database:
        found = now(root, database)
        assert found.changed == list(found.contents) == ["acctcli.yaml", *FILES]
        assert not found.is_current


def test_nothing_changed_and_nothing_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(known(root)) as database:
        monkeypatch.setattr(filesystem, "hash_file", None)
        found = now(root, database)
        assert found.is_current
        assert (found.changed, found.touched, found.deleted) == ([], [], [])


def test_what_changed_was_touched_came_and_went(root: Path) -> None:
    with closing(known(root)) as database:
        put(root, "orgs.yaml", "- id: other\n  name: Other\n")
        put(root, "people.yaml", FILES["people.yaml"])
        put(root, "deals/2027.yaml", "")
        (root / "notes.yaml").unlink()
        found = now(root, database)
        assert found.changed == ["orgs.yaml", "deals/2027.yaml"]
        assert (found.touched, found.deleted) == (["people.yaml"], ["notes.yaml"])
        assert found.fits
        assert not found.is_current


@pytest.mark.parametrize("late", [True, False])
def test_each_part_of_the_key_tells(
    root: Path, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    with closing(known(root)) as database:
        path = root / "orgs.yaml"
        text = path.read_bytes()
        os.utime(path, ns=(1, 1))  # the time of the change of its status is another one
        assert now(root, database).touched == ["orgs.yaml"]
        path.write_bytes(text[:-1] + (b" " if late else b""))
        os.utime(path, ns=(1, 1))
        assert now(root, database).changed == ["orgs.yaml"]


def test_a_file_of_another_time_is_of_another_order(root: Path) -> None:
    with closing(known(root)) as database:
        database.execute("UPDATE files SET rank = 99 - rank")
        found = now(root, database)
        assert (found.changed, found.fits, found.is_current) == ([], False, False)


@pytest.mark.parametrize(
    ("before", "racy"), [(0, True), (RACY_NS, True), (RACY_NS + 1, False), (-5, True)]
)
@pytest.mark.parametrize("which", ["mtime_ns", "ctime_ns"])
def test_when_a_file_is_racy(before: int, which: str, *, racy: bool) -> None:
    seen = 10**18
    times = {"mtime_ns": 0, "ctime_ns": 0, which: seen - before}
    file = IndexedFile(
        1, "orgs.yaml", 1, 1, 1, 1, times["mtime_ns"], times["ctime_ns"], seen, "", 1
    )
    assert file.is_racy == racy


def test_a_racy_file_is_compared_and_settled_when_it_is_old(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(known(root)) as database:
        database.execute("UPDATE files SET seen_ns = max(mtime_ns, ctime_ns)")
        assert now(root, database).touched == ["acctcli.yaml", *FILES]
        monkeypatch.setattr(time, "time_ns", lambda: 0)
        found = now(root, database)
        assert found.touched == []
        assert found.is_current


def test_what_does_not_stand_still(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(known(root)) as database:
        look = FileListing(root)
        (root / "orgs.yaml").unlink()
        with pytest.raises(FilesMoved):
            compare(database, look)
        look = FileListing(root)
        (root / "acctcli.yaml").unlink()
        with pytest.raises(FilesMoved):
            compare(database, look)
        with pytest.raises(NotFoundError):
            now(root, database)


def test_a_link_to_nothing(root: Path) -> None:
    with closing(known(root)) as database:
        (root / "orgs.yaml").unlink()
        (root / "orgs.yaml").symlink_to("nothing")
        with pytest.raises(StorageError) as caught:
            now(root, database)
        assert "orgs.yaml" in caught.value.problems[0].message


def test_a_commit_that_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shift_clock(monkeypatch)
    root = dying_book(tmp_path / "book")
    with closing(known(root)) as database:
        die_after_renames(root, 1)
        found = now(root, database)
        assert found.changed == ["orgs.yaml", "deals.yaml", "notes/2026.yaml"]
        content = found.contents["deals.yaml"]
        assert content.path is not None
        assert content.path.read_bytes() == NEW_DEALS


def test_a_commit_that_stands_and_removes_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift_clock(monkeypatch)
    root = dying_book(tmp_path / "book")
    with closing(known(root)) as database:
        change = big_changes(root)[0]
        gone = type(change)(path="deals.yaml", old_sha=change.old_sha)
        die_after_renames(root, 1, [gone])
        found = now(root, database)
        assert found.deleted == ["deals.yaml"]
        assert found.contents["deals.yaml"].path is None
        found = compare(database, FileListing(root))
        assert viewed(root, tmp_path).files() == ["orgs.yaml"]


def test_a_commit_that_makes_a_file_anew_that_was_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift_clock(monkeypatch)
    root = dying_book(tmp_path / "book")
    put(root, "notes/2026.yaml", NEW_NOTES.decode())
    with closing(known(root)) as database:
        (root / "notes/2026.yaml").unlink()
        die_after_renames(root, 1)
        look = FileListing(root)
        found = compare(database, look)
        assert found.touched == ["notes/2026.yaml"]
        assert found.contents["notes/2026.yaml"].key is None
        before = module.indexed_files(database)
        Update(database, look).settle(found)  # there is nothing to keep yet
        assert module.indexed_files(database) == before


def test_what_is_kept_of_the_book(root: Path) -> None:
    with closing(known(root)) as database:
        assert read_about(database).settings.currency == "EUR"
        for statement in (
            "UPDATE about SET value = 'text'",
            "UPDATE about SET value = x'80'",
            "DELETE FROM about",
        ):
            database.execute(statement)
            with pytest.raises(DamagedError):
                read_about(database)
            with pytest.raises(DamagedError):
                now(root, database)


def test_it_needs_no_parser() -> None:
    assert not {"yaml", "yaml_reader", "typed_record", "plain_record"} & vars(module).keys()
