from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.errors import StorageError
from acctcli.store import disk, history
from acctcli.store.history import append, closed_commits, fitted, size_of, take_back

if TYPE_CHECKING:
    from pathlib import Path

WHEN = "2026-03-02T10:00:00Z"


def block(commit: str, count: int = 1) -> bytes:
    lines = [
        history.entry(commit, "deals", f"d{each}", "deals.yaml", each, "before\n", "after\n")
        for each in range(count)
    ]
    closing = history.closing(commit, WHEN, "anna@example.com", ["deal", "won", "d0"], count)
    return history.block([*lines, closing])


def objects(data: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in data.splitlines()]


class TestLines:
    def test_a_change_has_both_texts(self) -> None:
        line = history.entry("c1", "deals", "d1", "deals.yaml", 3, "- id: d1\n", "- id: d1 # é\n")
        assert objects(line) == [
            {
                "commit": "c1",
                "kind": "deals",
                "id": "d1",
                "file": "deals.yaml",
                "position": 3,
                "before": "- id: d1\n",
                "after": "- id: d1 # é\n",
            }
        ]
        assert line.endswith(b"}\n")
        assert "é".encode() in line

    def test_an_addition_has_the_hash_only(self) -> None:
        line = history.entry("c1", "deals", "d1", "deals.yaml", 0, None, "- id: d1\n")
        assert objects(line) == [
            {
                "commit": "c1",
                "kind": "deals",
                "id": "d1",
                "file": "deals.yaml",
                "position": 0,
                "after_sha256": hashlib.sha256(b"- id: d1\n").hexdigest(),
            }
        ]

    def test_a_removal_has_the_text_before(self) -> None:
        (line,) = objects(history.entry("c1", "deals", "d1", "deals.yaml", 0, "- id: d1\n", None))
        assert line["before"] == "- id: d1\n"
        assert not {"after", "after_sha256"} & set(line)

    def test_attachments_and_settings(self) -> None:
        assert objects(history.attachment_entry("c1", "attachments/a.pdf", None, "ab")) == [
            {
                "commit": "c1",
                "kind": "attachment",
                "file": "attachments/a.pdf",
                "after_sha256": "ab",
            }
        ]
        assert objects(history.settings_entry("c1", "acctcli.yaml", "a: 1\n", "a: 2\n")) == [
            {
                "commit": "c1",
                "kind": "settings",
                "file": "acctcli.yaml",
                "before": "a: 1\n",
                "after": "a: 2\n",
            }
        ]

    def test_the_closing_line(self) -> None:
        line = history.closing("c1", WHEN, "anna", ["note", "add", "caf\udce9"], 2)
        assert objects(line) == [
            {
                "commit": "c1",
                "time": WHEN,
                "actor": "anna",
                "command": ["note", "add", "caf\\udce9"],
                "records": 2,
            }
        ]

    def test_ids_differ_and_are_no_numbers(self) -> None:
        made = {history.new_commit_id() for _ in range(1000)}
        assert len(made) == 1000
        assert all(len(each) == 13 and each.startswith("c") and each.isalnum() for each in made)

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_every_text_is_one_line_and_comes_back(self, text: str) -> None:
        line = history.entry("c1", "notes", "n1", "notes.yaml", 0, text, text + "!")
        assert line.count(b"\n") == 1
        (commit,) = closed_commits(line + history.closing("c1", WHEN, text, [text], 1))
        assert (commit.lines[0].before, commit.lines[0].after) == (text, text + "!")
        assert (commit.closing.actor, commit.closing.command) == (text, [text])


class TestClosedCommits:
    def test_in_order(self) -> None:
        found = closed_commits(block("c1", 2) + block("c2"))
        assert [each.closing.commit for each in found] == ["c1", "c2"]
        assert [len(each.lines) for each in found] == [2, 1]
        assert all(each.is_whole() for each in found)

    def test_every_torn_tail_is_ignored(self) -> None:
        last = block("c2", 2)
        for cut in range(len(last) - 1):
            found = closed_commits(block("c1") + last[:cut])
            assert [each.closing.commit for each in found] == ["c1"]
        assert len(closed_commits(block("c1") + last[:-1])) == 2

    def test_a_torn_tail_that_was_written_again_counts_once(self) -> None:
        whole = block("c1", 3)
        for cut in range(len(whole)):
            (found,) = closed_commits(whole[:cut] + b"\n" + whole)
            assert found.is_whole()

    def test_lines_merged_by_git(self) -> None:
        one, two = (
            block("c1", 2).splitlines(keepends=True),
            block("c2", 2).splitlines(keepends=True),
        )
        mixed = b"".join(line for pair in zip(one, two, strict=True) for line in pair)
        assert all(each.is_whole() for each in closed_commits(mixed))

    def test_garbage_is_passed_and_a_loss_is_known(self) -> None:
        lines = block("c1", 2).splitlines(keepends=True)
        (found,) = closed_commits(b"<<<<<<< HEAD\n\n[]\n{}\n\xff\n" + b"".join(lines[1:]))
        assert not found.is_whole()
        assert closed_commits(b"") == []


