"""Rates of exchange: which one holds, and what amounts come to by it."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import pytest
from helpers.rate_tables import CODES, numbers, quotes
from helpers.strategies import SETTINGS, TODAY, ZONE, amounts, books, currencies, days
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.accounts.exchange_rates import (
    ChangedRate,
    Conversion,
    Quote,
    Rate,
    Rates,
    convert,
    merge,
    rate,
)
from acctcli.core.accounts.totals import summarize
from acctcli.core.model.money import DIGITS
from acctcli.core.model.records import Data, Deal


def conversion(currency: str, rates: Rates) -> Conversion:
    return Conversion(currency=currency, rates=rates, today=TODAY, settings=SETTINGS, zone=ZONE)


@pytest.mark.parametrize("text", ["1.0815", "161.30", "7", "0.000000000001", "999999999"])
def test_rates_are_plain_numbers_above_zero(text: str) -> None:
    assert rate(text) == Decimal(text)


@pytest.mark.parametrize(
    "text", ["", "0", "0.00", "-1", "NaN", "Infinity", "1e5", "1_0", ".5", "1.", "1,5", "１"]
)
def test_all_else_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        rate(text)


@given(quotes(), st.randoms(use_true_random=False), days)
def test_the_order_of_the_rates_makes_no_difference(
    found: list[Quote], random: object, day: dt.date
) -> None:
    other = found[::-1]
    for source in CODES:
        for target in CODES:
            assert Rates(found).rate_on(day, source, target) == Rates(other).rate_on(
                day, source, target
            )
    assert Rates(found).latest(day) == Rates(other).latest(day)


@given(quotes(), days, st.sampled_from(CODES), st.sampled_from(CODES))
def test_the_last_day_before_or_on_it_that_has_the_pair_holds(
    found: list[Quote], day: dt.date, source: str, target: str
) -> None:
    having = [
        quote
        for quote in found
        if quote.date <= day and {source, target} <= {quote.base, *quote.rates}
    ]
    held = Rates(found).rate_on(day, source, target)
    if not having:
        assert held is None
        return
    assert held is not None
    assert held.date == max(quote.date for quote in having)
    values = [
        (quote.rates.get(target, Decimal(1)), quote.rates.get(source, Decimal(1)))
        for quote in having
        if quote.date == held.date
    ]
    assert held[1:] in values


def test_of_several_bases_the_sources_own_comes_first() -> None:
    day = dt.date(2026, 3, 10)
    of_usd = Quote(day, "USD", {"EUR": Decimal("0.9")})
    of_eur = Quote(day, "EUR", {"USD": Decimal("1.1"), "GBP": Decimal("0.8")})
    of_gbp = Quote(day, "GBP", {"EUR": Decimal("1.2"), "USD": Decimal("1.3")})
    rates = Rates([of_gbp, of_eur, of_usd])
    assert rates.rate_on(day, "USD", "EUR") == (day, Decimal("0.9"), Decimal(1))
    assert rates.rate_on(day, "EUR", "USD") == (day, Decimal("1.1"), Decimal(1))
    assert rates.rate_on(day, "GBP", "USD") == (day, Decimal("1.3"), Decimal(1))
    assert Rates([of_eur]).rate_on(day, "USD", "GBP") == (day, Decimal("0.8"), Decimal("1.1"))
    assert rates.rate_on(day - dt.timedelta(days=1), "USD", "EUR") is None
    assert rates.latest(day)[0] == ("EUR", "GBP", day, Decimal("0.8"))
    assert rates.latest(day - dt.timedelta(days=1)) == []


@given(amounts, numbers, numbers, st.sampled_from(CODES))
def test_an_amount_is_rounded_once_half_to_even(
    amount: Decimal, times: Decimal, by: Decimal, currency: str
) -> None:
    found = convert(amount, Rate(TODAY, times, by), currency)
    step = Fraction(1, 10 ** DIGITS[currency])
    exact = Fraction(amount) * Fraction(times) / Fraction(by)
    assert Fraction(found) == round(exact / step) * step
    assert found.as_tuple().exponent == -DIGITS[currency]


def test_halves_go_to_the_even_digit() -> None:
    one = Rate(TODAY, Decimal(1), Decimal(1))
    told = [str(convert(Decimal(text), one, "EUR")) for text in ("0.005", "0.015", "-0.025")]
    assert told == ["0.00", "0.02", "-0.02"]
    assert str(convert(Decimal("0.025"), one, "EUR")) == "0.02"
    even = Context(prec=40, rounding=ROUND_HALF_EVEN)
    assert convert(Decimal(1), Rate(TODAY, Decimal(1), Decimal(3)), "TND") == even.divide(
        Decimal(1), Decimal(3)
    ).quantize(Decimal("0.001"))


@given(books("deals"), quotes())
def test_what_is_in_the_currency_stays_as_it_is(data: Data, found: list[Quote]) -> None:
    for deal in data.deals.values():
        if (deal.currency or "EUR") == "EUR":
            assert conversion("EUR", Rates(found)).deal(deal) == (deal, [])


@given(books("orgs", "people", "deals"), quotes(), st.sampled_from(CODES))
def test_the_sum_of_what_is_converted_is_the_list_that_is(
    data: Data, found: list[Quote], currency: str
) -> None:
    to = conversion(currency, Rates(found))
    made = {key: to.deal(deal) for key, deal in data.deals.items()}
    if any(problems for _, problems in made.values()):
        return
    deals = {key: deal for key, (deal, _) in made.items()}
    then = Data(orgs=data.orgs, people=data.people, deals=deals)
    for summary in summarize(then, SETTINGS, ZONE).values():
        assert set(summary.won_value) <= {currency}
        assert set(summary.open_value) <= {currency}
    won = [deal for deal in deals.values() if deal.status == "won" and deal.value is not None]
    assert all(deal.currency == currency or deal.currency is None for deal in won)


RATES = Rates(
    [
        Quote(dt.date(2026, 3, 1), "EUR", {"USD": Decimal("1.25")}),
        Quote(dt.date(2026, 3, 3), "EUR", {"USD": Decimal("2.5")}),
    ]
)


def test_a_win_has_the_rate_of_its_day_and_the_rest_that_of_today() -> None:
    win = Deal(
        id="d1", title="t", value=Decimal(10), currency="USD", status="won",
        won_time=dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC), mrr=Decimal(5), acv=Decimal(50),
    )  # fmt: skip
    made, problems = conversion("EUR", RATES).deal(win)
    # At 23:30 in London it is the third of March in the book's zone.
    assert [made.value, made.mrr, made.acv, made.arr] == [4, 2, 20, None]
    assert (made.currency, problems) == ("EUR", [])
    early = Deal(
        id="d2", title="t", value=Decimal(10), currency="USD", status="won",
        won_time=dt.date(2026, 3, 2), arr=Decimal(10),
    )  # fmt: skip
    made, _ = conversion("EUR", RATES).deal(early)
    assert [made.value, made.arr] == [8, 4]
    open_ = Deal(id="d3", title="t", value=Decimal(10), currency="USD")
    assert conversion("EUR", RATES).deal(open_)[0].value == 4


def test_a_missing_rate_names_the_pair_the_day_and_the_deal() -> None:
    early = Deal(id="d1", title="ERP", value=Decimal(10), currency="USD", status="won",
                 won_time=dt.date(2026, 2, 27), mrr=Decimal(1))  # fmt: skip
    made, problems = conversion("EUR", RATES).deal(early)
    assert made is early
    assert [problem.id for problem in problems] == ["no-rate"]
    assert "from USD to EUR on or before 2026-02-27" in problems[0].message
    assert '"ERP" (d1)' in problems[0].message
    yen = Deal(id="d2", title="t", value=Decimal(1), mrr=Decimal(1), currency="JPY")
    assert len(conversion("EUR", RATES).deal(yen)[1]) == 1  # told once
    undated = Deal(id="d3", title="t", value=Decimal(1), currency="USD", status="won")
    assert "nothing says when" in conversion("EUR", RATES).deal(undated)[1][0].message


@pytest.mark.parametrize(
    "deal",
    [
        Deal(id="d1", title="lost", value=Decimal(1), currency="JPY", status="lost"),
        Deal(id="d1", title="of no value", currency="JPY", status="won"),
    ],
    ids=lambda deal: deal.title,
)
def test_what_counts_in_no_total_needs_no_rate(deal: Deal) -> None:
    assert conversion("EUR", RATES).deal(deal) == (deal, [])


def test_a_bare_value_of_a_book_without_a_currency_stays() -> None:
    deal = Deal(id="d1", title="t", value=Decimal(1), status="won")
    bare = Conversion(
        currency="USD", rates=RATES, today=TODAY, settings=type(SETTINGS)(), zone=ZONE
    )
    assert bare.deal(deal) == (deal, [])


def test_merging_tells_what_is_new_and_what_differs() -> None:
    day, next_day = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
    usd, gbp = Decimal("1.25"), Decimal("0.9")
    merged = merge(
        RATES.quotes,
        [Quote(next_day, "EUR", {"USD": usd}), Quote(day, "EUR", {"USD": Decimal(2), "GBP": gbp})],
    )
    assert merged.changed == (ChangedRate(day, "EUR", "USD", usd, Decimal(2)),)
    assert (merged.new_days, merged.added, merged.unchanged) == (1, 2, 0)
    assert [quote.date for quote in merged.quotes] == [day, next_day]
    same = merge(RATES.quotes, RATES.quotes)
    assert (same.quotes, same.unchanged) == ((), 2)


@given(currencies)
def test_there_is_no_rate_without_rates(currency: str | None) -> None:
    if currency not in {None, "EUR"}:
        assert Rates([]).rate_on(TODAY, str(currency), "EUR") is None
