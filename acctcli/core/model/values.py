"""Values read from text, by the type of their field."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from acctcli.core.model.dates import (
    parse_iso,
    parse_stamp,
    parse_time,
    stamp_text,
    time_text,
)
from acctcli.core.model.durations import is_span, parse_delay, parse_every
from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.money import DIGITS, amount, is_currency, settle, show
from acctcli.core.model.names import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from acctcli.core.model.records import Raw, Value

# Types whose text is the same to other YAML readers with or without quotes, or is meant to be
# typed by them. Everything else is text to them and is quoted where they would change it.
plain_types = frozenset(
    {
        FieldType.MONEY,
        FieldType.DATE,
        FieldType.STAMP,
        FieldType.YES_NO,
        FieldType.INTEGER,
        FieldType.NUMBER,
    }
)
LISTS = frozenset({FieldType.TEXTS, FieldType.SOME_OF})

_ID = re.compile(r"(?!-)[^\s\x00-\x1f\x7f-\x9f]{1,64}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_WHOLE = re.compile(r"[0-9]{1,18}")
_DURATION = re.compile(r"[0-9]{1,2}:[0-5][0-9]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BARE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_PRICE = re.compile(r"([A-Za-z]+) -?[0-9]{1,15}(\.[0-9]{1,6})?")
_LONGEST_SHOWN = 60
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}


class _Words(NamedTuple):
    """How a refusal of a type reads: the problem's id, what the text is not, what to write."""

    id: str
    noun: str
    hint: str


_WORDS = {
    FieldType.ID: _Words(
        "bad-id",
        "an id",
        "write up to 64 characters without white space, the first no hyphen, such as acme",
    ),
    FieldType.TEXT: _Words("bad-value", "a text", "write one text, such as Berlin"),
    FieldType.TEXTS: _Words(
        "bad-value", "a list of text", "write texts between brackets, such as [red, blue]"
    ),
    FieldType.LINK: _Words("bad-id", "an id", "write the id of one record, such as acme"),
    FieldType.MONEY: _Words("bad-value", "an amount", "write digits and a dot, such as 12500.00"),
    FieldType.CURRENCY: _Words(
        "unknown-currency", "a currency of ISO 4217", "write its three letters, such as EUR"
    ),
    FieldType.DATE: _Words("bad-date", "a date", "write year-month-day, such as 2026-03-31"),
    FieldType.TIME: _Words("bad-time", "a time of day", "write hours and minutes, such as 09:30"),
    FieldType.STAMP: _Words(
        "bad-date",
        "a date or a time with its offset",
        "write a date, such as 2026-03-31, or a time, such as 2026-03-31T09:30:00+02:00",
    ),
    FieldType.DURATION: _Words(
        "bad-value", "a duration", "write hours and minutes, such as 1:30 or 0:45"
    ),
    FieldType.SPAN: _Words(
        "bad-span", "a span of time", "write a number and d, w, m or y, such as 12m"
    ),
    FieldType.DELAY: _Words(
        "bad-span", "a span of time", "write a number and d, bd, w, m or y, such as 3d or 5bd"
    ),
    FieldType.REPEAT: _Words(
        "bad-repeat",
        "a rhythm",
        "write every month, every 3 months, every 10 days or every 2 years",
    ),
    FieldType.YES_NO: _Words("bad-value", "yes or no", "write true or false, such as true"),
    FieldType.INTEGER: _Words("bad-value", "a whole number", "write digits only, such as 42"),
    FieldType.NUMBER: _Words("bad-value", "a number", "write digits and a dot, such as 12.5"),
    FieldType.ONE_OF: _Words("bad-choice", "one of the choices", "write one of {choices}"),
    FieldType.SOME_OF: _Words("bad-choice", "one of the choices", "write some of {choices}"),
    FieldType.AMOUNT: _Words(
        "bad-value",
        "an amount with its currency",
        "write the currency, a space and the amount, such as EUR 12500.00",
    ),
}


