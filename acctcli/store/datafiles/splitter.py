"""A data file split into the texts of its records.

A line that looks like the start of a record may stand inside a quoted text; the piece before it
then fails to parse, and `rejoin` puts the pieces right.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.store.datafiles.splices import Splice
    from acctcli.store.datafiles.yaml.parser import TextSpan

BOM_BYTES = b"\xef\xbb\xbf"
# The lines that may stand before the first record, and after the mark of the document's end.
_BLANK_OR_COMMENT = re.compile(rb" *(?:#[^\r\n]*)?(?:\r?\n|\Z)")
_DOCUMENT = re.compile(rb"--- *(?:#[^\r\n]*)?(?:\r?\n|\Z)")
_DOCUMENT_END = re.compile(rb"\.\.\. *(?:#[^\r\n]*)?(?:\r?\n|\Z)")
_FIRST_DASH = re.compile(rb" *-(?=[ \t\r\n]|\Z)")
_DOCUMENT_MARK = re.compile(rb"\n(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
# What may stand nowhere in YAML; inside records the parser finds it.
FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x84\x86-\x9f]|\xef\xbf[\xbe\xbf]"
)


class Chunk(Struct, frozen=True, gc=False):
    """One record's piece of a file, in bytes from the file's start.

    Attributes:
        start: Where the comment lines directly above the record begin, else the record's line.
        dash: Where the line of its dash begins.
        end: Where the next record's piece begins.
        line: The number of the dash's line, from 1.
        false_dash: Where a line in a quoted text looks like the start of a record, if one does.
    """

    start: int
    dash: int
    end: int
    line: int
    false_dash: int | None = None


class SplitFile(Struct, frozen=True):
    """A file in pieces: the head, the chunks and the tail are all of it, without a gap.

    Attributes:
        head: Where the first chunk begins; where the tail does when there is none.
        chunks: The records' pieces in order.
        tail: Where the lines from a closing ``...`` on begin, else the end of the file.
        indent: The column of the dashes.
        regular: False for a file whose records only the full parser can place; it has no chunks.
    """

    head: int
    chunks: list[Chunk]
    tail: int
    indent: int
    regular: bool


def split_file(data: bytes) -> SplitFile:
    """Cut a file into records; joined again, the pieces are the file, whatever its bytes are."""
    size = len(data)
    top = len(BOM_BYTES) if data.startswith(BOM_BYTES) else 0
    first, opened = _skip_head(data, top)
    dash = _FIRST_DASH.match(data, first)
    irregular = SplitFile(size, [], size, 0, regular=False)
    if FORBIDDEN.search(data, 0, first):
        return irregular
    if dash is None:
        tail = _tail_at(data, first)
        closed = tail is not None and tail < size
        # A "..." without a "---" closes nothing: YAML does not take that.
        if tail is None or (closed and not opened):
            return irregular
        return SplitFile(tail, [], tail, 0, regular=True)
    mark = _DOCUMENT_MARK.search(data, first)
    tail = _tail_at(data, mark.start() + 1 if mark else size)
    if tail is None:
        return irregular
    indent = dash.end() - first - 1
    pattern = re.compile(rb"\n(?= {%d}-(?:[ \t\r\n]|\Z))" % indent)
    dashes = [first, *(found.end() for found in pattern.finditer(data, first, tail))]
    starts = [
        _comments_above(data, low, at, indent)
        for low, at in zip([top, *dashes[:-1]], dashes, strict=True)
    ]
    ends = [*starts[1:], tail]
    line = 1 + data.count(b"\n", 0, first)
    chunks: list[Chunk] = []
    for number, at in enumerate(dashes):
        if number:
            line += data.count(b"\n", dashes[number - 1], at)
        chunks.append(Chunk(starts[number], at, ends[number], line))
    return SplitFile(starts[0], chunks, tail, indent, regular=True)


def _skip_head(data: bytes, position: int) -> tuple[int, bool]:
    opened = False
    while position < len(data):
        found = _BLANK_OR_COMMENT.match(data, position)
        if not found and not opened:
            found = _DOCUMENT.match(data, position)
            opened = found is not None
        if not found:
            break
        position = found.end()
    return position, opened


def _tail_at(data: bytes, start: int) -> int | None:
    # From a closing "..." on nothing may stand but comments.
    closing = _DOCUMENT_END.match(data, start)
    if start < len(data) and (not closing or FORBIDDEN.search(data, start)):
        return None
    position = closing.end() if closing else start
    while position < len(data):
        found = _BLANK_OR_COMMENT.match(data, position)
        if not found:
            return None
        position = found.end()
    return start


def _comments_above(data: bytes, low: int, at: int, indent: int) -> int:
    # A comment deeper than the dash may be a line of a block scalar: it stays where it is.
    while at > low:
        start = max(data.rfind(b"\n", low, at - 1) + 1, low)
        if not _is_comment(data[start:at], indent):
            break
        at = start
    return at


def _is_comment(line: bytes, indent: int) -> bool:
    bare = line.lstrip(b" ")
    return bare.startswith(b"#") and len(line) - len(bare) <= indent


def content_end(data: bytes, start: int, end: int, indent: int) -> int:
    """Where the last line of a record ends that is neither blank nor a comment of the file's own.

    A quoted text or a block scalar may end in lines that look blank or like a comment; who has
    parsed the record knows whether its content reaches further.
    """
    while end > start:
        line_start = max(data.rfind(b"\n", start, end - 1) + 1, start)
        line = data[line_start:end]
        if line.strip(b" \r\n") and not _is_comment(line, indent):
            break
        end = line_start
    return end


def has_odd_breaks(data: bytes) -> bool:
    """Whether there are line breaks to YAML that are none to an editor: lone CR, NEL, LS, PS."""
    return (
        (b"\r" in data and data.count(b"\r") != data.count(b"\r\n"))
        or b"\xc2\x85" in data
        or b"\xe2\x80\xa8" in data
        or b"\xe2\x80\xa9" in data
    )


def rejoin(data: bytes, found: SplitFile, spans: Sequence[TextSpan]) -> list[Chunk] | None:
    """The chunks as the places of the items (in bytes) say; None when the two do not fit.

    A dash inside an item is a false one. A comment line inside an item is none.
    """
    chunks = found.chunks
    joined: list[Chunk] = []
    start = found.head
    number = 0
    for span in spans:
        if number == len(chunks) or not chunks[number].dash <= span.start:
            return None
        first = chunks[number]
        number += 1
        false_dash = None
        while number < len(chunks) and chunks[number].dash < span.end:
            false_dash = false_dash or chunks[number].dash
            number += 1
        end = found.tail
        if number < len(chunks):
            end = chunks[number].start
            if end < span.end:
                end = data.find(b"\n", span.end) + 1
        if not span.start < max(end, first.dash + 1) or end > found.tail:
            return None
        joined.append(Chunk(start, first.dash, end, first.line, false_dash))
        start = end
    return joined if number == len(chunks) else None


_AROUND = 2  # records on each side
_DASH = b"\n- "


class Region(NamedTuple):
    """`old[start:end]` became `new[at:to]`, records around what changed included."""

    start: int
    end: int
    at: int
    to: int


def regions_around(old: bytes, splices: Iterable[Splice]) -> list[Region]:
    """The stretches around splices, in order; those that meet are one."""
    found: list[Region] = []
    moved = 0  # how much further on everything stands in the new bytes
    for splice in splices:
        low, high = _low(old, splice.start), _high(old, splice.end)
        shift = splice.at - splice.start
        moved = splice.to - splice.end
        if found and low <= found[-1].end:
            last = found[-1]
            found[-1] = Region(
                last.start, max(high, last.end), last.at, max(high, last.end) + moved
            )
        else:
            found.append(Region(low, high, low + shift, high + moved))
    return found


def _low(data: bytes, at: int) -> int:
    """Where the record begins that stands so many before a place; the file's start if none does."""
    for _ in range(_AROUND + 1):
        at = data.rfind(_DASH, 0, at)
        if at < 0:
            return 0
    return _comment_start(data, at + 1)


def _high(data: bytes, at: int) -> int:
    """Where a record begins that stands so many behind a place; the file's end if none does."""
    at = max(at - 1, 0)
    for _ in range(_AROUND + 1):
        at = data.find(_DASH, at + 1)
        if at < 0:
            return len(data)
    return _comment_start(data, at + 1)


def _comment_start(data: bytes, at: int) -> int:
    """Where the comment lines directly above a record begin."""
    while at:
        start = data.rfind(b"\n", 0, at - 1) + 1
        if data[start : start + 1] != b"#":
            break
        at = start
    return at
