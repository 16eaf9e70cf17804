from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.money import DIGITS
from acctcli.core.model.values import (
    from_text,
    is_id,
    plain_types,
    quote,
    read_value,
    reader,
    to_raw,
)

if TYPE_CHECKING:
    from acctcli.core.model.records import Raw, Value

CHOICES = ("open", "won", "lost")
IDS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=64
).filter(lambda text: not text.startswith("-"))
AMOUNTS = st.decimals(
    min_value=-(10**15) + 1, max_value=10**15 - 1, allow_nan=False, allow_infinity=False, places=6
)
MINUTES = st.integers(-14 * 60, 14 * 60).map(lambda n: dt.timezone(dt.timedelta(minutes=n)))
MOMENTS = st.datetimes(
    dt.datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    dt.datetime(9998, 1, 1),  # noqa: DTZ001 - the same
    timezones=MINUTES,
)
VALUES: dict[FieldType, st.SearchStrategy[Value]] = {
    FieldType.ID: IDS,
    FieldType.TEXT: st.text(),
    FieldType.TEXTS: st.lists(st.text()).map(tuple),
    FieldType.LINK: IDS,
    FieldType.MONEY: AMOUNTS,
    FieldType.CURRENCY: st.sampled_from(sorted(DIGITS)),
    FieldType.DATE: st.dates(),
    FieldType.TIME: st.times().map(lambda time: time.replace(microsecond=0)),
    FieldType.STAMP: st.dates() | MOMENTS,
    FieldType.DURATION: st.builds("{}:{:02}".format, st.integers(0, 99), st.integers(0, 59)),
    FieldType.SPAN: st.builds("{}{}".format, st.integers(0, 99999), st.sampled_from("dwmy")),
    FieldType.DELAY: st.builds(
        "{}{}".format, st.integers(0, 99999), st.sampled_from(["d", "bd", "w", "m", "y"])
    ),
    FieldType.REPEAT: st.builds(
        "every {} {}s".format,
        st.integers(2, 9999),
        st.sampled_from(["day", "week", "month", "year"]),
    ),
    FieldType.YES_NO: st.booleans(),
    FieldType.INTEGER: st.integers(0, 10**18 - 1),
    FieldType.NUMBER: st.decimals(-(10**9), 10**9, allow_nan=False, places=9),
    FieldType.ONE_OF: st.sampled_from(CHOICES),
    FieldType.SOME_OF: st.lists(st.sampled_from(CHOICES)).map(tuple),
    FieldType.AMOUNT: st.dictionaries(
        st.sampled_from(sorted(DIGITS)), AMOUNTS, min_size=1, max_size=1
    ),
}


def field(kind: FieldType) -> Field:
    return Field("it", kind, choices=CHOICES)


def read(kind: FieldType, raw: Raw) -> Value | None:
    return read_value(field(kind), raw)


def refusal(kind: FieldType, raw: Raw, **more: object) -> Problem:
    with pytest.raises(InvalidInputError) as caught:
        read_value(Field("it", kind, **more), raw)  # type: ignore[arg-type] # link or choices
    (problem,) = caught.value.problems
    assert (problem.field, problem.level) == ("it", "error")
    return problem


@pytest.mark.parametrize("kind", FieldType)
@settings(max_examples=30)
@given(data=st.data())
def test_every_value_is_read_back_as_it_was_written(kind: FieldType, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    again = read(kind, to_raw(field(kind), value))
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize("kind", FieldType)
def test_a_plain_empty_scalar_is_unset(kind: FieldType) -> None:
    assert read(kind, None) is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldType.ID, "d7k2m9x4q", "d7k2m9x4q"),
        (FieldType.ID, "東京", "東京"),
        (FieldType.TEXT, "null", "null"),
        (FieldType.TEXT, "~", "~"),
        (FieldType.TEXT, "01234", "01234"),
        (FieldType.TEXT, "no", "no"),
        (FieldType.TEXT, "", ""),
        (FieldType.TEXTS, "red, blue", ("red, blue",)),
        (FieldType.MONEY, "12500.00", Decimal("12500.00")),
        (FieldType.DATE, "2026-03-02", dt.date(2026, 3, 2)),
        (FieldType.TIME, "09:30", dt.time(9, 30)),
        (FieldType.STAMP, "2026-03-02", dt.date(2026, 3, 2)),
        (
            FieldType.STAMP,
            "2026-03-02T09:30:00Z",
            dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC),
        ),
        (FieldType.DURATION, "1:30", "1:30"),
        (FieldType.DURATION, "01:30", "01:30"),
        (FieldType.YES_NO, "Yes", True),
        (FieldType.YES_NO, "TRUE", True),
        (FieldType.YES_NO, "no", False),
        (FieldType.YES_NO, "False", False),
        (FieldType.INTEGER, "042", 42),
        (FieldType.NUMBER, "-0.5", Decimal("-0.5")),
        (FieldType.ONE_OF, "won", "won"),
        (FieldType.SOME_OF, "won", ("won",)),
        (FieldType.AMOUNT, "EUR 12.5", {"EUR": Decimal("12.50")}),
    ],
)
def test_text_is_typed_by_its_field(kind: FieldType, text: str, value: Value) -> None:
    assert read(kind, text) == value
    assert reader(field(kind))(text) == value


