"""An index is made, kept, brought up to date and made anew; the answer is right in any case."""

from __future__ import annotations

import gc
import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from helpers.books import (
    FILES,
    SETTINGS,
    TODAY,
    agree,
    change,
    full_book,
    index_of,
    make_book,
    put,
    shift_clock,
    tables,
    viewed,
    whole,
)
from helpers.faults.dying import AFTER, BEFORE, die_after_renames
from helpers.faults.dying import make_book as dying_book

from acctcli.core.model.errors import (
    ConflictError,
    InvalidBookError,
    NotFoundError,
)
from acctcli.store.book import Author, Book
from acctcli.store.commit.commit import recover
from acctcli.store.commit.snapshot import ChangedMeanwhile, FilesMoved
from acctcli.store.config import settings_reader
from acctcli.store.files import filesystem
from acctcli.store.index import database as db
from acctcli.store.index import index as opening
from acctcli.store.index.database import DamagedError
from acctcli.store.index.index import Index, is_stale_reading
from acctcli.store.index.update import freshness as comparing
from acctcli.store.index.update import updater
from acctcli.store.index.update.updater import Update

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from helpers.cli import CommandLine

    from acctcli.store.commit.snapshot import FileListing
    from acctcli.store.index.update.freshness import FileStates


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return full_book(tmp_path / "book")


