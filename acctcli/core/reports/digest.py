"""The digest and its sections.

Overdue and due today come from the agenda, what renews from the renewals, who is late from the
tiers, who is at risk from health.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from acctcli.core.model.choices import DIGEST_SECTIONS, SectionName
from acctcli.core.model.dates import stamp_day, time_text
from acctcli.core.model.errors import UsageError
from acctcli.core.model.kinds import KindName
from acctcli.core.model.links import org_of
from acctcli.core.model.money import add_amount, settle
from acctcli.core.model.names import fold, or_nearest
from acctcli.core.reports.contact_rhythm import contact_due, most_late
from acctcli.core.reports.health import health_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.model.records import Data, Deal, Settings
    from acctcli.core.reports.agenda import AgendaEntry
    from acctcli.core.reports.health import HealthRow
    from acctcli.core.reports.renewals import Renewal


class Item(Struct, frozen=True, kw_only=True):
    """One thing in a section; the names are the machine keys, in every section the same.

    Attributes:
        section: Where it stands.
        kind: The kind of the record that `id` names: activities, deals or orgs.
        id: The activity, the deal or the account.
        name: Its subject, title or name.
        type: The type of an activity.
        org: The id of the organization it belongs to, which an account is itself.
        org_name: That one's name.
        owner: Whose it is: the activity's, the deal's or the account's owner.
        tier: The account's tier.
        day: When it was or is due, won, to be renewed or to be contacted.
        days_left: From today to that day; below zero when it is past.
        won_value: By currency: what the deal was won for, or what the account won.
        points: Of the health of an account at risk.
        reason: Why it stands there, where the section alone does not say so.
    """

    section: SectionName
    kind: KindName
    id: str
    name: str
    type: str | None = None
    org: str | None = None
    org_name: str | None = None
    owner: str | None = None
    tier: str | None = None
    day: dt.date | None = None
    days_left: int | None = None
    won_value: dict[str, Decimal] = {}
    points: int | None = None
    reason: str | None = None


class DigestSection(Struct, frozen=True, kw_only=True):
    """A part of the digest; the names are the machine keys.

    Attributes:
        section: Its name.
        count: How many things stand in it, the ones that are left out too.
        won_value: By currency: what all of them won; an account or a deal counts once.
        rows: The things, the first ones when it was cut short.
    """

    section: SectionName
    count: int
    won_value: dict[str, Decimal]
    rows: tuple[Item, ...]

    @property
    def more(self) -> int:
        """How many are left out."""
        return self.count - len(self.rows)


class Digest(Struct, frozen=True, kw_only=True):
    """The whole of it; the names are the machine keys.

    Attributes:
        today: The day it is of.
        since: The first day of what was newly won.
        until: The last day of what is to be renewed.
        owner: Whose it is; None for everybody's.
        summary: How much stands in each section, in words.
        sections: The ones that are wanted, in their order, empty ones too.
    """

    today: dt.date
    since: dt.date
    until: dt.date
    owner: str | None
    summary: str
    sections: tuple[DigestSection, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in any section."""
        return not any(section.count for section in self.sections)


class Win(NamedTuple):
    """A deal that was won, and the day of that."""

    deal: Deal
    org: str
    org_name: str
    day: dt.date
    won_value: dict[str, Decimal]


class DigestAccount(NamedTuple):
    """An account on the day, with the days of `core.reports.health.AccountFacts`, and its owner."""

    owner: str | None
    row: AccountRow
    contacts: Sequence[int]
    wins: Sequence[int]
    due: Sequence[int]


class DigestInput(NamedTuple):
    """What the digest is made of.

    Attributes:
        accounts: All accounts on the day, in the order of a list.
        due: The agenda up to the day.
        wins: As `wins_of` gives them.
        renewals: Those up to the last day that counts, in their order.
    """

    accounts: Sequence[DigestAccount]
    due: Sequence[AgendaEntry]
    wins: Sequence[Win]
    renewals: Sequence[Renewal]


