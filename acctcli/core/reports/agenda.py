"""The agenda: activities that are due."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import structs

from acctcli.core.accounts.buckets import Bucket, bucket
from acctcli.core.model.links import org_of
from acctcli.core.model.names import fold
from acctcli.core.model.records import Activity

if TYPE_CHECKING:
    from acctcli.core.model.records import Data, Record, Settings


class AgendaEntry(Activity, frozen=True, kw_only=True):
    """An activity on the agenda.

    `org` is the id of the organization it belongs to, named or resolved (rule 2), or None.

    Attributes:
        org_name: The name of that organization.
        bucket: The bucket its due date falls into on the day of the agenda (rule 5).
    """

    org_name: str | None
    bucket: Bucket


def agenda_entries(
    data: Data,
    settings: Settings,
    today: dt.date,
    until: dt.date,
    *,
    owner: str | None = None,
) -> list[AgendaEntry]:
    """The undone activities that are due up to a day, overdue ones included.

    They come by due date, due time (those without one last), subject. An activity that belongs
    to no organization is there too: it has to be done all the same.

    Args:
        data: All records.
        settings: The bounds of the buckets.
        today: The day the agenda is for.
        until: The last day shown.
        owner: Whose activities; None for everybody's.
    """
    found = [
        (activity.due_date, activity)
        for activity in data.activities.values()
        if not activity.done
        and activity.due_date is not None
        and activity.due_date <= until
        and owner in (None, activity.owner)
    ]
    found.sort(key=_place)
    return [_entry(activity, data, bucket(day, today, settings)) for day, activity in found]


def due_place(record: Record) -> tuple[dt.date, bool, dt.time, str]:
    """Where an activity stands in a list: by due date, time and id; those without a day last."""
    day: dt.date = getattr(record, "due_date", None) or dt.date.max
    time: dt.time | None = getattr(record, "due_time", None)
    return day, time is None, time or dt.time.min, record.id


def _place(planned: tuple[dt.date, Activity]) -> tuple[dt.date, bool, dt.time, str, str]:
    day, activity = planned
    time = activity.due_time
    return day, time is None, time or dt.time.min, fold(activity.subject), activity.id


def _entry(activity: Activity, data: Data, where: Bucket) -> AgendaEntry:
    org_id = org_of(activity, data)
    fields = structs.asdict(activity)
    fields.update(
        org=org_id,
        org_name=None if org_id is None else data.orgs[org_id].name,
        bucket=where,
    )
    return AgendaEntry(**fields)
