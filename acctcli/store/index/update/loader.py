"""Data files loaded into rows."""

from __future__ import annotations

import hashlib
from io import FileIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from acctcli.core.accounts.totals import Tally
from acctcli.core.model.errors import InvalidBookError
from acctcli.core.model.kinds import KIND_NAMES, KindName
from acctcli.core.model.records import Activity, Deal, Org
from acctcli.store.datafiles.plain_reader import plain_record, plain_records
from acctcli.store.datafiles.stream_splitter import NotPlainLayoutError, split_blocks
from acctcli.store.datafiles.typed_records import (
    ids_in,
    placed_problem,
    typed_plain_record,
    typed_record,
)
from acctcli.store.files import filesystem
from acctcli.store.index.row_codec import (
    STEP,
    Row,
    bad_row,
    encode_problem,
    encode_raw,
    first_place,
    good_row,
    own_fields,
    second_half_start,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Raw, Record, Settings
    from acctcli.store.datafiles.file_reader import PlacedRecord

_BLOCK = 1 << 22
_BATCH = 5000
_AT_ONCE = 128  # records that are scanned in one go
_MANY_ORGS = 20_000
_LONGEST = 1 << 18  # bytes of a record that is read quickly

_COUNTED = ("deals", "activities")  # what accounts add up
_WAYS = ("deals", "people")  # by way of which a record may belong to an organization

INSERT = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


_Item = TypeVar("_Item")


class Database(Protocol):
    """What a filler needs of a database."""

    def execute(self, statement: str, values: Sequence[object] = ..., /) -> object:
        """Carry out one statement."""

    def executemany(self, statement: str, rows: Iterable[Sequence[object]], /) -> object:
        """Carry out one statement for each of the rows."""


class Source(msgspec.Struct, frozen=True):
    """A file to be read: its name, its number in the index, its kind, and where its content is."""

    name: str
    number: int
    kind: KindName
    path: Path


class Reader:
    """Reads a file, or from one byte of it to another, and knows the hash of what it has read."""

    def __init__(
        self,
        path: Path,
        name: str,
        progress: Callable[[int], None] | None = None,
        *,
        start: int = 0,
        end: int | None = None,
    ) -> None:
        self._path = path
        self._name = name
        self._progress = progress
        self._start = start
        self._end = end
        self._digest = hashlib.sha256()

    def blocks(self) -> Iterator[bytes]:
        """The content in order.

        Raises:
            FileNotFoundError: there is no such file.
            StorageError: it is no regular file, or cannot be read.
        """
        with self._open() as file:
            file.seek(self._start)
            while block := self._block(file, self._room(file.tell())):
                self._digest.update(block)
                if self._progress:
                    self._progress(len(block))
                yield block

    def _open(self) -> FileIO:
        return FileIO(filesystem.open_to_read(self._path, self._name))

    def _block(self, file: FileIO, size: int) -> bytes:
        try:
            return file.read(size)
        except OSError as error:
            raise filesystem.cannot_read(self._name, error) from error

    def _room(self, at: int) -> int:
        return _BLOCK if self._end is None else min(_BLOCK, self._end - at)

    def sha(self) -> str:
        """The SHA-256 of the file up to where it was read, and of what stands behind that."""
        if self._end is not None:
            with self._open() as file:
                file.seek(self._end)
                while block := self._block(file, _BLOCK):
                    self._digest.update(block)
            self._end = None
        return self._digest.hexdigest()


class RowLoader:
    """Puts records into the index.

    Attributes:
        touched: The organizations whose accounts have to be worked out anew.
        moved: The deals, people and organizations that came, went or changed, by which records
            that name no organization may have come to another one.
        roundabout: The places of new records that name no organization, but a deal or a person.
        orgs: What is kept of each organization, when every record is read; None when there are
            too many to be held, and they are to be read from the rows.
        tallies: What each organization adds up to, when every record is read; None when that is
            to be worked out from the rows.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        tallies: Tallies | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.touched: set[str] = set()
        self.moved: set[str] = set()
        self.roundabout: list[int] = []
        self.orgs: dict[str, tuple[Org, bytes | None]] | None = {}
        self.tallies = tallies
        self._all = tallies is not None
        self._database = database
        self.settings = settings
        self._progress = progress

    # whole files

    def first_part(self, source: Source, end: int) -> str:
        """Read the records of a file up to a byte at which one begins; gives the whole file's hash.

        Raises:
            NotPlainLayoutError: the file has not the usual form; what was added is void.
        """
        reader = Reader(source.path, source.name, self._progress, end=end)
        self._usual(source, reader.blocks(), first_place(source.number))
        return reader.sha()

    def second_part(self, source: Source, start: int) -> None:
        """Read the records of a file from the byte on at which `first_part` has ended."""
        reader = Reader(source.path, source.name, start=start)
        self._usual(source, reader.blocks(), second_half_start(source.number))

    def file(self, source: Source) -> tuple[str, bool]:
        """Read all of a file; gives the hash of its content, and whether it has the usual form.

        That is so when all of its records can be read, and their places are those of their dashes.

        Raises:
            FileNotFoundError: it is gone.
            InvalidBookError: a line is too long.
            sqlite3.IntegrityError: an id of it is taken.
        """
        reader = Reader(source.path, source.name, self._progress)
        known = self.touched.copy(), self.moved.copy(), len(self.roundabout)
        self._database.execute("SAVEPOINT file")
        try:
            self._usual(source, reader.blocks(), first_place(source.number))
        except NotPlainLayoutError:
            self._database.execute("ROLLBACK TO file")
            self.touched, self.moved = known[:2]
            self.orgs = None
            del self.roundabout[known[2] :]
            self.tallies = None  # it has counted what is void
            data, _ = filesystem.read_file(source.path, source.name)
            self._whole(source, data)
            return filesystem.sha_of(data), False
        finally:
            self._database.execute("RELEASE file")
        return reader.sha(), True

    def _usual(self, source: Source, blocks: Iterable[bytes], place: int) -> None:
        for texts in split_blocks(blocks):
            places = range(place + STEP, place + STEP * (len(texts) + 1), STEP)
            self.add(source.kind, list(zip(places, texts, strict=True)))
            place += STEP * len(texts)

    def _whole(self, source: Source, data: bytes) -> None:
        """Read a file of any form, or one with records that cannot be read."""
        from acctcli.store.datafiles.file_reader import read_records

        reading = read_records(source.name, data)
        if reading.problem:
            self._note(source, None, reading.problem, ids_in(data))
        for placed in reading.records:
            place = first_place(source.number) + STEP * (placed.index + 1)
            self._insert([self._placed_row(source, placed, place)])

    def _placed_row(self, source: Source, placed: PlacedRecord, place: int) -> Row:
        text = placed.piece
        if placed.raw is None:
            problems = [placed.problem] if placed.problem else []
            named: Iterator[str] = islice(ids_in(placed.text), 1)
        else:
            record, found, _ = typed_record(source.kind, placed.raw, self.settings)
            if record is not None:
                self._note_added(source.kind, record, place, placed.raw)
                return good_row(place, source.kind, record, text, encode_raw(placed.raw))
            problems = [placed_problem(problem, placed) for problem in found]
            known = placed.raw.get("id")
            named = iter([known] if isinstance(known, str) else [])
        for number, problem in enumerate(problems):
            self._note(source, place, problem, named if not number else ())
        return bad_row(place, source.kind, text, placed.raw)

    def _note(
        self, source: Source, place: int | None, problem: Problem, named: Iterable[str]
    ) -> None:
        kept = encode_problem(problem)
        self._database.execute(
            "INSERT INTO problems (file, place, problem) VALUES (?, ?, ?)",
            (source.number, place, kept),
        )
        self._database.executemany(
            "INSERT INTO bad_ids VALUES (?, ?, ?, ?)",
            [(record_id, source.number, place, kept) for record_id in dict.fromkeys(named)],
        )

    def take_in(self, rows: list[Row]) -> None:
        """Take in rows that another filler has made of other parts of files."""
        self._insert(rows)

    # records

    def mark_deleted(self, kind: int, record_id: str | None, org: str | None) -> None:
        """Note what follows from a record that went, by the columns of its row."""
        if record_id is None:
            return
        name = KIND_NAMES[kind]
        if name == "orgs":
            self.touched.add(record_id)
        elif name in _COUNTED and org is not None:
            self.touched.add(org)
        if name in {"orgs", *_WAYS}:
            self.moved.add(record_id)

    def add(self, kind: KindName, placed: Sequence[tuple[int, bytes]]) -> None:
        """Add the records of these texts at their places.

        Raises:
            NotPlainLayoutError: one cannot be read; what was added is void.
            sqlite3.IntegrityError: an id is taken.
        """
        read = typed_plain_record(kind, self.settings)
        for some in _parts(placed, _BATCH):
            rows: list[Row] = []
            for few in _parts(some, _AT_ONCE):
                texts = [text for _, text in few]
                joined = b"".join(texts)
                if len(joined) > _LONGEST and max(map(len, texts)) > _LONGEST:
                    raise NotPlainLayoutError
                decoded = _decode(joined)
                plain = plain_records(decoded, len(few))
                for number, (place, text) in enumerate(few):
                    found = plain[number] if plain is not None else {}
                    record = read(found)
                    if record is None:
                        rows.append(self._odd_row(kind, place, text))
                    else:
                        rows.append(good_row(place, kind, record, text, None))
                        self._note_added(kind, record, place, found)
            self._insert(rows)

    def _odd_row(self, kind: KindName, place: int, text: bytes) -> Row:
        """The row of a record that the quickest way does not take."""
        decoded = _decode(text)
        plain = plain_record(decoded)
        raw = plain or _parse(decoded)
        record, _, _ = typed_record(kind, raw, self.settings)
        if record is None:
            raise NotPlainLayoutError
        self._note_added(kind, record, place, raw)
        return good_row(place, kind, record, text, None if plain else encode_raw(raw))

    def _insert(self, rows: list[Row]) -> None:
        self._database.executemany(INSERT, rows)

    def _note_added(
        self, kind: KindName, record: Record, place: int, raw: Mapping[str, Raw]
    ) -> None:
        """Note what follows from a record that came."""
        if isinstance(record, Org):
            self._note_org(record, raw)
            return
        org = record.org
        if org is None:
            if getattr(record, "person", None) or getattr(record, "deal", None):
                self.roundabout.append(place)
        elif self.tallies is not None:
            if isinstance(record, Activity):
                self.tallies.of(org).add_activity(record)
            elif isinstance(record, Deal):
                self.tallies.of(org).add_deal(record)
        elif not self._all and kind in _COUNTED:
            self.touched.add(org)
        if not self._all and kind in _WAYS:
            self.moved.add(record.id)

    def _note_org(self, org: Org, raw: Mapping[str, Raw]) -> None:
        if self._all:
            if self.orgs is not None:
                self.orgs.setdefault(org.id, (org, own_fields(raw, self.settings)))
                if len(self.orgs) > _MANY_ORGS:
                    self.orgs = None
        else:
            self.touched.add(org.id)
            self.moved.add(org.id)


class Tallies:
    """A tally for each organization that a record names.

    Attributes:
        found: The tallies there are, by the organization's id.
    """

    def __init__(self, settings: Settings, zone: dt.tzinfo) -> None:
        self._settings = settings
        self._zone = zone
        self.found: dict[str, Tally] = {}

    def of(self, org_id: str) -> Tally:
        """The tally of an organization; a new one when it has none yet."""
        found = self.found.get(org_id)
        if found is None:
            found = self.found[org_id] = Tally(self._settings, self._zone)
        return found


def _parts(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _decode(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise NotPlainLayoutError from None


def _parse(text: str) -> Mapping[str, Raw]:
    """The values of a record in any form.

    Raises:
        NotPlainLayoutError: it cannot be read, or is more than one.
    """
    from acctcli.store.datafiles.yaml.parser import quick_record
    from acctcli.store.datafiles.yaml.reader import parse_record

    found = quick_record(text)
    if found is not None:
        return found
    try:
        return parse_record(text, "")
    except InvalidBookError:
        raise NotPlainLayoutError from None
