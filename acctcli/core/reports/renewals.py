"""Renewals of won deals.

An archived deal brings nothing any more, and one that reaches no organization counts for no
account (rule 2), so neither is renewed.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.durations import SPAN_HINT, days_after, parse_span
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.links import org_of
from acctcli.core.model.money import add_amount, settle
from acctcli.core.model.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acctcli.core.model.records import Data, Deal, Raw, Settings

AMOUNTS = ("value", "mrr", "arr", "acv")


class Renewal(Struct, frozen=True, kw_only=True):
    """A deal that is to be renewed; the names are the machine keys.

    Attributes:
        id: The deal's id.
        title: Its title.
        org: The id of its organization.
        org_name: That one's name.
        owner: The deal's owner.
        renewal_date: The day it ends, or goes on for another term.
        days_left: Until that day; below zero when it is past.
        term: How long it goes on.
        value: What it was won for.
        mrr: What it brings each month.
        arr: What it brings each year.
        acv: What it brings each year of its contract.
        currency: That of the amounts.
    """

    id: str
    title: str
    org: str
    org_name: str
    owner: str | None
    renewal_date: dt.date
    days_left: int
    term: str | None
    value: Decimal | None
    mrr: Decimal | None
    arr: Decimal | None
    acv: Decimal | None
    currency: str | None

    @property
    def is_late(self) -> bool:
        """Whether the day is past."""
        return self.days_left < 0


def is_renewable(deal: Deal) -> bool:
    """Whether a deal's renewal counts: it is won and not archived, and has a day for it."""
    return deal.status == "won" and not deal.archived and deal.renewal_date is not None


def renewals(data: Data, settings: Settings, today: dt.date, until: dt.date) -> Iterator[Renewal]:
    """The deals that are to be renewed by a day, those whose day is past too; in no order.

    Args:
        data: All records, or those around some organizations.
        settings: The currency of bare amounts.
        today: The day from which `days_left` is counted.
        until: The last day that counts.
    """
    for deal in data.deals.values():
        day = deal.renewal_date
        if not is_renewable(deal) or day is None or day > until:
            continue
        org_id = org_of(deal, data)
        if org_id is not None:
            currency = deal.currency or settings.currency
            yield Renewal(
                id=deal.id,
                title=deal.title,
                org=org_id,
                org_name=data.orgs[org_id].name,
                owner=deal.owner,
                renewal_date=day,
                days_left=(day - today).days,
                term=deal.term,
                value=_settle(deal.value, currency),
                mrr=_settle(deal.mrr, currency),
                arr=_settle(deal.arr, currency),
                acv=_settle(deal.acv, currency),
                currency=currency,
            )


def _settle(amount: Decimal | None, currency: str | None) -> Decimal | None:
    return amount if amount is None or currency is None else settle(amount, currency)


def by_day(renewal: Renewal) -> tuple[dt.date, str, str]:
    """Sorts by the day of the renewal, then by organization and deal."""
    return renewal.renewal_date, fold(renewal.org_name), renewal.id


def totals(found: Iterable[Renewal]) -> dict[str, dict[str, Decimal]]:
    """The sums of each of `AMOUNTS`, by currency."""
    sums: dict[str, dict[str, Decimal]] = {name: {} for name in AMOUNTS}
    for each in found:
        for name in AMOUNTS:
            amount: Decimal | None = getattr(each, name)
            if amount is not None and each.currency is not None:
                add_amount(sums[name], each.currency, amount)
    return {name: dict(sorted(sums[name].items())) for name in AMOUNTS}


def renewal_fields(deal: Deal, *, start: dt.date | None, term: str | None) -> dict[str, Raw]:
    """What moves a deal's renewal date on by its term.

    Args:
        deal: A won deal.
        start: The day from which the new term is counted; the old renewal date when left out.
        term: The new term, which it keeps; its own when left out.

    Raises:
        InvalidInputError: ``not-won``, ``no-term``, ``no-renewal-date``, or ``bad-span`` for a
            term that is none or reaches beyond the calendar.
    """
    if deal.status != "won":
        raise _refusal(deal, "not-won", f"is {deal.status}", "only a won deal is renewed")
    length = deal.term if term is None else term.strip().lower()
    if length is None:
        raise _refusal(
            deal, "no-term", "has no term", "say how long it goes on, such as --term 12m"
        )
    day = start or deal.renewal_date
    if day is None:
        raise _refusal(
            deal,
            "no-renewal-date",
            "has no renewal date",
            "say from which day the new term counts, such as --on 2026-04-01",
        )
    if not parse_span(length).count:
        raise InvalidInputError.of("bad-span", f'"{length}" is no term', hint=SPAN_HINT)
    return {"renewal_date": days_after(length, day).isoformat(), "term": length}


def _refusal(deal: Deal, name: str, what: str, hint: str) -> Exception:
    return InvalidInputError.of(name, f'deal "{deal.title}" ({deal.id}) {what}', hint=hint)
