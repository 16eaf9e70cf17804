"""Dates, date words, business days.

The day is always an argument: nothing here reads a clock, a locale or the tz database (rule 6).
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.records import Stamp

_DAY = dt.timedelta(days=1)
_WEEK = 7
_WORKDAYS = 5  # Monday to Friday; a day's number in the week is its `weekday()`
_MONTHS = 12
_FEBRUARY = 2
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_AHEAD = {"yesterday": -1, "today": 0, "tomorrow": 1}
_PERIODS = {"eom": 1, "eoq": 3, "eoy": 12}  # in months
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_NUMBERS = {
    word: number for number, name in enumerate(_WEEKDAYS) for word in (name, name[:3])
}

# `fromisoformat` alone would take 20260302 and 2026-W10-1 too, and later Pythons hour 24.
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ISO_LENGTH = len("YYYY-MM-DD")
_STAMP = re.compile(
    rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[Tt ]({_CLOCK}:[0-5][0-9])(\.[0-9]+)?([Zz]|[+-]{_CLOCK})",
    re.ASCII,
)
_TIME = re.compile(rf"{_CLOCK}(?::[0-5][0-9])?", re.ASCII)
_STEP = re.compile(r"([+-][0-9]{1,5})(d|w|m|bd)", re.ASCII)

_DAY_HINT = (
    "write a date such as 2026-03-31, or today, tomorrow, friday, +3d, -2w, +1m, +3bd, eom, eoq"
    " or eoy"
)


@lru_cache(1 << 14)  # a book of a million records has a few thousand days
def parse_iso(text: str) -> dt.date:
    """The day a text in the form YYYY-MM-DD stands for.

    Raises:
        ValueError: It has another form, or there is no such day; the message says which.
    """
    if _ISO.fullmatch(text) is None:
        raise ValueError(f'"{text}" is not a date')
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a day of the calendar') from None


def parse_day(text: str, today: dt.date, holidays: AbstractSet[dt.date] = frozenset()) -> dt.date:
    """The day that a date word stands for, seen from today.

    A date word is a date (2026-03-31), `yesterday`, `today`, `tomorrow`, a weekday (`friday` or
    `fri`; the next one, never today), a distance (`+3d`, `-2w`, `+1m`, `+3bd`), or the end of the
    month, quarter or year (`eom`, `eoq`, `eoy`; today when it is the end). Upper or lower case.

    Raises:
        InvalidInputError: ``bad-date``: it is none of these, or no day of the calendar.
    """
    word = text.lower()
    try:
        if day := _named_day(word, today):
            return day
        if step := _STEP.fullmatch(word):
            count, unit = int(step[1]), step[2]
            if unit == "bd":
                return add_business_days(today, count, holidays)
            return _step(today, count, unit)
        return parse_iso(text)
    except OverflowError:
        message = f'"{text}" is not a day of the calendar'
    except ValueError as error:
        message = str(error)
    raise InvalidInputError.of("bad-date", message, hint=_DAY_HINT)


def _named_day(word: str, today: dt.date) -> dt.date | None:
    if word in _AHEAD:
        return today + _DAY * _AHEAD[word]
    if word in _WEEKDAY_NUMBERS:
        return today + _DAY * ((_WEEKDAY_NUMBERS[word] - today.weekday() - 1) % _WEEK + 1)
    if word in _PERIODS:
        return _end_of_month(today.year, today.month + -today.month % _PERIODS[word])
    return None


def parse_stamp(text: str) -> Stamp:
    """The date, or the moment with its offset, that a text stands for (rule 6).

    A moment is in the form of RFC 3339, with a T or a space between day and time. Digits of a
    second beyond the sixth are dropped.

    Raises:
        ValueError: It has neither form (a moment without an offset, say), or there is no such
            day; the message says which.
    """
    if len(text) <= _ISO_LENGTH:
        return parse_iso(text)
    match = _STAMP.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a date or a timestamp with an offset')
    day, clock, fraction, offset = match.groups()
    zone = "+00:00" if offset in "Zz" else offset
    try:
        return dt.datetime.fromisoformat(f"{day}T{clock}{(fraction or '')[:7]}{zone}")
    except ValueError:
        raise ValueError(f'"{day}" is not a day of the calendar') from None


def is_stamp(text: str) -> bool:
    """Whether the text is a date or a timestamp with an offset, as `parse_stamp` reads it."""
    try:
        parse_stamp(text)
    except ValueError:
        return False
    return True


def stamp_day(stamp: Stamp, zone: dt.tzinfo) -> dt.date:
    """The day of a stamp; of a moment, the day it was in the zone (rule 6)."""
    if not isinstance(stamp, dt.datetime):
        return stamp
    try:
        return stamp.astimezone(zone).date()
    except OverflowError:  # in the first or last hours of the calendar: the day as written
        return stamp.date()


def stamp_text(stamp: Stamp) -> str:
    """A stamp in the form of ISO 8601 that `parse_stamp` reads; an offset of zero is a Z.

    Raises:
        ValueError: A moment has no offset.
    """
    if not isinstance(stamp, dt.datetime):
        return stamp.isoformat()
    offset = stamp.utcoffset()
    if offset is None:
        raise ValueError(f"{stamp.isoformat()} has no offset")
    if offset % dt.timedelta(minutes=1):  # RFC 3339 has no offsets with seconds
        stamp = stamp.astimezone(dt.UTC)
    text = stamp.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def parse_time(text: str) -> dt.time:
    """The time of day that a text in the form HH:MM or HH:MM:SS stands for.

    Raises:
        ValueError: It has another form, or the day has no such time.
    """
    if _TIME.fullmatch(text) is None:
        raise ValueError(f'"{text}" is not a time')
    return dt.time.fromisoformat(text)


def time_text(time: dt.time) -> str:
    """A time of day as HH:MM, or HH:MM:SS when it has seconds."""
    return time.isoformat("seconds" if time.second else "minutes")


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day `count` months on, or the last one of a month that has no such day.

    Raises:
        OverflowError: The year is not in 1 to 9999.
    """
    year, index = divmod(day.year * _MONTHS + day.month - 1 + count, _MONTHS)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError(f"year {year} is out of range")
    return min(_end_of_month(year, index + 1), dt.date(year, index + 1, 1) + _DAY * (day.day - 1))


