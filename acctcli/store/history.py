"""The history: one JSON line for each thing a commit changed, and one that closes the commit.

A line belongs to the commit whose id it has, wherever it stands, so that git may merge two
histories line by line; without its closing line a commit did not happen. It knows the lines and
how they are added to history.jsonl; it knows neither records nor how a commit becomes safe.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import msgspec

from acctcli.core.errors import StorageError
from acctcli.store import disk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HISTORY_FILE = "history.jsonl"
ATTACHMENT = "attachment"  # the word that stands for a kind in lines about attachments
SETTINGS = "settings"
# 32 characters that are not mistaken for one another
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 12


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line about one thing that a commit changed.

    Attributes:
        commit: The commit's id.
        kind: A kind of records, or "attachment" or "settings".
        id: The record's id.
        file: The file it stands in, as a path in the book.
        position: Where in the file.
        before: The text before; None when it was not there.
        after: The text after; None for an addition and for a removal.
        before_sha256: The content before, of an attachment.
        after_sha256: The text or content after, of an addition or an attachment.
    """

    commit: str
    kind: str
    id: str | None = None
    file: str | None = None
    position: int | None = None
    before: str | None = None
    after: str | None = None
    before_sha256: str | None = None
    after_sha256: str | None = None


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """The line that closes a commit.

    Attributes:
        commit: The commit's id.
        time: RFC 3339 with an offset.
        actor: Who did it.
        command: The command's words.
        records: How many lines the commit has besides this one.
    """

    commit: str
    time: str
    actor: str
    command: list[str]
    records: int


class Commit(msgspec.Struct, frozen=True):
    """A commit as the history tells it."""

    closing: Closing
    lines: tuple[Line, ...]

    def is_whole(self) -> bool:
        """Whether every line is there that was written for it."""
        return len(self.lines) == self.closing.records


class _Any(msgspec.Struct, frozen=True):
    """What tells the two forms of lines apart."""

    commit: str
    kind: str | None = None


def new_commit_id() -> str:
    """A new id of a commit, at random: `c` and twelve characters."""
    return "c" + "".join(_ALPHABET[byte & 31] for byte in os.urandom(_ID_LENGTH))


def entry(  # noqa: PLR0917 - in the order in which they stand in the line
    commit: str,
    kind: str,
    record_id: str,
    file: str,
    position: int,
    before: str | None,
    after: str | None,
) -> bytes:
    """The line about one record: its text before and after; of an addition only the hash."""
    added = before is None and after is not None
    return _line(
        Line(
            commit=commit,
            kind=kind,
            id=record_id,
            file=file,
            position=position,
            before=before,
            after=None if added else after,
            after_sha256=disk.sha_of(after.encode()) if after is not None and added else None,
        )
    )


def attachment_entry(commit: str, file: str, before: str | None, after: str | None) -> bytes:
    """The line about an attachment: the SHA-256 of its content before and after."""
    return _line(
        Line(commit=commit, kind=ATTACHMENT, file=file, before_sha256=before, after_sha256=after)
    )


def settings_entry(commit: str, file: str, before: str | None, after: str | None) -> bytes:
    """The line about the settings: their whole text before and after."""
    return _line(Line(commit=commit, kind=SETTINGS, file=file, before=before, after=after))


def closing(commit: str, time: str, actor: str, command: list[str], records: int) -> bytes:
    """The line that closes a commit of `records` other lines."""
    # What a shell hands over may have bytes that are no text.
    words = [_text(word) for word in command]
    return _line(
        Closing(commit=commit, time=time, actor=_text(actor), command=words, records=records)
    )


def _text(word: str) -> str:
    return word.encode("utf-8", "backslashreplace").decode()


def _line(content: Line | Closing) -> bytes:
    return msgspec.json.encode(content) + b"\n"


def block(lines: Iterable[bytes]) -> bytes:
    """The lines of a commit, its closing line last, as they are added to the history."""
    return b"".join(lines)


