from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest
import yaml
from helpers.hand_files import HandFile, hand_files, yaml_like
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import InvalidBookError, Place
from acctcli.store.datafiles.yaml import parser as yaml_parser
from acctcli.store.datafiles.yaml.nodes import (
    Mapping,
    Node,
    node_content_end,
    place_at,
    position,
    raw,
)
from acctcli.store.datafiles.yaml.parser import document, quick_record, top_spans
from acctcli.store.datafiles.yaml.reader import (
    LIMIT,
    decode,
    parse_document,
    parse_record,
    read_mapping,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acctcli.core.model.records import Raw


@pytest.fixture(scope="module", params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest) -> Iterator[None]:
    """All of this holds with libyaml, and where PyYAML was built without it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "pure":
            patch.setitem(sys.modules, "yaml._yaml", None)
        yaml_parser._events.cache_clear()
        yield
    yaml_parser._events.cache_clear()


def refusal(text: str) -> InvalidBookError:
    with pytest.raises(InvalidBookError) as caught:
        parse_document(text, "deals.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("text", "name", "place", "message"),
    [
        ("a: b: c\n", "yaml-syntax", "1:5", "mapping values are not allowed in this context"),
        ("a: 1\nb: 'x\n", "yaml-syntax", "2:4", "while scanning a quoted scalar"),
        ("a:\n\t- b\n", "yaml-syntax", "2:1", "cannot start any token"),
        ("a: !!str b\n", "yaml-tag", "1:4", 'the tag "tag:yaml.org,2002:str" is not read'),
        ("a: ! b\n", "yaml-tag", "1:4", 'the tag "!"'),
        ("a: !x [b]\n", "yaml-tag", "1:4", 'the tag "!x"'),
        ("a: &x b\n", "yaml-anchor", "1:4", 'the anchor "&x" is not read'),
        ("a: &x\n  b: c\n", "yaml-anchor", "1:4", 'the anchor "&x"'),
        ("- a: b\n- *x\n", "yaml-alias", "2:3", 'the alias "*x" is not read'),
        ("a:\n  <<: {b: c}\n", "yaml-merge", "2:3", 'the merge key "<<" is not read'),
        ("a: 1\nb: 2\n'a': 3\n", "duplicate-key", "3:1", 'the key "a" stands twice'),
        ("a: {b: 1, b: 2}\n", "duplicate-key", "1:11", 'the key "b"'),
        ("[a]: b\n", "yaml-key", "1:1", "a key must be a text"),
        ("? {a: b}\n: c\n", "yaml-key", "1:3", "a key must be a text"),
        ("a: b\n---\nc: d\n", "several-documents", "2:1", "a second document begins here"),
        ("- a: é\n  b: \0\n", "control-character", "2:6", "U+0000 may not stand in YAML"),
        ("a: x\x1b[0m\n", "control-character", "1:5", "U+001B"),
        ("a: \ud800\n", "control-character", "1:4", "U+D800"),
        ("a: \uffff\n", "control-character", "1:4", "U+FFFF"),
        ("x: 1\na: " + "[" * 30_000, "yaml-depth", "2:35", "deeper than 32 levels"),
        ("a:\n  x\nb: " + "y" * (2 << 20), "too-long", "3:1", "longer than 1 MiB"),
        (
            "- id: a\n<<<<<<< HEAD\n  b: c\n=======\n  b: d\n>>>>>>> x\n",
            "conflict-marker",
            "2:1",
            'a merge conflict was left here: "<<<<<<<"',
        ),
    ],
)
def test_what_is_not_read_is_refused_at_its_place(
    text: str, name: str, place: str, message: str
) -> None:
    error = refusal(text)
    (problem,) = error.problems
    assert problem.id == name
    assert str(problem.place) == f"deals.yaml:{place}"
    assert message in problem.message
    assert problem.hint


def test_deep_nesting_is_refused_at_once() -> None:
    start = time.perf_counter()
    for text in ("[" * 500_000, "- " * 100_000, "{a: " * 100_000):
        assert refusal(text).problems[0].id == "yaml-depth"
    assert time.perf_counter() - start < 2


def test_depth_up_to_the_limit_is_read() -> None:
    node = parse_document("[" * 32 + "]" * 32, "x")
    depth = 0
    while node is not None:
        value = raw(node)
        depth += 1
        node = None if value == [] else node.items[0]  # type: ignore[union-attr]  # lists all the way
    assert depth == 32


def test_lines_before_a_text_count_in_its_places() -> None:
    with pytest.raises(InvalidBookError) as caught:
        parse_record("# c\n- a: b: c\n", "deals.yaml", 10)
    assert caught.value.problems[0].place == Place("deals.yaml", 12, 7)


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("", "not-one-record", "1:1"),
        ("a: b\n", "not-one-record", "1:1"),
        ("[{a: b}]", "not-one-record", "1:1"),
        ("- a: b\n- c: d\n", "not-one-record", "1:1"),
        ("# c\n- text\n", "not-a-record", "2:3"),
        ("- [a]\n", "not-a-record", "1:3"),
        ("-\n", "not-a-record", "1:2"),
        ("- a: |\n" + "    x\n" * (LIMIT // 4), "too-long", "1:1"),
    ],
)
def test_a_record_is_one_mapping_in_a_list(text: str, name: str, place: str) -> None:
    with pytest.raises(InvalidBookError) as caught:
        parse_record(text, "x.yaml")
    (problem,) = caught.value.problems
    assert problem.id == name
    assert str(problem.place) == f"x.yaml:{place}"
    assert quick_record(text) is None or name == "too-long"


def test_everything_is_text() -> None:
    text = (
        "- zip: 01234\n  country: no\n  phone: +4915112345\n  date: 2026-13-45\n  none: ~\n"
        "  'null': null\n  empty:\n  quoted: ''\n  '<<': x\n  list: [1, , 'x']\n"
    ).replace(", ,", ",")
    expected: dict[str, Raw] = {
        "zip": "01234",
        "country": "no",
        "phone": "+4915112345",
        "date": "2026-13-45",
        "none": "~",
        "null": "null",
        "empty": None,
        "quoted": "",
        "<<": "x",
        "list": ["1", "x"],
    }
    assert parse_record(text, "x") == expected
    plain_merge = text.replace("'<<'", '"<<"')
    assert quick_record(plain_merge) is None or quick_record(plain_merge) == expected


def test_a_long_number_stays_text() -> None:
    digits = "9" * 5000
    assert parse_record(f"- a: {digits}\n", "x") == {"a": digits}


def test_a_byte_order_mark_is_no_text() -> None:
    assert parse_record("\ufeff- a: b\n", "x") == {"a": "b"}
    node = read_mapping(b"\xef\xbb\xbfa: b\n", "x")
    assert node is not None
    assert node.start.column == 0


def by_pyyaml(text: str | bytes) -> Raw:
    """The first document as texts, by the composer of PyYAML itself."""

    def as_text(node: yaml.Node) -> Raw:
        if isinstance(node, yaml.ScalarNode):
            return node.value or ("" if node.style else None)
        if isinstance(node, yaml.SequenceNode):
            return [as_text(item) for item in node.value]
        assert isinstance(node, yaml.MappingNode)
        return {key.value: as_text(value) for key, value in node.value}

    node = yaml.compose(text, Loader=yaml.CBaseLoader)
    return None if node is None else as_text(node)


@given(hand_files())
@settings(max_examples=80)
def test_a_whole_file_reads_as_pyyaml_reads_it(made: HandFile) -> None:
    node = parse_document(made.data.decode(), "x")
    found = None if node is None else raw(node)
    assert found == by_pyyaml(made.data)
    assert (found or []) == made.records


@given(yaml_like())
@settings(max_examples=300)
def test_the_quick_way_gives_what_the_full_parser_gives(text: str) -> None:
    try:
        full = parse_record(text, "x")
    except InvalidBookError:
        full = None
    assert quick_record(text.removeprefix("\ufeff")) == full
    if full is not None:
        assert by_pyyaml(text) == [full]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b"a: \xff\n", 1, 4), ("- é\n- ü".encode() + b"\xe9\n", 2, 4), (b"\xef\xbb\xbfa\xc3", 1, 2)],
)
def test_bytes_that_are_not_utf8_are_placed(data: bytes, line: int, column: int) -> None:
    with pytest.raises(InvalidBookError) as caught:
        decode(data, "x")
    (problem,) = caught.value.problems
    assert problem.id == "not-utf8"
    assert problem.place == Place("x", line, column)


def test_settings_are_a_mapping_or_nothing() -> None:
    assert read_mapping(b"", "x") is None
    assert read_mapping(b"# none yet\n---\n", "x") is None
    node = read_mapping(b"a: {b: c}\n", "x")
    assert isinstance(node, Mapping)
    assert raw(node) == {"a": {"b": "c"}}
    for data in (b"\n- a\n", b"\ntext\n"):
        with pytest.raises(InvalidBookError) as caught:
            read_mapping(data, "x")
        assert caught.value.problems[0].id == "not-a-mapping"
        assert str(caught.value.problems[0].place) == "x:2:1"


@pytest.mark.parametrize(
    ("field", "place"),
    [
        (None, "x:2:1"),
        ("a", "x:2:4"),
        ("b.c", "x:4:6"),
        ("b.c.d", "x:4:10"),
        ("b.c.nothing", "x:4:6"),
        ("b.e.f", "x:5:10"),
        ("nothing", "x:2:1"),
        ("a.deeper", "x:2:4"),
    ],
)
def test_a_dotted_path_leads_to_the_place_of_its_value(field: str | None, place: str) -> None:
    node = parse_document("# head\na: 1\nb:\n  c: {d: 1}\n  'e.f': 2\n  e: 3\n", "x")
    assert str(place_at(node, field, "x")) == place


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("a.1", "x:2:5"),
        ("a.2.b", "x:3:8"),
        ("a.2", "x:3:5"),
        ("a.0", "x:2:3"),
        ("a.3.b", "x:2:3"),
        ("a.b", "x:2:3"),
        ("a.\u0662", "x:3:5"),
        ("a.1.deeper", "x:2:5"),
    ],
)
def test_the_items_of_a_list_are_counted_from_one(field: str, place: str) -> None:
    assert str(place_at(parse_document("a:\n  - 1\n  - b: 2\n", "x"), field, "x")) == place


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("a", "x:1:1"),
        ("b.c", "x:3:3"),
        ("b.c.d", "x:3:7"),
        ("b.c.e", "x:3:3"),  # as far as it can be followed
        ("e.1", "x:4:5"),
        ("e.2.f", "x:4:9"),
        ("nothing", "x:1:1"),
        (None, "x:1:1"),
    ],
)
def test_the_place_of_a_key_is_asked_for_apart(field: str | None, place: str) -> None:
    node = parse_document("a: 1\nb:\n  c: {d: 1}\ne: [1, {f: 2}]\n", "x")
    assert str(place_at(node, field, "x", at_key=True)) == place


def test_nothing_has_the_place_of_its_file() -> None:
    assert place_at(None, "a", "x") == Place("x")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a: b  # c\n", "b"),
        ("a: |\n  b\n  # c\n\n\n# d\n", "# c"),
        ("a: |+\n  b\n\n\n# d\n", "b\n\n"),
        ("a: |+\r\n  b\r\n\r\n# d\r\n", "b\r\n"),
        ("a: >-\n  b", "b"),
        ("a:\n- b\n-\n\n", "b\n-"),
        ("a:\n  b:\n    c:  # d\n", "c:"),
        ("a: [b,\n  c]  # d\n", "c]"),
        ("a: {b:\n c}\n", "c}"),
    ],
)
def test_content_ends_before_what_follows_it(text: str, end: str) -> None:
    node = parse_document(text, "x")
    assert node is not None
    assert text[: node_content_end(text, node)].endswith(end)
    assert node_content_end(text, node) == text.index(end) + len(end)


def test_positions_count_lines_as_editors_do() -> None:
    text = "a\r\nb\rc\u2028d\ne"
    places = [position(text, index) for index in range(len(text))]
    assert [(place.line, place.column) for place in places] == (
        [(0, 0), (0, 1), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (2, 3), (3, 0)]
    )


@given(st.text(alphabet="a\r\n", max_size=12), st.data())
def test_a_position_is_that_of_splitlines(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    before = text[:index]
    if before.endswith("\r") and text[index : index + 1] == "\n":
        before = before[:-1]
    lines = f"{before}.".splitlines()
    assert position(text, index).line == len(lines) - 1


@pytest.mark.parametrize(
    "text", ["a: b\n", "", "- a\n---\n- b\n", "- 'a\n", "- " + "[" * 40, "- a: [b\n"]
)
def test_there_are_no_spans_without_one_list(text: str) -> None:
    assert top_spans(text) is None


def test_spans_reach_from_the_first_to_the_last_text() -> None:
    text = "# c\n- a: [b, {c: d}]\n  e: *f\n-\n- 'x\n\n  y'  # z\n"
    spans = top_spans(text)
    assert spans is not None
    assert [text[start:end] for start, end in spans] == ["a: [b, {c: d}]\n  e", "", "'x\n\n  y'"]


def test_an_empty_text_has_no_document() -> None:
    assert document("# only a comment\n") is None
    nothing: Node | None = parse_document("---\n", "x")
    assert nothing is not None
    assert raw(nothing) is None
