"""Commits to undo and to redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.errors import (
    AmbiguousError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
)
from acctcli.store.commit import journal
from acctcli.store.history.reader import (
    CommitState,
    PastCommit,
    newest_first,
    redoable,
    with_states,
)
from acctcli.store.undo.rollback import Rollback, commit_label
from acctcli.store.undo.undo_commit import UndoCommit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from acctcli.store.history.history_format import Closing
    from acctcli.store.views.view import View

_MOST = 10  # how many of an ambiguous id's candidates are told


class UndoRequest(Struct, frozen=True, kw_only=True):
    """What to take back.

    Attributes:
        count: So many of the newest commits that are not undone.
        commit: Only this one, by its id or the beginning of it.
        redo: Take the newest undo back instead.
    """

    count: int = 1
    commit: str | None = None
    redo: bool = False


def prepare(root: Path, read: Callable[[], View], wanted: UndoRequest) -> UndoCommit | None:
    """All that an undo or a redo does, checked but not written; None when there is nothing to do.

    Raises:
        AmbiguousError, NotFoundError: no one commit is called so.
        ChangedSinceError: what a commit left was changed since.
        ConflictError: an id came to be used by another record; a removed attachment is lost.
        InvalidBookError: a file or the history is damaged, or an old record is not valid.
        InvalidInputError: the commit is undone already, or is an undo itself; something links to
            what would go, or what would come back links to nothing.
    """
    chosen = _choose(root, wanted)
    if not chosen:
        return None
    rollback = Rollback(root)
    for past in chosen:
        rollback.take_back(past)
    closings = [past.closing for past in chosen]
    ids = tuple(closing.commit for closing in closings)
    if wanted.redo:
        return UndoCommit(root, read(), rollback, _undone_by(root, closings[0]), redoes=ids)
    return UndoCommit(root, read(), rollback, closings, undoes=ids)


def prepare_dry(root: Path, read: Callable[[], View], wanted: UndoRequest) -> UndoCommit | None:
    """As `prepare`, for somebody who holds no lock and writes nothing.

    Raises:
        ConflictError: "busy", while another command writes, or has to be finished.
    """
    if journal.is_present(root):
        raise ConflictError.of(
            "busy",
            "another change is being stored, or was interrupted and waits to be finished",
            hint="run it again; the next command that writes finishes an interrupted change",
        )
    return prepare(root, read, wanted)


# which commits


def _choose(root: Path, wanted: UndoRequest) -> list[PastCommit]:
    commits = with_states(newest_first(root))
    if wanted.redo:
        found = redoable(commits)
        return [found] if found else []
    if wanted.commit is not None:
        return [_find_commit(commits, wanted.commit)]
    chosen: list[PastCommit] = []
    for past, state in commits:
        if state == "done":
            chosen.append(past)
            if len(chosen) == wanted.count:
                break
    if 0 < len(chosen) < wanted.count:
        raise InvalidInputError.of(
            "too-few-commits",
            f"only {len(chosen)} of {wanted.count} commands can be taken back",
            hint="see: acctcli log; what was changed by hand is not in the history",
        )
    return chosen


def _find_commit(commits: Iterable[CommitState], name: str) -> PastCommit:
    found: list[CommitState] = []
    for each in commits:
        commit = each.past.closing.commit
        if commit.startswith(name):
            found.append(each)
            if commit == name:
                found = [each]
                break
    if not found:
        raise NotFoundError.of(
            "not-found", f'no commit is called "{name}"', hint="see: acctcli log"
        )
    if len(found) > 1:
        names = ", ".join(each.past.closing.commit for each in found[:_MOST])
        raise AmbiguousError.of(
            "ambiguous", f'"{name}" may be any of: {names}', hint="give more of the id"
        )
    past, state = found[0]
    if state == "undone":
        raise InvalidInputError.of(
            "undone-already",
            f"{commit_label(past.closing)} is undone already",
            hint="see: acctcli log; to bring back what was undone last: acctcli redo",
        )
    if state != "done":
        raise InvalidInputError.of(
            "not-a-change",
            f"{commit_label(past.closing)} is an undo or a redo itself",
            hint="acctcli redo brings back what was undone last; or name the commit it is about",
        )
    return past


def _undone_by(root: Path, undo: Closing) -> list[Closing]:
    """The commits that an undo took back; those that cannot be found any more are left out."""
    left = set(undo.undoes)
    found: list[Closing] = []
    for past in newest_first(root):
        if past.closing.commit in left:
            left.remove(past.closing.commit)
            found.append(past.closing)
            if not left:
                break
    return found