def is_business_day(day: dt.date, holidays: AbstractSet[dt.date]) -> bool:
    """Whether a day is one of Monday to Friday, and no holiday."""
    return day.weekday() < _WORKDAYS and day not in holidays


def add_business_days(
    day: dt.date, count: int, holidays: AbstractSet[dt.date] = frozenset()
) -> dt.date:
    """The day `count` business days on: Monday to Friday, but no holiday.

    Zero is the day itself, or the next business day when it is none.

    Raises:
        OverflowError: The year is not in 1 to 9999.
    """
    if count == 0:
        if is_business_day(day, holidays):
            return day
        count = 1
    # Go by weeks, then on for each holiday passed, until none is passed.
    while count:
        landed = _add_weekdays(day, count)
        first, last = (day + _DAY, landed) if count > 0 else (landed, day - _DAY)
        passed = sum(first <= off <= last and off.weekday() < _WORKDAYS for off in holidays)
        day, count = landed, passed if count > 0 else -passed
    return day


def _add_weekdays(day: dt.date, count: int) -> dt.date:
    """The day `count` days of Monday to Friday on; the count is not zero."""
    over = max(0, day.weekday() - _WORKDAYS + 1)  # 1 on a Saturday, 2 on a Sunday
    if count > 0:
        day -= _DAY * over  # from the Friday before
    elif over:
        day += _DAY * (3 - over)  # from the Monday after
    weeks, rest = divmod(day.weekday() + count, _WORKDAYS)
    return day + _DAY * (weeks * _WEEK + rest - day.weekday())


def _step(day: dt.date, count: int, unit: str) -> dt.date:
    if unit == "m":
        return add_months(day, count)
    return day + _DAY * (count * _WEEK if unit == "w" else count)


def _end_of_month(year: int, month: int) -> dt.date:
    leap = month == _FEBRUARY and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return dt.date(year, month, _LENGTHS[month - 1] + leap)
