from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from acctcli.core.model.errors import (
    InvalidBookError,
    InvalidInputError,
    StorageError,
)
from acctcli.store.commit import journal
from acctcli.store.commit.journal import JournalEntry
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINES = b'{"commit":"c1"}\n{"commit":"c1","records":1}\n'
FILES = (
    JournalEntry("deals.yaml", ".deals.yaml.acctcli-tmp", "ab", "cd"),
    JournalEntry("notes/café.yaml", "notes/.café.yaml.acctcli-tmp", None, "ef"),
    JournalEntry("attachments/a.pdf", None, "01", None),
)


def put(root: Path) -> journal.Journal:
    filesystem.make_private_folder(root)
    made = journal.new("c1", FILES, 7)
    lines = LINES.splitlines(keepends=True)
    put_at = journal.stage_journal(root, made, iter(lines))
    journal.publish(root)
    assert (put_at.path, put_at.name, put_at.length) == (
        path_of(root),
        journal.DISPLAY_NAME,
        len(LINES),
    )
    assert path_of(root).read_bytes()[put_at.start :] == LINES
    return replace(made, history_bytes=len(LINES))


def whole(root: Path) -> tuple[journal.Journal, bytes]:
    """What is loaded, and the lines that it leads to."""
    found = journal.load(root)
    assert found
    made, lines = found
    return made, lines.path.read_bytes()[lines.start :][: lines.length]


def path_of(root: Path) -> Path:
    return root / ".acctcli" / "journal"


def test_written_and_read(tmp_path: Path) -> None:
    assert journal.load(tmp_path) is None
    assert journal.header(tmp_path) is None
    assert journal.key(tmp_path) is None
    assert not journal.is_present(tmp_path)
    made = put(tmp_path)
    assert journal.is_present(tmp_path)
    assert whole(tmp_path) == (made, LINES)
    assert journal.header(tmp_path) == made
    assert path_of(tmp_path).read_bytes().endswith(b"\n" + LINES)
    assert path_of(tmp_path).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / ".acctcli").iterdir()] == ["journal"]
    first = journal.key(tmp_path)
    journal.drop(tmp_path)
    assert not journal.is_present(tmp_path)
    put(tmp_path)
    assert journal.key(tmp_path) != first


def test_the_header_is_read_without_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = put(tmp_path)
    size = path_of(tmp_path).stat().st_size
    monkeypatch.setattr(filesystem, "BLOCK", 10)
    assert whole(tmp_path) == (made, LINES)
    assert put(tmp_path) == made  # the lines are written in several blocks
    path_of(tmp_path).write_bytes(path_of(tmp_path).read_bytes() + b"x" * 5 * size)
    assert journal.header(tmp_path) == made


def test_lines_are_written_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filesystem.make_private_folder(tmp_path)
    monkeypatch.setattr(filesystem, "BLOCK", 100)
    staged = tmp_path / ".acctcli" / ".journal.acctcli-tmp"
    sizes = []

    def lines() -> Iterator[bytes]:
        for _ in range(1000):
            sizes.append(staged.stat().st_size)
            yield b"x" * 49 + b"\n"

    put_at = journal.stage_journal(tmp_path, journal.new("c1", FILES, None), lines())
    assert not journal.is_present(tmp_path)
    journal.publish(tmp_path)
    assert put_at.length == 50_000
    assert sizes[-1] - sizes[0] > 49_000
    found = journal.header(tmp_path)
    assert found
    assert found.history_bytes == 50_000


def test_a_torn_one_is_replaced_and_cleared(tmp_path: Path) -> None:
    filesystem.make_private_folder(tmp_path)
    torn = tmp_path / ".acctcli" / ".journal.acctcli-tmp"
    torn.write_bytes(b"torn")
    made = put(tmp_path)
    assert journal.header(tmp_path) == made
    torn.write_bytes(b"torn")
    journal.clear_torn(tmp_path)
    assert not torn.exists()
    journal.clear_torn(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"garbage\n",
        b"\xff\n",
        b'{"version":2,"commit":"c1","files":[],"history_size":0,"history_bytes":0}\n',
        b'{"version":1,"commit":"c1","files":[],"history_size":0,"history_bytes":5}\nshort',
        b'{"version":1,"commit":"c1","files":[],"history_size":0,"history_bytes":5}\nlonger',
        b'{"version":1,"commit":"c1","files":["x"],"history_size":0,"history_bytes":0}\n',
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    put(tmp_path)
    path_of(tmp_path).write_bytes(content)
    if b"short" in content:
        assert journal.header(tmp_path)
        content = content.replace(b"short", b"shor")
        path_of(tmp_path).write_bytes(content)
    with pytest.raises(InvalidBookError) as caught:
        journal.load(tmp_path)
    problem = caught.value.problems[0]
    assert problem.id == "bad-journal"
    assert str(problem.place) == ".acctcli/journal"
    assert "rm .acctcli/journal" in (problem.hint or "")


def test_a_journal_that_must_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path)

    def refused(path: Path) -> filesystem.FileKey:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(filesystem, "key_at", refused)
    with pytest.raises(StorageError, match=r'cannot read "\.acctcli/journal"'):
        journal.key(tmp_path)

    def failing(handle: int, size: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", failing)
    with pytest.raises(StorageError, match="input/output error"):
        journal.header(tmp_path)


class TestLocate:
    def test_beside_the_target(self, tmp_path: Path) -> None:
        base = filesystem.resolve_symlinks(tmp_path)
        found = journal.locate(tmp_path, "deals/2026.yaml")
        assert found == (base / "deals/2026.yaml", base / "deals/.2026.yaml.acctcli-tmp")
        assert journal.display_path(tmp_path, found.staged) == "deals/.2026.yaml.acctcli-tmp"

    def test_symlinks_are_followed(self, tmp_path: Path) -> None:
        root = tmp_path / "book"
        root.mkdir()
        (root / "deals.yaml").symlink_to(tmp_path / "all.yaml")
        found = journal.locate(root, "deals.yaml")
        staged = filesystem.resolve_symlinks(tmp_path) / ".all.yaml.acctcli-tmp"
        assert found == (filesystem.resolve_symlinks(tmp_path) / "all.yaml", staged)
        assert journal.display_path(root, staged) == str(staged)

    @pytest.mark.parametrize(
        "path", ["", "/etc/x", "//x", "../x", "deals/../../x", "a\0", ".acctcli/lock"]
    )
    def test_paths_out_of_the_book(self, tmp_path: Path, path: str) -> None:
        with pytest.raises(InvalidBookError) as caught:
            journal.locate(tmp_path, path)
        assert caught.value.problems[0].id == "outside-book"

    def test_attachments_stay_where_they_are(self, tmp_path: Path) -> None:
        root = tmp_path / "book"
        (root / "attachments").mkdir(parents=True)
        (root / "attachments" / "x").symlink_to(tmp_path / "x")
        with pytest.raises(InvalidInputError):
            journal.locate(root, "attachments/x")
