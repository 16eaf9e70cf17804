"""Dates of activities when an account moves to another column of the board."""

from __future__ import annotations

import datetime as dt
from itertools import chain
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from acctcli.core.accounts.buckets import Bucket, bucket
from acctcli.core.accounts.totals import urgency
from acctcli.core.model.dates import is_business_day
from acctcli.core.model.errors import InvalidInputError, UsageError
from acctcli.core.model.records import Activity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.records import Settings

Target = Literal["today", "tomorrow", "soon", "later"]
_USUAL: dict[Target, int] = {"today": 0, "tomorrow": 1, "soon": 3, "later": 7}


class Move(Struct, frozen=True):
    """What a move of an account changes.

    Attributes:
        day: The due date that the activities get; None takes theirs away.
        activities: Those that get it, the most urgent first.
        is_day_off: Whether the day is no business day, since the bucket has none.
    """

    day: dt.date | None
    activities: tuple[Activity, ...]
    is_day_off: bool = False


def move(
    activities: Iterable[Activity],
    target: Bucket,
    today: dt.date,
    settings: Settings,
    holidays: AbstractSet[dt.date] = frozenset(),
) -> Move:
    """What brings an account into a bucket; no activities when it stands there already.

    The next activity gets a day of the bucket, and so does every other that is due before that
    day: one of them would keep the account where it is.

    Args:
        activities: Those that belong to the account.
        target: The bucket; with `none` nothing stays planned.
        today: The day it is.
        settings: The bounds of the buckets, and whether the day has to be a business day.
        holidays: The days off.

    Raises:
        UsageError: ``move-to-overdue``.
        InvalidInputError: ``nothing-planned``: there is nothing to move. ``bad-date``: the day
            would be beyond the calendar.
    """
    planned = sorted((each for each in activities if _is_planned(each)), key=urgency)
    if target == "overdue":
        raise UsageError.of(
            "move-to-overdue",
            "an account is overdue when a day has passed, so nothing is moved there",
            hint="move it to today, or give an activity a date that is past: acctcli activity"
            " move ID DATE",
        )
    if target == "none":
        return Move(None, tuple(planned))
    if not planned:
        raise InvalidInputError.of(
            "nothing-planned",
            "nothing is planned, so there is nothing to move",
            hint='plan something: acctcli activity add "Ask how it goes" --type call --org ORG'
            f" --due {'+1w' if target == 'later' else 'today'}",
        )
    if bucket(planned[0].due_date, today, settings) == target:
        return Move(planned[0].due_date, ())
    day, is_day_off = _day_of(target, today, settings, holidays)
    first, *others = planned
    return Move(
        day,
        (first, *(each for each in others if (each.due_date or day) < day)),
        is_day_off,
    )


def _is_planned(activity: Activity) -> bool:
    return not activity.done and activity.due_date is not None


def _day_of(
    target: Target, today: dt.date, settings: Settings, holidays: AbstractSet[dt.date]
) -> tuple[dt.date, bool]:
    """The day of a bucket, and whether it is a day off though a business day was wanted."""
    first, last = _bounds(target, settings)
    usual = max(first, _USUAL[target] if last is None else min(_USUAL[target], last))
    start = today.toordinal()
    end = dt.date.max.toordinal() if last is None else min(start + last, dt.date.max.toordinal())
    if start + usual > end:
        raise InvalidInputError.of(
            "bad-date",
            f'the bucket "{target}" is beyond the last day of the calendar',
            hint="move it to an earlier bucket",
        )
    if not settings.business_days:
        return dt.date.fromordinal(start + usual), False
    # The usual day or one after it; else the nearest before it that the bucket has.
    onward = range(start + usual, end + 1)
    back = range(start + usual - 1, start + first - 1, -1)
    for number in chain(onward, back):
        day = dt.date.fromordinal(number)
        if is_business_day(day, holidays):
            return day, False
    return dt.date.fromordinal(start + usual), True


def _bounds(target: Target, settings: Settings) -> tuple[int, int | None]:
    """The first and the last day of a bucket, in days ahead; the last bucket has no last one."""
    bounds: dict[Target, tuple[int, int | None]] = {
        "today": (0, 0),
        "tomorrow": (1, settings.soon - 1),
        "soon": (settings.soon, settings.later - 1),
        "later": (settings.later, None),
    }
    return bounds[target]
