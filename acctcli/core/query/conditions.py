"""Terms as conditions on items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from acctcli.core.model.dates import parse_time
from acctcli.core.model.durations import SPAN_HINT, parse_delay, parse_every
from acctcli.core.model.errors import AcctcliError, InvalidInputError
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.money import DIGITS, is_currency
from acctcli.core.model.names import fold, nearest, nearest_first
from acctcli.core.model.values import quote, reader
from acctcli.core.query.columns import resolve
from acctcli.core.query.comparison_keys import (
    LENGTHS,
    length_key,
    measure,
    minutes_of,
    texts,
)
from acctcli.core.query.term_values import money_test, read_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from acctcli.core.query.context import Context
    from acctcli.core.query.parser import Term

_MONEY = frozenset({FieldType.MONEY, FieldType.AMOUNT})
_TEXTS = frozenset({FieldType.TEXTS, FieldType.SOME_OF})
_CHOOSING = frozenset({FieldType.ONE_OF, FieldType.SOME_OF})
_WORDED = frozenset(
    {FieldType.ID, FieldType.TEXT, FieldType.LINK, FieldType.CURRENCY, FieldType.ONE_OF} | _TEXTS
)
# What has no more and no less.
_UNORDERED = frozenset({FieldType.YES_NO, FieldType.LINK, FieldType.CURRENCY} | _TEXTS)
_CURRENCY = "currency"  # the column with the currency of an amount of the same item


class Condition(NamedTuple):
    """What must hold of an item.

    Attributes:
        paths: The columns it looks at, one or two.
        holds: Whether it holds, of the values there, in this order.
    """

    paths: tuple[str, ...]
    holds: Callable[..., bool]


class _Range(NamedTuple):
    """The first and the last value that a text stands for; of most texts they are the same."""

    first: Any
    last: Any


def condition(term: Term, columns: Mapping[str, Field], context: Context) -> Condition:
    """What a term asks of the items of a list.

    Args:
        term: The term.
        columns: The columns of the list by their paths, with their types.
        context: What its values are seen by.

    Raises:
        InvalidInputError: ``unknown-field``; or the value is none of the field's type; or the
            operator says nothing about that type (``bad-term``).
        NotFoundError: there is no record of that name.
    """
    path = resolve(term.name, columns, term.origin)
    field = columns[path]
    try:
        return _condition(term, path, field, context)
    except AcctcliError as error:
        raise term.with_term(error) from error


def matches(
    conditions: Sequence[Condition], get: Callable[[Any, str], object]
) -> Callable[[Any], bool]:
    """Whether all conditions hold of an item, of which `get` gives the value at a path."""
    parts = [(condition.paths, condition.holds) for condition in conditions]
    if len(parts) == 1 and len(parts[0][0]) == 1:
        ((path,), holds) = parts[0]
        return lambda item: holds(get(item, path))
    return lambda item: all(holds(*[get(item, path) for path in paths]) for paths, holds in parts)


def _condition(term: Term, path: str, field: Field, context: Context) -> Condition:
    if term.operator in {"set", "unset"}:
        return Condition((path,), _negate(term, _is_true if _is_yes_no(field) else _is_set))
    if field.type in _MONEY:
        if term.operator in {"~", "!~"}:
            raise _senseless(term, field)
        return Condition(
            (path, _CURRENCY) if field.type is FieldType.MONEY else (path,),
            _negate(term, money_test(term, context)),
        )
    if term.operator in {"~", "!~"}:
        if field.type not in _WORDED:
            raise _senseless(term, field)
        return Condition((path,), _negate(term, _contains(term, field, context)))
    if term.operator[0] in "<>" and field.type in _UNORDERED:
        raise _senseless(term, field)
    return Condition((path,), _negate(term, _compares(term, field, context)))


def _negate(term: Term, holds: Callable[..., bool]) -> Callable[..., bool]:
    if not term.is_denied:
        return holds
    return lambda *values: not holds(*values)


def _is_yes_no(field: Field) -> bool:
    return field.type is FieldType.YES_NO


def _is_true(value: object) -> bool:
    return value is True


def _is_set(value: object) -> bool:
    return value is not None and value not in ("", (), [], {})


def _senseless(term: Term, field: Field) -> AcctcliError:
    """That an operator says nothing about the field's type."""
    told = {FieldType.LINK: "link", FieldType.AMOUNT: "money"}.get(field.type, field.type.value)
    if term.operator in {"~", "!~"}:
        hint = f"~ looks for a part of a text; write {term.name}= or {term.name}> and a value"
        if field.type in {FieldType.DATE, FieldType.STAMP}:
            hint = f"write a month or a year behind =, such as {term.name}=2026-03"
    else:
        hint = f"write {term.name}= and a value, or more than one parted by commas"
    return InvalidInputError.of(
        "bad-term", f"{term.operator} says nothing about a field of type {told}", hint=hint
    )


# texts


