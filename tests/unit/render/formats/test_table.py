from __future__ import annotations

import datetime as dt
from decimal import Decimal

from helpers.samples import DEAL, bare_row, money, row, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.records import Note
from acctcli.render.formats.columns import TableColumn
from acctcli.render.formats.style import Style
from acctcli.render.formats.table import cell, table
from acctcli.render.formats.text import display_width
from acctcli.render.list_columns import TABLE_COLUMNS

PLAIN = Style(colour=False)
ROWS = [row(), bare_row(), row(id="caffe", name="Caffè 👩\u200d🍳 \x1b[31m", bucket="today")]
ACCOUNTS = TABLE_COLUMNS["accounts"]
STRAIGHT = [TableColumn("Name", "name", breaks=True), TableColumn("Won", "won", "right")]


def lines_of(text: str) -> list[str]:
    return text.split("\n")


def test_one_line_a_row_where_there_is_no_terminal() -> None:
    text = table([row(next_activity=None), bare_row()], ACCOUNTS, width=None, style=PLAIN)
    assert lines_of(text) == [
        "Account                                    Won  Bucket   Next activity  Contacted",
        "───────────────────  ─────────────────────────  ───────  ─────────────  ──────────",
        "Müller & Söhne GmbH  EUR 12500.00; USD 4000.00  overdue                 2026-03-01",
        "株式会社さくら商事                              none",
    ]


def test_long_texts_wrap_on_a_terminal_and_amounts_stay_whole() -> None:
    text = table(ROWS, ACCOUNTS, width=66, style=PLAIN)
    assert lines_of(text) == [
        "Account                 Won  Bucket   Next activity  Contacted",
        "────────────  ─────────────  ───────  ─────────────  ──────────",
        "Müller &      EUR 12500.00;  overdue  2026-03-05     2026-03-01",
        "Söhne GmbH      USD 4000.00           09:30 call:",
        "                                      Ask about the",
        "                                      renewal",
        "株式会社さく                 none",
        "ら商事",
        "Caffè 👩\u200d🍳      EUR 12500.00;  today    2026-03-05     2026-03-01",
        "\\x1b[31m        USD 4000.00           09:30 call:",
        "                                      Ask about the",
        "                                      renewal",
    ]


def test_where_no_table_fits_a_row_is_a_block() -> None:
    assert lines_of(table(ROWS[:2], ACCOUNTS, width=40, style=PLAIN)) == [
        "Account        Müller & Söhne GmbH",
        "Won            EUR 12500.00; USD 4000.00",
        "Bucket         overdue",
        "Next activity  2026-03-05 09:30 call:",
        "               Ask about the renewal",
        "Contacted      2026-03-01",
        "",
        "Account        株式会社さくら商事",
        "Bucket         none",
    ]


def test_nothing_for_no_rows() -> None:
    assert table([], ACCOUNTS, width=80, style=PLAIN) == ""


def test_colour_stands_on_the_bucket_and_changes_nothing_else() -> None:
    plain = table(ROWS, ACCOUNTS, width=70, style=PLAIN)
    painted = table(ROWS, ACCOUNTS, width=70, style=Style(colour=True))
    assert "\x1b[31moverdue\x1b[0m" in painted
    assert "\x1b[33mnone\x1b[0m" in painted
    assert "\x1b[32mtoday\x1b[0m" in painted
    for code in ("0", "1", "2", "31", "32", "33"):
        painted = painted.replace(f"\x1b[{code}m", "")
    assert [line.rstrip() for line in lines_of(painted)] == lines_of(plain)


def test_a_bucket_behind_a_date_keeps_its_colour_when_it_wraps() -> None:
    columns = [TableColumn("Due", "due bucket"), TableColumn("Text", "text", breaks=True)]
    rows = [{"due": "2026-03-05", "bucket": "overdue", "text": "many words in a row"}]
    text = table(rows, columns, width=24, style=Style(colour=True))
    assert "\x1b[31moverdue\x1b[0m" in text
    assert "\x1b[31m2026" not in text


def test_cells_choose_and_join_keys() -> None:
    zone = dt.timezone(dt.timedelta(hours=1))
    late = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)
    assert cell(DEAL, "value") == "EUR 12500.00"
    assert cell({"value": Decimal("1.5")}, "value") == "1.5"
    assert cell({"lost_time": late}, "won_time|lost_time") == "2026-03-01"
    assert cell({"lost_time": late}, "won_time|lost_time", zone) == "2026-03-02"
    assert cell({"a": "x", "b": None, "c": "y"}, "a b c") == "x y"
    assert cell({}, "a|b") == ""
    assert cell(Note(id="n", content="one\ntwo"), "content") == "one two"


@given(st.lists(st.tuples(texts, money), min_size=1, max_size=6), st.none() | st.integers(20, 90))
@settings(max_examples=200)
def test_columns_are_straight_and_lines_fit(
    pairs: list[tuple[str, dict[str, Decimal]]], columns: int | None
) -> None:
    rows = [{"name": name, "won": {"EUR": Decimal(1), **won}} for name, won in pairs]
    text = table(rows, STRAIGHT, width=columns, style=PLAIN)
    lines = lines_of(text)
    assert all(line == line.rstrip() for line in lines)
    if columns is not None:
        assert max(map(display_width, lines)) <= max(columns, 20)
    if lines[0].endswith("  Won"):
        size = display_width(lines[1])
        left = lines[1].index(" ")
        for line in lines[2:]:
            # what is right of the gap ends where the rule does, and the gap is empty
            assert display_width(line) == size or display_width(line) <= left
        if columns is None:
            assert len(lines) == len(rows) + 2
