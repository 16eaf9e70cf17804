"""Rows of accounts, kept up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.accounts.totals import Tally
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.core.model.links import org_of
from acctcli.core.model.records import Activity, Deal, Org
from acctcli.store.index.row_codec import (
    NUMBERS,
    account,
    own_fields,
    raw_of,
    record_of,
)

if TYPE_CHECKING:
    import datetime as dt
    import sqlite3
    from collections.abc import Iterable, Iterator

    from acctcli.core.model.records import Data, Record, Settings
    from acctcli.store.index.row_codec import AccountRecord
    from acctcli.store.index.update.loader import RowLoader

_MANY = 500  # values in one statement
_PUT = "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class AccountRows:
    """Works accounts out, from records that can be looked up in `data`."""

    def __init__(
        self, database: sqlite3.Connection, data: Data, settings: Settings, zone: dt.tzinfo
    ) -> None:
        self._database = database
        self._data = data
        self._settings = settings
        self._zone = zone

    def update(self, filler: RowLoader) -> None:
        """Do what follows from the records that came and went."""
        touched = filler.touched | self._resolve(filler.roundabout, filler.moved)
        self._put(self._worked_out(org_id) for org_id in sorted(touched))

    def make(self, filler: RowLoader) -> None:
        """Work all accounts out, when every record was read."""
        late = self._resolve(filler.roundabout, frozenset())
        tallies = filler.tallies
        if tallies is None:
            self._put(self._worked_out(org_id) for org_id in list(self._data.orgs))
            return
        orgs = filler.orgs.values() if filler.orgs is not None else self._orgs()
        self._put(
            account(org, own, tallies.of(org.id).summary(org.id))
            for org, own in orgs
            if org.id not in late
        )
        self._put(self._worked_out(org_id) for org_id in sorted(late))

    def _orgs(self) -> Iterator[tuple[Org, bytes | None]]:
        rows = self._database.execute(
            "SELECT text, raw, crc FROM records WHERE kind = ? AND id IS NOT NULL",
            (NUMBERS["orgs"],),
        )
        for row in rows:
            org = record_of("orgs", row, self._settings)
            assert isinstance(org, Org)  # noqa: S101 - what the kind says
            yield org, own_fields(raw_of(*row) or {}, self._settings)

    def _put(self, rows: Iterable[AccountRecord | str]) -> None:
        for row in rows:
            if isinstance(row, str):
                self._database.execute("DELETE FROM accounts WHERE org = ?", (row,))
            else:
                self._database.execute(_PUT, row)

    def _worked_out(self, org_id: str) -> AccountRecord | str:
        """The account's row; the id alone when there is no such organization."""
        found = self._database.execute(
            "SELECT text, raw, crc FROM records WHERE id = ? AND kind = ?",
            (org_id, NUMBERS["orgs"]),
        ).fetchone()
        if found is None:
            return org_id
        org = record_of("orgs", found, self._settings)
        assert isinstance(org, Org)  # noqa: S101 - what the kind says
        tally = Tally(self._settings, self._zone)
        for record in self._records_of(org_id):
            if isinstance(record, Deal):
                tally.add_deal(record)
            else:
                assert isinstance(record, Activity)  # noqa: S101 - `_records_of` gives no other
                tally.add_activity(record)
        own = own_fields(raw_of(*found) or {}, self._settings)
        return account(org, own, tally.summary(org_id))

    def _records_of(self, org_id: str) -> Iterator[Record]:
        rows = self._database.execute(
            "SELECT kind, text, raw, crc FROM records WHERE org = ? AND kind IN (?, ?)",
            (org_id, NUMBERS["deals"], NUMBERS["activities"]),
        )
        for kind, *row in rows.fetchall():
            yield record_of(KIND_NAMES[kind], (row[0], row[1], row[2]), self._settings)

    # who belongs where by way of others (rule 2)

    def _resolve(self, new: Iterable[int], moved: Iterable[str]) -> set[str]:
        """Find the organization of new records that name none, and again where it may have changed.

        Gives the organizations that records came to or left.
        """
        touched: set[str] = set()
        waiting = dict.fromkeys(new)
        for place in waiting:
            self._note_owning_links(place)
        waiting |= dict.fromkeys(self._places_reaching(moved))
        while waiting:
            deals = set()
            for place in waiting:
                moved_deal = self._settle(place, touched)
                if moved_deal is not None:
                    deals.add(moved_deal)
            # What belongs to a deal goes with it.
            waiting = dict.fromkeys(self._places_through(deals))
        return touched

    def _record(self, place: int) -> tuple[Record, str | None]:
        kind, org, *row = self._database.execute(
            "SELECT kind, org, text, raw, crc FROM records WHERE place = ?", (place,)
        ).fetchone()
        return record_of(KIND_NAMES[kind], (row[0], row[1], row[2]), self._settings), org

    def _note_owning_links(self, place: int) -> None:
        record, _ = self._record(place)
        ways = {way for name in ("deal", "person") if (way := getattr(record, name, None))}
        self._database.executemany(
            "INSERT INTO roundabout VALUES (?, ?)", [(way, place) for way in sorted(ways)]
        )

    def _settle(self, place: int, touched: set[str]) -> str | None:
        """Store the organization a record belongs to; gives a deal's id when it is another one."""
        record, before = self._record(place)
        now = org_of(record, self._data)
        if now == before:
            return None
        self._database.execute("UPDATE records SET org = ? WHERE place = ?", (now, place))
        if isinstance(record, Deal | Activity):
            touched.update(org for org in (before, now) if org is not None)
        return record.id if isinstance(record, Deal) else None

    def _places_reaching(self, moved: Iterable[str]) -> list[int]:
        """The places of records that reach one of these, or a deal or person that names one."""
        ids = set(moved)
        for some in _parts(ids):
            marks = ", ".join("?" * len(some))
            rows = self._database.execute(
                f"SELECT id FROM records WHERE org IN ({marks}) AND kind IN (?, ?)",  # noqa: S608 - marks alone
                (*some, NUMBERS["deals"], NUMBERS["people"]),
            )
            ids |= {row[0] for row in rows}
        return self._places_through(ids)

    def _places_through(self, ids: Iterable[str]) -> list[int]:
        found: dict[int, None] = {}
        for some in _parts(ids):
            marks = ", ".join("?" * len(some))
            rows = self._database.execute(
                f"SELECT place FROM roundabout WHERE target IN ({marks})",  # noqa: S608 - marks alone
                some,
            )
            found |= dict.fromkeys(row[0] for row in rows)
        return list(found)


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    listed = sorted(ids)
    for start in range(0, len(listed), _MANY):
        yield listed[start : start + _MANY]
