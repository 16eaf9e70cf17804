from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from helpers.samples import DEAL, NAMES, ORG, PAGE, TODAY, activity, bare_row, names, row, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from acctcli.core.accounts.hierarchy import Family, GroupMember
from acctcli.core.model.records import Deal, Note, Org, Person, Settings
from acctcli.core.reports.account_page import PAGE_SECTIONS, Page
from acctcli.core.reports.health import FixedFacts, assess
from acctcli.core.reports.overdue import OverdueItem, recurring_deals
from acctcli.render.account_page import page_text
from acctcli.render.formats.style import Style
from acctcli.render.formats.text import display_width

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

PLAIN = Style(colour=False)
ROME = dt.timezone(dt.timedelta(hours=1))


def branch(letter: str, size: int) -> GroupMember:
    return GroupMember(
        id=f"branch-{letter}",
        name=f"Branch {letter.upper()}",
        owner=None,
        tier=None,
        is_account=True,
        won_value={"EUR": Decimal(10)},
        won_count=1,
        group_value={"EUR": Decimal(10 * size)},
        group_count=size,
        group_size=size,
        next_activity=None,
        bucket="none",
    )


EMPTY = Page(
    row=bare_row(),
    org=Org(id="sakura", name="株式会社さくら商事"),
    deals=(),
    people=(),
    notes=(),
    files=(),
    planned=(),
    done=(),
)


FULL = replace(
    PAGE,
    planned=(
        *PAGE.planned,
        activity("g", "Visit", dt.date(2026, 5, 4), playbook="onboarding", step=2),
        activity("h", "Ask", dt.date(2026, 6, 1), repeat="every month", until=dt.date(2027, 6, 1)),
    ),
    late=(
        OverdueItem(
            what="activity",
            due=dt.date(2026, 3, 5),
            days=5,
            kind="activities",
            id="abbbbbbbb",
            type="call",
            text="Ask about the renewal",
            owner="marta",
        ),
    ),
    renewals=recurring_deals(
        [
            replace(DEAL, id="d1", renewal_date=dt.date(2026, 3, 9), acv=Decimal(1188)),
            replace(DEAL, id="d2", renewal_date=dt.date(2027, 3, 2), term="12m", mrr=Decimal(99)),
            replace(DEAL, id="d3", term="1y", archived=True),
        ],
        Settings(),
        TODAY,
    ),
    family=Family(
        path=("top", "nordwind", "muller-sohne"),
        group_value={"EUR": Decimal(15000)},
        group_count=4,
        group_size=3,
        branches=(branch("a", 2), branch("b", 1)),
    ),
)


def lines_of(
    page: Page, columns: int | None = None, *, sections: AbstractSet[str] = frozenset()
) -> list[str]:
    return page_text(
        page,
        names=NAMES,
        width=columns,
        style=PLAIN,
        today=TODAY,
        zone=ROME,
        sections=sections,
    ).split("\n")


WHOLE = """\
Müller & Söhne GmbH (muller-sohne) · overdue

Won            EUR 12500.00; USD 4000.00 in 2 deals, first 2025-01-05, last
               2026-03-02
Open           EUR 830.50 in 1 deal
Lost           1 deal
MRR            EUR 99.00
ACV            EUR 1188.00
Renewal        2027-03-02
Next activity  2026-03-05 09:30 call: Ask about the renewal
Last contact   2026-03-01 lunch: Budget for next year with Anna Rossi (marta)
Owner          marta
Tier           A
Labels         gold, industry
Parent         Nordwind Holding AG (nordwind)
Address        Hafenstraße 12
               20457 Hamburg
Website        https://mueller.example

Planned (4)
  Due               Activity                Person      Owner  ID
  ────────────────  ──────────────────────  ──────────  ─────  ─────────
  2026-03-05 09:30  call: Ask about the     Anna Rossi  marta  abbbbbbbb
  overdue           renewal
  2026-03-10 today  meeting: Yearly review                     acccccccc
  2026-04-01        Send samples                               adddddddd
  no date           call: Clean up                             aeeeeeeee

Done (1)
  Done        Activity           Note               Person      Owner  ID
  ──────────  ─────────────────  ─────────────────  ──────────  ─────  ─────────
  2026-03-01  lunch: Budget for  Wants an offer by  Anna Rossi  marta  affffffff
              next year          May

Deals (2)
  Deal                       Value  Status                     Owner  ID
  ──────────────────  ────────────  ─────────────────────────  ─────  ─────────
  Warehouse scanners    EUR 830.50  open, expected 2026-04-30         d5p6q7r8s
  ERP rollout         EUR 12500.00  won 2026-03-02             marta  d7k2m9x4q

People (2)
  Name        Job title           Emails                 ID
  ──────────  ──────────────────  ─────────────────────  ──────────
  Anna Rossi  Head of purchasing  anna@mueller.example,  anna-rossi
                                  anna@home.example
  Jiří Novák                                             jiri-novak

Notes (2)
  2026-02-01  marta  pinned  n2b3c4d5e
    Wants everything on one invoice, and no calls on Fridays.

    - Anna decides

  n5p6q7r8s
    短いメモ

Files (1)
  Name           Bytes  Where              ID
  ────────────  ──────  ─────────────────  ─────────
  Contract.pdf  482113  attachments/c.pdf  f2b3c4d5e

Custom fields (2)
  segment  A
  budget   EUR 12.50"""


