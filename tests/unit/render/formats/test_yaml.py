from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from acctcli.render.formats.json_csv import encode, encode_one
from acctcli.render.formats.yaml import yaml_list, yaml_one

# Texts that some reader takes for something else, or that would end what they stand in.
ODD = re.split(
    r"\s+",
    "yes No on OFF y N true NULL ~ null Null .inf -.inf .NaN nan inf 1 -1 +1 1e3 1.5 1_000 0x1F"
    " 0o17 017 1:30 12:30:45 2026-01-02 2026-01-02T10:00:00Z = << - ? : # & * ! | > ' % @ ` { }"
    ' " [ ] --- ...',
)
ODD += [
    "",
    " ",
    "  x",
    "x  ",
    "a: b",
    "a #b",
    "- x",
    "? x",
    "a\tb",
    "a\rb",
    "\x07",
    "\x85",
    "\u2028",
]
ODD += [
    "\u202e",
    "\ufeff",
    "\x9b",
    "a\nb",
    "a\nb\n",
    "a\n\nb",
    "\na",
    "a\n",
    "a\n\n",
    "a \nb",
    "a\n b",
]
ODD += [
    " a\nb",
    "\n",
    "é",
    "日本\n株式",
    "👩\u200d👩\u200d👧",
    "\U000e0041",
    "a\n---\nb",
    "a\\b",
    "it's",
]
texts = (
    st.text(max_size=30)
    | st.sampled_from(ODD)
    | st.text(alphabet="ab\n '\"#:-? \\yes01", max_size=9)
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


def text_of(value: object) -> str:
    return b"".join(yaml_one(value)).decode()


@given(values)
@example({"x" * 300: {"y" * 300: ["z\nz", {"k": "v"}]}})
@example({text: [text, {text: text}] for text in ODD})
def test_other_readers_read_what_json_says(value: object) -> None:
    text = text_of(value)
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(text, Loader=loader) == value  # noqa: S506 - both are safe


@given(st.lists(values, max_size=3))
def test_a_list_is_written_row_by_row(rows: list[object]) -> None:
    assert yaml.safe_load(b"".join(yaml_list(rows))) == rows


def plain_texts(node: Node) -> object:
    """What is there as text, and of numbers and the like their very digits."""
    if isinstance(node, MappingNode):
        return {plain_texts(key): plain_texts(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [plain_texts(each) for each in node.value]
    assert isinstance(node, ScalarNode)
    return (node.tag.rpartition(":")[2], node.value)


def test_numbers_keep_their_digits_and_days_are_text() -> None:
    row = {
        "won_value": {"EUR": Decimal(12500), "TND": Decimal("0.1234")},
        "value": Decimal(3),
        "currency": "JPY",
        "on": dt.date(2026, 3, 2),
        "at": dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC),
        "time": dt.time(9, 30),
        "done": True,
    }
    node = yaml.compose(b"".join(encode_one(row, "yaml")).decode(), Loader=yaml.SafeLoader)
    assert node is not None
    assert plain_texts(node) == {
        ("str", "won_value"): {
            ("str", "EUR"): ("float", "12500.00"),
            ("str", "TND"): ("float", "0.1234"),
        },
        ("str", "value"): ("int", "3"),
        ("str", "currency"): ("str", "JPY"),
        ("str", "on"): ("str", "2026-03-02"),
        ("str", "at"): ("str", "2026-03-02T09:30:00Z"),
        ("str", "time"): ("str", "09:30"),
        ("str", "done"): ("bool", "true"),
    }
    texts_of_money = b"".join(encode_one(row, "yaml", texts=True)).decode()
    assert "EUR: '12500.00'" in texts_of_money
    assert "value: '3'" in texts_of_money


@pytest.mark.parametrize("texts", [False, True])
def test_yaml_has_the_keys_and_values_of_json(texts: bool) -> None:  # noqa: FBT001 - a parameter
    rows = [
        {"id": "a", "mrr": Decimal("1.5"), "currency": "EUR", "labels": ("x", "no")},
        {"id": "b"},
    ]
    in_yaml = yaml.safe_load(b"".join(encode(rows, "yaml", texts=texts)))
    assert in_yaml == json.loads(b"".join(encode(rows, "json", texts=texts)))


def test_how_it_looks() -> None:
    row = {
        "id": "acme",
        "n": None,
        "labels": ["gold", "yes"],
        "none": [],
        "won": {},
        "note": "Deliveries at gate B.\nAsk for Grace.",
        "next": {"type": "call", "subject": "it's: late"},
        "deals": [{"id": "d1", "note": "a\nb\n"}],
    }
    assert text_of(row) == (
        "id: acme\n"
        "'n': null\n"
        "labels:\n  - gold\n  - 'yes'\n"
        "none: []\n"
        "won: {}\n"
        "note: |-\n  Deliveries at gate B.\n  Ask for Grace.\n"
        "next:\n  type: call\n  subject: 'it''s: late'\n"
        "deals:\n  - id: d1\n    note: |\n      a\n      b\n"
    )
    assert b"".join(yaml_list([])) == b"[]\n"


def test_what_could_spoil_a_terminal_is_an_escape() -> None:
    text = text_of(["\x1b[31m\x9b\u202e\U000e0041", "half \ud800"])
    assert text == '- "\\e[31m\\x9b\\u202e\\U000e0041"\n- "half \\\\ud800"\n'.replace(
        "\\e", "\\x1b"
    )
