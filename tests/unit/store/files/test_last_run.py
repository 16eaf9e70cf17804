"""What `changes --since-last` remembers: kept whole or not at all, read back as it was."""

from __future__ import annotations

import datetime as dt
import os
import stat
import threading
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.strategies import states
from hypothesis import given
from msgspec.structs import replace

from acctcli.core.model.errors import (
    AcctcliError,
    InvalidInputError,
    StorageError,
)
from acctcli.core.reports.account_changes import AccountState
from acctcli.store.files import filesystem
from acctcli.store.files.last_run import LastRun, RunMemory, check_name

if TYPE_CHECKING:
    from collections.abc import Callable

TIME = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 10)
ACME = AccountState(
    id="acme",
    name="Acme",
    owner=None,
    tier="A",
    won_value={"EUR": Decimal("12.50")},
    bucket="today",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "state" / "deep"


@pytest.fixture
def seen(home: Path, tmp_path: Path) -> RunMemory:
    root = tmp_path / "book"
    root.mkdir()
    return RunMemory(home, root)


def problem(act: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(StorageError) as caught:
        act()
    (one,) = caught.value.problems
    return one.id, one.hint


def test_what_is_kept_is_read_back(seen: RunMemory, tmp_path: Path) -> None:
    assert seen.load("daily") is None
    assert seen.names() == []
    seen.keep("daily", TIME, DAY, (ACME,))
    book = str(tmp_path / "book")
    assert seen.load("daily") == LastRun(book=book, time=TIME, today=DAY, accounts=(ACME,))
    seen.keep("daily", TIME, DAY, ())
    again = seen.load("daily")
    assert again is not None
    assert again.accounts == ()
    seen.keep("a-1", TIME, DAY, ())
    (seen.folder / "NOT ONE.json").write_text("{}", "utf-8")
    (seen.folder / "other.txt").write_text("{}", "utf-8")
    assert seen.names() == ["a-1", "daily"]


@given(states)
def test_every_state_is_read_back_with_its_digits(
    tmp_path_factory: pytest.TempPathFactory, book: list[AccountState]
) -> None:
    folder = tmp_path_factory.mktemp("seen")
    seen = RunMemory(folder / "state", folder)
    seen.keep("x", TIME, DAY, tuple(book))
    found = seen.load("x")
    assert found is not None
    assert repr(found.accounts) == repr(tuple(book))


def test_nobody_else_may_look_into_it(seen: RunMemory, home: Path) -> None:
    seen.keep("daily", TIME, DAY, (ACME,))
    for folder in (home.parent, home, seen.folder.parent, seen.folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (file,) = seen.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_books_do_not_share_and_one_by_two_names_does(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "one")
    one, two, link = (RunMemory(tmp_path / "state", tmp_path / n) for n in ("one", "two", "link"))
    one.keep("daily", TIME, DAY, (ACME,))
    assert two.load("daily") is None
    assert link.load("daily") == one.load("daily")


def test_it_is_forgotten(seen: RunMemory) -> None:
    assert not seen.forget("daily")
    seen.keep("daily", TIME, DAY, ())
    assert seen.forget("daily")
    assert seen.load("daily") is None
    assert not seen.forget("daily")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "damaged-state"),
        (b"{", "damaged-state"),
        (b"[]", "damaged-state"),
        (b'{"format": 1}', "damaged-state"),
        (b'{"format": "1"}', "damaged-state"),
        (b"\xff\xfe", "damaged-state"),
        (b'{"format": 2, "accounts": "other"}', "newer-state"),
    ],
)
def test_a_damaged_file_says_what_to_do(seen: RunMemory, data: bytes, name: str) -> None:
    seen.keep("daily", TIME, DAY, (ACME,))
    (seen.folder / "daily.json").write_bytes(data)
    found, hint = problem(lambda: seen.load("daily"))
    assert found == name
    assert hint is not None
    assert hint.endswith("acctcli changes --forget daily")


def test_every_cut_of_a_file_is_noticed(seen: RunMemory) -> None:
    seen.keep("daily", TIME, DAY, (ACME,))
    path = seen.folder / "daily.json"
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert problem(lambda: seen.load("daily"))[0] == "damaged-state"


def test_what_cannot_be_read_or_written_is_named(
    seen: RunMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen.folder.parent.mkdir(parents=True)
    seen.folder.write_text("a file where the folder should be", "utf-8")
    assert seen.names() == []
    assert problem(lambda: seen.load("daily"))[0] == "cannot-read"
    assert problem(lambda: seen.keep("daily", TIME, DAY, ()))[0] == "cannot-write"
    seen.folder.unlink()
    seen.keep("daily", TIME, DAY, (ACME,))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    for call in ("unlink", "open_new", "write", "sync", "rename", "sync_folder", "make_folder"):
        if call != "make_folder":
            with monkeypatch.context() as patch:
                patch.setattr(filesystem, call, refuse)
                assert problem(lambda: seen.keep("daily", TIME, DAY, ()))[0] == "cannot-write"
        found = seen.load("daily")
        assert found is not None
        assert found.accounts == (() if call in {"sync_folder", "make_folder"} else (ACME,))
        if call != "unlink":
            assert [each.name for each in seen.folder.iterdir()] == ["daily.json"]
    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", refuse)
        assert problem(seen.names)[0] == "cannot-read"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", refuse)
        assert problem(lambda: seen.load("daily"))[0] == "cannot-read"
    (seen.folder / "pipe.json").mkdir()
    assert problem(lambda: seen.load("pipe"))[0] == "not-a-file"
    assert problem(lambda: seen.forget("pipe"))[0] == "cannot-write"


def test_what_one_who_died_left_is_cleared(seen: RunMemory) -> None:
    seen.keep("daily", TIME, DAY, ())
    (seen.folder / filesystem.staged_name("daily.json")).write_text("half", "utf-8")
    assert seen.names() == ["daily"]
    seen.keep("daily", TIME, DAY, (ACME,))
    assert [each.name for each in seen.folder.iterdir()] == ["daily.json"]


def test_a_file_system_without_locks_does_all_the_same(
    seen: RunMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", refuse)
    seen.keep("daily", TIME, DAY, (ACME,))
    assert seen.load("daily") is not None


def test_many_at_once_leave_one_of_them_whole(seen: RunMemory) -> None:
    books = [tuple(replace(ACME, id=f"{n}-{k}") for k in range(50 * n)) for n in range(8)]
    refused: list[AcctcliError] = []

    def run(accounts: tuple[AccountState, ...]) -> None:
        for _ in range(5):
            try:
                seen.keep("daily", TIME, DAY, accounts)
                found = seen.load("daily")
                assert found is not None
                assert found.accounts in books
            except AcctcliError as error:
                refused.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in books]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert [each.name for each in seen.folder.iterdir()] == ["daily.json"]


@pytest.mark.parametrize("name", ["a", "daily", "2-weeks", "x" * 64])
def test_names(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["", "-", "-a", "A", "a b", "a/b", "../a", "é", "x" * 65, "a\n"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_name(name)
    assert [each.id for each in caught.value.problems] == ["bad-name"]
