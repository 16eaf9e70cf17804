"""Checks of amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import Problem
from acctcli.core.model.money import has_excess_digits, plain
from acctcli.core.rules.defaults import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Deal, Settings


def value_problem(deal: Deal, settings: Settings) -> Problem | None:
    """What is wrong with a deal's value: it must have a currency, of its own or the book's.

    Without one no total could count it, and a total that leaves money out is worse than none
    (rule 4), so such a deal is a bad record.
    """
    if deal.currency or settings.currency:
        return None
    name = next((name for name in MONEY if getattr(deal, name) is not None), None)
    if name is None:
        return None
    return Problem(
        id="value-without-currency",
        message=f"{name}: the deal has a value without a currency, and the book has none either",
        hint='write its currency, such as "currency: EUR", or set one in acctcli.yaml',
        kind="deals",
        record=deal.id,
        field=name,
    )


def bare_value(deal: Deal, settings: Settings) -> Problem:
    """That a deal's money names no currency, and would change with the book's."""
    name = next((name for name in MONEY if getattr(deal, name) is not None), MONEY[0])
    return Problem(
        id="value-in-book-currency",
        message=f"{name}: no currency stands beside it, so it is read as {settings.currency}",
        level="warning",
        hint=f'write it down, as "currency: {settings.currency}"',
        kind="deals",
        record=deal.id,
        field=name,
    )


def excess(
    amounts: Mapping[str, Decimal], kind: KindName, record: str, field: str
) -> Iterator[Problem]:
    """That amounts have more digits than their currencies have."""
    for currency, amount in amounts.items():
        if has_excess_digits(amount, currency):
            text = plain(amount, currency)
            yield Problem(
                id="excess-digits",
                message=f'{field}: "{text}" has more digits than {currency} has',
                level="warning",
                hint="round it, or leave it: every digit is kept and summed",
                kind=kind,
                record=record,
                field=field,
            )
