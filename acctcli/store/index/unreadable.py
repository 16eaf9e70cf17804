"""Records that cannot be read, in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.kinds import KIND_NAMES
from acctcli.store.files.layout import kind_of_file
from acctcli.store.index.row_codec import decode_problem, raw_of, search_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Raw


class BadRecord(NamedTuple):
    """A record that cannot be read: its place, all up to the next one, its values, the problem."""

    place: int
    text: bytes
    raw: Mapping[str, Raw] | None
    problem: Problem


class UnreadableRecords:
    """What cannot be read, as long as the database stays as it is."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._has_ids = database.execute("SELECT 1 FROM bad_ids LIMIT 1").fetchone() is not None

    def problems(self) -> list[Problem]:
        """All of them, in the order of the files."""
        rows = self._database.execute(
            "SELECT problem FROM problems JOIN files ON files.number = problems.file"
            " ORDER BY files.rank, problems.place, problems.number"
        )
        return [decode_problem(row[0]) for row in rows]

    def of_id(self, record_id: str) -> Problem | None:
        """The problem of the record with that id."""
        if not self._has_ids:
            return None
        row = self._database.execute(
            "SELECT problem FROM bad_ids JOIN files ON files.number = bad_ids.file"
            " WHERE bad_ids.id = ? ORDER BY files.rank, bad_ids.place LIMIT 1",
            (search_key(record_id),),
        ).fetchone()
        return None if row is None else decode_problem(row[0])

    def ids(self) -> set[str]:
        """The ids of the records that cannot be read."""
        return {row[0] for row in self._database.execute("SELECT id FROM bad_ids")}

    def broken_kinds(self) -> set[str]:
        """The kinds of files that have records of which not even the id can be read."""
        torn = self._database.execute("SELECT kind FROM records WHERE id IS NULL AND raw IS NULL")
        return {KIND_NAMES[row[0]] for row in torn} | {
            kind_of_file(name) for name, _ in self.files()
        }

    def count(self) -> int:
        """How many records, or whole files, cannot be read."""
        (bad,) = self._database.execute("SELECT count(*) FROM records WHERE id IS NULL").fetchone()
        return int(bad) + len(self.files())

    def files(self) -> list[tuple[str, Problem]]:
        """The files that cannot be read as a whole, by name, and why."""
        rows = self._database.execute(
            "SELECT files.name, problem FROM problems JOIN files ON files.number = problems.file"
            " WHERE place IS NULL ORDER BY files.rank"
        )
        return [(name, decode_problem(kept)) for name, kept in rows]

    def records(self) -> Iterator[BadRecord]:
        """The records that cannot be read, each with the first of its problems."""
        rows = self._database.execute(
            "SELECT place, text, raw, crc, problem FROM records JOIN problems USING (place)"
            " JOIN files ON files.number = problems.file WHERE id IS NULL"
            " GROUP BY place HAVING problems.number = min(problems.number)"
            " ORDER BY files.rank, place"
        )
        for place, text, raw, crc, kept in rows.fetchall():
            known = raw_of(text, raw, crc) if raw is not None else None
            yield BadRecord(place, text, known, decode_problem(kept))