_SUMMED: dict[SectionName, str] = {
    "overdue": "overdue",
    "today": "due today",
    "unplanned": "with nothing planned",
    "won": "newly won",
    "renewals": "to renew",
    "late": "late to be contacted",
    "at_risk": "at risk",
}


def digest_summary(sections: Iterable[DigestSection]) -> str:
    """How much stands in each section, in words: `3 overdue, 2 due today`."""
    found = [f"{each.count} {_SUMMED[each.section]}" for each in sections if each.count]
    return ", ".join(found) or "nothing to see to"


def parse_sections(text: str | None) -> tuple[SectionName, ...]:
    """The sections that a list such as `overdue,at-risk` names, in the digest's order.

    None means all of them.

    Raises:
        UsageError: ``unknown-section``, with the nearest there is.
    """
    if text is None:
        return DIGEST_SECTIONS
    named = [word.strip().lower().replace("-", "_") for word in text.split(",")]
    for name in named:
        if name not in DIGEST_SECTIONS:
            raise UsageError.of(
                "unknown-section",
                f'--sections: there is no section "{name}"' + or_nearest(name, DIGEST_SECTIONS),
                hint=f"the sections are {', '.join(DIGEST_SECTIONS)}",
            )
    return tuple(name for name in DIGEST_SECTIONS if name in named)


def wins_of(deals: Iterable[Deal], data: Data, settings: Settings, zone: dt.tzinfo) -> list[Win]:
    """Won deals as the digest tells them; those that reach no organization are left out.

    Args:
        deals: Won ones that say when.
        data: All records.
        settings: The currency of bare values.
        zone: Where the day of a timestamp is taken (rule 6).
    """
    found = []
    for deal in deals:
        org_id = org_of(deal, data)
        if org_id is not None and deal.won_time is not None:
            found.append(
                Win(
                    deal=deal,
                    org=org_id,
                    org_name=data.orgs[org_id].name,
                    day=stamp_day(deal.won_time, zone),
                    won_value=_amount(deal.value, deal.currency or settings.currency),
                )
            )
    return sorted(found, key=lambda win: (win.day, fold(win.org_name), win.deal.id))


def items(
    given: DigestInput,
    settings: Settings,
    today: dt.date,
    *,
    sections: Sequence[SectionName] = DIGEST_SECTIONS,
    owner: str | None = None,
) -> list[Item]:
    """What stands in the digest, section by section.

    Args:
        given: What it is made of.
        settings: The tiers, the bounds of health and of the buckets.
        today: The day.
        sections: Those that are wanted.
        owner: Whose activities, deals and accounts; None for everybody's.
    """
    made: dict[SectionName, Callable[[], Iterable[Item]]] = {
        "overdue": lambda: _due_items(given, "overdue", owner, today),
        "today": lambda: _due_items(given, "today", owner, today),
        "unplanned": lambda: _unplanned_items(given, owner),
        "won": lambda: _won_items(given, owner, today),
        "renewals": lambda: _renewal_items(given, owner, today),
        "late": lambda: _late_items(given, settings, owner, today),
        "at_risk": lambda: _at_risk_items(given, settings, owner, today),
    }
    return [item for name in DIGEST_SECTIONS if name in sections for item in made[name]()]


def add_to_sections(
    found: Iterable[Item],
    sections: Sequence[SectionName],
    values: Mapping[str, Mapping[str, Decimal]],
    *,
    most: int | None = None,
) -> list[DigestSection]:
    """The sections with their counts and totals, the empty ones too.

    Args:
        found: What stands in them, in its order.
        sections: Those that are wanted, in their order.
        values: The won value of every account, by id: what is at stake with an activity.
        most: How many rows a section shows; None for all.
    """
    parts: dict[SectionName, list[Item]] = {name: [] for name in sections}
    for item in found:
        parts[item.section].append(item)
    return [
        DigestSection(
            section=name,
            count=len(part),
            won_value=_total(part, values),
            rows=tuple(part[:most]),
        )
        for name, part in parts.items()
    ]


