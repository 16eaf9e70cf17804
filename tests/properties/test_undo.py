"""Random commits over files written by hand: undone and done again, every byte is as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.files import files_of
from helpers.hand_files import HandFile, hand_files
from helpers.random_commits import AUTHOR, HAND, Model, Step, apply_steps, random_commits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import (
    AcctcliError,
    ConflictError,
    InvalidBookError,
)
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.store.book import Book
from acctcli.store.undo.undo import UndoRequest

if TYPE_CHECKING:
    import random

    from acctcli.store.changes.change_set import Change

_REDO = UndoRequest(redo=True)


def state(root: Path) -> dict[str, bytes]:
    """Every file of the book but the history and acctcli's own."""
    return {
        name: data
        for name, data in files_of(root).items()
        if name != "history.jsonl" and not name.startswith(".acctcli/")
    }


def write(root: Path, commits: list[tuple[list[Step], Model]]) -> list[dict[str, bytes]]:
    """Make a book and the commits; the states it was in, each once."""
    (root / "acctcli.yaml").write_bytes(b"format: 1\n")
    for name, text in HAND.items():
        (root / name).write_bytes(text.encode())
    states = [state(root)]
    for steps, _ in commits:
        Book(root).write(lambda change, steps=steps: apply_steps(steps, change), AUTHOR)  # type: ignore[misc]  # the default is bound early
        if state(root) != states[-1]:
            states.append(state(root))
    return states


@settings(max_examples=60)
@given(random_commits(), st.data())
def test_undo_leads_back_and_redo_forward_byte_for_byte(
    commits: list[tuple[list[Step], Model]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        states = write(root, commits)
        book = Book(root)
        at = len(states) - 1
        undone: list[int] = []  # how many commits each undo took back
        for back in data.draw(st.lists(st.booleans(), min_size=1, max_size=8)):
            if undone and not back:
                assert book.undo(_REDO, AUTHOR)
                at += undone.pop()
            elif at:
                count = data.draw(st.integers(1, at))
                assert book.undo(UndoRequest(count=count), AUTHOR, dry_run=True)
                assert state(root) == states[at]
                assert book.undo(UndoRequest(count=count), AUTHOR)
                undone.append(count)
                at -= count
            assert state(root) == states[at]
        if at:
            assert book.undo(UndoRequest(count=at), AUTHOR)
        assert state(root) == states[0]
        assert book.undo(UndoRequest(), AUTHOR) is None
        assert state(root) == states[0]


@settings(max_examples=60)
@given(random_commits(), st.randoms())
def test_what_was_changed_by_hand_is_kept_or_the_undo_is_refused(
    commits: list[tuple[list[Step], Model]], chance: random.Random
) -> None:
    # A comment at the end of a file stays; all else is put back, record by record.
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        states = write(root, commits)
        if len(states) == 1:
            return
        first = records(root, states[0])
        name = chance.choice(sorted(HAND))
        with (root / name).open("ab") as file:
            newline = b"\r\n" if name == "people.yaml" else b"\n"
            file.write(newline * 2 + b"# by hand" + newline)
        before = files_of(root)
        try:
            Book(root).undo(UndoRequest(count=len(states) - 1), AUTHOR)
        except (ConflictError, InvalidBookError):
            assert files_of(root) == before
            return
        assert records(root, state(root)) == first
        assert b"# by hand" in state(root)[name]


def records(root: Path, files: dict[str, bytes]) -> dict[str, str]:
    """The text of each record by its id."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name, data in files.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(data)
        view = Book(copy).read()
        assert view.problems == []
        ids = sorted(key for kind in KIND_NAMES for key in view.data.of(kind))
        return {key: view.text_of(key).rstrip() for key in ids}


@settings(
    max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(hand_files(max_records=4, plain=("id", "name")), st.data())
def test_hand_written_files_come_back(made: HandFile, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "acctcli.yaml").write_bytes(b"format: 1\ncurrency: EUR\n")
        (root / "orgs.yaml").write_bytes(made.data)
        start = state(root)
        view = Book(root).read()
        ids = sorted(view.data.orgs)

        def plan(change: Change) -> None:
            for record_id in ids:
                match data.draw(st.sampled_from(["leave", "update", "remove", "remove"])):
                    case "update":
                        change.update("orgs", record_id, {"source": "Bea", "phone": "a"})
                    case "remove":
                        change.remove("orgs", record_id)
            for number in range(data.draw(st.integers(0, 2))):
                change.add("orgs", {"id": f"new{number}", "name": "New"})

        try:
            Book(root).write(plan, AUTHOR)
        except AcctcliError:
            return
        changed = state(root)
        undone = Book(root).undo(UndoRequest(), AUTHOR)
        assert state(root) == start
        if undone is None:
            assert changed == start
            return
        assert Book(root).undo(_REDO, AUTHOR)
        assert state(root) == changed


@pytest.mark.parametrize("spaced", [True, False])
def test_an_import_of_ten_thousand_records(tmp_path: Path, *, spaced: bool) -> None:
    (tmp_path / "acctcli.yaml").write_bytes(b"format: 1\ncurrency: EUR\n")
    gap = "\n" if spaced else ""
    text = f"# ours\n\n- id: a\n  name: A\n{gap}- id: b\n  name: B"
    (tmp_path / "orgs.yaml").write_text(text, "utf-8")

    def plan(change: Change) -> None:
        for number in range(5000):
            change.add("orgs", {"id": f"org-{number}", "name": f"Org {number}"})
            fields = {"id": f"deal-{number}", "title": "Deal", "org": f"org-{number}"}
            change.add("deals", {**fields, "value": "1", "currency": "EUR", "status": "won"})
        change.update("orgs", "a", {"owner": "Bea"})

    start = state(tmp_path)
    Book(tmp_path).write(plan, AUTHOR)
    end = state(tmp_path)
    undoing = Book(tmp_path).undo(UndoRequest(), AUTHOR)
    assert undoing
    assert len(undoing.membership_changes()[1]) == 5000
    assert len(undoing.became) == 10_001
    assert state(tmp_path) == start
    assert Book(tmp_path).undo(_REDO, AUTHOR)
    assert state(tmp_path) == end