CARE = """\
Müller & Söhne GmbH (muller-sohne) · overdue

Late (1)
  Due         Days late  What                         Owner  ID
  ──────────  ─────────  ───────────────────────────  ─────  ─────────
  2026-03-05          5  call: Ask about the renewal  marta  abbbbbbbb

Planned (6)
  Due               Activity             Series             Person      Owner  ID
  ────────────────  ───────────────────  ─────────────────  ──────────  ─────  ─────────
  2026-03-05 09:30  call: Ask about the                     Anna Rossi  marta  abbbbbbbb
  overdue           renewal
  2026-03-10 today  meeting: Yearly                                            acccccccc
                    review
  2026-04-01        Send samples                                               adddddddd
  no date           call: Clean up                                             aeeeeeeee
  2026-05-04        call: Visit          onboarding 2                          agggggggg
  2026-06-01        call: Ask            every month until                     ahhhhhhhh
                                         2027-06-01

Renewals (3)
  Renewal             Term  Deal         Status         Brings           Owner  ID
  ──────────────────  ────  ───────────  ─────────────  ───────────────  ─────  ──
  2026-03-09 overdue        ERP rollout  won            ACV EUR 1188.00  marta  d1
  2027-03-02          12m   ERP rollout  won            MRR EUR 99.00    marta  d2
                      1y    ERP rollout  won, archived                   marta  d3

Branches (2)
  Branch          Won      Group  Bucket  ID
  ────────  ─────────  ─────────  ──────  ────────
  Branch A  EUR 10.00  EUR 20.00  none    branch-a
  Branch B  EUR 10.00             none    branch-b"""


def test_a_whole_page() -> None:
    assert "\n".join(lines_of(PAGE, 80)) == WHOLE


def test_the_sections_of_care_after_the_sale() -> None:
    sections = {"late", "planned", "renewals", "branches"}
    assert "\n".join(lines_of(FULL, 100, sections=sections)) == CARE


def test_what_is_above_below_and_to_renew_stands_in_the_summary() -> None:
    late = replace(FULL, row=row(renewal_date=dt.date(2026, 3, 9), arr={"EUR": Decimal(5)}))
    lines = lines_of(late, sections={"summary"})
    for line in (
        "Group          EUR 15000.00 in 4 deals, 3 organizations",
        "MRR            EUR 99.00",
        "ARR            EUR 5.00",
        "ACV            EUR 1188.00",
        "Renewal        2026-03-09, 1 day late; next 2027-03-02",
        "Tier           A",
        "Parent         top > Nordwind Holding AG (nordwind)",
    ):
        assert line in lines
    older = replace(EMPTY, row=bare_row(renewal_date=dt.date(2026, 3, 8)))
    assert "Renewal        2026-03-08, 2 days late" in lines_of(older)


def test_only_the_sections_that_are_picked_are_shown_empty_ones_too() -> None:
    assert lines_of(EMPTY, sections={"notes", "deals"}) == [
        "株式会社さくら商事 (sakura) · nothing planned",
        "",
        "Deals (0)",
        "",
        "Notes (0)",
    ]
    # Of an organization whose parents lead round nobody can say what its branches are.
    assert lines_of(EMPTY, sections={"branches"}) == lines_of(EMPTY)[:1]
    everything = lines_of(FULL, 80)
    for name in PAGE_SECTIONS:
        lines = lines_of(FULL, 80, sections={name})
        assert lines[:2] == everything[:2]
        assert "\n".join(lines[1:]) in "\n".join(everything)


def test_sections_without_anything_in_them_are_left_out() -> None:
    assert lines_of(EMPTY) == [
        "株式会社さくら商事 (sakura) · nothing planned",
        "",
        "Won            1 deal",
        "Next activity  nothing planned",
        "Last contact   none",
    ]


