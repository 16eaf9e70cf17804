"""Names for completion, from the index as it lies there.

It is not brought up to date, nothing is written and nobody is waited for: a name that is missing
is better than a shell that stands still.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote_from_bytes

from acctcli.core.model.names import fold
from acctcli.store.files import filesystem
from acctcli.store.index import database as db

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# The kinds in the order of their numbers, each with the field that names a record to people; a
# test holds it to `core.model.kinds`, which would have to be loaded.
LABELS = {
    "orgs": "name",
    "people": "name",
    "deals": "title",
    "activities": "subject",
    "notes": "content",
    "files": "name",
}
_NUMBERS = {kind: number for number, kind in enumerate(LABELS)}
_LAST = "\U0010ffff"  # sorts behind all that begins the same
_LOOKED_AT = 2000  # rows of the index, for one word


class NamedRecord(NamedTuple):
    """A record that a word may be meant for.

    Attributes:
        id: Its id.
        name: What it is called by people.
        fields: Its values as text.
    """

    id: str
    name: str
    fields: Mapping[str, object]


class CompletionLookup:
    """An index that is looked at once; `open_lookup` gives one."""

    def __init__(self, database: sqlite3.Connection, about: bytes) -> None:
        self._database = database
        self._about = about

    def is_stale(self, root: Path) -> bool:
        """Whether a file that the index knows is another by its size and times."""
        rows = self._database.execute(
            "SELECT name, device, inode, size, mtime_ns, ctime_ns FROM files"
        )
        return any(
            filesystem.key_at(root / name) != filesystem.FileKey(*key) for name, *key in rows
        )

    def size(self) -> int:
        """The bytes of the book's files, as they were."""
        (size,) = self._database.execute("SELECT total(size) FROM files").fetchone()
        return int(size)

    def settings(self) -> Mapping[str, Any]:
        """What acctcli.yaml says, as `core.model.records.Settings` has it, in plain mappings."""
        import msgspec

        settings: Mapping[str, Any] = msgspec.msgpack.decode(self._about)["settings"]
        return settings

    def owners(self) -> list[str]:
        """The owners of organizations, by name."""
        rows = self._database.execute(
            "SELECT DISTINCT owner FROM accounts WHERE owner IS NOT NULL ORDER BY owner"
        )
        return [row[0] for row in rows]

    def records_named(
        self, kind: str, begin: str, *, accounts_only: bool = False
    ) -> Iterator[NamedRecord]:
        """The records of a kind whose id begins so, then those whose name does.

        Of a name case and accents do not count. Of many records not all are looked at.
        """
        folded = fold(begin)
        ids = self._ids(kind, begin, accounts_only=accounts_only) if begin else []
        names = self._names(kind, folded, accounts_only=accounts_only)
        for record_id in dict.fromkeys([*ids, *names]):
            row = self._database.execute(
                "SELECT text, raw FROM records WHERE id = ?", (record_id,)
            ).fetchone()
            fields = _fields(*row)
            yield NamedRecord(record_id, str(fields.get(LABELS[kind], "")), fields)

    def _ids(self, kind: str, begin: str, *, accounts_only: bool) -> list[str]:
        bounds = (begin, begin + _LAST)
        if kind == "orgs":  # each has a row among the accounts, and no other kind has
            return self._column(
                "SELECT org FROM accounts WHERE org >= ? AND org < ? AND won_count >= ?"
                " ORDER BY org LIMIT ?",
                (*bounds, int(accounts_only), _LOOKED_AT),
            )
        return self._column(
            "SELECT id FROM (SELECT id, kind FROM records WHERE id >= ? AND id < ?"
            " ORDER BY id LIMIT ?) WHERE kind = ?",
            (*bounds, _LOOKED_AT, _NUMBERS[kind]),
        )

    def _names(self, kind: str, folded: str, *, accounts_only: bool) -> list[str]:
        bounds = (folded, folded + _LAST)
        if accounts_only:
            return self._column(
                "SELECT org FROM accounts WHERE sort >= ? AND sort < ? AND won_count >= 1"
                " ORDER BY sort, org LIMIT ?",
                (*bounds, _LOOKED_AT),
            )
        return self._column(
            "SELECT id FROM records WHERE kind = ? AND label >= ? AND label < ?"
            " AND id IS NOT NULL ORDER BY label LIMIT ?",
            (_NUMBERS[kind], *bounds, _LOOKED_AT),
        )

    def _column(self, query: str, values: tuple[object, ...]) -> list[str]:
        return [row[0] for row in self._database.execute(query, values)]

    def close(self) -> None:
        """Let go of the index."""
        self._database.close()


def _fields(text: bytes, raw: bytes | None) -> Mapping[str, object]:
    """The values of a record, from a row."""
    if raw is None:
        from acctcli.store.datafiles.plain_reader import plain_record

        return plain_record(text.decode()) or {}
    import json

    found: Mapping[str, object] = json.loads(raw)
    return found


def open_lookup(root: Path, cache: Path | None) -> CompletionLookup | None:
    """A glance at the index of a book; None when there is none that could be used.

    Asking it raises sqlite3.Error when the index is damaged.

    Args:
        root: The book.
        cache: The folder of caches of all programs.
    """
    if cache is None:
        return None
    path = db.database_path(cache / "acctcli", root)
    database = None
    try:
        # Path.as_uri loads a client of HTTP since Python 3.14
        address = f"file:{quote_from_bytes(os.fsencode(path.absolute()))}?mode=ro"
        database = sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == db.VERSION:
            found = database.execute("SELECT value FROM about WHERE name = 'about'").fetchone()
            # Two books may have to share an index: it says itself which of them it is of.
            if found is not None and os.fsencode(filesystem.resolve_symlinks(root)) in found[0]:
                return CompletionLookup(database, found[0])
    except sqlite3.Error:
        pass
    if database is not None:
        database.close()
    return None
