"""Problems as messages: the place, the line and the mark below it, always on the terminal."""

from __future__ import annotations

import subprocess
import sys

import pytest
from helpers.samples import texts
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.errors import Excerpt, Place, Problem
from acctcli.render.diagnostics import problem_row, problems_text
from acctcli.render.formats.style import Style
from acctcli.render.formats.text import display_width, visible

PLAIN = Style(colour=False)
PLACE = Place("deals.yaml", 12, 13)
BAD_DATE = Problem(
    id="bad-date",
    message='won_time: "2026-13-45" is not a day of the calendar',
    place=PLACE,
    hint="write it as 2026-03-12",
)


def told(problem: Problem, excerpt: Excerpt, columns: int | None = None) -> list[str]:
    assert problem.place is not None
    return problems_text([problem], PLAIN, {problem.place: excerpt}, columns=columns).split("\n")


def test_problems_say_place_level_id_and_what_to_do() -> None:
    problems = [BAD_DATE, Problem(id="unknown-key", message='"on\x1bwer" is odd', level="warning")]
    assert problems_text(problems, PLAIN) == (
        'deals.yaml:12:13: error [bad-date]: won_time: "2026-13-45" is not a day of the calendar\n'
        "  hint: write it as 2026-03-12\n"
        'warning [unknown-key]: "on\\x1bwer" is odd'
    )


def test_the_line_is_shown_and_what_is_wrong_in_it_marked() -> None:
    assert told(BAD_DATE, Excerpt("  won_time: 2026-13-45   # at last", 13)) == [
        'deals.yaml:12:13: error [bad-date]: won_time: "2026-13-45" is not a day of the calendar',
        "  12 |   won_time: 2026-13-45   # at last",
        "     |             ^^^^^^^^^^",
        "  hint: write it as 2026-03-12",
    ]


@pytest.mark.parametrize(
    ("message", "line", "column", "marked"),
    [
        ('"a b" is no id', "id: a b  # c", 5, "a b"),
        ('"a b" is no id', 'id: "a b"  # c', 5, '"a b"'),
        ('"a b" is no id', "id: 'a b'", 5, "'a b'"),
        ('"a b" is no id', r'id: "a\x20b", c: d', 5, r'"a\x20b"'),
        ("it is odd", "{id: 'it''s', b: c}", 6, "'it''s'"),
        ("it is odd", "{id: acme, b: c}", 6, "acme"),
        ("it is odd", "- [one]", 4, "one"),
        ("it is odd", "- id: acme  ", 1, "- id: acme"),
        ("nothing is there", "id:", 4, " "),
        ("nothing is there", "id: ", 4, " "),
    ],
)
def test_what_is_marked(message: str, line: str, column: int, marked: str) -> None:
    problem = Problem(id="x", message=message, place=Place("a.yaml", 1, column))
    _, shown, carets = told(problem, Excerpt(line, column))
    assert carets.removeprefix("    | ") == " " * (column - 1) + "^" * len(marked)
    assert shown == f"  1 | {line.rstrip()}"


def test_a_line_without_a_column_is_shown_unmarked() -> None:
    problem = Problem(id="x", message="a quote is not closed", place=Place("a.csv", 4))
    assert told(problem, Excerpt('d9,"Ovens', 0))[1:] == ['  4 | d9,"Ovens']


def test_carets_stand_below_wide_characters_and_behind_tabs() -> None:
    problem = Problem(id="x", message='"会社" is odd', place=Place("a.yaml", 3, 8))
    _, shown, carets = told(problem, Excerpt("\t東京e\u0301: 会社  ", 8))
    assert shown == "  3 |  東京e\u0301: 会社"
    assert carets == "    |         ^^^^"


