"""New bytes of a data file, verified before they are given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import InvalidBookError, Place, Problem
from acctcli.store.datafiles.file_reader import read_records
from acctcli.store.datafiles.plain_reader import plain_record
from acctcli.store.datafiles.record_editor import UNSAFE_HINT
from acctcli.store.datafiles.splices import Splice, trim_equal_lines
from acctcli.store.datafiles.splitter import has_odd_breaks, split_file
from acctcli.store.datafiles.yaml.parser import quick_record
from acctcli.store.datafiles.yaml.reader import LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acctcli.core.model.records import RawRecord
    from acctcli.store.datafiles.file_reader import Reading
    from acctcli.store.datafiles.splitter import Chunk

_BLANK_LINE = re.compile(rb" *\r?\n")
_ENDS_BLANK = re.compile(rb"(?:\A|\n) *\r?\n\Z")
_ENDS_COMMENT = re.compile(rb"(?:\A|\n) *#[^\n]*\n?\Z")
_BOM = re.compile(rb"(?:\xef\xbb\xbf)?\Z")
_CONTEXT = 4096  # how much of what is written already is looked at for the kind of its last line


class EditedRecord(NamedTuple):
    """A record's new piece of the file, what follows it included, and what it must read as."""

    text: str
    expected: RawRecord


class AddedRecord(NamedTuple):
    """Records to add at the end, how they are spaced, and the file's text without a ``[]``."""

    records: Sequence[EditedRecord]
    newline: str
    spaced: bool
    base: bytes | None


class BuiltText(NamedTuple):
    """The new bytes of a file, and where they differ from the old ones."""

    data: bytes
    splices: list[Splice]


class _Part(NamedTuple):
    expected: RawRecord | None  # None for an unreadable record, which must stay as it is
    old: int | None  # the old record's number, None for an added one
    touched: bool


def unsafe_edit_error(message: str, place: Place, hint: str = UNSAFE_HINT) -> InvalidBookError:
    """The error for an edit that would change more than it should."""
    return InvalidBookError(Problem(id="unsafe-edit", message=message, place=place, hint=hint))


def new_bytes(
    reading: Reading,
    edited: Mapping[int, EditedRecord],
    removed: set[int],
    added: AddedRecord | None,
) -> BuiltText:
    """The new bytes of a file that was cut into records.

    Raises:
        InvalidBookError: no way of writing the edits reads as intended (``unsafe-edit``).
    """
    try:
        return _TextBuilder(reading).write(edited, removed, added)
    except InvalidBookError:
        # A blank line between records is content where a block scalar keeps it (``|+``).
        if added is None or not added.spaced:
            raise
        return _TextBuilder(reading).write(edited, removed, added._replace(spaced=False))


def _read(text: str) -> RawRecord | None:
    return plain_record(text) or quick_record(text)


