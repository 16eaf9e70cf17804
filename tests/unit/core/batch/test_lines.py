"""Lines of JSON as commands, and what is wrong with lines that are none."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.batch.lines import LIMIT, BatchLine, Number, read_lines
from acctcli.core.model.errors import Place

PLACE = Place("f", 1)


def problem(line: bytes) -> tuple[str, str, str | None]:
    """What is wrong with the only line of a file."""
    lines, problems = read_lines([line], "f")
    assert not lines
    (found,) = problems
    assert found.place is not None
    assert (found.place.file, found.place.line) == ("f", 1)
    return found.id, found.message, found.hint


def test_a_line_is_a_command_with_arguments_and_maybe_a_name() -> None:
    text = b'{"command": ["deal", "add"], "args": {"title": "ERP"}, "as": "x"}\r\n'
    assert read_lines([text], "f") == (
        [BatchLine(PLACE, ("deal", "add"), {"title": "ERP"}, "x")],
        [],
    )
    assert read_lines([b'{"command": ["a"]}'], "f") == ([BatchLine(PLACE, ("a",), {})], [])


def test_blank_lines_are_counted_and_passed_over_and_so_is_a_byte_order_mark() -> None:
    lines, problems = read_lines(
        [b'\xef\xbb\xbf{"command": ["a"]}\n', b"\n", b" \r\n", b'{"command": ["b"]}'], "f"
    )
    assert [each.place.line for each in lines] == [1, 4]
    assert not problems
    assert read_lines([b"\xef\xbb\xbf"], "f") == ([], [])


@pytest.mark.parametrize(
    "digits", ["1", "-0", "12500.00", "1e3", "123456789012345.678901", "9" * 5000]
)
def test_numbers_keep_the_digits_they_were_written_with(digits: str) -> None:
    lines, _ = read_lines([f'{{"command": ["a"], "args": {{"v": {digits}}}}}'.encode()], "f")
    value = lines[0].args["v"]
    assert isinstance(value, Number)
    assert value == digits


@pytest.mark.parametrize(
    ("line", "name", "part"),
    [
        (b"{nope", "not-json", "expecting property name"),
        (b"[1]", "not-a-command", "no object"),
        (b'{"command": ["a"], "args": {"v": NaN}}', "not-json", "NaN is no number"),
        (b'{"command": ["a"], "args": {"v": 01}}', "not-json", "expecting"),
        (b"[" * 200_000, "not-json", "nested too deep"),
        (b'{"command": ["a"], "comand": 1}', "unknown-key", 'did you mean "command"?'),
        (b'{"command": ["a"], "args": []}', "bad-args", "no object"),
        (b'{"command": ["a"], "args": null}', "bad-args", "no object"),
        (b"{}", "bad-command", "is missing"),
        (b'{"command": []}', "bad-command", "no list of words"),
        (b'{"command": "deal add"}', "bad-command", "no list of words"),
        (b'{"command": ["deal", 1]}', "bad-command", "no list of words"),
        (b'{"command": ["a"], "as": "$x"}', "bad-name", '"$x" is no name'),
        (b'{"command": ["a"], "as": 1}', "bad-name", '"1" is no name'),
        (b'{"command": ["a"], "as": []}', "bad-name", "what stands there"),
        (b'{"command": ["a"], "args": {"x": 1, "y": 2, "x": 1}}', "duplicate-key", '"x"'),
        (b'{"command": ["a"], "args": {"x": ["\\ud83d"]}}', "not-text", "half of a character"),
        (b'{"command": ["a"], "args": {"\\udc00": 1}}', "not-text", "half of a character"),
    ],
)
def test_what_is_wrong_with_a_line_is_told(line: bytes, name: str, part: str) -> None:
    found, message, hint = problem(line)
    assert found == name
    assert part in f"{message} {hint}"


def test_whole_characters_may_be_escaped() -> None:
    lines, problems = read_lines(
        [b'{"command": ["a"], "args": {"x": "\\ud83d\\ude00", "y": null}}'], "f"
    )
    assert not problems
    assert lines[0].args == {"x": "😀", "y": None}


def test_bytes_that_are_no_text_are_told_with_their_column() -> None:
    _, problems = read_lines(['{"ü": "'.encode() + b'\xff"}'], "f")
    assert [(each.id, each.place) for each in problems] == [("not-utf8", Place("f", 1, 8))]
    _, problems = read_lines([b'{"command": ["a"],}'], "f")
    column = 18 if sys.version_info >= (3, 13) else 19  # the comma, or what comes after it
    assert [each.place for each in problems] == [Place("f", 1, column)]
    _, problems = read_lines([b'{"command": ["a"]\r\n'], "f")
    assert [each.place for each in problems] == [Place("f", 1, 18)]


def test_a_line_may_be_a_mebibyte_long_and_no_longer() -> None:
    def line(length: int) -> bytes:
        head, tail = b'{"command": ["a"], "args": {"x": "', b'"}}'
        return head + b"x" * (length - len(head) - len(tail)) + tail + b"\r\n"

    assert read_lines([line(LIMIT)], "f")[1] == []
    assert problem(line(LIMIT + 1))[0] == "line-too-long"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.lists(st.binary(max_size=40) | JSON.map(lambda each: json.dumps(each).encode())))
def test_any_bytes_are_read_or_told_and_never_both(lines: list[bytes]) -> None:
    found, problems = read_lines(lines, "f")
    places = [each.place.line for each in found]
    places += [each.place.line for each in problems if each.place]
    assert sorted(places) == [
        number
        for number, each in enumerate(lines, 1)
        if (each.removeprefix(b"\xef\xbb\xbf") if number == 1 else each).strip()
    ]


@given(st.dictionaries(st.text(min_size=1), JSON))
def test_arguments_come_as_they_were_written(args: dict[str, object]) -> None:
    def plain(value: object) -> object:
        if isinstance(value, Number):
            return int(value)
        if isinstance(value, list):
            return [plain(each) for each in value]
        return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value

    lines, problems = read_lines([json.dumps({"command": ["a"], "args": args}).encode()], "f")
    assert not problems
    assert plain(lines[0].args) == args
