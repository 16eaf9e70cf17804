"""The setting `health`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.names import nearest_first
from acctcli.core.model.settings import INPUTS, Health
from acctcli.core.model.values import quote
from acctcli.core.settings.common import read, under, warn_unknown, wrong

if TYPE_CHECKING:
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Raw, RawRecord
    from acctcli.core.model.settings import Input

_KEYS = ("weights", "healthy", "watch")
_EXAMPLE = "health: {weights: {contact: 3, overdue: 2}, healthy: 70, watch: 40}"
_DEFAULT = Health()
_MOST = 100  # a weight, and the points of an account
_BOUNDS_HINT = (
    "write whole numbers, watch above 0 and below healthy, healthy up to 100, such as"
    " {healthy: 70, watch: 40}"
)


def read_health(raw: RawRecord, problems: list[Problem]) -> Health:
    """The weights and the bounds of the words; what is wrong stays at its default."""
    given = under("health", raw.get("health"), problems, _EXAMPLE)
    warn_unknown("health.", given, _KEYS, problems)
    healthy, watch = _bounds(given, problems)
    return Health(weights=_weights(given.get("weights"), problems), healthy=healthy, watch=watch)


def _weights(wanted: Raw, problems: list[Problem]) -> dict[Input, int]:
    """The inputs that count, in the order in which they are always told."""
    path = "health.weights"
    before = len(problems)
    given = under(path, wanted, problems, _EXAMPLE)
    for name in given:
        if name not in INPUTS:
            there = f"there are {', '.join(INPUTS)}"
            problems.append(
                wrong(
                    "unknown-input",
                    f"{path}.{name}",
                    f"{quote(name)} is no input of health",
                    nearest_first(name, INPUTS, there),
                )
            )
    found: dict[Input, int] = {}
    for name in INPUTS:
        field = Field(f"{path}.{name}", FieldType.INTEGER)
        weight = read(int, field, given, problems)
        if weight is None:
            continue
        found[name] = weight
        if not 1 <= weight <= _MOST:
            problems.append(
                wrong(
                    "bad-value",
                    field.name,
                    f'"{weight}" is no weight',
                    "write a whole number from 1 to 100; leave out what is not to count",
                )
            )
    if wanted is not None and not found and len(problems) == before:
        hint = f"write one weight or more, such as in {_EXAMPLE}"
        problems.append(wrong("bad-value", path, "nothing counts", hint))
    return dict(_DEFAULT.weights) if wanted is None or len(problems) > before else found


def _bounds(given: RawRecord, problems: list[Problem]) -> tuple[int, int]:
    """From how many points on an account is healthy, and is to be watched."""
    default = _DEFAULT.healthy, _DEFAULT.watch
    before = len(problems)
    healthy = read(int, Field("health.healthy", FieldType.INTEGER), given, problems)
    watch = read(int, Field("health.watch", FieldType.INTEGER), given, problems)
    if len(problems) > before:
        return default
    healthy = _DEFAULT.healthy if healthy is None else healthy
    watch = _DEFAULT.watch if watch is None else watch
    if not 1 <= healthy <= _MOST:
        message = f'"{healthy}" is no number of points from 1 to 100'
        problems.append(wrong("bad-value", "health.healthy", message, _BOUNDS_HINT))
    elif not 0 < watch < healthy:
        message = f'"{watch}" is not above 0 and below healthy, "{healthy}"'
        problems.append(wrong("bad-value", "health.watch", message, _BOUNDS_HINT))
    else:
        return healthy, watch
    return default
