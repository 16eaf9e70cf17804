"""Amounts in terms, such as `10000`, `10000EUR` and `EUR 10000`: compared within their currency.

What has no amount in that currency is neither more nor less (rule 4).
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from acctcli.core.errors import InvalidInputError
from acctcli.core.money import DIGITS, amount, is_currency
from acctcli.core.names import nearest_first
from acctcli.core.terms.measures import amounts
from acctcli.core.values import quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from acctcli.core.terms.context import Context
    from acctcli.core.terms.syntax import Term

_MONEY = re.compile(r"([A-Za-z]{3})?\s*(-?[0-9][0-9.]*)\s*([A-Za-z]{3})?", re.ASCII)
_HINT = (
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
        raise InvalidInputError.of("bad-value", f"{quoted(text)} is not an amount", hint=_HINT)
    code = found[1] or found[3]
    try:
        size = amount(found[2])
    except ValueError as error:
        raise InvalidInputError.of("bad-value", str(error), hint=_HINT) from None
    if code is None:
        return known_currency(currency), size
    if not is_currency(code.upper()):
        raise InvalidInputError.of(
            "unknown-currency",
            f"{quoted(code)} is not a currency of ISO 4217",
            hint=nearest_first(code.upper(), DIGITS, "write its three letters, such as EUR"),
        )
    return code.upper(), size


def known_currency(currency: str | None) -> str:
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
