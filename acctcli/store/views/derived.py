"""Views as of a day, and in one currency.

They stand on another view: places, texts and files are as there, what records add up to is worked
out anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from acctcli.core.accounts.totals import Tally
from acctcli.core.model.errors import NotFoundError, Problem
from acctcli.core.model.links import org_of
from acctcli.core.model.records import Data, Deal
from acctcli.store.views.in_memory import InMemoryView
from acctcli.store.views.lazy_mapping import StreamingMapping
from acctcli.store.views.view import ListedAccount, View

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from acctcli.core.accounts.exchange_rates import Conversion
    from acctcli.core.accounts.totals import AccountRow, Summary
    from acctcli.core.model.errors import Place
    from acctcli.core.model.kinds import Field, KindName
    from acctcli.core.model.records import Activity, Raw, Value
    from acctcli.store.commit.snapshot import FileData
    from acctcli.store.datafiles.file_editor import FileEdit
    from acctcli.store.views.view import Location, ScannedRecord

_MOST = 10  # missing rates that are told one by one


class DerivedView(InMemoryView):
    """The records of another view, changed."""

    def __init__(self, inner: View, data: Data) -> None:
        self.settings = inner.settings
        self.zone = inner.zone
        self.odd = inner.odd
        self.data = data
        self._inner = inner

    @property
    def problems(self) -> list[Problem]:
        """What makes records or files unusable, in the order of the files."""
        return self._inner.problems

    def is_bad(self, record_id: str) -> Problem | None:
        """The problem of the record with that id, when it is there and cannot be read."""
        return self._inner.is_bad(record_id)

    def bad_ids(self) -> AbstractSet[str]:
        """The ids of the records that cannot be read."""
        return self._inner.bad_ids()

    def broken_kinds(self) -> AbstractSet[str]:
        """The kinds of files that have records of which not even the id can be read."""
        return self._inner.broken_kinds()

    def unread_count(self) -> int:
        """How many records, or whole files, cannot be read."""
        return self._inner.unread_count()

    def unreadable_mention(self, text: str) -> Problem | None:
        """The problem of a record or file that cannot be read and in which a text stands."""
        return self._inner.unreadable_mention(text)

    def scan(self, kinds: Collection[KindName]) -> Iterator[ScannedRecord]:
        """All that stands in the files of some kinds, as it is today."""
        return self._inner.scan(kinds)

    def place_of(
        self, seen: ScannedRecord, field: str | None = None, *, at_key: bool = False
    ) -> Place:
        """The place of something met in `scan`, or of the value or key of a field of it."""
        return self._inner.place_of(seen, field, at_key=at_key)

    def location_of(self, record_id: str) -> Location | None:
        """Where the record with that id stands in its file."""
        return self._inner.location_of(record_id)

    def place(self, record_id: str, field: str | None = None) -> Place:
        """The place of a record, or of the value of one of its fields; KeyError for no record."""
        return self._inner.place(record_id, field)

    def text_of(self, record_id: str) -> str:
        """A record as it is written in its file, the comment lines above it included."""
        return self._inner.text_of(record_id)

    def raw_of(self, record_id: str) -> Mapping[str, Raw]:
        """The values of a record as text; KeyError when there is none that can be read."""
        return self._inner.raw_of(record_id)

    def files(self) -> list[str]:
        """The files with records, by name, in the order they are read."""
        return self._inner.files()

    def file(self, name: str) -> FileData | None:
        """The content of acctcli.yaml or of a file with records; None when there is none."""
        return self._inner.file(name)

    def has_plain_layout(self, name: str) -> bool:
        """Whether it is certain that a file is in the usual form, and all of it can be read."""
        return self._inner.has_plain_layout(name)

    def edit(
        self, name: str, record_ids: Iterable[str], custom: Mapping[str, Field], *, adding: bool
    ) -> FileEdit:
        """What edits these records of a file, as they are today."""
        return self._inner.edit(name, record_ids, custom, adding=adding)


class ConvertedView(DerivedView):
    """Another view with the money of deals in one currency.

    Only deals are other ones. A list takes all else from the view it stands on, so that with an
    index no more than the deals is read.
    """

    def __init__(self, inner: View, conversion: Conversion) -> None:
        self._conversion = conversion
        self._sums: dict[str, Summary] | None = None
        super().__init__(inner, _with_deals(inner.data, conversion, lambda _: True))

    def listed_accounts(self, today: dt.date, *, accounts_only: bool) -> Iterator[ListedAccount]:
        """Organizations as lists show them on a day, in the order of `list_place`.

        Raises:
            NotFoundError: "no-rate", before the first of them.
        """
        sums = self._all_sums()
        for each in self._inner.listed_accounts(today, accounts_only=accounts_only):
            yield ConvertedAccount(each, sums)

    def listed_accounts_of(self, org_ids: Iterable[str], today: dt.date) -> Iterator[ListedAccount]:
        """These organizations as `listed` gives them, in the order of their ids as given."""
        sums = self._all_sums()
        for each in self._inner.listed_accounts_of(org_ids, today):
            yield ConvertedAccount(each, sums)

    def _all_sums(self) -> dict[str, Summary]:
        """What the deals of each organization that has some add up to."""
        if self._sums is not None:
            return self._sums
        data = self._inner.data
        tallies: dict[str, Tally] = {}
        missing: list[Problem] = []
        for deal in data.deals.values():
            org_id = org_of(deal, data)
            if org_id is None:
                continue
            made, problems = self._conversion.deal(deal)
            missing += problems
            if org_id not in tallies:
                tallies[org_id] = Tally(self.settings, self.zone)
            tallies[org_id].add_deal(made)
        if missing:
            raise NotFoundError(*_first(missing))
        self._sums = {org_id: tally.summary(org_id) for org_id, tally in tallies.items()}
        return self._sums

    def due_by(self, until: dt.date) -> Iterator[Activity]:
        """The undone activities that are due up to a day, in the order of the files."""
        return self._inner.due_by(until)

    def won_between(self, since: dt.date, until: dt.date) -> Iterator[Deal]:
        """The deals won in a period, both ends included, in the order of the files.

        Raises:
            NotFoundError: "no-rate", for the first of them that has none.
        """
        return (self.data.deals[each.id] for each in self._inner.won_between(since, until))

    def branches(self, org_id: str) -> list[str]:
        """The ids of the organizations whose parent is this one, in the order of a list."""
        return self._inner.branches(org_id)

    def won_count(self, org_id: str) -> int:
        """How many won deals belong to an organization; an account has one or more (rule 1)."""
        return self._inner.won_count(org_id)

    def records_of_org(self, org_id: str) -> Data:
        """All records that belong to an organization, and what tells that they do (rule 2)."""
        data = self._inner.records_of_org(org_id)
        return _with_deals(data, self._conversion, lambda deal: org_of(deal, data) == org_id)

    def records_owned_through(self, ids: AbstractSet[str]) -> list[tuple[KindName, str]]:
        """See `core.model.links.reaching`."""
        return self._inner.records_owned_through(ids)

    def may_link_to(self, ids: AbstractSet[str]) -> Iterator[tuple[KindName, str]]:
        """The records that link to one of these ids."""
        return iter(self._inner.may_link_to(ids))

    def ids_of_name(self, kind: KindName, name: str) -> list[str]:
        """The ids of a kind that a name may stand for; see `core.model.names.find`."""
        return self._inner.ids_of_name(kind, name)


class _ConvertedDeals(StreamingMapping[Deal]):
    """Deals that are converted each time one is asked for.

    Asking for one raises NotFoundError when there is no rate for it.
    """

    def __init__(
        self,
        deals: Mapping[str, Deal],
        conversion: Conversion,
        is_meant: Callable[[Deal], bool],
    ) -> None:
        self._deals = deals
        self._conversion = conversion
        self._is_meant = is_meant

    def _convert(self, deal: Deal) -> Deal:
        if not self._is_meant(deal):
            return deal
        made, problems = self._conversion.deal(deal)
        if problems:
            raise NotFoundError(*problems)
        return made

    def __getitem__(self, record_id: str) -> Deal:
        return self._convert(self._deals[record_id])

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._deals

    def __iter__(self) -> Iterator[str]:
        return iter(self._deals)

    def __len__(self) -> int:
        return len(self._deals)

    def pairs(self) -> Iterator[tuple[str, Deal]]:
        """All ids and deals, one after the other."""
        return ((key, self._convert(deal)) for key, deal in self._deals.items())


def _with_deals(data: Data, conversion: Conversion, is_meant: Callable[[Deal], bool]) -> Data:
    """The same records, with those deals converted that are meant."""
    kinds = {name: getattr(data, name) for name in Data.__struct_fields__}
    return Data(**{**kinds, "deals": _ConvertedDeals(data.deals, conversion, is_meant)})


class ConvertedAccount(ListedAccount):
    """An organization whose sums are in one currency."""

    __slots__ = ("_inner", "_sums")

    def __init__(self, inner: ListedAccount, sums: Mapping[str, Summary]) -> None:
        self._inner = inner
        self._sums = sums

    @property
    def row(self) -> AccountRow:
        """What the list shows, on its day."""
        row = self._inner.row
        sums = self._sums.get(row.id)
        if sums is None:
            return row
        return replace(
            row,
            won_value=sums.won_value,
            open_value=sums.open_value,
            mrr=sums.mrr,
            arr=sums.arr,
            acv=sums.acv,
        )

    @property
    def owner(self) -> str | None:
        """Its owner."""
        return self._inner.owner

    @property
    def contacts(self) -> Sequence[int]:
        """The days of its contacts."""
        return self._inner.contacts

    @property
    def wins(self) -> Sequence[int]:
        """The days of its wins."""
        return self._inner.wins

    @property
    def due(self) -> Sequence[int]:
        """The due dates of its undone activities."""
        return self._inner.due

    @property
    def custom(self) -> Mapping[str, Value]:
        """Its own fields, typed."""
        return self._inner.custom

    def text(self, custom: bytes, *, with_membership: bool) -> None:
        """Nothing: the text that is kept has other sums."""


def _first(problems: Sequence[Problem]) -> list[Problem]:
    """The first problems, and how many more there are; what to do is told once, at the end."""
    told = [problem._replace(hint=None) for problem in problems[:_MOST]]
    more = len(problems) - _MOST
    if more > 0:
        rates = "rate is" if more == 1 else "rates are"
        told.append(Problem(id="no-rate", message=f"{more} more {rates} missing"))
    return [*told[:-1], told[-1]._replace(hint=problems[-1].hint)]
