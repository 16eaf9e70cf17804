"""The commit protocol.

Under the lock: the new contents are staged beside their targets and made safe on the disk, then
the journal, and once that is put in place the commit stands. What follows (the history's lines,
the targets' new names, dropping the journal) is done by this process, or by the next writer. The
history comes before the targets, since until the first of them is replaced all can be taken back:
a disk that is full, or a file that others changed, leaves the book as it was. Ctrl-C stops it
while it stages, and has to wait from just before the journal stands until all is finished.

A reader sees the commit from the moment the journal is there. A program that ignores our lock may
write between the last look at a target and its renaming, some microseconds: what it wrote in that
moment is lost. A change that is found before the first target is replaced withdraws the commit;
one that is found later is kept beside the file.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import AcctcliError, ConflictError, StorageError
from acctcli.store.commit import journal
from acctcli.store.commit.signals import hold_signals
from acctcli.store.commit.snapshot import ChangedMeanwhile
from acctcli.store.commit.staging import (
    ATTIC,
    FileChange,
    StagedFile,
    put_in_place,
    refuse_same_file,
    stage,
    sync_names,
    unstage,
)
from acctcli.store.files import filesystem, layout
from acctcli.store.files.names import HISTORY_FILE
from acctcli.store.history import append

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from acctcli.store.history.append import Lines

_RACY_NS = 2_000_000_000  # a file changed so lately may change again and its key stay the same


class _TargetState(NamedTuple):
    """A target when it was last hashed; `sure` when its key tells every later change."""

    key: filesystem.FileKey | None
    sure: bool


class _HistoryPart(NamedTuple):
    """What the history gets: its size before, None when there is none, and the lines."""

    size: int | None
    lines: Lines


# a commit


def commit(
    root: Path, changes: Sequence[FileChange], lines: Iterable[bytes], commit_id: str
) -> None:
    """Make all the changes and add the lines to the history. To be called under the lock.

    The lines are asked for once, one after the other, when all else is staged.

    Raises:
        ChangedMeanwhile: a file is not what it was; nothing was changed.
        ConflictError: "overtaken", when others changed a file in the very middle: the commit
            stands and what they wrote is kept beside the file.
        InvalidBookError: a path is not in the book, or two are one file; nothing was changed.
        KeyboardInterrupt: on Ctrl-C; nothing was changed, or the commit is finished.
        StorageError: "cannot-write" or the like, when nothing was changed; "unfinished", when the
            commit stands and the next writer has to finish it.
    """
    if journal.is_present(root):
        raise ChangedMeanwhile(journal.DISPLAY_NAME)
    refuse_same_file(root, changes)
    staged: list[StagedFile] = []
    with ExitStack() as signals:
        try:
            for change in changes:
                staged.append(stage(root, change))  # noqa: PERF401 - when one fails, those before it are cleared
            seen = [_look(one) for one in staged]
            sync_names(root, staged)
            told = _stage_journal(root, staged, lines, commit_id)
            signals.enter_context(hold_signals())
        except BaseException:
            _clear_staged(root, staged)
            raise
        kept = _complete(root, staged, seen, told, commit_id)
        if kept:
            raise _overtaken(kept)


def _complete(
    root: Path,
    staged: Sequence[StagedFile],
    seen: Sequence[_TargetState],
    told: _HistoryPart,
    commit_id: str,
) -> list[tuple[str, str]]:
    """All that follows the staging; what was kept of others."""
    try:
        _publish_journal(root, told)
        _replace_first(root, staged, seen)
    except Exception:
        _withdraw(root, staged)
        raise
    except BaseException:
        # Interrupted by what cannot be held back: with the journal in place the commit stands
        # and what is staged is needed.
        if not journal.is_present(root):
            _clear_staged(root, staged)
        raise
    return _finish(root, staged, seen, commit_id, is_first=told.size is None)


def _look(one: StagedFile) -> _TargetState:
    found = filesystem.hash_file(one.target, one.path)
    if (found.sha if found else None) != one.old:
        raise ChangedMeanwhile(one.path)
    if found is None:
        return _TargetState(None, sure=True)
    age = time.time_ns() - max(found.key.ctime_ns, found.key.mtime_ns)
    return _TargetState(found.key, sure=age > _RACY_NS)


def _is_unchanged(one: StagedFile, seen: _TargetState) -> bool:
    if seen.sure:
        with filesystem.naming_errors(one.path):
            return filesystem.key_at(one.target) == seen.key
    found = filesystem.hash_file(one.target, one.path)
    return found is not None and found.sha == one.old


def _stage_journal(
    root: Path, staged: Sequence[StagedFile], lines: Iterable[bytes], commit_id: str
) -> _HistoryPart:
    """Write the journal, not in its place yet."""
    with filesystem.naming_errors(HISTORY_FILE):
        size = append.size_of(root)
    entries = tuple(
        journal.JournalEntry(
            one.path,
            journal.display_path(root, one.staged) if one.staged else None,
            one.old,
            one.new,
        )
        for one in staged
    )
    with filesystem.naming_errors(journal.DISPLAY_NAME):
        filesystem.make_private_folder(root)
        made = journal.new(commit_id, entries, size)
        return _HistoryPart(
            size, journal.stage_journal(root, made, append.with_line_start(root, lines))
        )


def _publish_journal(root: Path, told: _HistoryPart) -> None:
    """Put the journal in place, from where the commit stands, and add to the history."""
    with filesystem.naming_errors(journal.DISPLAY_NAME):
        journal.publish(root)
    with filesystem.naming_errors(HISTORY_FILE):
        append.append(root, told.size, told.lines)


def _replace_first(root: Path, staged: Sequence[StagedFile], seen: Sequence[_TargetState]) -> None:
    """Replace the first target, when nobody has touched any of them meanwhile."""
    for one, before in zip(staged, seen, strict=True):
        if not _is_unchanged(one, before):
            raise ChangedMeanwhile(one.path)
    if staged:
        put_in_place(root, staged[0])


def _withdraw(root: Path, staged: Iterable[StagedFile]) -> None:
    """Take all back, before the first target was replaced.

    What is staged goes last: as long as the journal is there, even by a power cut, it is needed.
    """
    try:
        if found := journal.load(root):
            with filesystem.naming_errors(HISTORY_FILE):
                append.truncate_commit(root, found[0].history_size, found[1])
            with filesystem.naming_errors(journal.DISPLAY_NAME):
                journal.drop(root)
    except StorageError as error:
        raise _unfinished_error(error) from error
    _clear_staged(root, staged)


def _clear_staged(root: Path, staged: Iterable[StagedFile]) -> None:
    with suppress(OSError):
        journal.clear_torn(root)
    unstage(staged)


def _finish(
    root: Path,
    staged: Sequence[StagedFile],
    seen: Sequence[_TargetState],
    commit_id: str,
    *,
    is_first: bool,
) -> list[tuple[str, str]]:
    """Replace all targets but the first, and close the commit; what was kept of others."""
    kept: list[tuple[str, str]] = []
    try:
        for one, before in zip(staged[1:], seen[1:], strict=True):
            if not _is_unchanged(one, before):
                kept += _keep_theirs(root, one, commit_id)
                if one.staged is None:
                    continue  # what is not what was to be removed stays
            put_in_place(root, one)
        _close(root, staged, is_first=is_first)
    except StorageError as error:
        raise _unfinished_error(error) from error
    return kept


def _close(root: Path, staged: Iterable[StagedFile], *, is_first: bool) -> None:
    """Wait until all new names are on the disk, and drop the journal."""
    folders = dict.fromkeys(one.target.parent for one in staged)
    if any(one.staged is None for one in staged):
        folders[root / filesystem.OWN_FOLDER / ATTIC] = None
    if is_first:  # the history's own name is new
        folders[filesystem.resolve_symlinks(root / HISTORY_FILE).parent] = None
    for folder in folders:
        # After a crash the folder of a removed file may have been removed too.
        with (
            filesystem.naming_errors(journal.display_path(root, folder)),
            suppress(FileNotFoundError),
        ):
            filesystem.sync_folder(folder)
    with filesystem.naming_errors(journal.DISPLAY_NAME):
        journal.drop(root)


def _unfinished_error(error: StorageError) -> AcctcliError:
    return StorageError.of(
        "unfinished",
        f"the change is stored, but not finished: {error.problems[0].message}",
        hint="mend that; the next command that writes to the book finishes the change, and "
        "readers see it already",
    )


# what others wrote in the middle of it


def _keep_theirs(root: Path, one: StagedFile, commit_id: str) -> list[tuple[str, str]]:
    """Keep what others wrote into a target beside it; both names, or none when there is none."""
    found = filesystem.hash_file(one.target, one.path)
    if found is None or found.sha == one.new:
        return []
    if one.staged is None:
        return [(one.path, one.path)]
    theirs = _conflict_copy(one.target, commit_id)
    name = journal.display_path(root, theirs)
    with filesystem.naming_errors(name):
        try:
            filesystem.link(one.target, theirs)
        except OSError:  # a file system without hard links
            filesystem.unlink(theirs)
            filesystem.copy(one.target, theirs, 0o600, one.path)
        filesystem.sync_folder(theirs.parent)
    return [(one.path, name)]


def _overtaken(kept: Sequence[tuple[str, str]]) -> AcctcliError:
    return ConflictError.of(
        "overtaken",
        "; ".join(
            f'another program changed "{path}" while this change was stored, '
            f'and what it wrote is kept in "{theirs}"'
            for path, theirs in kept
        ),
        hint="this change is stored; put what you want of the other into the file by hand, "
        f"such as after: diff {kept[0][0]} {kept[0][1]}",
    )


def _conflict_copy(target: Path, commit_id: str) -> Path:
    return target.with_name(f"{target.name}.theirs-{commit_id}")


# after a crash


def recover(root: Path) -> bool:
    """Finish the commit of a writer that died, and clear what it staged; whether there was one.

    To be called under the lock, before anything is read in order to be written.

    Raises:
        ConflictError: "changed-after-crash" or "lost-after-crash"; nothing was changed.
        InvalidBookError: "bad-journal", when it cannot be understood.
        StorageError: the operating system refuses; it is tried again by the next writer.
    """
    found = journal.load(root)
    if found:
        commit_made, lines = found
        files = [_locate(root, entry) for entry in commit_made.files]
        waiting = [one for one in files if _is_waiting(root, one, commit_made.commit)]
        with hold_signals():
            with filesystem.naming_errors(
                journal.DISPLAY_NAME
            ):  # the writer may have died before its name was safe
                filesystem.sync_folder(root / filesystem.OWN_FOLDER)
            with filesystem.naming_errors(HISTORY_FILE):
                append.append(root, commit_made.history_size, lines)
            for one in waiting:
                put_in_place(root, one)
            _close(root, files, is_first=commit_made.history_size is None)
    _clear(root)
    return found is not None


def _locate(root: Path, entry: journal.JournalEntry) -> StagedFile:
    target, staged = journal.locate(root, entry.path)
    if entry.staged is None:
        return StagedFile(entry.path, target, None, entry.old, None, 0)
    if journal.display_path(root, staged) != entry.staged:
        raise _changed_error(entry.path, entry.staged)  # the user's symlink leads elsewhere now
    return StagedFile(entry.path, target, staged, entry.old, entry.new, 0)


def _is_waiting(root: Path, one: StagedFile, commit_id: str) -> bool:
    """Whether a target is still to be replaced; what speaks against it is an error."""
    found = filesystem.hash_file(one.target, one.path)
    now = found.sha if found else None
    if one.staged is None:
        return now is not None and now == one.old
    if now == one.new:
        return False
    name = journal.display_path(root, one.staged)
    staged = filesystem.hash_file(one.staged, name)
    if staged is None and now != one.old:
        return False  # it was replaced, and changed since: what stands there is the newest
    if staged is None or staged.sha != one.new:
        raise ConflictError.of(
            "lost-after-crash",
            f'a command was interrupted, and its change of "{one.path}", which waited in "{name}", '
            "is gone",
            hint="put that file back; or give the interrupted command up, files that it replaced "
            f"already stay as they are: rm {journal.DISPLAY_NAME}",
        )
    if now == one.old:
        return True
    kept = filesystem.hash_file(_conflict_copy(one.target, commit_id), one.path)
    if kept is not None and kept.sha == now:
        return True
    raise _changed_error(one.path, name)


def _changed_error(path: str, staged: str) -> AcctcliError:
    return ConflictError.of(
        "changed-after-crash",
        f'a command was interrupted, and "{path}" was changed before its change was finished, '
        f'which waits in "{staged}"',
        hint=f"compare the two; take the command's: mv {staged} {path}; or keep the file as it "
        f"is: rm {staged}; then run the command again",
    )


def _clear(root: Path) -> None:
    for path in list(layout.staged_leftovers(root)):
        with filesystem.naming_errors(journal.display_path(root, path)):
            filesystem.unlink(path)


__all__ = ["ChangedMeanwhile", "FileChange", "StagedFile", "commit", "recover", "stage"]
