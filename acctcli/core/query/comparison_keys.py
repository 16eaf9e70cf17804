"""Keys by which values are compared.

Terms compare with it, and sorting goes by it. Money is apart: an amount is compared within its
currency (`money`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from acctcli.core.model.dates import stamp_day
from acctcli.core.model.durations import parse_delay, parse_every
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from acctcli.core.model.durations import Span
    from acctcli.core.query.context import Context

    # What gives the value to compare by; None for what is not set, or not of the type.
    Measure = Callable[[object], Any]

_DAYS = frozenset({FieldType.DATE, FieldType.STAMP})
LENGTHS = frozenset({FieldType.SPAN, FieldType.DELAY, FieldType.REPEAT})
# A year has 365.2425 days and twelve months, a week five business days: in parts of a day that
# make all of them whole numbers.
_PARTS = {"d": 4800, "w": 33600, "bd": 6720, "m": 146_097, "y": 1_753_164}


def measure(field: Field, context: Context) -> Measure:
    """What values of the field are compared by in terms."""
    if field.type in _DAYS:
        return lambda value: _day(value, context.zone)
    if field.type is FieldType.ONE_OF:
        places = {choice: place for place, choice in enumerate(field.choices)}
        return lambda value: places.get(str(value))
    return _MEASURES.get(field.type, _fold_text)


def order(field: Field, context: Context) -> Measure:
    """What values of the field are put in order by; of amounts, those of the context's currency."""
    match field.type:
        case FieldType.STAMP:
            return lambda value: _moment(value, context.zone)
        case FieldType.LINK:
            return lambda value: _name(value, context)
        case FieldType.TEXTS | FieldType.SOME_OF:
            return lambda value: tuple(map(fold, texts(value))) or None
        case _:
            return measure(field, context)


def texts(value: object) -> tuple[str, ...]:
    """The texts of a list, or of one text."""
    if isinstance(value, tuple | list):
        return tuple(str(each) for each in value)
    return () if value is None or value == "" else (str(value),)


def amounts(
    value: object, currency: object, book_currency: str | None
) -> dict[str | None, Decimal]:
    """The amounts of a total, or of one amount with its currency, by currency (rule 4).

    An amount that names none is in the book's currency; None stands for no currency at all.
    """
    if isinstance(value, dict):
        return value
    if value is None:
        return {}
    code = currency or book_currency
    return {str(code) if code else None: value}  # type: ignore[dict-item]  # an amount by its field


def length_key(span: Span) -> int:
    """How long a span is, to compare it with others."""
    return _PARTS[span.unit] * span.count + _PARTS["bd"] * (span.more or 0)


def minutes_of(text: str) -> int:
    """The minutes of a duration in the form H:MM."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _day(value: object, zone: dt.tzinfo) -> dt.date | None:
    return stamp_day(value, zone) if isinstance(value, dt.date) else None


def _moment(value: object, zone: dt.tzinfo) -> tuple[dt.date, float] | None:
    """The day of a stamp in the zone, then the moment; a bare date stands before its moments."""
    if not isinstance(value, dt.date):
        return None
    day = stamp_day(value, zone)
    if not isinstance(value, dt.datetime):
        return day, float("-inf")
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return day, (value - epoch).total_seconds()


def _minutes(value: object) -> int | None:
    return minutes_of(str(value)) if value else None


def _length(value: object) -> int | None:
    return length_key(parse_delay(str(value))) if value else None


def _rhythm(value: object) -> int | None:
    return length_key(parse_every(str(value))) if value else None


def _itself(value: object) -> object:
    return value


def _id(value: object) -> str | None:
    return str(value) if value else None


def _fold_text(value: object) -> str | None:
    return None if value is None or value == "" else fold(str(value))


def _name(value: object, context: Context) -> str | None:
    return fold(context.names.get(str(value), str(value))) if value else None


_MEASURES: dict[FieldType, Callable[[object], Any]] = {
    FieldType.ID: _id,
    FieldType.LINK: _id,
    FieldType.TIME: _itself,
    FieldType.INTEGER: _itself,
    FieldType.NUMBER: _itself,
    FieldType.YES_NO: _itself,
    FieldType.DURATION: _minutes,
    FieldType.SPAN: _length,
    FieldType.DELAY: _length,
    FieldType.REPEAT: _rhythm,
}
