"""Records with an id that is taken.

It is needed for books that are wrong alone, so it may be slow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KIND_NAMES
from acctcli.store.commit.snapshot import FilesMoved
from acctcli.store.datafiles.file_reader import read_records
from acctcli.store.datafiles.typed_records import duplicate
from acctcli.store.files import filesystem
from acctcli.store.index.row_codec import (
    bad_row,
    encode_problem,
    file_of,
    first_place,
    raw_of,
)

if TYPE_CHECKING:
    import sqlite3

    from acctcli.core.model.errors import Place
    from acctcli.store.commit.snapshot import FileListing
    from acctcli.store.datafiles.file_reader import PlacedRecord

_SAME = """
SELECT records.id, records.place, records.kind, text, raw, crc FROM records
JOIN files ON files.number = records.place >> 44
WHERE records.id IN (SELECT id FROM records WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1)
ORDER BY files.rank, records.place
"""


class DuplicateIds:
    """Finds them in rows that were just filled."""

    def __init__(self, database: sqlite3.Connection, look: FileListing) -> None:
        self._database = database
        self._look = look
        self._placed: dict[int, dict[int, PlacedRecord]] = {}

    def mark_duplicates(self) -> set[int]:
        """Make bad rows of all but the first of each id; gives their places."""
        first: dict[str, int] = {}
        found: set[int] = set()
        for record_id, place, number, *row in self._database.execute(_SAME).fetchall():
            if record_id not in first:
                first[record_id] = place
                continue
            found.add(place)
            kind = KIND_NAMES[number]
            problem = duplicate(
                kind, record_id, self._place_of(place), self._place_of(first[record_id])
            )
            kept = encode_problem(problem)
            file = file_of(place)
            self._database.execute(
                "REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                bad_row(place, kind, row[0], raw_of(row[0], row[1], row[2])),
            )
            self._database.execute(
                "INSERT INTO problems (file, place, problem) VALUES (?, ?, ?)", (file, place, kept)
            )
            self._database.execute(
                "INSERT INTO bad_ids VALUES (?, ?, ?, ?)", (record_id, file, place, kept)
            )
        return found

    def _place_of(self, place: int) -> Place:
        number = file_of(place)
        if number not in self._placed:
            self._placed[number] = self._read(number)
        return self._placed[number][place].place("id")

    def _read(self, number: int) -> dict[int, PlacedRecord]:
        """The records of a file by their places, with their lines."""
        (name,) = self._database.execute(
            "SELECT name FROM files WHERE number = ?", (number,)
        ).fetchone()
        rows = self._database.execute(
            "SELECT place FROM records WHERE place > ? AND place < ? ORDER BY place",
            (first_place(number), first_place(number + 1)),
        ).fetchall()
        path = self._look.content(name).path
        if path is None:
            raise FilesMoved
        try:
            data, _ = filesystem.read_file(path, name)
        except FileNotFoundError as error:
            raise self._look.missing(name, error) from None
        records = read_records(name, data).records
        if len(records) != len(rows):
            raise FilesMoved
        return {row[0]: placed for row, placed in zip(rows, records, strict=True)}
