"""Dates and amounts of money in terms."""

from __future__ import annotations

import datetime as dt
import operator
import re
from typing import TYPE_CHECKING, Any

from acctcli.core.model.dates import parse_day
from acctcli.core.model.durations import days_after, days_before
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.money import DIGITS, amount, is_currency
from acctcli.core.model.names import nearest_first
from acctcli.core.model.periods import period_of
from acctcli.core.model.values import quote
from acctcli.core.query.comparison_keys import amounts

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from acctcli.core.model.periods import By
    from acctcli.core.query.context import Context
    from acctcli.core.query.parser import Term

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


_MONEY = re.compile(r"([A-Za-z]{3})?\s*(-?[0-9][0-9.]*)\s*([A-Za-z]{3})?", re.ASCII)
_MONEY_HINT = (
    "write digits and a point, such as 12500.00, with the currency before or behind it when it is"
    " not that of the book, such as 10000USD"
)
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def money_test(term: Term, context: Context) -> Callable[..., bool]:
    """Whether a total, or an amount and its currency, compares so with one of the term's values.

    For ``!=`` it is whether it is equal: the term denies it.

    Raises:
        InvalidInputError: ``bad-value``, ``unknown-currency``, ``no-currency``.
    """
    wanted = [read_money(value, context.currency) for value in term.values]
    test = _TESTS[term.operator]

    def holds(value: object, currency: object = None) -> bool:
        found = amounts(value, currency, context.book_currency)
        return any(code in found and test(found[code], size) for code, size in wanted)

    return holds


def read_money(text: str, currency: str | None) -> tuple[str, Decimal]:
    """The currency and the amount that a text stands for.

    Args:
        text: Digits and a point, with the code of a currency before or behind them, or none.
        currency: What a bare amount is in; None where no currency is known.

    Raises:
        InvalidInputError: ``bad-value``, ``unknown-currency``, ``no-currency``.
    """
    found = _MONEY.fullmatch(text)
    if found is None or (found[1] and found[3]):
        raise InvalidInputError.of("bad-value", f"{quote(text)} is not an amount", hint=_MONEY_HINT)
    code = found[1] or found[3]
    try:
        size = amount(found[2])
    except ValueError as error:
        raise InvalidInputError.of("bad-value", str(error), hint=_MONEY_HINT) from None
    if code is None:
        return require_currency(currency), size
    if not is_currency(code.upper()):
        raise InvalidInputError.of(
            "unknown-currency",
            f"{quote(code)} is not a currency of ISO 4217",
            hint=nearest_first(code.upper(), DIGITS, "write its three letters, such as EUR"),
        )
    return code.upper(), size


def require_currency(currency: str | None) -> str:
    """The currency of what names none, where there is one.

    Raises:
        InvalidInputError: ``no-currency``.
    """
    if currency is None:
        raise InvalidInputError.of(
            "no-currency",
            "the book has no currency, so an amount has to say its own",
            hint="write it behind the amount, such as 10000EUR; or say in acctcli.yaml which one"
            " counts, such as currency: EUR",
        )
    return currency
