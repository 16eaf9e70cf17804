from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import KINDS, Field, FieldType
from acctcli.store.datafiles.plain_writer import (
    block_text,
    flow,
    is_text_field,
    record_text,
    scalar,
)
from acctcli.store.datafiles.yaml.reader import parse_record

if TYPE_CHECKING:
    from acctcli.core.model.records import Raw

TRICKY = st.sampled_from(
    [
        *(
            "no",
            "On",
            "y",
            "Yes",
            "~",
            "null",
            "=",
            "<<",
            ".inf",
            "-.INF",
            ".nan",
            "NaN",
            "é",
            "日本",
        ),
        *("01234", "1e3", "12e03", "1_000", "0o17", "0x1F", "0b1", "12:30", "190:20:30", "1,000"),
        *(
            "+4915112345",
            "2026-01-01",
            "2026-01-01 10:00:00 +01:00",
            "1.",
            ".5",
            "+1",
            "...",
            "---",
        ),
        *(
            "- a",
            "-",
            "?",
            "? a",
            ":",
            "a:",
            "a: b",
            "a #b",
            "#a",
            " a",
            "a ",
            "",
            "[a]",
            "{a",
            "a]",
        ),
        *("a,b", "a, b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "'", '"', "it's", 'a"b'),
        *("a\\b", "a\tb", "a\x85b", "a\u2028b", "\ufeffa", "\x00", "\x7f", "\ufffe", "\U0001ffff"),
        *("http://a.b/c?d=e&f#g", "a  b", "a\u00a0", "\u3000a", "a\u200bb"),
    ]
)
TEXTS = TRICKY | st.text(alphabet=st.characters(exclude_categories=["Cs"]))
LINES = st.lists(TRICKY | st.sampled_from(["", "# no", "  in", "x\ty"]), min_size=1, max_size=5)


def core_schema_takes_for_other(text: str) -> bool:
    """Whether a reader of YAML 1.2 (core schema) takes a plain scalar for something but text."""
    return bool(
        re.fullmatch(
            r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
            r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
            r"|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN|",
            text,
        )
    )


@given(TEXTS)
@settings(max_examples=400)
def test_every_reader_reads_a_written_text_as_that_text(text: str) -> None:
    for written, wrapped in (
        (scalar(text), f"- a: {scalar(text)}\n"),
        (scalar(text, flow=True), f"- a: [{scalar(text, flow=True)}]\n"),
        (scalar(text, flow=True), f"- a: {{b: {scalar(text, flow=True)}}}\n"),
    ):
        assert "\n" not in written
        ((_, value),) = yaml.safe_load(wrapped)[0].items()
        assert value in (text, [text], {"b": text})
        ((_, other),) = yaml.load(wrapped, Loader=yaml.CSafeLoader)[0].items()
        assert other == value
        assert parse_record(wrapped, "x")["a"] == value
        if written == text:
            assert not core_schema_takes_for_other(text)
            assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", text)


@given(TEXTS)
def test_a_text_can_be_a_key(text: str) -> None:
    key = text[:200]
    assert yaml.safe_load(f"{scalar(key)}: x\n") == {key: "x"}


@given(TEXTS)
@settings(max_examples=300)
def test_a_value_that_is_no_text_reads_back_the_same(text: str) -> None:
    written = scalar(text, is_text=False)
    assert parse_record(f"- a: {written}\n", "x") == {"a": text}
    inside = scalar(text, is_text=False, flow=True)
    assert parse_record(f"- a: [{inside}]\n", "x") == {"a": [text]}


@pytest.mark.parametrize(
    "text", ["12500.00", "-5", "2026-03-02", "2026-03-02T10:00:00+01:00", "yes", "true", "007"]
)
def test_numbers_dates_and_yes_or_no_are_plain(text: str) -> None:
    assert scalar(text, is_text=False) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Acme Ltd. (Rome)", "Acme Ltd. (Rome)"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("日本", "日本"),
        ("no", '"no"'),
        ("01234", '"01234"'),
        ("+49 151", '"+49 151"'),
        ('the "big" one', 'the "big" one'),
        ('"big"', "'\"big\"'"),
        ("C:\\x: y", "'C:\\x: y'"),
        ('it\'s "x": y', '"it\'s \\"x\\": y"'),
        ("a\tb", '"a\\tb"'),
        ("a\nb", '"a\\nb"'),
        ("a\x85\u2028\ufeff\U0001fffe\x1b", '"a\\x85\\u2028\\ufeff\\U0001fffe\\x1b"'),
        ("", '""'),
    ],
)
def test_the_written_form(text: str, written: str) -> None:
    assert scalar(text) == written


def test_half_a_character_is_no_text() -> None:
    for text in ("a\ud800", "no\udfff: x"):
        with pytest.raises(InvalidInputError, match="is not text") as caught:
            scalar(text)
        assert caught.value.problems[0].id == "not-text"
    assert block_text("a\n\ud800") is None


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("a\nb", "|-"),
        ("a\nb\n", "|"),
        ("a\n\n  b\n# c\n- d", "|-"),
        ("a\tb\nc", "|-"),
        ("a", None),
        ("a\n", None),
        ("a\nb\n\n", None),
        ("\na\nb", None),
        (" a\nb", None),
        ("a \nb", None),
        ("a\n \nb", None),
        ("a\r\nb", None),
        ("a\nb\x85", None),
        ("a\nb\x00", None),
    ],
)
def test_when_a_text_is_a_block(text: str, header: str | None) -> None:
    made = block_text(text)
    assert (made[0] if made else None) == header


FIELDS = st.dictionaries(
    st.sampled_from(["id", "name", "no", "my key", "a: b", "1", "é"]),
    st.tuples(
        LINES.map("\n".join)
        | TEXTS
        | st.lists(TEXTS, max_size=3)
        | st.dictionaries(TRICKY, st.none() | TRICKY, max_size=2)
        | st.lists(st.lists(TRICKY, max_size=2), max_size=2)
        | st.none(),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@given(FIELDS, st.integers(0, 4), st.integers(2, 5), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=300)
@example({"a": ("x\n\ny\n", True), "b": ("z", True)}, 2, 3, "\r\n")
def test_a_written_record_reads_back(
    fields: dict[str, tuple[Raw, bool]], indent: int, offset: int, newline: str
) -> None:
    text = record_text(
        ((key, value, is_text) for key, (value, is_text) in fields.items()),
        indent=indent,
        offset=offset,
        newline=newline,
    )
    assert text.startswith(" " * indent + "-" + " " * (offset - 1))
    assert parse_record(text, "x") == {key: value for key, (value, _) in fields.items()}
    assert text.endswith(newline)
    assert len(text.split("\n")) == len(text.split(newline))
    (read,) = yaml.safe_load(text)
    for key, (value, is_text) in fields.items():
        if is_text and (isinstance(value, str) or value is None):
            assert read[key] == value


def test_a_list_cannot_hold_nothing() -> None:
    with pytest.raises(InvalidInputError, match="a list cannot hold nothing"):
        flow(["a", None])


def test_unknown_keys_are_text() -> None:
    custom = {
        "seats": Field("seats", FieldType.INTEGER),
        "vat": Field("vat", FieldType.TEXT),
    }
    names = ("id", "value", "currency", "won_time", "archived", "seats", "vat", "what")
    assert [is_text_field(KINDS["deals"], custom, name) for name in names] == [
        *(True, False, True, False, False, False, True, True)
    ]
