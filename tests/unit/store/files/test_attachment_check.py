"""Copies of attached files held against their records; nothing outside the book is looked at."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import pytest

from acctcli.core.model.errors import (
    AcctcliError,
    InvalidInputError,
    NotFoundError,
    StorageError,
)
from acctcli.core.model.records import File
from acctcli.store.files import filesystem
from acctcli.store.files.attachment_check import (
    copy_of,
    verify,
    verify_contents,
    without_record,
)

if TYPE_CHECKING:
    from pathlib import Path

SECRET = b"nobody's business"


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _file(path: str | None, content: bytes | None = None) -> File:
    size = None if content is None else len(content)
    return File(
        id="f1",
        name="n",
        path=path,
        size=size,
        sha256=None if content is None else _sha(content),
    )


class Book(NamedTuple):
    root: Path

    @property
    def copies(self) -> Path:
        return self.root / "attachments"

    def told(self, *files: File) -> list[tuple[str, str]]:
        return [(each.id, each.message) for each in verify(self.root, files)]

    def ids(self, *files: File) -> list[str]:
        return [name for name, _ in self.told(*files)]

    def unregistered(self, *paths: str) -> list[str]:
        found = without_record(self.root, [_file(path) for path in paths])
        assert {each.message for each in found} <= {"no record names this file"}
        return [f'"{each.place.file}"' for each in found if each.place]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A folder with attachments, and a secret beside it."""
    found = Book(tmp_path / "book")
    found.copies.mkdir(parents=True)
    (tmp_path / "secret").write_bytes(SECRET)
    (found.copies / "a.txt").write_bytes(b"abc")
    return found


class TestVerify:
    def test_silent_when_all_is_well(self, book: Book) -> None:
        assert book.told(_file("attachments/a.txt", b"abc"), _file("attachments/a.txt")) == []
        link = File(id="f2", name="web", url="https://example.com", size=3, sha256="0")
        assert book.told(link) == []
        loud = File(id="f3", name="n", path="attachments/a.txt", sha256=_sha(b"abc").upper())
        assert book.told(loud) == []

    def test_what_changed_or_went(self, book: Book) -> None:
        assert book.told(
            _file("attachments/a.txt", b"abcd"),
            _file("attachments/a.txt", b"abd"),
            _file("attachments/gone.txt", b"abc"),
        ) == [
            (
                "attachment-changed",
                '"attachments/a.txt" has 3 bytes, not the 4 it was attached with',
            ),
            (
                "attachment-changed",
                '"attachments/a.txt" has other content than it was attached with',
            ),
            ("missing-attachment", 'there is no file "attachments/gone.txt" in the book'),
        ]
        (problem,) = verify(book.root, [_file("attachments/a.txt", b"x")])
        assert (problem.kind, problem.record, problem.field) == ("files", "f1", "path")

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("../secret", "outside-book"),
            ("attachments/../../secret", "outside-book"),
            ("attachments/out", "outside-book"),
            ("attachments/folder-out/secret", "outside-book"),
            ("attachments/a\0b", "outside-book"),
            ("", "outside-book"),
            ("attachments/sub", "not-a-file"),
            ("attachments/pipe", "not-a-file"),
            ("attachments/dangling", "missing-attachment"),
            ("attachments/" + "x" * 300, "missing-attachment"),
            ("attachments/" + "é" * 150 + ".txt", "missing-attachment"),
            ("attachments/loop", "not-a-file"),
        ],
    )
    def test_paths_that_are_no_copies(
        self, book: Book, monkeypatch: pytest.MonkeyPatch, path: str, name: str
    ) -> None:
        (book.copies / "out").symlink_to(book.root.parent / "secret")
        (book.copies / "folder-out").symlink_to(book.root.parent)
        (book.copies / "dangling").symlink_to("nowhere")
        (book.copies / "loop").symlink_to("loop")
        (book.copies / "sub").mkdir()
        os.mkfifo(book.copies / "pipe")
        opened = _note_opened(monkeypatch)
        for absolute in (path, str(book.root.parent / "secret")):
            assert book.ids(_file(absolute, SECRET)) == [
                name if absolute == path else "outside-book"
            ]
            with pytest.raises(AcctcliError):
                copy_of(book.root, _file(absolute))
        assert opened == []

    def test_attachments_itself_may_not_lead_out(self, tmp_path: Path) -> None:
        found = Book(tmp_path / "book")
        found.root.mkdir()
        found.copies.symlink_to(tmp_path)
        (tmp_path / "secret").write_bytes(SECRET)
        assert found.ids(_file("attachments/secret", SECRET)) == ["outside-book"]
        assert found.unregistered() == []

    def test_a_name_that_only_looks_the_same_is_named(self, book: Book) -> None:
        (book.copies / unicodedata.normalize("NFD", "Café.txt")).write_bytes(b"x")
        for path in ("attachments/Café.txt", "attachments/café.TXT", "attachments/A.TXT"):
            (problem,) = verify(book.root, [_file(path)])
            assert problem.id == "missing-attachment"
            assert problem.hint is not None
            assert "spelled another way" in problem.hint
        (gone,) = verify(book.root, [_file("attachments/b.txt")])
        assert gone.hint == "put it back, or remove the record"

    def test_a_copy_that_goes_meanwhile(self, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filesystem, "hash_file", lambda *_: None)
        assert book.ids(_file("attachments/a.txt")) == ["missing-attachment"]

    def test_a_copy_that_must_not_be_read(
        self, book: Book, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(path: Path, flags: int) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refused)
        assert book.ids(_file("attachments/a.txt")) == ["cannot-read"]


