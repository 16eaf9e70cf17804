"""Checks of accounts.

It judges accounts as lists show them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import Problem
from acctcli.core.reports.contact_rhythm import contact_due

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Sequence

    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.model.records import Settings


def care(
    row: AccountRow,
    contacts: Sequence[int],
    wins: Sequence[int],
    due: Sequence[int],
    *,
    settings: Settings,
    today: dt.date,
    names: Collection[str],
) -> Iterator[Problem]:
    """What these checks find about an account.

    Args:
        row: The account as a list shows it today.
        contacts: The days of its contacts, as `day_numbers` gives them, sorted.
        wins: Those of its wins, likewise.
        due: The due dates of what is planned, likewise.
        settings: The tiers, and where the buckets end.
        today: The day.
        names: The checks.
    """
    if "next-step" in names and row.bucket == "none":
        hint = f"plan something with: acctcli activity add SUBJECT --due DATE --org {row.id}"
        yield _account_problem(row, "next-step", "nothing is planned", hint)
    if "overdue" in names and row.bucket == "overdue" and row.next_activity is not None:
        following = row.next_activity
        message = f'"{following.subject}" was due on {following.due_date}'
        hint = f"do it or move it with: acctcli activity done {following.id}, or activity move"
        yield _account_problem(row, "overdue", message, hint)
    if "late-tiers" in names:
        late = contact_due(row, contacts, wins, due, settings, today)
        if late is not None and late.is_late:
            since = f"was to be contacted by {late.day}" if late.day else "was never contacted"
            message = f"{since}, by the rhythm of tier {late.tier}, {late.rhythm}"
            hint = f"plan a contact with: acctcli activity add SUBJECT --due DATE --org {row.id}"
            yield _account_problem(row, "late-tiers", message, hint)


def _account_problem(row: AccountRow, name: str, message: str, hint: str) -> Problem:
    return Problem(
        id=name,
        message=f"{row.name}: {message}",
        level="warning",
        hint=hint,
        kind="orgs",
        record=row.id,
    )
