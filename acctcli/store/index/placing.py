"""Where records stand in their files, line by line: a few are looked for, many are counted out.

It knows the texts and the order of the records in the index, and the bytes of the files.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from acctcli.store import reading
from acctcli.store.index import windows
from acctcli.store.index.rows import file_of, first_place
from acctcli.store.index.starts import Starts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from acctcli.store.index.compare import Known
    from acctcli.store.reading import Placed

_FEW = 8  # records of a file that are looked for, each in all of it
_BLOCK = 1 << 16  # bytes whose lines are counted together


class Placing:
    """Gives records with their lines, of files that stay as they are."""

    def __init__(
        self,
        database: sqlite3.Connection,
        files: Mapping[int, Known],
        content: Callable[[Known], bytes],
    ) -> None:
        """Prepare; `content` gives the bytes that the index was made of."""
        self._database = database
        self._files = files
        self._content = content
        self._sought: dict[str, int] = {}
        self._starts: dict[str, _Lines] = {}
        self._read: dict[str, list[Placed]] = {}

    def at(self, place: int) -> Placed:
        """The record at a place of the index, as it stands in its file."""
        file = self._files[file_of(place)]
        data = self._content(file)
        if file.usual:
            text: bytes = self._database.execute(
                "SELECT text FROM records WHERE place = ?", (place,)
            ).fetchone()[0]
            found = self._where(file, data, place, text)
            if found is not None:
                return reading.read_file(file.name, text, lines_before=found).records[0]
        if file.name not in self._read:
            self._read[file.name] = reading.read_file(file.name, data).records
        (number,) = self._database.execute(
            "SELECT count(*) FROM records WHERE place > ? AND place < ?",
            (first_place(file.number), place),
        ).fetchone()
        return self._read[file.name][int(number)]

    def _where(self, file: Known, data: bytes, place: int, text: bytes) -> int | None:
        """How many lines stand before a text; None when that cannot be told for certain."""
        count = self._sought[file.name] = self._sought.get(file.name, 0) + 1
        if count <= _FEW:
            start = windows.find_window(data, [text])
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
