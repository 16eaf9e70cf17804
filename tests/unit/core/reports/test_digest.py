"""The digest: each section says what the report it comes from says, and the totals add up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from helpers.strategies import SETTINGS, TODAY, ZONE, books
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.accounts.totals import (
    account_row,
    is_due,
    is_won,
    list_place,
    summarize,
)
from acctcli.core.model.choices import DIGEST_SECTIONS, SectionName
from acctcli.core.model.errors import UsageError
from acctcli.core.model.records import Activity, Data, Deal, Org, Settings
from acctcli.core.model.settings import Health
from acctcli.core.reports.agenda import agenda_entries
from acctcli.core.reports.contact_rhythm import contact_due
from acctcli.core.reports.digest import (
    Digest,
    DigestAccount,
    DigestInput,
    DigestSection,
    Item,
    Win,
    add_to_sections,
    digest_summary,
    items,
    parse_sections,
    wins_of,
)
from acctcli.core.reports.health import facts, health_report
from acctcli.core.reports.renewals import by_day, renewals

SINCE = TODAY - dt.timedelta(days=7)
UNTIL = TODAY + dt.timedelta(days=30)


def accounts_of(data: Data, settings: Settings = SETTINGS) -> list[DigestAccount]:
    sums = summarize(data, settings, ZONE)
    found = []
    for org in sorted(data.orgs.values(), key=list_place):
        one = sums[org.id]
        if one.won_count:
            each = facts(account_row(org, one, TODAY, settings), one)
            found.append(DigestAccount(org.owner, *each))
    return found


def given_of(data: Data, settings: Settings = SETTINGS) -> DigestInput:
    won = [each for each in data.deals.values() if is_won(each, SINCE, TODAY, ZONE)]
    return DigestInput(
        accounts=accounts_of(data, settings),
        due=agenda_entries(data, settings, TODAY, TODAY),
        wins=wins_of(won, data, settings, ZONE),
        renewals=sorted(renewals(data, settings, TODAY, UNTIL), key=by_day),
    )


def sections_of(
    data: Data,
    settings: Settings = SETTINGS,
    **asked: Any,  # noqa: ANN401 - the options of items
) -> dict[str, DigestSection]:
    given_ = given_of(data, settings)
    values = {each.row.id: each.row.won_value for each in given_.accounts}
    found = items(given_, settings, TODAY, **asked)
    return {each.section: each for each in add_to_sections(found, DIGEST_SECTIONS, values)}


def ids(section: DigestSection) -> list[str]:
    return [each.id for each in section.rows]


# what always holds

_OWNERS = st.sampled_from([None, "mia@example.com", "tom@example.com"])


@given(books("orgs", "people", "deals", "activities"), _OWNERS)
def test_a_section_has_what_its_report_has(data: Data, owner: str | None) -> None:
    found = sections_of(data, owner=owner)
    agenda = agenda_entries(data, SETTINGS, TODAY, TODAY, owner=owner)
    assert ids(found["overdue"]) == [each.id for each in agenda if each.bucket == "overdue"]
    assert ids(found["today"]) == [each.id for each in agenda if each.bucket == "today"]
    accounts = [each for each in accounts_of(data) if owner in (None, each.owner)]
    bare = [each.row.id for each in accounts if each.row.bucket == "none"]
    assert ids(found["unplanned"]) == bare
    risk = health_report(accounts, SETTINGS, TODAY, word="at risk")
    assert ids(found["at_risk"]) == [each.id for each in risk]
    assert [each.points for each in found["at_risk"].rows] == [each.points for each in risk]
    due = sorted(renewals(data, SETTINGS, TODAY, UNTIL), key=by_day)
    assert ids(found["renewals"]) == [each.id for each in due if owner in (None, each.owner)]
    dues = {
        each.row.id: contact_due(each.row, each.contacts, each.wins, each.due, SETTINGS, TODAY)
        for each in accounts
    }
    assert {*ids(found["late"])} == {key for key, each in dues.items() if each and each.is_late}
    won = [each for each in data.deals.values() if is_won(each, SINCE, TODAY, ZONE)]
    wins = [each.deal.id for each in wins_of(won, data, SETTINGS, ZONE)]
    assert ids(found["won"]) == [key for key in wins if owner in (None, data.deals[key].owner)]


@given(books("orgs", "people", "deals", "activities"), st.none() | st.integers(1, 3))
def test_counts_and_totals_are_of_all_whatever_is_shown(data: Data, most: int | None) -> None:
    given_ = given_of(data)
    values = {each.row.id: each.row.won_value for each in given_.accounts}
    found = items(given_, SETTINGS, TODAY)
    whole = add_to_sections(found, DIGEST_SECTIONS, values)
    cut = add_to_sections(found, DIGEST_SECTIONS, values, most=most)
    assert sum(each.count for each in whole) == len(found)
    for one, other in zip(whole, cut, strict=True):
        assert (one.count, one.won_value) == (other.count, other.won_value)
        assert other.rows == one.rows[:most]
        assert other.more == other.count - len(other.rows) >= 0
        assert one.more == 0
        orgs = {row.org for row in one.rows}
        if one.section in {"overdue", "today"}:
            pairs = [(key, values.get(key or "", {})) for key in orgs]
        else:
            pairs = [(row.id, row.won_value) for row in one.rows]
            assert len({key for key, _ in pairs}) == len(pairs)
        for currency in {code for _, totals in pairs for code in totals}:
            added = sum(totals.get(currency, Decimal(0)) for _, totals in pairs)
            assert one.won_value[currency] == added


@given(books("orgs", "people", "deals", "activities"), st.sets(st.sampled_from(DIGEST_SECTIONS)))
def test_sections_that_are_left_out_change_nothing_in_the_others(
    data: Data, picked: set[SectionName]
) -> None:
    given_ = given_of(data)
    found = items(given_, SETTINGS, TODAY, sections=[*picked])
    assert found == [each for each in items(given_, SETTINGS, TODAY) if each.section in picked]


@given(books("orgs", "people", "deals", "activities"))
def test_owners_part_the_digest(data: Data) -> None:
    given_ = given_of(data)
    whole = items(given_, SETTINGS, TODAY)
    for owner in {each.owner for each in whole} - {None}:
        part = items(given_, SETTINGS, TODAY, owner=owner)
        assert part == [each for each in whole if each.owner == owner]


@given(books("deals", "activities"))
def test_due_and_won_are_as_their_names_say(data: Data) -> None:
    for activity in data.activities.values():
        day = activity.due_date
        assert is_due(activity, TODAY) == (not activity.done and day is not None and day <= TODAY)
    for deal in data.deals.values():
        is_now = is_won(deal, SINCE, TODAY, ZONE)
        assert is_now == (is_won(deal, SINCE, dt.date.max, ZONE) and is_won(
            deal, dt.date.min, TODAY, ZONE
        ))  # fmt: skip
        assert not is_now or deal.status == "won"


# one by one

ACME = Org(id="acme", name="Acme", owner="Anna", tier="A")
COLE = Org(id="cole", name="Cole", owner="Bo", tier="ghost")


def book(*records: Deal | Activity) -> Data:
    return Data(
        orgs={"acme": ACME, "cole": COLE},
        deals={each.id: each for each in records if isinstance(each, Deal)},
        activities={each.id: each for each in records if isinstance(each, Activity)},
    )


def deal(key: str = "d1", **fields: Any) -> Deal:  # noqa: ANN401 - the fields of a record by name
    known: dict[str, Any] = {
        "id": key, "title": "Care", "org": "acme", "status": "won", "value": Decimal(5),
        "won_time": TODAY,
    }  # fmt: skip
    return Deal(**(known | fields))


def activity(key: str = "a1", **fields: Any) -> Activity:  # noqa: ANN401 - as above
    known: dict[str, Any] = {"id": key, "subject": "Ask", "type": "call", "org": "acme"}
    return Activity(**(known | fields))


def test_what_is_due_tells_the_day_and_the_time() -> None:
    found = sections_of(
        book(
            deal(),
            activity("a1", due_date=TODAY - dt.timedelta(days=3), owner="Anna"),
            activity("a2", due_date=TODAY, due_time=dt.time(9, 30)),
            activity("a3", due_date=TODAY + dt.timedelta(days=1)),
            activity("a4", due_date=TODAY, org=None),
        )
    )
    assert found["overdue"].rows == (
        Item(
            section="overdue", kind="activities", id="a1", name="Ask", type="call", org="acme",
            org_name="Acme", owner="Anna", day=TODAY - dt.timedelta(days=3), days_left=-3,
        ),
    )  # fmt: skip
    assert [(each.id, each.reason) for each in found["today"].rows] == [
        ("a2", "at 09:30"),
        ("a4", None),
    ]
    assert found["today"].won_value == {"EUR": Decimal("5.00")}
    assert found["today"].rows[1].org_name is None


def test_a_win_tells_what_it_brought() -> None:
    bare = Settings(tiers={"A": "5d"})
    found = sections_of(
        book(deal(currency="JPY", owner="Bo"), deal("d2", value=None), deal("d3", org="cole")), bare
    )["won"]
    assert [(each.id, each.won_value, each.owner) for each in found.rows] == [
        ("d1", {"JPY": Decimal(5)}, "Bo"),
        ("d2", {}, None),
        ("d3", {}, None),  # a bare value in a book without a currency
    ]
    assert [each.days_left for each in found.rows] == [0, 0, 0]
    assert found.won_value == {"JPY": Decimal(5)}


def test_wins_without_a_day_or_a_home_are_left_out() -> None:
    undated, homeless = deal(won_time=None), deal("d2", org=None)
    assert wins_of([undated, homeless], book(undated, homeless), SETTINGS, ZONE) == []
    (win,) = wins_of([deal()], book(deal()), SETTINGS, ZONE)
    assert win == Win(deal(), "acme", "Acme", TODAY, {"EUR": Decimal("5.00")})
    assert str(win.won_value["EUR"]) == "5.00"


def test_accounts_tell_why_they_stand_there() -> None:
    old = TODAY - dt.timedelta(days=40)
    contact = activity(done=True, done_time=old)
    found = sections_of(book(deal(won_time=old), contact, deal("d2", org="cole", won_time=old)))
    assert [(each.id, each.reason) for each in found["unplanned"].rows] == [
        ("acme", f"last contact {old}"),
        ("cole", None),
    ]
    (late,) = found["late"].rows
    assert (late.id, late.day, late.days_left) == ("acme", old + dt.timedelta(days=5), -35)
    assert (late.tier, late.reason) == ("A", "every 5d")
    strict = Settings(currency="EUR", health=Health(healthy=100, watch=100))
    risk = sections_of(
        book(deal(won_time=old), contact, deal("d2", org="cole", won_time=old)), strict
    )
    assert [(each.id, each.reason) for each in risk["at_risk"].rows] == [
        ("cole", "never contacted"),
        ("acme", "nothing planned ahead"),
    ]


def test_late_without_a_day_says_none() -> None:
    other = deal("d2", org="cole", won_time=None)  # whose tier has no rhythm
    found = sections_of(book(deal(won_time=None), other))["late"]
    assert [(each.id, each.day, each.days_left) for each in found.rows] == [("acme", None, None)]


def test_nobody_is_late_without_tiers() -> None:
    old = TODAY - dt.timedelta(days=400)
    assert sections_of(book(deal(won_time=old)), Settings())["late"].count == 0


def test_renewals_tell_the_term_and_the_days() -> None:
    ahead = TODAY + dt.timedelta(days=9)
    one = deal(renewal_date=ahead, term="12m")
    other = deal("d2", renewal_date=ahead, value=None, org="cole")
    found = sections_of(book(one, other))["renewals"]
    assert [(each.id, each.days_left, each.reason) for each in found.rows] == [
        ("d1", 9, "for 12m"),
        ("d2", 9, None),
    ]
    assert found.won_value == {"EUR": Decimal("5.00")}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (None, DIGEST_SECTIONS),
        ("at-risk,overdue", ("overdue", "at_risk")),
        (" Won , at_risk,won", ("won", "at_risk")),
    ],
)
def test_sections_are_named(text: str | None, names: tuple[str, ...]) -> None:
    assert parse_sections(text) == names


@pytest.mark.parametrize("text", ["", "overdu", "won,,late", "everything"])
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_sections(text)
    (problem,) = caught.value.problems
    assert problem.id == "unknown-section"
    assert ("overdue" in problem.message) == (text == "overdu")
    assert problem.hint == f"the sections are {', '.join(DIGEST_SECTIONS)}"


def test_the_summary_has_what_there_is() -> None:
    def section(name: SectionName, count: int) -> DigestSection:
        return DigestSection(section=name, count=count, won_value={}, rows=())

    counted = [section(name, number) for number, name in enumerate(DIGEST_SECTIONS)]
    assert digest_summary(counted) == (
        "1 due today, 2 with nothing planned, 3 newly won, 4 to renew, 5 late to be contacted,"
        " 6 at risk"
    )
    assert digest_summary([section("overdue", 3)]) == "3 overdue"
    assert digest_summary([section("overdue", 0)]) == "nothing to see to"
    for sections, is_empty in ((counted, False), (counted[:1], True)):
        made = Digest(
            today=TODAY, since=SINCE, until=UNTIL, owner=None, summary="", sections=(*sections,)
        )
        assert made.is_empty == is_empty
