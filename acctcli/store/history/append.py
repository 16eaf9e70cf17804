"""Commits appended to history.jsonl, and taken off its end.

The lines stand in the journal and are copied from there, so that a commit of a million records
takes no more memory than a small one.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import StorageError
from acctcli.store.files import filesystem
from acctcli.store.files.names import HISTORY_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Lines(NamedTuple):
    """Where the lines of a commit stand: a part of a file, and the file's name for messages."""

    path: Path
    name: str
    start: int
    length: int


def history_path(root: Path) -> Path:
    """Where the history of a book really stands."""
    return filesystem.resolve_symlinks(root / HISTORY_FILE)


def size_of(root: Path) -> int | None:
    """The size of the history in bytes; None when there is none."""
    key = filesystem.key_at(history_path(root))
    return key.size if key else None


def with_line_start(root: Path, lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines as they have to be added: on a line of their own, whatever the last one is."""
    if size_of(root):
        handle = filesystem.open_to_read(history_path(root), HISTORY_FILE)
        try:
            ends_well = _has_line_end(handle)
        finally:
            os.close(handle)
        if not ends_well:
            yield b"\n"
    yield from lines


def append(root: Path, size: int | None, lines: Lines) -> None:
    """Add a commit's lines to the history, once, and wait until they are on the disk.

    Whatever is there of them already, after a crash, is not added again.

    Args:
        root: The book.
        size: What `size_of` gave before the commit.
        lines: What `with_line_start` gave, in the journal.

    Raises:
        OSError: it cannot be written; a part may be there.
        StorageError: the journal cannot be read.
    """
    if not lines.length:
        return
    with _open(root) as handle, _reading(lines) as source:
        there = _shared_length(handle, size or 0, source, lines)
        if there is None:
            # Somebody else wrote to the history meanwhile: git, say. The closing line decides.
            if not _has_line(handle, _last_line(source, lines)):
                if not _has_line_end(handle):
                    filesystem.write(handle, b"\n")
                _copy(handle, source, lines, 0)
        elif there < lines.length:
            _copy(handle, source, lines, there)
        filesystem.sync(handle)


def truncate_commit(root: Path, size: int | None, lines: Lines) -> None:
    """Cut off what `append` has added, when nothing else was added behind it.

    Raises:
        OSError: it cannot be written.
        StorageError: the journal cannot be read.
    """
    path = history_path(root)
    if not lines.length or not filesystem.exists(path):
        return
    start = size or 0
    with _open(root) as handle, _reading(lines) as source:
        there = _shared_length(handle, start, source, lines)
        ours = there is not None and os.fstat(handle).st_size == start + there
        if ours and there:
            filesystem.truncate(handle, start)
            filesystem.sync(handle)
    if size is None and ours:
        filesystem.unlink(path)


@contextmanager
def _open(root: Path) -> Iterator[int]:
    handle = filesystem.open_to_append(history_path(root))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise StorageError.of(
                "not-a-file",
                f'"{HISTORY_FILE}" is not a regular file',
                hint="move it away; acctcli makes a file of that name",
            )
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _reading(lines: Lines) -> Iterator[int]:
    handle = filesystem.open_to_read(lines.path, lines.name)
    try:
        yield handle
    finally:
        os.close(handle)


def _has_line_end(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return not size or os.pread(handle, 1, size - 1) == b"\n"


def _shared_length(handle: int, size: int, source: int, lines: Lines) -> int | None:
    """How many bytes of the lines stand in the history from `size` on.

    None when something else stands there, or the history became shorter.
    """
    if os.fstat(handle).st_size < size:
        return None
    there = 0
    while there < lines.length:
        wanted = min(filesystem.BLOCK, lines.length - there)
        ours = read_at(source, lines.start + there, wanted)
        theirs = read_at(handle, size + there, wanted)
        if not ours.startswith(theirs):
            return None
        there += len(theirs)
        if len(theirs) < wanted:
            break
    return there


def _copy(handle: int, source: int, lines: Lines, done: int) -> None:
    while done < lines.length:
        block = read_at(source, lines.start + done, min(filesystem.BLOCK, lines.length - done))
        filesystem.write(handle, block)
        done += len(block)


def _last_line(source: int, lines: Lines) -> bytes:
    """The closing line."""
    found = b""
    start = lines.start + lines.length
    while start > lines.start and b"\n" not in found[:-1]:
        wanted = min(filesystem.BLOCK, start - lines.start)
        start -= wanted
        found = read_at(source, start, wanted) + found
    return found[:-1].rpartition(b"\n")[2] + b"\n"


def read_at(handle: int, start: int, length: int) -> bytes:
    """So many bytes from there, or fewer where the file ends."""
    data = b""
    while len(data) < length and (more := os.pread(handle, length - len(data), start + len(data))):
        data += more
    return data


def _has_line(handle: int, line: bytes) -> bool:
    start = 0
    carried = b""
    while block := os.pread(handle, filesystem.BLOCK, start):
        start += len(block)
        carried += block
        if line in carried:
            return True
        carried = carried[-len(line) :]
    return False
