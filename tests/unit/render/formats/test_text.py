from __future__ import annotations

import json
import unicodedata

import pytest
from helpers.files import SHARED_DATA
from helpers.samples import texts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acctcli.render.formats.text import clip, display_width, lines_in, visible, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ASCII", "plain ASCII"),
        ("Müller 株式会社", "Müller 株式会社"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x1b]8;;http://a.example\x07link", "\\x1b]8;;http://a.example\\x07link"),
        ("\x9b31m\x7f\0", "\\x9b31m\\x7f\\x00"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("a\u2066b\u200fc\u061c", "a\\u2066b\\u200fc\\u061c"),
        ("a\u2028b\u2029c\x85", "a\\u2028b\\u2029c\\x85"),
        ("a\u200bb\ufeffc\xadd\u2060", "a\\u200bb\\ufeffc\\xadd\\u2060"),
        ("a\U000e0041\U0001d173", "a\\U000e0041\\U0001d173"),
        ("\ud800\ufffe\U0010ffff\ufdd0", "\\ud800\\ufffe\\U0010ffff\\ufdd0"),
        ("a\u200db x\u200cy", "a\\u200db x\\u200cy"),
        ("a\tb\rc", "a b\\x0dc"),
        ("a\nb\r\n\n  c\n", "a b c"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_what_could_spoil_a_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧",
        "👩🏽\u200d🚀",
        "❤️\u200d🔥",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष",
        "葛\U000e0100",
    ],
)
def test_joiners_stay_where_a_script_or_an_emoji_needs_them(text: str) -> None:
    assert visible(text) == text


def test_the_naughty_strings_do_no_harm() -> None:
    path = SHARED_DATA / "blns" / "blns.json"
    if not path.exists():
        pytest.skip("the list of naughty strings is not here")
    for text in json.loads(path.read_text(encoding="utf-8")):
        shown = visible(text)
        assert all(unicodedata.category(each) not in {"Cc", "Zl", "Zp"} for each in shown)
        assert all(display_width(line) <= 20 for line in wrap(shown, 20))


def test_line_breaks_stay_where_lines_are_wanted() -> None:
    assert visible("a\r\n\n  - b\tc\rd\n", one_line=False) == "a\n\n  - b c\\x0dd\n"


@given(texts, st.booleans())
def test_nothing_visible_controls_a_terminal(text: str, one_line: bool) -> None:  # noqa: FBT001 - made by hypothesis
    shown = visible(text, one_line=one_line)
    controls = {each for each in shown if unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"}}
    assert controls <= (set() if one_line else {"\n"})
    assert {unicodedata.bidirectional(each) for each in shown}.isdisjoint(
        {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    )
    assert visible(shown, one_line=one_line) == shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("Müller", 6),
        ("e\u0301", 1),
        ("日本", 4),
        ("👩\u200d👩\u200d👧", 2),
        ("❤️", 2),
        ("❤", 1),
        ("🇮🇹", 2),
        ("👍🏽", 2),
        ("한글", 4),
        ("می\u200cخ", 3),
    ],
)
def test_width_is_what_a_terminal_shows(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_a_control_character_has_no_width_of_its_own() -> None:
    assert display_width("é\x1b") == 0


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 5, [""]),
        ("      ", 3, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("  kept as  it is ", 20, ["  kept as  it is"]),
        ("two   spaces", 6, ["two", "spaces"]),
        ("a\n\nb", 5, ["a", "", "b"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("x abcdefgh y", 3, ["x", "abc", "def", "gh", "y"]),
        ("日本語の名前 AG", 5, ["日本", "語の", "名前", "AG"]),
        ("👩\u200d🍳👩\u200d🍳👩\u200d🍳", 4, ["👩\u200d🍳👩\u200d🍳", "👩\u200d🍳"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("日本", 1, ["日", "本"]),
        ("kenji.watanabe@acctcli.example", 20, ["kenji.watanabe@", "acctcli.example"]),
        ("https://mueller.example/a", 10, ["https://", "mueller.", "example/a"]),
        ("a@bcdefghijklmnop", 8, ["a@bcdefg", "hijklmno", "p"]),
    ],
)
def test_wrapped_lines(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


def test_totals_break_between_amounts_only() -> None:
    totals = "EUR 1.00; USD 2.00; JPY 3"
    assert wrap(totals, 18, totals=True) == ["EUR 1.00;", "USD 2.00; JPY 3"]


@given(texts, st.integers(2, 30))
@example("日" * 30, 2)
@settings(max_examples=300)
def test_no_wrapped_line_is_wider_and_nothing_is_lost(text: str, columns: int) -> None:
    shown = visible(text, one_line=False)
    lines = wrap(shown, columns)
    assert all(display_width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == shown.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("text", "columns", "clipped"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("one two", 5, "one…"),
        ("日本", 1, "…"),
    ],
)
def test_clipped_text(text: str, columns: int, clipped: str) -> None:
    assert clip(text, columns) == clipped


@given(texts, st.integers(1, 30))
def test_clipped_text_fits(text: str, columns: int) -> None:
    assert display_width(clip(visible(text), columns)) <= columns


def test_text_without_a_limit_is_one_line() -> None:
    assert lines_in("a b", None) == ["a b"]
    assert lines_in("a b", 2) == ["a", "b"]