def quote(text: str) -> str:
    """The text in double quotes for a message; a long one is cut, with an ellipsis."""
    return f'"{text}"' if len(text) <= _LONGEST_SHOWN else f'"{text[:_LONGEST_SHOWN]}…"'


def is_id(text: str) -> bool:
    """Whether the text can be an id: 1 to 64 characters, none a space or a control character.

    The first is no hyphen, for on a command line it would begin an option.
    """
    return _ID.fullmatch(text) is not None


def _id(text: str) -> str:
    if _ID.fullmatch(text):
        return text
    raise ValueError(text)


def _number(text: str) -> Decimal:
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    raise ValueError(text)


def _whole(text: str) -> int:
    if _WHOLE.fullmatch(text):
        return int(text)
    raise ValueError(text)


def _duration(text: str) -> str:
    if _DURATION.fullmatch(text):
        return text
    raise ValueError(text)


def _span(text: str) -> str:
    if is_span(text):
        return text
    raise ValueError(text)


def _delay(text: str) -> str:
    parse_delay(text)
    return text


def _repeat(text: str) -> str:
    parse_every(text)
    return text


def _read_yes_no(text: str) -> bool:
    value = _YES_NO.get(text.lower())
    if value is None:
        raise ValueError(text)
    return value


def _currency(text: str) -> str:
    if is_currency(text):
        return text
    raise ValueError(text)


def _amount(text: str) -> dict[str, Decimal]:
    code, _, digits = text.partition(" ")
    return {_currency(code): settle(amount(digits), code)}


def _list_of_one(text: str) -> tuple[str, ...]:
    return (text,)


# Each raises ValueError for a text it does not take.
_READERS: dict[FieldType, Callable[[str], Value]] = {
    FieldType.ID: _id,
    FieldType.TEXT: str,
    FieldType.TEXTS: _list_of_one,
    FieldType.LINK: _id,
    FieldType.MONEY: amount,
    FieldType.CURRENCY: _currency,
    FieldType.DATE: parse_iso,
    FieldType.TIME: parse_time,
    FieldType.STAMP: parse_stamp,
    FieldType.DURATION: _duration,
    FieldType.SPAN: _span,
    FieldType.DELAY: _delay,
    FieldType.REPEAT: _repeat,
    FieldType.YES_NO: _read_yes_no,
    FieldType.INTEGER: _whole,
    FieldType.NUMBER: _number,
    FieldType.AMOUNT: _amount,
}


def reader(field: Field) -> Callable[[str], Value]:
    """What types one text of the field, for callers that type many.

    The function it gives raises ValueError for a text that the field does not take; `read_value`
    then says what is wrong with it.
    """
    if field.type not in {FieldType.ONE_OF, FieldType.SOME_OF}:
        return _READERS[field.type]
    choices = frozenset(field.choices)
    many = field.type is FieldType.SOME_OF

    def choose(text: str) -> Value:
        if text not in choices:
            raise ValueError(text)
        return (text,) if many else text

    return choose


def read_value(field: Field, raw: Raw) -> Value | None:
    """The typed value of what stands in the file, None when it is a plain empty scalar.

    A list field takes a list of texts, whose empty items are left out, or one text. All others
    take one text.

    Raises:
        InvalidInputError: The field does not take it; each problem names the field.
    """
    if raw is None:
        return None
    if isinstance(raw, str):
        return _read_text(field, raw)
    if isinstance(raw, dict) or field.type not in LISTS:
        _refuse_shape(field, raw)
    items: list[str] = []
    for item in raw:
        if isinstance(item, str):
            _read_text(field, item)
            items.append(item)
        elif item is not None:
            _refuse_shape(field, item, "one text of its list")
    return tuple(items)


def _read_text(field: Field, text: str) -> Value:
    try:
        return reader(field)(text)
    except ValueError:
        raise InvalidInputError(_refusal(field, text)) from None


