"""Scans of all records in the index."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KIND_NAMES, KINDS, FieldType, KindName
from acctcli.store.datafiles.plain_reader import plain_records
from acctcli.store.datafiles.typed_records import typed_record
from acctcli.store.index.database import DamagedError
from acctcli.store.index.row_codec import NUMBERS, first_place, raw_of, verify_crc
from acctcli.store.views.view import ScannedRecord

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw, Settings

    _Row = tuple[int, str | None, bytes, bytes | None, int]


_BATCH = 200  # records that are read at once


def scan_records(
    database: sqlite3.Connection, files: Iterable[tuple[int, KindName]], settings: Settings
) -> Iterator[ScannedRecord]:
    """All that stands in files, by their numbers and kinds; placed by its place in the index.

    Raises:
        DamagedError: a row is not what was written.
    """
    for number, kind in files:
        rows = database.execute(
            "SELECT place, id, text, raw, crc FROM records WHERE place > ? AND place < ?"
            " ORDER BY place",
            (first_place(number), first_place(number + 1)),
        )
        while some := rows.fetchmany(_BATCH):
            for (place, record_id, *_), raw in zip(some, _raws(some), strict=True):
                if record_id is None:
                    yield ScannedRecord(kind, None, raw, is_bare=False, at=place)
                    continue
                record, _, is_bare = typed_record(kind, raw or {}, settings)
                if record is None or record.id != record_id:
                    raise DamagedError
                yield ScannedRecord(kind, record, raw, is_bare, place)


def _raws(rows: Sequence[_Row]) -> Sequence[Mapping[str, Raw] | None]:
    """The values of rows as text: of all at once where all are in the plain form."""
    if all(kept is None for _, _, _, kept, _ in rows):
        for _, _, text, kept, crc in rows:
            verify_crc(text, kept, crc)
        found = plain_records(b"".join(row[2] for row in rows).decode(), len(rows))
        if found is not None:
            return found
    return [raw_of(text, kept, crc) for _, _, text, kept, crc in rows]


_DatedRow = tuple[bytes, bytes | None, int]

_DONE = (b"\n  done: true\n", b"\n  done: yes\n")
_DAY = dt.timedelta(days=1)
_LENGTH = len("YYYY-MM-DD")
# Of a text in the plain form it is certain what its lines say, but for the one with the dash.
_ROWS = (
    "SELECT text, raw, crc FROM records JOIN files ON files.number = records.place >> 44"
    " WHERE kind = ? AND records.id IS NOT NULL AND (raw IS NOT NULL OR ({}))"
    " ORDER BY files.rank, records.place"
)


def scan_due(database: sqlite3.Connection, until: dt.date) -> Iterator[_DatedRow]:
    """The activities that may be undone and due up to a day: text, raw and crc."""
    test, values = _may_lie(b"due_date", dt.date.min, until)
    return _rows(
        database, "activities", f"instr(text, ?) = 0 AND instr(text, ?) = 0 AND {test}",
        (*_DONE, *values),
    )  # fmt: skip


def scan_won(database: sqlite3.Connection, since: dt.date, until: dt.date) -> Iterator[_DatedRow]:
    """The deals that may be won in a period: text, raw and crc."""
    # What is written is the day by an offset, which may be the one before or after in the zone.
    first = since - _DAY if since > dt.date.min else since
    last = until + _DAY if until < dt.date.max else until
    test, values = _may_lie(b"won_time", first, last)
    return _rows(database, "deals", test, values)


def _rows(
    database: sqlite3.Connection, kind: KindName, test: str, values: tuple[bytes | int, ...]
) -> Iterator[_DatedRow]:
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


def scan_links(
    database: sqlite3.Connection, settings: Settings
) -> Iterator[tuple[KindName, str, KindName, str]]:
    """See `View.links`."""
    fields = {kind: _link_fields(kind, settings) for kind in KIND_NAMES}
    lines = {kind: _line(fields[kind]) for kind in KIND_NAMES}
    rows = database.execute("SELECT kind, id, text, raw, crc FROM records WHERE id IS NOT NULL")
    for number, record_id, text, raw, crc in rows:
        kind = KIND_NAMES[number]
        known = fields[kind]
        if raw is None:  # in the plain form: one key a line, its value up to the end of it
            for name, quoted, plain in lines[kind].findall(text):
                yield kind, record_id, known[name], (quoted or plain).decode()
        else:
            values = raw_of(text, raw, crc) or {}
            for name, target_kind in known.items():
                value = values.get(name.decode())
                if isinstance(value, str):
                    yield kind, record_id, target_kind, value


def _link_fields(kind: KindName, settings: Settings) -> dict[bytes, KindName]:
    fields = (*KINDS[kind].fields, *settings.custom_fields(kind).values())
    return {
        field.name.encode(): field.link
        for field in fields
        if field.type is FieldType.LINK and field.link is not None
    }


def _line(fields: Mapping[bytes, KindName]) -> re.Pattern[bytes]:
    names = b"|".join(map(re.escape, fields))
    return re.compile(
        rb"^(?:- |  )(" + names + rb'): (?:"([^"\n]*)"|([^"\n][^\n]*))$', re.MULTILINE
    )
