"""Why a health is what it is: every point by its input, and the records that made it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from helpers.samples import bare_row
from helpers.strategies import SETTINGS, TODAY, ZONE, books
from hypothesis import given
from msgspec.structs import replace

from acctcli.core.accounts.totals import account_row, summarize
from acctcli.core.model.explanation import Reason
from acctcli.core.model.links import org_of
from acctcli.core.model.records import Activity, Data, Deal, Org
from acctcli.core.reports.health import FixedFacts, assess, facts
from acctcli.core.reports.health_explain import AccountRecords, why_health


def _day(ahead: int) -> dt.date:
    return TODAY + dt.timedelta(days=ahead)


ACTIVITIES = {
    each.id: each
    for each in (
        Activity(id="a1", subject="Call", type="call", done=True, done_time=_day(-100)),
        Activity(id="a2", subject="Visit", type="meeting", done=True, due_date=_day(-120)),
        Activity(id="a3", subject="To come", type="call", done=True, done_time=_day(3)),
        Activity(id="a4", subject="Plan", type="task", done=True, done_time=_day(-1)),
        Activity(id="a5", subject="No day", type="call", done=True),
        Activity(id="b1", subject="Late", due_date=_day(-2)),
        Activity(id="b2", subject="Later", due_date=_day(-1)),
        Activity(id="b3", subject="Next", due_date=_day(4)),
        Activity(id="b4", subject="After", due_date=_day(5)),
        Activity(id="b5", subject="Some day"),
    )
}
DEALS = {
    each.id: each
    for each in (
        Deal(id="d1", title="New", status="won", won_time=_day(-30), value=Decimal(100)),
        Deal(id="d2", title="Old", status="won", won_time=_day(-500)),
        Deal(id="d3", title="Ancient", status="won", won_time=_day(-800)),
        Deal(id="d4", title="Dayless", status="won"),
        Deal(id="d5", title="Ahead", status="won", won_time=_day(1)),
        Deal(id="d6", title="Offer", status="open", value=Decimal("12.5")),
        Deal(id="d7", title="Unpriced", status="open"),
        Deal(id="d8", title="Gone", status="lost", value=Decimal(1)),
    )
}
RECORDS = AccountRecords(list(ACTIVITIES.values()), list(DEALS.values()), ZONE)


def _account() -> FixedFacts:
    data = Data(
        orgs={"acme": Org(id="acme", name="Acme")},
        activities={key: replace(each, org="acme") for key, each in ACTIVITIES.items()},
        deals={key: replace(each, org="acme") for key, each in DEALS.items()},
    )
    summary = summarize(data, SETTINGS, ZONE)["acme"]
    return facts(account_row(data.orgs["acme"], summary, TODAY, SETTINGS), summary)


def test_every_point_and_every_record() -> None:
    why = why_health(_account(), SETTINGS, TODAY, RECORDS)
    assert (why.of, why.value) == ("health", "76 healthy")
    assert "from 70 points on an account is healthy, from 40 on it is to be watched" in why.rule
    assert why.reasons == (
        Reason(
            text="contact: 26 of 30 points (weight 3, score 88): last contact 2025-11-24, 100 days"
            " ago: over 90 days"
        ),
        Reason(
            text="overdue: 5 of 20 points (weight 2, score 25): 2 activities overdue since"
            " 2026-03-02"
        ),
        Reason(
            text="next_step: 20 of 20 points (weight 2, score 100): next activity 2026-03-08:"
            " within 90 days"
        ),
        Reason(
            text="wins: 20 of 20 points (weight 2, score 100): 1 win in the last year, 1 in the"
            " year before"
        ),
        Reason(
            text="open_value: 5 of 10 points (weight 1, score 50): EUR 12.50 open beside"
            " EUR 100.00 won"
        ),
        Reason(text="last contact 2025-11-24: Call", kind="activities", record="a1"),
        Reason(text="overdue since 2026-03-02: Late", kind="activities", record="b1"),
        Reason(text="overdue since 2026-03-03: Later", kind="activities", record="b2"),
        Reason(text="next activity 2026-03-08: Next", kind="activities", record="b3"),
        Reason(text="won 2026-02-02: New", kind="deals", record="d1"),
        Reason(text="won 2024-10-20: Old", kind="deals", record="d2"),
        Reason(text="open EUR 12.50: Offer", kind="deals", record="d6"),
    )


def test_without_records_those_that_lists_know_are_named() -> None:
    account = _account()
    named = [each.record for each in why_health(account, SETTINGS, TODAY).reasons if each.kind]
    assert named == ["b1"]  # the last contact is one to come, and the earliest planned is overdue
    earlier = why_health(account, SETTINGS, _day(-10)).reasons
    assert [each.record for each in earlier if each.kind] == ["b1"]
    later = why_health(account, SETTINGS, _day(3)).reasons
    assert [each.record for each in later if each.kind] == ["a3", "b1"]


def test_what_is_due_that_day_is_not_overdue() -> None:
    told = [each.text for each in why_health(_account(), SETTINGS, _day(-2), RECORDS).reasons]
    assert "next activity 2026-03-02: Late" in told
    assert not [text for text in told if text.startswith("overdue since")]


def test_nothing_known_names_no_record() -> None:
    why = why_health(FixedFacts(bare_row(), (), (), ()), SETTINGS, TODAY)
    assert why.value == "20 at risk"
    assert [each.record for each in why.reasons] == [None] * 5


def test_what_is_no_account_has_no_health() -> None:
    why = why_health(FixedFacts(bare_row(is_account=False), (), (), ()), SETTINGS, TODAY)
    assert (why.of, why.value, why.reasons) == ("health", None, ())
    assert why.rule == "Only an account has a health: an organization with a won deal."


@given(books("orgs", "people", "deals", "activities"))
def test_the_records_are_as_many_as_the_inputs_counted(data: Data) -> None:
    for key, summary in summarize(data, SETTINGS, ZONE).items():
        account = facts(account_row(data.orgs[key], summary, TODAY, SETTINGS), summary)
        records = AccountRecords(
            [each for each in data.activities.values() if org_of(each, data) == key],
            [each for each in data.deals.values() if org_of(each, data) == key],
            ZONE,
        )
        why = why_health(account, SETTINGS, TODAY, records)
        if not account.row.is_account:
            assert why.value is None
            continue
        found = assess(account, SETTINGS, TODAY)
        assert why.value == f"{found.points} {found.word}"
        begun = [each.text.split(" ")[0] for each in why.reasons if each.kind]
        assert begun.count("overdue") == account.row.overdue_count
        assert begun.count("next") == (account.row.planned_count > account.row.overdue_count)
        assert begun.count("last") == any(day <= TODAY.toordinal() for day in account.contacts)
