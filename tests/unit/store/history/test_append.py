"""How a commit's lines come into the history, once, whatever is there of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.history_blocks import block

from acctcli.core.model.errors import StorageError
from acctcli.store.files import filesystem
from acctcli.store.history.append import Lines, append, size_of, truncate_commit, with_line_start

if TYPE_CHECKING:
    from pathlib import Path

HEAD = b"the journal\n"


def as_lines(tmp_path: Path, data: bytes) -> Lines:
    """The lines as they stand in a journal, something else before and behind them."""
    path = tmp_path.parent / f"{tmp_path.name}-journal"
    path.write_bytes(HEAD + data + b"more\n")
    return Lines(path, "journal", len(HEAD), len(data))


class TestAppend:
    def path(self, root: Path) -> Path:
        return root / "history.jsonl"

    def test_once(self, tmp_path: Path) -> None:
        assert size_of(tmp_path) is None
        append(tmp_path, None, as_lines(tmp_path, b""))
        assert not self.path(tmp_path).exists()
        append(tmp_path, None, as_lines(tmp_path, block("c1")))
        append(tmp_path, None, as_lines(tmp_path, block("c1")))
        assert self.path(tmp_path).read_bytes() == block("c1")
        assert size_of(tmp_path) == len(block("c1"))

    def test_a_partial_line_is_completed(self, tmp_path: Path) -> None:
        before, lines = block("c1"), block("c2", 2)
        for cut in range(len(lines) + 1):
            self.path(tmp_path).write_bytes(before + lines[:cut])
            append(tmp_path, len(before), as_lines(tmp_path, lines))
            assert self.path(tmp_path).read_bytes() == before + lines

    def test_what_others_added_behind_is_left(self, tmp_path: Path) -> None:
        there = block("c1") + block("c2") + block("c3")
        self.path(tmp_path).write_bytes(there)
        append(tmp_path, len(block("c1")), as_lines(tmp_path, block("c2")))
        assert self.path(tmp_path).read_bytes() == there

    def test_what_others_rewrote_is_searched(self, tmp_path: Path) -> None:
        # git merged the histories of two machines; the size of before says nothing now.
        there = block("c9", 40) + block("c2") + block("c1")
        self.path(tmp_path).write_bytes(there)
        append(tmp_path, len(block("c1")), as_lines(tmp_path, block("c2")))
        assert self.path(tmp_path).read_bytes() == there
        append(tmp_path, len(there) + 5, as_lines(tmp_path, block("c3")))
        assert self.path(tmp_path).read_bytes() == there + block("c3")
        append(tmp_path, len(there) - 5, as_lines(tmp_path, block("c4")))
        assert self.path(tmp_path).read_bytes() == there + block("c3") + block("c4")

    def test_the_search_goes_over_blocks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = block("c2") + block("c9", 5)
        self.path(tmp_path).write_bytes(there)
        for size in (7, 100, 250):
            monkeypatch.setattr(filesystem, "BLOCK", size)
            append(tmp_path, 10_000, as_lines(tmp_path, block("c2")))
            assert self.path(tmp_path).read_bytes() == there

    def test_a_last_line_without_its_end_is_left_alone(self, tmp_path: Path) -> None:
        self.path(tmp_path).write_bytes(b'{"torn')
        assert b"".join(with_line_start(tmp_path, [block("c1")])) == b"\n" + block("c1")
        append(tmp_path, 99, as_lines(tmp_path, block("c1")))
        assert self.path(tmp_path).read_bytes() == b'{"torn\n' + block("c1")
        assert b"".join(with_line_start(tmp_path, [block("c2")])) == block("c2")
        assert b"".join(with_line_start(tmp_path, [b""])) == b""

    def test_a_symlink_is_followed(self, tmp_path: Path) -> None:
        (tmp_path / "book").mkdir()
        self.path(tmp_path / "book").symlink_to(tmp_path / "elsewhere")
        append(tmp_path / "book", None, as_lines(tmp_path, block("c1")))
        assert (tmp_path / "elsewhere").read_bytes() == block("c1")

    def test_what_is_no_file_is_refused(self, tmp_path: Path) -> None:
        import os

        os.mkfifo(self.path(tmp_path))
        for call in (append, truncate_commit):
            with pytest.raises(StorageError, match="is not a regular file"):
                call(tmp_path, 0, as_lines(tmp_path, block("c1")))


class TestTakeBack:
    def test_each_part_of_it(self, tmp_path: Path) -> None:
        path = tmp_path / "history.jsonl"
        lines = block("c2")
        for cut in range(len(lines) + 1):
            path.write_bytes(block("c1") + lines[:cut])
            truncate_commit(tmp_path, len(block("c1")), as_lines(tmp_path, lines))
            assert path.read_bytes() == block("c1")

    def test_a_history_that_was_made_for_it_goes(self, tmp_path: Path) -> None:
        truncate_commit(tmp_path, None, as_lines(tmp_path, block("c1")))
        append(tmp_path, None, as_lines(tmp_path, block("c1")))
        truncate_commit(tmp_path, None, as_lines(tmp_path, block("c1")))
        assert not (tmp_path / "history.jsonl").exists()

    def test_nothing_of_others_is_cut(self, tmp_path: Path) -> None:
        path = tmp_path / "history.jsonl"
        there = block("c1") + block("c2") + block("c3")
        path.write_bytes(there)
        truncate_commit(tmp_path, len(block("c1")), as_lines(tmp_path, block("c2")))
        assert path.read_bytes() == there
        path.write_bytes(block("c3"))
        truncate_commit(tmp_path, None, as_lines(tmp_path, block("c2")))
        assert path.read_bytes() == block("c3")
