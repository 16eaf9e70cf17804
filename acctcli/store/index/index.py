"""The index of a book: opened, refreshed, replaced when damaged.

When the index is damaged it is made anew, when another process holds it too long or the folder of
caches cannot be used, one of this process alone takes its place: the answer is the same.
"""

from __future__ import annotations

import sqlite3
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from acctcli.core.model.errors import AcctcliError
from acctcli.store.commit.snapshot import ChangedMeanwhile, FilesMoved, read_consistently
from acctcli.store.index import database as db
from acctcli.store.index.database import DamagedError, NoRoomError
from acctcli.store.index.index_view import IndexedView
from acctcli.store.index.update.freshness import compare, indexed_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from acctcli.store.commit.snapshot import Content, FileListing
    from acctcli.store.datafiles.edited_windows import EditedFile
    from acctcli.store.index.update.freshness import FileStates, IndexedFile

    Progress = Callable[[int, int], None]


_TRIES = 3  # how often an index is made anew that turns out to be damaged


class Index:
    """The index of one book. A view that it gave keeps the database open while it is in use."""

    def __init__(self, root: Path, cache: Path | None, progress: Progress | None = None) -> None:
        """Prepare for a book.

        Args:
            root: The book.
            cache: The folder of caches of all programs; None for an index of this run alone.
            progress: Gets how many bytes are read, and of how many, while a file is read.
        """
        self._root = root
        folder = db.folder(cache) if cache is not None else None
        self._path = db.database_path(folder, root) if folder is not None else None
        self._progress = progress
        self._rewritten: Mapping[str, EditedFile] = {}

    def view(self) -> IndexedView:
        """The book as it is now; see `Book.read`."""
        for _ in range(_TRIES):
            try:
                return read_consistently(self._root, self._shared_view)
            except NoRoomError:
                break
            except (DamagedError, sqlite3.DatabaseError) as error:
                if db.is_busy(error):
                    break
                self.forget(error)
        return read_consistently(self._root, self._private_view)

    def refresh(self, rewritten: Mapping[str, EditedFile]) -> None:
        """Bring the index up to date, for those who read next; what keeps it from that is passed.

        Whoever reads next brings it up to date in any case.

        Args:
            rewritten: The files of which it is known where they were edited.
        """
        self._rewritten = rewritten
        if self._path is not None:
            with suppress(
                AcctcliError, DamagedError, NoRoomError, sqlite3.Error, ChangedMeanwhile, OSError
            ):
                read_consistently(self._root, self._shared_view)

    def is_damage(self, error: Exception) -> bool:
        """Whether an error says that the index cannot be what was written."""
        return isinstance(error, DamagedError | sqlite3.DatabaseError)

    def forget(self, error: Exception) -> None:
        """Remove the index when an error of `is_stale_reading` says that it is damaged."""
        if not isinstance(error, ChangedMeanwhile) and self._path is not None:
            db.remove(self._path)

    # one of all processes

    def _shared_view(self, look: FileListing) -> IndexedView:
        if self._path is None:
            return self._private_view(look)
        connection = db.open_existing(self._path)
        if connection is None:
            if look.unfinished:
                return self._private_view(look)
            return self._build(look, self._path)
        try:
            return self._current(look, connection)
        except BaseException:
            connection.close()
            raise

    def _current(self, look: FileListing, connection: sqlite3.Connection) -> IndexedView:
        connection.execute("BEGIN")
        now = compare(connection, look)
        if not now.is_current and look.unfinished:
            # What is to come is in a copy, lest others wait for the index.
            copy = db.copy_database(connection)
            connection.close()
            return self._updated_copy(look, copy)
        if not now.is_current:
            connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            now = compare(connection, look)
            self._update(look, connection, now)
            connection.execute("COMMIT")
            connection.execute("BEGIN")
        else:
            _check(look, now.contents)
            if now.touched and not look.unfinished:
                self._settle(look, connection)
        return self._as_view(connection, now.contents)

    def _updated_copy(self, look: FileListing, copy: sqlite3.Connection) -> IndexedView:
        """A view of a copy of this process alone, while a commit is not finished."""
        try:
            copy.execute("BEGIN")
            now = compare(copy, look)
            self._update(look, copy, now)
            copy.execute("COMMIT")
            return self._as_view(copy, now.contents)
        except BaseException:
            copy.close()
            raise

    def _update(self, look: FileListing, connection: sqlite3.Connection, now: FileStates) -> None:
        from acctcli.store.index.update.updater import RebuildError, Update

        update = Update(connection, look, self._progress, self._rewritten)
        try:
            connection.execute("SAVEPOINT changes")
            try:
                update.apply(now)
            except RebuildError:
                connection.execute("ROLLBACK TO changes")
                update.empty()
                update.fill(now.contents)
        except AcctcliError:
            # What is wrong may be that the file is half written, or being replaced.
            _check(look, now.contents)
            raise
        _check(look, now.contents)

    def _settle(self, look: FileListing, connection: sqlite3.Connection) -> None:
        """Keep that files are the same, so that they need not be compared again; or do without."""
        from acctcli.store.index.update.updater import Update

        connection.execute("ROLLBACK")
        try:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("BEGIN IMMEDIATE")
            Update(connection, look).settle(compare(connection, look))
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if not db.is_busy(error):
                raise
        connection.execute("BEGIN")
        if not compare(connection, look).is_current:
            raise FilesMoved

    def _build(self, look: FileListing, path: Path) -> IndexedView:
        db.clear_dead(path.parent)
        contents: dict[str, Content] = {}
        mine: dict[str, IndexedFile] = {}

        def fill(connection: sqlite3.Connection) -> None:
            nonlocal contents, mine
            contents = self._fill(look, connection)
            mine = indexed_files(connection)

        connection = db.build(path, fill)
        connection.execute("BEGIN")
        if indexed_files(connection) != mine:
            # Another process was faster: its index is of the files as they were then.
            connection.close()
            raise FilesMoved
        return self._as_view(connection, contents)

    # one of this process alone

    def _private_view(self, look: FileListing) -> IndexedView:
        connection = db.private()
        try:
            contents = self._fill(look, connection)
        except BaseException:
            connection.close()
            raise
        return self._as_view(connection, contents)

    def _fill(self, look: FileListing, connection: sqlite3.Connection) -> dict[str, Content]:
        from acctcli.store.index.update.updater import Update

        now = compare(connection, look)
        connection.execute("BEGIN")
        try:
            Update(connection, look, self._progress).fill(now.contents)
        except AcctcliError:
            _check(look, now.contents)
            raise
        _check(look, now.contents)
        connection.execute("COMMIT")
        return now.contents

    def _as_view(
        self, connection: sqlite3.Connection, contents: Mapping[str, Content]
    ) -> IndexedView:
        view = IndexedView(connection, contents, self._root)
        weakref.finalize(view, connection.close)
        return view


def is_stale_reading(error: Exception) -> bool:
    """Whether an error says that what a view told does not hold: its index or a file is another."""
    return isinstance(error, DamagedError | ChangedMeanwhile | sqlite3.DatabaseError)


def _check(look: FileListing, contents: Mapping[str, Content]) -> None:
    look.check({name: content.key for name, content in contents.items()})
