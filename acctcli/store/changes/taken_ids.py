"""Ids a new record must not have (out of store/ids)."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acctcli.store.views.view import View


class TakenIds(Container[str]):
    """The ids that are taken in a view, and those that a change has handed out since."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._made: set[str] = set()

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._made or self._view.is_taken(str(record_id))

    def is_in_book(self, record_id: str) -> bool:
        """Whether the view has it; what was handed out was looked up then."""
        return record_id not in self._made and self._view.is_taken(record_id)

    def add(self, record_id: str) -> None:
        """Hand an id out."""
        self._made.add(record_id)
