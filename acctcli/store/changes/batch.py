"""A change in steps, for `apply`.

A step is a change of its own: planned, checked, then taken over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from acctcli.core.model.errors import InvalidBookError, NotFoundError
from acctcli.core.model.kinds import KIND_NAMES, KINDS, KindName
from acctcli.core.model.links import links, org_of, owning_links
from acctcli.core.model.records import Data, Deal, Person
from acctcli.core.rules.record_changes import membership
from acctcli.store.changes.new_accounts import accounts_from_wins
from acctcli.store.views.derived import DerivedView
from acctcli.store.views.in_memory import InMemoryView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.errors import Place
    from acctcli.core.model.records import Org, Raw, Record
    from acctcli.store.changes.change_set import Change
    from acctcli.store.changes.pending_edits import PendingEdits
    from acctcli.store.views.view import View

_Result = TypeVar("_Result")
_Key = tuple[KindName, str]
_FEW = 8  # questions for links that are asked one by one; then all are looked through once


class StepResult(NamedTuple, Generic[_Result]):
    """What came of a step.

    Attributes:
        result: What its plan gave.
        made: The ids of new records.
        changed: The ids of records whose fields it changed.
        removed: The ids of records that went.
        became: The organizations that became accounts by it.
        ceased: Those that ceased to be.
    """

    result: _Result
    made: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    became: list[Org]
    ceased: list[Org]


class BatchSteps:
    """Takes steps in a change, one after the other."""

    def __init__(self, change: Change, sought: AbstractSet[str] | None) -> None:
        """Begin.

        Args:
            change: What all becomes one of. It must not be edited otherwise.
            sought: Ids to which links will be asked for: they are looked up together. None for
                all that there are.
        """
        self._change = change
        self._view = StepView(change, sought)

    def take(self, plan: Callable[[Change], _Result], place: Place) -> StepResult[_Result]:
        """Take a step; it is checked before it becomes part of the change.

        Args:
            plan: Edits a change whose view is the book after all steps before.
            place: Where the step is written, for messages about records that it makes.

        Raises:
            InvalidInputError, InvalidBookError: as for `Change.settle`, and what the plan raises.
        """
        view = self._view
        step = self._change.step(view)
        result = plan(step)
        step.settle()
        edits = step.edits()
        more = accounts_from_wins(view, step.after, edits.touched_kinds())
        became, ceased = membership(more, view.data, step.after, view.won_count)
        self._change.take_in(step)
        view.note(edits, more, place)
        gone = edits.removed
        changed = tuple(key for key in edits.updated if key not in gone)
        return StepResult(result, tuple(edits.added), changed, tuple(gone), became, ceased)


class StepView(DerivedView):
    """The book as the steps so far left it.

    What no verb asks of it (lists, sums) is not kept up to date.
    """

    def __init__(self, change: Change, sought: AbstractSet[str] | None) -> None:
        super().__init__(change.view, change.after)
        self._change = change
        self._links = _Links(change.view, sought)
        self._more_won: dict[str, int] = {}
        self._places: dict[str, Place] = {}
        self._linking: dict[str, dict[_Key, None]] = {}  # what changed so far, by what it links to

    def note(self, edits: PendingEdits, more_won: Mapping[str, int], place: Place) -> None:
        """Take note of what a step did."""
        for key in edits.added:
            self._places[key] = place
        for org_id, count in more_won.items():
            self._more_won[org_id] = self._more_won.get(org_id, 0) + count
        for key, kind in edits.changed_kinds().items():
            record = self.data.of(kind).get(key)
            for _, _, target in links(record, self.settings.custom_fields(kind)) if record else ():
                self._linking.setdefault(target, {})[kind, key] = None

    # records

    def find(
        self, kind: KindName, name: str, prefer: Callable[[Record], bool] | None = None
    ) -> str:
        """The id of a record, which must be named by its full id: nothing is left to prefer.

        Raises:
            NotFoundError: there is none; what the name may have stood for is told.
            InvalidBookError: it is the id of a record that cannot be read.
        """
        del prefer
        if name in self.data.of(kind):
            return name
        if problem := self.is_bad(name):
            raise InvalidBookError(problem)
        raise NotFoundError.of(
            "not-found",
            f'no {KINDS[kind].title} has the id "{name}"',
            hint=self._name_hint(kind, name),
        )

    def _name_hint(self, kind: KindName, name: str) -> str:
        for other in KIND_NAMES:
            if name in self.data.of(other):
                return f'"{name}" is the id of another kind: {KINDS[other].title}'
        found = [key for key in self._inner.ids_of_name(kind, name) if key in self.data.of(kind)]
        wanted = "records are named by their full ids here"
        return f'{wanted}; did you mean "{found[0]}"?' if len(found) == 1 else wanted

    def is_taken(self, record_id: str) -> bool:
        """Whether there is a record of that id, be it one that cannot be read."""
        edits = self._change.edits()
        if record_id in edits.added:
            return True
        return record_id not in edits.removed and self._inner.is_taken(record_id)

    def raw_of(self, record_id: str) -> Mapping[str, Raw]:
        """The values of a record as text, as the steps so far left them."""
        fields = self._change.raw_of(record_id)
        return {key: value for key, value in fields.items() if value is not None}

    def place(self, record_id: str, field: str | None = None) -> Place:
        """The place of a record, or of a field's value; of a new one that of its step."""
        made = self._places.get(record_id)
        return self._inner.place(record_id, field) if made is None else made

    # what records add up to

    def won_count(self, org_id: str) -> int:
        """How many won deals belong to an organization; an account has one or more (rule 1)."""
        return self._inner.won_count(org_id) + self._more_won.get(org_id, 0)

    def may_link_to(self, ids: AbstractSet[str]) -> Iterator[_Key]:
        """The records that link to one of these ids, and maybe others."""
        yield from self._links.linking(ids)
        for key in sorted(ids):
            yield from self._linking.get(key, ())

    def records_owned_through(self, ids: AbstractSet[str]) -> list[_Key]:
        """See `core.model.links.reaching`."""
        found: dict[_Key, None] = {}
        waiting = sorted(ids)
        while waiting:
            met: list[str] = []
            for target in waiting:
                for kind, key in (*self._links.reaching(target), *self._linking.get(target, ())):
                    record = self.data.of(kind).get(key)
                    if record is None or (kind, key) in found or target not in owning_links(record):
                        continue
                    found[kind, key] = None
                    if isinstance(record, Deal | Person):
                        met.append(key)
            waiting = met
        return sorted(found, key=lambda each: KIND_NAMES.index(each[0]))

    def records_of_org(self, org_id: str) -> Data:
        """All records that belong to an organization, and what tells that they do (rule 2)."""
        keys = dict.fromkeys([("orgs", org_id), *self._links.records_of_org(org_id)])
        keys |= dict.fromkeys(
            [*self._linking.get(org_id, ()), *self.records_owned_through({org_id})]
        )
        kinds: dict[KindName, dict[str, Record]] = {kind: {} for kind in KIND_NAMES}
        for kind, key in keys:
            record = self.data.of(kind).get(key)
            if record is not None and org_of(record, self.data) == org_id:
                kinds[kind][key] = record
        return Data(**kinds)  # type: ignore[arg-type]  # each kind has its records


