"""Columns of tables, and values of rows by their paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct


class TableColumn(NamedTuple):
    """A column of a table for people.

    Attributes:
        header: What stands above it.
        key: The path of the value, such as ``next_activity.due_date``. With ``|`` between paths
            the first one that is set counts; with a space, all that are set are shown.
        align: Where the values stand in the column.
        breaks: Whether a word may break inside when the table must be narrow.
    """

    header: str
    key: str
    align: Literal["left", "right"] = "left"
    breaks: bool = False


def value_at(row: object, path: str) -> object:
    """The value at the end of a path of keys joined by dots; None when there is none."""
    value: object = row
    for key in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, Struct):
            value = getattr(value, key, None)
        else:
            return None
    return value