def test_money_keeps_the_digits_it_is_written_with() -> None:
    assert str(read(FieldType.MONEY, "12.500")) == "12.500"
    assert str(read(FieldType.AMOUNT, "EUR 12.5")) == "{'EUR': Decimal('12.50')}"


def test_lists_take_texts_and_leave_empty_items_out() -> None:
    assert read(FieldType.TEXTS, ["red", None, "null"]) == ("red", "null")
    assert read(FieldType.TEXTS, []) == ()
    assert read(FieldType.SOME_OF, ["won", "open"]) == ("won", "open")


@pytest.mark.parametrize(
    ("kind", "text", "name", "message", "hint"),
    [
        (
            FieldType.MONEY,
            "12,500",
            "bad-value",
            'it: "12,500" is not an amount',
            "write digits and a dot, such as 12500.00",
        ),
        (
            FieldType.CURRENCY,
            "EURO",
            "unknown-currency",
            'it: "EURO" is not a currency of ISO 4217',
            'did you mean "EUR"? write its three letters, such as EUR',
        ),
        (
            FieldType.CURRENCY,
            "shells",
            "unknown-currency",
            'it: "shells" is not a currency of ISO 4217',
            "write its three letters, such as EUR",
        ),
        (
            FieldType.DATE,
            "2026-13-45",
            "bad-date",
            'it: "2026-13-45" is not a day of the calendar',
            "write year-month-day, such as 2026-03-31",
        ),
        (
            FieldType.DATE,
            "31.3.2026",
            "bad-date",
            'it: "31.3.2026" is not a date',
            "write year-month-day, such as 2026-03-31",
        ),
        (
            FieldType.STAMP,
            "2026-02-30T09:30:00Z",
            "bad-date",
            'it: "2026-02-30T09:30:00Z" is not a day of the calendar',
            "write a date, such as 2026-03-31, or a time, such as 2026-03-31T09:30:00+02:00",
        ),
        (
            FieldType.STAMP,
            "2026-02-03T09:30:00",
            "bad-date",
            'it: "2026-02-03T09:30:00" is not a date or a time with its offset',
            "write a date, such as 2026-03-31, or a time, such as 2026-03-31T09:30:00+02:00",
        ),
        (
            FieldType.TIME,
            "25:00",
            "bad-time",
            'it: "25:00" is not a time of day',
            "write hours and minutes, such as 09:30",
        ),
        (
            FieldType.DURATION,
            "1:75",
            "bad-value",
            'it: "1:75" is not a duration',
            "write hours and minutes, such as 1:30 or 0:45",
        ),
        (
            FieldType.SPAN,
            "5bd",
            "bad-span",
            'it: "5bd" is not a span of time',
            "write a number and d, w, m or y, such as 12m",
        ),
        (
            FieldType.DELAY,
            "soon",
            "bad-span",
            'it: "soon" is not a span of time',
            "write a number and d, bd, w, m or y, such as 3d or 5bd",
        ),
        (
            FieldType.REPEAT,
            "monthly",
            "bad-repeat",
            'it: "monthly" is not a rhythm',
            "write every month, every 3 months, every 10 days or every 2 years",
        ),
        (
            FieldType.YES_NO,
            "maybe",
            "bad-value",
            'it: "maybe" is not yes or no',
            "write true or false, such as true",
        ),
        (
            FieldType.INTEGER,
            "-1",
            "bad-value",
            'it: "-1" is not a whole number',
            "write digits only, such as 42",
        ),
        (
            FieldType.NUMBER,
            "1e3",
            "bad-value",
            'it: "1e3" is not a number',
            "write digits and a dot, such as 12.5",
        ),
        (
            FieldType.ID,
            "a b",
            "bad-id",
            'it: "a b" is not an id',
            "write up to 64 characters without white space, the first no hyphen, such as acme",
        ),
        (
            FieldType.ID,
            "-acme",
            "bad-id",
            'it: "-acme" is not an id',
            "write up to 64 characters without white space, the first no hyphen, such as acme",
        ),
        (
            FieldType.LINK,
            "",
            "bad-id",
            'it: "" is not an id',
            "write the id of one record, such as acme",
        ),
        (
            FieldType.AMOUNT,
            "12.50",
            "bad-value",
            'it: "12.50" is not an amount with its currency',
            "write the currency, a space and the amount, such as EUR 12500.00",
        ),
        (
            FieldType.AMOUNT,
            "EUR 12,50",
            "bad-value",
            'it: "EUR 12,50" is not an amount with its currency',
            "write the currency, a space and the amount, such as EUR 12500.00",
        ),
        (
            FieldType.AMOUNT,
            "eur 12.50",
            "unknown-currency",
            'it: "eur" is not a currency of ISO 4217',
            'did you mean "EUR"? write the currency, a space and the amount, such as EUR 12500.00',
        ),
    ],
)
def test_a_text_of_another_type_is_refused(
    kind: FieldType, text: str, name: str, message: str, hint: str
) -> None:
    problem = refusal(kind, text)
    assert (problem.id, problem.message, problem.hint) == (name, message, hint)


