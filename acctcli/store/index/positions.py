"""Positions of records in a file's bytes."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

from acctcli.store.datafiles import file_reader
from acctcli.store.datafiles.edited_windows import ByteRange
from acctcli.store.datafiles.file_editor import Window
from acctcli.store.index.row_codec import file_of, first_place

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from acctcli.store.datafiles.file_reader import PlacedRecord
    from acctcli.store.index.update.freshness import IndexedFile

_FEW = 8  # windows
_NEIGHBOURS = 2  # records on each side: blank lines, comments and habits are looked at there


def windows(
    database: sqlite3.Connection, file: int, data: bytes, ids: Sequence[str], *, adding: bool
) -> list[Window] | None:
    """Windows around these records, and with `adding` one that reaches the file's end.

    None when the places cannot be told for certain, since a text stands in the file twice.
    """
    first, last = first_place(file), first_place(file + 1)
    spans: list[tuple[int, int]] = []
    for record_id in ids:
        (place,) = database.execute(
            "SELECT place FROM records WHERE id = ?", (record_id,)
        ).fetchone()
        spans.append(
            (_step(database, place, first, back=True), _step(database, place, last, back=False))
        )
    if adding:
        spans.append((_step(database, last, first, back=True), last))
    joined = _join_spans(spans)
    # Each of a few is looked for in all of the file; of many the places are counted out.
    starts = Starts(database, file, len(data)) if len(joined) > _FEW else None
    found: list[Window] = []
    for span in joined:
        window = _window(database, span, (first, last), data, starts)
        if window is None:
            return None
        found.append(window)
    return found


def _step(database: sqlite3.Connection, place: int, end: int, *, back: bool) -> int:
    """The place of the neighbour some records away; the end of the file where there is none."""
    statement = (
        "SELECT place FROM records WHERE place < ? AND place > ? ORDER BY place DESC LIMIT ?"
        if back
        else "SELECT place FROM records WHERE place > ? AND place < ? ORDER BY place LIMIT ?"
    )
    rows = database.execute(statement, (place, end, _NEIGHBOURS)).fetchall()
    return rows[-1][0] if len(rows) == _NEIGHBOURS else end


def _join_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined


def _window(
    database: sqlite3.Connection,
    span: tuple[int, int],
    ends: tuple[int, int],
    data: bytes,
    starts: Starts | None,
) -> Window | None:
    rows = database.execute(
        "SELECT id, text, place FROM records WHERE place >= ? AND place <= ? ORDER BY place", span
    ).fetchall()
    texts = [row[1] for row in rows]
    size = sum(map(len, texts))
    at_start, at_end = span[0] == ends[0], span[1] == ends[1]
    numbers = {row[0]: number for number, row in enumerate(rows)}
    told = ByteRange(None if at_start else span[0], None if at_end else span[1])
    if at_start and at_end:
        return Window(0, len(data), numbers, told)
    if at_end:
        start: int | None = len(data) - size
        if not data.endswith(b"".join(texts)):
            return None
    elif starts is not None:
        start = starts.of(rows[0][2])
        if start < 0 or not data.startswith(b"".join(texts), start):
            return None
    else:
        start = find_window(data, texts)
    if start is None:
        return None
    # What stands before the first record of a file goes with it.
    return Window(0 if at_start else start, start + size, numbers, told)


def find_window(data: bytes, texts: Sequence[bytes]) -> int | None:
    """Where these records stand in a file, one directly behind the other.

    None when that is nowhere, or at more than one place.
    """
    sought = b"".join(texts)
    at = -1
    found: int | None = None
    while (at := data.find(sought, at + 1)) >= 0:
        if at and data[at - 1 : at] != b"\n":
            continue
        if found is not None:
            return None
        found = at
    return found


_FEW_RECORDS = 8  # records of a file that are looked for, each in all of it
_BLOCK = 1 << 16  # bytes whose lines are counted together


class Placing:
    """Gives records with their lines, of files that stay as they are."""

    def __init__(
        self,
        database: sqlite3.Connection,
        files: Mapping[int, IndexedFile],
        content: Callable[[IndexedFile], bytes],
    ) -> None:
        """Prepare; `content` gives the bytes that the index was made of."""
        self._database = database
        self._files = files
        self._content = content
        self._sought: dict[str, int] = {}
        self._starts: dict[str, _Lines] = {}
        self._read: dict[str, list[PlacedRecord]] = {}

    def at(self, place: int) -> PlacedRecord:
        """The record at a place of the index, as it stands in its file."""
        file = self._files[file_of(place)]
        data = self._content(file)
        if file.usual:
            text: bytes = self._database.execute(
                "SELECT text FROM records WHERE place = ?", (place,)
            ).fetchone()[0]
            found = self._lines_before(file, data, place, text)
            if found is not None:
                return file_reader.read_records(file.name, text, lines_before=found).records[0]
        if file.name not in self._read:
            self._read[file.name] = file_reader.read_records(file.name, data).records
        (number,) = self._database.execute(
            "SELECT count(*) FROM records WHERE place > ? AND place < ?",
            (first_place(file.number), place),
        ).fetchone()
        return self._read[file.name][int(number)]

    def _lines_before(self, file: IndexedFile, data: bytes, place: int, text: bytes) -> int | None:
        """How many lines stand before a text; None when that cannot be told for certain."""
        count = self._sought[file.name] = self._sought.get(file.name, 0) + 1
        if count <= _FEW_RECORDS:
            start = find_window(data, [text])
            return None if start is None else data.count(b"\n", 0, start)
        if file.name not in self._starts:
            self._starts[file.name] = _Lines(self._database, file.number, data)
        return self._starts[file.name].lines_before(place, text)


class _Lines:
    """Where each record of a file begins; they follow each other up to the file's end."""

    def __init__(self, database: sqlite3.Connection, number: int, data: bytes) -> None:
        self._data = data
        self._starts = Starts(database, number, len(data))
        counts = (data.count(b"\n", low, low + _BLOCK) for low in range(0, len(data), _BLOCK))
        self._lines = list(accumulate(counts, initial=0))

    def lines_before(self, place: int, text: bytes) -> int | None:
        start = self._starts.of(place)
        if start < 0 or not self._data.startswith(text, start):
            return None
        block = start // _BLOCK
        return self._lines[block] + self._data.count(b"\n", block * _BLOCK, start)


class Starts:
    """Where the records of a file begin; they follow each other up to the file's end."""

    def __init__(self, database: sqlite3.Connection, number: int, size: int) -> None:
        """Count; `number` is the file's, `size` how many bytes it has."""
        rows = database.execute(
            "SELECT place, length(text) FROM records WHERE place > ? AND place < ? ORDER BY place",
            (first_place(number), first_place(number + 1)),
        )
        self._places = array("q")
        self._starts = array("q")
        at = 0
        for place, length in rows:
            self._places.append(place)
            self._starts.append(at)
            at += length
        self._head = size - at

    def of(self, place: int) -> int:
        """Where the record at a place of the index begins; below 0 when it is another file."""
        return self._head + self._starts[bisect_left(self._places, place)]
