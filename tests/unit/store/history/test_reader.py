"""The history read from its end, and what in it is undone."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest
from helpers.history import closed_commits
from helpers.history_blocks import WHEN, block
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.errors import StorageError
from acctcli.store.files import filesystem
from acctcli.store.history import append, history_format
from acctcli.store.history.reader import (
    PastCommit,
    about_record,
    newest_first,
    redoable,
    with_states,
)

if TYPE_CHECKING:
    import random
    from pathlib import Path


def past(root: Path, data: bytes, about: bytes | None = None) -> list[PastCommit]:
    (root / "history.jsonl").write_bytes(data)
    return list(newest_first(root, about))


def names(root: Path, data: bytes) -> list[str]:
    return [each.closing.commit for each in past(root, data)]


def closing(commit: str, *, undoes: str = "", redoes: str = "") -> bytes:
    return history_format.closing(
        commit, WHEN, "anna", ["x"], 0, undoes=tuple(undoes.split()), redoes=tuple(redoes.split())
    )


# reading from the end


def test_without_a_history_there_is_no_past(tmp_path: Path) -> None:
    assert list(newest_first(tmp_path)) == []
    assert past(tmp_path, b"") == []


def test_the_newest_comes_first_with_its_lines_in_order(tmp_path: Path) -> None:
    found = past(tmp_path, block("c1", 2) + block("c2", 3))
    assert [each.closing.commit for each in found] == ["c2", "c1"]
    assert [[line.id for line in each.lines()] for each in found] == [
        ["d0", "d1", "d2"],
        ["d0", "d1"],
    ]
    assert all(each.is_whole for each in found)


def test_no_more_is_read_than_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(filesystem, "BLOCK", 4096)
    (tmp_path / "history.jsonl").write_bytes(block("c1", 5000) + block("c2", 2))

    def counted(handle: int, start: int, length: int) -> bytes:
        read.append(length)
        return real_read(handle, start, length)

    real_read = append.read_at
    monkeypatch.setattr("acctcli.store.history.reader.read_at", counted)
    commits = newest_first(tmp_path)
    assert next(commits).closing.commit == "c2"
    assert read == [4096]
    large = next(commits)
    size = (tmp_path / "history.jsonl").stat().st_size
    assert sum(read) == size
    # Its lines are not held: they are read again, a block at a time.
    read.clear()
    assert [line.id for line in large.lines()] == [f"d{number}" for number in range(5000)]
    assert size < sum(read) < 1.1 * size
    assert set(read) == {4096}


def test_lines_of_a_history_that_is_gone_cannot_be_read(tmp_path: Path) -> None:
    (commit,) = past(tmp_path, block("c1", 2))
    (tmp_path / "history.jsonl").unlink()
    with pytest.raises(StorageError):
        list(commit.lines())


def test_lines_of_a_history_that_the_system_refuses_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(handle: int, start: int, length: int) -> bytes:
        raise OSError(errno.EIO, "broken")

    (commit,) = past(tmp_path, block("c1", 2))
    monkeypatch.setattr("acctcli.store.history.reader.read_at", refused)
    with pytest.raises(StorageError):
        list(commit.lines())


@pytest.mark.parametrize("size", [1, 7, 100, 1 << 20])
def test_blocks_of_any_size_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(filesystem, "BLOCK", size)
    data = block("c1", 2) + b"torn\n\n" + block("c2") + block("c3")[:-1]
    assert names(tmp_path, data) == ["c3", "c2", "c1"]
    assert all(each.is_whole for each in newest_first(tmp_path))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.booleans()), max_size=6),
    st.randoms(),
)
def test_it_is_what_reading_all_of_it_gives(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[tuple[int, int, bool]],
    chance: random.Random,
) -> None:
    # Torn tails that were written again, lines that git mixed, and lines without an end.
    data = b""
    for number, (count, torn, mixed) in enumerate(parts):
        made = block(f"c{number}", count)
        lines = made.splitlines(keepends=True)
        if mixed:
            other = block(f"m{number}", count).splitlines(keepends=True)
            lines = [line for pair in zip(lines, other, strict=True) for line in pair]
            if chance.random() < 0.5:
                chance.shuffle(lines)
        elif torn:
            lines = [made[:torn] + b"\n", *lines]
        data += b"".join(lines)
    root = tmp_path_factory.mktemp("book")
    found = past(root, data)
    expected = closed_commits(data)
    assert [each.closing for each in found] == [each.closing for each in reversed(expected)]
    for ours, theirs in zip(found, reversed(expected), strict=True):
        assert ours.is_whole
        assert set(ours.lines()) == set(theirs.lines)


def test_what_is_lost_or_cannot_be_read_is_known(tmp_path: Path) -> None:
    lines = block("c1", 2).splitlines(keepends=True)
    garbage = b"<<<<<<< HEAD\n\n[]\n{}\n\xff\n"
    first, second = past(tmp_path, garbage + b"".join(lines[1:]) + block("c2"))
    assert (first.closing.commit, first.is_whole) == ("c2", True)
    assert (second.closing.commit, second.is_whole) == ("c1", False)
    broken = b'{"commit":"c1","kind":5}\n'
    (found,) = past(tmp_path, broken + b"".join(lines[1:]))
    assert found.is_whole
    with pytest.raises(ValueError, match="kind"):
        list(found.lines())
    assert [line.id for line in found.readable_lines()] == ["d1"]


def test_a_line_that_stands_twice_counts_once(tmp_path: Path) -> None:
    lines = block("c1", 2).splitlines(keepends=True)
    (found,) = past(tmp_path, b"".join([lines[1], lines[0], lines[0], lines[2]]))
    assert found.is_whole
    assert [line.id for line in found.lines()] == ["d1", "d0"]


def test_lines_of_another_form_are_taken_too(tmp_path: Path) -> None:
    # As another program may have written them: keys in another order, spaces.
    line = b'{ "id": "d1", "kind": "deals", "commit": "c1" }\n'
    (found,) = past(tmp_path, line + history_format.closing("c1", WHEN, "anna", ["kind"], 1))
    assert [each.id for each in found.lines()] == ["d1"]


def test_a_commit_that_is_closed_twice_counts_once(tmp_path: Path) -> None:
    assert names(tmp_path, block("c1") + block("c2") + block("c1")) == ["c1", "c2"]


def test_only_lines_about_a_record_are_kept(tmp_path: Path) -> None:
    data = block("c1", 3) + block("c2", 1)
    newest, oldest = past(tmp_path, data, about_record("d2"))
    assert (newest.has_lines, oldest.has_lines) == (False, True)
    assert [line.id for line in oldest.lines()] == ["d2"]
    assert newest.is_whole
    assert oldest.is_whole
    behind = block("c1").splitlines(keepends=True)
    (found,) = past(tmp_path, behind[1] + behind[0], about_record("d9"))
    assert (found.is_whole, found.has_lines) == (True, False)


def test_a_history_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "history.jsonl").write_bytes(block("c1"))

    def failing(handle: int, size: int, start: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.pread", failing)
    with pytest.raises(StorageError, match=r'cannot read "history\.jsonl": input/output error'):
        list(newest_first(tmp_path))


# what is undone


def states(root: Path, *closings: bytes) -> dict[str, str]:
    found = past(root, b"".join(closings))
    return {each.past.closing.commit: each.state for each in with_states(found)}


def redo_of(root: Path, *closings: bytes) -> str | None:
    found = redoable(with_states(past(root, b"".join(closings))))
    return found.closing.commit if found else None


def test_undo_and_redo_as_in_an_editor(tmp_path: Path) -> None:
    done: list[bytes] = []

    def add(line: bytes) -> tuple[dict[str, str], str | None]:
        done.append(line)
        return states(tmp_path, *done), redo_of(tmp_path, *done)

    assert add(closing("c1")) == ({"c1": "done"}, None)
    assert add(closing("c2"))[1] is None
    assert add(closing("u2", undoes="c2")) == ({"u2": "undo", "c2": "undone", "c1": "done"}, "u2")
    found, redo = add(closing("u1", undoes="c1"))
    assert (found["c1"], redo) == ("undone", "u1")
    found, redo = add(closing("r1", redoes="u1"))
    assert found == {"r1": "redo", "u1": "taken back", "u2": "undo", "c2": "undone", "c1": "done"}
    assert redo == "u2"
    found, redo = add(closing("r2", redoes="u2"))
    assert (found["c2"], found["u2"], redo) == ("done", "taken back", None)
    found, redo = add(closing("v2", undoes="c2"))
    assert (found["c2"], redo) == ("undone", "v2")
    found, redo = add(closing("c3"))
    assert (found["c2"], redo) == ("undone", None)
    found, redo = add(closing("u3", undoes="c3 c1"))
    assert (found["c3"], found["c1"], redo) == ("undone", "undone", "u3")


def test_there_is_nothing_to_redo_without_an_undo(tmp_path: Path) -> None:
    assert redo_of(tmp_path) is None
    assert redo_of(tmp_path, closing("c1")) is None
