"""What happens seldom to an index: too much to be held, too little room, half of a commit."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import os
import sqlite3
import tempfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from helpers.books import FILES, agree, change, full_book, index_of, put, sole_book, viewed

from acctcli.core.model.records import Data, Note, Settings
from acctcli.store.book import Author
from acctcli.store.changes.constraints import links_to
from acctcli.store.commit.snapshot import FileListing
from acctcli.store.datafiles.edited_windows import ByteRange, EditedFile
from acctcli.store.datafiles.splices import Splice
from acctcli.store.datafiles.splitter import Region, regions_around
from acctcli.store.datafiles.stream_splitter import NotPlainLayoutError
from acctcli.store.files import filesystem
from acctcli.store.index import database as db
from acctcli.store.index import record_map
from acctcli.store.index.database import DamagedError
from acctcli.store.index.index import Index
from acctcli.store.index.update import loader, updater
from acctcli.store.index.update.loader import RowLoader, Source
from acctcli.store.index.update.parallel_load import FileTail, SecondReader, _Rows
from acctcli.store.undo import undo_commit
from acctcli.store.undo.undo import UndoRequest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from acctcli.store.changes.change_set import Change

AUTHOR = Author("anna@example.com", ("test",), dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return full_book(tmp_path / "book")


# too much to be held


def test_too_many_organizations_are_read_from_their_rows(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "_MANY_ORGS", 1)
    viewed(root, tmp_path)
    agree(root, tmp_path)


@pytest.mark.parametrize("many", [1, 20_000])
def test_what_another_process_counted_is_taken_as_far_as_it_is_wanted(
    root: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(loader, "_MANY_ORGS", many)
    settings = Settings(timezone="UTC")
    parts = [
        FileTail(Source("orgs.yaml", 1, "orgs", root / "orgs.yaml"), len("# ours\n")),
        FileTail(Source("activities.yaml", 2, "activities", root / "activities.yaml"), 0),
    ]
    other = SecondReader(parts, settings, dt.UTC)
    with closing(db.private()) as database:
        filler = RowLoader(database, settings)
        other.drain_into(filler)
        (count,) = database.execute("SELECT count(*) FROM records").fetchone()
    other.end()
    assert (filler.tallies, count) == (None, 6)
    assert (filler.orgs is None) == (many == 1)


def test_the_other_process_has_no_database() -> None:
    with tempfile.TemporaryFile() as file:
        with pytest.raises(NotPlainLayoutError):
            _Rows(file).execute("SELECT 1")
        with pytest.raises(NotPlainLayoutError):
            _Rows(file).executemany("DELETE FROM records", [])


def test_few_records_and_many_ids_are_held(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_map, "_KEPT", 1)
    monkeypatch.setattr(record_map, "_OFTEN", 2)
    view = viewed(root, tmp_path)
    deals = view.data.deals
    assert [deals[key].id for key in ("d1", "d2", "d1")] == ["d1", "d2", "d1"]
    assert deals.get("nothing") is None
    assert "nothing" not in deals
    orgs = view.data.orgs
    assert [key in orgs for key in ("acme", "no", "cole", "nothing")] == [True, False, True, False]


def test_links_to_many_are_found_in_one_look(root: Path, tmp_path: Path) -> None:
    view = viewed(root, tmp_path)
    ids = {"acme", "eva", *(f"x{number}" for number in range(30))}
    assert set(view.may_link_to(ids)) == {
        ("orgs", "cole"), ("people", "eva"), ("deals", "d1"), ("deals", "d2"),
        ("activities", "a1"), ("files", "f1"),
    }  # fmt: skip


def test_links_are_told_of_records_that_stay_as_they_are(root: Path, tmp_path: Path) -> None:
    view = viewed(root, tmp_path)
    notes = Data(notes={"n1": Note(id="n1", content="x", deal="d3")})
    (link,) = links_to(view, notes, view.settings, {"d3"})
    assert (link.kind, link.record.id, link.field, link.target) == ("notes", "n1", "deal", "d3")


# most of it is new, or known


def test_a_book_that_is_mostly_new_is_read_anew(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewed(root, tmp_path)
    monkeypatch.setattr(updater, "_LARGE", 1000)
    more = "".join(f"- id: x{n}\n  title: X {n}\n  org: cole\n  status: won\n" for n in range(90))
    put(root, "deals/2027.yaml", more)
    agree(root, tmp_path)
    assert viewed(root, tmp_path).won_count("cole") == 91


def test_what_a_window_is_said_to_hold_is_read_and_else_the_file(
    root: Path, tmp_path: Path
) -> None:
    old = filesystem.sha_of((root / "orgs.yaml").read_bytes())
    viewed(root, tmp_path)
    change(root, "orgs.yaml", "Cole Ltd", "Cole & Sons")
    new = filesystem.sha_of((root / "orgs.yaml").read_bytes())
    parts = [(ByteRange(None, None), b"---\n- id: acme\n")]
    Index(root, tmp_path).refresh({"orgs.yaml": EditedFile(old, new, parts)})
    agree(root, tmp_path)


# damage and refusals


def test_a_record_under_the_id_of_another_is_damage(root: Path, tmp_path: Path) -> None:
    viewed(root, tmp_path)
    with closing(sqlite3.connect(index_of(root, tmp_path), isolation_level=None)) as database:
        database.execute("UPDATE records SET id = 'd9' WHERE id = 'd1'")
    view = viewed(root, tmp_path)
    with pytest.raises(DamagedError):
        view.data.deals.get("d9")


def test_a_record_of_another_organization_is_damage(root: Path, tmp_path: Path) -> None:
    viewed(root, tmp_path)
    with closing(sqlite3.connect(index_of(root, tmp_path), isolation_level=None)) as database:
        database.execute("UPDATE records SET org = 'cole' WHERE id = 'd1'")
    view = viewed(root, tmp_path)
    with pytest.raises(DamagedError):
        view.records_of_org("cole")


def test_what_cannot_be_copied_is_let_go() -> None:
    database = db.private()
    database.close()
    with pytest.raises(sqlite3.Error):
        db.copy_database(database)


def test_an_unfinished_commit_that_cannot_be_read_is_let_go(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(Index, "_update", refused)
    index = Index(root, tmp_path)
    with pytest.raises(OSError, match="broken"):
        index._updated_copy(FileListing(root), db.private())


@pytest.mark.parametrize(
    ("error", "alone"), [(errno.ENOLCK, True), (errno.EAGAIN, False), (None, True)]
)
def test_who_gives_a_name_is_alone_where_there_are_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int | None, *, alone: bool
) -> None:
    def lock(*_: object) -> None:
        if error is not None:
            raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", lock)
    with db._alone(tmp_path) as found:
        assert found is alone
    with db._alone(tmp_path / "nowhere") as found:
        assert found is False


def test_no_index_gets_a_name_beside_what_is_left_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(fcntl, "flock", held)
    path = tmp_path / "x.sqlite"
    (tmp_path / "x.sqlite-wal").write_bytes(b"of another")
    with pytest.raises(DamagedError):
        db.build(path, lambda _: None)
    assert not path.exists()


def test_what_is_left_of_another_index_goes_before_one_gets_its_name(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    (tmp_path / "x.sqlite-wal").write_bytes(b"of another")
    with closing(db.build(path, lambda _: None)) as database:
        assert database.execute("SELECT count(*) FROM records").fetchone() == (0,)
    assert [each.name for each in tmp_path.iterdir()] == ["x.sqlite"]


def test_a_file_that_has_grown_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "grown"
    path.write_bytes(b"0123456789")
    handle = os.open(path, os.O_RDONLY)
    try:
        assert filesystem._read_rest(handle, 3) == b"0123456789"
    finally:
        os.close(handle)


# stretches


def test_stretches_begin_and_end_with_records_and_their_comments() -> None:
    text = b"".join(b"# of %d\n- id: r%d\n" % (number, number) for number in range(9))
    at = text.index(b"r4")
    (found,) = regions_around(text, [Splice(at, at + 2, at, at + 5)])
    assert text[found.start : found.end].startswith(b"# of 2\n- id: r2")
    assert text[found.start : found.end].endswith(b"- id: r6\n")
    assert (found.at, found.to) == (found.start, found.end + 3)


def test_stretches_that_meet_are_one_and_reach_the_ends() -> None:
    text = b"- id: a\n- id: b\n- id: c\n"
    splices = [Splice(6, 7, 6, 8), Splice(22, 23, 23, 23)]
    assert regions_around(text, splices) == [Region(0, 24, 0, 24)]


@pytest.mark.parametrize("torn", [False, True])
def test_an_undo_reads_the_stretches_or_all_of_a_file(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, torn: bool
) -> None:
    def cut(old: bytes, splices: Iterable[Splice]) -> list[Region]:
        (splice,) = splices
        return [Region(1, len(old), 1, len(old) + splice.to - splice.end)]

    def win(made: Change) -> None:
        made.update("deals", "d3", {"status": "won"})

    before = (root / "deals.yaml").read_bytes()
    book = sole_book(root, tmp_path)
    book.write(win, AUTHOR)
    if torn:
        monkeypatch.setattr(undo_commit, "regions_around", cut)
    assert book.undo(UndoRequest(), AUTHOR) is not None
    assert (root / "deals.yaml").read_bytes() == before
    assert FILES["deals.yaml"].encode() == before
    agree(root, tmp_path)
