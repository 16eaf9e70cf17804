"""Lengths of time: `30d`, `5bd`, `every 3 months`.

The day they are counted from is always an argument.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.dates import add_business_days, add_months
from acctcli.core.model.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

_DAYS = {"d": 1, "w": 7}
_MONTHS = {"m": 1, "y": 12}
_WORDS = {"day": "d", "week": "w", "month": "m", "year": "y"}
_SPAN = re.compile(r"([0-9]{1,5})([dwmy])", re.ASCII)
_DELAY = re.compile(r"([0-9]{1,5})(d|w|m|y|bd)(?:\+([0-9]{1,3})bd)?", re.ASCII)
_EVERY = re.compile(
    r"every (?:([1-9][0-9]{0,3}) )?(day|week|month|year)(s?)(?: on day (29|30|31))?", re.ASCII
)

SPAN_HINT = "write a number of days, weeks, months or years, such as 30d, 2w, 3m or 1y"


class Span(Struct, frozen=True):
    """A length of time: a count of days (``d``), weeks (``w``), months (``m``) or years (``y``).

    One that `parse_delay` gave may count business days too (``bd``), and go on from where it has
    come to by so many business days more: none more is the next one, where that is a day off.
    """

    count: int
    unit: str
    more: int | None = None

    def subtract_from(
        self, today: dt.date, holidays: AbstractSet[dt.date] = frozenset()
    ) -> dt.date:
        """The day that long before a day.

        Raises:
            OverflowError: The day is before the year 1.
        """
        return self._add_rest(_step(today, -self.count, self.unit, holidays), holidays)

    def add_to(self, day: dt.date, holidays: AbstractSet[dt.date] = frozenset()) -> dt.date:
        """The day that long after a day.

        Raises:
            OverflowError: The day is after the year 9999.
        """
        return self._add_rest(_step(day, self.count, self.unit, holidays), holidays)

    def _add_rest(self, day: dt.date, holidays: AbstractSet[dt.date]) -> dt.date:
        return day if self.more is None else add_business_days(day, self.more, holidays)


def _step(day: dt.date, count: int, unit: str, holidays: AbstractSet[dt.date]) -> dt.date:
    if unit == "bd":
        return add_business_days(day, count, holidays)
    if unit in _MONTHS:
        return add_months(day, count * _MONTHS[unit])
    return day + dt.timedelta(days=count * _DAYS[unit])


def parse_span(text: str) -> Span:
    """The span a text such as ``30d``, ``2w``, ``3m`` or ``1y`` stands for.

    Raises:
        InvalidInputError: ``bad-span``: it is not in that form.
    """
    match = _SPAN.fullmatch(text.lower())
    if match is None:
        raise InvalidInputError.of("bad-span", f'"{text}" is not a span of time', hint=SPAN_HINT)
    return Span(int(match[1]), match[2])


def is_span(text: str) -> bool:
    """Whether `parse_span` reads the text as it stands, in lower case."""
    return _SPAN.fullmatch(text) is not None


def days_before(text: str, today: dt.date, option: str | None = None) -> dt.date:
    """The day that lies a span such as ``30d``, ``2w`` or ``3m`` before today.

    Raises:
        InvalidInputError: ``bad-span``: it is not a span, or reaches back beyond the calendar; the
            message names the option that has it.
    """
    return _day_at(text, today, Span.subtract_from, option)


def days_after(text: str, today: dt.date, option: str | None = None) -> dt.date:
    """The day that lies a span such as ``30d``, ``2w`` or ``3m`` after today.

    Raises:
        InvalidInputError: ``bad-span``: it is not a span, or reaches on beyond the calendar; the
            message names the option that has it.
    """
    return _day_at(text, today, Span.add_to, option)


def _day_at(
    text: str, today: dt.date, step: Callable[[Span, dt.date], dt.date], option: str | None
) -> dt.date:
    try:
        return step(parse_span(text), today)
    except OverflowError:
        told = f'"{text}" from {today} is not a day of the calendar'
    except InvalidInputError as error:
        told = error.problems[0].message
    where = "" if option is None else f"{option}: "
    raise InvalidInputError.of("bad-span", f"{where}{told}", hint=SPAN_HINT)


def parse_delay(text: str) -> Span:
    """The span that a step waits: as `parse_span` reads it, or business days such as ``5bd``.

    ``7d+0bd`` is seven days, and on to a business day.

    Raises:
        ValueError: It is not in that form.
    """
    match = _DELAY.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a delay')
    return Span(int(match[1]), match[2], None if match[3] is None else int(match[3]))


def parse_every(text: str) -> Span:
    """How often: ``every month``, ``every 3 months``, ``every 10 days``, ``every 2 years``.

    Of months and years it may say a day that not every month has: ``every month on day 31``.

    Raises:
        ValueError: It is not in that form.
    """
    return parse_rhythm(text)[0]


def parse_rhythm(text: str) -> tuple[Span, int | None]:
    """As `parse_every`, with the day of the month that it says.

    Raises:
        ValueError: It is not in that form.
    """
    match = _EVERY.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" does not say how often')
    count = int(match[1] or 1)
    if bool(match[3]) != (match[1] is not None and count > 1):
        raise ValueError(f'"{text}" does not say how often')
    span = Span(count, _WORDS[match[2]])
    if match[4] is None:
        return span, None
    if span.unit not in _MONTHS:
        raise ValueError(f'"{text}" says a day of the month, and counts no months')
    return span, int(match[4])


def rhythm_text(span: Span, day: int | None) -> str:
    """The text that `parse_rhythm` reads as this."""
    word = next(word for word, unit in _WORDS.items() if unit == span.unit)
    every = f"every {word}" if span.count == 1 else f"every {span.count} {word}s"
    return every if day is None else f"{every} on day {day}"
