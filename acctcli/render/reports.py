"""Reports on coverage, repeat customers and renewals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from acctcli.core.reports.renewals import totals
from acctcli.render.formats.cells import activity_phrase, value_text
from acctcli.render.formats.columns import TableColumn
from acctcli.render.formats.table import cell, table
from acctcli.render.formats.text import visible, wrap

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from acctcli.core.reports.contact_rhythm import ContactDue
    from acctcli.core.reports.coverage import AccountContact, Coverage, CoverageGroup
    from acctcli.core.reports.renewals import Renewal
    from acctcli.core.reports.repeat_customers import BuyingRhythm
    from acctcli.render.formats.style import Style

_INDENT = "  "
_ACCOUNT = TableColumn("Account", "name", breaks=True)
_OWNER = TableColumn("Owner", "owner", breaks=True)
COVERAGE_COLUMNS = (
    TableColumn("Name", "name", breaks=True),
    TableColumn("Coverage", "coverage_word"),
    TableColumn("Won", "won_value", "right"),
    TableColumn("Contacted", "last_contact.date"),
    TableColumn("About", "what", breaks=True),
    _OWNER,
)
_COVERED = (
    TableColumn("Name", "name", breaks=True),
    TableColumn("Won", "won_value", "right"),
    TableColumn("Contacted", "last_contact.date"),
    TableColumn("About", "what", breaks=True),
    _OWNER,
)
_GROUPS: dict[Coverage, str] = {
    "contacted": "Contacted",
    "not_contacted": "Not contacted",
    "never": "Never contacted",
}
LATE = (
    _ACCOUNT,
    TableColumn("Tier", "tier rhythm", breaks=True),
    TableColumn("Contacted", "last_contact.date"),
    TableColumn("Due", "contact_due"),
    TableColumn("Days late", "late_by", "right"),
    TableColumn("Next activity", "next_activity", breaks=True),
    _OWNER,
)
RHYTHMS = (
    _ACCOUNT,
    TableColumn("Wins", "win_count", "right"),
    TableColumn("First", "first_win"),
    TableColumn("Last", "last_win"),
    TableColumn("Every", "usual_days", "right"),
    TableColumn("Next", "next_win"),
    TableColumn("Days late", "late_by", "right"),
    _OWNER,
)
PERIODS = (
    TableColumn("Period", "period"),
    TableColumn("Wins", "win_count", "right"),
    TableColumn("Customers", "customer_count", "right"),
    TableColumn("New", "new_count", "right"),
    TableColumn("Returning", "returning_count", "right"),
    TableColumn("Lapsed", "lapsed_count", "right"),
)
RENEWALS = (
    TableColumn("Renewal", "renewal_date"),
    TableColumn("Days", "days_left", "right"),
    TableColumn("Deal", "what", breaks=True),
    TableColumn("Value", "amount", "right"),
    TableColumn("Month", "mrr", "right"),
    TableColumn("Year", "arr", "right"),
    TableColumn("Contract year", "acv", "right"),
    TableColumn("Term", "term"),
)


def rhythm_row(rhythm: BuyingRhythm) -> dict[str, object]:
    """The row for people: what is not late says nothing of it."""
    return {
        **asdict(rhythm),
        "usual_days": None if rhythm.usual_days is None else f"{rhythm.usual_days}d",
        "late_by": rhythm.late_by or None,
    }


def due_text(due: ContactDue) -> str:
    """When an account is to be contacted, such as ``2026-02-01, late by 37 days (A: 30d)``."""
    rhythm = f"({value_text(due.tier)}: {due.rhythm})"
    if due.day is None:
        when = "now, for no contact and no win has a day"
    elif not due.late_by:
        when = f"{due.day}"
    else:
        when = f"{due.day}, late by {_days(due.late_by)}"
    if due.late_by != 0 and due.planned is not None:
        when += f", planned {due.planned}"
    return f"{when} {rhythm}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def coverage_text(
    groups: Sequence[CoverageGroup],
    *,
    since: dt.date,
    until: dt.date,
    types: Sequence[str],
    names: Mapping[str, str],
    width: int | None,
    style: Style,
) -> str:
    """The groups, each with its number and what it is worth; empty when all are.

    Args:
        groups: What the core found.
        since: The first day of the period.
        until: Its last day.
        types: The types of activities that count; none when that is not asked for.
        names: The names of people by id.
        width: No line is wider; None when there is no terminal.
        style: Colours, or none.
    """
    if not any(group.rows for group in groups):
        return ""
    head = value_text(", ".join([f"{since} to {until}", *types]))
    heads = [head] if width is None else wrap(head, width)
    parts = ["\n".join(map(style.dim, heads))]
    for group in groups:
        title = f"{_GROUPS[group.coverage]} ({len(group.rows)})"
        rows = [covered_row(row, names) for row in group.rows]
        parts.append(_section(title, group.won_value, rows, _COVERED, width=width, style=style))
    return "\n\n".join(parts)


def covered_row(row: AccountContact, names: Mapping[str, str]) -> dict[str, object]:
    """The row for people: what the last contact was, and the coverage in words."""
    shown: dict[str, object] = asdict(row)
    shown["coverage_word"] = _GROUPS[row.coverage]
    last = row.last_contact
    if last is not None:
        who = f" with {names.get(last.person, last.person)}" if last.person else ""
        shown["what"] = visible(f"{activity_phrase(last.type, last.subject)}{who}")
    return shown


def renewals_text(
    found: Sequence[Renewal], *, until: dt.date, width: int | None, style: Style
) -> str:
    """The renewals: those whose day is past, then those up to a day; empty when there are none.

    Each part ends with its totals by currency.
    """
    late = [each for each in found if each.is_late]
    ahead = [each for each in found if not each.is_late]
    parts = [
        _section(
            f"{title} ({len(part)})",
            {},
            [*map(renewal_row, part), _total_row(part)],
            RENEWALS,
            width=width,
            style=style,
        )
        for title, part in (("Late", late), (f"Until {until}", ahead))
        if part
    ]
    return "\n\n".join(parts)


def renewal_row(renewal: Renewal) -> dict[str, object]:
    """The row for people: the account with the deal, and amounts with their currency."""
    shown: dict[str, object] = asdict(renewal)
    shown["what"] = f"{renewal.org_name}: {renewal.title}"
    for key, name in (("amount", "value"), ("mrr", "mrr"), ("arr", "arr"), ("acv", "acv")):
        amount = shown[name]
        shown[key] = None if amount is None else {renewal.currency: amount}
    return shown


def _total_row(part: Sequence[Renewal]) -> dict[str, object]:
    sums = totals(part)
    return {"renewal_date": "Total", "amount": sums["value"], **sums}


def _section(
    title: str,
    won_value: Mapping[str, object],
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[TableColumn],
    *,
    width: int | None,
    style: Style,
) -> str:
    """A title with a total behind it, over a table; columns with nothing in them are left out."""
    total = value_text(won_value)
    head = f"{title}: {total}" if total else title
    heads = [head] if width is None else wrap(head, width)
    inner = None if width is None else width - len(_INDENT)
    filled = [each for each in columns if any(cell(row, each.key) for row in rows)]
    text = table(rows, filled, width=inner, style=style)
    lines = [_INDENT + line if line else line for line in text.split("\n")] if text else []
    return "\n".join([*map(style.bold, heads), *lines])
