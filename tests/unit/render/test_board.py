from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from helpers.samples import CALL, TODAY, bare_row, money, names, row, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from acctcli.core.accounts.buckets import BUCKETS
from acctcli.core.model.records import Settings
from acctcli.core.query.group_values import Grouping, field_by
from acctcli.core.reports.board import Board, Card, board
from acctcli.render.board import board_text
from acctcli.render.formats.style import Style
from acctcli.render.formats.text import display_width

if TYPE_CHECKING:
    from acctcli.core.accounts.totals import AccountRow

PLAIN = Style(colour=False)
BARE = bare_row()


def made(word: str, rows: list[AccountRow], value: str | None = None) -> Board:
    """A board by a word, where all rows have that value, or that of their own."""
    by = Grouping(field_by(word, Settings()), Settings(), TODAY, dt.UTC, {})
    return board([Card(row, value or getattr(row, word)) for row in rows], by)


BOARD = made(
    "bucket",
    [
        BARE,
        bare_row(id="b", name="Zeta", owner="luc"),
        row(),
        row(id="caffe", name="Caffè Torino 👩\u200d🍳", won_value={"EUR": Decimal(1000)}),
        bare_row(
            id="nord",
            name="Donaudampfschifffahrtsgesellschaft",
            bucket="later",
            next_activity=replace(CALL, type=None, due_time=None, subject="契約更新"),
        ),
    ],
)

NARROW = """\
Nothing planned (2)            Overdue (2)
                               EUR 13500.00; USD 4000.00
─────────────────────────────  ─────────────────────────────
Zeta                           Caffè Torino 👩\u200d🍳
luc                            EUR 1000.00
                               2026-03-05 09:30 call: Ask
+ 1 more                       about the renewal
                               marta

                               + 1 more


Today (0)                      Tomorrow (0)
─────────────────────────────  ─────────────────────────────


In 2 to 6 days (0)             In 7 days or more (1)
─────────────────────────────  ─────────────────────────────
                               Donaudampfschifffahrtsgesells
                               chaft
                               2026-03-05 契約更新"""


def test_bands_of_columns_on_a_narrow_terminal() -> None:
    assert board_text(BOARD, width=60, limit=1, style=PLAIN) == NARROW