class TestAppend:
    def path(self, root: Path) -> Path:
        return root / "history.jsonl"

    def test_once(self, tmp_path: Path) -> None:
        assert size_of(tmp_path) is None
        append(tmp_path, None, b"")
        assert not self.path(tmp_path).exists()
        append(tmp_path, None, block("c1"))
        append(tmp_path, None, block("c1"))
        assert self.path(tmp_path).read_bytes() == block("c1")
        assert size_of(tmp_path) == len(block("c1"))

    def test_a_partial_line_is_completed(self, tmp_path: Path) -> None:
        before, lines = block("c1"), block("c2", 2)
        for cut in range(len(lines) + 1):
            self.path(tmp_path).write_bytes(before + lines[:cut])
            append(tmp_path, len(before), lines)
            assert self.path(tmp_path).read_bytes() == before + lines

    def test_what_others_added_behind_is_left(self, tmp_path: Path) -> None:
        there = block("c1") + block("c2") + block("c3")
        self.path(tmp_path).write_bytes(there)
        append(tmp_path, len(block("c1")), block("c2"))
        assert self.path(tmp_path).read_bytes() == there

    def test_what_others_rewrote_is_searched(self, tmp_path: Path) -> None:
        # git merged the histories of two machines; the size of before says nothing now.
        there = block("c9", 40) + block("c2") + block("c1")
        self.path(tmp_path).write_bytes(there)
        append(tmp_path, len(block("c1")), block("c2"))
        assert self.path(tmp_path).read_bytes() == there
        append(tmp_path, len(there) + 5, block("c3"))
        assert self.path(tmp_path).read_bytes() == there + block("c3")
        append(tmp_path, len(there) - 5, block("c4"))
        assert self.path(tmp_path).read_bytes() == there + block("c3") + block("c4")

    def test_the_search_goes_over_blocks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = block("c2") + block("c9", 5)
        self.path(tmp_path).write_bytes(there)
        for size in (7, 100, 250):
            monkeypatch.setattr(disk, "BLOCK", size)
            append(tmp_path, 10_000, block("c2"))
            assert self.path(tmp_path).read_bytes() == there

    def test_a_last_line_without_its_end_is_left_alone(self, tmp_path: Path) -> None:
        self.path(tmp_path).write_bytes(b'{"torn')
        assert fitted(tmp_path, block("c1")) == b"\n" + block("c1")
        append(tmp_path, 99, block("c1"))
        assert self.path(tmp_path).read_bytes() == b'{"torn\n' + block("c1")
        assert fitted(tmp_path, block("c2")) == block("c2")
        assert fitted(tmp_path, b"") == b""

    def test_a_symlink_is_followed(self, tmp_path: Path) -> None:
        (tmp_path / "book").mkdir()
        self.path(tmp_path / "book").symlink_to(tmp_path / "elsewhere")
        append(tmp_path / "book", None, block("c1"))
        assert (tmp_path / "elsewhere").read_bytes() == block("c1")

    def test_what_is_no_file_is_refused(self, tmp_path: Path) -> None:
        import os

        os.mkfifo(self.path(tmp_path))
        for call in (append, take_back):
            with pytest.raises(StorageError, match="is not a regular file"):
                call(tmp_path, 0, block("c1"))


class TestTakeBack:
    def test_each_part_of_it(self, tmp_path: Path) -> None:
        path = tmp_path / "history.jsonl"
        lines = block("c2")
        for cut in range(len(lines) + 1):
            path.write_bytes(block("c1") + lines[:cut])
            take_back(tmp_path, len(block("c1")), lines)
            assert path.read_bytes() == block("c1")

    def test_a_history_that_was_made_for_it_goes(self, tmp_path: Path) -> None:
        take_back(tmp_path, None, block("c1"))
        append(tmp_path, None, block("c1"))
        take_back(tmp_path, None, block("c1"))
        assert not (tmp_path / "history.jsonl").exists()

    def test_nothing_of_others_is_cut(self, tmp_path: Path) -> None:
        path = tmp_path / "history.jsonl"
        there = block("c1") + block("c2") + block("c3")
        path.write_bytes(there)
        take_back(tmp_path, len(block("c1")), block("c2"))
        assert path.read_bytes() == there
        path.write_bytes(block("c3"))
        take_back(tmp_path, None, block("c2"))
        assert path.read_bytes() == block("c3")
