"""Ids, at random or made of another one, and which are taken.

Their letters and digits are not mistaken for one another, and they are never a number.
"""

from __future__ import annotations

import os
from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acctcli.store.views.view import View

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # 32, so that five bits of a byte choose one
_CHOICE = bytes(ord(_ALPHABET[byte & 31]) for byte in range(256))
_FOLLOWING = 8  # characters behind the letter, as in the ids at random


def made_id(letter: str, length: int) -> str:
    """A letter and so many characters at random."""
    return letter + os.urandom(length).translate(_CHOICE).decode()


def following_id(before: str, attempt: int) -> str:
    """The id of the activity that follows another one in a series.

    It is made of that one's id, so that it is the same each time, and on each machine; `attempt`
    gives others, should it be taken.
    """
    import hashlib

    digest = hashlib.sha256(f"after {attempt} {before}".encode()).digest()
    return "a" + digest[:_FOLLOWING].translate(_CHOICE).decode()


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
