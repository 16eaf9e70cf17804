from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from helpers.samples import LUNCH, bare_row, row
from helpers.strategies import SETTINGS, TODAY, ZONE, books, days
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from acctcli.core.accounts.totals import account_row as row_of
from acctcli.core.accounts.totals import day_numbers, done_day, summarize
from acctcli.core.model.errors import UsageError
from acctcli.core.model.links import org_of
from acctcli.core.model.money import add_amount
from acctcli.core.model.records import Activity, Data, Org, Settings
from acctcli.core.reports.coverage import (
    COVERAGES,
    NO_CONTACTS,
    Contacts,
    Coverage,
    account_contact,
    contacts_of_types,
    coverage_groups,
    parse_types,
)

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("days_of_contact", "coverage", "count"),
    [
        ((), "never", 0),
        (("2025-12-31",), "not_contacted", 0),
        (("2026-01-01",), "contacted", 1),
        (("2026-01-31",), "contacted", 1),
        (("2026-02-01",), "not_contacted", 0),
        (("2025-12-31", "2026-02-01"), "not_contacted", 0),
        (("2025-12-31", "2026-01-10", "2026-01-10", "2026-02-01"), "contacted", 2),
    ],
)
def test_both_ends_of_the_period_count(
    days_of_contact: tuple[str, ...], coverage: Coverage, count: int
) -> None:
    numbers = day_numbers(map(dt.date.fromisoformat, days_of_contact))
    found = account_contact(row(), Contacts(numbers, LUNCH), FIRST, LAST)
    assert (found.coverage, found.contact_count) == (coverage, count)
    assert (found.last_contact, found.won_value) == (LUNCH, row().won_value)


def test_an_organization_without_a_win_is_no_account() -> None:
    found = account_contact(replace(bare_row(), won_count=0), NO_CONTACTS, FIRST, LAST)
    assert (found.is_account, found.last_contact) == (False, None)
    assert account_contact(row(), NO_CONTACTS, FIRST, LAST).is_account


def test_groups_add_up_by_currency_and_keep_the_order() -> None:
    ones = [
        account_contact(
            replace(row(), id=key, won_value=value), Contacts(numbers, None), FIRST, LAST
        )
        for key, value, numbers in (
            ("a", {"USD": Decimal("1.10")}, ()),
            ("b", {"EUR": Decimal(2)}, ()),
            ("c", {"USD": Decimal("3.05")}, ()),
            ("d", {}, day_numbers([FIRST])),
        )
    ]
    contacted, not_contacted, never = coverage_groups(ones)
    assert [each.id for each in contacted.rows] == ["d"]
    assert (not_contacted.rows, not_contacted.won_value) == ((), {})
    assert [each.id for each in never.rows] == ["a", "b", "c"]
    assert list(never.won_value.items()) == [("EUR", Decimal("2.00")), ("USD", Decimal("4.15"))]


@settings(max_examples=80)
@given(books("orgs", "people", "deals", "activities"), days, st.integers(0, 12))
def test_each_organization_is_in_one_group_and_its_value_in_one_total(
    data: Data, since: dt.date, length: int
) -> None:
    until = since + dt.timedelta(days=length)
    summaries = summarize(data, SETTINGS, ZONE)
    found = coverage_groups(
        account_contact(
            row_of(data.orgs[key], each, TODAY, SETTINGS),
            Contacts(day_numbers(each.contact_days), each.last_contact),
            since,
            until,
        )
        for key, each in summaries.items()
    )
    assert [group.coverage for group in found] == list(COVERAGES)
    assert sorted(row.id for group in found for row in group.rows) == sorted(data.orgs)
    told: dict[str, Decimal] = {}
    for group in found:
        for currency, amount in group.won_value.items():
            add_amount(told, currency, amount)
    meant: dict[str, Decimal] = {}
    for each in summaries.values():
        for currency, amount in each.won_value.items():
            add_amount(meant, currency, amount)
    assert told == meant
    for group in found:
        for one in group.rows:
            inside = [d for d in summaries[one.id].contact_days if since <= d <= until]
            assert one.contact_count == len(inside)
            assert (group.coverage == "contacted") == bool(inside)
            assert (group.coverage == "never") == (not summaries[one.id].contact_days)


def test_all_of_an_organization_is_looked_at() -> None:
    calls = {
        key: Activity(id=key, subject="s", type="call", org="acme", done=True, done_time=day)
        for key, day in (("a", FIRST), ("b", LAST), ("c", FIRST))
    }
    data = Data(orgs={"acme": Org(id="acme", name="Acme")}, activities=calls)
    found = contacts_of_types(data, ("call",), SETTINGS, ZONE)["acme"]
    assert found.days == day_numbers([FIRST, FIRST, LAST])
    assert found.last is not None
    assert found.last.id == "b"


@settings(max_examples=80)
@given(
    books("orgs", "people", "deals", "activities"),
    st.lists(st.sampled_from(["call", "meeting", "task"]), min_size=1, unique=True),
)
def test_only_the_types_that_are_named_count(data: Data, types: list[str]) -> None:
    found = contacts_of_types(data, types, SETTINGS, ZONE)
    meant: dict[str, list[int]] = {}
    for activity in data.activities.values():
        org_id = org_of(activity, data)
        if activity.done and activity.type in types and org_id is not None:
            numbers = meant.setdefault(org_id, [])
            day = done_day(activity, ZONE)
            numbers += [] if day is None else [day.toordinal()]
    assert {key: list(each.days) for key, each in found.items()} == {
        key: sorted(numbers) for key, numbers in meant.items()
    }
    for each in found.values():
        last = each.last.date.toordinal() if each.last else None
        assert last == (each.days[-1] if each.days else None)


@settings(max_examples=40)
@given(books("orgs", "people", "deals", "activities"))
def test_the_types_of_contact_give_what_the_accounts_have(data: Data) -> None:
    found = contacts_of_types(data, SETTINGS.contact_types, SETTINGS, ZONE)
    for key, each in summarize(data, SETTINGS, ZONE).items():
        mine = found.get(key, NO_CONTACTS)
        assert (list(mine.days), mine.last) == (day_numbers(each.contact_days), each.last_contact)


def test_types_are_a_list_with_commas() -> None:
    assert parse_types("call", Settings()) == ("call",)
    assert parse_types(" task, call,task", Settings()) == ("task", "call")
    book = Settings(contact_types=("visit",), activity_types=("call",))
    assert parse_types("visit,call", book) == ("visit", "call")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("call,meting", '--types: there is no type "meting"; did you mean "meeting"?'),
        ("nonsense", '--types: there is no type "nonsense"'),
        ("call,", '--types: there is no type ""'),
    ],
)
def test_an_unknown_type_is_answered_with_the_nearest(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_types(text, Settings())
    (problem,) = caught.value.problems
    assert (problem.id, problem.message) == ("unknown-type", message)
    assert problem.hint is not None
    assert "call, meeting, email, lunch, task, deadline" in problem.hint
