"""What is late with an organization on a day: work that is overdue, renewals that have passed.

It knows when something is late and by how long; it knows no list, no page and no clock.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from acctcli.core.kinds import KindName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.core.records import Activity, Deal

Lateness = Literal["activity", "renewal"]


class Late(Struct, frozen=True, kw_only=True):
    """One thing that is late; the names are the machine keys.

    Attributes:
        what: What it is: an `activity` or a `renewal`.
        due: The day on which it was due.
        days: How many days ago that was, one or more.
        kind: The kind of its record.
        id: The id of its record.
        type: The type of an activity.
        text: The subject of the activity, the title of the deal.
        owner: Whose it is.
    """

    what: Lateness
    due: dt.date
    days: int
    kind: KindName
    id: str
    type: str | None
    text: str
    owner: str | None


def renews(deal: Deal) -> bool:
    """Whether a deal's renewal counts: it is won and not archived, and has a day for it."""
    return deal.status == "won" and not deal.archived and deal.renewal_date is not None


def days_late(due: dt.date, today: dt.date) -> int:
    """How many days ago something was due; zero when it is not late."""
    return max((today - due).days, 0)


def what_is_late(
    activities: Iterable[Activity], deals: Iterable[Deal], today: dt.date
) -> tuple[Late, ...]:
    """What of these is late on a day, the longest first.

    Args:
        activities: An undone one is late after its due date.
        deals: One that `renews` is late after its renewal date, which is moved when it is renewed.
        today: The day.
    """
    found = [
        Late(
            what="activity",
            due=each.due_date,
            days=days_late(each.due_date, today),
            kind="activities",
            id=each.id,
            type=each.type,
            text=each.subject,
            owner=each.owner,
        )
        for each in activities
        if not each.done and each.due_date is not None and each.due_date < today
    ]
    found += [
        Late(
            what="renewal",
            due=deal.renewal_date,
            days=days_late(deal.renewal_date, today),
            kind="deals",
            id=deal.id,
            type=None,
            text=deal.title,
            owner=deal.owner,
        )
        for deal in deals
        if renews(deal) and deal.renewal_date is not None and deal.renewal_date < today
    ]
    return tuple(sorted(found, key=lambda each: (each.due, each.what, each.id)))
