"""Single records restored in a file that changed since.

For files that were changed elsewhere since. It plans steps over the file's bytes and reads what
would come of them: every other record stays as it is.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import InvalidBookError, Place
from acctcli.store.datafiles.file_reader import read_records
from acctcli.store.datafiles.splices import PieceTable, ReverseSplice
from acctcli.store.datafiles.splitter import BOM_BYTES
from acctcli.store.datafiles.text_builder import unsafe_edit_error
from acctcli.store.files import filesystem
from acctcli.store.history import history_format

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.core.model.records import RawRecord
    from acctcli.store.datafiles.file_reader import PlacedRecord, Reading
    from acctcli.store.history.history_format import HistoryLine

_BLANK_LINE = re.compile(rb" *\r?\n")
_HAS_BLANK = re.compile(rb"^ *\r?\n", re.MULTILINE)
_ENDS_BLANK = re.compile(rb"(?:\A|\n) *\r?\n\Z")
_ENDS_COMMENT = re.compile(rb"(?:\A|\n) *#[^\n]*\n?\Z")
_CONTEXT = 4096  # how much of what stands before a place is looked at


class RestoreConflict(NamedTuple):
    """A thing that is not as a commit left it.

    Attributes:
        what: What it is called.
        left: Its text as the commit left it; empty for nothing, None when only its hash is known.
        now: Its text now; empty for nothing.
        id: The record's id, where it is one.
        sha: The SHA-256 of a text that is not known.
    """

    title: str
    old: str | None
    new: str
    id: str | None = None
    sha: str | None = None


def restore_records(
    name: str, data: bytes, lines: Sequence[HistoryLine]
) -> tuple[list[ReverseSplice], list[RestoreConflict]]:
    """The steps that put the records of a commit's lines back, and what stands against it.

    Raises:
        InvalidBookError: the file cannot be read, or not be edited safely (``unsafe-edit``).
    """
    reading = read_records(name, data)
    if reading.problem:
        raise InvalidBookError(reading.problem)
    placed = by_id(reading)
    clashes = [
        clash for line in lines if (clash := _clash(line, placed.get(line.id or ""))) is not None
    ]
    if clashes:
        return [], clashes
    steps = list(_steps(reading, placed, lines))
    _verify(reading, steps, lines)
    return steps, []


def by_id(reading: Reading) -> dict[str, PlacedRecord]:
    """The readable records of a file by their ids; of two with one id the first."""
    found: dict[str, PlacedRecord] = {}
    for each in reading.records:
        key = each.raw.get("id") if each.raw else None
        if isinstance(key, str):
            found.setdefault(key, each)
    return found


def _clash(line: HistoryLine, placed: PlacedRecord | None) -> RestoreConflict | None:
    now = placed.text if placed else b""
    if line.after_sha256 is not None:  # it was added
        if placed and filesystem.sha_of(now) == line.after_sha256:
            return None
        return RestoreConflict(f'"{line.id}"', None, now.decode(), line.id, line.after_sha256)
    if now == (line.after or "").encode():
        return None
    return RestoreConflict(f'"{line.id}"', line.after or "", now.decode(), line.id)


def _steps(
    reading: Reading, placed: dict[str, PlacedRecord], lines: Sequence[HistoryLine]
) -> Iterator[ReverseSplice]:
    steps: list[ReverseSplice] = []
    for line in lines:
        if line.after is not None:
            found = placed[line.id or ""]
            steps.append(
                ReverseSplice(found.chunk.start, len(found.text), (line.before or "").encode())
            )
        elif line.before is None:
            steps.append(_removal(reading.data, placed[line.id or ""]))
    inserted: dict[str, int] = {}
    removed = sorted(
        (line for line in lines if line.before is not None and line.after is None),
        key=lambda line: line.position or 0,
    )
    places: dict[int, list[str]] = {}
    for line in removed:
        at = _place(reading, placed, inserted, line)
        inserted[line.id or ""] = at
        places.setdefault(at, []).append(line.before or "")
    steps += [ReverseSplice(at, 0, _fit_in(reading, at, texts)) for at, texts in places.items()]
    return iter(sorted(steps))


def _removal(data: bytes, placed: PlacedRecord) -> ReverseSplice:
    """Of two blank lines that meet where the record was, one goes."""
    start, end = placed.chunk.start, placed.content_end
    before = data[:start].removeprefix(BOM_BYTES)
    blank = _BLANK_LINE.match(data, end, placed.chunk.end)
    if blank and (not before or _ENDS_BLANK.search(before[-_CONTEXT:])):
        end = blank.end()
    return ReverseSplice(start, end - start, b"")


def _place(
    reading: Reading, placed: dict[str, PlacedRecord], inserted: dict[str, int], line: HistoryLine
) -> int:
    """Where a record goes back in: below the one it stood below, else at the end."""
    if line.above in inserted:
        return inserted[line.above]
    if line.above in placed:
        return placed[line.above].chunk.end
    return reading.cut.head if line.above == history_format.FIRST else reading.cut.tail


def _fit_in(reading: Reading, at: int, texts: Sequence[str]) -> bytes:
    """Records as they go in at a place: on lines of their own, spaced as the others are."""
    data, records = reading.data, reading.records
    newline = b"\r\n" if "\r\n" in texts[0] else b"\n"
    before = data[:at].removeprefix(BOM_BYTES)[-_CONTEXT:]
    pairs = pairwise(records)
    spaced = any(_HAS_BLANK.search(data, one.content_end, two.chunk.start) for one, two in pairs)
    gap = newline if spaced else b""
    made = b"" if not before or before.endswith(b"\n") else newline
    if before and (spaced or _ENDS_COMMENT.search(before)) and not _ENDS_BLANK.search(before):
        made += newline
    for number, text in enumerate(texts):
        made += gap if number else b""
        made += text.encode()
        made += b"" if text.endswith("\n") else newline
    return made + (gap if at < len(data) else b"")


def _verify(reading: Reading, steps: Sequence[ReverseSplice], lines: Sequence[HistoryLine]) -> None:
    """Read what would come of the steps: the records as they were, the others untouched."""
    pieces = PieceTable(reading.data)
    pieces.change(steps)
    other = read_records(reading.file, pieces.content())
    wanted = {line.id: line.before for line in lines}
    if other.problem is None:
        kept = [_content(each) for each in reading.records if _id(each.raw) not in wanted]
        found = [_content(each) for each in other.records if _id(each.raw) not in wanted]
        texts = {key: text.encode().rstrip() for key, text in wanted.items() if text is not None}
        put = {key: each.text.rstrip() for key, each in by_id(other).items() if key in wanted}
        if kept == found and put == texts:
            return
    raise unsafe_edit_error(
        "the records cannot be put back safely in this file", Place(reading.file, 1)
    )


def _content(placed: PlacedRecord) -> tuple[bytes, RawRecord | None]:
    # The last line of a file may get its end, and blank lines after a record may come or go.
    return placed.text.rstrip(), placed.raw


def _id(raw: RawRecord | None) -> str | None:
    found = raw.get("id") if raw else None
    return found if isinstance(found, str) else None
