"""rates.yaml: read at once and as a whole to the same end, and edited in place."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from helpers.rate_tables import PLAIN, quotes
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.accounts.exchange_rates import Quote
from acctcli.core.model.errors import InvalidBookError, Place
from acctcli.store.changes.rates_editor import edit_rates, plain_line
from acctcli.store.config import rates_reader
from acctcli.store.config.rates_reader import (
    check_rates,
    has_plain_rates,
    load_rates,
    read_rates,
)

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "# ours\n\n"
BLOCK = """\
# from the invoice
- date: 2026-03-07
  base: EUR   # as always
  source: bank
  rates:
    TND: 3.4185
    USD: '1.08'
"""


def said(text: str) -> list[tuple[dt.date, str, dict[str, Decimal]]]:
    return [(each.date, each.base, dict(each.rates)) for each in read_rates(text.encode()).quotes]


def whole(text: str) -> list[tuple[dt.date, str, dict[str, Decimal]]]:
    found = rates_reader._read_whole(text).quotes
    return [(each.date, each.base, dict(each.rates)) for each in found]


def test_both_ways_of_reading_give_the_same() -> None:
    for text in (PLAIN, HEAD + PLAIN, HEAD + BLOCK + PLAIN, PLAIN + BLOCK + "\n# end\n", "", "#\n"):
        assert read_rates(text.encode()).is_cut
        assert said(text) == whole(text)


def test_a_comment_ends_no_entry_that_is_torn() -> None:
    with pytest.raises(InvalidBookError):
        read_rates(b'- "torn\n# a comment\n')


PIECES = [
    *PLAIN.splitlines(keepends=True),
    *(line + "\r\n" for line in PLAIN.splitlines()),
    BLOCK,
    "# a comment\n",
    "\n",
    "  # further in\n",
    "\t\n",
    "- date: 2026-03-05\n",
    "  base: EUR\n",
    "  rates: {USD: 1}\n",
    "- {date: 2026-13-01, base: EUR, rates: {USD: 1}}\n",
    "- {date: 2026-03-04, base: EUX, rates: {USD: 1}}\n",
    "- {date: 2026-03-04, base: EUR, rates: {USD: 1, USD: 2}}\n",
    "- {date: 2026-03-04, base: EUR, rates: {USD: 0.00, GBP: 1}}\n",
    "- {date: 2026-03-04, base: EUR, rates: {EUR: 1}}\n",
    "- {date: 2026-03-04, base: EUR, rates: {USD: 1,}}\n",
    "- {date: 2026-03-04, base: EUR, rates: {USD: 1.5}} # so\n",
    '- "torn\n',
    'end"\n',
    "- |\n",
    "---\n",
    "- {date: 2026-03-03, base: EUR, rates: {USD: 1.5}}\u2028",
    "# odd\x85",
    "- [x]\n",
    "text\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_both_ways_agree_on_anything(text: str) -> None:
    try:
        right: object = whole(text)
    except InvalidBookError as error:
        right = error.problems
    try:
        found: object = said(text)
    except InvalidBookError as error:
        found = error.problems
    assert found == right


@given(quotes())
def test_what_is_written_is_read_again(found: list[Quote]) -> None:
    text = "".join(map(plain_line, found))
    assert read_rates(text.encode()).is_cut
    assert said(text) == [(each.date, each.base, dict(each.rates)) for each in found]
    assert said(text) == whole(text)


def test_rates_of_a_line_are_a_mapping() -> None:
    rates = read_rates(PLAIN.encode()).quotes[0].rates
    assert (list(rates), len(rates), rates["CHF"]) == (["USD", "GBP", "CHF"], 3, Decimal("0.9498"))
    assert "JPY" not in rates


@pytest.mark.parametrize(
    ("text", "name", "line", "column"),
    [
        ("- {date: 2026-13-01, base: EUR, rates: {USD: 1}}\n", "bad-date", 1, 10),
        ("- {date: soon, base: EUR, rates: {USD: 1}}\n", "bad-date", 1, 10),
        ("- {date: 2026-03-01, base: EUX, rates: {USD: 1}}\n", "bad-currency", 1, 28),
        ("- {date: 2026-03-01, base: EUR, rates: {usd: 1}}\n", "bad-currency", 1, 41),
        ("- {date: 2026-03-01, base: EUR, rates: {USD: 0}}\n", "bad-rate", 1, 46),
        ("- {date: 2026-03-01, base: EUR, rates: {USD: -1}}\n", "bad-rate", 1, 46),
        ("- {date: 2026-03-01, base: EUR, rates: {USD: NaN}}\n", "bad-rate", 1, 46),
        ("- {date: 2026-03-01, base: EUR, rates: {USD: [1]}}\n", "bad-rate", 1, 46),
        ("- {date: 2026-03-01, base: EUR, rates: {EUR: 1}}\n", "bad-rate", 1, 41),
        ("- {date: 2026-03-01, base: EUR, rates: {}}\n", "bad-rate", 1, 40),
        ("- {date: 2026-03-01, base: EUR}\n", "not-an-entry", 1, 3),
        ("- USD\n", "not-an-entry", 1, 3),
        ("USD: 1\n", "not-a-list", 1, 1),
        (PLAIN + PLAIN[:80] + "\n", "duplicate-rates", 4, 3),
        ("- [\n", "yaml-syntax", 2, 1),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    text: str, name: str, line: int, column: int, tmp_path: Path
) -> None:
    with pytest.raises(InvalidBookError) as caught:
        read_rates(text.encode())
    problem = caught.value.problems[0]
    assert problem.id == name
    assert problem.place == Place("rates.yaml", line, column)
    (tmp_path / "acctcli.yaml").write_text("format: 1\n")
    (tmp_path / "rates.yaml").write_text(text)
    assert check_rates(tmp_path) == caught.value.problems


# edits


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "acctcli.yaml").write_text("format: 1\n")
    return tmp_path


def edit(root: Path, text: str | None, *wanted: Quote) -> str:
    if text is not None:
        (root / "rates.yaml").write_text(text, "utf-8", newline="")
    return edit_rates(root, wanted).new.decode()


def one(day: int, base: str = "EUR", **rates: str) -> Quote:
    found = {name: Decimal(value) for name, value in rates.items()}
    return Quote(dt.date(2026, 3, day), base, found)


def test_without_a_file_there_are_no_rates(root: Path) -> None:
    assert load_rates(root).quotes == []
    assert check_rates(root) == ()
    line = "- {date: 2026-03-01, base: EUR, rates: {USD: 1.50}}\n"
    assert edit(root, None, one(1, USD="1.50")).endswith(f"day.\n{line}")
    assert edit_rates(root, []).new == b""


def test_new_days_stand_in_the_order_of_the_file(root: Path) -> None:
    new = "- {date: 2026-03-08, base: EUR, rates: {USD: 2}}\n"
    first, second, third = PLAIN.splitlines(keepends=True)
    assert edit(root, HEAD + PLAIN, one(8, USD="2")) == f"{HEAD}{first}{new}{second}{third}"
    newest_first = f"{third}{second}{first}# end\n"
    assert edit(root, newest_first, one(8, USD="2")) == f"{third}{second}{new}{first}# end\n"
    in_none = f"{second}{third}{first}".rstrip("\n")
    assert edit(root, in_none, one(8, USD="2")) == f"{in_none}\n{new}"


def test_a_line_is_edited_in_place(root: Path) -> None:
    first, second, third = PLAIN.splitlines(keepends=True)
    made = edit(root, PLAIN, one(9, GBP="0.8", USD="1.1"))
    changed = second.replace("1.0790", "1.1").replace("0.9501}", "0.9501, GBP: 0.8}")
    assert made == f"{first}{changed}{third}"
    crlf = PLAIN.replace("\n", "\r\n")
    assert edit(root, crlf, one(9, GBP="0.8", USD="1.1")) == made.replace("\n", "\r\n")


def test_an_entry_in_another_form_keeps_what_is_not_meant(root: Path) -> None:
    made = edit(root, HEAD + BLOCK, one(7, USD="1.09", GBP="0.85"))
    assert made == HEAD + BLOCK.replace("'1.08'", "1.09") + "    GBP: 0.85\n"
    assert edit(root, BLOCK, one(7, USD="1.09")) == BLOCK.replace("'1.08'", "1.09")
    assert edit(root, BLOCK.rstrip("\n"), one(7, GBP="0.85")) == BLOCK + "    GBP: 0.85\n"
    flow = "- {base: EUR, date: 2026-03-07, rates: {USD: 1, }} # so\n"
    assert edit(root, flow, one(7, USD="2", GBP="3")) == flow.replace("1, ", "2, GBP: 3, ")


@pytest.mark.parametrize(
    "text",
    [
        "---\n" + PLAIN,
        "  " + PLAIN.replace("\n-", "\n  -"),
        "- date: 2026-03-09\n  base: EUR\n  rates:\n    USD: |-\n      1.5\n",
    ],
    ids=["a document's start", "indented", "a block of text"],
)
def test_what_cannot_be_edited_safely_is_refused(root: Path, text: str) -> None:
    with pytest.raises(InvalidBookError) as caught:
        edit(root, text, one(9, USD="2"))
    assert caught.value.problems[0].id == "cannot-edit"
    assert (root / "rates.yaml").read_bytes().decode() == text


def test_the_new_text_must_say_what_is_meant(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from acctcli.store.changes import rates_editor

    for wrong in ("", "- [\n"):
        monkeypatch.setattr(rates_editor, "edited_rates", lambda *_, wrong=wrong: wrong)
        with pytest.raises(InvalidBookError) as caught:
            edit(root, PLAIN, one(9, USD="2"))
        assert caught.value.problems[0].id == "cannot-edit"


@given(quotes(), quotes())
def test_an_edit_says_what_both_said(old: list[Quote], new: list[Quote]) -> None:
    from acctcli.core.accounts.exchange_rates import merge
    from acctcli.store.changes.rates_editor import edited_rates

    text = read_rates("".join(map(plain_line, old)).encode())
    wanted = merge(old, new).quotes
    meant = {(each.date, each.base): dict(each.rates) for each in old}
    for each in new:
        meant.setdefault((each.date, each.base), {}).update(each.rates)
    made = edited_rates(text, wanted)
    assert {(day, base): rates for day, base, rates in said(made)} == meant


# without the parser


LINES = "- date: 2026-03-04\n  base: EUR\n  rates:\n    USD: 1.09\n    GBP: 0.86\n"


@pytest.mark.parametrize(
    "text",
    ["", "# ours\n", PLAIN, LINES, LINES.rstrip(), PLAIN + LINES, LINES.replace("\n", "\r\n")],
)
def test_plain_files_are_right_without_the_parser(
    root: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "rates.yaml").write_text(text, "utf-8", newline="")
    monkeypatch.setattr(rates_reader, "read_rates", None)
    assert check_rates(root) == ()


def test_what_is_in_doubt_is_parsed(root: Path) -> None:
    (root / "rates.yaml").write_text(LINES.replace("1.09", "'1.09'"), "utf-8")
    assert check_rates(root) == ()


_ODD_PARTS = (
    *(f"{line}\n" for line in (PLAIN + LINES).splitlines()),
    *(LINES, LINES.replace("EUR", "CHF"), LINES.replace("USD", "EUR"), LINES.replace("GBP", "USD")),
    *("\n", "# é\n", "\ufeff", "\x85", "\r", "    USD: 0\n", "    GPB: 1\n", "    USD: 1.2"),
    "- date: 2026-02-30\n",
)


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(_ODD_PARTS),
        max_size=5,
    ).map("".join)
)
def test_what_is_right_without_the_parser_is_right(text: str) -> None:
    for data in (text.encode(), text.encode() + b"\xff"):
        if has_plain_rates(data):
            read_rates(data)
