"""Why values are what they are: the reasons make the value, and belong to the organization."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from helpers.books import FILES, full_book, make_book, put, viewed, whole
from helpers.strategies import SETTINGS, TODAY, ZONE, books
from hypothesis import given

from acctcli.core.model.links import org_of
from acctcli.core.model.money import add_amount as add_up
from acctcli.core.model.records import Activity, Data, Deal, Org, Person, Settings
from acctcli.core.reports.explain import VALUES, case, whys
from acctcli.render.explain import why_text
from acctcli.render.formats.style import Style
from acctcli.render.formats.text import display_width

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.model.explanation import Explanation
    from acctcli.core.model.records import Record

DAY = dt.date(2026, 3, 10)
ORG = Org(id="acme", name="Acme")
EVA = Person(id="eva", name="Eva", org="acme")


def told(data: Data, name: str, settings: Settings = SETTINGS, wins: int = 0) -> Explanation:
    (found,) = whys(case("acme", data, settings, DAY, ZONE, homeless_wins=wins), [name])
    assert found.of == name
    return found


def lines(found: Explanation) -> list[str]:
    return [f"{reason.record or ''}: {reason.text}" for reason in found.reasons]


def book(*records: Record) -> Data:
    return Data(
        orgs={"acme": ORG, "beta": Org(id="beta", name="Beta")},
        people={"eva": EVA},
        deals={each.id: each for each in records if isinstance(each, Deal)},
        activities={each.id: each for each in records if isinstance(each, Activity)},
    )


# the laws


@given(books())
def test_the_reasons_make_the_value(data: Data) -> None:
    for org_id in data.orgs:
        asked = case(org_id, data, SETTINGS, TODAY, ZONE)
        found = {each.of: each for each in whys(asked, VALUES)}
        for why in found.values():
            named = [(each.kind, each.record) for each in why.reasons if each.record is not None]
            assert len(named) == len(set(named))
            for kind, key in named:
                assert kind is not None
                assert key is not None
                assert org_of(data.of(kind)[key], data) == org_id
        assert_sums(found["won_value"], data)
        assert_membership(found["membership"], data)
        assert_days(found, data, asked.row)


def assert_sums(why: Explanation, data: Data) -> None:
    sums: dict[str, Decimal] = {}
    for reason in why.reasons:
        if reason.record is not None:
            deal = data.deals[reason.record]
            assert deal.status == "won"
            currency = deal.currency or SETTINGS.currency
            if deal.value is not None and currency is not None:
                add_up(sums, currency, deal.value)
    assert sums == why.value
    if len(why.reasons) == 1 and why.reasons[0].record is None:
        assert why.reasons[0].text == "no won deal belongs to it"
        return
    totals = [reason.text for reason in why.reasons if reason.record is None]
    assert [text.split(" ")[0] for text in totals] == sorted(sums)


def assert_membership(why: Explanation, data: Data) -> None:
    won = [data.deals[reason.record].status == "won" for reason in why.reasons if reason.record]
    assert why.value is any(won)
    assert all(won) or not any(won)
    assert why.reasons


def assert_days(found: dict[str, Explanation], data: Data, row: AccountRow) -> None:
    upcoming, contact = row.next_activity, row.last_contact
    first = found["bucket"].reasons[0]
    assert ("decides" in first.text) == (upcoming is not None)
    if upcoming is not None:
        assert first.record == upcoming.id
    undone = {each.record for each in found["bucket"].reasons if each.record}
    assert all(not data.activities[key].done for key in undone if key)
    first = found["last_contact"].reasons[0]
    assert ("the last one" in first.text) == (contact is not None)
    if contact is not None:
        assert first.record == contact.id
    assert found["bucket"].value == row.bucket
    assert found["last_contact"].value == contact


# the words


def test_won_value_tells_days_values_ways_and_sums() -> None:
    data = book(
        Deal(id="d1", title="One", org="acme", value=Decimal(5), currency="USD", status="won"),
        Deal(id="d2", title="Two", person="eva", value=Decimal("7.5"), status="won",
             won_time=dt.date(2026, 1, 2), archived=True),
        Deal(id="d3", title="Three", org="acme", status="won", won_time=dt.date(2026, 1, 3)),
        Deal(id="d4", title="Four", org="acme", value=Decimal(9), currency="EUR"),
        Deal(id="d5", title="Five", org="beta", value=Decimal(9), currency="EUR", status="won"),
        Deal(id="d6", title="Six", org="acme", value=Decimal(9), currency="EUR", status="won"),
    )  # fmt: skip
    found = told(data, "won_value")
    assert found.value == {"EUR": Decimal("16.50"), "USD": Decimal("5.00")}
    assert lines(found) == [
        "d6: EUR 9.00, won on no known day: Six; it names the organization",
        "d2: EUR 7.50, won 2026-01-02, archived: Two; by its person Eva (eva)",
        "d1: USD 5.00, won on no known day: One; it names the organization",
        "d3: no value, won 2026-01-03: Three; it names the organization",
        ": EUR 16.50 in all, from 2 deals",
        ": USD 5.00 in all, from 1 deal",
    ]
    bare = told(data, "won_value", Settings())
    assert bare.value == {"EUR": Decimal("9.00"), "USD": Decimal("5.00")}
    assert "d2: 7.5, won 2026-01-02, archived: Two; by its person Eva (eva)" in lines(bare)


def test_membership_tells_what_is_missing() -> None:
    assert lines(told(book(), "membership")) == [": no deal belongs to it"]
    data = book(
        Deal(id="d1", title="One", org="acme", status="lost"),
        Deal(id="d2", title="Two", org="acme"),
    )
    missing = ["d2: open, not won: Two", "d1: lost, not won: One"]
    assert lines(told(data, "membership")) == missing
    one = ": 1 won deal of the book reaches no organization; acctcli check names them"
    assert lines(told(data, "membership", wins=1)) == [*missing, one]
    two = ": 2 won deals of the book reach no organization; acctcli check names them"
    assert lines(told(data, "membership", wins=2)) == [*missing, two]
    data = book(
        Deal(id="d1", title="One", org="acme", status="won"),
        Deal(id="d2", title="Two", org="acme", status="won", won_time=dt.date(2026, 1, 2)),
        Deal(id="d3", title="Three", org="acme"),
    )
    assert lines(told(data, "membership")) == [
        "d2: won 2026-01-02: Two; it names the organization",
        "d1: won on no known day: One; it names the organization",
    ]


def test_bucket_tells_what_decides_and_what_is_no_plan() -> None:
    assert lines(told(book(), "bucket")) == [": nothing is planned"]
    data = book(
        Deal(id="d1", title="Deal", person="eva"),
        Activity(id="a1", subject="Late", org="acme", due_date=dt.date(2026, 3, 9)),
        Activity(id="a2", subject="Now", type="call", deal="d1", due_date=DAY),
        Activity(id="a3", subject="Soon", person="eva", due_date=dt.date(2026, 3, 12),
                 due_time=dt.time(9, 30)),
        Activity(id="a4", subject="Some day", org="acme"),
        Activity(id="a5", subject="Done", org="acme", done=True, due_date=DAY),
        Activity(id="a6", subject="Same day", org="acme", due_date=dt.date(2026, 3, 12)),
    )  # fmt: skip
    found = told(data, "bucket", Settings(soon=3, later=9))
    assert found.value == "overdue"
    assert "On 2026-03-10, soon is 3 to 8 days ahead and later is 9 or more." in found.rule
    assert lines(found) == [
        "a1: due 2026-03-09 (1 day overdue), decides: Late; it names the organization",
        "a2: due 2026-03-10 (today), behind it: call: Now; by its deal Deal (d1)",
        "a3: due 2026-03-12 09:30 (in 2 days), behind it: Soon; by its person Eva (eva)",
        "a6: due 2026-03-12 (in 2 days), behind it: Same day; it names the organization",
        "a4: does not count, undone but without a due date: Some day",
    ]


def test_last_contact_tells_what_does_not_count() -> None:
    assert lines(told(book(), "last_contact")) == [": no activity belongs to it"]
    day = dt.date(2026, 3, 1)
    data = book(
        Activity(id="a1", subject="A", type="call", org="acme", done=True, done_time=day),
        Activity(id="a2", subject="B", type="email", org="acme", done=True, due_date=DAY,
                 person="eva"),
        Activity(id="a3", subject="C", type="task", org="acme", done=True, done_time=DAY),
        Activity(id="a4", subject="D", org="acme", done=True, done_time=DAY),
        Activity(id="a5", subject="E", type="call", org="acme", done=True),
        Activity(id="a6", subject="F", type="call", org="acme", due_date=DAY),
        Activity(id="a7", subject="G", type="call", org="acme", done=True, done_time=day,
                 person="ghost"),
    )  # fmt: skip
    found = told(data, "last_contact")
    assert "(call, meeting, email, lunch)" in found.rule
    assert lines(found) == [
        "a2: 2026-03-10, the last one: email: B with Eva; it names the organization",
        "a7: 2026-03-01, before it: call: G with ghost; it names the organization",
        "a1: 2026-03-01, before it: call: A; it names the organization",
        'a3: does not count, its type "task" is no contact: task: C',
        "a4: does not count, it has no type: D",
        "a5: does not count, done on no known day: call: E",
        "a6: does not count, not done: call: F",
    ]
    assert "(none)" in told(data, "last_contact", Settings(contact_types=())).rule


def test_a_deal_without_a_home_is_no_way() -> None:
    deal = Deal(id="d1", title="Lost", org="ghost")
    call = Activity(id="a1", subject="Ask", deal="d1", person="eva", due_date=DAY)
    assert lines(told(book(deal, call), "bucket")) == [
        "a1: due 2026-03-10 (today), decides: Ask; by its person Eva (eva)"
    ]


# deals without a home, with the index as without


def test_both_views_know_the_deals_without_a_home(tmp_path: Path) -> None:
    root = full_book(tmp_path / "book")
    assert list(viewed(root, tmp_path).deals_without_org()) == []
    more = (
        "- id: h1\n  title: Nobody\n  status: won\n- id: h2\n  title: Ghost\n  org: ghost\n"
        "- id: h3\n  title: Max\n  person: max\n- id: h4\n  title: Gone\n  person: ghost\n"
    )
    put(root, "deals.yaml", FILES["deals.yaml"] + more)
    for view in (viewed(root, tmp_path), whole(root)):
        assert list(view.deals_without_org()) == ["h1", "h2", "h3", "h4"]


# how it is shown, and the command


@pytest.mark.parametrize("columns", [30, 60, 80, 200])
def test_lines_fit_the_terminal(tmp_path: Path, columns: int) -> None:
    view = whole(full_book(tmp_path / "book"))
    found = whys(case("acme", view.data, view.settings, DAY, view.zone), VALUES)
    for short in (True, False):
        text = why_text(
            view.data.orgs["acme"], found, width=columns, style=Style(colour=False), short=short
        )
        assert max(map(display_width, text.split("\n"))) <= columns


def test_the_command(small: Path, acct: CommandLine) -> None:
    every = acct("account", "why", "acme", "--format", "json").json
    assert isinstance(every, list)
    assert [each["of"] for each in every] == list(VALUES)
    one = acct("org", "why", "acme", "won_value", "--format", "json").json
    assert one == every[1]
    assert isinstance(one, dict)
    assert list(one) == ["of", "value", "rule", "reasons"]
    assert one["value"] == {"EUR": 12500.00}
    assert one["reasons"][0] == {
        "text": "EUR 12500.00, won 2026-01-15: ERP rollout; it names the organization",
        "kind": "deals",
        "record": "d1",
    }
    for more in ((), ("--no-index",)):
        assert acct("org", "why", "acme", "won_value", "--format", "json", *more).json == one
    assert acct("org", "why", "acme", "won_value", "--format", "ids").out == "d1\n"
    table = acct("account", "why", "acme", "last_contact", "--format", "csv").out.splitlines()
    assert table[0] == "of,value,rule,text,kind,record"
    assert table[1].endswith(",activities,a1")
    lines = acct("account", "why", "acme", "--format", "ndjson").out.splitlines()
    assert len(lines) == len(VALUES)


def test_an_organization_that_is_no_account(small: Path, acct: CommandLine) -> None:
    with (small / "deals.yaml").open("a", encoding="utf-8") as deals:
        deals.write("- id: d9\n  title: Lost somewhere\n  status: won\n")
    for noun in ("account", "org"):
        shown = acct(noun, "why", "cole", "membership")
        assert shown.code == 0
        assert "membership: no" in shown.out
        assert "open, not won: Training" in shown.out
        assert "1 won deal of the book reaches no organization" in shown.out
    assert acct("org", "why", "nobody").code == 3
    wrong = acct("org", "why", "cole", "moon")
    assert wrong.code == 2
    assert "membership" in wrong.err


def test_what_is_long_is_told_in_short(tmp_path: Path, acct: CommandLine, book: Path) -> None:
    deals = "".join(
        f"- id: d{n}\n  title: Deal {n}\n  org: acme\n  status: won\n  value: {n}\n"
        for n in range(1, 6)
    )
    make_book(book, settings="format: 1\n", orgs="- id: acme\n  name: Acme\n",
              deals=deals.replace("  value", "  currency: EUR\n  value"))  # fmt: skip
    assert "3 more: acctcli org why acme won_value" in acct("org", "why", "acme").out
    assert "more" not in acct("org", "why", "acme", "won_value").out.split("from 5")[0].split(
        "rule"
    )[-1].replace("or more", "")


def test_all_values_in_every_line_format(small: Path, acct: CommandLine) -> None:
    with (small / "activities.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "- {id: a9, subject: Hello, type: call, org: acme, done: true, done_time: 2026-03-01}\n"
        )
    for form in ("csv", "tsv"):
        told = acct("account", "why", "acme", "--format", form)
        assert told.code == 0, told.err
        assert "2026-03-01 call: Hello" in told.out
    ids = acct("account", "why", "acme", "--format", "ids").out.split()
    assert "a9" in ids
    assert len(ids) == len(set(ids))


def test_a_value_without_reasons_ends_with_its_rule(small: Path, acct: CommandLine) -> None:
    assert small.is_dir()
    assert acct("org", "why", "cole", "health").out.endswith("with a won deal.\n")
