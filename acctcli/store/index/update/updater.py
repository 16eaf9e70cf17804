"""The index brought up to date with the files."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

import msgspec

from acctcli.store.commit.snapshot import FilesMoved
from acctcli.store.config.settings_reader import read_book_settings
from acctcli.store.config.time_zone import zone_key, zone_of
from acctcli.store.datafiles.edited_windows import ByteRange
from acctcli.store.datafiles.stream_splitter import NotPlainLayoutError, split_blocks
from acctcli.store.files import filesystem
from acctcli.store.files.layout import kind_of_file
from acctcli.store.files.names import SETTINGS_FILE
from acctcli.store.index.database import INDEXES
from acctcli.store.index.record_map import data_of
from acctcli.store.index.row_codec import STEP, first_place
from acctcli.store.index.update.account_rows import AccountRows
from acctcli.store.index.update.freshness import BookInfo, indexed_files, read_about
from acctcli.store.index.update.loader import Reader, RowLoader, Source, Tallies
from acctcli.store.index.update.record_diff import diff_records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from acctcli.core.model.records import Settings
    from acctcli.store.commit.snapshot import Content, FileListing
    from acctcli.store.datafiles.edited_windows import EditedFile
    from acctcli.store.index.update.freshness import FileStates, IndexedFile
    from acctcli.store.index.update.parallel_load import SecondReader
    from acctcli.store.index.update.record_diff import DiffHunk

_LARGE = 1 << 22  # bytes of a file from which on it is read in two halves at once
_TABLES = ("about", "files", "records", "roundabout", "problems", "bad_ids", "accounts")


class RebuildError(Exception):
    """All has to be read anew, since what changed bears on everything."""


class Update:
    """One bringing up to date, in a transaction that the caller began and ends.

    Its methods raise what reading files raises, and Moved when they change meanwhile.
    """

    def __init__(
        self,
        database: sqlite3.Connection,
        look: FileListing,
        progress: Callable[[int, int], None] | None = None,
        rewritten: Mapping[str, EditedFile] | None = None,
    ) -> None:
        self._database = database
        self._look = look
        self._progress = progress
        self._rewritten = rewritten or {}
        self._may_halve = True
        self._started = look.began_ns  # before anything was compared

    # everything

    def fill(self, contents: Mapping[str, Content]) -> None:
        """Read every file into empty tables, and make what finds rows in them."""
        self._database.execute("SAVEPOINT fill")
        try:
            self._fill(contents)
        except NotPlainLayoutError:  # found in a half: one process alone can tell what it is
            self._database.execute("ROLLBACK TO fill")
            self._may_halve = False
            self._fill(contents)
        self._database.execute("RELEASE fill")

    def _fill(self, contents: Mapping[str, Content]) -> None:
        content = contents[SETTINGS_FILE]
        data = self._settings_bytes(content)
        settings, zone, odd = read_book_settings(data)
        about = BookInfo(
            os.fsencode(filesystem.resolve_symlinks(self._look.root)),
            settings,
            odd,
            zone_key(settings),
        )
        self._put_file(0, 0, SETTINGS_FILE, content, (filesystem.sha_of(data), True))
        filler = self._fill_files(contents, settings, zone)
        twins = self._index_rows()
        if twins:
            filler.tallies = None
            filler.roundabout = [place for place in filler.roundabout if place not in twins]
        kept = msgspec.msgpack.encode(about)
        self._put_about("about", kept)
        self._put_about("twins", b"1" if twins else b"")
        lookup = data_of(self._database, settings)
        AccountRows(self._database, lookup, settings, zone).make(filler)

    def _fill_files(
        self, contents: Mapping[str, Content], settings: Settings, zone: dt.tzinfo
    ) -> RowLoader:
        sources = {
            name: Source(name, rank, kind_of_file(name), content.path)
            for rank, (name, content) in enumerate(contents.items())
            if rank and content.path is not None
        }
        starts, other = self._file_tails(list(sources.values()), settings, zone)
        size = sum(starts.get(name) or _size(each.path) for name, each in sources.items())
        tallies = Tallies(settings, zone)
        filler = RowLoader(self._database, settings, tallies, self._counter(size))
        try:
            for rank, name in enumerate(contents):
                if name in starts:
                    sha = filler.first_part(sources[name], starts[name])
                    self._put_file(rank, rank, name, contents[name], (sha, True))
                elif name in sources:
                    self._fill_file(filler, rank, rank, name, contents[name])
            if other is not None:
                other.drain_into(filler)
        except FileNotFoundError:
            raise FilesMoved from None
        finally:
            if other is not None:
                other.end()
        return filler

    def _file_tails(
        self, sources: list[Source], settings: Settings, zone: dt.tzinfo
    ) -> tuple[dict[str, int], SecondReader | None]:
        """Where the second halves of files begin, and the process that reads them, if any does."""
        large = [source for source in sources if _size(source.path) >= _LARGE]
        if not large or not self._may_halve:
            return {}, None
        from acctcli.store.index.update.parallel_load import SecondReader, file_tails

        parts = file_tails(large)
        starts = {part.source.name: part.start for part in parts}
        return starts, SecondReader(parts, settings, zone) if parts else None

    def empty(self) -> None:
        """Take all rows away, and what finds rows."""
        for table in _TABLES:
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        for name in INDEXES:
            self._database.execute(f"DROP INDEX IF EXISTS {name}")

    def _settings_bytes(self, content: Content) -> bytes:
        assert content.path is not None  # noqa: S101 - a book has settings, `compare` has looked
        try:
            data, _ = filesystem.read_file(content.path, SETTINGS_FILE)
        except FileNotFoundError as error:
            raise self._look.missing(SETTINGS_FILE, error) from None
        return data

    def _counter(self, total: int) -> Callable[[int], None] | None:
        """What is told how many more bytes are read, of those that this process reads."""
        told = self._progress
        if told is None:
            return None
        done = [0]

        def count(size: int) -> None:
            done[0] += size
            told(done[0], total)

        return count

    def _index_rows(self) -> set[int]:
        """Make what finds rows; gives the places of records whose id another one has."""
        twins: set[int] = set()
        for statement in INDEXES.values():
            try:
                self._database.execute(statement)
            except sqlite3.IntegrityError:
                from acctcli.store.index.update.duplicate_ids import DuplicateIds

                twins = DuplicateIds(self._database, self._look).mark_duplicates()
                self._database.execute(statement)
        return twins

    # what changed

    def apply(self, now: FileStates) -> None:
        """Bring the rows up to date with what `compare` found.

        Raises:
            RebuildError: all has to be read anew.
        """
        about = read_about(self._database)
        twins = self._database.execute("SELECT value FROM about WHERE name = 'twins'").fetchone()
        zone = zone_of(about.settings)
        if (
            SETTINGS_FILE in now.changed
            or zone is None
            or zone_key(about.settings) != about.zone
            or about.root != os.fsencode(filesystem.resolve_symlinks(self._look.root))
            or twins != (b"",)
        ):
            raise RebuildError
        filler = RowLoader(self._database, about.settings)
        try:
            self._apply(filler, now)
        except sqlite3.IntegrityError:  # an id that another record has, somewhere
            raise RebuildError from None
        lookup = data_of(self._database, about.settings)
        AccountRows(self._database, lookup, about.settings, zone).update(filler)

    def _apply(self, filler: RowLoader, now: FileStates) -> None:
        known = indexed_files(self._database)
        size = sum(content.key.size for content in now.contents.values() if content.key)
        if size > _LARGE and size > 2 * sum(file.size for file in known.values()):
            raise RebuildError  # most is new, as after an import: all at once is quicker
        next_number = 1 + max(file.number for file in known.values())
        ranks = {name: rank for rank, name in enumerate(now.contents)}
        refilled: list[tuple[str, int]] = []
        placed: list[tuple[str, list[tuple[int, bytes]], tuple[str, bool]]] = []
        for name in now.deleted:
            self._take_file(filler, known[name].number)
            self._database.execute("DELETE FROM files WHERE name = ?", (name,))
        # All that went goes before anything comes: a record may have moved to another file.
        for name in now.changed:
            file = known.get(name)
            if file is None:
                refilled.append((name, next_number))
                next_number += 1
                continue
            found = None
            if file.usual:
                found = self._in_windows(file, now.shas.get(name))
                found = found or self._differences(file, now.contents[name])
            if found is None:
                self._take_file(filler, file.number)
                refilled.append((name, file.number))
            else:
                gone, come, sha = found
                self._take(filler, gone)
                placed.append((name, come, (sha, True)))
        for name, come, seen in placed:
            known_ways = len(filler.roundabout)
            try:
                filler.add(kind_of_file(name), come)
            except NotPlainLayoutError:
                self._take_file(filler, known[name].number)
                del filler.roundabout[known_ways:]
                refilled.append((name, known[name].number))
            else:
                self._put_file(known[name].number, ranks[name], name, now.contents[name], seen)
        for name, number in refilled:
            self._fill_file(filler, number, ranks[name], name, now.contents[name])
        self.settle(now)
        self._database.executemany(
            "UPDATE files SET rank = ? WHERE name = ?",
            [(rank, name) for name, rank in ranks.items()],
        )

    def settle(self, now: FileStates) -> None:
        """Keep the new keys of files whose content is the old one."""
        for name in now.touched:
            key = now.contents[name].key
            if key is not None:
                self._database.execute(
                    "UPDATE files SET device = ?, inode = ?, size = ?, mtime_ns = ?, ctime_ns = ?,"
                    " seen_ns = ? WHERE name = ?",
                    (*key, self._started, name),
                )

    def _differences(
        self, file: IndexedFile, content: Content
    ) -> tuple[list[int], list[tuple[int, bytes]], str] | None:
        """What went and what comes at which places, and the hash; None to read all of it anew."""
        reader = Reader(self._path(content), file.name)
        try:
            found = self._runs(file, ByteRange(None, None), reader.blocks())
        except FileNotFoundError as error:
            raise self._look.missing(file.name, error) from None
        return None if found is None else (*found, reader.sha())

    def _in_windows(
        self, file: IndexedFile, sha: str | None
    ) -> tuple[list[int], list[tuple[int, bytes]], str] | None:
        """The same, of a file that this process has edited in windows, and nobody else since."""
        made = self._rewritten.get(file.name)
        if made is None or (made.old_sha, made.new_sha) != (file.sha, sha):
            return None
        gone: list[int] = []
        come: list[tuple[int, bytes]] = []
        for span, new in made.parts:
            found = self._runs(file, span, [new])
            if found is None:
                return None
            gone += found[0]
            come += found[1]
        return gone, come, made.new_sha

    def _runs(
        self, file: IndexedFile, span: ByteRange, blocks: Iterable[bytes]
    ) -> tuple[list[int], list[tuple[int, bytes]]] | None:
        """What went and what comes in a span; None when it must be looked for further around."""
        first, last = first_place(file.number), first_place(file.number + 1)
        old = self._database.execute(
            "SELECT place, text FROM records WHERE place BETWEEN ? AND ? ORDER BY place",
            (first if span.first is None else span.first, last if span.last is None else span.last),
        )
        gone: list[int] = []
        come: list[tuple[int, bytes]] = []
        try:
            new = (text for texts in split_blocks(blocks) for text in texts)
            for run in diff_records(old, new):
                inside = (run.after is None) <= (span.first is None) and (run.before is None) <= (
                    span.last is None
                )
                places = _places(run, first) if inside else None
                if places is None:
                    return None
                gone += run.removed
                come += zip(places, run.added, strict=True)
        except NotPlainLayoutError:
            return None
        return gone, come

    def _take_file(self, filler: RowLoader, number: int) -> None:
        first, last = first_place(number), first_place(number + 1)
        rows = self._database.execute(
            "SELECT kind, id, org FROM records WHERE place > ? AND place < ?", (first, last)
        )
        for row in rows:
            filler.mark_deleted(*row)
        for table in ("records", "roundabout"):
            self._database.execute(
                f"DELETE FROM {table} WHERE place > ? AND place < ?",  # noqa: S608 - our own names
                (first, last),
            )
        for table in ("problems", "bad_ids"):
            self._database.execute(f"DELETE FROM {table} WHERE file = ?", (number,))  # noqa: S608 - our own names

    def _take(self, filler: RowLoader, places: list[int]) -> None:
        for place in places:
            row = self._database.execute(
                "SELECT kind, id, org FROM records WHERE place = ?", (place,)
            ).fetchone()
            filler.mark_deleted(*row)
        for table in ("records", "roundabout"):
            self._database.executemany(
                f"DELETE FROM {table} WHERE place = ?",  # noqa: S608 - our own names
                [(place,) for place in places],
            )

    # both

    def _fill_file(
        self, filler: RowLoader, number: int, rank: int, name: str, content: Content
    ) -> None:
        try:
            seen = filler.file(Source(name, number, kind_of_file(name), self._path(content)))
        except FileNotFoundError as error:
            raise self._look.missing(name, error) from None
        self._put_file(number, rank, name, content, seen)

    def _path(self, content: Content) -> Path:
        assert content.path is not None  # noqa: S101 - what has none neither changed nor came
        return content.path

    def _put_file(
        self, number: int, rank: int, name: str, content: Content, seen: tuple[str, bool]
    ) -> None:
        key = content.key or filesystem.FileKey(
            0, 0, 0, 0, 0
        )  # its target is yet to come: not current
        self._database.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, name, rank, *key, self._started, *seen),
        )

    def _put_about(self, name: str, value: bytes) -> None:
        self._database.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _places(run: DiffHunk, first: int) -> list[int] | None:
    """Where what comes is put; None when there is no room left for it."""
    count = len(run.added)
    if count == len(run.removed):
        return run.removed
    low = first if run.after is None else run.after
    step = STEP if run.before is None else (run.before - low) // (count + 1)
    return [low + step * number for number in range(1, count + 1)] if step else None
