from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from helpers.samples import LUNCH, NAMES, row, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from acctcli.core.model.records import Data, Deal, Org, Settings
from acctcli.core.reports.contact_rhythm import ContactDue
from acctcli.core.reports.coverage import (
    NO_CONTACTS,
    AccountContact,
    Contacts,
    account_contact,
    coverage_groups,
)
from acctcli.core.reports.renewals import Renewal, renewals
from acctcli.core.reports.repeat_customers import buying_rhythm
from acctcli.render.formats.style import Style
from acctcli.render.formats.text import display_width
from acctcli.render.list_columns import MACHINE_COLUMNS
from acctcli.render.reports import (
    LATE,
    PERIODS,
    RHYTHMS,
    coverage_text,
    due_text,
    renewals_text,
    rhythm_row,
)

PLAIN = Style(colour=False)
TODAY = dt.date(2026, 3, 10)
SINCE = dt.date(2026, 3, 1)
DUE = ContactDue(tier="A", rhythm="30d", day=dt.date(2026, 2, 1), late_by=37, planned=None)


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (DUE, "2026-02-01, late by 37 days (A: 30d)"),
        (replace(DUE, late_by=1), "2026-02-01, late by 1 day (A: 30d)"),
        (replace(DUE, day=TODAY, late_by=0), "2026-03-10 (A: 30d)"),
        (replace(DUE, day=TODAY, late_by=0, planned=TODAY), "2026-03-10 (A: 30d)"),
        (
            replace(DUE, planned=TODAY),
            "2026-02-01, late by 37 days, planned 2026-03-10 (A: 30d)",
        ),
        (
            replace(DUE, tier="\x1b[31m", day=None, late_by=None),
            "now, for no contact and no win has a day (\\x1b[31m: 30d)",
        ),
        (
            replace(DUE, day=None, late_by=None, planned=TODAY),
            "now, for no contact and no win has a day, planned 2026-03-10 (A: 30d)",
        ),
    ],
)
def test_when_a_contact_is_due_reads_well(due: ContactDue, text: str) -> None:
    assert due_text(due) == text


def covered_ones(name: str = "Acme") -> list[AccountContact]:
    contacts = Contacts([LUNCH.date.toordinal()], LUNCH)
    old = Contacts([1], replace(LUNCH, person=None, type=None))
    return [
        account_contact(replace(row(), name=name), contacts, SINCE, TODAY),
        account_contact(replace(row(), name="Old"), old, SINCE, TODAY),
        account_contact(replace(row(), name="New", owner=None), NO_CONTACTS, SINCE, TODAY),
    ]


def text_of(found: list[AccountContact], columns: int | None, *types: str) -> str:
    return coverage_text(
        coverage_groups(found), since=SINCE, until=TODAY, types=types, names=NAMES, width=columns,
        style=PLAIN,
    )  # fmt: skip


def test_coverage_has_a_part_for_each_group() -> None:
    text = text_of(covered_ones(), 80, "call", "lunch")
    assert text.startswith("2026-03-01 to 2026-03-10, call, lunch\n\nContacted (1): EUR 12500.00; ")
    assert "\n\nNot contacted (1): " in text
    assert "\n\nNever contacted (1): " in text
    assert "lunch: Budget for next year with" in " ".join(text_of(covered_ones(), None).split())


def test_a_group_with_nobody_in_it_is_told_and_a_report_of_nobody_is_empty() -> None:
    text = text_of(covered_ones()[:1], 80)
    assert text.endswith("\n\nNot contacted (0)\n\nNever contacted (0)")
    assert text_of([], 80) == ""


@settings(max_examples=50)
@given(texts, st.integers(20, 200))
def test_no_line_of_coverage_is_wider_than_the_terminal(name: str, columns: int) -> None:
    for line in text_of(covered_ones(name), columns).split("\n"):
        assert display_width(line) <= columns


def renewal_ones(name: str = "Acme") -> list[Renewal]:
    deals = {
        key: Deal(
            id=key, title="Care", org="acme", status="won", value=Decimal(amount),
            currency=currency, renewal_date=day, mrr=Decimal(3), term="12m",
        )
        for key, amount, currency, day in (
            ("d1", 10, "EUR", SINCE), ("d2", 20, "USD", TODAY), ("d3", 5, "EUR", TODAY),
        )
    }  # fmt: skip
    data = Data(orgs={"acme": Org(id="acme", name=name)}, deals=deals)
    return list(renewals(data, Settings(), TODAY, TODAY))


def test_renewals_have_what_is_late_first_and_totals_of_each_part() -> None:
    text = renewals_text(renewal_ones(), until=TODAY, width=None, style=PLAIN)
    late, ahead = text.split("\n\n")
    assert late.startswith("Late (1)\n")
    assert ahead.startswith("Until 2026-03-10 (2)\n")
    assert [line.split()[0] for line in ahead.split("\n")[3:]] == ["2026-03-10"] * 2 + ["Total"]
    assert "EUR 5.00; USD 20.00" in ahead.split("\n")[-1]
    assert "Acme: Care" in late
    assert "Year" not in text  # nothing stands in that column
    assert renewals_text([], until=TODAY, width=80, style=PLAIN) == ""
    alone = renewals_text(renewal_ones()[:1], until=TODAY, width=80, style=PLAIN)
    assert alone.startswith("Late (1)")
    assert "Until" not in alone


@settings(max_examples=50)
@given(texts, st.integers(20, 200))
def test_no_line_of_renewals_is_wider_than_the_terminal(name: str, columns: int) -> None:
    text = renewals_text(renewal_ones(name), until=TODAY, width=columns, style=PLAIN)
    for line in text.split("\n"):
        assert display_width(line) <= columns


def test_who_is_not_late_to_buy_says_nothing_of_it() -> None:
    wins = [dt.date(2026, 1, 1).toordinal(), dt.date(2026, 3, 1).toordinal()]
    bare = rhythm_row(buying_rhythm(row(), (), TODAY))
    steady = rhythm_row(buying_rhythm(row(), wins, TODAY))
    assert (bare["usual_days"], bare["late_by"]) == (None, None)
    assert (steady["usual_days"], steady["late_by"]) == ("59d", None)


def test_the_machine_forms_have_the_keys_of_their_rows() -> None:
    one, *_ = covered_ones()
    flat = [key for key in MACHINE_COLUMNS["coverage"] if not key.startswith("last_contact.")]
    assert [key for key in asdict(one) if key != "last_contact"] == flat
    assert MACHINE_COLUMNS["repeat"] == tuple(asdict(buying_rhythm(row(), (), TODAY)))
    assert MACHINE_COLUMNS["renewals"] == tuple(asdict(renewal_ones()[0]))
    assert {column.key for column in PERIODS} <= set(MACHINE_COLUMNS["customers"])
    assert {column.key for column in RHYTHMS} <= set(MACHINE_COLUMNS["repeat"])
    known = {*MACHINE_COLUMNS["accounts"], *MACHINE_COLUMNS["late"], "next_activity"}
    assert {key for column in LATE for key in column.key.split(" ")} <= known
