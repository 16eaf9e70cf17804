"""The days that a text in a term stands for: a date word, a span, a month, a quarter or a year."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from acctcli.core.dates import parse_day
from acctcli.core.errors import InvalidInputError
from acctcli.core.periods import period_of
from acctcli.core.spans import days_after, days_before

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from acctcli.core.periods import By

_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})|-?[qQ]([1-4]))?", re.ASCII)
_YEARS = re.compile(r"([+-])([0-9]{1,5}[yY])", re.ASCII)
_HINT = (
    "write a date such as 2026-03-31, a month, quarter or year such as 2026-03, 2026-q1 or 2026,"
    " or today, friday, -90d, +2w, -1m, -1y, +3bd, eom, eoq or eoy"
)


def read_days(text: str, today: dt.date, holidays: AbstractSet[dt.date]) -> tuple[dt.date, dt.date]:
    """The first and the last day that a text stands for; of most texts they are the same.

    Raises:
        InvalidInputError: ``bad-date``.
    """
    if found := _PERIOD.fullmatch(text):
        return _period(text, int(found[1]), found[2], found[3])
    try:
        if found := _YEARS.fullmatch(text):
            step = days_after if found[1] == "+" else days_before
            day = step(found[2], today)
        else:
            day = parse_day(text, today, holidays)
    except InvalidInputError as error:
        raise InvalidInputError.of("bad-date", error.problems[0].message, hint=_HINT) from error
    return day, day


def _period(
    text: str, year: int, month: str | None, quarter: str | None
) -> tuple[dt.date, dt.date]:
    by: By = "month" if month else "quarter" if quarter else "year"
    try:
        first = dt.date(year, int(month) if month else int(quarter or 1) * 3 - 2, 1)
    except ValueError:
        message = f'"{text}" is no {by} of the calendar'
        raise InvalidInputError.of("bad-date", message, hint=_HINT) from None
    found = period_of(first, by)
    return found.first, found.last
