"""What a change adds, replaces and takes away, over the records that stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.store.views.pending_records import PendingRecords

_KEYS = st.sampled_from("abcd")


@given(
    st.dictionaries(_KEYS, st.integers()),
    st.lists(st.tuples(_KEYS, st.one_of(st.none(), st.integers())), max_size=8),
)
def test_it_is_the_mapping_that_comes_of_it(
    base: dict[str, int], steps: list[tuple[str, int | None]]
) -> None:
    kept = dict(base)
    expected = dict(base)
    overlay = PendingRecords(base)
    for key, value in steps:
        if value is not None:
            overlay.put(key, value)
            expected[key] = value
        elif key in expected:
            overlay.take(key)
            del expected[key]
        else:
            with pytest.raises(KeyError):
                overlay.take(key)
    assert dict(overlay) == expected
    assert len(overlay) == len(expected) == len(list(overlay))
    assert dict(overlay.items()) == expected
    assert sorted(overlay.values()) == sorted(expected.values())
    assert list(overlay) == [key for key, _ in overlay.items()]
    for key in "abcd":
        assert (key in overlay) == (key in expected)
        assert overlay.get(key) == expected.get(key)
    assert base == kept


def test_what_stays_keeps_its_place_and_what_is_new_comes_last() -> None:
    overlay = PendingRecords({"a": 1, "b": 2, "c": 3})
    overlay.put("d", 4)
    overlay.put("b", 5)
    overlay.take("a")
    assert list(overlay.items()) == [("b", 5), ("c", 3), ("d", 4)]
    assert list(overlay.values()) == [5, 3, 4]
    overlay.put("a", 6)
    assert list(overlay) == ["a", "b", "c", "d"]


def test_what_is_taken_away_is_not_there() -> None:
    overlay = PendingRecords({"a": 1})
    overlay.take("a")
    with pytest.raises(KeyError):
        overlay["a"]
    with pytest.raises(KeyError):
        overlay["b"]
