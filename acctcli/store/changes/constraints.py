"""Constraints of a change: links, cycles, tiers, removals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import InvalidBookError, InvalidInputError, Problem
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.links import cycle, links
from acctcli.core.model.records import Data, Org
from acctcli.core.reports.contact_rhythm import unknown_tier
from acctcli.store.views.pending_records import PendingRecords

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Record, Settings
    from acctcli.store.views.view import View

_WAYS: tuple[tuple[str, KindName], ...] = (("org", "orgs"), ("deal", "deals"), ("person", "people"))


def check_links(
    view: View, after: Data, settings: Settings, changed: Mapping[str, KindName]
) -> None:
    """Refuse new links of changed records that lead to nothing, and new circles of parents.

    Raises:
        InvalidBookError: a link leads to a record that cannot be read.
        InvalidInputError: a link leads to nothing, or an organization comes to be above itself.
    """
    for record_id, kind in changed.items():
        record = after.of(kind).get(record_id)
        if record is None:
            continue
        custom = settings.custom_fields(kind)
        old = view.data.of(kind).get(record_id)
        known = set(links(old, custom)) if old else set()
        for link in links(record, custom):
            field, target_kind, target = link
            if link not in known and target not in after.of(target_kind):
                _refuse_link(view, (kind, record), field, target_kind, target)
        if kind == "orgs":
            _check_parents(record_id, view.data, after)


def _refuse_link(
    view: View, of: tuple[KindName, Record], field: str, target_kind: KindName, target: str
) -> None:
    if problem := view.is_bad(target):
        raise InvalidBookError(problem)
    kind, record = of
    raise InvalidInputError(
        Problem(
            id="link-to-nothing",
            message=f'{field}: there is no {KINDS[target_kind].title} with the id "{target}"',
            hint=f'see "acctcli {KINDS[target_kind].noun} list"',
            kind=kind,
            record=record.id,
            field=field,
        )
    )


def _check_parents(org: str, before: Data, after: Data) -> None:
    path = cycle(org, after)
    if path and not cycle(org, before):
        raise InvalidInputError.of(
            "parent-cycle",
            f"an organization cannot be above itself: {' -> '.join(path)}",
            hint="choose a parent that is not below this organization",
        )


def check_tiers(
    view: View, after: Data, settings: Settings, changed: Mapping[str, KindName]
) -> None:
    """Refuse new tiers of changed organizations that have no rhythm of contact.

    Raises:
        InvalidInputError: ``unknown-tier``.
    """
    for record_id, kind in changed.items():
        org = after.of(kind).get(record_id)
        if not isinstance(org, Org):
            continue
        old = view.data.orgs.get(record_id)
        problem = unknown_tier(org, settings)
        if problem is not None and (old is None or old.tier != org.tier):
            raise InvalidInputError(problem)


def check_removals(view: View, after: Data, settings: Settings, removed: Collection[str]) -> None:
    """Let a record go only when it is certain that nothing is left that links to it.

    Raises:
        InvalidBookError: what cannot be read mentions it, so nobody can know.
        InvalidInputError: a record links to it still.
    """
    for record_id in removed:
        if problem := view.unreadable_mention(record_id):
            raise InvalidBookError(problem)
    for link in links_to(view, after, settings, set(removed)) if removed else ():
        raise InvalidInputError(
            Problem(
                id="still-linked",
                message=f'"{link.target}" cannot be removed while "{link.record.id}" links to it',
                kind=link.kind,
                record=link.record.id,
                field=link.field,
            )
        )


class Link(NamedTuple):
    """A link that is set: whose it is, by which field, and to what."""

    kind: KindName
    record: Record
    field: str
    target_kind: KindName
    target: str


def links_to(
    view: View, after: Data, settings: Settings, targets: AbstractSet[str]
) -> Iterator[Link]:
    """The links to these ids that the records will have, by kind.

    Args:
        view: The book as it is.
        after: The records as they will be: those of the view, with what was put over them.
        settings: As they will be, for the custom fields.
        targets: The ids.
    """
    found = set(view.may_link_to(targets))
    for kind in KINDS:
        custom = settings.custom_fields(kind)
        records = after.of(kind)
        keys = sorted(key for each, key in found if each == kind)
        if isinstance(records, PendingRecords):
            keys = list(dict.fromkeys([*keys, *records.changed_keys()]))
        for key in keys:
            record = records.get(key)
            for field, target_kind, target in links(record, custom) if record else ():
                if target in targets and record is not None:
                    yield Link(kind, record, field, target_kind, target)


def removal_closure(view: View, after: Data, settings: Settings, ids: AbstractSet[str]) -> Data:
    """Records with all that links to them, be it through others, and what tells where those belong.

    Of all records these are the ones that `cascade` looks at; the arguments are those
    of `links_to`. They stand in the order of the files, new ones last.
    """
    found: dict[str, tuple[KindName, Record]] = {}
    overlays = [(kind, after.of(kind)) for kind in KINDS]
    changed = [
        (kind, key)
        for kind, each in overlays
        if isinstance(each, PendingRecords)
        for key in each.changed_keys()
    ]
    waiting = set(ids)
    while waiting:
        met: dict[str, tuple[KindName, Record]] = {}
        for kind, key in (*view.may_link_to(waiting), *changed):
            record = None if key in found else after.of(kind).get(key)
            if record is None:
                continue
            custom = settings.custom_fields(kind)
            if any(target in waiting for _, _, target in links(record, custom)):
                met[key] = kind, record
        found |= met
        waiting = set(met)
    for kind, records in overlays:
        for record_id in ids:
            if record_id in records:
                found[record_id] = kind, records[record_id]
    for _, record in list(found.values()):
        _add_owning_links(record, after, found)
    return _in_order(view, found)


def _add_owning_links(
    record: Record, after: Data, found: dict[str, tuple[KindName, Record]]
) -> None:
    """Add what a record may belong to an organization by, whether it needs that or not."""
    for field, kind in _WAYS:
        key = getattr(record, field, None)
        target = None if key is None or key in found else after.of(kind).get(key)
        if target is not None:
            found[target.id] = kind, target
            _add_owning_links(target, after, found)


def _in_order(view: View, found: Mapping[str, tuple[KindName, Record]]) -> Data:
    spots = {key: view.location_of(key) for key in found}
    new = 1 << 62  # behind all files
    order = sorted(
        found, key=lambda key: (spot.rank, spot.number) if (spot := spots[key]) else (new, 0)
    )
    kinds: dict[KindName, dict[str, Record]] = {kind: {} for kind in KINDS}
    for key in order:
        kind, record = found[key]
        kinds[kind][key] = record
    return Data(**kinds)  # type: ignore[arg-type]  # each kind has its records
