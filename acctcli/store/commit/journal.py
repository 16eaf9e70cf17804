"""The journal of a commit.

It is written whole, made safe and renamed into place; while it is there, the commit stands, and
readers take the staged content of each target that was not replaced yet.
"""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import msgspec
from msgspec.structs import replace

from acctcli.core.model.errors import InvalidBookError, Place
from acctcli.store.files import attachments, filesystem
from acctcli.store.files.names import ATTACHMENTS
from acctcli.store.history.append import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

JOURNAL_FILE = "journal"
DISPLAY_NAME = f"{filesystem.OWN_FOLDER}/{JOURNAL_FILE}"
_VERSION = 1
_HEADER_LIMIT = 1 << 26
_DIGITS = 20  # room in the header for the length of the lines, which is known when they are written


class JournalEntry(msgspec.Struct, frozen=True):
    """One file of a commit.

    Attributes:
        path: The path in the book.
        staged: Where the new content waits, in the book or absolute; None for a removal.
        old: The SHA-256 it had; None when it was not there.
        new: The SHA-256 it gets; None for a removal.
    """

    path: str
    staged: str | None
    old: str | None
    new: str | None


class Journal(msgspec.Struct, frozen=True):
    """The first line of the journal; the lines for the history follow it.

    Attributes:
        version: Of this form.
        commit: The commit's id.
        files: What it changes.
        history_size: The history's size before, in bytes; None when there was none.
        history_bytes: The length of the lines that it gets.
    """

    version: int
    commit: str
    files: tuple[JournalEntry, ...]
    history_size: int | None
    history_bytes: int


class FileLocation(NamedTuple):
    """Where a file of a commit really stands, and where its new content waits."""

    target: Path
    staged: Path


def new(commit: str, files: tuple[JournalEntry, ...], history_size: int | None) -> Journal:
    """A journal of the present version; `stage` writes how long the lines are."""
    return Journal(_VERSION, commit, files, history_size, 0)


def locate(root: Path, path: str) -> FileLocation:
    """Where a path of the book really stands: symlinks are followed, since we rename.

    Raises:
        InvalidBookError: the path is absolute or leads out of the book by itself.
        InvalidInputError: a path of attachments leads out of their folder.
    """
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path or parts[0] in {"/", "//", filesystem.OWN_FOLDER} or ".." in parts:
        raise InvalidBookError.of(
            "outside-book",
            f'"{path}" is not a path in the book',
            hint="give a path relative to the book, such as deals/2026.yaml",
        )
    in_attachments = parts[0] == ATTACHMENTS
    target = (
        attachments.resolve(root, path)
        if in_attachments
        else filesystem.resolve_symlinks(root / path)
    )
    return FileLocation(target, target.with_name(filesystem.staged_name(target.name)))


def display_path(root: Path, path: Path) -> str:
    """A path as people are shown it, and as the journal keeps it: relative to the book."""
    base = filesystem.resolve_symlinks(root)
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)


def is_present(root: Path) -> bool:
    """Whether a commit stands that is not finished."""
    return filesystem.exists(root / filesystem.OWN_FOLDER / JOURNAL_FILE)


def key(root: Path) -> filesystem.FileKey | None:
    """What changes when the journal does; None when there is none."""
    try:
        return filesystem.key_at(root / filesystem.OWN_FOLDER / JOURNAL_FILE)
    except OSError as error:
        raise filesystem.cannot_read(DISPLAY_NAME, error) from error


def header(root: Path) -> Journal | None:
    """The journal without the history's lines; None when there is none.

    Raises:
        InvalidBookError: "bad-journal", when it cannot be understood.
        StorageError: it cannot be read.
    """
    found = _read(root)
    return found[0] if found else None


def load(root: Path) -> tuple[Journal, Lines] | None:
    """The journal and where the history's lines stand in it; None when there is none.

    Raises:
        InvalidBookError: "bad-journal", when it cannot be understood or is not whole.
        StorageError: it cannot be read.
    """
    found = _read(root)
    if found is None:
        return None
    made, start, size = found
    if size - start != made.history_bytes:
        _refuse("it is not whole")
    return made, Lines(
        root / filesystem.OWN_FOLDER / JOURNAL_FILE, DISPLAY_NAME, start, made.history_bytes
    )


def _read(root: Path) -> tuple[Journal, int, int] | None:
    """The header, its length and the length of the whole."""
    try:
        handle = filesystem.open_to_read(root / filesystem.OWN_FOLDER / JOURNAL_FILE, DISPLAY_NAME)
    except FileNotFoundError:
        return None
    data = b""
    try:
        size = os.fstat(handle).st_size
        while block := os.read(handle, filesystem.BLOCK):
            data += block
            if b"\n" in block or len(data) > _HEADER_LIMIT:
                break
    except OSError as error:
        raise filesystem.cannot_read(DISPLAY_NAME, error) from error
    finally:
        os.close(handle)
    line, end, _ = data.partition(b"\n")
    return _decode(line), len(line) + len(end), size


def _decode(line: bytes) -> Journal:
    try:
        found = msgspec.json.decode(line, type=Journal)
    except msgspec.DecodeError as error:
        _refuse(str(error))
    if found.version != _VERSION:
        _refuse(f"its version is {found.version}, a newer acctcli wrote it")
    return found


def _refuse(why: str) -> NoReturn:
    raise InvalidBookError.of(
        "bad-journal",
        f"the journal of an interrupted command cannot be used: {why}",
        place=Place(DISPLAY_NAME),
        hint=f"run the acctcli that wrote it, or give that command up: rm {DISPLAY_NAME}",
    )


def stage_journal(root: Path, journal: Journal, lines: Iterable[bytes]) -> Lines:
    """Write the journal, but not in its place yet, and wait until it is on the disk.

    The lines are written as they come; gives where they stand once it is in place.

    Raises:
        OSError: it cannot be written; a part may be there.
    """
    folder = root / filesystem.OWN_FOLDER
    staged = folder / filesystem.staged_name(JOURNAL_FILE)
    filesystem.unlink(staged)
    handle = filesystem.open_new(staged, 0o600)
    try:
        room = len(msgspec.json.encode(journal)) + _DIGITS
        length = 0
        filesystem.write(handle, b" " * room + b"\n")
        for block in _blocks(lines):
            filesystem.write(handle, block)
            length += len(block)
        whole = replace(journal, history_bytes=length)
        os.lseek(handle, 0, os.SEEK_SET)
        filesystem.write(handle, msgspec.json.encode(whole).ljust(room))
        filesystem.sync(handle)
    finally:
        os.close(handle)
    return Lines(folder / JOURNAL_FILE, DISPLAY_NAME, room + 1, length)


def publish(root: Path) -> None:
    """Put the staged journal in place. When this returns, the commit stands, even if power fails.

    Raises:
        OSError: it cannot be renamed; it may stand nevertheless.
    """
    folder = root / filesystem.OWN_FOLDER
    filesystem.rename(folder / filesystem.staged_name(JOURNAL_FILE), folder / JOURNAL_FILE)
    filesystem.sync_folder(folder)


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, many in one block."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= filesystem.BLOCK:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)


def clear_torn(root: Path) -> None:
    """Remove a journal that was not put in place."""
    filesystem.unlink(root / filesystem.OWN_FOLDER / filesystem.staged_name(JOURNAL_FILE))


def drop(root: Path) -> None:
    """Remove the journal, and wait until that is on the disk."""
    filesystem.unlink(root / filesystem.OWN_FOLDER / JOURNAL_FILE)
    filesystem.sync_folder(root / filesystem.OWN_FOLDER)
