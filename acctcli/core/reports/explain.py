"""Why a value is what it is.

It says how the values of `core.accounts` came about; it adds nothing up that is not added there.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.accounts.totals import AccountRow, account_row, done_day, summary
from acctcli.core.model.dates import stamp_day, time_text
from acctcli.core.model.explanation import Explanation, Reason
from acctcli.core.model.links import kind_of, org_of
from acctcli.core.model.money import add_amount, show
from acctcli.core.model.records import Activity, Data, Deal, Settings
from acctcli.core.reports.health import facts
from acctcli.core.reports.health_explain import AccountRecords, why_health

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal

    from acctcli.core.model.records import Record


class Case(Struct, frozen=True, kw_only=True):
    """One organization on a day, of which a value is to be explained.

    Attributes:
        row: What lists show of it.
        deals: The deals that belong to it (rule 2).
        activities: The activities that do.
        data: Records by way of which they belong.
        settings: The book's.
        today: The day.
        zone: Where the day of a timestamp is taken (rule 6).
        homeless_wins: How many won deals of the book reach no organization.
    """

    row: AccountRow
    deals: tuple[Deal, ...]
    activities: tuple[Activity, ...]
    data: Data
    settings: Settings
    today: dt.date
    zone: dt.tzinfo
    homeless_wins: int


def case(
    org_id: str,
    data: Data,
    settings: Settings,
    today: dt.date,
    zone: dt.tzinfo,
    *,
    homeless_wins: int = 0,
) -> Case:
    """The case of an organization, account or not.

    Args:
        org_id: The id of an organization in the data; KeyError for any other.
        data: All records that belong to it, and what tells that they do.
        settings: The currency of bare values, contact types, bounds of the buckets.
        today: The day.
        zone: Where the day of a timestamp is taken (rule 6).
        homeless_wins: How many won deals of the book reach no organization.
    """
    deals = tuple(each for each in data.deals.values() if org_of(each, data) == org_id)
    activities = tuple(each for each in data.activities.values() if org_of(each, data) == org_id)
    summed = summary(org_id, deals, activities, settings, zone)
    return Case(
        row=account_row(data.orgs[org_id], summed, today, settings),
        deals=deals,
        activities=activities,
        data=data,
        settings=settings,
        today=today,
        zone=zone,
        homeless_wins=homeless_wins,
    )


def _reason(record: Record, text: str) -> Reason:
    return Reason(text=text, kind=kind_of(record), record=record.id)


def _link_reason(record: Deal | Activity, data: Data) -> str:
    """How a record that belongs to an organization reached it (rule 2)."""
    if record.org is not None:
        return "it names the organization"
    deal = data.deals.get(getattr(record, "deal", None) or "")
    if deal is not None and org_of(deal, data) is not None:
        return f"by its deal {deal.title} ({deal.id})"
    person = data.people[record.person or ""]  # it belongs to one, so no other way is left
    return f"by its person {person.name} ({person.id})"


# won value


def why_won_value(case: Case) -> Explanation:
    """The won deals with their days and values, and what they add up to (rules 1, 2 and 4)."""
    won = sorted(
        (deal for deal in case.deals if deal.status == "won"),
        key=lambda deal: (_currency(deal, case) or "~", -(deal.value or 0), deal.id),
    )
    sums: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    for deal in won:
        currency = _currency(deal, case)
        if currency is not None and deal.value is not None:
            add_amount(sums, currency, deal.value)
            counts[currency] = counts.get(currency, 0) + 1
    totals = [
        Reason(text=f"{show({code: sums[code]})} in all, from {_many(count, 'deal')}")
        for code, count in sorted(counts.items())
    ]
    reasons = [*(_reason(deal, _won_text(deal, case)) for deal in won), *totals]
    return Explanation(
        of="won_value",
        value=case.row.won_value,
        rule="The sum of the won deals, archived ones too, each currency for itself. A deal"
        " belongs to the organization it names, else to that of its person.",
        reasons=tuple(reasons) or (Reason(text="no won deal belongs to it"),),
    )


def _currency(deal: Deal, case: Case) -> str | None:
    return (deal.currency or case.settings.currency) if deal.value is not None else None


def _won_text(deal: Deal, case: Case) -> str:
    currency = _currency(deal, case)
    worth = "no value" if deal.value is None else f"{deal.value:f}"
    if currency is not None and deal.value is not None:
        worth = show({currency: deal.value})
    archived = ", archived" if deal.archived else ""
    return (
        f"{worth}, {_win_text(deal, case)}{archived}: {deal.title}; {_link_reason(deal, case.data)}"
    )


def _win_text(deal: Deal, case: Case) -> str:
    if deal.won_time is None:
        return "won on no known day"
    return f"won {stamp_day(deal.won_time, case.zone)}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


# membership


def why_membership(case: Case) -> Explanation:
    """The won deals that make an organization an account, or what is missing (rule 1)."""
    won = sorted((deal for deal in case.deals if deal.status == "won"), key=_won_place)
    other = sorted(
        (deal for deal in case.deals if deal.status != "won"),
        key=lambda deal: (deal.status != "open", deal.id),
    )
    if won:
        reasons = [
            _reason(deal, f"{_win_text(deal, case)}: {deal.title}; {_link_reason(deal, case.data)}")
            for deal in won
        ]
    else:
        reasons = [_reason(deal, f"{deal.status}, not won: {deal.title}") for deal in other] or [
            Reason(text="no deal belongs to it")
        ]
        if case.homeless_wins:
            reasons.append(
                Reason(
                    text=f"{_many(case.homeless_wins, 'won deal')} of the book"
                    f" {'reaches' if case.homeless_wins == 1 else 'reach'} no organization;"
                    " acctcli check names them"
                )
            )
    return Explanation(
        of="membership",
        value=case.row.is_account,
        rule="An organization is an account while one or more won deals belong to it, archived"
        " ones too, whatever their value.",
        reasons=tuple(reasons),
    )


def _won_place(deal: Deal) -> tuple[bool, str, str]:
    return deal.won_time is None, "" if deal.won_time is None else str(deal.won_time), deal.id


# bucket


def why_bucket(case: Case) -> Explanation:
    """The activity that decides, those behind it, and what is no plan (rule 5)."""
    undone = [each for each in case.activities if not each.done]
    planned = sorted((each for each in undone if each.due_date is not None), key=_due_place)
    reasons = [
        _reason(
            each,
            f"due {_due(each)} ({_days_text(each, case.today)}),"
            f" {'decides' if first else 'behind it'}:"
            f" {_activity_text(each)}; {_link_reason(each, case.data)}",
        )
        for each, first in zip(planned, [True] + [False] * len(planned), strict=False)
    ]
    reasons += [
        _reason(each, f"does not count, undone but without a due date: {_activity_text(each)}")
        for each in sorted(undone, key=lambda each: each.id)
        if each.due_date is None
    ]
    soon, later = case.settings.soon, case.settings.later
    return Explanation(
        of="bucket",
        value=case.row.bucket,
        rule="The earliest due date of what is not done decides, over the organization, its deals"
        f" and its people. On {case.today}, soon is {soon} to {later - 1} days ahead and later is"
        f" {later} or more.",
        reasons=tuple(reasons) or (Reason(text="nothing is planned"),),
    )


def _due_place(activity: Activity) -> tuple[dt.date, bool, dt.time, str]:
    time = activity.due_time
    return activity.due_date or dt.date.max, time is None, time or dt.time.min, activity.id


def _due(activity: Activity) -> str:
    time = activity.due_time
    return f"{activity.due_date}{'' if time is None else f' {time_text(time)}'}"


def _days_text(activity: Activity, today: dt.date) -> str:
    days = ((activity.due_date or today) - today).days
    if days == 0:
        return "today"
    return f"{_many(-days, 'day')} overdue" if days < 0 else f"in {_many(days, 'day')}"


def _activity_text(activity: Activity) -> str:
    return f"{activity.type}: {activity.subject}" if activity.type else activity.subject


# last contact


def why_last_contact(case: Case) -> Explanation:
    """The latest contact, those before it, and the activities that are none (rule 8)."""
    contacts: list[tuple[dt.date, Activity]] = []
    others: list[tuple[str, Activity]] = []
    for each in case.activities:
        day = done_day(each, case.zone)
        against = _no_contact_reason(each, day, case.settings)
        if day is None or against:
            others.append((against, each))
        else:
            contacts.append((day, each))
    contacts.sort(key=lambda pair: (pair[0], pair[1].id), reverse=True)
    others.sort(key=lambda pair: (not pair[1].done, pair[1].id))
    reasons = [
        _reason(
            each,
            f"{day}, {'before it' if number else 'the last one'}: {_activity_text(each)}"
            f"{_person_text(each, case)}; {_link_reason(each, case.data)}",
        )
        for number, (day, each) in enumerate(contacts)
    ]
    reasons += [
        _reason(each, f"does not count, {why}: {_activity_text(each)}") for why, each in others
    ]
    types = ", ".join(case.settings.contact_types) or "none"
    return Explanation(
        of="last_contact",
        value=case.row.last_contact,
        rule=f"The latest done activity of a type that counts as contact ({types}), over the"
        " organization, its deals and its people, on the day it was done, else on its due date.",
        reasons=tuple(reasons) or (Reason(text="no activity belongs to it"),),
    )


def _no_contact_reason(activity: Activity, day: dt.date | None, settings: Settings) -> str:
    """Why an activity is no contact; nothing when it is one."""
    if not activity.done:
        return "not done"
    if activity.type not in settings.contact_types:
        return f'its type "{activity.type}" is no contact' if activity.type else "it has no type"
    return "done on no known day" if day is None else ""


def _person_text(activity: Activity, case: Case) -> str:
    if activity.person is None:
        return ""
    person = case.data.people.get(activity.person)
    return f" with {person.name}" if person else f" with {activity.person}"


def why_health_is(case: Case) -> Explanation:
    """Why the health is what it is: the points of each input, and the records behind them."""
    summed = summary(case.row.id, case.deals, case.activities, case.settings, case.zone)
    records = AccountRecords(case.activities, case.deals, case.zone)
    return why_health(facts(case.row, summed), case.settings, case.today, records)


# Everything that can be asked, in the order it is told.
VALUES: Mapping[str, Callable[[Case], Explanation]] = {
    "membership": why_membership,
    "won_value": why_won_value,
    "bucket": why_bucket,
    "last_contact": why_last_contact,
    "health": why_health_is,
}


def whys(case: Case, names: Iterable[str]) -> list[Explanation]:
    """Why the values of these names are what they are."""
    return [VALUES[name](case) for name in names]
