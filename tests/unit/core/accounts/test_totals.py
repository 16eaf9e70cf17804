from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from helpers.oracle import account_rows, org_rows
from helpers.strategies import SETTINGS, TODAY, ZONE, books, shuffled
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.accounts.totals import (
    AccountRow,
    LastContact,
    NextActivity,
    Summary,
    Tally,
    account_row,
    day_numbers,
    done_day,
    has_contact,
    summarize,
    won_counts,
)
from acctcli.core.model.links import org_of
from acctcli.core.model.records import Activity, Data, Deal, Org, Person, Settings

ACME = Org(id="acme", name="Acme", owner="mia", labels=("key",), parent="top")


def _day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


def _deals(*deals: Deal) -> Data:
    return Data(
        orgs={"acme": ACME},
        people={"anna": Person(id="anna", name="Anna", org="acme")},
        deals={deal.id: deal for deal in deals},
    )


def _activities(*activities: Activity) -> Data:
    return Data(orgs={"acme": ACME}, activities={each.id: each for each in activities})


def _todo(key: str, day: int | None, time: dt.time | None = None) -> Activity:
    due = None if day is None else _day(day)
    return Activity(id=key, subject=key.upper(), org="acme", due_date=due, due_time=time)


def _summary(data: Data, book: Settings = SETTINGS) -> Summary:
    return summarize(data, book, ZONE)["acme"]


def test_values_are_summed_by_status_and_currency() -> None:
    summary = _summary(
        _deals(
            Deal(id="1", title="t", org="acme", status="won", value=Decimal("0.1"), currency="EUR"),
            Deal(id="2", title="t", org="acme", status="won", value=Decimal("0.2"), currency="EUR"),
            Deal(id="3", title="t", person="anna", status="won", value=Decimal(-5), currency="JPY"),
            Deal(id="4", title="t", org="acme", status="lost", value=Decimal(7), currency="USD"),
            Deal(id="5", title="t", org="acme", value=Decimal("1.005"), currency="EUR"),
            Deal(id="6", title="t", org="ghost", status="won", value=Decimal(9), currency="EUR"),
        )
    )
    assert str(summary.won_value["EUR"]) == "0.30"
    assert str(summary.won_value["JPY"]) == "-5"
    assert summary.open_value == {"EUR": Decimal("1.005")}
    assert summary.lost_value == {"USD": Decimal(7)}
    assert (summary.won_count, summary.open_count, summary.lost_count) == (3, 1, 1)


def test_a_bare_value_is_in_the_books_currency_or_left_out() -> None:
    data = _deals(Deal(id="1", title="t", org="acme", status="won", value=Decimal(5)))
    assert _summary(data).won_value == {"EUR": Decimal(5)}
    without = _summary(data, Settings())
    assert without.won_value == {}
    assert without.won_count == 1


@pytest.mark.parametrize("value", [None, Decimal(0), Decimal(-1)])
@pytest.mark.parametrize("archived", [False, True])
def test_any_won_deal_makes_an_account(value: Decimal | None, *, archived: bool) -> None:
    deal = Deal(
        id="1",
        title="t",
        org="acme",
        status="won",
        value=value,
        currency="USD",
        archived=archived,
    )
    data = _deals(deal)
    assert set(won_counts(data)) == {"acme"}
    assert _summary(data).won_value == ({} if value is None else {"USD": value})


def test_first_and_last_win_are_days_in_the_books_zone() -> None:
    late = dt.datetime(2026, 3, 9, 23, 30, tzinfo=dt.UTC)  # the 10th in the zone
    summary = _summary(
        _deals(
            Deal(id="1", title="t", org="acme", status="won", won_time=late),
            Deal(id="2", title="t", org="acme", status="won", won_time=_day(3)),
            Deal(id="3", title="t", org="acme", status="won"),
            Deal(id="4", title="t", org="acme", status="lost", won_time=_day(1)),
        )
    )
    assert (summary.first_won, summary.last_won) == (_day(3), _day(10))
    undated = _summary(_deals(Deal(id="1", title="t", org="acme", status="won")))
    assert (undated.first_won, undated.last_won) == (None, None)


def test_the_next_activity_is_by_day_then_time_then_id() -> None:
    noon, morning = dt.time(12), dt.time(9)

    def first(*activities: Activity) -> str | None:
        upcoming = _summary(_activities(*activities)).next_activity
        return upcoming.id if upcoming else None

    assert first(_todo("a", 6, morning), _todo("b", 5)) == "b"
    assert first(_todo("a", 5), _todo("b", 5, noon), _todo("c", 5, morning)) == "c"
    assert first(_todo("a", 5), _todo("b", 5, dt.time(0))) == "b"
    assert first(_todo("b", 5), _todo("a", 5)) == "a"
    assert first(_todo("a", None)) is None


