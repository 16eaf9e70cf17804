"""A view that looks up in the index.

It gives what `whole_book` gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from acctcli.core.accounts.totals import is_due, is_won
from acctcli.core.model.kinds import KIND_NAMES, KINDS, KindName
from acctcli.core.model.links import org_of
from acctcli.core.model.names import find
from acctcli.core.model.records import Data, Record
from acctcli.store.commit.snapshot import ChangedMeanwhile, FileData
from acctcli.store.config.time_zone import zone_of
from acctcli.store.files import filesystem
from acctcli.store.files.layout import kind_of_file
from acctcli.store.files.names import SETTINGS_FILE
from acctcli.store.index.database import DamagedError
from acctcli.store.index.record_map import data_of
from acctcli.store.index.row_codec import (
    ACCOUNT_COLUMNS,
    NUMBERS,
    AccountReader,
    file_of,
    label_key,
    raw_of,
    record_of,
    search_key,
    text_in_raw,
)
from acctcli.store.index.unreadable import UnreadableRecords
from acctcli.store.index.update.freshness import IndexedFile, indexed_files, read_about
from acctcli.store.views.view import ListedAccount, Location, ScannedRecord, View

if TYPE_CHECKING:
    import datetime as dt
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from acctcli.core.model.errors import Place, Problem
    from acctcli.core.model.kinds import Field
    from acctcli.core.model.records import Activity, Deal, Raw
    from acctcli.core.reports.search import SearchResult, SearchWord
    from acctcli.store.commit.snapshot import Content
    from acctcli.store.datafiles.file_editor import FileEdit
    from acctcli.store.datafiles.file_reader import PlacedRecord
    from acctcli.store.index.positions import Placing

_MANY_TEXTS = 20  # texts that all records are looked through for, one after the other
_MANY_EDITS = 2000  # from so many records on, a file is edited as a whole


class IndexedView(View):
    """A reading that is looked up.

    It stands on a transaction of the database, so that it stays as it is while others go on.
    """

    def __init__(
        self, database: sqlite3.Connection, contents: Mapping[str, Content], root: Path
    ) -> None:
        about = read_about(database)
        self.settings = about.settings
        self.odd = about.odd
        zone = zone_of(self.settings)
        assert zone is not None  # noqa: S101 - `update` has seen to it
        self.zone = zone
        self.data = data_of(database, self.settings)
        self._database = database
        self._contents = contents
        self._root = root
        self._files = indexed_files(database)
        self._faults = UnreadableRecords(database)
        self._names = {file.number: file for file in self._files.values()}
        self._data: dict[str, FileData] = {}
        self._placing: Placing | None = None

    # what is wrong

    @property
    def problems(self) -> list[Problem]:
        """What makes records or files unusable, in the order of the files."""
        return self._faults.problems()

    def is_bad(self, record_id: str) -> Problem | None:
        """The problem of the record with that id, when it is there and cannot be read."""
        return self._faults.of_id(record_id)

    def bad_ids(self) -> AbstractSet[str]:
        """The ids of the records that cannot be read."""
        return self._faults.ids()

    def broken_kinds(self) -> AbstractSet[str]:
        """The kinds of files that have records of which not even the id can be read."""
        return self._faults.broken_kinds()

    def unread_count(self) -> int:
        """How many records, or whole files, cannot be read."""
        return self._faults.count()

    def unreadable_mention(self, text: str) -> Problem | None:
        """The problem of a record or file that cannot be read and in which a text stands."""
        from acctcli.store.datafiles.typed_records import has_mention

        for name, problem in self._faults.files():
            found = self.file(name)
            if found is not None and has_mention(found.data, None, text):
                return problem
        for bad in self._faults.records():
            # What stands behind the record, before the next one, is no part of it.
            if has_mention(bad.text, bad.raw, text) and has_mention(
                self._record_at(bad.place).text, bad.raw, text
            ):
                return bad.problem
        return None

    # all of it

    def scan(self, kinds: Collection[KindName]) -> Iterator[ScannedRecord]:
        """All that stands in the files of some kinds, in their order, each met once."""
        from acctcli.store.index.scans import scan_records

        wanted = [file for file in self._files.values() if file.name != SETTINGS_FILE]
        files = [(file.number, kind_of_file(file.name)) for file in wanted]
        return scan_records(
            self._database, [each for each in files if each[1] in kinds], self.settings
        )

    def place_of(
        self, seen: ScannedRecord, field: str | None = None, *, at_key: bool = False
    ) -> Place:
        """The place of something met in `scan`, or of the value or key of a field of it."""
        assert isinstance(seen.at, int)  # noqa: S101 - the type of what `scan` gives
        return self._record_at(seen.at).place(field, at_key=at_key)

    # records

    def location_of(self, record_id: str) -> Location | None:
        """Where the record with that id stands; None when there is none that can be read."""
        row = self._database.execute(
            "SELECT place, kind FROM records WHERE id = ?", (search_key(record_id),)
        ).fetchone()
        if row is None:
            return None
        place, kind = row
        file = self._names[file_of(place)]
        return Location(KIND_NAMES[kind], file.name, file.rank, place)

    def place(self, record_id: str, field: str | None = None) -> Place:
        """The place of a record, or of the value of one of its fields; KeyError for no record."""
        return self._record_at(self._spot(record_id).number).place(field)

    def text_of(self, record_id: str) -> str:
        """A record as it is written in its file, the comment lines above it included."""
        return self._record_at(self._spot(record_id).number).text.decode()

    def raw_of(self, record_id: str) -> Mapping[str, Raw]:
        """The values of a record as text; KeyError when there is none that can be read."""
        row = self._database.execute(
            "SELECT text, raw, crc FROM records WHERE id = ?", (record_id,)
        ).fetchone()
        if row is None:
            raise KeyError(record_id)
        return raw_of(*row) or {}

    def _spot(self, record_id: str) -> Location:
        found = self.location_of(record_id)
        if found is None:
            raise KeyError(record_id)
        return found

    def _record_at(self, place: int) -> PlacedRecord:
        """A record in its file, with its lines."""
        if self._placing is None:
            from acctcli.store.index.positions import Placing

            self._placing = Placing(self._database, self._names, self._file_bytes)
        return self._placing.at(place)

    # files

    def files(self) -> list[str]:
        """The files with records, by name, in the order they are read."""
        return [name for name in self._files if name != SETTINGS_FILE]

    def file(self, name: str) -> FileData | None:
        """The content of acctcli.yaml or of a file with records; None when there is none."""
        file = self._files.get(name)
        return None if file is None else FileData(self._file_bytes(file), file.sha)

    def _file_bytes(self, file: IndexedFile) -> bytes:
        """The bytes of a file, which must be those that the index was made of."""
        found = self._data.get(file.name)
        if found is None:
            content = self._contents[file.name]
            try:
                data, _ = filesystem.read_file(content.path or self._root / file.name, file.name)
            except FileNotFoundError:
                raise ChangedMeanwhile(file.name) from None
            if filesystem.sha_of(data) != file.sha:
                raise ChangedMeanwhile(file.name)
            found = self._data[file.name] = FileData(data, file.sha)
        return found.data

    def has_plain_layout(self, name: str) -> bool:
        """Whether it is certain that a file is in the usual form, and all of it can be read."""
        file = self._files.get(name)
        return file is not None and bool(file.usual)

    def edit(
        self, name: str, record_ids: Iterable[str], custom: Mapping[str, Field], *, adding: bool
    ) -> FileEdit:
        """What edits these records of a file, and with `adding` takes new ones at its end."""
        from acctcli.store.datafiles.file_editor import WholeEdit, WindowEdit
        from acctcli.store.datafiles.file_reader import read_records
        from acctcli.store.index.positions import windows

        ids = list(record_ids)
        file = self._files.get(name)
        if file is None:
            return WholeEdit(name, None, custom, None, {})
        data = self._file_bytes(file)
        if file.usual and len(ids) <= _MANY_EDITS:
            found = windows(self._database, file.number, data, ids, adding=adding)
            if found is not None:
                return WindowEdit(name, data, custom, found)
        reading = read_records(name, data)
        numbers = {str(placed.raw["id"]): placed.index for placed in reading.records if placed.raw}
        return WholeEdit(name, data, custom, reading, {key: numbers[key] for key in ids})

    # what records add up to

    def listed_accounts(self, today: dt.date, *, accounts_only: bool) -> Iterator[ListedAccount]:
        """Organizations as lists show them on a day, in the order of `list_place`."""
        reader = AccountReader(today, self.settings)
        rows = self._database.execute(
            f"SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE won_count >= ?"  # noqa: S608 - our own names
            " ORDER BY sort, org",
            (1 if accounts_only else 0,),
        )
        for row in rows:
            yield reader.read(row)

    def listed_accounts_of(self, org_ids: Iterable[str], today: dt.date) -> Iterator[ListedAccount]:
        """These organizations as `listed` gives them, in the order of their ids as given."""
        reader = AccountReader(today, self.settings)
        for org_id in org_ids:
            row = self._database.execute(
                f"SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE org = ?",  # noqa: S608 - our own names
                (org_id,),
            ).fetchone()
            if row is None:
                raise KeyError(org_id)
            yield reader.read(row)

    def branches(self, org_id: str) -> list[str]:
        """The ids of the organizations whose parent is this one, in the order of a list."""
        rows = self._database.execute(
            "SELECT org FROM accounts WHERE parent = ? ORDER BY sort, org", (org_id,)
        )
        return [row[0] for row in rows]

    def won_count(self, org_id: str) -> int:
        """How many won deals belong to an organization; an account has one or more (rule 1)."""
        row = self._database.execute(
            "SELECT won_count FROM accounts WHERE org = ?", (org_id,)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def records_of_org(self, org_id: str) -> Data:
        """All records that belong to an organization, and what tells that they do (rule 2)."""
        kinds: dict[KindName, dict[str, Record]] = {kind: {} for kind in KIND_NAMES}
        rows = self._database.execute(
            "SELECT kind, records.id, text, raw, crc FROM records"
            " JOIN files ON files.number = records.place >> 44"
            " WHERE org = ? ORDER BY files.rank, records.place",
            (org_id,),
        ).fetchall()
        for number, record_id, *row in rows:
            kind = KIND_NAMES[number]
            found = record_of(kind, (row[0], row[1], row[2]), self.settings)
            if (found.id, getattr(found, "org", None) or org_id) != (record_id, org_id):
                raise DamagedError
            kinds[kind][record_id] = found
        kinds["orgs"][org_id] = self.data.orgs[org_id]
        for record in [record for kind in KIND_NAMES for record in kinds[kind].values()]:
            self._add_owning_links(record, kinds)
        all_found = Data(**kinds)  # type: ignore[arg-type]  # each kind has its records
        return Data(
            **{
                kind: {
                    key: record
                    for key, record in kinds[kind].items()
                    if kind in {"orgs", "people", "deals"} or org_of(record, all_found) == org_id
                }
                for kind in KIND_NAMES
            }  # type: ignore[arg-type]  # the same
        )

    def _add_owning_links(self, record: Record, kinds: dict[KindName, dict[str, Record]]) -> None:
        """Add the records by way of which a record belongs to an organization."""
        if getattr(record, "org", "") is not None:
            return
        ways: tuple[tuple[str, KindName], ...] = (("deal", "deals"), ("person", "people"))
        for field, kind in ways:
            key = getattr(record, field, None)
            if key is not None and key not in kinds[kind] and key in self.data.of(kind):
                found = kinds[kind][key] = self.data.of(kind)[key]
                self._add_owning_links(found, kinds)

    def records_owned_through(self, ids: AbstractSet[str]) -> list[tuple[KindName, str]]:
        """See `core.model.links.reaching`."""
        found: set[int] = set()
        waiting = set(ids)
        while waiting:
            met: set[str] = set()
            for key in waiting:
                rows = self._database.execute(
                    "SELECT place, kind, id FROM records WHERE place IN"
                    " (SELECT place FROM roundabout WHERE target = ?)"
                    " UNION SELECT place, kind, id FROM records WHERE org = ? AND kind IN (?, ?)",
                    (key, key, NUMBERS["deals"], NUMBERS["people"]),
                ).fetchall()
                for place, kind, record_id in rows:
                    if place not in found:
                        found.add(place)
                        if KIND_NAMES[kind] in {"deals", "people"}:
                            met.add(record_id)
            waiting = met
        spots = [self._order_key(place) for place in found]
        return [(kind, key) for _, _, kind, key in sorted(spots)]

    def may_link_to(self, ids: AbstractSet[str]) -> Iterator[tuple[KindName, str]]:
        """The records in which one of these ids stands; those that link to one are among them."""
        if len(ids) > _MANY_TEXTS:
            yield from ((kind, key) for kind, key, _, target in self.links() if target in ids)
            return
        for key in ids:
            rows = self._database.execute(
                "SELECT kind, id FROM records WHERE id IS NOT NULL"
                " AND (instr(text, ?) OR (raw IS NOT NULL AND instr(raw, ?)))",
                (key.encode(), text_in_raw(key)),
            )
            for kind, record_id in rows:
                yield KIND_NAMES[kind], record_id

    def links(self) -> Iterator[tuple[KindName, str, KindName, str]]:
        """Every link that is set, in no order; see `View.links`."""
        from acctcli.store.index.scans import scan_links

        return scan_links(self._database, self.settings)

    def _order_key(self, place: int) -> tuple[int, int, KindName, str]:
        kind, record_id = self._database.execute(
            "SELECT kind, id FROM records WHERE place = ?", (place,)
        ).fetchone()
        return self._names[file_of(place)].rank, place, KIND_NAMES[kind], record_id

    # texts

    def search(
        self, words: Sequence[SearchWord], kinds: Collection[KindName]
    ) -> Iterator[SearchResult]:
        """The records of some kinds that hold all the words, in no order; see `match`."""
        from acctcli.core.reports.search import SearchResult, match, searched_fields
        from acctcli.store.index.text_search import candidates

        fields = {kind: searched_fields(kind, self.settings.custom_fields(kind)) for kind in kinds}
        for kind, record_id, row in candidates(self._database, words, kinds):
            raw = raw_of(*row) or {}
            found = match(raw, fields[kind], words)
            if found is not None:
                yield SearchResult(kind, record_id, raw, found)

    # by days

    def due_by(self, until: dt.date) -> Iterator[Activity]:
        """The undone activities that are due up to a day, in the order of the files."""
        from acctcli.store.index.scans import scan_due

        for row in scan_due(self._database, until):
            found = cast("Activity", record_of("activities", row, self.settings))
            if is_due(found, until):
                yield found

    def won_between(self, since: dt.date, until: dt.date) -> Iterator[Deal]:
        """The deals won in a period, both ends included, in the order of the files."""
        from acctcli.store.index.scans import scan_won

        for row in scan_won(self._database, since, until):
            found = cast("Deal", record_of("deals", row, self.settings))
            if is_won(found, since, until, self.zone):
                yield found

    def deals_without_org(self) -> Iterator[str]:
        """The ids of the deals that reach no organization (rule 2), in the order of the files."""
        # A row has the organization that its record belongs to, or the one it names in vain.
        rows = self._database.execute(
            "SELECT records.id FROM records JOIN files ON files.number = records.place >> 44"
            " WHERE kind = ? AND records.id IS NOT NULL AND (org IS NULL"
            " OR org NOT IN (SELECT org FROM accounts)) ORDER BY files.rank, records.place",
            (NUMBERS["deals"],),
        ).fetchall()
        return iter([row[0] for row in rows])

    # names

    def ids_of_name(self, kind: KindName, name: str) -> list[str]:
        """The ids of a kind that a name may stand for; see `core.model.names.find`."""
        if not name:
            return []
        if name in self.data.of(kind):
            return [name]
        order = (
            "FROM records JOIN files ON files.number = records.place >> 44"
            " WHERE kind = ? AND id IS NOT NULL AND {} ORDER BY files.rank, records.place"
        )
        number = NUMBERS[kind]
        rows = self._database.execute(
            f"SELECT id {order.format('label = ?')}", (number, search_key(label_key(name)))
        ).fetchall()
        if not rows:
            rows = self._database.execute(
                f"SELECT id {order.format('substr(id, 1, ?) = ? AND id >= ?')}",
                (number, len(name), search_key(name), search_key(name)),
            ).fetchall()
        return find(
            name, ((row[0], getattr(self.data.of(kind)[row[0]], KINDS[kind].label)) for row in rows)
        )
