"""Lets a process die at any change it makes to files, and looks at the book that is left."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from acctcli.store.commit.commit import FileChange, commit, recover
from acctcli.store.commit.lock import hold_lock
from acctcli.store.commit.snapshot import read_all
from acctcli.store.files import filesystem
from acctcli.store.files.names import HISTORY_FILE
from acctcli.store.history import history_format
from helpers.history import Commit, closed_commits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

# Every function of `disk` that changes something, by itself; a test holds this list complete.
CHANGES = (
    "link",
    "make_folder",
    "open_new",
    "open_to_append",
    "remove_folder",
    "rename",
    "sync",
    "sync_folder",
    "copy_mode",
    "truncate",
    "unlink",
    "write",
)


class Killed(BaseException):
    """The process is dead: from here no change reaches the disk."""


class Death:
    """Counts changes; dies at the change number `at`, before it, after it or in its middle.

    With `only`, changes of that name alone are counted.
    """

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, at: int, moment: str, only: str = ""
    ) -> None:
        self.at = at
        self.moment = moment
        self.only = only
        self.count = 0
        self.names: list[str] = []
        for name in CHANGES:
            monkeypatch.setattr(filesystem, name, self._mortal(name, getattr(filesystem, name)))

    def came(self) -> bool:
        return self.count >= self.at

    def _mortal(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            if self.came():
                raise Killed
            self.names.append(name)
            self.count += self.only in {"", name}
            if not self.came():
                return real(*args, **kwargs)
            if self.moment == "middle" and name == "write":
                handle, data = args
                assert isinstance(data, bytes)
                real(handle, data[: len(data) // 2])
            if self.moment == "after":
                real(*args, **kwargs)
            raise Killed

        return call


def contents(root: Path) -> dict[str, bytes]:
    """What a reader sees: the files of records, with a journal or without."""
    return {name: file.data for name, file in read_all(root).files.items()}


def on_disk(root: Path) -> dict[str, bytes]:
    """Every file of a book as it is, without acctcli's own folder."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and filesystem.OWN_FOLDER not in path.parts
    }


def leftovers(root: Path) -> list[str]:
    """What a dead writer left in a book and its attic."""
    return [
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.name.endswith(filesystem.STAGED_SUFFIX) or path.name == "journal"
    ]


def history_of(root: Path) -> list[Commit]:
    """The commits that the history tells."""
    path = root / HISTORY_FILE
    return closed_commits(path.read_bytes()) if path.exists() else []


# a book, and a commit that does all there is to do

ORGS = b"- id: acme\n  name: ACME\n"
DEALS = b"# ours\n- id: d1\n  title: One\n"
NEW_ORGS = b"- id: acme\n  name: ACME Inc\n"
NEW_DEALS = b"# ours\n- id: d1\n  title: Two\n  status: won\n"
NEW_NOTES = b"- id: n1\n  content: hello\n"
COMMIT = "c0123456789ab"
BEFORE = {"acctcli.yaml": b"format: 1\n", "orgs.yaml": ORGS, "deals.yaml": DEALS}
AFTER = {
    "acctcli.yaml": b"format: 1\n",
    "orgs.yaml": NEW_ORGS,
    "deals.yaml": NEW_DEALS,
    "notes/2026.yaml": NEW_NOTES,
}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_book(root: Path) -> Path:
    root.mkdir()
    (root / "acctcli.yaml").write_bytes(b"format: 1\n")
    (root / "orgs.yaml").write_bytes(ORGS)
    (root / "deals.yaml").write_bytes(DEALS)
    (root / "attachments").mkdir()
    (root / "attachments" / "old.pdf").write_bytes(b"old offer")
    (root.parent / "offer.pdf").write_bytes(b"new offer")
    earlier = history_format.closing("c0", "2026-01-01T00:00:00Z", "anna", ["init"], 0)
    (root / "history.jsonl").write_bytes(earlier)
    return root


def lines(commit_id: str) -> bytes:
    return b"".join(
        [
            history_format.entry(commit_id, "deals", "d1", "deals.yaml", 0, "One", "Two"),
            history_format.entry(commit_id, "notes", "n1", "notes/2026.yaml", 0, None, "hello"),
            history_format.closing(commit_id, "2026-03-02T10:00:00Z", "anna", ["deal", "won"], 2),
        ]
    )


def big_changes(root: Path) -> list[FileChange]:
    return [
        FileChange(path="deals.yaml", old_sha=sha(DEALS), data=NEW_DEALS),
        FileChange(path="orgs.yaml", old_sha=sha(ORGS), data=NEW_ORGS),
        FileChange(path="notes/2026.yaml", old_sha=None, data=NEW_NOTES),
        FileChange(
            path="attachments/offer.pdf",
            old_sha=None,
            source=root.parent / "offer.pdf",
            new_sha=sha(b"new offer"),
        ),
        FileChange(path="attachments/old.pdf", old_sha=sha(b"old offer")),
    ]


def big_commit(root: Path) -> None:
    commit(root, big_changes(root), [lines(COMMIT)], COMMIT)


def small_commit(root: Path, commit_id: str = "cnext") -> None:
    """A commit by the next writer, as `Book.write` does it."""
    with hold_lock(root, "next", 5):
        recover(root)
        old = read_all(root).files["deals.yaml"]
        change = FileChange(path="deals.yaml", old_sha=old.sha, data=old.data + b"# next\n")
        closing = history_format.closing(commit_id, "2026-03-03T10:00:00Z", "ben", ["next"], 0)
        commit(root, [change], [closing], commit_id)


def check_whole(root: Path) -> bool:
    """The book is as before or as after, and the next writer works; whether it is as after."""
    seen = contents(root)
    assert seen in (BEFORE, AFTER)
    after = seen == AFTER
    small_commit(root)
    expected = AFTER if after else BEFORE
    assert contents(root) == {**expected, "deals.yaml": expected["deals.yaml"] + b"# next\n"}
    assert leftovers(root) == []
    told = [each.closing.commit for each in history_of(root)]
    assert told == (["c0", COMMIT, "cnext"] if after else ["c0", "cnext"])
    assert all(each.is_whole() for each in history_of(root))
    offer, old = root / "attachments/offer.pdf", root / "attachments/old.pdf"
    attic = root / ".acctcli/attic" / sha(b"old offer")
    assert offer.exists() == after
    assert old.exists() != after
    kept = attic if after else old
    assert kept.read_bytes() == b"old offer"
    return after


def die_after_renames(root: Path, count: int, changes: list[FileChange] | None = None) -> None:
    """A commit whose process dies after so many renamings; the journal's is the first."""
    import pytest

    with pytest.MonkeyPatch.context() as patch:
        Death(patch, count + 1, "before", only="rename")
        with pytest.raises(Killed):
            commit(root, changes or big_changes(root), [lines(COMMIT)], COMMIT)
