"""Records with the id of another one: the first of the book counts, the others are told of."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from helpers.books import FILES, agree, change, full_book, index_of, make_book, put, tables, viewed

from acctcli.store.commit.snapshot import Content, FileListing
from acctcli.store.index.update.duplicate_ids import DuplicateIds

if TYPE_CHECKING:
    from pathlib import Path

ORGS = "- id: a\n  name: A\n"


def test_twins_in_a_file_across_files_and_kinds(tmp_path: Path) -> None:
    root = make_book(
        tmp_path / "book",
        orgs="- id: a\n  name: First\n- id: b\n  name: B\n- id: a\n  name: Second\n",
        people="- name: 'Quoted'\n  id: b\n  org: a\n",
        deals="- id: d\n  title: One\n  org: a\n  status: won\n",
        deals__x="- id: d\n  title: Two\n  org: b\n  status: won\n- id: a\n  title: Three\n",
    )
    agree(root, tmp_path)
    view = viewed(root, tmp_path)
    assert [str(problem.place) for problem in view.problems] == [
        "orgs.yaml:5:7", "people.yaml:2:7", "deals/x.yaml:1:7", "deals/x.yaml:5:7"
    ]  # fmt: skip
    assert [view.won_count(key) for key in ("a", "b")] == [1, 0]
    assert (view.broken_kinds(), view.unread_count()) == (set(), 4)


@pytest.mark.parametrize("first", ["orgs", "people"])
def test_the_first_counts_though_it_came_last(tmp_path: Path, first: str) -> None:
    root = full_book(tmp_path / "book")
    agree(root, tmp_path)
    name, old = {"orgs": ("orgs.yaml", "- id: dora"), "people": ("people.yaml", "- id: eva")}[first]
    change(root, name, old, "- id: d1")
    agree(root, tmp_path)
    problem = viewed(root, tmp_path).is_bad("d1")
    assert problem is not None
    assert problem.kind == "deals"
    put(root, name, FILES[name])
    agree(root, tmp_path)


def test_a_twin_by_way_of_others_belongs_nowhere(tmp_path: Path) -> None:
    root = full_book(tmp_path / "book")
    change(root, "activities.yaml", "- id: a3", "- id: a2")
    change(root, "notes.yaml", "- id: n1", "- id: d2")
    agree(root, tmp_path)
    gc.collect()
    path = index_of(root, tmp_path)
    ways = tables(path, "SELECT count(*) FROM roundabout LEFT JOIN records USING (place)"
                        " WHERE records.id IS NULL")  # fmt: skip
    assert ways == [(0,)]


def test_a_twin_of_a_record_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    root = make_book(
        tmp_path / "book",
        orgs="- id: a\n  name: [x]\n- id: a\n  name: Second\n- id: a\n  name: Third\n",
    )
    agree(root, tmp_path)


def test_a_file_that_goes_away_before_twins_are_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_book(
        tmp_path / "book", orgs=ORGS, people="- id: a\n  name: A\n- id: b\n  name: B\n"
    )
    real = DuplicateIds.mark_duplicates
    gone: list[int] = []

    def late(twins: DuplicateIds) -> set[int]:
        if not gone:
            gone.append(1)
            (root / "people.yaml").unlink()
            with monkeypatch.context() as patch:
                patch.setattr(FileListing, "content", lambda *_: Content(None, None))
                return real(twins)
        return real(twins)

    monkeypatch.setattr(DuplicateIds, "mark_duplicates", late)
    view = viewed(root, tmp_path)
    assert view.files() == ["orgs.yaml"]
    assert gone == [1]


def test_a_file_that_goes_away_while_twins_are_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_book(tmp_path / "book", orgs="- id: a\n  name: A\n", people="- id: a\n  name: A\n")
    real = DuplicateIds.mark_duplicates

    def late(twins: DuplicateIds) -> set[int]:
        (root / "people.yaml").unlink(missing_ok=True)
        return real(twins)

    monkeypatch.setattr(DuplicateIds, "mark_duplicates", late)
    assert viewed(root, tmp_path).files() == ["orgs.yaml"]


def test_a_file_that_gets_shorter_while_twins_are_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_book(
        tmp_path / "book", orgs=ORGS, people="- id: b\n  name: B\n- id: a\n  name: A\n"
    )
    real = DuplicateIds.mark_duplicates

    def late(twins: DuplicateIds) -> set[int]:
        if "Last" not in (root / "people.yaml").read_text("utf-8"):
            put(root, "people.yaml", "- id: a\n  name: Last\n")
        return real(twins)

    monkeypatch.setattr(DuplicateIds, "mark_duplicates", late)
    view = viewed(root, tmp_path)
    assert [str(problem.place) for problem in view.problems] == ["people.yaml:1:7"]
