from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from helpers.samples import CALL, NAMES
from msgspec.structs import replace

from acctcli.render.formats.cells import (
    activity_phrase,
    activity_text,
    amount_text,
    custom_texts,
    day_text,
    label_text,
    link_text,
    long_text,
    value_text,
)

_ROME = dt.timezone(dt.timedelta(hours=1))
_LATE = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("", ""),
        ("a\x1b[31m\nb", "a\\x1b[31m b"),
        (True, "yes"),
        (False, "no"),
        (482113, "482113"),
        (Decimal("0.00001"), "0.00001"),
        (Decimal("1E+3"), "1000"),
        (dt.date(2026, 3, 2), "2026-03-02"),
        (_LATE, "2026-03-01T23:30:00Z"),
        (dt.time(9, 5), "09:05"),
        ((), ""),
        (("gold", "a\x1b"), "gold, a\\x1b"),
        (["one", "two"], "one, two"),
        ({}, ""),
        ({"USD": Decimal(2), "EUR": Decimal("1.5")}, "EUR 1.50; USD 2.00"),
        (CALL, "2026-03-05 09:30 call: Ask about the renewal"),
    ],
)
def test_values_as_people_read_them(value: object, shown: str) -> None:
    assert value_text(value) == shown


def test_a_long_text_keeps_its_lines() -> None:
    assert long_text("a\nb\x07") == "a\nb\\x07"
    assert long_text(("a", "b")) == "a, b"


def test_an_amount_has_its_currency_when_there_is_one() -> None:
    assert amount_text(Decimal(5), "JPY") == "JPY 5"
    assert amount_text(Decimal("5.5"), "TND") == "TND 5.500"
    assert amount_text(Decimal("5.5"), None) == "5.5"
    assert amount_text(None, "EUR") == ""


def test_an_activity_without_time_and_type() -> None:
    assert activity_text(replace(CALL, type=None, due_time=None)) == (
        "2026-03-05 Ask about the renewal"
    )
    assert activity_phrase(None, "a\nb") == "a b"


def test_a_link_shows_name_and_id() -> None:
    assert link_text("anna-rossi", NAMES) == "Anna Rossi (anna-rossi)"
    assert link_text("gone", NAMES) == "gone"
    assert link_text("x", {"x": "\u202ename"}) == "\\u202ename (x)"


def test_the_day_of_a_timestamp_is_that_of_the_zone() -> None:
    assert day_text(_LATE, _ROME) == "2026-03-02"
    assert day_text(_LATE, None) == "2026-03-01"
    assert day_text(_LATE.astimezone(_ROME), None) == "2026-03-02"
    assert day_text(dt.date(2026, 3, 1), _ROME) == "2026-03-01"
    assert day_text(dt.date(2026, 3, 1), None) == "2026-03-01"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("id", "ID"),
        ("url", "URL"),
        ("sha256", "SHA-256"),
        ("external_id", "External ID"),
        ("expected_close_date", "Expected close date"),
    ],
)
def test_labels_of_fields(name: str, label: str) -> None:
    assert label_text(name) == label


def test_custom_fields_that_are_set() -> None:
    values = {"vat": "IT1", "size": None, "tags": (), "active": False, "since": dt.date(2026, 1, 1)}
    assert custom_texts(values) == [("vat", "IT1"), ("active", "no"), ("since", "2026-01-01")]
