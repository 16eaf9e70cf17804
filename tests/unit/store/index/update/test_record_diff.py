"""What differs between the records of a file as they were and as they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.store.index.update.record_diff import DiffHunk, diff_records

_TEXTS = st.integers(0, 12).map(lambda number: b"- id: r%d\n" % number)


def found(old: list[bytes], new: list[bytes]) -> list[DiffHunk]:
    """The runs, the old records standing at the places 10, 20 and so on."""
    return list(diff_records(iter([(10 * n, text) for n, text in enumerate(old, 1)]), iter(new)))


def applied(old: list[bytes], told: list[DiffHunk]) -> list[bytes]:
    """The old records with what the runs say done to them."""
    made: list[bytes] = []
    gone = {place for run in told for place in run.removed}
    come = {run.after: run.added for run in told}
    assert len(come) == len(told)  # no two at one place
    for place in range(0, 10 * len(old) + 10, 10):
        if place and place not in gone:
            made.append(old[place // 10 - 1])
        made += come.get(place or None, [])
    return made


def check_order(told: list[DiffHunk], size: int) -> None:
    """Each run stands behind the one before, and what went lies between what stays."""
    last = 0
    for run in told:
        after = run.after or 0
        before = run.before if run.before is not None else 10 * size + 10
        assert last <= after < before
        assert run.removed == list(range(after + 10, before, 10))
        assert run.removed or run.added
        last = before


@settings(max_examples=400)
@given(st.lists(_TEXTS, max_size=40, unique=True), st.lists(_TEXTS, max_size=40))
def test_the_runs_lead_from_the_old_to_the_new(old: list[bytes], new: list[bytes]) -> None:
    told = found(old, new)
    assert applied(old, told) == new
    check_order(told, len(old))
    assert (told == []) == (old == new)


@settings(max_examples=200)
@given(st.data())
def test_so_they_do_in_long_files_with_a_few_edits(data: st.DataObject) -> None:
    old = [b"- id: r%d\n" % number for number in range(data.draw(st.integers(0, 120)))]
    new = list(old)
    for number in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, len(new)))
        end = data.draw(st.integers(at, min(len(new), at + 30)))
        new[at:end] = [
            b"- id: n%d-%d\n" % (number, n) for n in range(data.draw(st.integers(0, 30)))
        ]
    told = found(old, new)
    assert applied(old, told) == new
    check_order(told, len(old))


@pytest.mark.parametrize("at", [0, 1, 15, 16, 17, 50, 98, 99])
def test_one_edit_is_one_run_of_what_differs(at: int) -> None:
    old = [b"- id: r%d\n" % number for number in range(100)]
    after = 10 * at if at else None
    before = 10 * at + 20 if at < 99 else None
    changed = [*old[:at], b"- id: x\n", *old[at + 1 :]]
    assert found(old, changed) == [DiffHunk(after, [10 * at + 10], [b"- id: x\n"], before)]
    assert found(old, [*old[:at], *old[at + 1 :]]) == [DiffHunk(after, [10 * at + 10], [], before)]
    more = [*old[:at], b"- id: x\n", b"- id: y\n", *old[at:]]
    assert found(old, more) == [DiffHunk(after, [], [b"- id: x\n", b"- id: y\n"], 10 * at + 10)]


def test_ends() -> None:
    old = [b"- id: a\n", b"- id: b\n"]
    assert found([], []) == found(old, old) == []
    assert found([], old) == [DiffHunk(None, [], old, None)]
    assert found(old, []) == [DiffHunk(None, [10, 20], [], None)]
    assert found(old, [*old, b"- id: c\n"]) == [DiffHunk(20, [], [b"- id: c\n"], None)]
    assert found(old, old[::-1]) == [DiffHunk(None, [], old[1:], 10), DiffHunk(10, [20], [], None)]


def test_no_more_is_held_than_what_differs_and_a_look_ahead() -> None:
    given = 0

    def many() -> object:
        nonlocal given
        for number in range(10_000):
            given += 1
            yield (number + 1, b"- id: r%d\n" % number)

    new = (b"- id: %s\n" % (b"x" if n == 5 else b"r%d" % n) for n in range(10_000))
    told = diff_records(many(), new)  # type: ignore[arg-type]
    assert next(told).removed == [6]
    assert given < 50
