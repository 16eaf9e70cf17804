"""Kept texts looked through for days, without the typing of records that cannot have them.

It finds all records that have such a day, and maybe others; which have it, the caller sees.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from acctcli.store.index.rows import NUMBERS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from acctcli.core.model.kinds import KindName

_Row = tuple[bytes, bytes | None, int]

_DONE = (b"\n  done: true\n", b"\n  done: yes\n")
_DAY = dt.timedelta(days=1)
_LENGTH = len("YYYY-MM-DD")
# Of a text in the plain form it is certain what its lines say, but for the one with the dash.
_ROWS = (
    "SELECT text, raw, crc FROM records JOIN files ON files.number = records.place >> 44"
    " WHERE kind = ? AND records.id IS NOT NULL AND (raw IS NOT NULL OR ({}))"
    " ORDER BY files.rank, records.place"
)


def due(database: sqlite3.Connection, until: dt.date) -> Iterator[_Row]:
    """The activities that may be undone and due up to a day: text, raw and crc."""
    test, values = _may_lie(b"due_date", dt.date.min, until)
    return _rows(
        database, "activities", f"instr(text, ?) = 0 AND instr(text, ?) = 0 AND {test}",
        (*_DONE, *values),
    )  # fmt: skip


def won(database: sqlite3.Connection, since: dt.date, until: dt.date) -> Iterator[_Row]:
    """The deals that may be won in a period: text, raw and crc."""
    # What is written is the day by an offset, which may be the one before or after in the zone.
    first = since - _DAY if since > dt.date.min else since
    last = until + _DAY if until < dt.date.max else until
    test, values = _may_lie(b"won_time", first, last)
    return _rows(database, "deals", test, values)


def _rows(
    database: sqlite3.Connection, kind: KindName, test: str, values: tuple[bytes | int, ...]
) -> Iterator[_Row]:
    return database.execute(_ROWS.format(test), (NUMBERS[kind], *values))


def _may_lie(key: bytes, first: dt.date, last: dt.date) -> tuple[str, tuple[bytes | int, ...]]:
    """What tells that the day of a key may lie in a period, and the values it asks for.

    Days sort as they are written. A value in quotes may be any.
    """
    line, dash = b"\n  %b: " % key, b"- %b: " % key
    written = f"substr(text, instr(text, ?) + ?, {_LENGTH})"
    test = (
        f"(substr(text, 1, ?) = ? OR (instr(text, ?) > 0"
        f" AND ({written} BETWEEN ? AND ? OR substr({written}, 1, 1) = ?)))"
    )
    days = (first.isoformat().encode(), last.isoformat().encode())
    where = (line, len(line))
    return test, (len(dash), dash, line, *where, *days, *where, b'"')