class _TextBuilder:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._pieces: list[bytes] = []
        self._last = b""
        self._size = 0
        self._splices: list[Splice] = []
        self._parts: list[_Part] = []

    def write(
        self, edited: Mapping[int, EditedRecord], removed: set[int], added: AddedRecord | None
    ) -> BuiltText:
        reading = self._reading
        data, records = reading.data, reading.records
        done = 0
        for index in sorted({*edited, *removed}):
            chunk = records[index].chunk
            self._keep(index)
            self._put(data[done : chunk.start])
            done = chunk.end
            if index in removed:
                self._parts.append(_Part(None, index, touched=True))
                self._remove(chunk.start, records[index].content_end, chunk.end)
            else:
                self._change(chunk.start, chunk.end, edited[index].text.encode())
                self._parts.append(_Part(edited[index].expected, index, touched=True))
        self._keep(len(records))
        if added and added.base is not None:
            self._change(0, reading.cut.tail, added.base)
        else:
            self._put(data[done : reading.cut.tail])
        self._parts = [part for part in self._parts if part.old not in removed]
        if added:
            before = self._size
            self._add(added)
            self._splices.append(Splice(reading.cut.tail, reading.cut.tail, before, self._size))
        self._put(data[reading.cut.tail :])
        new = b"".join(self._pieces)
        if reading.whole or has_odd_breaks(new):
            self._verify_all(new)
        else:
            self._verify(new)
        return BuiltText(new, list(trim_equal_lines(data, new, self._splices)))

    def _keep(self, before: int) -> None:
        records = self._reading.records
        self._parts.extend(
            _Part(records[index].raw, index, touched=False)
            for index in range(len(self._parts), before)
        )

    def _put(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        self._last = (self._last + piece[-_CONTEXT:])[-_CONTEXT:]

    def _change(self, start: int, end: int, piece: bytes) -> None:
        self._splices.append(Splice(start, end, self._size, self._size + len(piece)))
        self._put(piece)

    def _remove(self, start: int, end: int, next_start: int) -> None:
        # Of two blank lines that meet where a record was, one goes.
        rest = self._reading.data[end:next_start]
        blank = _BLANK_LINE.match(rest)
        if blank and (_BOM.match(self._last) or _ENDS_BLANK.search(self._last)):
            end += blank.end()
        self._change(start, end, b"")
        self._put(self._reading.data[end:next_start])

    def _add(self, added: AddedRecord) -> None:
        newline = added.newline.encode()
        if not _BOM.match(self._last):
            if not self._last.endswith(b"\n"):
                self._put(newline)
            spaced = added.spaced or _ENDS_COMMENT.search(self._last)
            if spaced and not _ENDS_BLANK.search(self._last):
                self._put(newline)
        between = added.newline if added.spaced else ""
        self._put(between.join(record.text for record in added.records).encode())
        self._parts.extend(_Part(record.expected, None, touched=True) for record in added.records)

    def _verify(self, new: bytes) -> None:
        found = split_file(new)
        old_records = self._reading.records
        indent = self._reading.cut.indent
        if (
            not found.regular
            or len(found.chunks) != len(self._parts)
            or (old_records and found.chunks and found.indent != indent)
            or new[found.tail :] != self._reading.data[self._reading.cut.tail :]
        ):
            raise self._unsafe(None)
        for chunk, part in zip(found.chunks, self._parts, strict=True):
            self._verify_part(new, chunk, part)

    def _verify_part(self, new: bytes, chunk: Chunk, part: _Part) -> None:
        piece = new[chunk.start : chunk.end]
        if part.old is not None and not part.touched:
            old = self._reading.records[part.old].chunk
            if piece == self._reading.data[old.start : old.end]:
                return
        if part.expected is None:
            same = self._is_left_alone(piece, part)
        else:
            same = len(piece) <= LIMIT and _read(piece.decode()) == part.expected
        if not same:
            raise self._unsafe(part)

    def _verify_all(self, new: bytes) -> None:
        other = read_records(self._reading.file, new)
        if other.problem or len(other.records) != len(self._parts):
            raise self._unsafe(None)
        for part, placed in zip(self._parts, other.records, strict=True):
            if placed.raw != part.expected or not self._is_left_alone(placed.text, part):
                raise self._unsafe(part)

    def _is_left_alone(self, piece: bytes, part: _Part) -> bool:
        # What cannot be read must keep its bytes; blank lines after it may go or come.
        if part.expected is not None or part.old is None:
            return True
        text = self._reading.records[part.old].text.rstrip(b"\r\n")
        return piece.startswith(text) and not piece[len(text) :].strip()

    def _unsafe(self, part: _Part | None) -> InvalidBookError:
        records, data = self._reading.records, self._reading.data
        index = -1 if part is None or part.old is None else part.old
        place = records[index].place() if records else Place(self._reading.file, 1)
        hint = UNSAFE_HINT
        if part and not part.touched and data and not data.endswith(b"\n"):
            hint = "end the last line of the file with a line break, then run the command again"
        return unsafe_edit_error("the file cannot be edited safely here", place, hint)