def _total(part: Sequence[Item], values: Mapping[str, Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """What the records of a section won, each once."""
    once: dict[str, Mapping[str, Decimal]] = {}
    for item in part:
        if item.kind == "activities":
            once[item.org or ""] = values.get(item.org or "", {})
        else:
            once[item.id] = item.won_value
    sums: dict[str, Decimal] = {}
    for each in once.values():
        for currency, amount in each.items():
            add_amount(sums, currency, amount)
    return dict(sorted(sums.items()))


def _amount(value: Decimal | None, currency: str | None) -> dict[str, Decimal]:
    if value is None or currency is None:
        return {}
    return {currency: settle(value, currency)}


def _due_items(
    given: DigestInput, name: SectionName, owner: str | None, today: dt.date
) -> Iterator[Item]:
    for entry in given.due:
        day = entry.due_date
        if owner not in (None, entry.owner) or day is None or day > today:
            continue
        if (day < today) == (name == "overdue"):
            yield Item(
                section=name,
                kind="activities",
                id=entry.id,
                name=entry.subject,
                type=entry.type,
                org=entry.org,
                org_name=entry.org_name,
                owner=entry.owner,
                day=day,
                days_left=(day - today).days,
                reason=None if entry.due_time is None else f"at {time_text(entry.due_time)}",
            )


def _unplanned_items(given: DigestInput, owner: str | None) -> Iterator[Item]:
    for each in given.accounts:
        if owner in (None, each.owner) and not len(each.due):
            row = each.row
            last = row.last_contact
            yield _account(
                "unplanned", row, reason=None if last is None else f"last contact {last.date}"
            )


def _won_items(given: DigestInput, owner: str | None, today: dt.date) -> Iterator[Item]:
    for win in given.wins:
        deal = win.deal
        if owner in (None, deal.owner):
            yield Item(
                section="won",
                kind="deals",
                id=deal.id,
                name=deal.title,
                org=win.org,
                org_name=win.org_name,
                owner=deal.owner,
                day=win.day,
                days_left=(win.day - today).days,
                won_value=win.won_value,
            )


def _renewal_items(given: DigestInput, owner: str | None, today: dt.date) -> Iterator[Item]:
    for each in given.renewals:
        if owner in (None, each.owner):
            yield Item(
                section="renewals",
                kind="deals",
                id=each.id,
                name=each.title,
                org=each.org,
                org_name=each.org_name,
                owner=each.owner,
                day=each.renewal_date,
                days_left=(each.renewal_date - today).days,
                won_value=_amount(each.value, each.currency),
                reason=None if each.term is None else f"for {each.term}",
            )


def _late_items(
    given: DigestInput, settings: Settings, owner: str | None, today: dt.date
) -> list[Item]:
    found = []
    if settings.tiers:
        for each in _of_owner(given, owner):
            due = contact_due(each.row, each.contacts, each.wins, each.due, settings, today)
            if due is not None and due.is_late:
                found.append((due, each.row))
    found.sort(key=lambda late: most_late(late[0]))
    return [
        _account(
            "late",
            row,
            day=due.day,
            days_left=None if due.day is None else (due.day - today).days,
            reason=f"every {due.rhythm}",
        )
        for due, row in found
    ]


def _at_risk_items(
    given: DigestInput, settings: Settings, owner: str | None, today: dt.date
) -> Iterator[Item]:
    accounts = _of_owner(given, owner)
    for row in health_report(accounts, settings, today, word="at risk"):
        yield _account("at_risk", row, points=row.points, reason=row.reason)


def _of_owner(given: DigestInput, owner: str | None) -> Iterator[DigestAccount]:
    return (each for each in given.accounts if owner in (None, each.owner))


def _account(
    name: SectionName,
    row: AccountRow | HealthRow,
    *,
    day: dt.date | None = None,
    days_left: int | None = None,
    points: int | None = None,
    reason: str | None = None,
) -> Item:
    return Item(
        section=name,
        kind="orgs",
        id=row.id,
        name=row.name,
        org=row.id,
        org_name=row.name,
        owner=row.owner,
        tier=row.tier,
        day=day,
        days_left=days_left,
        won_value=row.won_value,
        points=points,
        reason=reason,
    )
