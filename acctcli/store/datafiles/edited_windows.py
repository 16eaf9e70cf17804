"""Byte ranges of edited records."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class ByteRange(NamedTuple):
    """The places in the index of the first and the last record of a window.

    None at the file's own start or end.
    """

    first: int | None
    last: int | None


class EditedFile(NamedTuple):
    """A file that was edited in windows: its hash before and after, and what they hold now."""

    old_sha: str
    new_sha: str
    parts: Sequence[tuple[ByteRange, bytes]]