def _contains(term: Term, field: Field, context: Context) -> Callable[[object], bool]:
    needles = [fold(value) for value in term.values]
    if field.type is not FieldType.LINK:
        return lambda value: any(
            needle in text for text in map(fold, texts(value)) for needle in needles
        )
    known: dict[str, bool] = {}

    def linked(value: object) -> bool:
        record_id = str(value)
        if value and record_id not in known:
            name = context.names.get(record_id, "")
            known[record_id] = any(
                needle in text for text in (fold(record_id), fold(name)) for needle in needles
            )
        return bool(value) and known[record_id]

    return linked


# comparisons


def _compares(term: Term, field: Field, context: Context) -> Callable[[object], bool]:
    if field.type in _TEXTS:
        if field.type is FieldType.SOME_OF:
            wanted = frozenset(fold(_choice(field, value)) for value in term.values)
        else:
            wanted = frozenset(map(fold, term.values))
        return lambda value: any(fold(text) in wanted for text in texts(value))
    ranges = [each for value in term.values for each in _ranges(field, value, context)]
    compare = _comparing(term.operator, ranges)
    key = measure(field, context)

    def holds(value: object) -> bool:
        found = key(value)
        return found is not None and compare(found)

    return holds


def _comparing(operator: str, ranges: Sequence[_Range]) -> Callable[[Any], bool]:
    first, last = ranges[0]
    match operator:
        case "<":
            return lambda found: bool(found < first)
        case "<=":
            return lambda found: bool(found <= last)
        case ">":
            return lambda found: bool(found > last)
        case ">=":
            return lambda found: bool(found >= first)
    if all(each.first == each.last for each in ranges):
        return frozenset(each.first for each in ranges).__contains__
    return lambda found: any(each.first <= found <= each.last for each in ranges)


def _ranges(field: Field, text: str, context: Context) -> Iterable[_Range]:
    match field.type:
        case FieldType.DATE | FieldType.STAMP:
            return [_Range(*read_days(text, context.today, context.holidays))]
        case FieldType.LINK if field.link is not None:
            return [_Range(each, each) for each in context.find(field.link, text)]
        case FieldType.ONE_OF:
            place = field.choices.index(_choice(field, text))
            return [_Range(place, place)]
    value = _exact(field, text)
    return [_Range(value, value)]


def _exact(field: Field, text: str) -> object:
    """What values are compared with that are no more than themselves."""
    try:
        return _READS.get(field.type, fold)(text)
    except ValueError:
        raise _unreadable(field, text) from None


def _time(text: str) -> object:
    return parse_time(text.zfill(5) if ":" in text else text)


def _minutes(text: str) -> object:
    return minutes_of(str(reader(Field("", FieldType.DURATION))(text)))


def _length(text: str) -> object:
    return length_key(parse_delay(text.lower()))


def _rhythm(text: str) -> object:
    every = text.lower()
    return length_key(parse_every(every)) if every.startswith("every ") else _length(text)


def _currency(text: str) -> object:
    code = text.upper()
    if not is_currency(code):
        raise InvalidInputError.of(
            "unknown-currency",
            f"{quote(text)} is not a currency of ISO 4217",
            hint=nearest_first(code, DIGITS, "write its three letters, such as EUR"),
        )
    return fold(code)


# What texts are read by, by the type of their field; other texts are compared as they are.
_READS: dict[FieldType, Callable[[str], object]] = {
    FieldType.ID: str,
    FieldType.LINK: str,
    # A whole number of days may be below zero.
    FieldType.INTEGER: reader(Field("", FieldType.NUMBER)),
    FieldType.NUMBER: reader(Field("", FieldType.NUMBER)),
    FieldType.TIME: _time,
    FieldType.YES_NO: reader(Field("", FieldType.YES_NO)),
    FieldType.DURATION: _minutes,
    FieldType.CURRENCY: _currency,
    FieldType.SPAN: _length,
    FieldType.DELAY: _length,
    FieldType.REPEAT: _rhythm,
}


def _choice(field: Field, text: str) -> str:
    """The choice that is meant, case and accents aside."""
    for choice in field.choices:
        if fold(choice) == fold(text):
            return choice
    near = nearest(text, field.choices)
    there = f"the choices are {', '.join(field.choices)}"
    raise InvalidInputError.of(
        "bad-choice",
        f"{quote(text)} is not one of the choices",
        hint=f'did you mean "{near}"? {there}' if near else there,
    )


_HINTS = {
    FieldType.INTEGER: ("bad-value", "a number", "write digits, such as 42"),
    FieldType.NUMBER: ("bad-value", "a number", "write digits and a point, such as 12.5"),
    FieldType.TIME: ("bad-time", "a time of day", "write hours and minutes, such as 09:30"),
    FieldType.YES_NO: ("bad-value", "yes or no", "write yes or no"),
    FieldType.DURATION: (
        "bad-value", "a duration", "write hours and minutes, such as 1:30 or 0:45",
    ),
    **dict.fromkeys(LENGTHS, ("bad-span", "a span of time", SPAN_HINT)),
}  # fmt: skip


def _unreadable(field: Field, text: str) -> AcctcliError:
    name, noun, hint = _HINTS[field.type]
    return InvalidInputError.of(name, f"{quote(text)} is not {noun}", hint=hint)
