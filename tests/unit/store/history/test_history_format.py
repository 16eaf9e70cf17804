from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from helpers.history import closed_commits
from helpers.history_blocks import WHEN, block
from hypothesis import given
from hypothesis import strategies as st

from acctcli.store.datafiles.splices import ReverseSplice
from acctcli.store.history import history_format

if TYPE_CHECKING:
    import pytest


def objects(data: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in data.splitlines()]


class TestLines:
    def test_a_change_has_both_texts(self) -> None:
        line = history_format.entry(
            "c1", "deals", "d1", "deals.yaml", 3, "- id: d1\n", "- id: d1 # é\n"
        )
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
        line = history_format.entry("c1", "deals", "d1", "deals.yaml", 0, None, "- id: d1\n")
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
        (line,) = objects(
            history_format.entry("c1", "deals", "d1", "deals.yaml", 0, "- id: d1\n", None)
        )
        assert line["before"] == "- id: d1\n"
        assert not {"after", "after_sha256"} & set(line)
        text = "- id: d1\n"
        (line,) = objects(
            history_format.entry("c1", "deals", "d1", "deals.yaml", 9, text, None, above="d0")
        )
        assert line["above"] == "d0"

    def test_attachments_and_settings(self) -> None:
        assert objects(history_format.attachment_entry("c1", "attachments/a.pdf", None, "ab")) == [
            {
                "commit": "c1",
                "kind": "attachment",
                "file": "attachments/a.pdf",
                "after_sha256": "ab",
            }
        ]
        assert objects(history_format.settings_entry("c1", "acctcli.yaml", "a: 1\n", "a: 2\n")) == [
            {
                "commit": "c1",
                "kind": "settings",
                "file": "acctcli.yaml",
                "before": "a: 1\n",
                "after": "a: 2\n",
            }
        ]

    def test_the_closing_line(self) -> None:
        line = history_format.closing("c1", WHEN, "anna", ["note", "add", "caf\udce9"], 2)
        assert objects(line) == [
            {
                "commit": "c1",
                "time": WHEN,
                "actor": "anna",
                "command": ["note", "add", "caf\\udce9"],
                "records": 2,
            }
        ]

    def test_the_closing_line_of_an_undo_says_what_it_takes_back(self) -> None:
        line = history_format.closing("c2", WHEN, "anna", ["undo"], 0, undoes=("c1",))
        assert objects(line)[0]["undoes"] == ["c1"]
        line = history_format.closing("c3", WHEN, "anna", ["redo"], 0, redoes=("c2",))
        assert objects(line)[0]["redoes"] == ["c2"]
        assert "undoes" not in objects(line)[0]

    def test_it_comes_after_the_lines_and_counts_them(self) -> None:
        def close(count: int) -> bytes:
            return b"%d\n" % count

        assert list(history_format.with_closing(iter([b"a\n", b"b\n"]), close)) == [
            b"a\n",
            b"b\n",
            b"2\n",
        ]
        assert list(history_format.with_closing([], close)) == [b"0\n"]

    def test_the_way_back_of_a_file(self) -> None:
        lines = list(
            history_format.file_entries(
                "c1", "deals.yaml", "ab", "cd", [ReverseSplice(3, 2, b"x\n")]
            )
        )
        assert [objects(line) for line in lines] == [
            [
                {
                    "commit": "c1",
                    "kind": "file",
                    "file": "deals.yaml",
                    "before_sha256": "ab",
                    "after_sha256": "cd",
                    "splices": [[3, 2, "x\n"]],
                }
            ]
        ]
        (line,) = history_format.file_entries("c1", "deals.yaml", None, "cd", [])
        assert objects(line) == [
            {"commit": "c1", "kind": "file", "file": "deals.yaml", "after_sha256": "cd"}
        ]

    def test_a_long_way_back_takes_several_lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(history_format, "_PART", 10)
        backs = [
            ReverseSplice(3, 2, "é1\né22\né333\n".encode() * 4),
            ReverseSplice(90, 0, b"x\n"),
            ReverseSplice(95, 1, b""),
        ]
        lines = list(history_format.file_entries("c1", "deals.yaml", "ab", "cd", backs))
        assert len(lines) > 3
        told = [objects(line)[0] for line in lines]
        assert {(each["before_sha256"], each["after_sha256"]) for each in told} == {("ab", "cd")}
        splices = [each for line in told for each in line["splices"]]  # type: ignore[attr-defined]  # it is a list
        assert "".join(text for at, _, text in splices if at < 90) == "é1\né22\né333\n" * 4
        assert splices[0][:2] == [3, 2]
        assert splices[1][:2] == [5, 0]
        assert splices[-2:] == [[90, 0, "x\n"], [95, 1, ""]]

    def test_ids_differ_and_are_no_numbers(self) -> None:
        made = {history_format.new_commit_id() for _ in range(1000)}
        assert len(made) == 1000
        assert all(len(each) == 13 and each.startswith("c") and each.isalnum() for each in made)

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_every_text_is_one_line_and_comes_back(self, text: str) -> None:
        line = history_format.entry("c1", "notes", "n1", "notes.yaml", 0, text, text + "!")
        assert line.count(b"\n") == 1
        (commit,) = closed_commits(line + history_format.closing("c1", WHEN, text, [text], 1))
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
