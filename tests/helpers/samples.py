"""A small invented book in memory, and texts of every kind, for the tests of render/."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from acctcli.core.accounts.totals import AccountRow, LastContact, NextActivity
from acctcli.core.model.records import Activity, Deal, File, Note, Org, Person
from acctcli.core.reports.account_page import Page

TODAY = dt.date(2026, 3, 10)
NAMES = {
    "muller-sohne": "Müller & Söhne GmbH",
    "nordwind": "Nordwind Holding AG",
    "anna-rossi": "Anna Rossi",
    "d7k2m9x4q": "ERP rollout",
}
CALL = NextActivity(
    id="a2b3c4d5e",
    type="call",
    subject="Ask about the renewal",
    due_date=dt.date(2026, 3, 5),
    due_time=dt.time(9, 30),
    owner="marta",
)
LUNCH = LastContact(
    id="a9k8m7n6p",
    type="lunch",
    subject="Budget for next year",
    date=dt.date(2026, 3, 1),
    person="anna-rossi",
    owner="marta",
)


def row(**changes: object) -> AccountRow:
    """An account with everything set, but for the changes."""
    values: dict[str, object] = {
        "id": "muller-sohne",
        "name": "Müller & Söhne GmbH",
        "owner": "marta",
        "labels": ("gold", "industry"),
        "parent": "nordwind",
        "tier": "A",
        "won_value": {"EUR": Decimal("12500.00"), "USD": Decimal("4000.00")},
        "won_count": 2,
        "open_value": {"EUR": Decimal("830.50")},
        "open_count": 1,
        "lost_count": 1,
        "first_won": dt.date(2025, 1, 5),
        "last_won": dt.date(2026, 3, 2),
        "mrr": {"EUR": Decimal("99.00")},
        "arr": {},
        "acv": {"EUR": Decimal("1188.00")},
        "renewal_date": dt.date(2027, 3, 2),
        "next_activity": CALL,
        "bucket": "overdue",
        "last_contact": LUNCH,
        "planned_count": 2,
        "overdue_count": 1,
        "is_account": True,
    }
    return AccountRow(**(values | changes))  # type: ignore[arg-type]  # values of any field


def bare_row(**changes: object) -> AccountRow:
    """An account with nothing set that can be unset, but for the changes."""
    unset: dict[str, object] = {
        "id": "sakura",
        "name": "株式会社さくら商事",
        "owner": None,
        "labels": (),
        "parent": None,
        "tier": None,
        "won_value": {},
        "won_count": 1,
        "open_value": {},
        "open_count": 0,
        "lost_count": 0,
        "first_won": None,
        "last_won": None,
        "mrr": {},
        "arr": {},
        "acv": {},
        "renewal_date": None,
        "next_activity": None,
        "bucket": "none",
        "last_contact": None,
        "planned_count": 0,
        "overdue_count": 0,
    }
    return row(**(unset | changes))


ORG = Org(
    id="muller-sohne",
    name="Müller & Söhne GmbH",
    owner="marta",
    labels=("gold", "industry"),
    parent="nordwind",
    address="Hafenstraße 12\n20457 Hamburg",
    website="https://mueller.example",
    custom={"segment": "A", "budget": {"EUR": Decimal("12.5")}},
)
DEAL = Deal(
    id="d7k2m9x4q",
    title="ERP rollout",
    org="muller-sohne",
    person="anna-rossi",
    owner="marta",
    value=Decimal(12500),
    currency="EUR",
    status="won",
    won_time=dt.date(2026, 3, 2),
)
OPEN_DEAL = Deal(
    id="d5p6q7r8s",
    title="Warehouse scanners",
    value=Decimal("830.5"),
    currency="EUR",
    expected_close_date=dt.date(2026, 4, 30),
)
NOTE = Note(
    id="n2b3c4d5e",
    content="Wants everything on one invoice, and no calls on Fridays.\n\n- Anna decides",
    org="muller-sohne",
    owner="marta",
    pinned=True,
    add_time=dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.UTC),
)


def activity(letter: str, subject: str, due: dt.date | None, **more: object) -> Activity:
    """A call at the sample's organization."""
    fields: dict[str, object] = {"type": "call", "org": "muller-sohne", "due_date": due} | more
    return Activity(id=f"a{letter * 8}", subject=subject, **fields)  # type: ignore[arg-type]  # values of any field


PAGE = Page(
    row=row(),
    org=ORG,
    deals=(OPEN_DEAL, DEAL),
    people=(
        Person(
            id="anna-rossi",
            name="Anna Rossi",
            job_title="Head of purchasing",
            emails=("anna@mueller.example", "anna@home.example"),
        ),
        Person(id="jiri-novak", name="Jiří Novák"),
    ),
    notes=(NOTE, Note(id="n5p6q7r8s", content="短いメモ")),
    files=(File(id="f2b3c4d5e", name="Contract.pdf", path="attachments/c.pdf", size=482113),),
    planned=(
        activity(
            "b",
            "Ask about the renewal",
            dt.date(2026, 3, 5),
            due_time=dt.time(9, 30),
            person="anna-rossi",
            owner="marta",
        ),
        activity("c", "Yearly review", TODAY, type="meeting"),
        activity("d", "Send samples", dt.date(2026, 4, 1), type=None),
        activity("e", "Clean up", None),
    ),
    done=(
        activity(
            "f",
            "Budget for next year",
            dt.date(2026, 3, 1),
            type="lunch",
            done=True,
            person="anna-rossi",
            owner="marta",
            note="Wants an offer by May",
        ),
    ),
)

_ODD = [
    "a", "é", "e\u0301", "ß", " ", "  ", "-", "日", "本", "한", "ｱ", "\u0301", "👩\u200d🍳", "👍🏽",
    "❤️", "☎", "🇮🇹", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "क्\u200dष",
    "می\u200cخ", "שלום", "\u200d", "\u200c", "\ufe0f", "\u202e", "\u200b", "\x1b[31m", "\x9b", "\0",
    "\t", "\r", "\n", "\r\n", "\u2028", "\x85", "\xa0", "\u3000", "\U000e0041", "\ufdfa", "ส\u0e33",
    "Donaudampfschifffahrt", "anna.rossi@example.com", "; ", ", ",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(_ODD), max_size=30).map("".join),
    st.text(max_size=60),
    st.text("ab 日", max_size=60),
)
names = texts.filter(lambda text: bool(text.strip()))
money = st.dictionaries(
    st.sampled_from(["EUR", "JPY", "TND", "USD"]),
    st.decimals(-(10**15), 10**15, places=2),
    max_size=4,
)
