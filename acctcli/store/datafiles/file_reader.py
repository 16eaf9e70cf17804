"""Records of a data file, with their places.

It joins what `splitter` finds by lines with what the parser says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.errors import InvalidBookError, Place, Problem
from acctcli.store.datafiles.plain_reader import plain_record
from acctcli.store.datafiles.splitter import (
    BOM_BYTES,
    Chunk,
    SplitFile,
    content_end,
    has_odd_breaks,
    rejoin,
    split_file,
)
from acctcli.store.datafiles.yaml import reader
from acctcli.store.datafiles.yaml.nodes import (
    Mapping,
    Scalar,
    Sequence,
    line_end,
    node_content_end,
    position,
    raw,
)
from acctcli.store.datafiles.yaml.parser import (
    BOM,
    RefusalError,
    TextSpan,
    document,
    quick_record,
    top_spans,
)

if TYPE_CHECKING:
    from acctcli.core.model.records import RawRecord

# What may come of a piece that was cut inside a quoted text.
_MAYBE_MISCUT = frozenset({"yaml-syntax", "conflict-marker", "not-one-record"})


class PlacedRecord:
    """One record of a file, or what stands in its place and cannot be read.

    Attributes:
        index: Its number in the file, from 0.
        raw: Its values as text, by key; None when it cannot be read.
        problem: Why it cannot be read.
        line: The number of its line in the file, from 1.
    """

    __slots__ = ("_reading", "chunk", "index", "line", "problem", "raw")

    def __init__(
        self,
        reading: Reading,
        index: int,
        chunk: Chunk,
        raw_record: RawRecord | None,
        problem: Problem | None = None,
    ) -> None:
        self._reading = reading
        self.index = index
        self.chunk = chunk
        self.line = chunk.line
        self.raw = raw_record
        self.problem = problem

    @property
    def problem_id(self) -> str | None:
        """The name of its problem, if it has one."""
        return self.problem.id if self.problem else None

    @property
    def piece(self) -> bytes:
        """All of the file from where it begins to where the next one does."""
        return self._reading.data[self.chunk.start : self.chunk.end]

    @property
    def text(self) -> bytes:
        """Its lines: comments directly above, keys and values, comments deeper than its dash."""
        return self._reading.data[self.chunk.start : self.content_end]

    @property
    def content_end(self) -> int:
        """Where its last line ends in the file, in bytes; blank lines and comments may follow."""
        reading, chunk = self._reading, self.chunk
        if reading.nodes is not None:
            return chunk.end
        piece = reading.data[chunk.start : chunk.end]
        dash = chunk.dash - chunk.start
        return chunk.start + text_end(piece, dash, reading.cut.indent, parsed=self.raw is not None)

    def place(self, field: str | None = None, *, at_key: bool = False) -> Place:
        """The place of the value of a key, or of the key; of the record when there is none."""
        if self.problem and self.problem.place:
            return self.problem.place
        node, text, first_line = self._reading.node_of(self)
        found = None
        if node and field is not None:
            found = node.key(field) if at_key else node.get(field)
        if found is None:
            start = self._reading.data.rfind(b"\n", 0, self.chunk.dash) + 1
            before = self._reading.data[start : self.chunk.dash].decode().removeprefix(BOM)
            indent = self._reading.cut.indent
            line = self._reading.lines_before + self.line
            return Place(self._reading.file, line, len(before) + indent + 1)
        where = position(text, found.start.index)
        return Place(self._reading.file, first_line + where.line + 1, where.column + 1)


class Reading(Struct, eq=False):
    """A file as it was read.

    Attributes:
        file: Its name, for messages.
        data: Its bytes.
        cut: Its pieces by lines.
        records: The records in order.
        problem: Why the file as a whole cannot be read.
        whole: Whether an edit must be checked by reading all of the new file, since what looks
            like the start of a record may be none.
        nodes: The records' nodes when only the full parser could place them; then nothing but a
            scalar is edited in it.
        text: The file's text without a byte order mark, when `nodes` are there.
        lines_before: How many lines of the file stand before `data`, which is but a part of it.
    """

    file: str
    data: bytes
    cut: SplitFile
    records: list[PlacedRecord] = []
    problem: Problem | None = None
    whole: bool = False
    nodes: dict[int, Mapping] | None = None
    text: str = ""
    lines_before: int = 0

    def first_line(self, chunk: Chunk) -> int:
        """How many lines stand before a chunk."""
        above = self.data.count(b"\n", chunk.start, chunk.dash)
        return self.lines_before + chunk.line - 1 - above

    def node_of(self, placed: PlacedRecord) -> tuple[Mapping | None, str, int]:
        """A record's mapping, the text its places count in, and the lines before that text."""
        if self.nodes is not None:
            return self.nodes.get(placed.index), self.text, 0
        chunk = placed.chunk
        text = self.data[chunk.start : chunk.end].decode()
        return reader.only_record(document(text)), text, self.first_line(chunk)


