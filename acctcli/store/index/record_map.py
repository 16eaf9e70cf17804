"""Mappings of records by id, out of the index.

A record that was looked up by its id is kept; those of a whole kind are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from acctcli.core.model.records import Data, Record
from acctcli.store.index.database import DamagedError
from acctcli.store.index.row_codec import (
    NUMBERS,
    plain_raws_of,
    record_of,
    search_key,
)
from acctcli.store.views.lazy_mapping import StreamingMapping

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Settings

_Found = TypeVar("_Found", bound=Record)
_ALL = (
    "FROM records JOIN files ON files.number = records.place >> 44"
    " WHERE records.kind = ? AND records.id IS NOT NULL ORDER BY files.rank, records.place"
)


_OFTEN = 1000  # after so many questions for ids, all of them are looked up
_MANY = 200_000  # ids that are held at the most
_BATCH = 50  # records that are read at once
_KEPT = 20_000  # records that are held at the most


class IndexedRecords(StreamingMapping[_Found]):
    """The records of one kind, in the order of the files."""

    def __init__(self, database: sqlite3.Connection, kind: KindName, settings: Settings) -> None:
        self._database = database
        self._kind: KindName = kind
        self._number = NUMBERS[kind]
        self._settings = settings
        self._known: dict[str, _Found | None] = {}
        self._asked = 0
        self._ids: frozenset[str] | None = None

    def __getitem__(self, record_id: str) -> _Found:
        found = self._known.get(record_id)
        if found is None:
            if record_id in self._known:
                raise KeyError(record_id)
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[record_id] = self._look_up(record_id)
            if found is None:
                raise KeyError(record_id)
        return found

    def _look_up(self, record_id: str) -> _Found | None:
        row = self._database.execute(
            "SELECT text, raw, crc FROM records WHERE id = ? AND kind = ?",
            (search_key(record_id), self._number),
        ).fetchone()
        return None if row is None else self._record(record_id, row)

    def _record(self, record_id: str, row: tuple[bytes, bytes | None, int]) -> _Found:
        found = record_of(self._kind, row, self._settings)
        if found.id != record_id:
            raise DamagedError
        return cast("_Found", found)

    def __contains__(self, record_id: object) -> bool:
        if self._ids is not None:
            return record_id in self._ids
        if record_id in self._known:
            return self._known[str(record_id)] is not None
        self._asked += 1
        if self._asked == _OFTEN and len(self) <= _MANY:
            self._ids = frozenset(self)
        found = self._database.execute(
            "SELECT 1 FROM records WHERE id = ? AND kind = ?",
            (search_key(str(record_id)), self._number),
        )
        return found.fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        for row in self._database.execute(f"SELECT records.id {_ALL}", (self._number,)):
            yield row[0]

    def __len__(self) -> int:
        (count,) = self._database.execute(
            "SELECT count(*) FROM records WHERE kind = ? AND id IS NOT NULL", (self._number,)
        ).fetchone()
        return int(count)

    def pairs(self) -> Iterator[tuple[str, _Found]]:
        """All ids and records, read one after the other."""
        from acctcli.store.datafiles.typed_records import typed_plain_record

        rows = self._database.execute(
            f"SELECT records.id, text, raw, crc {_ALL}",
            (self._number,),
        )
        read = typed_plain_record(self._kind, self._settings)
        # Many at once are read in half the time, when all of them are in the plain form.
        while batch := rows.fetchmany(_BATCH):
            raws = plain_raws_of([(row[1], row[2], row[3]) for row in batch])
            for number, (record_id, *row) in enumerate(batch):
                found = None if raws is None else read(raws[number])
                if found is None:
                    yield record_id, self._record(record_id, (row[0], row[1], row[2]))
                elif found.id == record_id:
                    yield record_id, cast("_Found", found)
                else:
                    raise DamagedError


def data_of(database: sqlite3.Connection, settings: Settings) -> Data:
    """All records of the index, looked up when they are asked for."""
    return Data(
        orgs=IndexedRecords(database, "orgs", settings),
        people=IndexedRecords(database, "people", settings),
        deals=IndexedRecords(database, "deals", settings),
        activities=IndexedRecords(database, "activities", settings),
        notes=IndexedRecords(database, "notes", settings),
        files=IndexedRecords(database, "files", settings),
    )
