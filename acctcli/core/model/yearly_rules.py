"""Yearly rules of RFC 5545.

It does a year's work for a year, whatever the rule says, so that none of them is endless.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import isleap, monthrange
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_WEEK = 7
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}", re.ASCII)
_MOST_YEARS = 9999
# What does not change which days a yearly rule has.
_NO_MATTER = {"WKST"}


class Yearly(Struct, frozen=True, kw_only=True):
    """A rule, and the day it begins.

    Attributes:
        start: The day it begins; where the rule says no day, it is on the day of this one.
        interval: Every how many years.
        count: How many days it has, None for no end.
        until: The last day it may have.
        months: In these months, from 1.
        month_days: On these days of the month; -1 is the last one.
        weekdays: On these days of the week, from 0 for Monday, each with which one of the month it
            is, or of the year when no month is said; 0 is every one, -1 the last one.
        positions: Of the days a year then has only these; -1 is the last one.
    """

    start: dt.date
    interval: int = 1
    count: int | None = None
    until: dt.date | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()


def parse_yearly(
    start: dt.date, parts: Mapping[str, Sequence[str]], until: dt.date | None
) -> Yearly:
    """The rule whose parts are given as text, by their names in upper case.

    Raises:
        ValueError: It is not yearly, or has a part that is not known; the message says which.
    """
    frequency = "".join(parts.get("FREQ", ()))
    if frequency.upper() != "YEARLY":
        raise ValueError(f"FREQ={frequency} is not yearly")
    known = {
        *("FREQ", "UNTIL", "INTERVAL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"),
        *_NO_MATTER,
    }
    for name in parts:
        if name not in known:
            raise ValueError(f"{name} is not known")
    interval = _numbers(parts, "INTERVAL", range(1, _MOST_YEARS + 1)) or (1,)
    count = _numbers(parts, "COUNT", range(1, _MOST_YEARS + 1)) or (None,)
    weekdays = []
    for text in parts.get("BYDAY", ()):
        match = _WEEKDAY.fullmatch(text.upper())
        if match is None:
            raise ValueError(f"BYDAY={text} is no day of the week")
        weekdays.append((int(match[1] or 0), _WEEKDAYS.index(match[2])))
    return Yearly(
        start=start,
        interval=interval[0],
        count=count[0],
        until=until,
        months=_numbers(parts, "BYMONTH", range(1, 13)),
        month_days=_numbers(parts, "BYMONTHDAY", range(-31, 32)),
        weekdays=tuple(weekdays),
        positions=_numbers(parts, "BYSETPOS", range(-366, 367)),
    )


def _numbers(parts: Mapping[str, Sequence[str]], name: str, allowed: range) -> tuple[int, ...]:
    found = []
    for text in parts.get(name, ()):
        if _NUMBER.fullmatch(text) is None or not int(text) or int(text) not in allowed:
            raise ValueError(f"{name}={text} cannot be")
        found.append(int(text))
    return tuple(found)


def rule_days(rule: Yearly, first: int, last: int) -> Iterator[dt.date]:
    """The days of a rule in the years from `first` to `last`, in order."""
    year = rule.start.year
    if rule.count is None and year < first:
        year += -(-(first - year) // rule.interval) * rule.interval
    left = rule.count
    while year <= last:
        for day in _of_year(rule, year):
            if day < rule.start:
                continue
            if left == 0 or (rule.until is not None and day > rule.until):
                return
            if left is not None:
                left -= 1
            if year >= first:
                yield day
        year += rule.interval


def _of_year(rule: Yearly, year: int) -> list[dt.date]:
    months: Sequence[int] = sorted(set(rule.months))
    month_days = rule.month_days
    if not (month_days or rule.weekdays):
        month_days = (rule.start.day,)
        months = months or (rule.start.month,)
    found = [
        dt.date(year, month, day)
        for month in months or range(1, 13)
        for day in _of_month(rule, year, month, month_days)
    ]
    if not rule.positions:
        return found
    chosen = {found[at - 1 if at > 0 else at] for at in rule.positions if abs(at) <= len(found)}
    return sorted(chosen)


def _of_month(rule: Yearly, year: int, month: int, month_days: Sequence[int]) -> Iterator[int]:
    weekday, length = monthrange(year, month)
    before = 0 if rule.months else dt.date(year, month, 1).timetuple().tm_yday - 1
    period = length if rule.months else 365 + isleap(year)
    for day in range(1, length + 1):
        if month_days and day not in month_days and day - length - 1 not in month_days:
            continue
        if rule.weekdays:
            here = (weekday + day - 1) % _WEEK
            nth = (before + day - 1) // _WEEK + 1
            from_end = -((period - before - day) // _WEEK + 1)
            if not any(
                each == here and which in (0, nth, from_end) for which, each in rule.weekdays
            ):
                continue
        yield day
