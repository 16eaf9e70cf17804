"""What changed in bytes, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.store.datafiles.splices import (
    PieceTable,
    ReverseSplice,
    Splice,
    difference,
    reverse_splices,
    trim_equal_lines,
)

_TEXTS = st.lists(st.sampled_from([b"a\n", b"b\n", b"\xc3\xa9\n", b"c", b"\r\n", b"d\r\n"])).map(
    b"".join
)


@given(_TEXTS, _TEXTS)
def test_a_difference_leads_back(old: bytes, new: bytes) -> None:
    splices = list(difference(old, new))
    assert len(splices) == (old != new)
    pieces = PieceTable(new)
    pieces.change(list(reverse_splices(old, splices)))
    assert pieces.content() == old


def test_what_is_the_same_at_both_ends_is_left_out() -> None:
    old, new = b"- id: a\n  x: 1\n  y: 1\n", b"- id: a\n  x: 2\n  y: 1\n"
    assert list(difference(old, new)) == [Splice(8, 15, 8, 15)]
    assert list(difference(b"a\n", b"a\na\n")) == [Splice(2, 2, 2, 4)]
    assert list(difference(b"a\na\n", b"a\n")) == [Splice(2, 4, 2, 2)]
    assert list(trim_equal_lines(b"ab", b"ab", [Splice(0, 1, 0, 1), Splice(1, 1, 1, 1)])) == []
    # whole lines only: no character is torn
    assert list(difference("é\n".encode(), "è\n".encode())) == [Splice(0, 3, 0, 3)]


def test_a_long_text_is_cut_at_line_ends() -> None:
    back = ReverseSplice(7, 3, "é1\né2\né3".encode())
    assert list(back.parts(100)) == [(7, 3, "é1\né2\né3")]
    assert list(back.parts(4)) == [(7, 3, "é1\n"), (10, 0, "é2\n"), (10, 0, "é3")]
    assert list(back.parts(2)) == list(back.parts(1)) == list(back.parts(4))
    assert list(ReverseSplice(0, 1, b"x\n").parts(1)) == [(0, 1, "x\n")]
    assert list(ReverseSplice(0, 1, b"").parts(1)) == [(0, 1, "")]


@given(st.binary(max_size=12), st.data())
def test_steps_one_after_the_other_are_one_change(old: bytes, data: st.DataObject) -> None:
    pieces = PieceTable(old)
    plain = old
    for _ in range(data.draw(st.integers(0, 4))):
        places = sorted(data.draw(st.lists(st.integers(0, len(plain)), max_size=6)))
        steps = [
            ReverseSplice(start, end - start, data.draw(st.binary(max_size=3)))
            for start, end in zip(places[::2], places[1::2], strict=False)
        ]
        copy = pieces.copy()
        copy.change(steps)
        assert pieces.content() == plain
        pieces = copy
        for at, length, text in reversed(steps):
            plain = plain[:at] + text + plain[at + length :]
        assert pieces.content() == plain
    splices = list(pieces.splices())
    way = PieceTable(plain)
    way.change(list(reverse_splices(old, splices)))
    assert way.content() == old
    for start, end, at, to in splices:
        assert 0 <= start <= end <= len(old)
        assert 0 <= at <= to <= len(plain)
        assert start < end or at < to


@pytest.mark.parametrize(
    "steps",
    [
        [ReverseSplice(4, 0, b"")],
        [ReverseSplice(2, 2, b"")],
        [ReverseSplice(2, 1, b""), ReverseSplice(1, 0, b"")],
    ],
)
def test_steps_outside_are_refused(steps: list[ReverseSplice]) -> None:
    with pytest.raises(ValueError, match=r"-?\d"):
        PieceTable(b"abc").change(steps)
