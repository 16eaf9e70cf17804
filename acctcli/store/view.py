"""The book as it was read once: its settings, its typed records, and where each of them stands.

It knows files and records. It never writes and never prints; what is wrong with the book is a
list of problems, and the records that are right are there all the same (docs/architecture.md).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.checks import value_problem
from acctcli.core.defaults import with_currency
from acctcli.core.errors import (
    AmbiguousError,
    InvalidBookError,
    NotFoundError,
    Place,
    Problem,
)
from acctcli.core.kinds import KINDS, KindName
from acctcli.core.names import find
from acctcli.core.records import Data, Deal, Record, Settings
from acctcli.core.schema import read_record, unknown_keys
from acctcli.core.settings import read_settings
from acctcli.store.locate import SETTINGS_FILE, kind_of_file
from acctcli.store.nodes import place_at, raw
from acctcli.store.parse import read_mapping
from acctcli.store.reading import read_file
from acctcli.store.zone import no_zone, zone_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from acctcli.core.records import Raw, RawRecord
    from acctcli.store.reading import Placed, Reading
    from acctcli.store.snapshot import Snapshot

# Where an id stands in a record that cannot be parsed: enough to give the id to no other record.
_AN_ID = re.compile(r"""(?m)^\s*(?:-\s+)?["']?id["']?\s*:\s*["']?([^\s"'#]+)""")
_CANDIDATES = 10  # how many of an ambiguous name's candidates a message lists


class Spot(NamedTuple):
    """Where a record stands: its file and its number in it."""

    kind: KindName
    file: str
    number: int


class View:
    """One consistent reading of a book.

    Attributes:
        settings: What acctcli.yaml says.
        readings: The files as they were read, by name.
        zone: The book's time zone, in which the day of a timestamp is taken (rule 6).
        data: Every record that could be read.
        problems: What makes records or files unusable.
        bare_values: The ids of deals whose value names no currency, so is read in the book's.
        odd: What is unusual in acctcli.yaml (`check` tells); no answer depends on it.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.problems: list[Problem] = []
        read = read_book_settings(snapshot.files[SETTINGS_FILE].data)
        self.settings, self.zone, self.odd = read
        self.readings: dict[str, Reading] = {}
        self.spots: dict[str, Spot] = {}
        self.bare_values: list[str] = []
        self._bad: dict[str, Problem] = {}
        self._unread: list[tuple[Placed, Problem]] = []
        self.data = Data()
        for name, content in snapshot.files.items():
            if name != SETTINGS_FILE:
                self._read_file(name, content.data)

    def _read_file(self, name: str, content: bytes) -> None:
        kind = KINDS[kind_of_file(name)]
        reading = read_file(name, content)
        self.readings[name] = reading
        if reading.problem:
            self.problems.append(reading.problem)
            for found in _AN_ID.finditer(content.decode("utf-8", "replace")):
                self._bad.setdefault(found[1], reading.problem)
        records: dict[str, Record] = getattr(self.data, kind.name)
        for placed in reading.records:
            record, problems = self._typed(kind.name, placed)
            if record is None:
                self._note_bad(placed, problems)
                continue
            if record.id in self.spots:
                self._note_bad(placed, [self._duplicate(kind.name, record, placed)])
                continue
            self.spots[record.id] = Spot(kind.name, name, placed.index)
            records[record.id] = record

    def _typed(self, kind: KindName, placed: Placed) -> tuple[Record | None, list[Problem]]:
        if placed.raw is None:
            return None, [placed.problem] if placed.problem else []
        record, problems = read_record(KINDS[kind], placed.raw, self.settings.custom_fields(kind))
        if isinstance(record, Deal) and (problem := value_problem(record, self.settings)):
            record, problems = None, [problem]
        elif isinstance(record, Deal) and record.value is not None and record.currency is None:
            self.bare_values.append(record.id)
            record = with_currency(record, self.settings)
        return record, [_placed(problem, placed) for problem in problems]

    def _note_bad(self, placed: Placed, problems: list[Problem]) -> None:
        if placed.raw is not None:
            named = placed.raw.get("id")
        else:
            found = _AN_ID.search(placed.text.decode("utf-8", "replace"))
            named = found[1] if found else None
        for problem in problems:
            self.problems.append(problem)
            if isinstance(named, str):
                self._bad.setdefault(named, problem)
        self._unread.extend((placed, problem) for problem in problems[:1])

    def _duplicate(self, kind: KindName, record: Record, placed: Placed) -> Problem:
        first = self.place(record.id, "id") if record.id in self.spots else None
        return Problem(
            id="duplicate-id",
            message=f'the id "{record.id}" is taken'
            + (f" by the record at {first}" if first else ""),
            place=placed.place("id"),
            hint="give one of the two records another id; ids are unique across the book",
            kind=kind,
            record=record.id,
            field="id",
        )

    def settings_from(self, content: bytes) -> Settings:
        """What acctcli.yaml says once it has this content."""
        return read_book_settings(content)[0]

    def place(self, record_id: str, field: str | None = None) -> Place:
        """The place of a record, or of the value of one of its fields."""
        spot = self.spots[record_id]
        return self.readings[spot.file].records[spot.number].place(field)

    def text_of(self, record_id: str) -> str:
        """A record as it is written in its file, the comment lines above it included."""
        spot = self.spots[record_id]
        return self.readings[spot.file].records[spot.number].text.decode()

    def unknown_keys(self) -> Iterator[Problem]:
        """Keys that are neither built in nor declared, each with its place (rule 11)."""
        for name, reading in self.readings.items():
            kind = KINDS[kind_of_file(name)]
            custom = self.settings.custom_fields(kind.name)
            for placed in reading.records:
                if placed.raw is not None:
                    for problem in unknown_keys(kind, placed.raw, custom):
                        yield _placed(problem, placed)

    def ids(self) -> set[str]:
        """Every id there is, those of unreadable records included: a new one must differ."""
        return {*self.spots, *self._bad}

    def unread_count(self) -> int:
        """How many records, or whole files, cannot be read."""
        files = sum(reading.problem is not None for reading in self.readings.values())
        return len(self._unread) + files

    def bad_ids(self) -> set[str]:
        """The ids of the records that cannot be read."""
        return set(self._bad)

    def broken_kinds(self) -> set[str]:
        """The kinds of files that have records of which not even the id can be read."""
        return {
            kind_of_file(name)
            for name, reading in self.readings.items()
            if reading.problem or any(placed.raw is None for placed in reading.records)
        }

    def mention(self, text: str) -> Problem | None:
        """The problem of a record or file that cannot be read and in which a text stands."""
        pattern = re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])".encode())
        for reading in self.readings.values():
            if reading.problem and pattern.search(reading.data):
                return reading.problem
        found = (
            problem
            for placed, problem in self._unread
            if pattern.search(placed.text) or text in _texts(placed.raw)
        )
        return next(found, None)

    def is_bad(self, record_id: str) -> Problem | None:
        """The problem of the record with that id, when it is there and cannot be read."""
        return self._bad.get(record_id)

    def find(self, kind: KindName, name: str) -> str:
        """The id of the record that a user named.

        By its exact id, its exact name (case and accents aside) or a unique prefix of its id, in
        that order.

        Raises:
            NotFoundError: no record is named so.
            AmbiguousError: more than one is; the message lists them.
            InvalidBookError: it is the id of a record that cannot be read.
        """
        records = self.data.of(kind)
        if name in records:
            return name
        if problem := self._bad.get(name):
            raise InvalidBookError(problem)
        label = KINDS[kind].label
        matches = find(name, ((key, getattr(record, label)) for key, record in records.items()))
        title = KINDS[kind].title
        if not matches:
            raise NotFoundError.of(
                "not-found",
                f'no {title} is named "{name}"',
                hint=f'see "acctcli {KINDS[kind].noun} list"; a name is an id, the beginning of'
                " one, or the whole name",
            )
        if len(matches) > 1:
            lines = [f"{key} ({getattr(records[key], label)})" for key in matches[:_CANDIDATES]]
            if len(matches) > _CANDIDATES:
                lines.append(f"{len(matches) - _CANDIDATES} more")
            raise AmbiguousError.of(
                "ambiguous",
                f'"{name}" may be any of: {", ".join(lines)}',
                hint="name it by its id",
            )
        return matches[0]


def read_book_settings(content: bytes) -> tuple[Settings, dt.tzinfo, tuple[Problem, ...]]:
    """What acctcli.yaml says, the zone it names, and what is odd in it.

    Raises:
        InvalidBookError: it cannot be read, or says something that cannot be.
    """
    node = read_mapping(content, SETTINGS_FILE)
    content_raw = raw(node) if node else {}
    settings, problems = read_settings(content_raw if isinstance(content_raw, dict) else {})
    zone = zone_of(settings)
    if zone is None:
        problems.append(no_zone(settings))
    placed = [
        Problem(
            id=problem.id,
            message=problem.message,
            level=problem.level,
            place=place_at(node, problem.field, SETTINGS_FILE),
            hint=problem.hint,
            field=problem.field,
        )
        for problem in problems
    ]
    errors = [problem for problem in placed if problem.level == "error"]
    if errors or zone is None:
        raise InvalidBookError(*errors)
    return settings, zone, tuple(placed)


def _texts(value: Raw | RawRecord) -> Iterator[str]:
    """Every text in a value, however deep; an id can be spelled with escapes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None:
        for item in value.values():
            yield from _texts(item)


def _placed(problem: Problem, placed: Placed) -> Problem:
    return Problem(
        id=problem.id,
        message=problem.message,
        level=problem.level,
        place=placed.place(problem.field),
        hint=problem.hint,
        kind=problem.kind,
        record=problem.record,
        field=problem.field,
    )