def test_an_organization_that_is_no_account_says_so() -> None:
    page = replace(EMPTY, row=bare_row(is_account=False, won_count=0, bucket="overdue"))
    assert lines_of(page)[0] == "株式会社さくら商事 (sakura) · no account, overdue"
    assert not any(line.startswith("Won") for line in lines_of(page))


def test_the_health_of_an_account_has_the_points_of_every_input() -> None:
    health = assess(FixedFacts(row(), [TODAY.toordinal() - 9], [], []), Settings(), TODAY)
    text = page_text(
        replace(PAGE, health=health), names=NAMES, width=60, style=Style(colour=False), today=TODAY
    )
    assert (
        "Health 53 watch: contact 30/30, overdue 20/20, next step 0/20, wins 0/20, open value 3/10"
    ) in " ".join(text.split())
    assert "Health" not in page_text(
        PAGE, names=NAMES, width=60, style=Style(colour=False), today=TODAY
    )


def test_a_title_that_does_not_fit_takes_more_lines() -> None:
    page = replace(EMPTY, row=bare_row(is_account=False))
    assert lines_of(page, 20)[:4] == [
        "株式会社さくら商事",
        "(sakura)",
        "no account, nothing",
        "planned",
    ]


def test_who_does_what_is_said_where_it_is_not_the_owner() -> None:
    page = replace(PAGE, row=row(owner="luc", overdue_count=3))
    assert (
        "Next activity  2026-03-05 09:30 call: Ask about the renewal (marta); 3 overdue in all"
    ) in lines_of(page)


@pytest.mark.parametrize(
    ("deal", "state"),
    [
        (Deal(id="d", title="T"), "open"),
        (Deal(id="d", title="T", expected_close_date=TODAY), "open, expected 2026-03-10"),
        (Deal(id="d", title="T", status="lost"), "lost"),
        (Deal(id="d", title="T", status="lost", lost_time=TODAY), "lost 2026-03-10"),
        (
            Deal(
                id="d",
                title="T",
                status="won",
                won_time=dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.UTC),
            ),
            "won 2026-02-01",
        ),
    ],
)
def test_how_a_deal_stands(deal: Deal, state: str) -> None:
    last = lines_of(replace(EMPTY, deals=(deal,)))[-1]
    assert last.split() == ["T", *state.split(), "d"]


def test_what_was_never_linked_or_named_is_shown_by_its_id() -> None:
    page = replace(EMPTY, planned=(activity("b", "Call", TODAY, person="gone"),))
    assert "gone" in lines_of(page)[-1]


def test_colours_mark_buckets_and_change_nothing_else() -> None:
    painted = page_text(
        PAGE, names=NAMES, width=80, style=Style(colour=True), today=TODAY, zone=ROME
    )
    assert (
        "\x1b[1mMüller & Söhne GmbH\x1b[0m \x1b[2m(muller-sohne)\x1b[0m · \x1b[31moverdue"
        in painted
    )
    assert "\x1b[32mtoday\x1b[0m" in painted
    for code in ("0", "1", "2", "31", "32"):
        painted = painted.replace(f"\x1b[{code}m", "")
    assert [line.rstrip() for line in painted.split("\n")] == lines_of(PAGE, 80)


@given(names, texts, texts, st.integers(20, 120))
@settings(max_examples=100)
def test_no_line_is_wider_than_the_terminal(name: str, text: str, other: str, columns: int) -> None:
    page = Page(
        row=row(name=name, owner=other, labels=(text, other)),
        org=replace(ORG, name=name, address=text, website=other, custom={"x": text}),
        deals=(Deal(id="d2b3c4d5e", title=text, owner=other, currency="EUR"),),
        people=(Person(id="p2b3c4d5e", name=name, emails=(text, other)),),
        notes=(Note(id="n2b3c4d5e", content=text, owner=other, pinned=True, add_time=TODAY),),
        files=(),
        planned=(activity("b", text, TODAY, owner=other, person="anna-rossi"),),
        done=(activity("c", other, TODAY, note=text, type=text, playbook=other, repeat=text),),
        late=(replace(FULL.late[0], text=text, owner=other),),
        renewals=(replace(FULL.renewals[0], title=text),),
        family=Family(
            path=(text, "muller-sohne"),
            group_value={"EUR": Decimal(10**15)},
            group_count=2,
            group_size=2,
            branches=(replace(branch("a", 2), name=other, id=text or "x"),),
        ),
    )
    for line in lines_of(page, columns):
        assert display_width(line) <= columns
        assert line == line.rstrip(" ")
