"""Pending edits of one file's text.

It plans the edits of records; `text_builder` makes the new bytes and reads them again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import InvalidBookError, InvalidInputError, Place
from acctcli.store.datafiles import plain_writer
from acctcli.store.datafiles.file_reader import PlacedRecord, read_records, text_end
from acctcli.store.datafiles.record_editor import (
    EditStyle,
    gap,
    newline_of,
    set_keys,
)
from acctcli.store.datafiles.splices import Splice, difference
from acctcli.store.datafiles.splitter import BOM_BYTES, split_file
from acctcli.store.datafiles.text_builder import (
    AddedRecord,
    EditedRecord,
    new_bytes,
    unsafe_edit_error,
)
from acctcli.store.datafiles.yaml import reader
from acctcli.store.datafiles.yaml.nodes import (
    Scalar,
    Sequence,
    line_end,
    line_start,
    node_content_end,
)
from acctcli.store.datafiles.yaml.parser import RefusalError, document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.core.model.errors import Problem
    from acctcli.core.model.kinds import Field, Kind
    from acctcli.core.model.records import Raw, RawRecord
    from acctcli.store.datafiles.file_reader import Reading

__all__ = ["FileText", "PlacedRecord"]

_BLANK_LINE = re.compile(rb"^ *\r?\n", re.MULTILINE)
_FIRST_KEY = re.compile(rb" *-( +)[^ #\r\n]")


class _Style(NamedTuple):
    """How the records of the file are written, for those that are added."""

    indent: int
    offset: int  # of the keys from the dash
    newline: str
    spaced: bool  # a blank line stands between records
    base: bytes | None = None  # what stands above, when that is not what the file holds


class FileText:
    """A data file as text, with pending edits.

    Attributes:
        file: Its name, for messages.
        data: Its bytes as they were read.
        kind: The kind of its records.
        splices: Where the new bytes differ, once `finish` gave them.
        head: What comes above the first record of a file without any text.
    """

    def __init__(
        self,
        file: str,
        data: bytes,
        kind: Kind,
        custom: Mapping[str, Field],
        *,
        reading: Reading | None = None,
    ) -> None:
        self.file = file
        self.data = data
        self.kind = kind
        self.custom = custom
        self.splices: list[Splice] = []
        self.head = ""
        self._reading = reading or read_records(file, data)
        self._order = [field.name for field in kind.fields]
        self._edited: dict[int, EditedRecord] = {}
        self._removed: set[int] = set()
        self._added: list[EditedRecord] = []
        self._added_size = 0
        self._style: _Style | None = None
        # In a file that only the full parser can place: the characters from-to, and what comes
        # in their place.
        self._scalars: dict[tuple[int, int], str] = {}

    @property
    def custom(self) -> Mapping[str, Field]:
        """The declared custom fields of the kind; they say what is text."""
        return self._custom

    @custom.setter
    def custom(self, custom: Mapping[str, Field]) -> None:
        self._custom = custom
        self._text_fields: dict[str, bool] = {}

    @property
    def records(self) -> list[PlacedRecord]:
        """The records in order as they were read, unreadable ones too."""
        return self._reading.records

    @property
    def problem(self) -> Problem | None:
        """Why the file as a whole cannot be read; then nothing in it is edited."""
        return self._reading.problem

    def record_span(self, index: int) -> int:
        """Where a record's text starts in the file as it was read, in bytes."""
        return self.records[index].chunk.start

    def previous_id(self, index: int) -> str | None:
        """The id of the record above; empty when there is none above, None when it has none."""
        above = self.records[index - 1].raw if index else {"id": ""}
        found = above.get("id") if above else None
        return found if isinstance(found, str) else None

    def set(self, index: int, changes: Mapping[str, Raw]) -> bytes:
        """Change keys of a record (None unsets one); gives its new text.

        Raises:
            InvalidBookError: it cannot be read, or not be edited safely where it stands.
            InvalidInputError: a value is no text, or too long.
        """
        placed = self._editable(index)
        after = {key: value for key, value in self._current(placed).items() if key not in changes}
        after |= {key: value for key, value in changes.items() if value is not None}
        if self._reading.nodes is not None:
            return self._set_scalars(placed, changes, after)
        text = self._piece(placed)
        habits = EditStyle(self._order, self._is_text, self._newline())
        try:
            new = set_keys(text, changes, habits)
        except RefusalError as refusal:
            first_line = self._reading.first_line(placed.chunk)
            raise reader.refusal_error(refusal, text, self.file, first_line) from refusal
        encoded = _encode(new)
        self._edited[index] = EditedRecord(new, after)
        dash = placed.chunk.dash - placed.chunk.start
        return encoded[: text_end(encoded, dash, self._reading.cut.indent, parsed=True)]

    def replace(self, index: int, new_text: str) -> bytes:
        """Replace the text of a record, with the comments that belong to it; gives the new text.

        Raises:
            InvalidBookError: it cannot be read, or not be replaced safely where it stands.
            InvalidInputError: the new text is not one record in the same column.
        """
        placed = self._editable(index)
        if self._reading.nodes is not None:
            raise self._unsafe(placed.place())
        try:
            after = reader.parse_record(new_text, self.file)
        except InvalidBookError as error:
            raise InvalidInputError(*error.problems) from error
        encoded = new_text.encode()
        pieces = split_file(encoded)
        indent = self._reading.cut.indent
        if len(pieces.chunks) != 1 or pieces.indent != indent or pieces.tail < len(encoded):
            raise InvalidInputError.of(
                "not-one-record",
                f'the text must be one record whose "-" stands in column {indent + 1}',
                hint="leave the dash where it was, and nothing else as far to the left",
            )
        end = placed.content_end
        newline = newline_of(self._piece(placed), self._newline())
        if newline == "\r\n" and "\r" not in new_text:
            new_text = new_text.replace("\n", newline)
        if not new_text.endswith("\n") and self.data[:end].endswith(b"\n"):
            new_text += newline
        rest = self.data[end : placed.chunk.end].decode()
        self._edited[index] = EditedRecord(new_text + rest, after)
        final = (new_text + rest).encode()
        return final[: text_end(final, split_file(final).chunks[0].dash, indent, parsed=True)]

    def remove(self, index: int) -> None:
        """Remove a record with the comments that belong to it.

        Raises:
            InvalidBookError: it cannot be read, or not be removed safely where it stands.
        """
        placed = self._editable(index)
        if self._reading.nodes is not None:
            raise self._unsafe(placed.place())
        self._removed.add(index)

    def append(self, fields: Mapping[str, Raw]) -> tuple[int, bytes]:
        """Add a record at the end; gives about where its text will start, and the text.

        The start is exact when nothing else in the file is edited or spaced at the same time.

        Raises:
            InvalidBookError: the file cannot be read, or has no safe place for a new record.
            InvalidInputError: a value is no text, or too long.
        """
        if self._style is None:
            self._style = self._find_style()
        style = self._style
        wanted = {key: value for key, value in fields.items() if value is not None}
        text = plain_writer.record_text(
            ((key, value, self._is_text(key)) for key, value in wanted.items()),
            indent=style.indent,
            offset=style.offset,
            newline=style.newline,
        )
        encoded = _encode(text)
        position = self._reading.cut.tail + self._added_size
        self._added.append(EditedRecord(text, wanted))
        self._added_size += len(encoded) + (len(style.newline) if style.spaced else 0)
        return position, encoded

    def finish(self) -> bytes:
        """The new bytes, read again: what was edited reads as intended, the rest is the same.

        Raises:
            InvalidBookError: they would not read as intended (``unsafe-edit``).
        """
        if self._scalars:
            new = self._finish_scalars()
            self.splices = list(difference(self.data, new))
            return new
        if not (self._edited or self._removed or self._added):
            return self.data
        added = None
        if self._style and self._added:
            style = self._style
            added = AddedRecord(self._added, style.newline, style.spaced, style.base)
        new, self.splices = new_bytes(self._reading, self._edited, self._removed, added)
        return new

    # what an edit needs to know

    def _editable(self, index: int) -> PlacedRecord:
        placed = self.records[index]
        for problem in (self.problem, placed.problem):
            if problem:
                raise InvalidBookError(problem)
        return placed

    def _current(self, placed: PlacedRecord) -> RawRecord:
        edited = self._edited.get(placed.index)
        return edited.expected if edited else placed.raw or {}

    def _piece(self, placed: PlacedRecord) -> str:
        edited = self._edited.get(placed.index)
        if edited:
            return edited.text
        return self.data[placed.chunk.start : placed.chunk.end].decode()

    def _is_text(self, name: str) -> bool:
        known = self._text_fields.get(name)
        if known is None:
            known = plain_writer.is_text_field(self.kind, self.custom, name)
            self._text_fields[name] = known
        return known

    def _newline(self) -> str:
        return "\r\n" if self.data[: self.data.find(b"\n") + 1].endswith(b"\r\n") else "\n"

    def _unsafe(self, place: Place) -> InvalidBookError:
        return unsafe_edit_error("what stands here cannot be edited safely by lines", place)

    def _find_style(self) -> _Style:
        if self.problem:
            raise InvalidBookError(self.problem)
        if self._reading.nodes is not None:
            return _Style(0, 2, self._newline(), spaced=False, base=self._without_brackets())
        if not self.records:
            head = None if self.data else self.head.encode() or None
            return _Style(0, 2, self._newline(), spaced=False, base=head)
        last = self.records[-1]
        first_key = _FIRST_KEY.match(self.data, last.chunk.dash)
        offset = 1 + len(first_key[1]) if first_key else 2
        spaced = False
        if len(self.records) > 1:
            before = self.data[self.records[-2].content_end : last.chunk.start]
            spaced = _BLANK_LINE.search(before) is not None
        newline = newline_of(self._piece(last), self._newline())
        return _Style(self._reading.cut.indent, offset, newline, spaced)

    def _without_brackets(self) -> bytes:
        text = self._reading.text
        top = document(text)
        if not isinstance(top, Sequence) or not top.flow or top.items:
            mark = top.start if top else None
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise self._unsafe(Place(self.file, line, column))
        start, end = line_start(text, top.start.index), top.end.index
        rest = text[end : line_end(text, end)].lstrip(" \t\r\n")
        base = text[:start] + rest + text[line_end(text, end) :]
        found = split_file(base.encode())
        if text[start : top.start.index].strip() or not found.regular or found.chunks:
            raise self._unsafe(Place(self.file, top.start.line + 1, top.start.column + 1))
        return (BOM_BYTES if self.data.startswith(BOM_BYTES) else b"") + base.encode()

    # a file that only the full parser can place: nothing but scalars is edited in it

    def _set_scalars(
        self, placed: PlacedRecord, changes: Mapping[str, Raw], after: RawRecord
    ) -> bytes:
        text, node = self._reading.text, (self._reading.nodes or {})[placed.index]
        before = self._current(placed)
        planned = dict(self._scalars)
        for key, value in changes.items():
            if before.get(key) == value and (key in before or value is None):
                continue
            old = node.get(key)
            if not isinstance(old, Scalar) or old.style in ("|", ">") or not isinstance(value, str):
                raise self._unsafe(placed.place(key))
            planned[old.start.index, old.end.index] = plain_writer.scalar(value, flow=True)
        self._scalars = planned
        self._edited[placed.index] = EditedRecord("", after)
        return self._with_scalars(text, node.start.index, node_content_end(text, node)).encode()

    def _with_scalars(self, text: str, start: int, end: int) -> str:
        pieces: list[str] = []
        for low, high in sorted(self._scalars):
            if start <= low and high <= end:
                pieces += [text[start:low], gap(text, low), self._scalars[low, high]]
                start = high
        return "".join([*pieces, text[start:end]])

    def _finish_scalars(self) -> bytes:
        text = self._reading.text
        new = self._with_scalars(text, 0, len(text)).encode()
        if self.data.startswith(BOM_BYTES):
            new = BOM_BYTES + new
        read = read_records(self.file, new).records
        if len(read) != len(self.records):
            raise self._unsafe(Place(self.file, 1))
        for placed, found in zip(self.records, read, strict=True):
            wanted = None if placed.raw is None else self._current(placed)
            if found.raw != wanted:
                raise self._unsafe(placed.place())
        return new


def _encode(text: str) -> bytes:
    data = text.encode()
    try:
        reader.check_size(data, whole=True)
    except RefusalError as refusal:
        raise InvalidInputError.of(
            "too-long", "a record or a line of it gets longer than 1 MiB", hint=refusal.hint
        ) from refusal
    return data
