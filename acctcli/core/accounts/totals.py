"""Totals of deals and activities by organization (rules 1 to 5 and 8).

A summary holds no day, so that it stays true tomorrow; a row is a summary seen on a day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.accounts.buckets import Bucket, bucket
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.links import org_of
from acctcli.core.model.money import add_amount
from acctcli.core.model.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.core.model.records import Activity, Data, Deal, Org, Settings


class NextActivity(Struct, frozen=True):
    """The earliest undone activity with a due date."""

    id: str
    type: str | None
    subject: str
    due_date: dt.date
    due_time: dt.time | None
    owner: str | None


class LastContact(Struct, frozen=True):
    """The latest contact: who was contacted by whom, about what, and on which day (rule 8)."""

    id: str
    type: str | None
    subject: str
    date: dt.date
    person: str | None
    owner: str | None


class Summary(Struct, frozen=True, kw_only=True):
    """What the deals and activities of one organization add up to, on any day.

    Attributes:
        org: The organization's id.
        won_value: Currency code to the exact sum of the won deals.
        won_count: How many deals are won; an account has one or more (rule 1).
        open_value: As won_value, of the open deals.
        open_count: How many deals are open.
        lost_value: As won_value, of the lost deals.
        lost_count: How many deals are lost.
        first_won: The day of the first win whose day is known.
        last_won: The day of the last win whose day is known.
        mrr: As won_value, what the won deals that are not archived bring each month.
        arr: The same, each year.
        acv: The same, each year of their contracts.
        renewal_date: The first day on which one of those is to be renewed.
        next_activity: The earliest undone activity with a due date.
        last_contact: The latest contact whose day is known.
        due_dates: The due dates of the undone activities, sorted, one an activity.
        contact_days: The days of the contacts, sorted, one a contact.
        win_days: The days of the wins that are known, sorted, one a deal.
    """

    org: str
    won_value: dict[str, Decimal]
    won_count: int
    open_value: dict[str, Decimal]
    open_count: int
    lost_value: dict[str, Decimal]
    lost_count: int
    first_won: dt.date | None
    last_won: dt.date | None
    mrr: dict[str, Decimal]
    arr: dict[str, Decimal]
    acv: dict[str, Decimal]
    renewal_date: dt.date | None
    next_activity: NextActivity | None
    last_contact: LastContact | None
    due_dates: tuple[dt.date, ...]
    contact_days: tuple[dt.date, ...]
    win_days: tuple[dt.date, ...]


class AccountStanding(Struct, frozen=True, kw_only=True):
    """What a list needs of an organization, whatever the day, but for its due dates."""

    id: str
    name: str
    owner: str | None
    labels: tuple[str, ...]
    parent: str | None
    tier: str | None
    won_value: dict[str, Decimal]
    won_count: int
    open_value: dict[str, Decimal]
    open_count: int
    lost_count: int
    first_won: dt.date | None
    last_won: dt.date | None
    mrr: dict[str, Decimal]
    arr: dict[str, Decimal]
    acv: dict[str, Decimal]
    renewal_date: dt.date | None
    next_activity: NextActivity | None
    last_contact: LastContact | None


class AccountRow(AccountStanding, frozen=True, kw_only=True):
    """An organization as lists and boards show it on a day; the names are the machine keys."""

    bucket: Bucket
    planned_count: int
    overdue_count: int
    is_account: bool


_STANDING = AccountStanding.__struct_fields__
# What a won deal brings again and again, as long as it is not archived.
RECURRING = ("mrr", "arr", "acv")


class Tally:
    """Adds up the deals and activities of one organization, in any order, to its summary.

    The order in which they come makes no difference to what `summary` gives. There may be a
    hundred thousand of them at once, so they hold no more than they need.
    """

    __slots__ = (
        *("_contacts", "_due", "_last", "_next", "_recurring", "_renewal", "_settings"),
        *("_sums", "_wins", "_zone"),
    )

    def __init__(self, settings: Settings, zone: dt.tzinfo) -> None:
        self._settings = settings
        self._zone = zone
        # By status: how many deals, and their values.
        self._sums: dict[str, tuple[int, dict[str, Decimal]]] = {}
        self._recurring: dict[str, dict[str, Decimal]] = {}
        self._renewal: dt.date | None = None
        self._wins: list[dt.date] = []
        self._due: list[dt.date] = []
        self._contacts: list[dt.date] = []
        self._next: NextActivity | None = None
        self._last: LastContact | None = None

    def add_deal(self, deal: Deal) -> None:
        """Count a deal that belongs to the organization."""
        status = deal.status
        count, sums = self._sums.get(status) or (0, {})
        # A bare value is in the book's currency, or left out (rule 4).
        if deal.value is not None and (currency := deal.currency or self._settings.currency):
            add_amount(sums, currency, deal.value)
        self._sums[status] = count + 1, sums
        if status == "won":
            if deal.won_time is not None:
                self._wins.append(stamp_day(deal.won_time, self._zone))
            if not deal.archived:
                self._add_recurring(deal)

    def _add_recurring(self, deal: Deal) -> None:
        currency = deal.currency or self._settings.currency
        for name in RECURRING:
            value: Decimal | None = getattr(deal, name)
            if value is not None and currency:
                add_amount(self._recurring.setdefault(name, {}), currency, value)
        if deal.renewal_date is not None:
            self._renewal = min(self._renewal or dt.date.max, deal.renewal_date)

    def add_activity(self, activity: Activity) -> None:
        """Count an activity that belongs to the organization."""
        if not activity.done:
            if activity.due_date is not None:
                self._plan(activity, activity.due_date)
        elif activity.type in self._settings.contact_types:
            day = done_day(activity, self._zone)
            if day is not None:
                self._contact(activity, day)

    def _plan(self, activity: Activity, day: dt.date) -> None:
        self._due.append(day)
        now = self._next
        if now is None or urgency(activity) < urgency(now):
            self._next = NextActivity(
                id=activity.id,
                type=activity.type,
                subject=activity.subject,
                due_date=day,
                due_time=activity.due_time,
                owner=activity.owner,
            )

    def _contact(self, activity: Activity, day: dt.date) -> None:
        self._contacts.append(day)
        now = self._last
        if now is None or (day, activity.id) > (now.date, now.id):
            self._last = LastContact(
                id=activity.id,
                type=activity.type,
                subject=activity.subject,
                date=day,
                person=activity.person,
                owner=activity.owner,
            )

    def add_all(self, other: Tally) -> None:
        """Count all that another tally of the same organization has counted."""
        for status, (count, sums) in other._sums.items():
            own_count, own = self._sums.get(status) or (0, {})
            for currency, amount in sums.items():
                add_amount(own, currency, amount)
            self._sums[status] = own_count + count, own
        for name, sums in other._recurring.items():
            for currency, amount in sums.items():
                add_amount(self._recurring.setdefault(name, {}), currency, amount)
        if other._renewal is not None:
            self._renewal = min(self._renewal or dt.date.max, other._renewal)
        self._wins += other._wins
        self._due += other._due
        self._contacts += other._contacts
        upcoming, contact = other._next, other._last
        if upcoming and (self._next is None or urgency(upcoming) < urgency(self._next)):
            self._next = upcoming
        if contact and (
            self._last is None or (contact.date, contact.id) > (self._last.date, self._last.id)
        ):
            self._last = contact

    def summary(self, org_id: str) -> Summary:
        """What has been counted, as the summary of the organization with that id."""
        won_count, won_value = self._sum("won")
        open_count, open_value = self._sum("open")
        lost_count, lost_value = self._sum("lost")
        wins = sorted(self._wins)
        return Summary(
            org=org_id,
            won_value=won_value,
            won_count=won_count,
            open_value=open_value,
            open_count=open_count,
            lost_value=lost_value,
            lost_count=lost_count,
            first_won=wins[0] if wins else None,
            last_won=wins[-1] if wins else None,
            mrr=self._recurring_sum("mrr"),
            arr=self._recurring_sum("arr"),
            acv=self._recurring_sum("acv"),
            renewal_date=self._renewal,
            next_activity=self._next,
            last_contact=self._last,
            due_dates=tuple(sorted(self._due)),
            contact_days=tuple(sorted(self._contacts)),
            win_days=tuple(wins),
        )

    def _recurring_sum(self, name: str) -> dict[str, Decimal]:
        return dict(sorted(self._recurring.get(name, {}).items()))

    def _sum(self, status: str) -> tuple[int, dict[str, Decimal]]:
        count, sums = self._sums.get(status) or (0, {})
        return count, dict(sorted(sums.items()))


def urgency(planned: Activity | NextActivity) -> tuple[dt.date, bool, dt.time, str]:
    """Orders by due date, due time (none stands last), id."""
    time = planned.due_time
    return planned.due_date or dt.date.max, time is None, time or dt.time.min, planned.id


def summarize(data: Data, settings: Settings, zone: dt.tzinfo) -> dict[str, Summary]:
    """The summary of every organization, account or not, by id, in the order of the files.

    Args:
        data: All records.
        settings: The currency of bare values, and the types of activities that are contacts.
        zone: Where the day of a timestamp is taken (rule 6).
    """
    tallies = {org_id: Tally(settings, zone) for org_id in data.orgs}
    for deal in data.deals.values():
        org_id = org_of(deal, data)
        if org_id is not None:
            tallies[org_id].add_deal(deal)
    for activity in data.activities.values():
        org_id = org_of(activity, data)
        if org_id is not None:
            tallies[org_id].add_activity(activity)
    return {org_id: tally.summary(org_id) for org_id, tally in tallies.items()}


def summary(
    org_id: str,
    deals: Iterable[Deal],
    activities: Iterable[Activity],
    settings: Settings,
    zone: dt.tzinfo,
) -> Summary:
    """The summary of one organization from the deals and activities that belong to it."""
    tally = Tally(settings, zone)
    for deal in deals:
        tally.add_deal(deal)
    for activity in activities:
        tally.add_activity(activity)
    return tally.summary(org_id)


def done_day(activity: Activity, zone: dt.tzinfo) -> dt.date | None:
    """The day a done activity was done: that of `done_time`, else its due date, else None."""
    if activity.done_time is None:
        return activity.due_date
    return stamp_day(activity.done_time, zone)


def is_due(activity: Activity, until: dt.date) -> bool:
    """Whether an activity is still to be done, and due up to a day."""
    return not activity.done and activity.due_date is not None and activity.due_date <= until


def is_won(deal: Deal, since: dt.date, until: dt.date, zone: dt.tzinfo) -> bool:
    """Whether a deal was won in a period, both ends included; one that tells no day was not."""
    if deal.status != "won" or deal.won_time is None:
        return False
    return since <= stamp_day(deal.won_time, zone) <= until


def won_counts(data: Data) -> dict[str, int]:
    """How many won deals belong to each account; who has one is an account (rule 1)."""
    found: dict[str, int] = {}
    for deal in data.deals.values():
        org_id = org_of(deal, data) if deal.status == "won" else None
        if org_id is not None:
            found[org_id] = found.get(org_id, 0) + 1
    return found


def account_standing(org: Org, summary: Summary) -> AccountStanding:
    """The organization and its summary, but for the days that are many."""
    return AccountStanding(
        id=org.id,
        name=org.name,
        owner=org.owner,
        labels=org.labels,
        parent=org.parent,
        tier=org.tier,
        won_value=summary.won_value,
        won_count=summary.won_count,
        open_value=summary.open_value,
        open_count=summary.open_count,
        lost_count=summary.lost_count,
        first_won=summary.first_won,
        last_won=summary.last_won,
        mrr=summary.mrr,
        arr=summary.arr,
        acv=summary.acv,
        renewal_date=summary.renewal_date,
        next_activity=summary.next_activity,
        last_contact=summary.last_contact,
    )


def account_row_on(
    today: dt.date, standing: AccountStanding, due: Sequence[int], settings: Settings
) -> AccountRow:
    """A standing as a list shows it on a day.

    Args:
        today: The day.
        standing: The organization's.
        due: The due dates of its undone activities as day numbers (`date.toordinal`), sorted.
        settings: The bounds of the buckets.
    """
    upcoming = standing.next_activity
    return AccountRow(
        **{name: getattr(standing, name) for name in _STANDING},
        bucket=bucket(upcoming.due_date if upcoming else None, today, settings),
        planned_count=len(due),
        overdue_count=bisect_left(due, today.toordinal()),
        is_account=standing.won_count > 0,
    )


def account_row(org: Org, summary: Summary, today: dt.date, settings: Settings) -> AccountRow:
    """The organization and its summary as a list shows them on a day."""
    return account_row_on(
        today, account_standing(org, summary), day_numbers(summary.due_dates), settings
    )


def day_numbers(days: Iterable[dt.date]) -> list[int]:
    """The days as numbers, which are quicker to keep and to look through."""
    return [day.toordinal() for day in days]


def list_place(org: Org | AccountRow) -> tuple[str, str]:
    """Where an organization stands in a list: by name, case and accents aside, then by id."""
    return fold(org.name), org.id


def has_contact(days: Sequence[int], since: dt.date, until: dt.date) -> bool:
    """Whether a contact falls inside the period, both ends included (rule 8).

    `days` are those of the contacts as `day_numbers` gives them, sorted.
    """
    first = bisect_left(days, since.toordinal())
    return first < len(days) and days[first] <= until.toordinal()
