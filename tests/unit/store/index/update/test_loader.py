"""How a file's bytes become rows, and what is noted of them on the way."""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from acctcli.core.model.records import Settings
from acctcli.store.config.time_zone import zone_of
from acctcli.store.datafiles.stream_splitter import NotPlainLayoutError
from acctcli.store.index import database as db
from acctcli.store.index.row_codec import STEP, first_place, second_half_start
from acctcli.store.index.update import loader
from acctcli.store.index.update.loader import Reader, RowLoader, Source, Tallies

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from acctcli.core.model.kinds import KindName

SETTINGS = Settings(currency="EUR", timezone="UTC")
DEALS = (
    "- id: d1\n  title: One\n  org: acme\n  status: won\n"
    "- id: d2\n  title: 'Two'\n  person: eva\n"
    "- id: d3\n  title: Three\n  org: acme\n  value: 7\n"
    "- id: d4\n  title: Four\n"
)


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(db.private()) as made:
        made.execute("BEGIN")
        yield made


def source(tmp_path: Path, text: str, kind: KindName = "deals") -> Source:
    path = tmp_path / f"{kind}.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return Source(f"{kind}.yaml", 3, kind, path)


def tallies() -> Tallies:
    zone = zone_of(SETTINGS)
    assert zone is not None
    return Tallies(SETTINGS, zone)


def rows(database: sqlite3.Connection) -> list[tuple[int, str, bool]]:
    found = database.execute("SELECT place, id, raw IS NULL FROM records ORDER BY place")
    return [(place - first_place(3), record, bool(plain)) for place, record, plain in found]


# files


def test_a_file_becomes_rows(tmp_path: Path, database: sqlite3.Connection) -> None:
    filler = RowLoader(database, SETTINGS)
    of = source(tmp_path, DEALS)
    assert filler.file(of) == (hashlib.sha256(of.path.read_bytes()).hexdigest(), True)
    assert rows(database) == [
        (STEP, "d1", True), (2 * STEP, "d2", False), (3 * STEP, "d3", True), (4 * STEP, "d4", True)
    ]  # fmt: skip
    assert filler.touched == {"acme"}
    assert filler.moved == {"d1", "d2", "d3", "d4"}
    assert filler.roundabout == [first_place(3) + 2 * STEP]
    assert filler.tallies is None


def test_with_all_files_read_records_are_added_up(
    tmp_path: Path, database: sqlite3.Connection
) -> None:
    filler = RowLoader(database, SETTINGS, tallies())
    filler.file(source(tmp_path, DEALS))
    orgs = source(tmp_path, "- id: acme\n  name: Acme\n- id: acme\n  name: Twin\n", "orgs")
    filler.file(Source(orgs.name, 4, orgs.kind, orgs.path))
    assert filler.orgs is not None
    assert filler.orgs["acme"][0].name == "Acme"
    assert filler.tallies is not None
    assert filler.tallies.found["acme"].summary("acme").won_count == 1
    assert (filler.touched, filler.moved) == (set(), set())


@pytest.mark.parametrize(
    "bad", ["- id: d9\n  title: [x]\n", "- id: d9\n  title: 'open\n", "- id: d9\n  title: \udcff\n"]
)
def test_a_file_with_a_bad_record_leaves_no_trace_of_the_first_try(
    tmp_path: Path, database: sqlite3.Connection, bad: str
) -> None:
    filler = RowLoader(database, SETTINGS, tallies())
    of = source(tmp_path, DEALS + bad)
    _, usual = filler.file(of)
    assert not usual
    good = filler.roundabout
    assert len(good) == ("\udcff" not in bad)
    assert filler.tallies is None  # what it had counted is void
    (count,) = database.execute("SELECT count(*) FROM problems").fetchone()
    assert count == 1
    assert database.execute("SELECT id FROM bad_ids WHERE id = 'd9'").fetchone() == ("d9",)


