"""A look through all records of the index, many at a time, which is quicker than one by one.

It knows rows and the plain form; what is looked for is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.store.index.database import DamagedError
from acctcli.store.index.rows import first_place, raw_of
from acctcli.store.typed import plain_typed, typed
from acctcli.store.view import Seen

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from acctcli.core.kinds import KindName
    from acctcli.core.records import Settings


def look_through(
    database: sqlite3.Connection, files: Iterable[tuple[int, KindName]], settings: Settings
) -> Iterator[Seen]:
    """All that stands in files, by their numbers and kinds; placed by its place in the index.

    Raises:
        DamagedError: a row is not what was written.
    """
    for number, kind in files:
        quickly = plain_typed(kind, settings)
        rows = database.execute(
            "SELECT place, id, text, raw, crc FROM records WHERE place > ? AND place < ?"
            " ORDER BY place",
            (first_place(number), first_place(number + 1)),
        )
        for place, record_id, text, kept, crc in rows:
            raw = raw_of(text, kept, crc)
            if record_id is None:
                yield Seen(kind, None, raw, is_bare=False, at=place)
                continue
            record, is_bare = None, False
            if kept is None and raw is not None:
                # In the plain form, all values are texts.
                record = quickly(raw)  # type: ignore[arg-type]
            if record is None and raw is not None:
                record, _, is_bare = typed(kind, raw, settings)
            if record is None or record.id != record_id:
                raise DamagedError
            yield Seen(kind, record, raw, is_bare, place)
