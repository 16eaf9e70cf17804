"""Rates of exchange, and amounts converted by them (rule 4).

A converted amount is rounded once, half to even, to the digits of its currency; what is summed
afterwards is summed exactly (rule 4).
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Mapping
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from acctcli.core.accounts.totals import RECURRING
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.errors import Problem
from acctcli.core.model.money import DIGITS
from acctcli.core.model.records import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.core.model.records import Deal

# The most digits that an amount, two rates and a currency's digits can make in one product.
_EXACT = Context(prec=100, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero])
_RATE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?", re.ASCII)
_ONE = Decimal(1)


class Quote(Struct, frozen=True):
    """The rates of one day: what one unit of the base is in other currencies."""

    date: dt.date
    base: str
    rates: Mapping[str, Decimal]


class Rate(NamedTuple):
    """What an amount is multiplied with and then divided by, and the day the two are of."""

    date: dt.date
    times: Decimal
    by: Decimal


class ChangedRate(NamedTuple):
    """A rate that is not what it was."""

    date: dt.date
    base: str
    currency: str
    before: Decimal
    after: Decimal


class MergedRates(Struct, frozen=True):
    """What comes of rates that are added to others.

    Attributes:
        quotes: The days that get rates, each with those that are new or changed, by date.
        new_days: How many of these are new.
        added: How many rates are new.
        changed: Those that were there and differ.
        unchanged: How many are there already.
    """

    quotes: tuple[Quote, ...]
    new_days: int
    added: int
    changed: tuple[ChangedRate, ...]
    unchanged: int


def rate(text: str) -> Decimal:
    """The rate that a text stands for: above zero, in plain digits.

    Raises:
        ValueError: It is no such number.
    """
    if _RATE.fullmatch(text) is None:
        raise ValueError(f'"{text}" is not a rate')
    found = Decimal(text)
    if not found:
        raise ValueError(f'"{text}": a rate is above zero')
    return found


class Rates:
    """Rates of many days, in any order; each day has each base once."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        self._quotes = sorted(quotes, key=lambda quote: (quote.date, quote.base))
        self._pairs: dict[tuple[str, str], list[Rate]] = {}

    @property
    def quotes(self) -> list[Quote]:
        """All of them, by date and base."""
        return self._quotes

    def rate_on(self, day: dt.date, source: str, target: str) -> Rate | None:
        """The rate that holds between two currencies on a day: the last one before or on it.

        The two may be the base and one of its rates, or two rates of one base and day. When
        several bases have the pair on the last day, that of the source comes first, then that of
        the target, then by name.
        """
        pair = (source, target)
        if pair not in self._pairs:
            self._pairs[pair] = self._of_pair(source, target)
        found = self._pairs[pair]
        number = bisect_right(found, day, key=lambda each: each.date)
        return found[number - 1] if number else None

    def _of_pair(self, source: str, target: str) -> list[Rate]:
        """The rates of a pair, one a day, by date."""
        best: dict[dt.date, tuple[tuple[bool, bool, str], Rate]] = {}
        for quote in self._quotes:
            times = _ONE if quote.base == target else quote.rates.get(target)
            by = _ONE if quote.base == source else quote.rates.get(source)
            if times is None or by is None:
                continue
            place = (quote.base != source, quote.base != target, quote.base)
            held = best.get(quote.date)
            if held is None or place < held[0]:
                best[quote.date] = place, Rate(quote.date, times, by)
        return [each for _, each in best.values()]

    def latest(self, day: dt.date) -> list[tuple[str, str, dt.date, Decimal]]:
        """The rates that hold on a day: base, currency, the day each is of, and the rate."""
        found: dict[tuple[str, str], tuple[dt.date, Decimal]] = {}
        for quote in self._quotes:
            if quote.date > day:
                break
            for currency, value in quote.rates.items():
                found[quote.base, currency] = quote.date, value
        return [(*pair, *found[pair]) for pair in sorted(found)]


