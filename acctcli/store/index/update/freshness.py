"""Which files changed since they were indexed.

A file counts as unchanged when its device, inode, size and times are those that were seen, and
its times are older than the look that saw them; one that is not (what git calls racy) is compared
by content. It loads no parser: most reads need no more than this.
"""

from __future__ import annotations

import os
import time
from errno import ENOENT
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from acctcli.core.model.errors import Problem
from acctcli.core.model.records import Settings
from acctcli.store.commit.snapshot import no_settings
from acctcli.store.config.time_zone import zone_key
from acctcli.store.files import filesystem
from acctcli.store.files.names import SETTINGS_FILE
from acctcli.store.index.database import DamagedError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from acctcli.store.commit.snapshot import Content, FileListing

RACY_NS = 2_000_000_000  # a file changed so shortly before may change again without a trace


class IndexedFile(NamedTuple):
    """A file as the index knows it; the names are those of the columns."""

    number: int
    name: str
    rank: int
    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    seen_ns: int
    sha: str
    usual: int

    @property
    def key(self) -> filesystem.FileKey:
        """What told that it was not touched."""
        return filesystem.FileKey(self.device, self.inode, self.size, self.mtime_ns, self.ctime_ns)

    @property
    def is_racy(self) -> bool:
        """Whether it may have changed since without a trace."""
        return self.seen_ns - max(self.mtime_ns, self.ctime_ns) <= RACY_NS


class BookInfo(msgspec.Struct, frozen=True):
    """What the index keeps of the book as a whole."""

    root: bytes
    settings: Settings
    odd: tuple[Problem, ...]
    zone: str


class FileStates(NamedTuple):
    """The files as they are, compared with what the index knows.

    Attributes:
        contents: Where the content of each file stands, in the order of reading.
        changed: The names of those whose content is another, or which are new.
        touched: Those of the same content that have another key, or whose key says more by now.
        gone: The names the index knows and that are no more.
        fits: Whether the files that stay are read in the order the index knows, and days are the
            same in the book's zone.
        shas: The hashes of the files that were compared by content.
    """

    contents: dict[str, Content]
    changed: list[str]
    touched: list[str]
    deleted: list[str]
    fits: bool
    shas: dict[str, str]

    @property
    def is_current(self) -> bool:
        """Whether every answer of the index is right."""
        return not self.changed and not self.deleted and self.fits


def compare(database: sqlite3.Connection, look: FileListing) -> FileStates:
    """The files as they are, compared with what the index knows."""
    known = indexed_files(database)
    contents: dict[str, Content] = {}
    changed: list[str] = []
    touched: list[str] = []
    shas: dict[str, str] = {}
    now = time.time_ns()
    for name in look.names:
        content = look.content(name)
        contents[name] = content
        if content.path is None:
            continue
        before = known.get(name)
        if before is None:
            changed.append(name)
        elif before.key != content.key or before.is_racy or look.is_changing(name):
            found = filesystem.hash_file(content.path, name)
            if found is None:
                _check(look, contents)
                raise look.missing(name, FileNotFoundError(ENOENT, os.strerror(ENOENT)))
            shas[name] = found.sha
            if found.sha != before.sha:
                changed.append(name)
            elif before.key != content.key or _is_settled(content.key, now):
                touched.append(name)
    there = [name for name, content in contents.items() if content.path is not None]
    if SETTINGS_FILE not in there:
        _check(look, contents)
        raise no_settings(look.root)
    gone = [name for name in known if name not in there]
    stay = [name for name in there if name in known]
    fits = stay == sorted(stay, key=lambda name: known[name].rank)
    if fits and known:
        about = read_about(database)
        root = os.fsencode(filesystem.resolve_symlinks(look.root))
        fits = (zone_key(about.settings), root) == (about.zone, about.root)
    return FileStates(contents, changed, touched, gone, fits, shas)


def _check(look: FileListing, contents: Mapping[str, Content]) -> None:
    look.check({name: content.key for name, content in contents.items()})


def indexed_files(database: sqlite3.Connection) -> dict[str, IndexedFile]:
    """The files as the index knows them, by name."""
    rows = database.execute("SELECT * FROM files ORDER BY rank").fetchall()
    return {row[1]: IndexedFile(*row) for row in rows}


def _is_settled(key: filesystem.FileKey | None, now: int) -> bool:
    return key is not None and now - max(key.mtime_ns, key.ctime_ns) > RACY_NS


def read_about(database: sqlite3.Connection) -> BookInfo:
    """What the index keeps of the book as a whole.

    Raises:
        DamagedError: it is not there, or not what was written.
    """
    found = database.execute("SELECT value FROM about WHERE name = 'about'").fetchone()
    if found is None:
        raise DamagedError
    try:
        return msgspec.msgpack.decode(found[0], type=BookInfo)
    except (msgspec.DecodeError, TypeError) as error:
        raise DamagedError from error
