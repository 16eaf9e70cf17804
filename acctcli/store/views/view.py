"""Views: what commands may ask of a book.

A view is one consistent reading: `whole_book` holds every record in memory, `index_view` looks up
what is asked for. It never writes and never prints; what is wrong with the book is a list of
problems, and the records that are right are there all the same (docs/architecture.md).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.accounts.totals import done_day, is_due, is_won
from acctcli.core.model.errors import (
    AmbiguousError,
    InvalidBookError,
    NotFoundError,
    Problem,
)
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.links import all_links, org_of
from acctcli.core.model.records import Activity
from acctcli.core.model.schema import unknown_keys

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.model.errors import Place
    from acctcli.core.model.kinds import Field
    from acctcli.core.model.records import Data, Deal, Raw, Record, Settings, Value
    from acctcli.core.reports.search import SearchResult, SearchWord
    from acctcli.store.commit.snapshot import FileData
    from acctcli.store.datafiles.file_editor import FileEdit

_CANDIDATES = 10  # how many of an ambiguous name's candidates a message lists


class ListedAccount(ABC):
    """An organization as a list shows it on the day that was asked for."""

    __slots__ = ()

    @property
    @abstractmethod
    def row(self) -> AccountRow:
        """What the list shows, on its day."""

    @property
    @abstractmethod
    def owner(self) -> str | None:
        """Its owner."""

    @property
    @abstractmethod
    def contacts(self) -> Sequence[int]:
        """The days of its contacts, as `core.accounts.totals.day_numbers` gives them, sorted."""

    @property
    @abstractmethod
    def wins(self) -> Sequence[int]:
        """The days of its wins that are known, likewise."""

    @property
    @abstractmethod
    def due(self) -> Sequence[int]:
        """The due dates of its undone activities, likewise."""

    @property
    @abstractmethod
    def custom(self) -> Mapping[str, Value]:
        """Its own fields, typed."""

    @abstractmethod
    def text(self, custom: bytes, *, with_membership: bool) -> bytes | None:
        """The machine form as a JSON object, when it is at hand.

        Args:
            custom: The own fields as they are to be written, as a JSON object.
            with_membership: Whether `is_account` is told.
        """


class Location(NamedTuple):
    """Where a record stands: its kind, its file's number in the order of reading, its place in it.

    Spots sort as the records stand in the book.
    """

    kind: KindName
    file: str
    rank: int
    number: int


class ScannedRecord(NamedTuple):
    """What stands in a file of records, as a look through all of them meets it.

    Attributes:
        kind: Its kind.
        record: The record; None when it cannot be read.
        raw: Its values as text, which may be there all the same.
        is_bare: Whether it is a deal whose money is read in the book's currency.
        at: Where it stands, for `View.place_of`.
    """

    kind: KindName
    record: Record | None
    raw: Mapping[str, Raw] | None
    is_bare: bool
    at: object


class View(ABC):
    """One consistent reading of a book.

    Attributes:
        settings: What acctcli.yaml says.
        zone: The book's time zone, in which the day of a timestamp is taken (rule 6).
        odd: What is unusual in acctcli.yaml (`check` tells); no answer depends on it.
        data: Every record that could be read.
    """

    settings: Settings
    zone: dt.tzinfo
    odd: tuple[Problem, ...]
    data: Data

    # what is wrong

    @property
    @abstractmethod
    def problems(self) -> list[Problem]:
        """What makes records or files unusable, in the order of the files."""

    @abstractmethod
    def is_bad(self, record_id: str) -> Problem | None:
        """The problem of the record with that id, when it is there and cannot be read."""

    @abstractmethod
    def bad_ids(self) -> AbstractSet[str]:
        """The ids of the records that cannot be read."""

    @abstractmethod
    def broken_kinds(self) -> AbstractSet[str]:
        """The kinds of files that have records of which not even the id can be read."""

    @abstractmethod
    def unread_count(self) -> int:
        """How many records, or whole files, cannot be read."""

    @abstractmethod
    def unreadable_mention(self, text: str) -> Problem | None:
        """The problem of a record or file that cannot be read and in which a text stands."""

    # all of it

    @abstractmethod
    def scan(self, kinds: Collection[KindName]) -> Iterator[ScannedRecord]:
        """All that stands in the files of some kinds, in their order, each met once."""

    @abstractmethod
    def place_of(
        self, seen: ScannedRecord, field: str | None = None, *, at_key: bool = False
    ) -> Place:
        """The place of something met in `scan`, or of the value or key of a field of it."""

    def unknown_keys_of(self, seen: ScannedRecord) -> list[Problem]:
        """Keys of something met that are neither built in nor declared, placed (rule 11)."""
        if seen.raw is None:
            return []
        found = unknown_keys(KINDS[seen.kind], seen.raw, self.settings.custom_fields(seen.kind))
        return [each._replace(place=self.place_of(seen, each.field, at_key=True)) for each in found]

    # records

    @abstractmethod
    def location_of(self, record_id: str) -> Location | None:
        """Where the record with that id stands; None when there is none that can be read."""

    @abstractmethod
    def place(self, record_id: str, field: str | None = None) -> Place:
        """The place of a record, or of the value of one of its fields; KeyError for no record."""

    @abstractmethod
    def text_of(self, record_id: str) -> str:
        """A record as it is written in its file, the comment lines above it included."""

    @abstractmethod
    def raw_of(self, record_id: str) -> Mapping[str, Raw]:
        """The values of a record as text; KeyError when there is none that can be read."""

    def is_taken(self, record_id: str) -> bool:
        """Whether there is a record of that id, be it one that cannot be read."""
        return self.location_of(record_id) is not None or self.is_bad(record_id) is not None

    # files

    @abstractmethod
    def files(self) -> list[str]:
        """The files with records, by name, in the order they are read."""

    @abstractmethod
    def file(self, name: str) -> FileData | None:
        """The content of acctcli.yaml or of a file with records; None when there is none."""

    @abstractmethod
    def has_plain_layout(self, name: str) -> bool:
        """Whether it is certain that a file is in the usual form, and all of it can be read.

        Then records begin where a dash stands in the first column, and nowhere else.
        """

    @abstractmethod
    def edit(
        self, name: str, record_ids: Iterable[str], custom: Mapping[str, Field], *, adding: bool
    ) -> FileEdit:
        """What edits these records of a file, and with `adding` takes new ones at its end."""

    # what records add up to

    @abstractmethod
    def listed_accounts(self, today: dt.date, *, accounts_only: bool) -> Iterable[ListedAccount]:
        """Organizations as lists show them on a day, in the order of `list_place`."""

    @abstractmethod
    def listed_accounts_of(self, org_ids: Iterable[str], today: dt.date) -> Iterable[ListedAccount]:
        """These organizations as `listed` gives them, in the order of their ids as given."""

    @abstractmethod
    def branches(self, org_id: str) -> list[str]:
        """The ids of the organizations whose parent is this one, in the order of a list."""

    @abstractmethod
    def won_count(self, org_id: str) -> int:
        """How many won deals belong to an organization; an account has one or more (rule 1)."""

    @abstractmethod
    def records_of_org(self, org_id: str) -> Data:
        """All records that belong to an organization, and what tells that they do (rule 2)."""

    @abstractmethod
    def records_owned_through(self, ids: AbstractSet[str]) -> list[tuple[KindName, str]]:
        """See `core.model.links.reaching`."""

    @abstractmethod
    def may_link_to(self, ids: AbstractSet[str]) -> Iterable[tuple[KindName, str]]:
        """The records that link to one of these ids, and maybe others; in no order."""

    def links(self) -> Iterator[tuple[KindName, str, KindName, str]]:
        """Every link that is set, in no order.

        Each is the kind and id of the record, and the kind and id of what it points at.
        """
        for kind, record, _, target_kind, target in all_links(self.data, self.settings):
            yield kind, record.id, target_kind, target

    # texts

    def search(
        self, words: Sequence[SearchWord], kinds: Collection[KindName]
    ) -> Iterator[SearchResult]:
        """The records of some kinds that hold all the words, in no order; see `match`."""
        from acctcli.core.reports.search import SearchResult, match, searched_fields

        for kind in kinds:
            fields = searched_fields(kind, self.settings.custom_fields(kind))
            for record_id in self.data.of(kind):
                raw = self.raw_of(record_id)
                found = match(raw, fields, words)
                if found is not None:
                    yield SearchResult(kind, record_id, raw, found)

    # by days

    def due_by(self, until: dt.date) -> Iterator[Activity]:
        """The undone activities that are due up to a day, in the order of the files."""
        return (each for each in self.data.activities.values() if is_due(each, until))

    def won_between(self, since: dt.date, until: dt.date) -> Iterator[Deal]:
        """The deals won in a period, both ends included, in the order of the files."""
        deals = self.data.deals.values()
        return (each for each in deals if is_won(each, since, until, self.zone))

    def deals_without_org(self) -> Iterator[str]:
        """The ids of the deals that reach no organization (rule 2), in the order of the files."""
        for deal in self.data.deals.values():
            if org_of(deal, self.data) is None:
                yield deal.id

    # names

    @abstractmethod
    def ids_of_name(self, kind: KindName, name: str) -> list[str]:
        """The ids of a kind that a name may stand for; see `core.model.names.find`."""

    def find(
        self, kind: KindName, name: str, prefer: Callable[[Record], bool] | None = None
    ) -> str:
        """The id of the record that a user named.

        By its exact id, its exact name (case and accents aside) or a unique prefix of its id, in
        that order. Of several, those count that are to be preferred, if there are any.

        Raises:
            NotFoundError: no record is named so.
            AmbiguousError: more than one is; the message lists them.
            InvalidBookError: it is the id of a record that cannot be read.
        """
        records = self.data.of(kind)
        if name in records:
            return name
        if problem := self.is_bad(name):
            raise InvalidBookError(problem)
        matches = self.ids_of_name(kind, name)
        title = KINDS[kind].title
        if not matches:
            raise NotFoundError.of(
                "not-found",
                f'no {title} is named "{name}"',
                hint=f'see "acctcli {KINDS[kind].noun} list"; a name is an id, the beginning of'
                " one, or the whole name",
            )
        if len(matches) > 1 and prefer is not None:
            matches = [key for key in matches if prefer(records[key])] or matches
        if len(matches) > 1:
            lines = [
                f"{key} ({self._display_candidate(kind, records[key])})"
                for key in matches[:_CANDIDATES]
            ]
            if len(matches) > _CANDIDATES:
                lines.append(f"{len(matches) - _CANDIDATES} more")
            raise AmbiguousError.of(
                "ambiguous",
                f'"{name}" may be any of: {", ".join(lines)}',
                hint="name it by its id",
            )
        return matches[0]

    def _display_candidate(self, kind: KindName, record: Record) -> str:
        """What tells a record from others of its name: an activity's day, beside the name."""
        label: str = getattr(record, KINDS[kind].label)
        if not isinstance(record, Activity):
            return label
        if record.done:
            day = done_day(record, self.zone)
            return f"{label}, done {day}" if day else f"{label}, done"
        return f"{label}, due {record.due_date}" if record.due_date else f"{label}, without a date"
