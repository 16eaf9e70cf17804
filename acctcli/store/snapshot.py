"""Reads all files of a book as they stood at one moment, a whole commit or none of it.

It takes no lock, writes nothing and never waits: it reads, looks whether anything moved, and
starts over if so. It knows files, not records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.errors import AcctcliError, ConflictError, NotFoundError, StorageError
from acctcli.core.kinds import KIND_NAMES
from acctcli.store import disk, journal
from acctcli.store.history import HISTORY_FILE
from acctcli.store.locate import SETTINGS_FILE, in_order, is_file_of, kind_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
            self._sha = disk.sha_of(self.data)
        return self._sha


class Snapshot(NamedTuple):
    """The files of a book at one moment, by their paths: acctcli.yaml, then kind by kind."""

    files: dict[str, FileData]


class _Moved(Exception):  # noqa: N818 - no error: the reading starts over
    """A file is not what it was a moment ago."""


class _Marks(NamedTuple):
    """What changes with every commit."""

    journal: disk.Key | None
    history: disk.Key | None


def read_all(root: Path) -> Snapshot:
    """All files of a book: a whole commit or the one before, never a part of one.

    Raises:
        ConflictError: "busy", when the files keep changing while they are read.
        InvalidBookError: a line is too long, or the journal of a dead writer cannot be used.
        NotFoundError: there is no acctcli.yaml.
        StorageError: a file cannot be read.
    """
    for _ in range(_TRIES):
        try:
            return _read(root)
        except _Moved:
            continue
    raise ConflictError.of(
        "busy",
        f"the files of the book kept changing while they were read ({_TRIES} tries)",
        hint="wait until the other program is done, then run the command again",
    )


def _read(root: Path) -> Snapshot:
    marks = _marks(root)
    commit = journal.header(root)
    changes = {entry.path: entry for entry in commit.files} if commit else {}
    listed = _listed(root)
    files: dict[str, FileData] = {}
    keys: dict[str, disk.Key | None] = {}
    try:
        for name in _with_changes(listed, changes):
            content, keys[name] = _read_one(root, name, changes.get(name))
            if content is not None:
                files[name] = content
    except AcctcliError:
        # What is wrong may be that the file is half written by somebody, or being replaced.
        _check_still(root, marks, listed, keys)
        raise
    _check_still(root, marks, listed, keys)
    if SETTINGS_FILE not in files:
        raise NotFoundError.of(
            "no-book",
            f'there is no {SETTINGS_FILE} in "{root}"',
            hint='run "acctcli init" to make a book, or name one, such as with --book ~/book',
        )
    return Snapshot(files)


def _marks(root: Path) -> _Marks:
    return _Marks(journal.key(root), _key(root, HISTORY_FILE))


def _key(root: Path, name: str) -> disk.Key | None:
    try:
        return disk.key_at(root / name)
    except OSError as error:
        raise disk.cannot_read(name, error) from error


def _listed(root: Path) -> list[list[str]]:
    settings = [SETTINGS_FILE] if disk.is_there(root / SETTINGS_FILE) else []
    return [settings, *(kind_files(root, kind) for kind in KIND_NAMES)]


def _with_changes(listed: list[list[str]], changes: Mapping[str, journal.Entry]) -> list[str]:
    """The names that are listed and those that a commit, which stands, is about to make."""
    made = {name for name, entry in changes.items() if entry.new is not None}
    settings, *by_kind = listed
    names = settings or sorted(made & {SETTINGS_FILE})
    for kind, found in zip(KIND_NAMES, by_kind, strict=True):
        new = {name for name in made if is_file_of(kind, name)}
        names = names + in_order({*found, *new})
    return names


def _read_one(
    root: Path, name: str, change: journal.Entry | None
) -> tuple[FileData | None, disk.Key | None]:
    """A file as the commit in the journal has it, and the key of what stands there now."""
    content: FileData | None = None
    key: disk.Key | None = None
    try:
        data, key = disk.read_file(root / name, name)
        content = FileData(data)
    except FileNotFoundError as error:
        if change is None:
            if (root / name).is_symlink():
                raise disk.cannot_read(name, error) from error
            raise _Moved from None
    if change is None or (content.sha if content else None) != change.old:
        return content, key
    if change.new is None:
        return None, key
    staged = journal.locate(root, name).staged
    if journal.shown(root, staged) != change.staged:  # the user's symlink leads elsewhere now
        return content, key
    try:
        data, _ = disk.read_file(staged, name)
    except FileNotFoundError:
        # Replaced this very moment, and then the key says so in the end; or it was deleted, and
        # then what stands there is all there is.
        return content, key
    return FileData(data), key


def _check_still(
    root: Path, marks: _Marks, listed: list[list[str]], keys: Mapping[str, disk.Key | None]
) -> None:
    if any(_key(root, name) != key for name, key in keys.items()):
        raise _Moved
    try:
        again = _listed(root)
    except StorageError:  # a folder went away while it was looked through
        raise _Moved from None
    if again != listed or _marks(root) != marks:
        raise _Moved
