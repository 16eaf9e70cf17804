"""The fields that --fields names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.query.columns import CUSTOM_PREFIX, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.model.kinds import Field


class Pick(NamedTuple):
    """A field that is wanted.

    Attributes:
        path: Its path, such as `next_activity.type`, or that of an object, as `next_activity`.
        columns: The columns that make it: itself, or those below it, none of which need be there.
    """

    path: str
    columns: tuple[str, ...]


def picks(text: str, columns: Mapping[str, Field], where: str = "--fields") -> list[Pick]:
    """The fields that a text asks for, in its order, each once.

    Args:
        text: Names with commas between them: paths of columns; bare names of the book's own
            fields; or what stands before a dot in a path, which means the object as a whole.
        columns: The columns by their paths, and what is nested in a row and in no column.
        where: The option it was given by, for messages.

    Raises:
        InvalidInputError: ``unknown-field`` with the nearest there is, or ``no-field`` for a text
            without names.
    """
    found: dict[str, Pick] = {}
    for name in filter(None, map(str.strip, text.split(","))):
        below = tuple(path for path in columns if path.startswith(f"{name}."))
        if name in columns:
            pick = Pick(name, (name,))
        elif below:
            pick = Pick(name, below)
        else:
            path = resolve(name, columns, where)
            pick = Pick(path, (path,))
        found.setdefault(pick.path, pick)
    if not found:
        raise InvalidInputError.of(
            "no-field", f"{where} names no field", hint="write names, such as name,won_value"
        )
    return list(found.values())


def keys_of(path: str) -> list[str]:
    """The keys that lead to the end of a path; the name of an own field may have dots in it."""
    if path.startswith(CUSTOM_PREFIX):
        return [CUSTOM_PREFIX[:-1], path.removeprefix(CUSTOM_PREFIX)]
    return path.split(".")


def select_fields(row: Mapping[str, object], wanted: Sequence[Pick]) -> dict[str, object]:
    """A row with nothing in it but what is wanted, nested as it is.

    Of an object that is not set no keys are left, only that it is not set.
    """
    made: dict[str, object] = {}
    for pick in wanted:
        into, value = made, row
        keys = keys_of(pick.path)
        for key in keys[:-1]:
            inner = value.get(key)
            if not isinstance(inner, Mapping):
                into.setdefault(key, None)
                break
            held = into.setdefault(key, {})
            assert isinstance(held, dict)  # noqa: S101 - what was put there before, of this row
            into, value = held, inner
        else:
            into[keys[-1]] = value.get(keys[-1])
    return made
