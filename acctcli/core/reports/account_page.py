"""All that belongs to an account."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from acctcli.core.accounts.hierarchy import Family
from acctcli.core.accounts.totals import AccountRow, account_row, day_numbers, summary
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.links import org_of
from acctcli.core.model.names import fold
from acctcli.core.model.records import (
    Activity,
    Deal,
    File,
    Note,
    Org,
    Person,
    Record,
)
from acctcli.core.reports.contact_rhythm import ContactDue, contact_due
from acctcli.core.reports.health import Assessment, assess, facts
from acctcli.core.reports.overdue import OverdueItem, RecurringDeal, overdue_items, recurring_deals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.core.model.records import Data, Settings, Stamp

_AnyRecord = TypeVar("_AnyRecord", bound=Record)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

# The sections of a page in order. The summary is all that is not in one of the others.
PAGE_SECTIONS = (
    *("summary", "late", "planned", "done", "deals", "renewals", "branches"),
    *("people", "notes", "files", "fields"),
)


class Page(Struct, frozen=True, kw_only=True):
    """One organization with everything that belongs to it.

    Attributes:
        row: What lists show of it.
        org: The organization itself, with its custom fields.
        health: Its health, when it is an account.
        deals: Open ones first, by expected close, then closed ones, the newest first.
        people: By name.
        notes: Pinned ones first, the newest first.
        files: By name.
        planned: Undone activities by due date and time; those without a date stand last.
        done: Done activities, the newest first; those without a day stand last.
        renewals: The deals with a renewal date or a term, by that date; none stands last.
        late: What is overdue, and what has not been renewed in time; the longest first.
        family: Its parents and branches; None when they are not looked at.
        contact_due: When to contact it next, by its tier; None when nothing says so.
    """

    row: AccountRow
    org: Org
    health: Assessment | None = None
    deals: tuple[Deal, ...]
    people: tuple[Person, ...]
    notes: tuple[Note, ...]
    files: tuple[File, ...]
    planned: tuple[Activity, ...]
    done: tuple[Activity, ...]
    renewals: tuple[RecurringDeal, ...] = ()
    late: tuple[OverdueItem, ...] = ()
    family: Family | None = None
    contact_due: ContactDue | None = None

    @property
    def next_renewal(self) -> dt.date | None:
        """The first day on which a won deal that is not archived renews, and that is not late."""
        days = [
            each.renewal_date
            for each in self.renewals
            if each.renewal_date and each.counts and not each.days_late
        ]
        return min(days, default=None)


def page(org_id: str, data: Data, settings: Settings, today: dt.date, zone: dt.tzinfo) -> Page:
    """The page of an organization, account or not.

    Args:
        org_id: The id of an organization in the data; KeyError for any other.
        data: All records.
        settings: The currency of bare values, contact types, bounds of the buckets.
        today: The day the page is for.
        zone: Where the day of a timestamp is taken (rule 6).
    """
    org = data.orgs[org_id]
    deals = records_of(org_id, data.deals, data)
    activities = records_of(org_id, data.activities, data)
    summed = summary(org_id, deals, activities, settings, zone)
    listed = account_row(org, summed, today, settings)
    days = (summed.contact_days, summed.win_days, summed.due_dates)
    contacts, wins, due = map(day_numbers, days)
    return Page(
        row=listed,
        contact_due=contact_due(listed, contacts, wins, due, settings, today),
        org=org,
        health=assess(facts(listed, summed), settings, today) if listed.is_account else None,
        deals=(
            *sorted((deal for deal in deals if deal.status == "open"), key=_open_place),
            *sorted(
                (deal for deal in deals if deal.status != "open"),
                key=lambda deal: (newest_place(_closing(deal), zone), fold(deal.title), deal.id),
            ),
        ),
        people=tuple(sorted(records_of(org_id, data.people, data), key=_name_place)),
        notes=tuple(
            sorted(
                records_of(org_id, data.notes, data),
                key=lambda note: (not note.pinned, newest_place(note.add_time, zone), note.id),
            )
        ),
        files=tuple(sorted(records_of(org_id, data.files, data), key=_name_place)),
        planned=tuple(sorted((each for each in activities if not each.done), key=_due_place)),
        done=tuple(
            sorted(
                (each for each in activities if each.done),
                key=lambda each: (newest_place(each.done_time or each.due_date, zone), each.id),
            )
        ),
        renewals=recurring_deals(deals, settings, today),
        late=overdue_items(activities, deals, today),
    )


def records_of(org_id: str, records: Mapping[str, _AnyRecord], data: Data) -> list[_AnyRecord]:
    """The records of a kind that belong to an organization (rule 2), in their order."""
    return [record for record in records.values() if org_of(record, data) == org_id]


def _name_place(record: Person | File) -> tuple[str, str]:
    return fold(record.name), record.id


def _due_place(activity: Activity) -> tuple[dt.date, dt.time, bool, str, str]:
    """Orders by due date, due time, subject; what is not set stands last."""
    return (
        activity.due_date or dt.date.max,
        activity.due_time or dt.time.max,
        activity.due_time is None,
        fold(activity.subject),
        activity.id,
    )


def _open_place(deal: Deal) -> tuple[dt.date, str, str]:
    return deal.expected_close_date or dt.date.max, fold(deal.title), deal.id


def _closing(deal: Deal) -> Stamp | None:
    return deal.won_time if deal.status == "won" else deal.lost_time


def newest_place(stamp: Stamp | None, zone: dt.tzinfo) -> tuple[bool, int, dt.timedelta]:
    """Orders the newest first, none last; within a day, a stamp without a time stands last."""
    if stamp is None:
        return True, 0, dt.timedelta()
    clock = _EPOCH - stamp if isinstance(stamp, dt.datetime) else dt.timedelta.max
    return False, -stamp_day(stamp, zone).toordinal(), clock