def convert(amount: Decimal, rate: Rate, currency: str) -> Decimal:
    """An amount in another currency, rounded once, half to even, to that currency's digits."""
    digits = DIGITS[currency]
    step = rate.by.scaleb(-digits, _EXACT)
    units, rest = _EXACT.divmod(_EXACT.multiply(abs(amount), rate.times), step)
    half = _EXACT.compare(_EXACT.add(rest, rest), step)
    if half > 0 or (half == 0 and units % 2):
        units += 1
    return (-units if amount < 0 else units).scaleb(-digits, _EXACT)


class Conversion(Struct, frozen=True, kw_only=True):
    """How deals are converted.

    Attributes:
        currency: To which currency.
        rates: The rates there are.
        today: The day whose rates hold for what is not won yet, and for what comes again.
        settings: The currency of bare values.
        zone: Where the day of a timestamp is taken (rule 6).
    """

    currency: str
    rates: Rates
    today: dt.date
    settings: Settings
    zone: dt.tzinfo

    def deal(self, deal: Deal) -> tuple[Deal, list[Problem]]:
        """A deal with its money in the currency, and the rates that were missing for it.

        The value of a win is converted at the rate of the day it was won, all else at that of the
        day it is. A lost deal is left as it is: it counts in no total.
        """
        source = deal.currency or self.settings.currency
        if source is None or source == self.currency or deal.status == "lost":
            return deal, []
        changes: dict[str, Decimal | str] = {}
        problems: dict[Problem, None] = {}
        for name in ("value", *RECURRING):
            amount: Decimal | None = getattr(deal, name)
            if amount is None:
                continue
            day = self._day(deal) if name == "value" else self.today
            rate = None if day is None else self.rates.rate_on(day, source, self.currency)
            if rate is None:
                problems[self._missing(deal, source, day)] = None
            else:
                changes[name] = convert(amount, rate, self.currency)
        if problems or not changes:
            return deal, list(problems)
        return replace(deal, currency=self.currency, **changes), []

    def _day(self, deal: Deal) -> dt.date | None:
        if deal.status != "won":
            return self.today
        return None if deal.won_time is None else stamp_day(deal.won_time, self.zone)

    def _missing(self, deal: Deal, source: str, day: dt.date | None) -> Problem:
        pair = f"from {source} to {self.currency}"
        named = f'deal "{deal.title}" ({deal.id})'
        if day is None:
            return Problem(
                id="no-rate",
                message=f"there is no rate {pair} for {named}: it is won, but nothing says when",
                hint="write the day it was won: "
                f"acctcli deal edit {deal.id} --set won_time=2026-03-02",
                kind="deals",
                record=deal.id,
            )
        return Problem(
            id="no-rate",
            message=f"there is no rate {pair} on or before {day}, for {named}",
            hint="import rates of that time: acctcli rates import FILE; or write one into"
            " rates.yaml",
            kind="deals",
            record=deal.id,
        )


def merge(old: Iterable[Quote], new: Iterable[Quote]) -> MergedRates:
    """What there is to do for new rates to stand with, or in place of, the old ones."""
    known = {(quote.date, quote.base): quote.rates for quote in old}
    wanted: list[Quote] = []
    changed: list[ChangedRate] = []
    new_days = added = unchanged = 0
    for quote in sorted(new, key=lambda each: (each.date, each.base)):
        held = known.get((quote.date, quote.base))
        different: dict[str, Decimal] = {}
        for currency, value in quote.rates.items():
            before = None if held is None else held.get(currency)
            if before == value:
                unchanged += 1
                continue
            different[currency] = value
            if before is None:
                added += 1
            else:
                changed.append(ChangedRate(quote.date, quote.base, currency, before, value))
        if different:
            wanted.append(Quote(quote.date, quote.base, different))
            new_days += held is None
    return MergedRates(tuple(wanted), new_days, added, tuple(changed), unchanged)