def test_the_next_activity_is_told_whole() -> None:
    activity = Activity(
        id="a",
        subject="Call",
        type="call",
        org="acme",
        owner="mia",
        due_date=_day(5),
        due_time=dt.time(9),
    )
    assert _summary(_activities(activity)).next_activity == NextActivity(
        id="a",
        type="call",
        subject="Call",
        due_date=_day(5),
        due_time=dt.time(9),
        owner="mia",
    )


def test_an_activity_of_no_organization_is_planned_with_none() -> None:
    stray = Activity(id="a", subject="s", org="ghost", due_date=_day(5))
    assert _summary(_activities(stray)).due_dates == ()


def test_the_day_of_a_done_activity() -> None:
    late = dt.datetime(2026, 3, 9, 23, 30, tzinfo=dt.UTC)
    activity = Activity(id="a", subject="s", done=True, due_date=_day(1), done_time=late)
    assert done_day(activity, ZONE) == _day(10)
    assert done_day(Activity(id="a", subject="s", due_date=_day(1)), ZONE) == _day(1)
    assert done_day(Activity(id="a", subject="s"), ZONE) is None


def test_the_last_contact_is_the_latest_done_one_that_counts_as_contact() -> None:
    def did(key: str, kind: str | None, day: int | None) -> Activity:
        when = None if day is None else _day(day)
        return Activity(
            id=key,
            subject="Talk",
            type=kind,
            org="acme",
            person="anna",
            owner="mia",
            done=True,
            done_time=when,
        )

    planned = Activity(id="z", subject="s", type="call", org="acme", due_date=_day(2))
    summary = _summary(
        _activities(
            did("a", "call", 1),
            did("c", "meeting", 3),
            did("b", "call", 3),
            did("d", "task", 4),
            did("e", None, 4),
            did("f", "call", None),
            planned,
        )
    )
    assert summary.contact_days == (_day(1), _day(3), _day(3))
    assert summary.last_contact == LastContact(
        id="c", type="meeting", subject="Talk", date=_day(3), person="anna", owner="mia"
    )
    assert _summary(_activities(planned)).last_contact is None


def test_the_types_that_count_as_contact_are_the_books() -> None:
    visit = Activity(id="a", subject="s", type="visit", org="acme", done=True, done_time=_day(1))
    assert _summary(_activities(visit)).contact_days == ()
    assert _summary(_activities(visit), Settings(contact_types=("visit",))).contact_days


def test_a_row_is_the_summary_on_a_day() -> None:
    deal = Deal(
        id="1",
        title="t",
        org="acme",
        status="won",
        value=Decimal(5),
        currency="EUR",
        won_time=_day(1),
    )
    data = Data(
        orgs={"acme": ACME},
        deals={"1": deal},
        activities={
            each.id: each
            for each in (_todo("a", 3), _todo("b", 4), _todo("c", 9), _todo("d", None))
        },
    )
    summary = _summary(data)
    assert account_row(ACME, summary, TODAY, SETTINGS) == AccountRow(
        id="acme",
        name="Acme",
        owner="mia",
        labels=("key",),
        parent="top",
        tier=None,
        won_value={"EUR": Decimal(5)},
        won_count=1,
        open_value={},
        open_count=0,
        lost_count=0,
        first_won=_day(1),
        last_won=_day(1),
        mrr={},
        arr={},
        acv={},
        renewal_date=None,
        next_activity=NextActivity(
            id="a", type=None, subject="A", due_date=_day(3), due_time=None, owner=None
        ),
        bucket="overdue",
        last_contact=None,
        planned_count=3,
        overdue_count=1,
        is_account=True,
    )
    assert account_row(ACME, summary, _day(3), SETTINGS).bucket == "today"
    assert account_row(ACME, summary, _day(10), SETTINGS).overdue_count == 3


def test_the_keys_of_a_row_are_the_machine_keys() -> None:
    assert AccountRow.__struct_fields__ == (
        "id",
        "name",
        "owner",
        "labels",
        "parent",
        "tier",
        "won_value",
        "won_count",
        "open_value",
        "open_count",
        "lost_count",
        "first_won",
        "last_won",
        "mrr",
        "arr",
        "acv",
        "renewal_date",
        "next_activity",
        "last_contact",
        "bucket",
        "planned_count",
        "overdue_count",
        "is_account",
    )


