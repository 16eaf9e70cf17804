"""Values of a listed organization by the paths of columns.

What is at hand is not worked out, and what is worked out, or read, is so once for all columns
that are asked of one organization after the other.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from acctcli.core.accounts.buckets import bucket
from acctcli.core.accounts.totals import AccountRow
from acctcli.core.reports.contact_rhythm import contact_due
from acctcli.core.reports.health import FixedFacts, assess
from acctcli.render.formats.columns import value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acctcli.core.accounts.buckets import Bucket
    from acctcli.core.model.records import Org, Settings, Value
    from acctcli.core.reports.contact_rhythm import ContactDue
    from acctcli.core.reports.health import Assessment
    from acctcli.store.views.view import ListedAccount


class OrgValues:
    """The values of listed organizations, on a day."""

    def __init__(self, settings: Settings, today: dt.date, orgs: Mapping[str, Org]) -> None:
        """Of these organizations, by id, are read the fields that no row of a list has."""
        self._settings = settings
        self._orgs = orgs
        self._today = today
        self._of: ListedAccount | None = None  # the organization that the next three are about
        self._row: AccountRow | None = None
        self._custom: Mapping[str, Value] | None = None
        self._health: Assessment | None = None
        self._reads: dict[str, Callable[[ListedAccount], object]] = {
            "owner": lambda each: each.owner,
            "bucket": self._bucket,
            "planned_count": lambda each: len(each.due),
            "overdue_count": lambda each: bisect_left(each.due, today.toordinal()),
            "custom_fields": self._custom_values,
            "health": lambda each: getattr(self._assess(each), "word", None),
            "points": lambda each: getattr(self._assess(each), "points", None),
            "contact_due": lambda each: getattr(self._due(each), "day", None),
            "late_by": lambda each: getattr(self._due(each), "late_by", None),
        }

    def get(self, listed: ListedAccount, path: str) -> object:
        """The value of an organization at a path; None when there is none."""
        read = self._reads.get(path)
        if read is None:
            read = self._reads[path] = self._reader(path)
        if listed is not self._of:
            self._of = listed
            self._row = self._custom = self._health = None
        return read(listed)

    def _reader(self, path: str) -> Callable[[ListedAccount], object]:
        name, _, rest = path.partition(".")
        if name == "custom_fields":
            return lambda each: self._custom_values(each).get(rest)
        if rest:
            return lambda each: value_at(self._read_row(each), path)
        if name not in AccountRow.__struct_fields__:
            return lambda each: getattr(self._orgs[self._read_row(each).id], path, None)
        return lambda each: getattr(self._read_row(each), path, None)

    def _read_row(self, listed: ListedAccount) -> AccountRow:
        if self._row is None:
            self._row = listed.row
        return self._row

    def _custom_values(self, listed: ListedAccount) -> Mapping[str, Any]:
        if self._custom is None:
            self._custom = listed.custom
        return self._custom

    def _bucket(self, listed: ListedAccount) -> Bucket:
        due = listed.due
        day = dt.date.fromordinal(due[0]) if due else None
        return bucket(day, self._today, self._settings)

    def _assess(self, listed: ListedAccount) -> Assessment | None:
        """The health of an account; organizations that are none have no health."""
        if self._health is None and (row := self._read_row(listed)).is_account:
            seen = FixedFacts(row, listed.contacts, listed.wins, listed.due)
            self._health = assess(seen, self._settings, self._today)
        return self._health

    def _due(self, listed: ListedAccount) -> ContactDue | None:
        row = self._read_row(listed)
        days = listed.contacts, listed.wins, listed.due
        return contact_due(row, *days, self._settings, self._today)