class _Links:
    """The links of the book before all steps, looked up at little cost however often."""

    def __init__(self, view: View, sought: AbstractSet[str] | None) -> None:
        self._view = view
        self._in_memory = isinstance(view, InMemoryView)
        self._sought = None if self._in_memory else sought
        self._known: dict[str, list[_Key]] | None = None
        self._asked = _FEW if self._sought is None else len(self._sought)

    def linking(self, ids: AbstractSet[str]) -> Iterator[_Key]:
        """The records that link to one of these ids, and maybe others."""
        if self._known is None:
            self._asked += 1
            if self._asked <= _FEW:
                yield from self._view.may_link_to(ids)
                return
            self._known = self._collect()
        known = {key for key in sorted(ids) if self._is_covered(key)}
        for key in sorted(known):
            yield from self._known.get(key, ())
        if rest := ids - known:
            yield from self._view.may_link_to(rest)

    def reaching(self, target: str) -> Iterable[_Key]:
        """The records that name this one as their organization, deal or person, and others."""
        return (
            self.linking({target})
            if self._in_memory
            else self._view.records_owned_through({target})
        )

    def records_of_org(self, org_id: str) -> Iterator[_Key]:
        """The records that belong to an organization, but for what `reaching` gives."""
        if self._in_memory:
            yield from self.linking({org_id})
        elif org_id in self._view.data.orgs:
            data = self._view.records_of_org(org_id)
            yield from ((kind, key) for kind in KIND_NAMES for key in data.of(kind))

    def _is_covered(self, target: str) -> bool:
        return (
            self._sought is None or target in self._sought or self._view.location_of(target) is None
        )

    def _collect(self) -> dict[str, list[_Key]]:
        """The links to what is sought, and those that lead to nothing; of a whole view, all."""
        found: dict[str, list[_Key]] = {}
        data, sought = self._view.data, self._sought
        for kind, key, target_kind, target in self._view.links():
            if sought is None or target in sought or target not in data.of(target_kind):
                found.setdefault(target, []).append((kind, key))
        return found
