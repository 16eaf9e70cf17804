"""All files of a book at one moment.

It takes no lock, writes nothing and never waits: it reads, looks whether anything moved, and
starts over if so.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from acctcli.core.model.errors import (
    AcctcliError,
    ConflictError,
    NotFoundError,
    StorageError,
)
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.store.commit import journal
from acctcli.store.files import filesystem
from acctcli.store.files.layout import in_order, is_file_of, kind_files
from acctcli.store.files.names import HISTORY_FILE, SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_Result = TypeVar("_Result")
_TRIES = 100


class FileData:
    """The content of a file, and its SHA-256, which is worked out when it is first asked for."""

    __slots__ = ("_sha", "data")

    def __init__(self, data: bytes, sha: str | None = None) -> None:
        self.data = data
        self._sha = sha

    @property
    def sha(self) -> str:
        """The SHA-256 of the content."""
        if self._sha is None:
            self._sha = filesystem.sha_of(self.data)
        return self._sha


class Snapshot(NamedTuple):
    """The files of a book at one moment, by their paths: acctcli.yaml, then kind by kind."""

    files: dict[str, FileData]


class ChangedMeanwhile(Exception):  # noqa: N818 - no error: the book is read anew and all is tried again
    """A file is not what it was when it was read; nothing was changed."""


class FilesMoved(Exception):  # noqa: N818 - no error: the reading starts over
    """A file is not what it was a moment ago."""


class _Marks(NamedTuple):
    """What changes with every commit."""

    journal: filesystem.FileKey | None
    history: filesystem.FileKey | None


class Content(NamedTuple):
    """Where the content of a file stands, which may be beside its target; None for a removed one.

    Attributes:
        path: The file to read.
        key: What tells that the target is not touched; None when there is none.
    """

    path: Path | None
    key: filesystem.FileKey | None


class FileListing:
    """A look at the files of a book: which there are and where their content stands.

    What is read after it belongs to one moment if `check` raises nothing in the end.

    Attributes:
        root: The book.
        began_ns: When it began: whatever changes later may not be what was looked at.
        names: The files, acctcli.yaml first, then those of each kind in the order they are read.
        unfinished: Whether a commit stands that is not finished: the files on the disk are not
            all of the same moment, and a later look may find other ones for the same content.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.began_ns = time.time_ns()
        self._marks = _marks(root)
        commit = journal.header(root)
        self._changes = {entry.path: entry for entry in commit.files} if commit else {}
        self._listed = _list_files(root)
        self.names = _with_changes(self._listed, self._changes)
        self.unfinished = commit is not None

    def is_changing(self, name: str) -> bool:
        """Whether the unfinished commit has a new content for a file."""
        return name in self._changes

    def content(self, name: str) -> Content:
        """Where a file's content stands as the commit in the journal has it, if there is one."""
        change = self._changes.get(name)
        target = self.root / name
        if change is None:
            return Content(target, _key(self.root, name))
        found = filesystem.hash_file(target, name)
        key = found.key if found else None
        if (found.sha if found else None) != change.old:
            return Content(target if found else None, key)
        if change.new is None:
            return Content(None, key)
        staged = journal.locate(self.root, name).staged
        # The user's symlink may lead elsewhere now; or what is staged was put in place this very
        # moment, and then the key says so in the end; or it was deleted, and then what stands
        # there is all there is.
        if journal.display_path(self.root, staged) == change.staged and filesystem.exists(staged):
            return Content(staged, key)
        return Content(target if found else None, key)

    def check(self, keys: Mapping[str, filesystem.FileKey | None]) -> None:
        """Raise Moved when anything is not as it was; `keys` are those `content` gave."""
        if any(_key(self.root, name) != key for name, key in keys.items()):
            raise FilesMoved
        try:
            again = _list_files(self.root)
        except StorageError:  # a folder went away while it was looked through
            raise FilesMoved from None
        if again != self._listed or _marks(self.root) != self._marks:
            raise FilesMoved

    def missing(self, name: str, error: OSError) -> Exception:
        """What it means that a file that was listed is not there."""
        if name not in self._changes and (self.root / name).is_symlink():
            return filesystem.cannot_read(name, error)
        return FilesMoved()


def read_consistently(root: Path, read: Callable[[FileListing], _Result]) -> _Result:
    """What a reading gives, which is made anew while it raises Moved.

    Raises:
        ConflictError: "busy", when the files keep changing while they are read.
    """
    for _ in range(_TRIES):
        try:
            return read(FileListing(root))
        except FilesMoved:
            continue
    raise ConflictError.of(
        "busy",
        f"the files of the book kept changing while they were read ({_TRIES} tries)",
        hint="wait until the other program is done, then run the command again",
    )


def read_all(root: Path) -> Snapshot:
    """All files of a book: a whole commit or the one before, never a part of one.

    Raises:
        ConflictError: "busy", when the files keep changing while they are read.
        InvalidBookError: a line is too long, or the journal of a dead writer cannot be used.
        NotFoundError: there is no acctcli.yaml.
        StorageError: a file cannot be read.
    """
    return read_consistently(root, lambda look: _read(root, look))


def _read(root: Path, look: FileListing) -> Snapshot:
    files: dict[str, FileData] = {}
    keys: dict[str, filesystem.FileKey | None] = {}
    try:
        for name in look.names:
            path, keys[name] = look.content(name)
            if path is not None:
                files[name] = _read_one(look, path, name)
    except AcctcliError:
        # What is wrong may be that the file is half written by somebody, or being replaced.
        look.check(keys)
        raise
    look.check(keys)
    if SETTINGS_FILE not in files:
        raise no_settings(root)
    return Snapshot(files)


def _read_one(look: FileListing, path: Path, name: str) -> FileData:
    try:
        data, _ = filesystem.read_file(path, name)
    except FileNotFoundError as error:
        raise look.missing(name, error) from None
    return FileData(data)


def no_settings(root: Path) -> AcctcliError:
    """The error for a folder that is no book."""
    return NotFoundError.of(
        "no-book",
        f'there is no {SETTINGS_FILE} in "{root}"',
        hint='run "acctcli init" to make a book, or name one, such as with --book ~/book',
    )


def _marks(root: Path) -> _Marks:
    return _Marks(journal.key(root), _key(root, HISTORY_FILE))


def _key(root: Path, name: str) -> filesystem.FileKey | None:
    try:
        return filesystem.key_at(root / name)
    except OSError as error:
        raise filesystem.cannot_read(name, error) from error


def _list_files(root: Path) -> list[list[str]]:
    settings = [SETTINGS_FILE] if filesystem.exists(root / SETTINGS_FILE) else []
    return [settings, *(kind_files(root, kind) for kind in KIND_NAMES)]


def _with_changes(
    listed: list[list[str]], changes: Mapping[str, journal.JournalEntry]
) -> list[str]:
    """The names that are listed and those that a commit, which stands, is about to make."""
    made = {name for name, entry in changes.items() if entry.new is not None}
    settings, *by_kind = listed
    names = settings or sorted(made & {SETTINGS_FILE})
    for kind, found in zip(KIND_NAMES, by_kind, strict=True):
        new = {name for name in made if is_file_of(kind, name)}
        names = names + in_order({*found, *new})
    return names
