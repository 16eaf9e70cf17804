from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from helpers.samples import NAMES, TODAY, texts
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.reports.timeline import Happening
from acctcli.render.account_page import COLUMNS, event_row
from acctcli.render.formats.style import Style
from acctcli.render.formats.table import table
from acctcli.render.formats.text import display_width


def event(**changes: object) -> Happening:
    values: dict[str, object] = {
        "time": dt.date(2026, 3, 2),
        "day": dt.date(2026, 3, 2),
        "event": "done",
        "kind": "activities",
        "id": "abbbbbbbb",
        "type": "call",
        "text": "Ask about the renewal",
        "value": {},
        "person": "anna-rossi",
        "owner": "marta",
    }
    return Happening(**(values | changes))  # type: ignore[arg-type]  # values of any field


def note(text: str) -> Happening:
    return event(kind="notes", event="added", type=None, text=text)


@pytest.mark.parametrize(
    ("happening", "what", "about"),
    [
        (event(), "call", "Ask about the renewal"),
        (event(type=None), "activity", "Ask about the renewal"),
        (event(event="planned"), "call overdue", "Ask about the renewal"),
        (event(event="planned", day=TODAY), "call planned", "Ask about the renewal"),
        (event(event="planned", day=None), "call planned", "Ask about the renewal"),
        (
            event(kind="deals", event="won", type=None, value={"EUR": Decimal(5)}),
            "deal won",
            "Ask about the renewal, EUR 5.00",
        ),
        (event(kind="deals", event="added", type=None), "deal added", "Ask about the renewal"),
        (event(kind="files", event="added", type=None), "file", "Ask about the renewal"),
        (note("One line\n"), "note", "One line"),
        (note("\nOne \n\nmore"), "note", "One …"),
    ],
)
def test_what_is_said_of_an_event(happening: Happening, what: str, about: str) -> None:
    shown = event_row(happening, NAMES, TODAY)
    assert shown["what"] == f"{what}: {about}"


def _shown(events: list[Happening]) -> list[dict[str, object]]:
    return [event_row(each, NAMES, TODAY) for each in events]


def test_people_are_named_and_keys_are_those_of_the_table() -> None:
    known, gone, nobody = _shown([event(), event(person="gone"), event(person=None)])
    assert (known["person"], gone["person"], nobody["person"]) == ("Anna Rossi", "gone", None)
    assert list(known) == [column.key for column in COLUMNS]


@given(texts, texts, st.integers(20, 120))
def test_no_line_is_wider_than_the_terminal(text: str, other: str, columns: int) -> None:
    shown = _shown([note(text), event(text=other, type=text, owner=other)])
    printed = table(shown, COLUMNS, width=columns, style=Style(colour=False), zone=None)
    assert all(display_width(line) <= columns for line in printed.split("\n"))
