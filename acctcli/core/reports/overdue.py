"""Overdue activities and renewals of one organization."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from acctcli.core.model.kinds import KindName
from acctcli.core.model.names import fold
from acctcli.core.reports.renewals import is_renewable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.core.model.records import Activity, Deal, Settings

Lateness = Literal["activity", "renewal"]


class OverdueItem(Struct, frozen=True, kw_only=True):
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


class RecurringDeal(Struct, frozen=True, kw_only=True):
    """What a deal brings again and again, and until when; the names are the machine keys.

    Attributes:
        counts: Whether it renews: it is won and not archived, and has a day for it.
        renewal_date: The day it ends or goes on for another term.
        term: How long it goes on each time.
        days_late: How many days ago the renewal date was, if this deal still renews; else zero.
        mrr: What it brings each month, by currency.
        arr: Each year.
        acv: Each year of its contract.
    """

    id: str
    title: str
    status: str
    archived: bool
    counts: bool
    renewal_date: dt.date | None
    term: str | None
    days_late: int
    mrr: dict[str, Decimal]
    arr: dict[str, Decimal]
    acv: dict[str, Decimal]
    owner: str | None


def days_late(due: dt.date, today: dt.date) -> int:
    """How many days ago something was due; zero when it is not late."""
    return max((today - due).days, 0)


def recurring_deals(
    deals: Iterable[Deal], settings: Settings, today: dt.date
) -> tuple[RecurringDeal, ...]:
    """The deals with a renewal date or a term, by that date, then by title; none stands last.

    Args:
        deals: Open, won and lost ones.
        settings: The currency of bare values.
        today: The day.
    """
    found = [deal for deal in deals if deal.renewal_date is not None or deal.term is not None]
    found.sort(key=lambda deal: (deal.renewal_date or dt.date.max, fold(deal.title), deal.id))
    return tuple(
        RecurringDeal(
            id=deal.id,
            title=deal.title,
            status=deal.status,
            archived=deal.archived,
            counts=is_renewable(deal),
            renewal_date=deal.renewal_date,
            term=deal.term,
            days_late=days_late(deal.renewal_date, today)
            if is_renewable(deal) and deal.renewal_date is not None
            else 0,
            mrr=_by_currency(deal, deal.mrr, settings),
            arr=_by_currency(deal, deal.arr, settings),
            acv=_by_currency(deal, deal.acv, settings),
            owner=deal.owner,
        )
        for deal in found
    )


def _by_currency(deal: Deal, amount: Decimal | None, settings: Settings) -> dict[str, Decimal]:
    currency = deal.currency or settings.currency
    return {} if amount is None or currency is None else {currency: amount}


def overdue_items(
    activities: Iterable[Activity], deals: Iterable[Deal], today: dt.date
) -> tuple[OverdueItem, ...]:
    """What of these is late on a day, the longest first.

    Args:
        activities: An undone one is late after its due date.
        deals: One that `is_renewable` is late after its renewal date, which a renewal moves.
        today: The day.
    """
    found = [
        OverdueItem(
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
        OverdueItem(
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
        if is_renewable(deal) and deal.renewal_date is not None and deal.renewal_date < today
    ]
    return tuple(sorted(found, key=lambda each: (each.due, each.what, each.id)))
