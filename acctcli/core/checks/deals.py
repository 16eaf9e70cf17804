"""Checks of deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.checks.context import future_problem, warning
from acctcli.core.checks.money import excess
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.links import org_of
from acctcli.core.model.money import has_excess_digits
from acctcli.core.reports.renewals import is_renewable
from acctcli.core.rules.defaults import MONEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.checks.context import CheckContext
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Deal


def won_without_time(deal: Deal, known: CheckContext) -> Sequence[Problem]:
    """That nothing says when a deal was won."""
    del known
    if deal.status != "won" or deal.won_time is not None:
        return ()
    return (
        warning(
            "won-without-time",
            "the deal is won, but nothing says when",
            'write the day it was won, such as "won_time: 2026-03-02"',
            deal,
            "won_time",
        ),
    )


def won_without_org(deal: Deal, known: CheckContext) -> Sequence[Problem]:
    """That a won deal counts for no organization (rule 2)."""
    if deal.status != "won" or org_of(deal, known.data) is not None or _can_have_org(deal, known):
        return ()
    return (
        warning(
            "won-without-org",
            "the deal is won, but counts for no organization",
            'write the id of its organization, such as "org: acme"',
            deal,
            "org",
        ),
    )


def _can_have_org(deal: Deal, known: CheckContext) -> bool:
    """Whether the deal may belong to an organization through a record that is unread (rule 2)."""
    if deal.org is not None:
        return known.unread.has("orgs", deal.org)
    person = known.data.people.get(deal.person or "")
    if person is not None:
        return known.unread.has("orgs", person.org)
    return known.unread.has("people", deal.person)


def stray_closing_time(deal: Deal, known: CheckContext) -> Sequence[Problem]:
    """That a deal has the day of a status that is not its own."""
    del known
    won, lost = deal.won_time is not None, deal.lost_time is not None
    if not won and not lost:
        return ()
    return [
        warning(
            "stray-closing-time",
            f"the deal is {deal.status}",
            f'remove "{name}", or correct the status',
            deal,
            name,
        )
        for name, status, there in (("won_time", "won", won), ("lost_time", "lost", lost))
        if there and deal.status != status
    ]


def won_in_future(deal: Deal, known: CheckContext) -> Sequence[Problem]:
    """That a deal is won on a day to come."""
    if deal.status != "won" or deal.won_time is None:
        return ()
    if stamp_day(deal.won_time, known.zone) <= known.today:
        return ()
    return (future_problem("the deal is won on a day to come", deal, "won_time"),)


def digits(deal: Deal, known: CheckContext) -> Sequence[Problem]:
    """That its amounts have more digits than its currency (rule 4)."""
    currency = deal.currency or known.settings.currency
    if currency is None:
        return ()
    found: list[Problem] = []
    for name in MONEY:
        amount = getattr(deal, name)
        if amount is not None and has_excess_digits(amount, currency):
            found += excess({currency: amount}, "deals", deal.id, name)
    return found


def renewal_due(deal: Deal, known: CheckContext) -> Sequence[Problem]:
    """That its renewal date has come, and it was not renewed."""
    if not is_renewable(deal) or deal.renewal_date is None or deal.renewal_date > known.today:
        return ()
    return (
        warning(
            "renewals-due",
            f'"{deal.title}" renews on {deal.renewal_date}',
            f"renew it with: acctcli deal renew {deal.id}",
            deal,
            "renewal_date",
        ),
    )


def close_date_past(deal: Deal, known: CheckContext) -> Sequence[Problem]:
    """That an open deal was to be closed before today."""
    expected = deal.expected_close_date
    if deal.status != "open" or deal.archived or expected is None or expected >= known.today:
        return ()
    return (
        warning(
            "close-date-past",
            f'"{deal.title}" was expected to be closed on {expected}, and is open',
            "close it with: acctcli deal won or deal lost; or move the date",
            deal,
            "expected_close_date",
        ),
    )
