from __future__ import annotations

import pytest
from helpers.hand_files import HandFile, hand_files, yaml_like
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.store.datafiles.splitter import (
    SplitFile,
    content_end,
    has_odd_breaks,
    rejoin,
    split_file,
)
from acctcli.store.datafiles.yaml.parser import TextSpan


def pieces(data: bytes, found: SplitFile | None = None) -> list[bytes]:
    """The head, the chunks and the tail."""
    made = found or split_file(data)
    chunks = [data[chunk.start : chunk.end] for chunk in made.chunks]
    return [data[: made.head], *chunks, data[made.tail :]]


@given(st.binary() | yaml_like().map(str.encode))
@settings(max_examples=300)
def test_the_pieces_of_any_bytes_are_those_bytes(data: bytes) -> None:
    found = split_file(data)
    assert b"".join(pieces(data, found)) == data
    for chunk in found.chunks:
        assert chunk.start <= chunk.dash < chunk.end
        assert chunk.line == data.count(b"\n", 0, chunk.dash) + 1
        assert data[chunk.dash : chunk.end].startswith(b" " * found.indent + b"-")


@given(hand_files())
@settings(max_examples=100)
def test_a_piece_is_a_record_with_the_comments_above_it(made: HandFile) -> None:
    data = made.data
    found = split_file(data)
    assert found.regular
    assert len(found.chunks) == len(made.records)
    lines = data.decode().replace("\r", "").split("\n")
    for number, chunk in enumerate(found.chunks):
        first = data.count(b"\n", 0, chunk.start)
        own = [place for place, line in enumerate(made.lines) if line.record == number]
        assert first == own[0]
        assert lines[chunk.line - 1].lstrip().startswith("-")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [b"", b""]),
        (b"# none\n\n", [b"# none\n\n", b""]),
        (b"---\n", [b"---\n", b""]),
        (b"---  # c\n# d\n...\n", [b"---  # c\n# d\n", b"...\n"]),
        (b"- a", [b"", b"- a", b""]),
        (b"-", [b"", b"-", b""]),
        (b"-\n-\r\n-", [b"", b"-\n", b"-\r\n", b"-", b""]),
        (b"\xef\xbb\xbf- a\n", [b"\xef\xbb\xbf", b"- a\n", b""]),
        (b"\xef\xbb\xbf# c\n- a\n", [b"\xef\xbb\xbf", b"# c\n- a\n", b""]),
        (b"# far\n\n# near\n# by\n- a\n", [b"# far\n\n", b"# near\n# by\n- a\n", b""]),
        (b"- a\n\n# b\n- b\n", [b"", b"- a\n\n", b"# b\n- b\n", b""]),
        (b"- a\n# a\n\n- b\n", [b"", b"- a\n# a\n\n", b"- b\n", b""]),
        (b"- a\n # deep\n- b\n", [b"", b"- a\n # deep\n", b"- b\n", b""]),
        (b"  - a\n # b\n  - b\n", [b"", b"  - a\n", b" # b\n  - b\n", b""]),
        (b"- a\n  - b\n -c\n", [b"", b"- a\n  - b\n -c\n", b""]),
        (b"---\n- a\n- b\n...\n# end\n", [b"---\n", b"- a\n", b"- b\n", b"...\n# end\n"]),
        (b"- a: |\n    - b\n- c\n", [b"", b"- a: |\n    - b\n", b"- c\n", b""]),
    ],
)
def test_where_files_are_cut(data: bytes, expected: list[bytes]) -> None:
    found = split_file(data)
    assert found.regular
    assert pieces(data, found) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"[{id: a}]\n",
        b"id: a\n",
        b"%YAML 1.2\n---\n- a\n",
        b"---\n---\n- a\n",
        b"--- - a\n",
        b"\t\n- a\n",
        b"# \x00\n\n- a\n",
        b"# \xc2\x81\n\n- a\n",
        b"# a\r- b\n",
        b"- a\n---\n- b\n",
        b"- a\n...\n- b\n",
        b"- a\n...\n# \x07\n",
        b"...\n",
        b"# c\n...\n",
        b"<<<<<<< HEAD\n- a\n",
    ],
)
def test_what_lines_cannot_place_is_left_to_the_parser(data: bytes) -> None:
    found = split_file(data)
    assert not found.regular
    assert not found.chunks
    assert pieces(data, found) == [data, b""]


@pytest.mark.parametrize(
    ("data", "odd"),
    [
        (b"a\r\nb\r\n", False),
        (b"a\rb", True),
        (b"a\r\r\n", True),
        ("a\x85".encode(), True),
        ("a\u2028".encode(), True),
        ("a\u2029".encode(), True),
        ("a\u2027é".encode(), False),
    ],
)
def test_line_breaks_that_editors_do_not_know(data: bytes, odd: bool) -> None:  # noqa: FBT001 - a case of a table
    assert has_odd_breaks(data) is odd


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"- a\n\n# b\n", b"- a\n"),
        (b"- a\n  # b\n\n", b"- a\n  # b\n"),
        (b"- a\r\n  \r\n", b"- a\r\n"),
        (b"- a\n\t\n", b"- a\n\t\n"),
        (b"- a", b"- a"),
        (b"\n# b", b""),
    ],
)
def test_a_record_ends_with_its_last_line(data: bytes, end: bytes) -> None:
    assert data[: content_end(data, 0, len(data), 0)] == end


def test_a_dash_inside_an_item_is_a_false_one() -> None:
    data = b'- "a\n- b\n- c"\n# d\n- e\n'
    joined = rejoin(data, split_file(data), [TextSpan(2, 13), TextSpan(20, 21)])
    assert joined is not None
    assert [data[chunk.start : chunk.end] for chunk in joined] == [
        b'- "a\n- b\n- c"\n',
        b"# d\n- e\n",
    ]
    assert [chunk.false_dash for chunk in joined] == [5, None]
    assert [chunk.line for chunk in joined] == [1, 5]


def test_a_comment_line_inside_an_item_is_none() -> None:
    data = b'- "a\n# b"\n# c\n- d\n'
    joined = rejoin(data, split_file(data), [TextSpan(2, 9), TextSpan(16, 17)])
    assert joined is not None
    assert [data[chunk.start : chunk.end] for chunk in joined] == [b'- "a\n# b"\n', b"# c\n- d\n"]


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [TextSpan(2, 3)],
        [TextSpan(2, 3), TextSpan(6, 7), TextSpan(6, 7)],
        [TextSpan(2, 3), TextSpan(3, 3)],
        [TextSpan(5, 6), TextSpan(6, 7)],
        [TextSpan(4, 4), TextSpan(6, 7)],
    ],
)
def test_places_that_do_not_fit_are_told(spans: list[TextSpan]) -> None:
    data = b"- a\n- b\n"
    assert rejoin(data, split_file(data), spans) is None
    assert (
        rejoin(data, split_file(data), [TextSpan(2, 3), TextSpan(6, 7)]) == split_file(data).chunks
    )
