from __future__ import annotations

import datetime as dt
from decimal import Decimal

from helpers.strategies import SETTINGS, TODAY, books
from hypothesis import given

from acctcli.core.model.records import Activity, Data, Deal, Settings
from acctcli.core.reports.overdue import days_late, overdue_items, recurring_deals
from acctcli.core.reports.renewals import is_renewable

PAST = TODAY - dt.timedelta(days=3)
LONG_AGO = TODAY - dt.timedelta(days=400)


def _deal(key: str, on: dt.date | None, status: str = "won", **more: object) -> Deal:
    return Deal(id=key, title=f"Deal {key}", status=status, renewal_date=on, **more)  # type: ignore[arg-type]  # values of any field


def _todo(key: str, due: dt.date | None, *, done: bool = False) -> Activity:
    return Activity(id=key, subject=f"Do {key}", type="call", due_date=due, done=done, owner="mia")


def test_what_was_due_before_today_is_late_the_longest_first() -> None:
    found = overdue_items(
        [
            _todo("a1", PAST),
            _todo("a2", TODAY),
            _todo("a3", None),
            _todo("a4", PAST, done=True),
            _todo("a5", TODAY + dt.timedelta(days=1)),
        ],
        [
            _deal("d1", LONG_AGO, owner="tom"),
            _deal("d2", TODAY),
            _deal("d3", PAST, "open"),
            _deal("d4", PAST, "lost"),
            _deal("d5", PAST, archived=True),
            _deal("d6", None),
            _deal("d7", PAST),
        ],
        TODAY,
    )
    assert [(each.what, each.kind, each.id, each.days) for each in found] == [
        ("renewal", "deals", "d1", 400),
        ("activity", "activities", "a1", 3),
        ("renewal", "deals", "d7", 3),
    ]
    assert [(each.due, each.type, each.text, each.owner) for each in found[:2]] == [
        (LONG_AGO, None, "Deal d1", "tom"),
        (PAST, "call", "Do a1", "mia"),
    ]


def test_how_late_something_is() -> None:
    assert [days_late(day, TODAY) for day in (PAST, TODAY, TODAY + dt.timedelta(days=9))] == [
        3,
        0,
        0,
    ]


def test_renewals_are_the_deals_with_a_date_or_a_term() -> None:
    found = recurring_deals(
        [
            _deal("d1", None, term="12m"),
            _deal("d2", None),
            _deal("d3", TODAY, mrr=Decimal(5), currency="USD"),
            _deal("d4", PAST, "lost", arr=Decimal(7)),
            _deal("d5", PAST, acv=Decimal(9)),
        ],
        SETTINGS,
        TODAY,
    )
    assert [(each.id, each.counts, each.days_late) for each in found] == [
        ("d4", False, 0),
        ("d5", True, 3),
        ("d3", True, 0),
        ("d1", False, 0),
    ]
    assert [each.arr for each in found[:2]] == [{"EUR": Decimal(7)}, {}]
    assert (found[1].acv, found[2].mrr) == ({"EUR": Decimal(9)}, {"USD": Decimal(5)})
    (bare,) = recurring_deals([_deal("d5", PAST, acv=Decimal(9))], Settings(), TODAY)
    assert bare.acv == {}  # no currency says of what


@given(books("deals", "activities"))
def test_late_is_what_is_before_today_and_nothing_else(data: Data) -> None:
    activities, deals = data.activities.values(), data.deals.values()
    found = overdue_items(activities, deals, TODAY)
    assert [each.due for each in found] == sorted(each.due for each in found)
    assert all(each.days == (TODAY - each.due).days > 0 for each in found)
    overdue = {e.id for e in activities if not e.done and e.due_date and e.due_date < TODAY}
    passed = {e.id for e in deals if is_renewable(e) and e.renewal_date and e.renewal_date < TODAY}
    assert sorted(each.id for each in found) == sorted(overdue | passed)
    listed = recurring_deals(deals, SETTINGS, TODAY)
    assert {each.id for each in listed if each.days_late} == passed
    assert {each.id for each in listed} == {e.id for e in deals if e.renewal_date or e.term}
