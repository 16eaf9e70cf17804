"""The database of an index: its schema, its files, its damage.

It is disposable: whatever is wrong with it, it is made anew.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# One more with every change of the tables or of what stands in them.
VERSION = 5
_PAGE = 4096  # bytes
_WAIT = 10.0  # seconds: who waits would need as long to do the same work
_SAFELY = "PRAGMA synchronous = NORMAL"  # a power cut may lose the last changes, and no more

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, rank INTEGER NOT NULL,
    device INTEGER, inode INTEGER, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER,
    seen_ns INTEGER NOT NULL, sha TEXT NOT NULL, usual INTEGER NOT NULL
);
CREATE TABLE records (
    place INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id TEXT, label TEXT, org TEXT,
    text BLOB NOT NULL, raw BLOB, crc INTEGER NOT NULL
);
CREATE TABLE roundabout (target TEXT NOT NULL, place INTEGER NOT NULL);
CREATE TABLE problems (
    number INTEGER PRIMARY KEY, file INTEGER NOT NULL, place INTEGER, problem BLOB NOT NULL
);
CREATE TABLE bad_ids (
    id TEXT NOT NULL, file INTEGER NOT NULL, place INTEGER, problem BLOB NOT NULL
);
CREATE TABLE accounts (
    org TEXT NOT NULL, sort TEXT NOT NULL, owner TEXT, parent TEXT,
    won_count INTEGER NOT NULL, text BLOB NOT NULL, custom BLOB, due BLOB NOT NULL,
    contacts BLOB NOT NULL, wins BLOB NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (sort, org)
) WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_org ON accounts (org);
CREATE INDEX accounts_parent ON accounts (parent) WHERE parent IS NOT NULL;
"""
# What finds rows is made when they are there, which is quicker.
INDEXES = {
    "records_id": "CREATE UNIQUE INDEX records_id ON records (id) WHERE id IS NOT NULL",
    "records_label": "CREATE INDEX records_label ON records (kind, label) WHERE id IS NOT NULL",
    "records_org": "CREATE INDEX records_org ON records (org) WHERE org IS NOT NULL",
    "roundabout_target": "CREATE INDEX roundabout_target ON roundabout (target)",
    "roundabout_place": "CREATE INDEX roundabout_place ON roundabout (place)",
    "problems_file": "CREATE INDEX problems_file ON problems (file)",
    "bad_ids_id": "CREATE INDEX bad_ids_id ON bad_ids (id)",
}


class DamagedError(Exception):
    """The index cannot be what acctcli wrote."""


class NoRoomError(Exception):
    """The folder of caches does not take an index: it is full, or knows no second names."""


def folder(environ_home: Path) -> Path | None:
    """The folder of all indexes, made if it is not there; None when it cannot be."""
    found = environ_home / "acctcli"
    try:
        found.mkdir(0o700, parents=True, exist_ok=True)
        status = found.stat()
    except OSError:
        return None
    mine = status.st_uid == os.getuid() and not found.is_symlink()
    if mine and status.st_mode & 0o077:
        with suppress(OSError):
            found.chmod(0o700)
    return found if mine and os.access(found, os.W_OK | os.X_OK) else None


def database_path(cache: Path, root: Path) -> Path:
    """The index of the book that really stands there.

    Two books may have to share one: it says itself which of them it is of.
    """
    name = os.fsencode(filesystem.resolve_symlinks(root))
    return cache / f"{zlib.crc32(name):08x}{zlib.adler32(name):08x}.sqlite"


def open_existing(path: Path) -> sqlite3.Connection | None:
    """Open the index at a path; None when there is none. One that cannot be used is removed.

    Raises:
        sqlite3.OperationalError: another process holds it.
    """
    try:
        status = path.stat()  # once: another process may remove it at any time
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    if status.st_size % _PAGE:  # cut off: SQLite takes what is missing of a page for zeros
        remove(path)
        return None
    database = _connect(path)
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            database.execute(_SAFELY)
            return database
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            database.close()
            raise
    database.close()
    remove(path)
    return None


def private() -> sqlite3.Connection:
    """An index of this process alone, empty; SQLite keeps it in a file that has no name."""
    return _make("")


def copy_database(database: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of an index for this process alone."""
    copy = _connect("")
    try:
        database.backup(copy)
    except BaseException:
        copy.close()
        raise
    return copy


def build(path: Path, fill: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """Make an index, let it be filled, and give it the name `path`; whole or not at all.

    When another process is faster, its index keeps the name, and is the one that is given.

    Raises:
        NoRoomError: the folder does not take it.
    """
    staged = path.with_name(f"{path.stem}.{os.getpid()}.new")
    made = [staged, *_side_files(staged)]
    _unlink(made)
    with _room():
        database = _make(staged)
    try:
        fill(database)
        database.execute("PRAGMA journal_mode = WAL")
        database.close()
        with _room():
            _publish(staged, path)
        database = _connect(path)
        database.execute(_SAFELY)
        return database  # noqa: TRY300 - it is closed when it is not given
    except BaseException:
        database.close()
        raise
    finally:
        _unlink(made)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoRoomError from error


def _publish(staged: Path, path: Path) -> None:
    handle = os.open(staged, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    with _alone(path.parent) as alone, suppress(FileExistsError):
        if not path.exists() and any(each.exists() for each in _side_files(path)):
            # Of an index that is gone: SQLite would take it for a part of this one.
            if not alone:
                raise DamagedError
            _unlink(_side_files(path))
        path.hardlink_to(staged)


def remove(path: Path) -> None:
    """Remove an index, and what SQLite keeps beside it; or leave it to one who does so now."""
    with _alone(path.parent) as alone:
        if alone:
            _unlink([path, *_side_files(path)])


def _side_files(path: Path) -> list[Path]:
    return [Path(f"{path}{end}") for end in ("-wal", "-shm", "-journal")]


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def _alone(cache: Path) -> Iterator[bool]:
    """Whether no other process gives or takes the name of an index meanwhile; it never waits."""
    try:
        handle = os.open(cache, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield False
        return
    try:
        yield _is_locked(handle)
    finally:
        os.close(handle)


def _is_locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks, on which nobody shares an index
        return True
    return True


def clear_dead(cache: Path) -> None:
    """Remove what processes that died have left half made."""
    for path in cache.glob("*.new*"):
        number = path.name.split(".")[1]
        if number.isdigit() and not _is_alive(int(number)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _make(path: Path | str) -> sqlite3.Connection:
    if path:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    database = _connect(path)
    for pragma in (
        f"page_size = {_PAGE}",
        "journal_mode = MEMORY",
        "synchronous = OFF",
        "locking_mode = EXCLUSIVE",
    ):
        database.execute(f"PRAGMA {pragma}")
    database.executescript(_TABLES)
    database.execute(f"PRAGMA user_version = {VERSION}")
    return database


def _connect(path: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_WAIT, isolation_level=None, cached_statements=64)


def is_busy(error: Exception) -> bool:
    """Whether an error says that another process holds the index."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    }