def closed_commits(data: bytes) -> list[Commit]:
    """The commits in a history in the order they were closed.

    Lines without their closing line are left out, as are lines that cannot be read: a crash or a
    hand may have torn them.
    """
    lines: dict[str, dict[bytes, Line]] = {}
    closings: dict[str, Closing] = {}
    for text in data.split(b"\n"):
        try:
            found = msgspec.json.decode(text, type=_Any)
            if found.kind is None:
                closings.setdefault(found.commit, msgspec.json.decode(text, type=Closing))
            else:
                # The same line twice is a crash's trace, not a second change.
                line = msgspec.json.decode(text, type=Line)
                lines.setdefault(found.commit, {})[text] = line
        except msgspec.DecodeError:
            continue
    return [Commit(end, tuple(lines.get(key, {}).values())) for key, end in closings.items()]


# the file


def size_of(root: Path) -> int | None:
    """The size of the history in bytes; None when there is none."""
    key = disk.key_at(_path(root))
    return key.size if key else None


def fitted(root: Path, lines: bytes) -> bytes:
    """The lines as they have to be added: on a line of their own, whatever the last one is."""
    path = _path(root)
    if not lines or not size_of(root):
        return lines
    handle = disk.open_to_read(path, HISTORY_FILE)
    try:
        return lines if _ends_well(handle) else b"\n" + lines
    finally:
        os.close(handle)


def append(root: Path, size: int | None, lines: bytes) -> None:
    """Add a commit's lines to the history, once, and wait until they are on the disk.

    Whatever is there of them already, after a crash, is not added again.

    Args:
        root: The book.
        size: What `size_of` gave before the commit.
        lines: What `fitted` gave.

    Raises:
        OSError: it cannot be written; a part may be there.
    """
    if not lines:
        return
    handle = disk.open_to_append(_path(root))
    try:
        _must_be_a_file(handle)
        if missing := _missing(handle, size or 0, lines):
            disk.write(handle, missing)
        disk.sync(handle)
    finally:
        os.close(handle)


def take_back(root: Path, size: int | None, lines: bytes) -> None:
    """Cut off what `append` has added, when nothing else was added behind it.

    Raises:
        OSError: it cannot be written.
    """
    path = _path(root)
    if not lines or not disk.is_there(path):
        return
    handle = disk.open_to_append(path)
    try:
        _must_be_a_file(handle)
        start = size or 0
        tail = os.pread(handle, len(lines) + 1, start)
        ours = lines.startswith(tail)
        if ours and tail:
            disk.truncate(handle, start)
            disk.sync(handle)
    finally:
        os.close(handle)
    if size is None and ours:
        disk.unlink(path)


def _path(root: Path) -> Path:
    return disk.real(root / HISTORY_FILE)


def _must_be_a_file(handle: int) -> None:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise StorageError.of(
            "not-a-file",
            f'"{HISTORY_FILE}" is not a regular file',
            hint="move it away; acctcli makes a file of that name",
        )


def _ends_well(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return not size or os.pread(handle, 1, size - 1) == b"\n"


def _missing(handle: int, size: int, lines: bytes) -> bytes:
    """What has to be added so that the history has all of the lines."""
    if os.fstat(handle).st_size >= size:
        tail = _read_from(handle, size, len(lines))
        if lines.startswith(tail):
            return lines[len(tail) :]
    # Somebody else wrote to the history meanwhile: git, say. The closing line decides.
    last = lines.rstrip(b"\n").rpartition(b"\n")[2] + b"\n"
    if _has(handle, last):
        return b""
    return lines if _ends_well(handle) else b"\n" + lines


def _read_from(handle: int, start: int, length: int) -> bytes:
    data = b""
    while len(data) < length and (more := os.pread(handle, length - len(data), start + len(data))):
        data += more
    return data


def _has(handle: int, line: bytes) -> bool:
    start = 0
    carried = b""
    while block := os.pread(handle, disk.BLOCK, start):
        start += len(block)
        carried += block
        if line in carried:
            return True
        carried = carried[-len(line) :]
    return False
