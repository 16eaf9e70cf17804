"""Staged files.

Nobody but writers looks at what is staged, unless a journal names it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from acctcli.core.model.errors import InvalidBookError
from acctcli.store.commit import journal
from acctcli.store.commit.signals import hold_signals
from acctcli.store.commit.snapshot import ChangedMeanwhile
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Iterable

ATTIC = "attic"  # in .acctcli: removed attachments by their SHA-256, for undo


class FileChange(Struct, frozen=True, kw_only=True):
    """What becomes of one file.

    Attributes:
        path: The path in the book.
        old_sha: The SHA-256 it must have; None when it must not be there.
        data: The new content.
        source: A file to copy the new content from. Without data and source the file is removed.
        new_sha: The SHA-256 of the data, or the one that the source must turn out to have, when
            it is known.
    """

    path: str
    old_sha: str | None
    data: bytes | Sequence[bytes | memoryview] | None = None
    source: Path | None = None
    new_sha: str | None = None


class StagedFile(NamedTuple):
    """A change that waits to be put in place.

    Attributes:
        path: The path in the book.
        target: The file that is replaced, symlinks followed.
        staged: The new content; None for a removal.
        old: The SHA-256 before; None when the file is new.
        new: The SHA-256 after; None for a removal.
        size: The new content's size in bytes.
        made: Folders that were made for it, the outermost first.
    """

    path: str
    target: Path
    staged: Path | None
    old: str | None
    new: str | None
    size: int
    made: tuple[Path, ...] = ()


def refuse_same_file(root: Path, changes: Iterable[FileChange]) -> None:
    """Refuse two changes of what is really one file.

    Raises:
        InvalidBookError: "same-file".
    """
    paths: dict[Path, str] = {}
    for change in changes:
        target = journal.locate(root, change.path).target
        if target in paths:
            raise InvalidBookError.of(
                "same-file",
                f'"{paths[target]}" and "{change.path}" are the same file',
                hint="remove the symlink of the two",
            )
        paths[target] = change.path


def stage(root: Path, change: FileChange) -> StagedFile:
    """Write a change's new content beside its target, and wait until it is on the disk.

    The names in the folders are made safe by `sync_names`, once for all.

    Raises:
        ChangedMeanwhile: the source is not what it was when it was described.
        StorageError: "cannot-write"; nothing is left of it.
    """
    target, staged = journal.locate(root, change.path)
    if change.data is None and change.source is None:
        with filesystem.naming_errors(change.path):
            _prepare_removal(root, target, change)
        return StagedFile(change.path, target, None, change.old_sha, None, 0)
    made: list[Path] = []
    try:
        with filesystem.naming_errors(change.path):
            _make_folders(target.parent, made)
            filesystem.unlink(staged)  # of a writer that died
            sha, size = _write(target, staged, change)
    except BaseException:
        unstage([StagedFile(change.path, target, staged, None, None, 0, tuple(made))])
        raise
    return StagedFile(change.path, target, staged, change.old_sha, sha, size, tuple(made))


def sync_names(root: Path, staged: Iterable[StagedFile]) -> None:
    """Wait until the names of what is staged, and of the folders on the way to it, are on the disk.

    Who made such a folder, or .acctcli, may have died before it was safe.

    Raises:
        StorageError: "cannot-write".
    """
    base = filesystem.resolve_symlinks(root)
    folders = {base: str(root)}  # .acctcli stands there
    for one in staged:
        if one.staged is not None:
            folders[one.target.parent] = one.path
            if one.old is None:
                above = (each for each in one.target.parents if each.is_relative_to(base))
                folders.update(dict.fromkeys(above, one.path))
            folders.update(dict.fromkeys((made.parent for made in one.made), one.path))
    for folder, path in folders.items():
        with filesystem.naming_errors(path):
            filesystem.sync_folder(folder)


def unstage(staged: Iterable[StagedFile]) -> None:
    """Clear what is staged, and the folders made for it; what cannot be cleared is left."""
    with hold_signals():
        for one in staged:
            with suppress(OSError):
                if one.staged is not None:
                    filesystem.unlink(one.staged)
            for folder in reversed(one.made):
                with suppress(OSError):
                    filesystem.remove_folder(folder)


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing: list[Path] = []
    while not filesystem.exists(folder):
        missing.insert(0, folder)
        folder = folder.parent
    for each in missing:
        made.append(each)  # before it is made: an interrupt may fall between the two
        filesystem.make_folder(each)


def _write(target: Path, staged: Path, change: FileChange) -> tuple[str, int]:
    try:
        like = target.stat()
    except FileNotFoundError:
        like = None
    # What only its owner may read is readable for no others while it is staged either.
    mode = 0o666 if like is None else 0o600
    if change.source is not None:
        try:
            copied = filesystem.copy(change.source, staged, mode, str(change.source))
        except FileNotFoundError as error:
            raise ChangedMeanwhile(str(change.source)) from error
        if change.new_sha not in {None, copied.sha}:
            raise ChangedMeanwhile(str(change.source))
        return copied.sha, copied.size
    content = filesystem.pieces_of(change.data or b"")
    handle = filesystem.open_new(staged, mode)
    try:
        for piece in content:
            filesystem.write(handle, piece)
        if like is not None:
            filesystem.copy_mode(handle, like)
        filesystem.sync(handle)
    finally:
        os.close(handle)
    return change.new_sha or filesystem.sha_of(content), sum(map(len, content))


def _prepare_removal(root: Path, target: Path, change: FileChange) -> None:
    """Make the attic, and copy there what cannot be renamed into it: from another device."""
    attic = filesystem.make_private_folder(root) / ATTIC
    if not attic.is_dir():
        filesystem.make_folder(
            attic, 0o700
        )  # its name is safe once the journal's is, in one folder
    if change.old_sha is None or not target.exists() or is_same_device(target, attic):
        return
    staged = attic / filesystem.staged_name(change.old_sha)
    filesystem.unlink(staged)
    try:
        copied = filesystem.copy(target, staged, 0o600, change.path)
        if copied.sha == change.old_sha:
            filesystem.rename(staged, attic / change.old_sha)
    finally:
        with suppress(OSError):
            filesystem.unlink(staged)
    if copied.sha != change.old_sha:
        raise ChangedMeanwhile(change.path)
    filesystem.sync_folder(attic)


def is_same_device(one: Path, other: Path) -> bool:
    """Whether a file can be renamed from the one place to the other."""
    return one.stat().st_dev == other.stat().st_dev


def put_in_place(root: Path, one: StagedFile) -> None:
    """Give what is staged its target's name, or move a removed file to the attic.

    Raises:
        StorageError: "cannot-write", and nothing was done.
    """
    with filesystem.naming_errors(one.path):
        if one.staged is not None:
            filesystem.rename(one.staged, one.target)
            return
        attic = root / filesystem.OWN_FOLDER / ATTIC
        if not attic.is_dir():  # gone since it was staged, by another's hand
            filesystem.make_folder(attic, 0o700)
        kept = attic / str(one.old)
        if filesystem.exists(kept):
            filesystem.unlink(one.target)
        else:
            filesystem.rename(one.target, kept)
