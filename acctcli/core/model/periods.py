"""Months, quarters, years.

The day is always an argument.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct

from acctcli.core.model.dates import parse_day
from acctcli.core.model.durations import days_before, is_span
from acctcli.core.model.errors import InvalidInputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

By = Literal["month", "quarter", "year"]
BY: tuple[By, ...] = get_args(By)
_MONTHS: dict[By, int] = {"month": 1, "quarter": 3, "year": 12}
_DAY = dt.timedelta(days=1)


class Period(Struct, frozen=True):
    """A month, a quarter or a year of the calendar, with its first and its last day."""

    name: str
    first: dt.date
    last: dt.date


def period_of(day: dt.date, by: By) -> Period:
    """The period that a day lies in: `2026-03`, `2026-Q1` or `2026`."""
    months = _MONTHS[by]
    number = (day.month - 1) // months  # from 0 within the year
    month = number * months + 1
    names = {"month": f"-{month:02}", "quarter": f"-Q{number + 1}", "year": ""}
    after = month + months  # the month behind it
    last = (
        dt.date(day.year, 12, 31)
        if after > 12  # noqa: PLR2004 - months of a year
        else dt.date(day.year, after, 1) - _DAY
    )
    return Period(f"{day.year:04}{names[by]}", dt.date(day.year, month, 1), last)


def periods(first: dt.date, last: dt.date, by: By) -> Iterator[Period]:
    """The periods from the one of the first day to that of the last; none when that is before."""
    if first > last:
        return
    found = period_of(first, by)
    yield found
    while found.last < last:
        found = period_of(found.last + _DAY, by)
        yield found


def since_day(text: str, today: dt.date, option: str = "--since") -> dt.date:
    """The first day of what an option asks for: a span back from today, or a date word.

    Raises:
        InvalidInputError: ``bad-span`` or ``bad-date``: it is neither, or no day of the calendar.
    """
    try:
        if is_span(text.lower()):
            return days_before(text, today)
        return parse_day(text, today)
    except InvalidInputError as error:
        (problem,) = error.problems
        raise InvalidInputError.of(
            problem.id,
            f"{option}: {problem.message}",
            hint="write a span back from today such as 90d, 12w, 3m or 1y, or a date such as"
            " 2026-01-01",
        ) from error


def check_order(since: dt.date, until: dt.date) -> None:
    """Refuse a period that ends before it begins.

    Raises:
        UsageError: ``empty-period``.
    """
    if since > until:
        raise UsageError.of(
            "empty-period",
            f"the period begins on {since}, and ends before that, on {until}",
            hint="give --since a day that is not after --until",
        )