def _note_opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    opened: list[object] = []
    real = os.open

    def noting(path: Path, flags: int) -> int:
        opened.append(path)
        return real(path, flags)

    monkeypatch.setattr(os, "open", noting)
    return opened


class TestCopyOf:
    def test_where_it_stands(self, book: Book) -> None:
        base = filesystem.resolve_symlinks(book.root) / "attachments"
        assert copy_of(book.root, _file("attachments/a.txt")) == base / "a.txt"
        (book.copies / "link").symlink_to("a.txt")
        assert copy_of(book.root, _file("attachments/link")) == base / "a.txt"

    def test_what_is_wrong_has_its_own_error(self, book: Book) -> None:
        with pytest.raises(InvalidInputError):
            copy_of(book.root, _file("../secret"))
        with pytest.raises(InvalidInputError):
            copy_of(book.root, _file(None))
        with pytest.raises(NotFoundError):
            copy_of(book.root, _file("attachments/b.txt"))
        (book.copies / "sub").mkdir()
        with pytest.raises(StorageError):
            copy_of(book.root, _file("attachments/sub"))


class TestWithoutRecord:
    def test_each_copy_that_no_record_names(self, book: Book) -> None:
        (book.copies / "sub").mkdir()
        (book.copies / "sub" / "b.txt").touch()
        (book.copies / ".DS_Store").touch()
        (book.copies / ".git").mkdir()
        (book.copies / ".git" / "config").touch()
        (book.copies / "A.txt").touch()
        (book.copies / os.fsdecode(b"odd\xff")).touch()
        (book.copies / "out").symlink_to(book.root.parent)
        everything = [
            '"attachments/A.txt"',
            '"attachments/a.txt"',
            '"attachments/odd\\xff"',
            '"attachments/out"',
            '"attachments/sub/b.txt"',
        ]
        assert book.unregistered() == everything
        named = ("attachments/a.txt", "attachments//sub/./b.txt", "../secret", "attachments/gone")
        assert book.unregistered(*named) == everything[:1] + everything[2:4]

    def test_links_to_copies_and_names_through_links_count(self, book: Book) -> None:
        (book.copies / "link").symlink_to("a.txt")
        (book.copies / "sub").mkdir()
        (book.copies / "sub" / "b.txt").touch()
        (book.copies / "way").symlink_to("sub")
        assert book.unregistered("attachments/link", "attachments/way/b.txt") == []

    def test_no_folder_and_one_that_must_not_be_read(
        self, book: Book, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (book.copies / "a.txt").unlink()
        book.copies.rmdir()
        assert book.unregistered() == []
        book.copies.mkdir()

        def refused(path: str) -> object:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "scandir", refused)
        with pytest.raises(StorageError, match='cannot read "attachments"'):
            book.unregistered()


def test_contents_are_read_where_all_else_is_right(book: Book) -> None:
    (book.copies / "same.txt").write_bytes(b"same")
    (book.copies / "other.txt").write_bytes(b"0ther")
    (book.copies / "longer.txt").write_bytes(b"longer")
    files = [
        _file("attachments/same.txt", b"same"),
        _file("attachments/other.txt", b"other"),
        _file("attachments/longer.txt", b"long"),  # which is told without reading it
        _file("attachments/other.txt"),
        _file("attachments/none.txt", b"none"),
        _file(None),
    ]
    found = list(verify_contents(book.root, files))
    assert [(each.id, each.field, each.message) for each in found] == [
        (
            "attachment-changed",
            "path",
            '"attachments/other.txt" has other content than it was attached with',
        )
    ]
