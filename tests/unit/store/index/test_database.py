"""Where an index lies, how it is made whole or not at all, and what becomes of one that is not."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from acctcli.store.index import database as db


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# the folder


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    found = db.folder(tmp_path / "home" / ".cache")
    assert found == tmp_path / "home" / ".cache" / "acctcli"
    assert mode(found) == 0o700
    assert db.folder(tmp_path / "home" / ".cache") == found


def test_a_folder_that_others_may_read_is_closed_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acctcli").mkdir(0o755)
    (tmp_path / "acctcli").chmod(0o755)
    assert db.folder(tmp_path) == tmp_path / "acctcli"
    assert mode(tmp_path / "acctcli") == 0o700
    (tmp_path / "acctcli").chmod(0o750)
    monkeypatch.setattr(Path, "chmod", _refuse)
    assert db.folder(tmp_path) == tmp_path / "acctcli"


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError


def test_there_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    assert db.folder(tmp_path / "file") is None
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(0o700)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "acctcli").symlink_to(elsewhere)
    assert db.folder(tmp_path / "linked") is None
    assert db.folder(tmp_path / "good") is not None
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert db.folder(tmp_path / "good") is None


def test_a_folder_of_another_user_is_none_and_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acctcli").mkdir()
    (tmp_path / "acctcli").chmod(0o755)
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert db.folder(tmp_path) is None
    assert mode(tmp_path / "acctcli") == 0o755


def test_an_index_is_named_after_where_the_book_really_stands(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "link").symlink_to("book")
    names = {db.database_path(tmp_path, tmp_path / name) for name in ("book", "link")}
    assert len(names) == 1
    assert db.database_path(tmp_path, tmp_path) not in names
    assert {name.parent for name in names} == {tmp_path}


# opening


def empty(path: Path) -> Path:
    db.build(path, lambda _: None).close()
    return path


def test_there_is_none(tmp_path: Path) -> None:
    assert db.open_existing(tmp_path / "x.sqlite") is None
    (tmp_path / "x.sqlite").mkdir()
    assert db.open_existing(tmp_path / "x.sqlite") is None
    assert (tmp_path / "x.sqlite").is_dir()


@pytest.mark.parametrize("what", ["garbage", "empty", "truncated", "version", "header"])
def test_one_that_cannot_be_used_is_removed(tmp_path: Path, what: str) -> None:
    path = empty(tmp_path / "x.sqlite")
    if what == "version":
        with closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA user_version = {db.VERSION + 1}")
    data = path.read_bytes()
    new = {
        "garbage": b"no database at all" * 100,
        "empty": b"",
        "truncated": data[:50],
        "version": data,
        "header": b"x" + data[1:],
    }
    path.write_bytes(new[what])
    (tmp_path / "x.sqlite-wal").write_bytes(b"of this one")
    assert db.open_existing(path) is None
    assert list(tmp_path.iterdir()) == []


def test_one_that_another_process_holds_is_not_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_WAIT", 0.01)
    path = empty(tmp_path / "x.sqlite")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            db.open_existing(path)
        assert db.is_busy(caught.value)
    found = db.open_existing(path)
    assert found is not None
    found.close()


def test_what_says_that_another_process_holds_it() -> None:
    assert not db.is_busy(ValueError())
    assert not db.is_busy(sqlite3.OperationalError())
    with closing(sqlite3.connect(":memory:")) as database:
        with pytest.raises(sqlite3.OperationalError) as caught:
            database.execute("SELECT nothing FROM nowhere")
        assert not db.is_busy(caught.value)


# making


def put_one(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO about VALUES ('one', x'01')")


def test_an_index_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    staged = tmp_path / f"x.{os.getpid()}.new"
    staged.write_bytes(b"of a process of the same number that died")

    def fill(database: sqlite3.Connection) -> None:
        assert mode(staged) == 0o600
        assert not path.exists()
        put_one(database)

    with closing(db.build(path, fill)) as database:
        assert database.execute("SELECT name FROM about").fetchall() == [("one",)]
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_index_that_cannot_be_filled_is_not_there(tmp_path: Path) -> None:
    def fill(database: sqlite3.Connection) -> None:
        put_one(database)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        db.build(tmp_path / "x.sqlite", fill)
    assert list(tmp_path.iterdir()) == []


def test_the_index_of_the_faster_of_two_processes_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"

    def fill(database: sqlite3.Connection) -> None:
        empty(tmp_path / "theirs.sqlite").rename(path)
        put_one(database)

    with closing(db.build(path, fill)) as database:
        assert database.execute("SELECT name FROM about").fetchall() == []
        database.execute("INSERT INTO about VALUES ('two', x'02')")
    assert list(tmp_path.iterdir()) == [path]


def test_one_of_this_process_alone_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(db.private()) as database:
        put_one(database)
        assert list(tmp_path.iterdir()) == []


# removing


def test_all_of_an_index_is_removed(tmp_path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal", "x"):
        (tmp_path / f"x.sqlite{end}").touch()
    db.remove(tmp_path / "x.sqlite")
    assert [path.name for path in tmp_path.iterdir()] == ["x.sqlitex"]
    db.remove(tmp_path / "x.sqlite")
    (tmp_path / "x.sqlite").mkdir()
    db.remove(tmp_path / "x.sqlite")  # nothing of ours


def test_what_the_dead_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lives, others, dead = os.getpid(), 1, 4_000_000
    left = [f"a.{dead}.new", f"b.{dead}.new-journal"]
    stay = [f"c.{lives}.new", f"d.{others}.new", "e.new", "f.name.new", "g.sqlite"]
    for name in (*left, *stay):
        (tmp_path / name).touch()
    (tmp_path / f"h.{dead}.new").mkdir()
    real = os.kill

    def kill(process: int, number: int) -> None:
        if process == others:
            raise PermissionError
        real(process, number)

    monkeypatch.setattr(os, "kill", kill)
    db.clear_dead(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*stay, f"h.{dead}.new"}