def forbid(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """Let a function be called no more."""

    def never(*_: object, **__: object) -> None:
        pytest.fail(f"{name} was called")

    monkeypatch.setattr(owner, name, never)


# made once, then read


def test_an_index_is_made_once(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shift_clock(monkeypatch)
    agree(root, tmp_path)
    assert index_of(root, tmp_path).is_file()
    forbid(monkeypatch, Update, "__init__")
    agree(root, tmp_path)


def test_a_book_and_a_link_to_it_have_one_index(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("book")
    agree(tmp_path / "link", tmp_path)
    agree(root, tmp_path)
    assert len(list((tmp_path / "acctcli").glob("*.sqlite"))) == 1


@pytest.mark.parametrize("cache", ["none", "a file", "a link", "no room"])
def test_without_a_folder_for_it_the_index_is_of_this_run_alone(
    root: Path, tmp_path: Path, cache: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    if cache == "a file":
        home.write_text("here")
    elif cache == "a link":
        (tmp_path / "elsewhere").mkdir()
        home.mkdir()
        (home / "acctcli").symlink_to(tmp_path / "elsewhere")
    elif cache == "no room":

        def refuse(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(db, "_publish", refuse)
    before = sorted(tmp_path.rglob("*"))
    agree(root, None if cache == "none" else home)
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*")} - {
        path.relative_to(tmp_path) for path in before
    }
    assert {str(path) for path in made} <= {"home", "home/acctcli"}
    Index(root, None).refresh({})  # there is nothing to refresh


def test_without_a_home_commands_answer_all_the_same(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_home = acct("account", "list", "--format", "ids")
    monkeypatch.delenv("HOME")
    assert acct("account", "list", "--format", "ids") == with_home
    assert with_home.out.split() == ["acme", "bianchi"]


def test_a_view_keeps_the_database_open_while_it_is_in_use(root: Path, tmp_path: Path) -> None:
    view = viewed(root, tmp_path)
    database = view._database
    assert view.data.orgs["acme"].id == "acme"
    del view
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError):
        database.execute("SELECT 1")


def test_how_far_it_is_read_is_told(root: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    Index(root, tmp_path, lambda done, size: told.append((done, size))).view()
    total = sum((root / name).stat().st_size for name in FILES)
    assert {size for _, size in told} == {total}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == total
    told.clear()
    Index(root, tmp_path, lambda done, size: told.append((done, size))).view()
    assert told == []


def test_two_that_make_it_at_once(root: Path, tmp_path: Path) -> None:
    from helpers.faults.scenes import PROGRAM, environment

    orgs = "".join(f"- id: org-{number}\n  name: Org {number}\n" for number in range(3000))
    put(root, "orgs.yaml", FILES["orgs.yaml"] + orgs)
    words = [PROGRAM, "--book", str(root), "org", "list", "--format", "ids"]
    running = [
        subprocess.Popen(words, env=environment(tmp_path), stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = {each.communicate()[0] for each in running}
    assert [each.returncode for each in running] == [0, 0, 0]
    assert len(said) == 1
    assert len(said.pop().split()) == 3003
    made = [path.name for path in (tmp_path / "cache" / "acctcli").iterdir()]
    assert [name for name in made if name.endswith(".sqlite")] == [index_of(root, tmp_path).name]
    assert [name for name in made if ".new" in name] == []
    agree(root, tmp_path / "cache")


# damage


DAMAGE = {
    "no about": "DELETE FROM about WHERE name = 'about'",
    "about": "UPDATE about SET value = x'c1' WHERE name = 'about'",
    "no twins": "DELETE FROM about WHERE name = 'twins'",
    "a record's text": "UPDATE records SET text = CAST(replace(text, 'e', 'f') AS BLOB)",
    "a record's type": "UPDATE records SET text = CAST(text AS TEXT)",
    "a record's values": "UPDATE records SET raw = x'7b7d' WHERE raw IS NOT NULL",
    "a record's crc": "UPDATE records SET crc = crc + 1",
    "a problem": "UPDATE problems SET problem = x'c1'",
    "an account's type": "UPDATE accounts SET text = CAST(text AS TEXT)",
    "no table": "DROP TABLE accounts",
    "no column": "ALTER TABLE records RENAME COLUMN label TO other",
    "no files": "DELETE FROM files",
    "another version": "PRAGMA user_version = 99",
}
ASK = (
    ("account", "list", "--format", "json"),
    ("account", "show", "acme", "--format", "json"),
    ("deal", "list", "--format", "json"),
    ("org", "list", "--format", "json"),
)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_made_anew_without_a_word(
    acct: CommandLine, folder: Path, damage: str
) -> None:
    (folder / "acctcli.yaml").write_text(SETTINGS + "fields: {orgs: {vat: number}}\n", "utf-8")
    for name, text in FILES.items():
        put(folder, name, text)
    put(folder, "people.yaml", FILES["people.yaml"] + "- id: bad\n  name: [x]\n")
    cache = folder.parent / "home" / ".cache"
    path = index_of(folder, cache)
    for words in ASK:
        db.remove(path)
        right = acct(*words, "--skip-invalid")
        assert right.code == 0
        tables(path, DAMAGE[damage])
        assert acct(*words, "--skip-invalid") == right
    whole_again = acct("check")
    assert whole_again.out == acct("check", "--no-index").out


def test_damage_of_any_part_of_an_account_is_found(root: Path, tmp_path: Path) -> None:
    put(root, "acctcli.yaml", SETTINGS + "fields: {orgs: {vat: number}}\n")
    agree(root, tmp_path)
    gc.collect()
    path = index_of(root, tmp_path)
    columns = [
        (row[1], row[2])
        for row in tables(path, "PRAGMA table_info(accounts)")
        if row[2] == "BLOB" or row[1] == "crc"
    ]
    assert len(columns) >= 5
    for name, kind in columns:
        more = f"CAST({name} || x'00000000' AS BLOB)" if kind == "BLOB" else f"{name} + 1"
        tables(path, f"UPDATE accounts SET {name} = {more} WHERE org = 'acme'")  # noqa: S608 - names
        view = viewed(root, tmp_path)
        with pytest.raises(DamagedError):
            list(view.listed_accounts(TODAY, accounts_only=True))
        del view
        gc.collect()
        db.remove(path)
        viewed(root, tmp_path)
        gc.collect()


@pytest.mark.parametrize("damage", ["garbage", "cut off", "pages"])
def test_a_damaged_file_is_made_anew(root: Path, tmp_path: Path, damage: str) -> None:
    agree(root, tmp_path)
    gc.collect()
    path = index_of(root, tmp_path)
    tables(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    new = {
        "garbage": b"nothing of ours" * 1000,
        "cut off": data[: len(data) // 2],
        "pages": data[:4096] + b"\xff" * (len(data) - 4096),
    }
    path.write_bytes(new[damage])
    agree(root, tmp_path)
    gc.collect()
    assert tables(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_write_makes_a_damaged_index_anew(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    gc.collect()
    tables(index_of(root, tmp_path), DAMAGE["a record's crc"])
    book = Book(root, index=Index(root, tmp_path))
    book.write(lambda change: change.update("orgs", "cole", {"name": "Cold"}), author())
    view = viewed(root, tmp_path)
    assert view.data.orgs["cole"].name == "Cold"
    agree(root, tmp_path)


def author() -> Author:
    import datetime as dt

    return Author("anna", ("edit",), dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC))


def test_what_is_no_damage_of_the_index_is_raised_by_a_write(root: Path, tmp_path: Path) -> None:
    book = Book(root, index=Index(root, tmp_path))

    def plan(_: object) -> None:
        raise ValueError("of the plan")

    with pytest.raises(ValueError, match="of the plan"):
        book.write(plan, author())


def test_an_index_that_is_damaged_again_and_again_is_done_without(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def damaged(path: Path) -> None:
        tried.append(path)
        raise sqlite3.DatabaseError

    monkeypatch.setattr(db, "open_existing", damaged)
    agree(root, tmp_path)
    assert tried == [index_of(root, tmp_path)] * 3
    assert not index_of(root, tmp_path).exists()


def test_what_an_error_says_of_an_index(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    index = Index(root, tmp_path)
    errors = (DamagedError(), sqlite3.DatabaseError(), ChangedMeanwhile(), ValueError())
    assert [is_stale_reading(error) for error in errors] == [True, True, True, False]
    assert [index.is_damage(error) for error in errors] == [True, True, False, False]
    index.forget(ChangedMeanwhile())
    assert index_of(root, tmp_path).exists()
    index.forget(DamagedError())
    assert not index_of(root, tmp_path).exists()
    Index(root, None).forget(DamagedError())


# another process holds it


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "_WAIT", 0.01)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("hold", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_an_index_that_is_held_is_neither_waited_for_nor_removed(
    root: Path, tmp_path: Path, hold: str
) -> None:
    agree(root, tmp_path)
    gc.collect()
    path = index_of(root, tmp_path)
    before = path.stat().st_ino
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        if hold == "BEGIN EXCLUSIVE":
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute(hold)
        agree(root, tmp_path)  # as it was
        change(root, "orgs.yaml", "Cole Ltd", "Cold Ltd")
        agree(root, tmp_path)
        Index(root, tmp_path).refresh({})
        assert viewed(root, tmp_path).ids_of_name("orgs", "Cold Ltd") == ["cole"]
    assert path.stat().st_ino == before
    assert b"Cole Ltd" in _text(path, "cole")
    agree(root, tmp_path)
    assert b"Cold Ltd" in _text(path, "cole")


def _text(path: Path, record: str) -> bytes:
    gc.collect()
    ((text,),) = tables(path, f"SELECT text FROM records WHERE id = '{record}'")  # noqa: S608 - a test's own
    assert isinstance(text, bytes)
    return text


# files that may have changed without a trace


def seen(path: Path) -> dict[object, object]:
    gc.collect()
    return dict(tables(path, "SELECT name, seen_ns FROM files"))  # type: ignore[arg-type]  # pairs


def test_files_that_were_just_written_are_compared_until_they_are_old(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    real = filesystem.hash_file

    def counting(path: Path, name: str) -> object:
        hashed.append(name)
        return real(path, name)

    monkeypatch.setattr(filesystem, "hash_file", counting)
    agree(root, tmp_path)
    path = index_of(root, tmp_path)
    first = seen(path)
    hashed.clear()
    viewed(root, tmp_path)
    assert sorted(hashed) == sorted(["acctcli.yaml", *FILES])
    assert seen(path) == first
    shift_clock(monkeypatch)
    hashed.clear()
    # They are old now: compared once more (twice, since it is settled under the lock), then never.
    viewed(root, tmp_path)
    assert {*hashed} == {"acctcli.yaml", *FILES}
    later = seen(path)
    assert all(later[name] != first[name] for name in first)
    hashed.clear()
    agree(root, tmp_path)
    assert hashed == []
    assert seen(path) == later


def test_a_file_that_was_touched_is_compared_once(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift_clock(monkeypatch)
    agree(root, tmp_path)
    put(root, "orgs.yaml", FILES["orgs.yaml"])
    forbid(monkeypatch, Update, "apply")
    forbid(monkeypatch, Update, "fill")
    agree(root, tmp_path)
    forbid(monkeypatch, Update, "settle")
    agree(root, tmp_path)


def test_a_racy_change_of_the_same_size_is_seen(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(root, tmp_path)
    path = root / "orgs.yaml"
    key = filesystem.key_at(path)
    with path.open("r+b") as file:
        file.write(path.read_bytes().replace(b"Cole Ltd", b"Cold Ltd"))
    # as if the clock of the file system had not gone on
    real = filesystem.key_of

    def same(status: Any) -> object:  # noqa: ANN401 - of os.stat
        found = real(status)
        return key if key is not None and found.inode == key.inode else found

    monkeypatch.setattr(filesystem, "key_of", same)
    assert viewed(root, tmp_path).ids_of_name("orgs", "Cold Ltd") == ["cole"]


@pytest.mark.usefixtures("impatient")
def test_settling_does_without_when_the_index_is_held(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift_clock(monkeypatch)
    agree(root, tmp_path)
    path = index_of(root, tmp_path)
    put(root, "orgs.yaml", FILES["orgs.yaml"])
    before = seen(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        agree(root, tmp_path)
    assert seen(path) == before


def test_another_error_while_settling_is_none_to_pass_over(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift_clock(monkeypatch)
    agree(root, tmp_path)
    put(root, "orgs.yaml", FILES["orgs.yaml"])
    tried = []

    def full(*_: object) -> None:
        tried.append(1)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Update, "settle", full)
    agree(root, tmp_path)
    # The first time it was thrown away and made anew; then there is nothing to settle.
    assert tried == [1]


@pytest.mark.parametrize("moment", ["before the lock", "after it"])
def test_a_file_that_changes_while_it_is_settled(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    shift_clock(monkeypatch)
    agree(root, tmp_path)
    put(root, "orgs.yaml", FILES["orgs.yaml"])
    at = {"before the lock": 2, "after it": 3}[moment]
    _change_at(monkeypatch, at, root)
    view = viewed(root, tmp_path)
    assert view.data.orgs["cole"].name == "Cold Ltd"
    agree(root, tmp_path)


def _change_at(monkeypatch: pytest.MonkeyPatch, number: int, root: Path) -> None:
    """Let an editor change a file right before the comparing of that number."""
    count = 0
    real = comparing.compare

    def comparing_late(database: sqlite3.Connection, look: FileListing) -> FileStates:
        nonlocal count
        count += 1
        if count == number:
            change(root, "orgs.yaml", "Cole Ltd", "Cold Ltd")
        return real(database, look)

    monkeypatch.setattr(opening, "compare", comparing_late)


# files that change while they are read


@pytest.mark.parametrize("there", [False, True])
def test_a_file_that_changes_while_it_is_read_is_read_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    if there:
        agree(root, tmp_path)
        change(root, "orgs.yaml", "Acme", "Acne")
    real = Update._fill_file if not there else Update._differences
    changed: list[int] = []

    def late(self: Update, *args: Any) -> object:  # noqa: ANN401 - those of the real one
        found = real(self, *args)
        if not changed:
            changed.append(1)
            change(root, "orgs.yaml", "Cole Ltd", "Cold Ltd")
        return found

    monkeypatch.setattr(Update, real.__name__, late)
    view = viewed(root, tmp_path)
    assert view.data.orgs["cole"].name == "Cold Ltd"
    agree(root, tmp_path)


def test_a_file_that_never_rests(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moving(*_: object) -> None:
        raise FilesMoved

    monkeypatch.setattr(opening, "_check", moving)
    with pytest.raises(ConflictError) as caught:
        viewed(root, tmp_path)
    assert caught.value.problems[0].id == "busy"
    assert not index_of(root, tmp_path).exists()


@pytest.mark.parametrize("there", [False, True])
def test_settings_that_are_half_written_are_read_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    if there:
        agree(root, tmp_path)
    put(root, "acctcli.yaml", "format: 1\ncurrency: EUX\n")
    with pytest.raises(InvalidBookError):
        viewed(root, tmp_path)
    real = settings_reader.read_book_settings

    def meanwhile(content: bytes) -> object:
        if b"EUX" in content:
            put(root, "acctcli.yaml", SETTINGS)
        return real(content)

    monkeypatch.setattr(updater, "read_book_settings", meanwhile)
    assert viewed(root, tmp_path).settings.currency == "EUR"
    agree(root, tmp_path)


def test_a_folder_without_settings_is_no_book(root: Path, tmp_path: Path) -> None:
    agree(root, tmp_path)
    (root / "acctcli.yaml").unlink()
    with pytest.raises(NotFoundError) as caught:
        viewed(root, tmp_path)
    assert caught.value.problems[0].id == "no-book"
    Index(root, tmp_path).refresh({})  # what keeps it from that is passed


# a commit that stands and is not finished


@pytest.mark.parametrize("renames", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("there", [False, True])
def test_a_commit_that_stands_is_read_and_nothing_is_kept_of_it(
    tmp_path: Path, renames: int, *, there: bool
) -> None:
    root = dying_book(tmp_path / "book")
    path = index_of(root, tmp_path)
    if there:
        agree(root, tmp_path)
    die_after_renames(root, renames)
    agree(root, tmp_path)
    view = viewed(root, tmp_path)
    assert view.data.deals["d1"].title == "Two"
    assert view.data.notes["n1"].content == "hello"
    del view
    gc.collect()
    assert path.exists() == there
    if there:
        names = {row[0] for row in tables(path, "SELECT name FROM files")}
        assert names == {*BEFORE}
    recover(root)
    agree(root, tmp_path)
    gc.collect()
    assert {row[0] for row in tables(path, "SELECT name FROM files")} == {*AFTER}


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("what", ["staged is lost", "others wrote", "settings are gone"])
def test_a_commit_that_stands_when_others_meddle(tmp_path: Path, what: str, *, there: bool) -> None:
    root = dying_book(tmp_path / "book")
    if there:
        agree(root, tmp_path)
    die_after_renames(root, 1)
    if what == "staged is lost":
        (root / ".orgs.yaml.acctcli-tmp").unlink()
    elif what == "others wrote":
        put(root, "orgs.yaml", "- id: theirs\n  name: Theirs\n")
    else:
        (root / "acctcli.yaml").unlink()
        with pytest.raises(NotFoundError):
            viewed(root, tmp_path)
        return
    agree(root, tmp_path)
    agree(root, tmp_path)


def test_the_keys_of_an_unfinished_commit_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift_clock(monkeypatch)
    root = dying_book(tmp_path / "book")
    die_after_renames(root, 0)  # nothing stands
    agree(root, tmp_path)
    path = index_of(root, tmp_path)
    put(root, "orgs.yaml", BEFORE["orgs.yaml"].decode())
    before = seen(path)
    monkeypatch.setattr(opening, "read_consistently", _unfinished)
    agree(root, tmp_path)
    assert seen(path) == before


def _unfinished(root: Path, read: Callable[[FileListing], object]) -> object:
    from acctcli.store.commit.snapshot import FileListing

    look = FileListing(root)
    look.unfinished = True
    return read(look)


def test_lists_of_both_are_the_same_after_all(root: Path, tmp_path: Path) -> None:
    rows = [each.row for each in viewed(root, tmp_path).listed_accounts(TODAY, accounts_only=True)]
    assert rows == [each.row for each in whole(root).listed_accounts(TODAY, accounts_only=True)]
    assert [row.id for row in rows] == ["acme", "cole"]
    agree(make_book(tmp_path / "empty"), tmp_path)