@pytest.mark.parametrize("counting", [True, False])
def test_what_was_read_before_a_file_turned_out_to_be_of_another_form_is_void(
    tmp_path: Path,
    database: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    *,
    counting: bool,
) -> None:
    monkeypatch.setattr(loader, "_BLOCK", 40)
    filler = RowLoader(database, SETTINGS, tallies() if counting else None)
    text = "".join(f"- id: o{number}\n  name: O {number}\n" for number in range(9))
    _, usual = filler.file(source(tmp_path, text + "---\n- id: last\n", "orgs"))
    assert not usual
    assert rows(database) == []
    assert (filler.orgs, filler.touched, filler.moved) == (None, set(), set())
    names = [row[0] for row in database.execute("SELECT id FROM bad_ids ORDER BY id")]
    assert names == ["last", *(f"o{number}" for number in range(9))]


def test_batches_of_records(
    tmp_path: Path, database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "_BATCH", 4)
    monkeypatch.setattr(loader, "_AT_ONCE", 3)
    monkeypatch.setattr(loader, "_BLOCK", 50)
    text = "".join(f"- id: d{number}\n  title: T {number}\n" for number in range(25))
    RowLoader(database, SETTINGS).file(source(tmp_path, text))
    assert [row[1] for row in rows(database)] == [f"d{number}" for number in range(25)]
    assert [row[0] for row in rows(database)] == [STEP * number for number in range(1, 26)]


def test_a_long_record_is_left_to_the_other_way(
    tmp_path: Path, database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "_LONGEST", 60)
    filler = RowLoader(database, SETTINGS)
    short = f"- id: d5\n  title: {'x' * (60 - 19)}\n"
    assert len(short) == 60
    assert filler.file(source(tmp_path, short + DEALS))[1]
    database.execute("DELETE FROM records")
    assert not filler.file(source(tmp_path, short.replace("x\n", "xx\n") + DEALS))[1]
    assert len(rows(database)) == 5


# parts of files


def test_two_parts_are_the_whole(tmp_path: Path, database: sqlite3.Connection) -> None:
    of = source(tmp_path, DEALS)
    at = DEALS.index("- id: d3")
    filler = RowLoader(database, SETTINGS)
    assert filler.first_part(of, at) == hashlib.sha256(DEALS.encode()).hexdigest()
    assert [row[1] for row in rows(database)] == ["d1", "d2"]
    filler.second_part(of, at)
    assert [row[1] for row in rows(database)] == ["d1", "d2", "d3", "d4"]
    middle = second_half_start(3) - first_place(3)
    assert [row[0] for row in rows(database)] == [STEP, 2 * STEP, middle + STEP, middle + 2 * STEP]


def test_a_part_of_another_form(tmp_path: Path, database: sqlite3.Connection) -> None:
    of = source(tmp_path, DEALS + "---\n")
    with pytest.raises(NotPlainLayoutError):
        RowLoader(database, SETTINGS).second_part(of, DEALS.index("- id: d3"))


@pytest.mark.parametrize("block", [1, 7, 1 << 22])
def test_the_hash_is_of_the_whole_file_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(loader, "_BLOCK", block)
    told: list[int] = []
    of = source(tmp_path, DEALS)
    reader = Reader(of.path, of.name, told.append, end=20)
    assert b"".join(reader.blocks()).decode() == DEALS[:20]
    assert sum(told) == 20
    expected = hashlib.sha256(DEALS.encode()).hexdigest()
    assert [reader.sha(), reader.sha()] == [expected, expected]
    later = Reader(of.path, of.name, start=20)
    assert b"".join(later.blocks()).decode() == DEALS[20:]


def test_too_many_organizations_are_not_held(
    tmp_path: Path, database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "_MANY_ORGS", 1)
    filler = RowLoader(database, SETTINGS, tallies())
    filler.file(source(tmp_path, "- id: acme\n  name: Acme\n- id: cole\n  name: Cole\n", "orgs"))
    assert filler.orgs is None
    assert len(rows(database)) == 2


# what went


def test_what_follows_from_records_that_went(database: sqlite3.Connection) -> None:
    filler = RowLoader(database, SETTINGS)
    filler.mark_deleted(0, "acme", None)
    filler.mark_deleted(1, "eva", "cole")
    filler.mark_deleted(2, "d1", "dora")
    filler.mark_deleted(2, "d2", None)
    filler.mark_deleted(3, "a1", "emil")
    filler.mark_deleted(4, "n1", "fred")
    filler.mark_deleted(2, None, None)
    assert filler.touched == {"acme", "dora", "emil"}
    assert filler.moved == {"acme", "eva", "d1", "d2"}
