"""Readers that all parts of the settings share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.core.model.names import nearest_first
from acctcli.core.model.values import quote, read_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.core.model.kinds import Field, KindName
    from acctcli.core.model.records import Raw, RawRecord

T = TypeVar("T")


def read(want: type[T], field: Field, raw: RawRecord, problems: list[Problem]) -> T | None:
    """The value at the last key of the field's dotted path, None when unset or wrong."""
    try:
        value = read_value(field, raw.get(field.name.rpartition(".")[2]))
    except InvalidInputError as error:
        problems.extend(error.problems)
        return None
    return value if isinstance(value, want) else None


def under(path: str, given: Raw, problems: list[Problem], example: str) -> dict[str, Raw]:
    """The mapping that stands there, empty when nothing or something else does.

    `example` says how it is written, for the hint.
    """
    if isinstance(given, dict):
        return given
    if given is not None:
        found = "a list" if isinstance(given, list) else "a text"
        problems.append(
            Problem(
                id="bad-type",
                message=f"{path}: {found} stands where keys and values are expected",
                hint=f"write keys and values below it, such as in {example}",
                field=path,
            )
        )
    return {}


def warn_unknown(
    path: str, given: RawRecord, known: Iterable[str], problems: list[Problem]
) -> None:
    """Note the keys of a mapping that are not known (rule 11); the path ends with its dot."""
    names = list(known)
    for key in given:
        if key not in names:
            there = f"there are {', '.join(names)}"
            problems.append(
                Problem(
                    id="unknown-key",
                    message=f"{quote(path + key)} is not a setting",
                    level="warning",
                    hint=nearest_first(key, names, there),
                    field=path + key,
                )
            )


def kinds(
    path: str, raw: RawRecord, problems: list[Problem], example: str
) -> list[tuple[KindName, Raw]]:
    """What stands under each kind in the mapping at that path."""
    given = under(path, raw.get(path), problems, example)
    warn_unknown(f"{path}.", given, KIND_NAMES, problems)
    return [(kind, given[kind]) for kind in KIND_NAMES if given.get(kind) is not None]


def wrong(name: str, path: str, message: str, hint: str) -> Problem:
    """That something at a path is not as it must be."""
    return Problem(id=name, message=f"{path}: {message}", hint=hint, field=path)
