"""What the operating system refuses: files of the book, and a place for the index."""

from __future__ import annotations

import datetime as dt
import errno
import os
from io import FileIO
from pathlib import Path

import pytest
from helpers.books import full_book, index_of, sole_book, viewed, whole

from acctcli.core.model.errors import StorageError
from acctcli.store.book import Author
from acctcli.store.index import database as db
from acctcli.store.index.update import loader

AUTHOR = Author("eva", ("note", "remove", "n1"), dt.datetime(2026, 3, 10, tzinfo=dt.UTC))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return full_book(tmp_path / "book")


def refuse(*_: object, **__: object) -> None:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.mark.parametrize("indexed", [False, True], ids=["first", "later"])
def test_a_pipe_in_the_place_of_a_file_is_refused_as_without_an_index(
    root: Path, tmp_path: Path, *, indexed: bool
) -> None:
    if indexed:
        viewed(root, tmp_path)
    (root / "orgs.yaml").unlink()
    os.mkfifo(root / "orgs.yaml")
    for read in (lambda: viewed(root, tmp_path), lambda: whole(root)):
        with pytest.raises(StorageError) as caught:
            read()
        assert caught.value.problems[0].id == "not-a-file"


def test_a_file_that_cannot_be_read_to_its_end_is_named(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(FileIO):
        def read(self, _: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(loader, "FileIO", Failing)
    with pytest.raises(StorageError) as caught:
        viewed(root, tmp_path)
    assert caught.value.problems[0].message == 'cannot read "orgs.yaml": input/output error'


@pytest.mark.parametrize("refused", ["a name", "a file"])
def test_where_no_index_can_be_kept_there_is_one_of_this_process_alone(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    make = db._make
    if refused == "a name":  # as on a file system without hard links
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    else:
        monkeypatch.setattr(db, "_make", lambda path: refuse() if path else make(path))
    assert list(viewed(root, tmp_path).data.orgs) == list(whole(root).data.orgs)
    sole_book(root, tmp_path).write(lambda change: change.remove("notes", "n1"), AUTHOR)
    assert not whole(root).data.notes
    assert not index_of(root, tmp_path).exists()
    assert not list((tmp_path / "acctcli").iterdir())


def test_an_index_is_looked_at_once_since_it_may_go_at_any_time(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewed(root, tmp_path)
    path = index_of(root, tmp_path)
    real = Path.stat

    def removed_then(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = real(self, follow_symlinks=follow_symlinks)
        if self == path:
            path.unlink()
        return found

    monkeypatch.setattr(Path, "stat", removed_then)
    assert db.open_existing(path) is None


def test_what_is_no_file_is_no_index(tmp_path: Path) -> None:
    assert db.open_existing(tmp_path) is None
