"""The events of an organization, newest first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from acctcli.core.model.dates import stamp_day
from acctcli.core.model.kinds import KindName
from acctcli.core.model.links import kind_of
from acctcli.core.model.records import Activity, Deal, Note, Stamp
from acctcli.core.reports.account_page import newest_place, records_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from acctcli.core.model.records import Data, File, Settings

Event = Literal["planned", "done", "won", "lost", "added"]
# On one day a deal is added before it is closed, so it stands below.
_RANKS: dict[Event, int] = {"planned": 0, "done": 1, "won": 2, "lost": 2, "added": 3}
# What `--types` may name besides the types of activities.
KIND_WORDS: dict[str, KindName] = {
    "activity": "activities",
    "deal": "deals",
    "note": "notes",
    "file": "files",
}


class Happening(Struct, frozen=True, kw_only=True):
    """One event of a timeline; the names are the machine keys.

    Attributes:
        time: When it was, as the record has it; None when nothing says so.
        day: The day of that.
        event: What happened to the record.
        kind: The kind of the record.
        id: Its id.
        type: The type of an activity.
        text: The subject, title or name of the record, or the content of a note.
        value: Of a deal: its value by currency.
        person: The id of the person it is about.
        owner: Whose it is.
    """

    time: Stamp | None
    day: dt.date | None
    event: Event
    kind: KindName
    id: str
    type: str | None
    text: str
    value: dict[str, Decimal]
    person: str | None
    owner: str | None


def timeline(
    org_id: str, data: Data, settings: Settings, zone: dt.tzinfo, *, planned: bool = False
) -> list[Happening]:
    """What happened with an organization, the newest first; what has no day stands last.

    A done activity is an event on the day it was done, else due; a note or a file on the day it
    was added; a deal on the day it was added, and on the one it was won or lost.

    Args:
        org_id: The organization.
        data: All records that belong to it (rule 2), and maybe others.
        settings: The currency of bare values.
        zone: Where the day of a timestamp is taken (rule 6).
        planned: Whether undone activities are there too, on the day they are due.
    """
    found = [
        *_of_activities(records_of(org_id, data.activities, data), zone, planned=planned),
        *_of_deals(records_of(org_id, data.deals, data), settings, zone),
        *(_addition(each, zone) for each in records_of(org_id, data.notes, data)),
        *(_addition(each, zone) for each in records_of(org_id, data.files, data)),
    ]
    return sorted(
        found, key=lambda each: (newest_place(each.time, zone), _RANKS[each.event], each.id)
    )


def since(events: Iterable[Happening], day: dt.date) -> list[Happening]:
    """The events of a day and of those after it, in their order."""
    return [each for each in events if each.day is not None and each.day >= day]


def of_types(events: Iterable[Happening], types: Container[str]) -> list[Happening]:
    """The events of some types, in their order: a word of KIND_WORDS, or a type of activities."""
    kinds = {kind for word, kind in KIND_WORDS.items() if word in types}
    return [each for each in events if each.kind in kinds or each.type in types]


def _of_activities(
    activities: Iterable[Activity], zone: dt.tzinfo, *, planned: bool
) -> Iterator[Happening]:
    for each in activities:
        if each.done:
            yield _event("done", each, each.done_time or each.due_date, zone)
        elif planned:
            yield _event("planned", each, each.due_date, zone)


def _of_deals(deals: Iterable[Deal], settings: Settings, zone: dt.tzinfo) -> Iterator[Happening]:
    for deal in deals:
        currency = deal.currency or settings.currency
        value = {} if deal.value is None or currency is None else {currency: deal.value}
        yield _event("added", deal, deal.add_time, zone, value)
        if deal.status == "won":
            yield _event("won", deal, deal.won_time, zone, value)
        elif deal.status == "lost":
            yield _event("lost", deal, deal.lost_time, zone, value)


def _addition(record: Note | File, zone: dt.tzinfo) -> Happening:
    return _event("added", record, record.add_time, zone)


def _event(
    event: Event,
    record: Activity | Deal | Note | File,
    time: Stamp | None,
    zone: dt.tzinfo,
    value: dict[str, Decimal] | None = None,
) -> Happening:
    return Happening(
        time=time,
        day=None if time is None else stamp_day(time, zone),
        event=event,
        kind=kind_of(record),
        id=record.id,
        type=record.type if isinstance(record, Activity) else None,
        text=_text(record),
        value=value or {},
        person=record.person,
        owner=record.owner,
    )


def _text(record: Activity | Deal | Note | File) -> str:
    if isinstance(record, Activity):
        return record.subject
    if isinstance(record, Deal):
        return record.title
    return record.content if isinstance(record, Note) else record.name
