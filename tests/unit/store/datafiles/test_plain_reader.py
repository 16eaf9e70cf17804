"""The scanner of the plain form says what the parser says, or nothing."""

from __future__ import annotations

import pytest
from helpers.hand_files import HandFile, hand_files
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import InvalidBookError
from acctcli.store.datafiles.plain_reader import plain_record, plain_records
from acctcli.store.datafiles.plain_writer import record_text
from acctcli.store.datafiles.splitter import split_file
from acctcli.store.datafiles.yaml.reader import parse_record

# Characters that mean something in YAML come often, so that few texts are without a trap.
_CHARACTERS = st.one_of(
    st.sampled_from("-?:,[]{}#&*!|>'\"%@`\\ \t\n\r=~<.0aZé字\x85\xa0\u2028\ufeff\x7f\x00"),
    st.characters(codec="utf-8"),
)
_VALUES = st.text(_CHARACTERS, max_size=12)
_KEYS = st.one_of(st.sampled_from(["id", "name", "title"]), st.text(_CHARACTERS, max_size=5))


def agrees(text: str) -> bool:
    """Whether the scanner reads the text; when it does, the parser reads it the same."""
    found = plain_record(text)
    if found is not None:
        assert found == parse_record(text, "x.yaml")
    return found is not None


@settings(max_examples=600)
@given(st.lists(st.tuples(_KEYS, _VALUES), min_size=1, max_size=4), st.text("\n #", max_size=3))
@example([("id", "- a")], "")
@example([("id", "a: b")], "")
@example([("id", "a:")], "")
@example([("id", "a #b")], "")
@example([("id", "a# b #")], "\n")
@example([("id", "a  # b")], "")
@example([("id", '"a" b')], "")
@example([("id", '"a\\" b"')], "")
@example([("id", "-1")], "")
@example([("id", "a\n- b")], "")
@example([("id", "a\n--- b")], "")
@example([("id", "a\n... ")], "")
@example([("id", "a"), ("id", "b")], "")
@example([("a" * 1100, "b")], "")
def test_what_it_reads_the_parser_reads_the_same(pairs: list[tuple[str, str]], tail: str) -> None:
    lines = [f"{key}: {value}" for key, value in pairs]
    agrees("- " + "\n  ".join(lines) + "\n" + tail)


@settings(max_examples=200)
@given(hand_files())
def test_it_agrees_on_every_record_of_files_written_by_hand(made: HandFile) -> None:
    data = made.data
    for chunk in split_file(data).chunks:
        text = data[chunk.start : chunk.end].decode()
        try:
            agrees(text)
        except InvalidBookError:
            pytest.fail(f"the parser refuses what the scanner reads: {text!r}")


def test_it_reads_what_acctcli_writes() -> None:
    fields = [
        ("id", "d7k2m9x4q", True), ("title", "ERP rollout, phase 2 (Köln)", True),
        ("org", "acme", True), ("value", "-12500.00", False), ("won_time", "2026-03-02", False),
        ("add_time", "2026-03-02T09:00:00+01:00", False), ("external_id", "1", True),
        ("url", "https://example.com/a#b", True), ("due_time", "09:30", True),
    ]  # fmt: skip
    text = record_text(fields, indent=0, offset=2, newline="\n")
    assert plain_record(text) == {key: value for key, value, _ in fields}
    assert agrees(text + "\n\n")


def test_a_blank_line_in_a_record_is_none_of_it() -> None:
    assert agrees("- id: a\n\n  b: c\n")


@settings(max_examples=200)
@given(hand_files())
def test_many_at_once_are_what_they_are_one_by_one(made: HandFile) -> None:
    data = made.data
    chunks = split_file(data).chunks
    texts = [data[chunk.start : chunk.end].decode() for chunk in chunks]
    found = plain_records("".join(texts), len(texts))
    if found is not None:
        assert found == [parse_record(text, "x.yaml") for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "", "id: a\n", "-id: a\n", "- id:\n", "- id: [a]\n", "- id: 'a'\n", "- id: a # b\n",
        "# b\n- id: a\n", "- id: a\r\n", "- id: a\n   b: c\n", "- id: a\n b: c\n",
        "- id: |\n    a\n", "- id: a\n- id: b\n", " - id: a\n",
    ],
)  # fmt: skip
def test_it_leaves_any_other_form_to_the_parser(text: str) -> None:
    assert plain_record(text) is None