def test_what_could_spoil_a_terminal_is_shown_as_an_escape() -> None:
    problem = Problem(id="x", message="odd", place=Place("a\x1b.yaml", 3, 5))
    head, shown, carets = told(problem, Excerpt("a\x1bb\u202e\x9bc", 5))
    assert head == "a\\x1b.yaml:3:5: error [x]: odd"
    assert shown == "  3 | a\\x1bb\\u202e\\x9bc"
    assert carets == "    |" + " " * 13 + "^" * 5


def test_a_long_line_is_cut_around_the_column() -> None:
    line = "  content: " + "word " * 30 + "2026-13-45" + " more" * 30
    place = Place("a.yaml", 3, line.index("2026") + 1)
    _, shown, carets = told(
        BAD_DATE._replace(place=place, hint=None), Excerpt(line, place.column), 60
    )
    assert shown == "  3 | …rd word word word word word 2026-13-45 more more mor…"
    assert carets == "    |" + " " * 30 + "^" * 10
    _, shown, _ = told(BAD_DATE._replace(place=place, hint=None), Excerpt(line, place.column))
    assert display_width(shown) <= 100


def test_a_stretch_of_a_line_has_an_ellipsis_where_it_goes_on() -> None:
    excerpt = Excerpt("b: 2026-13-45 c", 4, is_start=False, is_end=False)
    _, shown, carets = told(BAD_DATE._replace(hint=None), excerpt)
    assert (shown, carets) == ("  12 | …b: 2026-13-45 c…", "     |     ^^^^^^^^^^")


@given(
    text=texts,
    message=texts,
    at=st.integers(0, 40),
    ends=st.tuples(st.booleans(), st.booleans()),
    columns=st.integers(1, 90),
)
def test_line_and_mark_are_always_on_the_terminal(
    text: str, message: str, at: int, ends: tuple[bool, bool], columns: int
) -> None:
    line = text.replace("\n", " ").replace("\r", " ")
    column = min(at, len(line) + 1)
    problem = Problem(id="x", message=message, place=Place("a.yaml", 3, column))
    head = problems_text([problem], PLAIN)
    _, *shown = told(problem, Excerpt(line, column, *ends), columns)
    assert head == problems_text([problem], PLAIN)
    assert len(shown) == 1 + bool(column)
    assert all(each == visible(each) for each in shown)
    most = max(columns, 20 + len("  3 | "))
    assert all(
        display_width(each) <= most + 1 for each in shown
    )  # a wide character may jut out by one


def test_problems_in_colour() -> None:
    colour = Style(colour=True)
    text = problems_text([Problem(id="x", message="a", hint="b")], colour)
    assert text == "\x1b[31merror\x1b[0m [x]: a\n  \x1b[2mhint:\x1b[0m b"
    place = Place("a.yaml", 1, 1)
    problem = Problem(id="x", message="a", level="warning", place=place)
    assert problems_text([problem], colour, {place: Excerpt("b", 1)}) == (
        "\x1b[1ma.yaml:1:1\x1b[0m: \x1b[33mwarning\x1b[0m [x]: a\n"
        "\x1b[2m  1 | \x1b[0mb\n"
        "\x1b[2m    | \x1b[0m\x1b[33m^\x1b[0m"
    )


def test_a_problem_for_scripts() -> None:
    assert problem_row(BAD_DATE._replace(kind="deals", record="d1", field="won_time")) == {
        "id": "bad-date",
        "level": "error",
        "message": 'won_time: "2026-13-45" is not a day of the calendar',
        "hint": "write it as 2026-03-12",
        "file": "deals.yaml",
        "line": 12,
        "column": 13,
        "kind": "deals",
        "record": "d1",
        "field": "won_time",
    }
    bare = problem_row(Problem(id="x", message="a"))
    assert (bare["file"], bare["line"], bare["column"]) == (None, None, None)


def test_being_ready_to_fail_costs_little() -> None:
    code = (
        "import sys; import acctcli.render.diagnostics, acctcli.render.formats.style;"
        " slow = {'wcwidth', 'tabulate', 'csv', 'acctcli.core.accounts.totals'};"
        " loaded = slow & set(sys.modules); assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
