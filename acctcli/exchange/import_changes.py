"""Records to add and to change, from the rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KINDS, Field, Kind, KindName
from acctcli.core.model.links import org_of
from acctcli.core.model.names import slug, unique_slug
from acctcli.core.model.schema import read_record
from acctcli.core.model.values import to_raw
from acctcli.core.rules.import_plan import Overwrite, RecordToAdd, RecordToChange
from acctcli.exchange.row_drafts import Draft, LinkedRecord, Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acctcli.core.model.records import Data, Raw, Record, Value
    from acctcli.exchange.import_map import ImportMap


_NAMED_BY_SLUG: tuple[KindName, ...] = ("orgs", "people")
_BELONGING: tuple[KindName, ...] = ("deals", "activities", "notes", "files")


class Outcome:
    """What the good drafts of one file come to.

    Attributes:
        created: What to add; what a link makes stands right before its first user.
        updated: What to change.
        unchanged: How many rows are in the book as they are.
    """

    def __init__(
        self,
        import_map: ImportMap,
        data: Data,
        custom: Mapping[str, Field],
        *,
        now: str,
        new_id: Callable[[KindName], str],
        taken_ids: Container[str],
    ) -> None:
        """Prepare for one file.

        Args:
            import_map: The map.
            data: The records of the book.
            custom: The custom fields of the kind.
            now: The add_time of new records, where none is mapped.
            new_id: Makes an id of a kind that is not taken and was not given before.
            taken_ids: The ids of the book.
        """
        self.created: list[RecordToAdd] = []
        self.updated: list[RecordToChange] = []
        self.unchanged = 0
        self._map = import_map
        self._kind: Kind = KINDS[import_map.kind]
        self._data = data
        self._now = now
        self._new_id = new_id
        self._ids = _Ids(taken_ids)
        self._fields = {known.name: known for known in self._kind.fields}
        self._built_in = frozenset(self._fields)
        self._fields |= custom
        blank, _ = read_record(self._kind, {"id": "x", self._kind.label: "x"}, {})
        self._unset = {
            name: getattr(blank, self._fields[name].attribute) for name in self._built_in
        }

    def settle(self, drafts: Sequence[Draft], mapped: Container[str]) -> None:
        """Work out what all drafts without problems come to.

        Args:
            drafts: Every draft of the file, in order, bad ones too.
            mapped: The fields that a row is compared by with its record.
        """
        self._drafts = drafts
        ready = [draft for draft in drafts if not draft.problems]
        made: list[list[LinkedRecord]] = []
        for draft in ready:
            made.append(self._name_linked_record(draft))
            draft.id = self._id_of(draft)
        compared = [name for name in self._fields if name in mapped]
        for draft, before in zip(ready, made, strict=True):
            self.created += [self._create_linked_record(target, draft.line) for target in before]
            if draft.existing is None:
                fields = self._create(draft)
                self.created.append(RecordToAdd(self._kind.name, draft.id, fields, draft.line))
            else:
                self._update(draft, draft.existing, compared)

    # ids

    def _name_linked_record(self, draft: Draft) -> list[LinkedRecord]:
        """Give an id to what the draft's links are the first to make."""
        found = []
        for target in draft.targets.values():
            if isinstance(target, LinkedRecord) and not target.id:
                target.id = self._make_id(target.kind, target.name)
                found.append(target)
        return found

    def _id_of(self, draft: Draft) -> str:
        if draft.existing is not None:
            return draft.existing.id
        return self._make_id(self._kind.name, str(draft.cells[self._kind.label].raw))

    def _make_id(self, kind: KindName, name: str) -> str:
        base = slug(name) if kind in _NAMED_BY_SLUG else ""
        made = unique_slug(base, self._ids) if base else self._new_id(kind)
        self._ids.add(made)
        return made

    def _target_id(self, target: Target) -> str:
        if isinstance(target, LinkedRecord):
            return target.id
        return self._drafts[target].id if isinstance(target, int) else target

    # new records

    def _create_linked_record(self, made: LinkedRecord, line: int) -> RecordToAdd:
        fields: dict[str, Raw] = {"id": made.id, KINDS[made.kind].label: made.name}
        fields |= {"add_time": self._now, "source": self._map.source, "external_id": made.name}
        return RecordToAdd(made.kind, made.id, fields, line, linked=True)

    def _create(self, draft: Draft) -> dict[str, Raw]:
        given: dict[str, Raw] = {"add_time": self._now}
        for name, cell in draft.cells.items():
            given[name] = cell.raw
        for name, target in draft.targets.items():
            given[name] = self._target_id(target)
        given["id"] = draft.id
        given["source"] = self._map.source
        given["external_id"] = draft.external_id
        if self._kind.name in _BELONGING and "org" not in self._map.fields:
            given["org"] = self._org(given)
        return {name: raw for name in self._fields if (raw := given.get(name)) is not None}

    def _org(self, given: Mapping[str, Raw]) -> str | None:
        """The organization of the deal or the person that the record names (rule 2)."""
        for name, records in (("deal", self._data.deals), ("person", self._data.people)):
            target = given.get(name)
            record = records.get(target) if isinstance(target, str) else None
            org = None if record is None else org_of(record, self._data)
            if org is not None:
                return org
        return None

    # records that are there

    def _update(self, draft: Draft, existing: Record, compared: Sequence[str]) -> None:
        """Compare a row with its record; where they differ the row wins."""
        changes: dict[str, Raw] = {}
        overwrites: list[Overwrite] = []
        filled: list[str] = []
        # A cell that is not of the file follows from one that is, as a currency from a value.
        follows = [name for name in draft.cells if name not in compared]
        for name in (*compared, *follows):
            raw, new = self._field_values(draft, name)
            old = self._value(existing, name)
            if new != old:
                known = self._fields[name]
                changes[name] = raw
                was = _display_value(known, old)
                if was is None:
                    filled.append(name)
                else:
                    overwrites.append(Overwrite(name, was, _display_value(known, new)))
        if changes:
            kind = self._kind.name
            self.updated.append(
                RecordToChange(kind, draft.id, changes, draft.line, overwrites, filled)
            )
        else:
            self.unchanged += 1

    def _field_values(self, draft: Draft, name: str) -> tuple[Raw, Value | None]:
        """What a row says of a mapped field: the text to write, and its value."""
        cell = draft.cells.get(name)
        if cell is None:
            target = draft.targets.get(name)
            found = None if target is None else self._target_id(target)
            return found, found
        if cell.raw is None:
            return None, self._unset.get(name)
        return cell.raw, cell.value

    def _value(self, record: Record, name: str) -> Value | None:
        if name not in self._built_in:
            return record.custom.get(name)
        value: Value | None = getattr(record, self._fields[name].attribute)
        return value


class _Ids(Container[str]):
    """The ids that are taken, by the book and by what is planned so far."""

    def __init__(self, taken: Container[str]) -> None:
        self._taken = taken
        self._own: set[str] = set()

    def add(self, made: str) -> None:
        self._own.add(made)

    def __contains__(self, made: object) -> bool:
        return made in self._own or made in self._taken


def _display_value(known: Field, value: Value | None) -> str | None:
    """A value as text for people; None when it is not set."""
    if value is None or value == ():
        return None
    raw = to_raw(known, value)
    return ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
