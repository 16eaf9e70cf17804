"""An undo or a redo that is killed anywhere: the book is as before or as after, whole."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from helpers.faults.dying import Death, Killed, contents, leftovers
from helpers.undo import AUTHOR, REDO, UNDO, state, take_back

from acctcli.store.book import Book
from acctcli.store.commit.commit import recover

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.store.changes.change_set import Change

FILES = {
    "acctcli.yaml": "format: 1\ncurrency: EUR\nnew_records: {notes: notes/2026.yaml}\n",
    "orgs.yaml": "# ours\n\n- id: acme\n  name: Acme\n\n- id: cole\n  name: Cole\n",
    "files.yaml": "- id: f1\n  name: old\n  path: attachments/old.pdf\n  org: acme\n",
    "attachments/old.pdf": "old offer",
}


def make(folder: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """A book with one commit of every kind in it, and its files before and after that."""
    root = folder / "book"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (folder / "new.pdf").write_text("new offer", "utf-8")

    def plan(change: Change) -> None:
        path = change.attach(folder / "new.pdf", "new.pdf").path
        change.add("files", {"id": "f2", "name": "new", "path": path, "org": "acme"})
        change.add("notes", {"id": "n1", "content": "x", "org": "acme"})
        change.remove("files", "f1")
        change.update("orgs", "acme", {"owner": "Bea"})
        change.remove("orgs", "cole")
        change.declare("orgs", {"vat": "text"})

    before = state(root)
    Book(root).write(plan, AUTHOR)
    return root, before, state(root)


@pytest.mark.parametrize("moment", ["before", "after", "middle"])
@pytest.mark.parametrize("redo", [False, True])
def test_killed_at_every_change(tmp_path: Path, moment: str, *, redo: bool) -> None:
    outcomes = []
    for at in itertools.count(1):
        (tmp_path / str(at)).mkdir()
        root, start, end = make(tmp_path / str(at))
        wanted = UNDO
        if redo:
            take_back(root)
            assert state(root) == start
            start, end, wanted = end, start, REDO
        with pytest.MonkeyPatch.context() as patch:
            death = Death(patch, at, moment)
            with suppress(Killed):
                take_back(root, wanted)
            if not death.came():
                break
        seen = contents(root)
        recover(root)
        assert contents(root) == seen
        assert leftovers(root) == []
        assert state(root) in (start, end)
        outcomes.append(state(root) == start)
        # what was done is undone, what was not done is done
        other = UNDO if redo else REDO
        assert take_back(root, other if outcomes[-1] else wanted)
        assert state(root) == (end if outcomes[-1] else start)
    assert state(root) == start
    assert len(outcomes) > 25
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {True, False}
