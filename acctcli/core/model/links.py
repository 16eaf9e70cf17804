"""Links between records, and the organization a record belongs to (rule 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import KINDS, FieldType
from acctcli.core.model.records import TYPES, Deal, Org, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.kinds import Field, KindName
    from acctcli.core.model.records import Data, Record, Settings

_KIND_OF = {record_type: kind for kind, record_type in TYPES.items()}
_LINK_FIELDS: dict[KindName, tuple[tuple[str, KindName], ...]] = {
    kind.name: tuple((field.name, field.link) for field in kind.fields if field.link)
    for kind in KINDS.values()
}


def kind_of(record: Record) -> KindName:
    """The name of the record's kind, such as `deals`."""
    return _KIND_OF[type(record)]


def org_of(record: Record, data: Data) -> str | None:
    """The id of the one organization the record belongs to, or None (rule 2).

    It is the organization the record names; else that of its deal; else that of its person. A
    named organization that is not in the data gives None, and nothing else is tried: the record
    says where it belongs. An organization belongs to itself, never to its parent.
    """
    if isinstance(record, Org):
        return record.id
    if record.org is not None:
        return record.org if record.org in data.orgs else None
    if isinstance(record, Person):
        return None
    if not isinstance(record, Deal) and record.deal is not None:
        deal = data.deals.get(record.deal)
        org = None if deal is None else org_of(deal, data)
        if org is not None:
            return org
    person = None if record.person is None else data.people.get(record.person)
    return None if person is None else org_of(person, data)


def reaching(ids: AbstractSet[str], data: Data) -> list[tuple[KindName, str]]:
    """What may belong to another organization once one of these records is another (rule 2).

    That is what names no organization but one of them as its deal or person, what does so through
    a deal of those, and the deals and people that name one of them as their organization; by kind,
    then in the order of the files.
    """
    found: set[tuple[KindName, str]] = set()
    waiting = set(ids)
    while waiting:
        met: set[str] = set()
        for kind in KINDS:
            for key, record in data.of(kind).items():
                if (kind, key) not in found and not waiting.isdisjoint(owning_links(record)):
                    found.add((kind, key))
                    if isinstance(record, Deal | Person):
                        met.add(key)
        waiting = met
    return [(kind, key) for kind in KINDS for key in data.of(kind) if (kind, key) in found]


def owning_links(record: Record) -> tuple[str | None, ...]:
    """The ids of the records through which this one's organization is told; see `reaching`."""
    org: str | None = getattr(record, "org", None)
    if org is not None:
        return (org,) if isinstance(record, Deal | Person) else ()
    return getattr(record, "deal", None), getattr(record, "person", None)


def links(record: Record, custom: Mapping[str, Field]) -> list[tuple[str, KindName, str]]:
    """The links of the record that are set: field, kind pointed at, id pointed at.

    Built-in links come first, in table order, then the custom ones as they are declared.

    Args:
        record: The record to read.
        custom: The custom fields declared for its kind.
    """
    found: list[tuple[str, KindName, str]] = []
    for name, kind in _LINK_FIELDS[kind_of(record)]:
        target = getattr(record, name)
        if target is not None:
            found.append((name, kind, target))
    for name, field in custom.items():
        target = record.custom.get(name)
        if field.type is FieldType.LINK and field.link is not None and isinstance(target, str):
            found.append((name, field.link, target))
    return found


def all_links(
    data: Data, settings: Settings
) -> Iterator[tuple[KindName, Record, str, KindName, str]]:
    """Every link that is set: kind, record, field, kind pointed at, id pointed at.

    They come by kind, then in the order of the files.
    """
    for kind in KINDS:
        custom = settings.custom_fields(kind)
        for record in data.of(kind).values():
            for name, target_kind, target in links(record, custom):
                yield kind, record, name, target_kind, target


def cycle(org_id: str, data: Data) -> list[str] | None:
    """The circle of parents above an organization, or None when the parents end (rule 9).

    The path starts and ends with the same id: `["a", "b", "a"]`.
    """

    def parent_of(key: str) -> str | None:
        org = data.orgs.get(key)
        return None if org is None else org.parent

    return _climb(org_id, parent_of, set())


def circles(parents: Mapping[str, str]) -> list[list[str]]:
    """Every circle among ids and those of their parents once, each as `cycle` gives it."""
    seen: set[str] = set()
    found = (_climb(key, parents.get, seen) for key in parents)
    return [path for path in found if path is not None]


def circle_problem(path: Sequence[str]) -> Problem:
    """What is wrong with a circle of parents, from its path as `cycle` gives it."""
    return Problem(
        id="parent-cycle",
        message=f'parent: "{path[0]}" is above itself: {" -> ".join(path)}',
        hint=f'remove "parent" from one of them, such as "{path[0]}"',
        kind="orgs",
        record=path[0],
        field="parent",
    )


def _climb(org_id: str, parent_of: Callable[[str], str | None], seen: set[str]) -> list[str] | None:
    """Climb the parents from an organization until they end, or reach one that was seen.

    What is passed is added to `seen`, so that climbing from all organizations stays linear.
    """
    path: list[str] = []
    current: str | None = org_id
    while current is not None and current not in seen:
        path.append(current)
        seen.add(current)
        current = parent_of(current)
    if current is None or current not in path:
        return None
    return [*path[path.index(current) :], current]
