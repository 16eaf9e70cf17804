from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.records import Activity, Data, Deal, Org, Person, Settings
from acctcli.core.rules.defaults import next_in_series, with_currency, with_defaults

TODAY = dt.date(2026, 3, 10)
EURO = Settings(currency="EUR")
DATA = Data(
    orgs={"acme": Org(id="acme", name="Acme"), "cole": Org(id="cole", name="Cole")},
    people={
        "eva": Person(id="eva", name="Eva", org="cole"),
        "max": Person(id="max", name="Max"),
    },
    deals={
        "d1": Deal(id="d1", title="ERP", org="acme"),
        "d2": Deal(id="d2", title="Lost in space"),
    },
)


def test_a_deal_is_open_and_in_the_books_currency() -> None:
    fields = with_defaults("deals", {"id": "d3", "title": "New", "value": "5"}, DATA, EURO, TODAY)
    assert fields == {
        "id": "d3", "title": "New", "value": "5", "currency": "EUR", "status": "open"
    }  # fmt: skip
    assert list(fields) == ["id", "title", "value", "currency", "status"]


def test_a_deal_keeps_the_currency_it_was_given() -> None:
    fields = with_defaults("deals", {"value": "5", "currency": "USD"}, DATA, EURO, TODAY)
    assert fields["currency"] == "USD"


def test_a_deal_without_value_needs_no_currency() -> None:
    assert "currency" not in with_defaults("deals", {"title": "x"}, DATA, Settings(), TODAY)


def test_a_value_without_currency_in_a_book_without_one_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        with_defaults("deals", {"value": "5"}, DATA, Settings(), TODAY)
    assert caught.value.problems[0].id == "no-currency"


@pytest.mark.parametrize("status", ["won", "lost"])
def test_a_closed_deal_has_its_day(status: str) -> None:
    assert with_defaults("deals", {"status": status}, DATA, EURO, TODAY)[f"{status}_time"] == (
        "2026-03-10"
    )
    told = {"status": status, f"{status}_time": "2026-01-01"}
    assert with_defaults("deals", told, DATA, EURO, TODAY)[f"{status}_time"] == "2026-01-01"


@pytest.mark.parametrize(
    ("links", "org"),
    [
        ({"org": "cole", "deal": "d1"}, "cole"),
        ({"deal": "d1"}, "acme"),
        ({"deal": "d1", "person": "eva"}, "acme"),
        ({"deal": "d2", "person": "eva"}, "cole"),
        ({"person": "eva"}, "cole"),
        ({"person": "max"}, None),
        ({"deal": "d2"}, None),
        ({}, None),
    ],
)
def test_what_names_no_organization_gets_that_of_its_deal_or_person(
    links: dict[str, str], org: str | None
) -> None:
    fields = with_defaults("notes", {"content": "x", **links}, DATA, EURO, TODAY)
    assert fields.get("org") == org


def test_an_activity_is_a_task_and_done_today() -> None:
    assert with_defaults("activities", {"subject": "x"}, DATA, EURO, TODAY)["type"] == "task"
    fields = with_defaults("activities", {"subject": "x", "done": "true"}, DATA, EURO, TODAY)
    assert fields["done_time"] == "2026-03-10"


def test_an_organization_gets_nothing_and_own_fields_come_last() -> None:
    fields = with_defaults("orgs", {"vat": "1", "id": "o", "name": "O"}, DATA, EURO, TODAY)
    assert list(fields) == ["id", "name", "vat"]


OPEN = Deal(id="d1", title="ERP")
WON = Deal(id="d1", title="ERP", status="won", won_time=TODAY, currency="USD")


@pytest.mark.parametrize(
    ("before", "asked", "changed"),
    [
        (OPEN, {"status": "won"}, {"status": "won", "won_time": "2026-03-10"}),
        (OPEN, {"status": "won", "won_time": "2026-01-01"}, {"won_time": "2026-01-01"}),
        (OPEN, {"status": "lost"}, {"status": "lost", "lost_time": "2026-03-10"}),
        (WON, {"status": "open"}, {"status": "open", "won_time": None}),
        (OPEN, {"value": "5"}, {"value": "5", "currency": "EUR"}),
        (WON, {"value": "5"}, {"value": "5"}),
        (OPEN, {"value": "5", "currency": "GBP"}, {"value": "5", "currency": "GBP"}),
    ],
)
def test_what_follows_from_a_change_of_a_deal(
    before: Deal, asked: dict[str, str], changed: dict[str, str | None]
) -> None:
    result = next_in_series("deals", before, asked, EURO, TODAY)
    assert changed.items() <= result.items()


def test_a_status_that_stays_or_is_none_brings_nothing() -> None:
    assert next_in_series("deals", WON, {"status": "won"}, EURO, TODAY) == {"status": "won"}
    assert next_in_series("deals", WON, {"status": "sold"}, EURO, TODAY) == {"status": "sold"}


TODO = Activity(id="a1", subject="Call")
DONE = Activity(id="a1", subject="Call", done=True)


@pytest.mark.parametrize(
    ("before", "asked", "result"),
    [
        (TODO, {"done": "yes"}, {"done": "yes", "done_time": "2026-03-10"}),
        (DONE, {"done": "false"}, {"done": "false", "done_time": None}),
        (DONE, {"done": "true"}, {"done": "true"}),
        (TODO, {"done": "no"}, {"done": "no"}),
        (TODO, {"type": "call"}, {"type": "call"}),
    ],
)
def test_what_follows_from_a_change_of_an_activity(
    before: Activity, asked: dict[str, str], result: dict[str, str | None]
) -> None:
    assert next_in_series("activities", before, asked, EURO, TODAY) == result


def test_other_kinds_follow_what_was_asked() -> None:
    org = Org(id="acme", name="Acme")
    assert next_in_series("orgs", org, {"owner": "Eva"}, EURO, TODAY) == {"owner": "Eva"}


@pytest.mark.parametrize(
    ("due", "done"),
    [("2026-02-01", "2026-02-01"), ("2026-04-01", "2026-03-10"), (None, "2026-03-10")],
)
def test_what_is_logged_as_done_was_done_when_it_was_due_but_not_ahead(
    due: str | None, done: str
) -> None:
    fields = {"subject": "x", "done": "true", "due_date": due}
    assert with_defaults("activities", fields, DATA, EURO, TODAY)["done_time"] == done


def test_a_value_without_currency_is_read_in_the_books() -> None:
    bare = Deal(id="d", title="D", value=Decimal(5))
    assert with_currency(bare, EURO).currency == "EUR"
    dollars = Deal(id="d", title="D", value=Decimal(5), currency="USD")
    assert with_currency(dollars, EURO) is dollars
    assert with_currency(OPEN, EURO) is OPEN
