from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import InvalidBookError, InvalidInputError
from acctcli.store.config.settings_editor import declare_fields
from acctcli.store.datafiles.yaml.nodes import Mapping, raw
from acctcli.store.datafiles.yaml.reader import read_mapping

NAMES = {"close code": "text", "seats": "number"}


def declared(text: str, names: dict[str, str] | None = None) -> str:
    return declare_fields(text.encode(), "acctcli.yaml", "deals", names or NAMES).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "fields:\n  deals:\n    close code: text\n    seats: number\n"),
        ("# c", "# c\nfields:\n  deals:\n    close code: text\n    seats: number\n"),
        (
            "format: 1\r\n# end\r\n",
            (
                "format: 1\r\n# end\r\nfields:\r\n  deals:\r\n    close code: text\r\n"
                "    seats: number\r\n"
            ),
        ),
        (
            "\ufeffformat: 1\n...\n",
            "\ufeffformat: 1\nfields:\n  deals:\n    close code: text\n    seats: number\n...\n",
        ),
        (
            "fields:  # own\n\nformat: 1\n",
            "fields:  # own\n  deals:\n    close code: text\n    seats: number\n\nformat: 1\n",
        ),
        (
            "fields:\n   orgs: {a: text} # c\n   # d\nformat: 1\n",
            (
                "fields:\n   orgs: {a: text} # c\n   deals:\n     close code: text\n"
                "     seats: number\n   # d\nformat: 1\n"
            ),
        ),
        (
            "fields:\n  deals: # c\nformat: 1\n",
            "fields:\n  deals: # c\n    close code: text\n    seats: number\nformat: 1\n",
        ),
        (
            "fields:\n  deals:\n      a: {one_of: [b,\n        c]} # d\n  # e\n",
            (
                "fields:\n  deals:\n      a: {one_of: [b,\n        c]} # d\n"
                "      close code: text\n      seats: number\n  # e\n"
            ),
        ),
        (
            "fields:\n  deals:\n      a:",
            "fields:\n  deals:\n      a:\n      close code: text\n      seats: number\n",
        ),
        (
            "fields: {}  # c\n",
            "fields: {deals: {close code: text, seats: number}}  # c\n",
        ),
        (
            "fields: { orgs: {a: text} } # c\n",
            "fields: { orgs: {a: text}, deals: {close code: text, seats: number} } # c\n",
        ),
        (
            "fields: {deals: {a: text,}, orgs: {}}\n",
            "fields: {deals: {a: text, close code: text, seats: number,}, orgs: {}}\n",
        ),
        (
            "fields: {deals: , orgs: {}}\n",
            "fields: {deals: {close code: text, seats: number}, orgs: {}}\n",
        ),
        (
            "{format: 1}\n",
            "{format: 1, fields: {deals: {close code: text, seats: number}}}\n",
        ),
        (
            "fields:\n  deals: {seats: number}\n",
            "fields:\n  deals: {seats: number, close code: text}\n",
        ),
    ],
)
def test_only_what_is_declared_is_added(before: str, after: str) -> None:
    assert declared(before) == after


def test_names_are_quoted_where_they_must_be() -> None:
    assert declared("format: 1\n", {"no": "text", "a: b": "text"}) == (
        'format: 1\nfields:\n  deals:\n    "no": text\n    "a: b": text\n'
    )


def test_what_is_declared_already_changes_nothing() -> None:
    text = "fields: {deals: {seats: number}}"
    assert declared(text, {"seats": "number"}) == text


def test_a_field_keeps_its_type() -> None:
    with pytest.raises(InvalidInputError) as caught:
        declared("fields:\n  deals:\n    seats: text\n")
    (problem,) = caught.value.problems
    assert problem.id == "field-exists"
    assert str(problem.place) == "acctcli.yaml:3:12"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("fields: x\n", "1:9"),
        ("a: b\nfields: [x]\n", "2:9"),
        ("fields:\n  deals: [x]\n", "2:10"),
        ("fields:\n  deals: x\n", "2:10"),
        ("? a\n: b\nfields: 'x'\n", "3:9"),
    ],
)
def test_what_is_no_mapping_is_left_alone(text: str, place: str) -> None:
    with pytest.raises(InvalidBookError) as caught:
        declared(text)
    (problem,) = caught.value.problems
    assert problem.id == "unsafe-edit"
    assert str(problem.place) == f"acctcli.yaml:{place}"
    assert "on a line of its own" in (problem.hint or "")


def test_a_file_that_cannot_be_read_is_not_edited() -> None:
    with pytest.raises(InvalidBookError, match="not valid YAML"):
        declared("a: b: c\n")


_INNER = st.sampled_from(
    ["{a: text}", "", "  # c", "\n    b: text\n    # d", "\n    c: {link: orgs}"]
)
_FIELDS = st.sampled_from(["", "fields:\n", "fields: {}\n"]) | st.lists(
    st.tuples(st.sampled_from(["deals", "orgs", "people"]), _INNER), unique_by=lambda pair: pair[0]
).map(lambda pairs: "".join(["fields:\n", *(f"  {kind}: {inner}\n" for kind, inner in pairs)]))


@given(
    _FIELDS,
    st.sampled_from(["", "# top\n", "format: 1  # one\n\n"]),
    st.sampled_from(["", "currency: EUR", "currency: EUR\n# end\n"]),
    st.sampled_from(["\n", "\r\n"]),
    st.dictionaries(
        st.text("abcdé_:- ", min_size=1, max_size=6).map("x".__add__),
        st.sampled_from(["text", "money", "date"]),
        min_size=1,
        max_size=3,
    ),
)
@settings(max_examples=150)
def test_every_line_stays_and_the_fields_are_declared(
    fields: str, head: str, tail: str, newline: str, names: dict[str, str]
) -> None:
    text = (head + fields + tail).replace("\n", newline)
    new = declare_fields(text.encode(), "acctcli.yaml", "deals", names)
    node = read_mapping(new, "acctcli.yaml")
    fields_node = node.get("fields") if node else None
    assert isinstance(fields_node, Mapping)
    found = fields_node.get("deals")
    assert isinstance(found, Mapping)
    assert {key.text: raw(value) for key, value in found.entries}.items() >= names.items()
    if "{}" not in text and "{a: text}" not in text:
        rest = iter(new.decode().split("\n"))
        assert all(
            any(line.rstrip("\r") == other.rstrip("\r") for other in rest)
            for line in text.split("\n")
            if line.strip()
        )