@pytest.mark.parametrize(
    ("columns", "bands"),
    [(20, 6), (44, 6), (46, 3), (60, 3), (80, 2), (100, 2), (142, 1), (300, 1)],
)
def test_columns_are_never_too_narrow_and_bands_are_even(columns: int, bands: int) -> None:
    text = board_text(BOARD, width=columns, limit=None, style=PLAIN)
    rules = [line for line in text.split("\n") if line.startswith("───")]
    assert len(rules) == bands
    assert {line.count("─ ") + 1 for line in rules} == {6 // bands}


def test_all_heads_stand_on_an_empty_board() -> None:
    text = board_text(made("bucket", []), width=160, limit=None, style=PLAIN)
    assert text.split("\n")[0].split() == [
        "Nothing",
        "planned",
        "(0)",
        "Overdue",
        "(0)",
        "Today",
        "(0)",
        "Tomorrow",
        "(0)",
        "In",
        "2",
        "to",
        "6",
        "days",
        "(0)",
        "In",
        "7",
        "days",
        "or",
        "more",
        "(0)",
    ]


def test_cards_that_are_left_out_are_counted() -> None:
    text = board_text(BOARD, width=20, limit=1, style=PLAIN)
    assert text.count("+ 1 more") == 2
    assert "more" not in board_text(BOARD, width=20, limit=2, style=PLAIN).replace("or more", "")


def test_only_heads_have_the_colours_of_buckets() -> None:
    text = board_text(BOARD, width=80, limit=1, style=Style(colour=True))
    assert "\x1b[1m\x1b[31mOverdue (2)\x1b[0m\x1b[0m" in text
    assert len(re.findall("\x1b\\[3[0-9]m", text)) == 3
    assert "\x1b[1mCaffè Torino 👩\u200d🍳\x1b[0m" in text
    plain = re.sub("\x1b\\[[0-9]+m", "", text)
    assert [line.rstrip() for line in plain.split("\n")] == board_text(
        BOARD, width=80, limit=1, style=PLAIN
    ).split("\n")


def test_the_names_of_a_book_cannot_drive_the_terminal() -> None:
    nasty = made("bucket", [bare_row(name="a\x1b[2Jb\u202ec", owner="o\nq\x9b")])
    text = board_text(nasty, width=60, limit=None, style=PLAIN)
    assert "a\\x1b[2Jb\\u202ec" in text
    assert "o q\\x9b" in text


cards = st.builds(
    lambda name, owner, subject, kind, won, bucket: bare_row(
        name=name,
        owner=owner,
        won_value=won,
        bucket=bucket,
        next_activity=None if bucket == "none" else replace(CALL, type=kind, subject=subject),
    ),
    names,
    st.none() | texts,
    names,
    st.none() | texts,
    money,
    st.sampled_from(BUCKETS),
)


@given(st.lists(cards, max_size=8), st.integers(20, 220), st.none() | st.integers(1, 3))
@settings(max_examples=150)
def test_no_line_is_wider_than_the_terminal(
    rows: list[AccountRow], columns: int, limit: int | None
) -> None:
    for line in board_text(made("bucket", rows), width=columns, limit=limit, style=PLAIN).split(
        "\n"
    ):
        assert display_width(line) <= columns
        assert line == line.rstrip(" ")


# boards by something else


def _owned(count: int) -> Board:
    """A board of so many owners, who have an account each."""
    return made("owner", [bare_row(id=f"o{n}", owner=f"owner {n:02}") for n in range(count)])


@pytest.mark.parametrize(
    ("columns", "count", "across"),
    [
        (60, 13, [2, 2, 2, 2, 2, 2, 1]),
        (80, 13, [3, 3, 3, 3, 1]),
        (100, 13, [4, 4, 4, 1]),
        (200, 13, [7, 6]),
        (200, 1, [1]),
        (20, 2, [1, 1]),
    ],
)
def test_many_columns_stand_in_bands(columns: int, count: int, across: list[int]) -> None:
    text = board_text(_owned(count), width=columns, limit=None, style=PLAIN)
    rules = [line for line in text.split("\n") if line.startswith("───")]
    assert [line.count("─ ") + 1 for line in rules] == across
    found = [text.index(f"owner {number:02} (1)") for number in range(count)]
    assert found == sorted(found)
    assert max(map(display_width, text.split("\n"))) <= columns


def test_a_board_without_columns_is_nothing() -> None:
    assert board_text(_owned(0), width=80, limit=None, style=PLAIN) == ""


def test_cards_by_owner_do_not_say_it_again() -> None:
    text = board_text(made("owner", [row()]), width=40, limit=None, style=PLAIN)
    assert text.count("marta") == 1
    assert "marta (1)" in text
    text = board_text(made("tier", [row(tier="A")]), width=40, limit=None, style=PLAIN)
    assert text.split("\n")[0] == "A (1)"
    assert text.split("\n")[-1] == "marta"


@pytest.mark.parametrize(("word", "code"), [("at risk", "31"), ("watch", "33"), ("healthy", "32")])
def test_words_for_health_have_colours(word: str, code: str) -> None:
    text = board_text(
        made("health", [bare_row()], word), width=100, limit=None, style=Style(colour=True)
    )
    assert f"\x1b[1m\x1b[{code}m{word.capitalize()} (1)\x1b[0m\x1b[0m" in text


@pytest.mark.parametrize("owner", ["overdue", "healthy", "none"])
def test_nothing_else_has_colours(owner: str) -> None:
    text = board_text(
        made("owner", [bare_row(owner=owner)]), width=60, limit=None, style=Style(colour=True)
    )
    assert f"{owner} (1)" in text
    assert not re.findall("\x1b\\[3[0-9]m", text)


@given(st.lists(names, max_size=30), st.integers(20, 220))
@settings(max_examples=60)
def test_no_line_is_wider_than_the_terminal_however_many_columns(
    owners: list[str], columns: int
) -> None:
    found = made("owner", [bare_row(owner=owner) for owner in owners])
    for line in board_text(found, width=columns, limit=1, style=PLAIN).split("\n"):
        assert display_width(line) <= columns
        assert line == line.rstrip(" ")
