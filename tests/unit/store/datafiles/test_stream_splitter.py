"""A file cut as it is read has the records that `cut` finds in all of it, or is left to others."""

from __future__ import annotations

import pytest
from helpers.hand_files import HandFile, hand_files
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acctcli.store.datafiles.splitter import split_file
from acctcli.store.datafiles.stream_splitter import NotPlainLayoutError, split_blocks

_LINES = st.sampled_from(
    [
        b"- id: a\n", b"  name: b\n", b"# c\n", b"  # d\n", b"\n", b" \n", b"-\n", b"- - x\n",
        b"---\n", b"...\n", b"- id: e\r\n", b"-x\n", b" - id: f\n", b"  text: |\n", b"    - g\n",
        b"- \xc3\xa9\n", b"--- # h\n", b"  i: '\n", b"\r", b"- id: last",
    ]
)  # fmt: skip


def blocks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def compare(data: bytes, size: int) -> bool:
    """Whether it has the usual form; then the records are those of `cut`."""
    try:
        found = [text for texts in split_blocks(blocks(data, size)) for text in texts]
    except NotPlainLayoutError:
        return False
    whole = split_file(data)
    assert whole.regular
    assert found == [data[each.start : each.end] for each in whole.chunks]
    return True


@settings(max_examples=400)
@given(st.lists(_LINES, max_size=14).map(b"".join), st.integers(1, 40))
@example(b"# c\n# d\n- id: a\n# e\n- id: b\n\n# f\n", 7)
@example(b"# c\n", 2)
@example(b"", 1)
@example(b"- id: a\n---\n- id: b\n", 9)
def test_it_cuts_as_cut_does(data: bytes, size: int) -> None:
    compare(data, size)


@settings(max_examples=150)
@given(hand_files(), st.integers(1, 200))
def test_it_cuts_files_written_by_hand_as_cut_does(made: HandFile, size: int) -> None:
    compare(made.data, size)


@pytest.mark.parametrize(
    ("data", "usual"),
    [
        (b"", True),
        (b"# only a comment\n\n", True),
        (b"\n# ours\n- id: a\n- id: b", True),
        (b"- id: a\n  name: x\n\n# b's\n- id: b\n", True),
        (b"- id: a\r\n- id: b\r\n", True),
        (b"-\n  id: a\n-\n  id: b\n", True),
        (b"---\n- id: a\n", False),
        (b"- id: a\n...\n", False),
        (b" - id: a\n", False),
        (b"id: a\n", False),
        (b"\xef\xbb\xbf- id: a\n", False),
        (b"- id: a\r- id: b\n", False),
        (b"- id: a\n  b: \xe2\x80\xa8\n", False),
    ],
)
def test_what_has_the_usual_form(data: bytes, *, usual: bool) -> None:
    assert {compare(data, size) for size in (1, 3, 1000)} == {usual}


@pytest.mark.parametrize("end", [b"", b"- id: a\n"])
def test_a_comment_that_may_be_too_long_is_left_to_others(end: bytes) -> None:
    short, long = b"# %b\n" % (b"x" * 1000), b"# %b\n" % (b"x" * (1 << 20))
    assert compare(short + end, 1 << 22)
    assert not compare(long + end, 1 << 22)
    assert not compare(long + end, 1 << 19)


def test_a_record_without_an_end_is_not_held_for_ever() -> None:
    read = []

    def endless() -> object:
        yield b"- id: a\n"
        while True:
            read.append(1)
            yield b"  x: " + b"y" * (1 << 20) + b"\n"

    with pytest.raises(NotPlainLayoutError):
        list(split_blocks(endless()))  # type: ignore[arg-type]
    assert len(read) < 5
