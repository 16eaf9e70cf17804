"""Lists over records held in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.accounts.totals import (
    account_row,
    day_numbers,
    list_place,
    summarize,
    won_counts,
)
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.links import all_links, reaching
from acctcli.core.model.names import find
from acctcli.store.views.view import ListedAccount, View

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from acctcli.core.accounts.totals import AccountRow, Summary
    from acctcli.core.model.records import Data, Value


class ComputedAccount(ListedAccount):
    """An organization of which all is worked out."""

    __slots__ = ("_custom", "_row", "_summary")

    def __init__(self, row: AccountRow, summary: Summary, custom: Mapping[str, Value]) -> None:
        self._row = row
        self._summary = summary
        self._custom = custom

    @property
    def row(self) -> AccountRow:
        """What the list shows, on its day."""
        return self._row

    @property
    def owner(self) -> str | None:
        """Its owner."""
        return self._row.owner

    @property
    def contacts(self) -> Sequence[int]:
        """The days of its contacts."""
        return day_numbers(self._summary.contact_days)

    @property
    def wins(self) -> Sequence[int]:
        """The days of its wins."""
        return day_numbers(self._summary.win_days)

    @property
    def due(self) -> Sequence[int]:
        """The due dates of its undone activities."""
        return day_numbers(self._summary.due_dates)

    @property
    def custom(self) -> Mapping[str, Value]:
        """Its own fields, typed."""
        return self._custom

    def text(self, custom: bytes, *, with_membership: bool) -> None:
        """Nothing: what is asked for once is not worth keeping."""


class InMemoryView(View):
    """A view whose lists, names and links come from its `data`."""

    _won_counts: dict[str, int] | None = None
    _summarized: dict[str, Summary] | None = None

    def ids_of_name(self, kind: KindName, name: str) -> list[str]:
        """The ids of a kind that a name may stand for; see `core.model.names.find`."""
        label = KINDS[kind].label
        return find(name, ((key, getattr(each, label)) for key, each in self.data.of(kind).items()))

    def listed_accounts(self, today: dt.date, *, accounts_only: bool) -> Iterator[ListedAccount]:
        """Organizations as lists show them on a day, in the order of `list_place`."""
        summaries = self._summaries()
        for org in sorted(self.data.orgs.values(), key=list_place):
            summary = summaries[org.id]
            if summary.won_count or not accounts_only:
                yield ComputedAccount(
                    account_row(org, summary, today, self.settings), summary, org.custom
                )

    def listed_accounts_of(self, org_ids: Iterable[str], today: dt.date) -> Iterator[ListedAccount]:
        """These organizations as `listed` gives them, in the order of their ids as given."""
        summaries = self._summaries()
        for org_id in org_ids:
            org, summary = self.data.orgs[org_id], summaries[org_id]
            yield ComputedAccount(
                account_row(org, summary, today, self.settings), summary, org.custom
            )

    def _summaries(self) -> dict[str, Summary]:
        if self._summarized is None:
            self._summarized = summarize(self.data, self.settings, self.zone)
        return self._summarized

    def branches(self, org_id: str) -> list[str]:
        """The ids of the organizations whose parent is this one, in the order of a list."""
        found = [org for org in self.data.orgs.values() if org.parent == org_id]
        return [org.id for org in sorted(found, key=list_place)]

    def won_count(self, org_id: str) -> int:
        """How many won deals belong to an organization; an account has one or more (rule 1)."""
        if self._won_counts is None:
            self._won_counts = won_counts(self.data)
        return self._won_counts.get(org_id, 0)

    def records_of_org(self, org_id: str) -> Data:
        """All records that belong to an organization, and what tells that they do (rule 2)."""
        del org_id  # all there are
        return self.data

    def records_owned_through(self, ids: AbstractSet[str]) -> list[tuple[KindName, str]]:
        """See `core.model.links.reaching`."""
        return reaching(ids, self.data)

    def may_link_to(self, ids: AbstractSet[str]) -> Iterator[tuple[KindName, str]]:
        """The records that link to one of these ids."""
        for kind, record, _, _, target in all_links(self.data, self.settings):
            if target in ids:
                yield kind, record.id