def test_rows_stand_by_name_then_id() -> None:
    data = Data(
        orgs={
            key: Org(id=key, name=name)
            for key, name in (("z", "Émile"), ("y", "zeta"), ("x", "emile"), ("w", "Alfa"))
        },
        deals={"d": Deal(id="d", title="t", org="y", status="won")},
    )
    everyone = org_rows(data, SETTINGS, TODAY, ZONE)
    assert [each.id for each in everyone] == ["w", "x", "z", "y"]
    assert [each.is_account for each in everyone] == [False, False, False, True]
    assert [each.id for each in account_rows(data, SETTINGS, TODAY, ZONE)] == ["y"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(1, 3, False), (1, 4, True), (4, 4, True), (5, 7, False), (5, 8, True), (9, 20, False)],
)
def test_contacted_means_a_contact_inside_the_period_ends_included(
    since: int, until: int, *, expected: bool
) -> None:
    done = [
        Activity(id=str(day), subject="s", type="call", org="acme", done=True, done_time=_day(day))
        for day in (8, 4)
    ]
    data = _activities(*done)
    summaries = summarize(data, SETTINGS, ZONE)
    days = day_numbers(summaries["acme"].contact_days)
    assert has_contact(days, _day(since), _day(until)) is expected


@settings(max_examples=50, deadline=None)
@given(books(), st.data())
def test_totals_are_a_plain_sum_in_any_order(data: Data, draw: st.DataObject) -> None:
    expected: dict[str, dict[str, Decimal]] = {org: {} for org in data.orgs}
    for deal in data.deals.values():
        org = org_of(deal, data)
        if org is not None and deal.status == "won" and deal.value is not None:
            currency = deal.currency or "EUR"
            expected[org][currency] = expected[org].get(currency, Decimal(0)) + deal.value
    found = summarize(data, SETTINGS, ZONE)
    assert {org: summary.won_value for org, summary in found.items()} == expected
    assert summarize(draw.draw(shuffled(data)), SETTINGS, ZONE) == found


@settings(max_examples=60, deadline=None)
@given(books("deals", "activities"), st.data())
def test_two_tallies_together_are_the_tally_of_all(data: Data, draw: st.DataObject) -> None:
    whole, first, second = (Tally(SETTINGS, ZONE) for _ in range(3))
    for deal in data.deals.values():
        whole.add_deal(deal)
        draw.draw(st.sampled_from([first, second])).add_deal(deal)
    for activity in data.activities.values():
        whole.add_activity(activity)
        draw.draw(st.sampled_from([first, second])).add_activity(activity)
    first.add_all(second)
    assert first.summary("acme") == whole.summary("acme")


@settings(max_examples=60, deadline=None)
@given(books("orgs", "people", "deals"))
def test_an_organization_is_an_account_iff_it_has_a_won_deal(data: Data) -> None:
    winners = {org_of(deal, data) for deal in data.deals.values() if deal.status == "won"}
    everyone = org_rows(data, SETTINGS, TODAY, ZONE)
    assert {each.id for each in everyone} == set(data.orgs)
    assert {each.id for each in everyone if each.is_account} == winners - {None}
    assert set(won_counts(data)) == winners - {None}
    assert account_rows(data, SETTINGS, TODAY, ZONE) == [
        each for each in everyone if each.is_account
    ]


@settings(max_examples=60, deadline=None)
@given(books("orgs", "people", "deals"))
def test_each_deal_counts_for_at_most_one_organization(data: Data) -> None:
    found = summarize(data, SETTINGS, ZONE).values()
    counted = sum(each.won_count + each.open_count + each.lost_count for each in found)
    assert counted == sum(org_of(deal, data) is not None for deal in data.deals.values())


@settings(max_examples=60, deadline=None)
@given(books("orgs", "people", "activities"))
def test_the_next_activity_is_the_minimum_of_what_is_planned(data: Data) -> None:
    for org, summary in summarize(data, SETTINGS, ZONE).items():
        planned = [
            (each.due_date, each.due_time or dt.time.max, each.id)
            for each in data.activities.values()
            if org_of(each, data) == org and not each.done and each.due_date
        ]
        assert summary.due_dates == tuple(sorted(day for day, _, _ in planned))
        if not planned:
            assert summary.next_activity is None
        else:
            assert summary.next_activity is not None
            assert summary.next_activity.id == min(planned)[2]
            assert summary.next_activity.due_date == summary.due_dates[0]


@settings(max_examples=60, deadline=None)
@given(books("orgs", "people", "activities"))
def test_the_last_contact_is_on_the_last_day_of_contact(data: Data) -> None:
    for summary in summarize(data, SETTINGS, ZONE).values():
        last = summary.last_contact
        assert (last.date if last else None) == max(summary.contact_days, default=None)
        assert list(summary.contact_days) == sorted(summary.contact_days)
