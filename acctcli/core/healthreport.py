"""The report of health: all accounts with their points, the fewest first.

It knows what a line of the report says; how health is worked out, `core.health` knows.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.health import Part, Word, assess, seen_of
from acctcli.core.names import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from acctcli.core.accounts import Row
    from acctcli.core.health import Assessment, Known
    from acctcli.core.records import Settings


class HealthRow(Struct, frozen=True, kw_only=True):
    """An account and its health; the names are the machine keys.

    Attributes:
        id: The account's.
        name: Likewise.
        owner: Likewise.
        tier: Likewise.
        won_value: Currency code to the exact sum of the won deals.
        points: From 0 to 100.
        word: What they mean.
        reason: What keeps back the most points; None when nothing does.
        parts: What made the points, input by input.
    """

    id: str
    name: str
    owner: str | None
    tier: str | None
    won_value: dict[str, Decimal]
    points: int
    word: Word
    reason: str | None
    parts: tuple[Part, ...]


def health_report(
    accounts: Iterable[Known], settings: Settings, today: dt.date, *, word: str | None = None
) -> list[HealthRow]:
    """The accounts with their health on a day: those with the fewest points first, then by name.

    With a word, only those that it is true of.
    """
    rows = []
    for each in map(seen_of, accounts):
        found = assess(each, settings, today)
        if word in (None, found.word):
            rows.append(_row(each.row, found))
    return sorted(rows, key=lambda row: (row.points, fold(row.name), row.id))


def _row(row: Row, found: Assessment) -> HealthRow:
    worst = found.worst
    lost = worst.most - worst.points
    return HealthRow(
        id=row.id,
        name=row.name,
        owner=row.owner,
        tier=row.tier,
        won_value=row.won_value,
        points=found.points,
        word=found.word,
        reason=worst.because if lost else None,
        parts=found.parts,
    )
