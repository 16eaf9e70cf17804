from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from render_samples import NAMES, ORG, PAGE, TODAY, activity, bare_row, names, row, texts

from acctcli.core.health import Seen, assess
from acctcli.core.page import Page
from acctcli.core.records import Deal, Note, Org, Person, Settings
from acctcli.render.page import page_text
from acctcli.render.style import Style
from acctcli.render.text import width

PLAIN = Style(colour=False)
ROME = dt.timezone(dt.timedelta(hours=1))
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


def lines_of(page: Page, columns: int | None = None) -> list[str]:
    return page_text(page, names=NAMES, width=columns, style=PLAIN, today=TODAY, zone=ROME).split(
        "\n"
    )


WHOLE = """\
Müller & Söhne GmbH (muller-sohne) · overdue

Won            EUR 12500.00; USD 4000.00 in 2 deals, first 2025-01-05, last
               2026-03-02
Open           EUR 830.50 in 1 deal
Lost           1 deal
Next activity  2026-03-05 09:30 call: Ask about the renewal
Last contact   2026-03-01 lunch: Budget for next year with Anna Rossi (marta)
Owner          marta
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


def test_a_whole_page() -> None:
    assert "\n".join(lines_of(PAGE, 80)) == WHOLE


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
    health = assess(Seen(row(), [TODAY.toordinal() - 9], [], []), Settings(), TODAY)
    text = page_text(
        replace(PAGE, health=health), names=NAMES, width=60, style=Style(colour=False), today=TODAY
    )
    assert (
        "Health         58 watch: contact 30/30, overdue 20/20, next\n"
        "               step 0/20, wins 0/20, open value 3/10"
    ) in text
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
        done=(activity("c", other, TODAY, note=text, type=text),),
    )
    for line in lines_of(page, columns):
        assert width(line) <= columns
        assert line == line.rstrip(" ")