@pytest.mark.parametrize("kind", [FieldType.MONEY, FieldType.NUMBER, FieldType.INTEGER])
@pytest.mark.parametrize("text", ["", " 1", "1\n", "NaN", "1_000", "١٢", "+1", "1" * 5000])
def test_figures_are_ascii_digits_only(kind: FieldType, text: str) -> None:
    assert refusal(kind, text).id == "bad-value"


def test_a_choice_names_the_choices_and_the_nearest() -> None:
    problem = refusal(FieldType.ONE_OF, "wno", choices=CHOICES)
    assert problem.id == "bad-choice"
    assert problem.message == 'it: "wno" is not one of open, won, lost'
    assert problem.hint == 'did you mean "won"? write one of open, won, lost'
    problem = refusal(FieldType.SOME_OF, ["won", "quite different"], choices=CHOICES)
    assert problem.id == "bad-choice"
    assert problem.hint == "write some of open, won, lost"


def test_a_link_says_what_it_links_to() -> None:
    problem = refusal(FieldType.LINK, "a b", link="orgs")
    assert problem.message == 'it: "a b" is not an id of orgs'


@pytest.mark.parametrize("kind", FieldType)
def test_mappings_and_nested_lists_are_refused(kind: FieldType) -> None:
    many = kind in {FieldType.TEXTS, FieldType.SOME_OF}
    wanted = "a list of text" if many else "one text"
    problem = refusal(kind, {"a": "b"}, choices=CHOICES)
    assert problem.id == "bad-type"
    assert problem.message == f"it: a mapping stands where {wanted} is expected"
    wanted = "one text of its list" if many else "one text"
    problem = refusal(kind, [["a"]], choices=CHOICES)
    assert problem.id == "bad-type"
    assert problem.message == f"it: a list stands where {wanted} is expected"


def test_a_bad_type_comes_with_an_example() -> None:
    assert refusal(FieldType.TEXT, []).hint == "write one text, such as Berlin"
    assert refusal(FieldType.TEXTS, {}).hint == "write texts between brackets, such as [red, blue]"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("acme", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("", False),
        ("a b", False),
        ("a\u00a0b", False),
        ("a\u2028b", False),
        ("a\x07", False),
        ("a\n", False),
        ("-", False),
        ("-acme", False),
        ("a-", True),
        ("_-", True),
    ],
)
def test_ids_have_no_white_space_no_control_characters_and_no_hyphen_first(
    text: str, *, good: bool
) -> None:
    assert is_id(text) is good


def test_long_texts_are_cut_in_messages() -> None:
    assert quote("a" * 60) == f'"{"a" * 60}"'
    assert quote("a" * 61) == f'"{"a" * 60}…"'


def test_text_from_a_command_line_is_parted_for_lists_only() -> None:
    assert from_text(field(FieldType.TEXTS), " red, ,blue,") == ["red", "blue"]
    assert from_text(field(FieldType.SOME_OF), "won") == ["won"]
    assert from_text(field(FieldType.TEXT), " a, b ") == " a, b "


@pytest.mark.parametrize(
    ("kind", "value", "raw"),
    [
        (FieldType.MONEY, Decimal("1E+3"), "1000"),
        (FieldType.MONEY, Decimal("12500.00"), "12500.00"),
        (FieldType.NUMBER, Decimal("1E-5"), "0.00001"),
        (FieldType.AMOUNT, {"JPY": Decimal(1200)}, "JPY 1200"),
        (FieldType.YES_NO, True, "true"),
        (FieldType.YES_NO, False, "false"),
        (FieldType.TIME, dt.time(9, 30), "09:30"),
        (FieldType.STAMP, dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), "2026-03-02T09:00:00Z"),
        (FieldType.INTEGER, 42, "42"),
        (FieldType.TEXTS, ("a", "b"), ["a", "b"]),
    ],
)
def test_values_are_written_as_the_book_has_them(kind: FieldType, value: Value, raw: Raw) -> None:
    assert to_raw(field(kind), value) == raw


def test_the_types_that_other_yaml_readers_may_type() -> None:
    assert {kind.name for kind in plain_types} == {
        "MONEY",
        "DATE",
        "STAMP",
        "YES_NO",
        "INTEGER",
        "NUMBER",
    }
