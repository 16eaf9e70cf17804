"""Attached copies checked against their records."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from acctcli.core.model.errors import (
    InvalidInputError,
    NotFoundError,
    Place,
    Problem,
    StorageError,
)
from acctcli.store.files import filesystem
from acctcli.store.files.attachments import FOLDER, check_file, folded_name, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acctcli.core.model.records import File

_PUT_BACK = "put the right file back, or add this one anew"


def copy_of(root: Path, file: File) -> Path:
    """Where the copy of an attached file really stands, inside the book.

    Raises:
        InvalidInputError: "outside-book": its path leads out of attachments/.
        NotFoundError: "missing-attachment": nothing is there.
        StorageError: "not-a-file": it is no regular file.
    """
    path = file.path or ""
    found = resolve(root, path)
    if not os.path.lexists(found):
        raise NotFoundError.of(
            "missing-attachment", f'there is no file "{path}" in the book', hint=_twin(root, path)
        )
    if not found.is_file():
        raise StorageError.of(
            "not-a-file",
            f'"{path}" is not a regular file',
            hint="put a file in its place, or remove the record",
        )
    return found


def verify(root: Path, files: Iterable[File]) -> Iterator[Problem]:
    """What is wrong with the copies of files, each read whole; links are passed over."""
    for file in files:
        if file.path is not None and (problem := _wrong(root, file, file.path)):
            yield problem._replace(kind="files", record=file.id, field="path")


def verify_contents(root: Path, files: Iterable[File]) -> Iterator[Problem]:
    """Which copies have other content, though they are there and have the right size."""
    for file in files:
        whole = file.path is not None and file.sha256 is not None
        if whole and not check_file(root, file):
            yield from verify(root, [file])


def _wrong(root: Path, file: File, path: str) -> Problem | None:
    try:
        found = filesystem.hash_file(copy_of(root, file), path)
    except (InvalidInputError, NotFoundError, StorageError) as error:
        return error.problems[0]
    if found is None:  # it went in this moment
        return Problem(id="missing-attachment", message=f'there is no file "{path}" in the book')
    if file.size is not None and file.size != found.size:
        message = f'"{path}" has {found.size} bytes, not the {file.size} it was attached with'
    elif file.sha256 is not None and file.sha256.lower() != found.sha:
        message = f'"{path}" has other content than it was attached with'
    else:
        return None
    return Problem(id="attachment-changed", message=message, hint=_PUT_BACK)


def _twin(root: Path, path: str) -> str:
    """What to do about a copy that is not there: a name that only looks the same may be."""
    twins = [each for each in _names(root) if folded_name(each) == folded_name(path)]
    if twins:
        other = _display_name(twins[0])
        return f'there is "{other}", which is spelled another way: rename it, or edit the path'
    return "put it back, or remove the record"


def without_record(root: Path, files: Iterable[File]) -> list[Problem]:
    """The copies in attachments/ that no record of a file names.

    Raises:
        StorageError: the folder cannot be read.
    """
    named = [os.path.normpath(file.path) for file in files if file.path is not None]
    known, same = set(named), {key for path in named if (key := _key(root, path))}
    above = {str(folder) for path in named for folder in PurePosixPath(path).parents}
    return [
        Problem(
            id="unregistered-attachment",
            message="no record names this file",
            level="warning",
            hint="remove it, or move it out of the book and add it with: acctcli file add",
            place=Place(_display_name(name)),
        )
        for name in _names(root)
        if name not in known and name not in above and _key(root, name) not in same
    ]


def _key(root: Path, path: str) -> tuple[int, int] | None:
    """What is the same for two spellings of a name where the file system takes them for one."""
    try:
        found = resolve(root, path).lstat()
    except (InvalidInputError, OSError):
        return None
    return found.st_dev, found.st_ino


def _display_name(name: str) -> str:
    """A name of the file system as text; bytes that are none as escapes."""
    return os.fsencode(name).decode(errors="backslashreplace")


def _names(root: Path) -> list[str]:
    """The paths of what lies in attachments/, as records name them, sorted.

    Symlinks are not followed. Hidden files are no copies: none gets a name that begins with a dot.
    """
    found = []
    start = root / FOLDER
    if (
        filesystem.resolve_symlinks(start) != filesystem.resolve_symlinks(root) / FOLDER
    ):  # it leads out of the book
        return []

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise filesystem.cannot_read(FOLDER, error) from error

    for folder, folders, names in os.walk(start, onerror=refuse):
        inside = Path(folder).relative_to(root)
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [str(inside / name) for name in [*names, *linked] if not name.startswith(".")]
    return sorted(found)