def _refuse_shape(field: Field, raw: Raw, wanted: str | None = None) -> NoReturn:
    found = "a mapping" if isinstance(raw, dict) else "a list"
    wanted = wanted or ("a list of text" if field.type in LISTS else "one text")
    raise InvalidInputError(
        Problem(
            id="bad-type",
            message=f"{field.name}: {found} stands where {wanted} is expected",
            hint=_hint(field),
            field=field.name,
        )
    )


def _hint(field: Field) -> str:
    return _WORDS[field.type].hint.format(choices=", ".join(field.choices))


def how_to_write(field: Field) -> str:
    """How a value of the field is written, as an instruction: "write true or false, ..."."""
    return _hint(field)


def _refusal(field: Field, text: str) -> Problem:
    """Why the field does not take the text, for a text that its reader refused."""
    name, noun, _ = _WORDS[field.type]
    hint = _hint(field)
    near: str | None = None
    match field.type:
        case FieldType.DATE | FieldType.STAMP if _is_no_day(text):
            noun = "a day of the calendar"
        case FieldType.LINK if field.link:
            noun = f"an id of {field.link}"
        case FieldType.AMOUNT if _is_bare_amount(text):
            name, noun, _ = _WORDS[FieldType.CURRENCY]
            text = text.partition(" ")[0]
            near = nearest(text, DIGITS)
        case FieldType.CURRENCY:
            near = nearest(text, DIGITS)
        case FieldType.ONE_OF | FieldType.SOME_OF:
            noun = f"one of {', '.join(field.choices)}"
            near = nearest(text, field.choices)
    return Problem(
        id=name,
        message=f"{field.name}: {quote(text)} is not {noun}",
        hint=f'did you mean "{near}"? {hint}' if near else hint,
        field=field.name,
    )


def _is_no_day(text: str) -> bool:
    """Whether the text has the form of a date, or begins with one, that is not in the calendar."""
    form = _DAY.match(text)
    if form is None:
        return False
    try:
        parse_iso(form[0])
    except ValueError:
        return True
    return False


def _is_bare_amount(text: str) -> bool:
    price = _PRICE.fullmatch(text)
    return price is not None and not is_currency(price[1])


def from_text(field: Field, text: str) -> Raw:
    """What to write for one text from a command line or a table's cell.

    For a list field the text is parted at its commas, and empty parts are left out; for others
    it is the text itself.
    """
    if field.type in LISTS:
        return [item for part in text.split(",") if (item := part.strip())]
    return text


def value_with_currency(text: str, currency: str | None) -> str:
    """An amount that a user typed for a field of the book's own, with its currency beside it.

    A bare amount is in the book's currency, when it has one; a code may be in small letters. What
    is no amount stays as it is, and is refused when it is read.
    """
    text = text.strip()
    if _BARE.fullmatch(text):
        return f"{currency} {text}" if currency else text
    return f"{text[:3].upper()}{text[3:]}" if _PRICE.fullmatch(text) else text


def _list(value: tuple[str, ...]) -> Raw:
    return list(value)


def _decimal_text(value: Decimal) -> str:
    return f"{value:f}"


def _yes_no_text(value: bool) -> str:  # noqa: FBT001 - the value itself is what is written
    return "true" if value else "false"


_WRITERS: dict[FieldType, Callable[..., Raw]] = {
    FieldType.TEXTS: _list,
    FieldType.SOME_OF: _list,
    FieldType.MONEY: _decimal_text,
    FieldType.NUMBER: _decimal_text,
    FieldType.AMOUNT: show,
    FieldType.DATE: dt.date.isoformat,
    FieldType.STAMP: stamp_text,
    FieldType.TIME: time_text,
    FieldType.YES_NO: _yes_no_text,
}


def to_raw(field: Field, value: Value) -> Raw:
    """The text, or list of texts, that stands for a value of the field; `read_value` undoes it."""
    return _WRITERS.get(field.type, str)(value)
