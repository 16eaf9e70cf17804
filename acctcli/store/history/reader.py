"""The history read from its end, commit by commit."""

from __future__ import annotations

import os
import re
from array import array
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from acctcli.store.files import filesystem
from acctcli.store.files.names import HISTORY_FILE
from acctcli.store.history.append import history_path, read_at
from acctcli.store.history.history_format import Closing, HistoryLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

State = Literal["done", "undone", "undo", "taken back", "redo"]
# A line about a thing, as acctcli writes it, is known without decoding it.
_LINE = re.compile(rb'\{"commit":"([^"\\]*)","kind":')


class _Head(msgspec.Struct, frozen=True):
    """What tells the two forms of lines apart."""

    commit: str
    kind: str | None = None


class _RawLine(NamedTuple):
    """A line of the history: where it begins, and its bytes without the line's end."""

    start: int
    text: bytes


class PastCommit:
    """A commit of the past.

    It knows where its lines stand, and reads them again when they are asked for: an import may
    have a million of them.

    Attributes:
        closing: The line that closes it.
        count: How many of its lines are there.
    """

    def __init__(self, root: Path, closing: Closing) -> None:
        self.closing = closing
        self.count = 0
        self._root = root
        self._seen: set[int] = set()
        # The last line first.
        self._starts = array("Q")
        self._lengths = array("L")

    def add(self, line: _RawLine, *, keep: bool) -> None:
        """Take a line, the last one first. The same one twice, a crash's trace, counts once."""
        mark = hash(line.text)
        if mark not in self._seen:
            self._seen.add(mark)
            self.count += 1
            if keep:
                self._starts.append(line.start)
                self._lengths.append(len(line.text))

    def release_buffers(self) -> None:
        """Forget what is needed only while lines are taken."""
        self._seen = set()

    @property
    def is_whole(self) -> bool:
        """Whether every line is there that was written for it."""
        return self.count == self.closing.records

    @property
    def has_lines(self) -> bool:
        """Whether any of the lines that were asked for is in it."""
        return bool(self._starts)

    def readable_lines(self) -> Iterator[HistoryLine]:
        """As `lines`, without those that cannot be read."""
        for text in self._texts():
            with suppress(ValueError):
                yield msgspec.json.decode(text, type=HistoryLine)

    def lines(self) -> Iterator[HistoryLine]:
        """Its lines, or those of them that were asked for, in the order they were written.

        Raises:
            StorageError: the history cannot be read any more.
            ValueError: one cannot be read.
        """
        return (msgspec.json.decode(text, type=HistoryLine) for text in self._texts())

    def _texts(self) -> Iterator[bytes]:
        if not self._starts:
            return
        try:
            handle = filesystem.open_to_read(history_path(self._root), HISTORY_FILE)
        except FileNotFoundError as error:
            raise filesystem.cannot_read(HISTORY_FILE, error) from error
        try:
            window = _RawLine(0, b"")
            for start, length in zip(reversed(self._starts), reversed(self._lengths), strict=True):
                at = start - window.start
                if at < 0 or at + length > len(window.text):
                    window = _RawLine(start, read_at(handle, start, max(length, filesystem.BLOCK)))
                    at = 0
                yield window.text[at : at + length]
        except OSError as error:
            raise filesystem.cannot_read(HISTORY_FILE, error) from error
        finally:
            os.close(handle)


def about_record(record_id: str) -> bytes:
    """The bytes that stand in a line about a record, whatever else does."""
    return b'"id":' + msgspec.json.encode(record_id)


def newest_first(root: Path, about: bytes | None = None) -> Iterator[PastCommit]:
    """The commits that the history tells, the one that was closed last first.

    Args:
        root: The book.
        about: Keep only lines in which these bytes stand; all are counted.

    Raises:
        StorageError: the history cannot be read.
    """
    waiting: deque[PastCommit] = deque()
    unread: dict[str, PastCommit] = {}  # of which lines are still to come
    known: set[str] = set()
    loose: dict[str, list[_RawLine]] = {}  # lines behind the closing line of their commit
    for line in _lines_backwards(root):
        text = line.text
        commit, closing = _parse_line(text)
        if closing is not None and commit not in known:
            known.add(commit)
            past = unread[commit] = PastCommit(root, closing)
            waiting.append(past)
            for each in loose.pop(commit, ()):
                past.add(each, keep=about is None or about in each.text)
        elif closing is None and commit in unread:
            unread[commit].add(line, keep=about is None or about in text)
        elif closing is None and commit and commit not in known:
            loose.setdefault(commit, []).append(line)
        if commit in unread and unread[commit].is_whole:
            unread.pop(commit).release_buffers()
        while waiting and waiting[0].is_whole:
            yield waiting.popleft()
    yield from waiting


def _parse_line(text: bytes) -> tuple[str, Closing | None]:
    """The commit that a line is of, and what it says if it closes it; no commit if it is torn."""
    if quick := _LINE.match(text):
        return (quick[1].decode() if text.endswith(b"}") else ""), None
    try:
        head = msgspec.json.decode(text, type=_Head)
        if head.kind is not None:
            return head.commit, None
        return head.commit, msgspec.json.decode(text, type=Closing)
    except msgspec.DecodeError:
        return "", None


def _lines_backwards(root: Path) -> Iterator[_RawLine]:
    try:
        handle = filesystem.open_to_read(history_path(root), HISTORY_FILE)
    except FileNotFoundError:
        return
    try:
        rest = b""
        start = os.fstat(handle).st_size
        while start:
            wanted = min(filesystem.BLOCK, start)
            start -= wanted
            data = read_at(handle, start, wanted) + rest
            rest, *whole = data.split(b"\n")
            end = start + len(data)
            for text in reversed(whole):
                end -= len(text)
                yield _RawLine(end, text)
                end -= 1
        yield _RawLine(0, rest)
    except OSError as error:
        raise filesystem.cannot_read(HISTORY_FILE, error) from error
    finally:
        os.close(handle)


# what is undone


class CommitState(NamedTuple):
    """A commit and what became of it.

    `done` or `undone`; `undo` for one that takes others back, or `taken back` when a redo did so
    with it; `redo`.
    """

    past: PastCommit
    state: State


def with_states(pasts: Iterable[PastCommit]) -> Iterator[CommitState]:
    """The commits, newest first, each with what became of it."""
    undone: set[str] = set()
    void: set[str] = set()
    for past in pasts:
        closing = past.closing
        state: State = "done"
        if closing.redoes:
            void.update(closing.redoes)
            state = "redo"
        elif closing.undoes and closing.commit in void:
            state = "taken back"
        elif closing.undoes:
            undone.update(closing.undoes)
            state = "undo"
        elif closing.commit in undone:
            state = "undone"
        yield CommitState(past, state)


def redoable(commits: Iterable[CommitState]) -> PastCommit | None:
    """The undo that a redo takes back: the newest one, when nothing else was done since."""
    for past, state in commits:
        if state == "undo":
            return past
        if state in {"done", "undone"}:
            break
    return None
