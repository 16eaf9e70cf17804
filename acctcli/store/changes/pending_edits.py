"""Edits by record id, before any text is touched.

What may be edited, and what a record reads as, its caller has looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw


class PendingEdits:
    """What is done to records.

    Attributes:
        added: The kind and fields of new records.
        updated: The fields of records that get other values; None unsets one.
        replaced: The new texts of records that come from an editor.
        removed: The kinds of records that go.
    """

    def __init__(self) -> None:
        self.added: dict[str, tuple[KindName, Mapping[str, Raw]]] = {}
        self.updated: dict[str, dict[str, Raw]] = {}
        self.replaced: dict[str, str] = {}
        self.removed: dict[str, KindName] = {}
        self._kinds: dict[str, KindName] = {}  # of what was updated or replaced

    def is_empty(self) -> bool:
        """Whether nothing is done."""
        return not (self.added or self.updated or self.replaced or self.removed)

    def changed_kinds(self) -> dict[str, KindName]:
        """The kind of each record that is edited or added, by id."""
        return self._kinds | {key: kind for key, (kind, _) in self.added.items()}

    def touched_kinds(self) -> dict[str, KindName]:
        """The kind of each record that is edited, added or removed, by id."""
        return self.changed_kinds() | self.removed

    def replace(self, kind: KindName, key: str, text: str) -> None:
        """Give a record another text."""
        self.replaced[key] = text
        self._kinds[key] = kind

    def update(self, kind: KindName, key: str, fields: Mapping[str, Raw]) -> None:
        """Give fields of a record other values; of one that is new, that is part of making it."""
        if key in self.added:
            merged = {**self.added[key][1], **fields}
            known = [field.name for field in KINDS[kind].fields]
            order = dict.fromkeys((*known, *merged))  # as records are written
            self.added[key] = (kind, {k: merged[k] for k in order if merged.get(k) is not None})
        elif fields:
            self.updated.setdefault(key, {}).update(fields)
            self._kinds[key] = kind

    def remove(self, kind: KindName, key: str) -> None:
        """Let a record go; of one that is new, nothing is left."""
        if self.added.pop(key, None) is None:
            self.removed[key] = kind

    def restore(
        self, kind: KindName, key: str, fields: Mapping[str, Raw], before: Mapping[str, Raw]
    ) -> None:
        """Let a record that was to go stay, with other fields than those before.

        So one commit tells of it once, and an id stands in it once.

        Raises:
            InvalidInputError: ``id-of-removed``: it was of another kind.
        """
        if self.removed[key] != kind:
            raise InvalidInputError.of(
                "id-of-removed",
                f'the id "{key}" is that of a record of another kind that goes in the same commit',
                hint="choose another id, or add it in a second run",
            )
        del self.removed[key]
        self.updated.pop(key, None)
        self.update(kind, key, {**dict.fromkeys(before), **fields})
