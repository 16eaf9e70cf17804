"""Where in a file's bytes the records stand that are edited: windows around them.

The index knows the records' texts and their order; the bytes of the file decide where they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.store.fileedit import Window
from acctcli.store.index.rows import first_place
from acctcli.store.index.starts import Starts
from acctcli.store.rewritten import Span

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

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
    joined = _joined(spans)
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


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
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
    told = Span(None if at_start else span[0], None if at_end else span[1])
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
