"""Formats of dates in tables.

It never guesses a form, and it gives no offset to a time that has none.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acctcli.core.model.records import Stamp

_PART = re.compile("%(.?)", re.DOTALL)
_YEARS = frozenset("Yy")
_MONTHS = frozenset("mbB")
_HOURS = frozenset("HI")
_TIMES = frozenset("HIMSfp")
# What depends on the machine's locale or zone (%c %x %X %Z) or needs a calendar of weeks is out.
_KNOWN = _YEARS | _MONTHS | _TIMES | frozenset("djaAz%")


def form_mistake(form: str) -> str | None:
    """What is wrong with a form of dates, or None when every day has one text in it."""
    parts: list[str] = _PART.findall(form)
    for part in parts:
        if part not in _KNOWN:
            return f'"%{part}" is not a part of a date that can be read'
        if part != "%" and parts.count(part) > 1:
            return f'"%{part}" stands in it twice'
    given = set(parts)
    months = given & _MONTHS
    if len(given & _YEARS) != 1:
        return "it needs the year once, %Y or %y"
    if not (len(months) == 1 and "d" in given and "j" not in given) and not (
        "j" in given and not months and "d" not in given
    ):
        return "it needs the month once, %m, %b or %B, and the day, %d"
    if len(given & _HOURS) > 1 or ("I" in given) != ("p" in given):
        return "it needs the hour as %H, or as %I with %p"
    return None


def has_time(form: str) -> bool:
    """Whether the form has a time of day and an offset, so that it gives a moment."""
    given = set(_PART.findall(form))
    return "z" in given and bool(given & _HOURS)


def read_date(text: str, form: str) -> Stamp:
    """The day, or the moment with its offset, that a text in the form stands for.

    A time of day without an offset is no moment: only its day is kept, none is invented (rule 6).

    Raises:
        ValueError: The text is not wholly in the form, or there is no such day.
    """
    if form.isascii() and not text.isascii():
        raise ValueError(f'"{text}" is not in the form "{form}"')
    # A time without an offset keeps its day alone, so that its being naive harms nothing.
    found = dt.datetime.strptime(text, form)  # noqa: DTZ007 - see above
    return found if found.tzinfo is not None and has_time(form) else found.date()