def text_end(piece: bytes, dash: int, indent: int, *, parsed: bool) -> int:
    """Where a record's last line ends in its piece of a file, in bytes.

    `dash` is where the line of its dash begins; `parsed` says whether the piece can be parsed,
    which tells blank lines and comments from those that end a quoted text or a block scalar.
    """
    end = content_end(piece, dash, len(piece), indent)
    if end < len(piece) and parsed:
        text = piece.decode()
        last = line_end(text, node_content_end(text, reader.only_record(document(text))))
        end = max(end, len(text[:last].encode()))
    return end


def read_records(file: str, data: bytes, *, lines_before: int = 0) -> Reading:
    """Read a data file, or a part of one that begins and ends where records do.

    Nothing is raised: what is wrong stands in the reading.
    """
    reading = Reading(file, data, split_file(data), lines_before=lines_before)
    try:
        text = reader.decode(data, file).removeprefix(BOM)
        try:
            reader.check_size(data)
            _read(reading, text)
        except RefusalError as refusal:
            raise reader.refusal_error(refusal, text, file, 0) from refusal
    except InvalidBookError as error:
        reading.problem = error.problems[0]
    return reading


def _read(reading: Reading, text: str) -> None:
    found = reading.cut
    odd = has_odd_breaks(reading.data)
    if not found.regular or (odd and not found.chunks):
        _read_whole(reading, text)
        return
    if not odd:
        _read_chunks(reading, found.chunks)
        if any(placed.problem_id in _MAYBE_MISCUT for placed in reading.records):
            reading.whole = True
            spans = top_spans(text)
            joined = spans and rejoin(reading.data, found, _in_bytes(reading.data, text, spans))
            if joined and joined != found.chunks:
                _read_chunks(reading, joined)
        return
    reading.whole = True
    spans = top_spans(text)
    if spans is None:
        _read_broken(reading, text)
        return
    joined = rejoin(reading.data, found, _in_bytes(reading.data, text, spans))
    if joined is None:
        _read_whole(reading, text)
    else:
        _read_chunks(reading, joined)


def _read_broken(reading: Reading, text: str) -> None:
    # A file with odd line breaks that is no list of records, or not valid somewhere.
    try:
        _read_whole(reading, text)
    except RefusalError as refusal:
        if refusal.name in ("not-a-list", "several-documents"):
            raise
        reading.nodes = None
        _read_chunks(reading, reading.cut.chunks)
        if not any(placed.problem for placed in reading.records):
            raise


def _in_bytes(data: bytes, text: str, spans: list[TextSpan]) -> list[TextSpan]:
    start = len(BOM_BYTES) if data.startswith(BOM_BYTES) else 0
    if text.isascii():
        return [TextSpan(span.start + start, span.end + start) for span in spans]
    found: list[TextSpan] = []
    at, offset = 0, start
    for span in spans:
        first = offset + len(text[at : span.start].encode())
        offset = first + len(text[span.start : span.end].encode())
        at = span.end
        found.append(TextSpan(first, offset))
    return found


def _read_chunks(reading: Reading, chunks: list[Chunk]) -> None:
    data = reading.data
    reading.records = []
    for index, chunk in enumerate(chunks):
        text = data[chunk.start : chunk.end].decode()
        found: RawRecord | None = None
        problem: Problem | None = None
        if chunk.false_dash is None and len(text) <= reader.LIMIT >> 2:
            found = plain_record(text) or quick_record(text)
        if found is None:
            try:
                found = _record(reading, chunk, text)
            except InvalidBookError as error:
                problem = error.problems[0]
        reading.records.append(PlacedRecord(reading, index, chunk, found, problem))


def _record(reading: Reading, chunk: Chunk, text: str) -> RawRecord:
    if chunk.false_dash is not None:
        line = chunk.line + reading.data.count(b"\n", chunk.dash, chunk.false_dash)
        raise InvalidBookError.of(
            "dash-in-text",
            "a text in quotes runs over this line, which looks like the start of a record",
            place=Place(reading.file, line, reading.cut.indent + 1),
            hint="write the text on one line, or its lines further to the right than the dashes",
        )
    return reader.parse_record(text, reading.file, reading.first_line(chunk))


def _read_whole(reading: Reading, text: str) -> None:
    reading.whole = True
    reading.text = text
    top = document(text)
    if top is None or (isinstance(top, Scalar) and raw(top) is None):
        reading.nodes = {}
        return
    if not isinstance(top, Sequence):
        raise RefusalError(
            "not-a-list",
            'a data file is a list of records that begin with "- "; here stands '
            + ("a text" if isinstance(top, Scalar) else "a mapping"),
            top.start.index,
            'begin each record with "- ", such as "- id: acme"',
        )
    nodes: dict[int, Mapping] = {}
    reading.nodes = nodes
    spans = [TextSpan(item.start.index, node_content_end(text, item)) for item in top.items]
    for span, item in zip(_in_bytes(reading.data, text, spans), top.items, strict=True):
        index = len(reading.records)
        line = position(text, item.start.index).line + 1
        chunk = Chunk(span.start, span.start, span.end, line)
        try:
            record = reader.as_record(item)
        except RefusalError as refusal:
            problem = reader.refusal_error(refusal, text, reading.file, 0).problems[0]
            reading.records.append(PlacedRecord(reading, index, chunk, None, problem))
        else:
            nodes[index] = record
            reading.records.append(PlacedRecord(reading, index, chunk, reader.record_raw(record)))
