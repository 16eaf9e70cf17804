"""Records as a change will leave them.

It copies nothing of what stays, so that a change of one record of a million is a small thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from acctcli.store.views.lazy_mapping import StreamingMapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Record = TypeVar("_Record")


class PendingRecords(StreamingMapping[_Record]):
    """A mapping over another one; what is put in it stands in the place of what it replaces."""

    def __init__(self, base: Mapping[str, _Record]) -> None:
        self._base = base
        self._put: dict[str, _Record] = {}
        self._gone: set[str] = set()

    def put(self, key: str, record: _Record) -> None:
        """Add a record, or replace one."""
        self._put[key] = record
        self._gone.discard(key)

    def take(self, key: str) -> None:
        """Take a record away; KeyError when there is none."""
        if key not in self:
            raise KeyError(key)
        self._put.pop(key, None)
        self._gone.add(key)

    def changed_keys(self) -> list[str]:
        """The keys of what was put."""
        return list(self._put)

    def __getitem__(self, key: str) -> _Record:
        found = self._put.get(key)
        if found is not None:
            return found
        if key in self._gone:
            raise KeyError(key)
        return self._base[key]

    def __contains__(self, key: object) -> bool:
        return key in self._put or (key not in self._gone and key in self._base)

    def __iter__(self) -> Iterator[str]:
        for key in self._base:
            if key not in self._gone:
                yield key
        for key in self._put:
            if key not in self._base:
                yield key

    def pairs(self) -> Iterator[tuple[str, _Record]]:
        """The pairs of what is under this that stay, replaced or not, then what was added."""
        for key, record in self._base.items():
            if key not in self._gone:
                yield key, self._put.get(key, record)
        for key, record in self._put.items():
            if key not in self._base:
                yield key, record

    def __len__(self) -> int:
        gone = sum(key in self._base for key in self._gone)
        return len(self._base) - gone + sum(key not in self._base for key in self._put)
