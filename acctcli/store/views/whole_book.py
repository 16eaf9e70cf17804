"""The view of --no-index: every file read, every record in memory.

It is what the index must agree with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.records import Data, Record
from acctcli.store.config.settings_reader import read_book_settings
from acctcli.store.datafiles.file_reader import PlacedRecord, read_records
from acctcli.store.datafiles.typed_records import (
    duplicate,
    has_mention,
    ids_in,
    placed_problem,
    typed_record,
)
from acctcli.store.files.layout import kind_of_file
from acctcli.store.files.names import SETTINGS_FILE
from acctcli.store.views.in_memory import InMemoryView
from acctcli.store.views.view import Location, ScannedRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from acctcli.core.model.errors import Place, Problem
    from acctcli.core.model.kinds import Field
    from acctcli.core.model.records import Raw
    from acctcli.store.commit.snapshot import FileData, Snapshot
    from acctcli.store.datafiles.file_editor import FileEdit
    from acctcli.store.datafiles.file_reader import Reading


class WholeView(InMemoryView):
    """A reading with every record in memory."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._problems: list[Problem] = []
        read = read_book_settings(snapshot.files[SETTINGS_FILE].data)
        self.settings, self.zone, self.odd = read
        self._readings: dict[str, Reading] = {}
        self._spots: dict[str, Location] = {}
        self._bare_values: set[str] = set()
        self._bad: dict[str, Problem] = {}
        self._unread: list[tuple[PlacedRecord, Problem]] = []
        self._records: dict[KindName, dict[str, Record]] = {kind: {} for kind in KINDS}
        for rank, name in enumerate(snapshot.files):
            if name != SETTINGS_FILE:
                self._read_file(name, snapshot.files[name].data, rank)
        self.data = Data(**self._records)  # type: ignore[arg-type]  # each kind has its records

    def _read_file(self, name: str, content: bytes, rank: int) -> None:
        kind = KINDS[kind_of_file(name)]
        reading = read_records(name, content)
        self._readings[name] = reading
        if reading.problem:
            self._problems.append(reading.problem)
            for found in ids_in(content):
                self._bad.setdefault(found, reading.problem)
        records = self._records[kind.name]
        for placed in reading.records:
            record, problems, bare = self._typed_record(kind.name, placed)
            if record is None:
                self._note_bad(placed, problems)
                continue
            if record.id in self._spots:
                first = self.place(record.id, "id")
                self._note_bad(placed, [duplicate(kind.name, record.id, placed.place("id"), first)])
                continue
            self._spots[record.id] = Location(kind.name, name, rank, placed.index)
            records[record.id] = record
            if bare:
                self._bare_values.add(record.id)

    def _typed_record(
        self, kind: KindName, placed: PlacedRecord
    ) -> tuple[Record | None, list[Problem], bool]:
        if placed.raw is None:
            return None, [placed.problem] if placed.problem else [], False
        record, problems, bare = typed_record(kind, placed.raw, self.settings)
        return record, [placed_problem(problem, placed) for problem in problems], bare

    def _note_bad(self, placed: PlacedRecord, problems: list[Problem]) -> None:
        known = placed.raw
        named = known.get("id") if known is not None else next(ids_in(placed.text), None)
        for problem in problems:
            self._problems.append(problem)
            if isinstance(named, str):
                self._bad.setdefault(named, problem)
        self._unread.extend((placed, problem) for problem in problems[:1])

    def place(self, record_id: str, field: str | None = None) -> Place:
        """The place of a record, or of the value of one of its fields."""
        return self._placed_record(record_id).place(field)

    def text_of(self, record_id: str) -> str:
        """A record as it is written in its file, the comment lines above it included."""
        return self._placed_record(record_id).text.decode()

    def scan(self, kinds: Collection[KindName]) -> Iterator[ScannedRecord]:
        """All that stands in the files of some kinds, in their order, each met once."""
        for name, reading in self._readings.items():
            kind = kind_of_file(name)
            if kind in kinds:
                for placed in reading.records:
                    record = self._record_of(kind, name, placed)
                    is_bare = record is not None and record.id in self._bare_values
                    yield ScannedRecord(kind, record, placed.raw, is_bare, placed)

    def _record_of(self, kind: KindName, name: str, placed: PlacedRecord) -> Record | None:
        named = placed.raw.get("id") if placed.raw is not None else None
        spot = self._spots.get(named) if isinstance(named, str) else None
        if spot is None or (spot.file, spot.number) != (name, placed.index):
            return None  # it cannot be read, or another one has its id
        return self._records[kind][str(named)]

    def place_of(
        self, seen: ScannedRecord, field: str | None = None, *, at_key: bool = False
    ) -> Place:
        """The place of something met in `scan`, or of the value or key of a field of it."""
        assert isinstance(seen.at, PlacedRecord)  # noqa: S101 - the type of what `scan` gives
        return seen.at.place(field, at_key=at_key)

    @property
    def problems(self) -> list[Problem]:
        """What makes records or files unusable, in the order of the files."""
        return self._problems

    def unread_count(self) -> int:
        """How many records, or whole files, cannot be read."""
        files = sum(reading.problem is not None for reading in self._readings.values())
        return len(self._unread) + files

    def bad_ids(self) -> set[str]:
        """The ids of the records that cannot be read."""
        return set(self._bad)

    def broken_kinds(self) -> set[str]:
        """The kinds of files that have records of which not even the id can be read."""
        return {
            kind_of_file(name)
            for name, reading in self._readings.items()
            if reading.problem or any(placed.raw is None for placed in reading.records)
        }

    def unreadable_mention(self, text: str) -> Problem | None:
        """The problem of a record or file that cannot be read and in which a text stands."""
        for reading in self._readings.values():
            if reading.problem and has_mention(reading.data, None, text):
                return reading.problem
        found = (
            problem
            for placed, problem in self._unread
            if has_mention(placed.text, placed.raw, text)
        )
        return next(found, None)

    def is_bad(self, record_id: str) -> Problem | None:
        """The problem of the record with that id, when it is there and cannot be read."""
        return self._bad.get(record_id)

    # records and files

    def location_of(self, record_id: str) -> Location | None:
        """Where the record with that id stands; None when there is none that can be read."""
        return self._spots.get(record_id)

    def raw_of(self, record_id: str) -> Mapping[str, Raw]:
        """The values of a record as text; KeyError when there is none that can be read."""
        return self._placed_record(record_id).raw or {}

    def _placed_record(self, record_id: str) -> PlacedRecord:
        spot = self._spots[record_id]
        return self._readings[spot.file].records[spot.number]

    def files(self) -> list[str]:
        """The files with records, by name, in the order they are read."""
        return list(self._readings)

    def file(self, name: str) -> FileData | None:
        """The content of acctcli.yaml or of a file with records; None when there is none."""
        return self._snapshot.files.get(name)

    def has_plain_layout(self, name: str) -> bool:
        """Nothing is certain here: all of a file is at hand, and is read."""
        del name
        return False

    def edit(
        self, name: str, record_ids: Iterable[str], custom: Mapping[str, Field], *, adding: bool
    ) -> FileEdit:
        """What edits these records of a file, and with `adding` takes new ones at its end."""
        from acctcli.store.datafiles.file_editor import WholeEdit

        del adding  # all of the file is at hand
        # What is edited are the bytes whose hash the commit checks, so that a file can never
        # be replaced by one that was made from anything else.
        old = self.file(name)
        reading = self._readings.get(name)
        numbers = {key: self._spots[key].number for key in record_ids}
        return WholeEdit(name, old.data if old else None, custom, reading, numbers)
