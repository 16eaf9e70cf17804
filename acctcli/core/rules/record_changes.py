"""Fields that commands change, membership, and what goes with a removal.

Changes are given as field name to text, None for a field that is unset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.dates import stamp_text, time_text
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.links import all_links, org_of
from acctcli.core.model.names import fold
from acctcli.core.model.records import Org

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.records import Data, Raw, Record, Settings, Stamp

_Key = tuple[KindName, str]
# The links through which a record reaches an organization it does not name (rule 2).
_ROUNDABOUT: tuple[tuple[str, KindName], ...] = (("deal", "deals"), ("person", "people"))


def fields_of_win(on: Stamp) -> dict[str, Raw]:
    """What makes a deal won on that day or at that moment."""
    return {
        "status": "won",
        "won_time": stamp_text(on),
        "lost_time": None,
        "lost_reason": None,
    }


def fields_of_loss(on: Stamp, reason: str | None = None) -> dict[str, Raw]:
    """What makes a deal lost on that day or at that moment; no reason unsets an old one."""
    return {
        "status": "lost",
        "won_time": None,
        "lost_time": stamp_text(on),
        "lost_reason": reason,
    }


def fields_of_reopening() -> dict[str, Raw]:
    """What makes a won or lost deal open again."""
    return {"status": "open", "won_time": None, "lost_time": None, "lost_reason": None}


def fields_of_doing(
    on: Stamp, note: str | None = None, *, existing: str | None = None
) -> dict[str, Raw]:
    """What makes an activity done.

    Args:
        on: The day or moment it was done.
        note: What came of it; without one the activity's note stays as it is.
        existing: The note the activity has; the new one is set below it.
    """
    changes: dict[str, Raw] = {"done": "true", "done_time": stamp_text(on)}
    if note:
        changes["note"] = f"{existing}\n{note}" if existing else note
    return changes


def fields_of_undoing() -> dict[str, Raw]:
    """What makes a done activity undone again."""
    return {"done": None, "done_time": None}


def fields_of_move(day: dt.date, time: dt.time | None = None) -> dict[str, Raw]:
    """What gives an activity another due date; without a time its due time stays."""
    changes: dict[str, Raw] = {"due_date": day.isoformat()}
    if time is not None:
        changes["due_time"] = time_text(time)
    return changes


def won_changes(deals: Iterable[str], before: Data, after: Data) -> dict[str, int]:
    """How many more won deals belong to organizations than before, by their ids (rule 1).

    Args:
        deals: The ids of all deals that changed, or whose organization may be another now.
        before: The records before.
        after: The records as they are now.
    """
    change: dict[str, int] = {}
    for deal_id in deals:
        for data, count in ((before, -1), (after, 1)):
            deal = data.deals.get(deal_id)
            org_id = org_of(deal, data) if deal is not None and deal.status == "won" else None
            if org_id is not None:
                change[org_id] = change.get(org_id, 0) + count
    return change


def membership(
    change: Mapping[str, int], before: Data, after: Data, won_before: Callable[[str], int]
) -> tuple[list[Org], list[Org]]:
    """Who became an account and who ceased to be one, each by name (rule 1).

    Those that ceased are given as they were before, for they may be gone now.

    Args:
        change: What `won_changes` gives.
        before: The records before.
        after: The records as they are now.
        won_before: How many won deals belonged to an organization.
    """
    became: list[Org] = []
    ceased: list[Org] = []
    for org_id, count in change.items():
        was = won_before(org_id)
        if was and not was + count:
            ceased.append(before.orgs[org_id])
        elif not was and count > 0:
            became.append(after.orgs[org_id])
    return _by_name(became), _by_name(ceased)


def _by_name(orgs: Iterable[Org]) -> list[Org]:
    return sorted(orgs, key=lambda org: (fold(org.name), org.id))


def resolved_org(record: Record, data: Data) -> dict[str, Raw]:
    """The organization to store in a record that a command changes and that names none (rule 2).

    Empty when it names one, cannot name one, or belongs to none.
    """
    if getattr(record, "org", "") is not None:
        return {}
    found = org_of(record, data)
    return {} if found is None else {"org": found}


def records_to_detach(
    people: AbstractSet[str], reaching: Iterable[_Key], before: Data, after: Data
) -> list[tuple[KindName, str, str]]:
    """What a person who changes employer must not take along (rule 2).

    Gives the kind and id of each record that names no organization and reaches another one, or
    none, now that these people have moved, and the organization it belonged to: that is to be
    stored in it.

    Args:
        people: The ids of those who moved.
        reaching: Kind and id of all records that name no organization and may reach one of them.
        before: The records before.
        after: The records as they will be.
    """
    found: list[tuple[KindName, str, str]] = []
    for kind, key in reaching:
        record, old = after.of(kind).get(key), before.of(kind).get(key)
        if record is None or old is None or getattr(record, "org", None) is not None:
            continue
        was = org_of(old, before)
        if (
            was is not None
            and was in after.orgs
            and was != org_of(record, after)
            and _is_owned_through(old, people, before)
        ):
            found.append((kind, key, was))
    return found


def _is_owned_through(record: Record, people: AbstractSet[str], data: Data) -> bool:
    deal = data.deals.get(getattr(record, "deal", None) or "")
    through = {getattr(record, "person", None), deal.person if deal else None}
    return not through.isdisjoint(people)


class Removal(Struct, frozen=True):
    """What goes with records.

    Attributes:
        removed: Kind and id of all that goes: the records first, then by kind, in file order.
        unlinked: Kind, id and field of the links that are unset in what stays.
    """

    removed: list[tuple[KindName, str]]
    unlinked: list[tuple[KindName, str, str]]


def cascade(kind: KindName, ids: Iterable[str], data: Data, settings: Settings) -> Removal:
    """What goes with records when they are removed, so that no link is left pointing at nothing.

    With an organization goes all that belongs to it; its child organizations stay, without a
    parent. With any other record goes what would belong to no organization without it. In what
    stays, links to what goes are unset. A custom link never takes its record along, and what
    links to a record that is not in the data stays: where it belongs is not known.
    """
    links = list(all_links(data, settings))
    first: list[_Key] = [(kind, each) for each in dict.fromkeys(ids)]
    gone = set(first)
    if kind == "orgs":
        gone.update(_members({each for _, each in first}, data))
    before = 0
    while len(gone) > before:  # few rounds: a person takes deals along, these take activities
        before = len(gone)
        for source, record, name, target_kind, target in links:
            if (target_kind, target) in gone and (source, record.id) not in gone:
                own = KINDS[source].field(name) is not None
                if own and not _has_home(record, data, gone):
                    gone.add((source, record.id))
    ordered = [(each, found) for each in KINDS for found in data.of(each) if (each, found) in gone]
    named = set(first)
    return Removal(
        removed=[*first, *(key for key in ordered if key not in named)],
        unlinked=[
            (source, record.id, name)
            for source, record, name, target_kind, target in links
            if (target_kind, target) in gone and (source, record.id) not in gone
        ],
    )


def _members(orgs: AbstractSet[str], data: Data) -> Iterable[_Key]:
    """What belongs to organizations, themselves included; not their child organizations."""
    return (
        (kind, record.id)
        for kind in KINDS
        for record in data.of(kind).values()
        if org_of(record, data) in orgs
    )


def _has_home(record: Record, data: Data, gone: set[_Key]) -> bool:
    """Whether a record has a way to an organization that does not lead through `gone`.

    A link to a record that is not in the data counts as one: what cannot be seen, because of a
    slip in an id, must not be taken for nothing when records are to be removed.
    """
    if isinstance(record, Org) or record.org is not None:
        return True
    for name, kind in _ROUNDABOUT:
        target = getattr(record, name, None)
        if target is not None and (kind, target) not in gone:
            linked = data.of(kind).get(target)
            if linked is None or _has_home(linked, data, gone):
                return True
    return False
