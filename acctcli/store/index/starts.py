"""Where each record of a file begins, counted out from the lengths of all of them.

It knows the order and the lengths of the records in the index; the bytes of the file it does not
look at.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from acctcli.store.index.rows import first_place

if TYPE_CHECKING:
    import sqlite3


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
