"""When accounts are due for contact, by tier."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.durations import parse_span
from acctcli.core.model.errors import Problem
from acctcli.core.model.names import or_nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.accounts.totals import AccountStanding
    from acctcli.core.model.records import Org, Settings


class ContactDue(Struct, frozen=True, kw_only=True):
    """When an account is to be contacted next, by the rhythm of its tier.

    Attributes:
        tier: The account's tier.
        rhythm: How often its accounts are to be contacted, such as `30d`.
        day: The day by which to contact it; None when no contact and no win has a day.
        late_by: How many days ago that was; 0 when it is not past, None when there is no day.
        planned: The first thing planned in time, which covers the account; None for nothing.
    """

    tier: str
    rhythm: str
    day: dt.date | None
    late_by: int | None
    planned: dt.date | None

    @property
    def is_late(self) -> bool:
        """Whether the day is past, and nothing is planned in time."""
        return self.late_by != 0 and self.planned is None


def contact_due(  # noqa: PLR0917 - a row, its days, and what they are seen by
    row: AccountStanding,
    contacts: Sequence[int],
    wins: Sequence[int],
    due: Sequence[int],
    settings: Settings,
    today: dt.date,
) -> ContactDue | None:
    """When an organization is to be contacted; None when it is no account, or has no rhythm.

    The rhythm is counted from the last contact up to today; from the first win when there was
    none; when neither has a day, the contact is late. What is planned is in time when it is due
    today or later, and not after the day of the contact; nor, where that is past or nearer,
    after the last day of the bucket `soon`.

    Args:
        row: The organization's.
        contacts: The days of its contacts, as `day_numbers` gives them, sorted.
        wins: Those of its wins, likewise.
        due: The due dates of what is planned, likewise.
        settings: The tiers, and where the bucket `soon` ends.
        today: The day.
    """
    rhythm = settings.tiers.get(row.tier or "")
    if row.tier is None or rhythm is None or not row.won_count:
        return None
    now = today.toordinal()
    past = bisect_right(contacts, now)
    since = contacts[past - 1] if past else wins[0] if wins else None
    day = None if since is None else _day_after(since, rhythm)
    late_by = None if day is None else max(0, now - day)
    in_time = max(day or 0, now + settings.later - 1)
    first = bisect_left(due, now)
    covered = first < len(due) and due[first] <= in_time
    return ContactDue(
        tier=row.tier,
        rhythm=rhythm,
        day=None if day is None else dt.date.fromordinal(day),
        late_by=late_by,
        planned=dt.date.fromordinal(due[first]) if covered else None,
    )


def _day_after(since: int, rhythm: str) -> int:
    """The day a rhythm after a day; the last one of the calendar when it reaches beyond."""
    try:
        return parse_span(rhythm).add_to(dt.date.fromordinal(since)).toordinal()
    except OverflowError:
        return dt.date.max.toordinal()


def most_late(due: ContactDue) -> float:
    """Sorts what is late: without a day first, then by how late it is."""
    return float("-inf") if due.late_by is None else -due.late_by


def unknown_tier(org: Org, settings: Settings) -> Problem | None:
    """What is wrong with an organization's tier: acctcli.yaml has no rhythm for it."""
    if org.tier is None or org.tier in settings.tiers:
        return None
    known = ", ".join(settings.tiers)
    return Problem(
        id="unknown-tier",
        message=f'tier: there is no tier "{org.tier}"' + or_nearest(org.tier, settings.tiers),
        hint=(f"the tiers are {known}; " if known else "")
        + f'a tier is one with a rhythm in acctcli.yaml, such as "tiers: {{{org.tier}: 30d}}"',
        kind="orgs",
        record=org.id,
        field="tier",
    )
