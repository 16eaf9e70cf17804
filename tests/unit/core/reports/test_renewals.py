from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from helpers.strategies import SETTINGS, TODAY, ZONE, books, days
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.accounts.totals import summarize
from acctcli.core.model.durations import parse_span
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.money import add_amount
from acctcli.core.model.records import Data, Deal, Org, Person, Settings
from acctcli.core.reports.renewals import (
    AMOUNTS,
    Renewal,
    by_day,
    renewal_fields,
    renewals,
    totals,
)

ACME = Org(id="acme", name="Acme")
END = TODAY + dt.timedelta(days=90)


def deal(key: str = "d1", **fields: Any) -> Deal:  # noqa: ANN401 - the fields of a record by name, of every type
    known: dict[str, Any] = {
        "id": key, "title": "Care", "org": "acme", "status": "won", "renewal_date": TODAY,
    }  # fmt: skip
    return Deal(**(known | fields))


def found(*deals: Deal, book: Settings = SETTINGS) -> list[Renewal]:
    data = Data(
        orgs={"acme": ACME},
        people={"eva": Person(id="eva", name="Eva", org="acme")},
        deals={each.id: each for each in deals},
    )
    return list(renewals(data, book, TODAY, END))


def test_a_renewal_is_the_deal_with_its_organization_and_the_days_left() -> None:
    (one,) = found(
        deal(org=None, person="eva", owner="mia", value=Decimal(7), mrr=Decimal("0.5"),
             renewal_date=END, term="12m")
    )  # fmt: skip
    assert one == Renewal(
        id="d1", title="Care", org="acme", org_name="Acme", owner="mia", renewal_date=END,
        days_left=90, term="12m", value=Decimal("7.00"), mrr=Decimal("0.50"), arr=None, acv=None,
        currency="EUR",
    )  # fmt: skip
    assert str(one.value) == "7.00"
    assert not one.is_late


@pytest.mark.parametrize(("ahead", "late"), [(-400, True), (-1, True), (0, False), (90, False)])
def test_what_is_past_is_late(ahead: int, late: bool) -> None:  # noqa: FBT001 - a column of the table
    (one,) = found(deal(renewal_date=TODAY + dt.timedelta(days=ahead)))
    assert (one.days_left, one.is_late) == (ahead, late)


@pytest.mark.parametrize(
    "fields",
    [
        {"renewal_date": None},
        {"renewal_date": END + dt.timedelta(days=1)},
        {"status": "open"},
        {"status": "lost"},
        {"archived": True},
        {"org": None},
        {"org": "ghost"},
    ],
)
def test_what_is_not_won_or_not_there_or_far_ahead_is_not_renewed(fields: dict[str, Any]) -> None:
    assert found(deal(**fields)) == []


def test_a_deal_of_no_currency_in_a_book_of_none_has_no_amount_to_settle() -> None:
    (one,) = found(deal(), book=Settings())
    assert (one.currency, one.value) == (None, None)


def test_they_stand_by_day_then_by_organization_and_deal() -> None:
    later = TODAY + dt.timedelta(days=1)
    many = found(deal("d3"), deal("d1", renewal_date=later), deal("d2"))
    assert [each.id for each in sorted(many, key=by_day)] == ["d2", "d3", "d1"]


def test_totals_are_by_currency_and_never_mixed() -> None:
    many = found(
        deal("d1", value=Decimal(1), currency="USD"),
        deal("d2", value=Decimal("2.5"), currency="EUR", arr=Decimal(9)),
        deal("d3", value=Decimal("0.25"), currency="EUR"),
    )
    sums = totals(many)
    assert list(sums) == list(AMOUNTS)
    assert list(sums["value"].items()) == [("EUR", Decimal("2.75")), ("USD", Decimal("1.00"))]
    assert sums["arr"] == {"EUR": Decimal("9.00")}
    assert sums["mrr"] == sums["acv"] == {}


@settings(max_examples=80)
@given(books("orgs", "people", "deals"), days, st.integers(0, 12))
def test_renewals_are_those_that_the_accounts_count(data: Data, today: dt.date, ahead: int) -> None:
    until = today + dt.timedelta(days=ahead)
    mine = list(renewals(data, SETTINGS, today, until))
    assert len({each.id for each in mine}) == len(mine)
    for key, each in summarize(data, SETTINGS, ZONE).items():
        first = min((one.renewal_date for one in mine if one.org == key), default=None)
        due = each.renewal_date is not None and each.renewal_date <= until
        assert first == (each.renewal_date if due else None)
    everything = list(renewals(data, SETTINGS, today, dt.date.max))
    parts = [one for one in everything if one.renewal_date > until]
    for name in AMOUNTS:  # what is due and what is not make up all
        sums = dict(totals(mine)[name])
        for currency, amount in totals(parts)[name].items():
            add_amount(sums, currency, amount)
        assert sums == totals(everything)[name]


def test_a_renewal_moves_the_date_on_from_the_old_one() -> None:
    old = deal(renewal_date=dt.date(2024, 2, 29), term="1y")
    assert renewal_fields(old, start=None, term=None) == {
        "renewal_date": "2025-02-28",
        "term": "1y",
    }
    assert renewal_fields(old, start=None, term=" 3M ") == {
        "renewal_date": "2024-05-29",
        "term": "3m",
    }
    assert renewal_fields(old, start=TODAY, term="7d") == {
        "renewal_date": (TODAY + dt.timedelta(days=7)).isoformat(),
        "term": "7d",
    }
    bare = deal(renewal_date=None, term="1d")
    assert renewal_fields(bare, start=TODAY, term=None)["renewal_date"] == "2026-03-05"


@pytest.mark.parametrize(
    ("fields", "term", "error"),
    [
        ({"status": "open", "term": "1y"}, None, "not-won"),
        ({"status": "lost", "term": "1y"}, None, "not-won"),
        ({}, None, "no-term"),
        ({"term": "1y", "renewal_date": None}, None, "no-renewal-date"),
        ({}, "a year", "bad-span"),
        ({}, "0m", "bad-span"),
        ({}, "9999y", "bad-span"),
    ],
)
def test_what_cannot_be_renewed_is_refused(
    fields: dict[str, Any], term: str | None, error: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        renewal_fields(deal(**fields), start=None, term=term)
    assert caught.value.problems[0].id == error
    assert caught.value.problems[0].hint


@given(days, st.integers(1, 500), st.sampled_from("dwmy"))
def test_a_renewal_is_always_later_and_keeps_its_term(day: dt.date, count: int, unit: str) -> None:
    term = f"{count}{unit}"
    changes = renewal_fields(deal(renewal_date=day, term=term), start=None, term=None)
    moved = dt.date.fromisoformat(str(changes["renewal_date"]))
    assert changes["term"] == term
    assert moved > day
    assert moved == parse_span(term).add_to(day)
