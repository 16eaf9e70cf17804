"""A look through all records of the index, many at a time, which is quicker than one by one.

It knows rows and the plain form; what is looked for is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.store.index.database import DamagedError
from acctcli.store.index.rows import first_place, prove, raw_of
from acctcli.store.scan import plain_records
from acctcli.store.typed import typed
from acctcli.store.view import Seen

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw, Settings

    # The place of a record, its id, text, raw and crc.
    _Row = tuple[int, str | None, bytes, bytes | None, int]

_BATCH = 200  # records that are read at once


def look_through(
    database: sqlite3.Connection, files: Iterable[tuple[int, KindName]], settings: Settings
) -> Iterator[Seen]:
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
                    yield Seen(kind, None, raw, is_bare=False, at=place)
                    continue
                record, _, is_bare = typed(kind, raw or {}, settings)
                if record is None or record.id != record_id:
                    raise DamagedError
                yield Seen(kind, record, raw, is_bare, place)


def _raws(rows: Sequence[_Row]) -> Sequence[Mapping[str, Raw] | None]:
    """The values of rows as text: of all at once where all are in the plain form."""
    if all(kept is None for _, _, _, kept, _ in rows):
        for _, _, text, kept, crc in rows:
            prove(text, kept, crc)
        found = plain_records(b"".join(row[2] for row in rows).decode(), len(rows))
        if found is not None:
            return found
    return [raw_of(text, kept, crc) for _, _, text, kept, crc in rows]
