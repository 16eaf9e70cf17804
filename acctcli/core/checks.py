"""What is odd in a book whose records can all be read: links to nothing, wins without a day, ...

It judges records, not files: the store adds where in which file each problem stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.accounts import done_day
from acctcli.core.dates import stamp_day
from acctcli.core.defaults import MONEY
from acctcli.core.errors import Problem
from acctcli.core.kinds import KINDS
from acctcli.core.links import all_links, circle_problem, cycles, org_of
from acctcli.core.money import excess_digits, plain
from acctcli.core.tiers import unknown_tier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from acctcli.core.kinds import KindName
    from acctcli.core.records import Data, Deal, Settings


class Unread(NamedTuple):
    """What is in the book but could not be read: a link to it is no link to nothing.

    Attributes:
        ids: The ids of records that cannot be read.
        kinds: The kinds of files in which any record may be lost.
    """

    ids: AbstractSet[str] = frozenset()
    kinds: AbstractSet[str] = frozenset()

    def has(self, kind: KindName, record_id: str | None) -> bool:
        """Whether a record may be there, unread."""
        return record_id is not None and (record_id in self.ids or kind in self.kinds)


NOTHING_UNREAD = Unread()


def check(
    data: Data,
    settings: Settings,
    zone: dt.tzinfo,
    *,
    today: dt.date,
    unread: Unread = NOTHING_UNREAD,
) -> list[Problem]:
    """All findings: links first, then parents, tiers, deals, activities and amounts, in file order.

    Every finding has its kind, record and field. An error makes an answer wrong; a warning
    names something that was most likely meant otherwise.
    """
    return [
        *_dangling(data, settings, unread),
        *_circles(data),
        *_tiers(data, settings),
        *_deals(data, settings, zone, today, unread),
        *_activities(data, settings, zone, today),
        *_own_amounts(data, settings),
    ]


def _dangling(data: Data, settings: Settings, unread: Unread) -> Iterator[Problem]:
    for kind, record, name, target_kind, target in all_links(data, settings):
        if target not in data.of(target_kind) and not unread.has(target_kind, target):
            title = KINDS[target_kind].title
            yield Problem(
                id="dangling-link",
                message=f'{name}: there is no {title} "{target}"',
                hint=f'add the {title}, or correct or remove the line "{name}: {target}"',
                kind=kind,
                record=record.id,
                field=name,
            )


def _circles(data: Data) -> Iterator[Problem]:
    yield from map(circle_problem, cycles(data))


def _tiers(data: Data, settings: Settings) -> Iterator[Problem]:
    for org in data.orgs.values():
        problem = unknown_tier(org, settings)
        if problem is not None:
            yield problem


def _deals(
    data: Data, settings: Settings, zone: dt.tzinfo, today: dt.date, unread: Unread
) -> Iterator[Problem]:
    for deal in data.deals.values():
        if deal.status == "won":
            if deal.won_time is not None and stamp_day(deal.won_time, zone) > today:
                yield _ahead("deals", deal.id, "won_time", "the deal is won on a day to come")
            if deal.won_time is None:
                yield Problem(
                    id="won-without-time",
                    message="won_time: the deal is won, but nothing says when",
                    level="warning",
                    hint='write the day it was won, such as "won_time: 2026-03-02"',
                    kind="deals",
                    record=deal.id,
                    field="won_time",
                )
            if org_of(deal, data) is None and not _may_have_org(deal, data, unread):
                yield Problem(
                    id="won-without-org",
                    message="org: the deal is won, but counts for no organization",
                    level="warning",
                    hint='write the id of its organization, such as "org: acme"',
                    kind="deals",
                    record=deal.id,
                    field="org",
                )
        for name, status in (("won_time", "won"), ("lost_time", "lost")):
            if deal.status != status and getattr(deal, name) is not None:
                yield Problem(
                    id="stray-closing-time",
                    message=f"{name}: the deal is {deal.status}",
                    level="warning",
                    hint=f'remove "{name}", or correct the status',
                    kind="deals",
                    record=deal.id,
                    field=name,
                )
        currency = deal.currency or settings.currency
        for name in MONEY if currency is not None else ():
            amount: Decimal | None = getattr(deal, name)
            if amount is not None and currency is not None:
                yield from _excess({currency: amount}, "deals", deal.id, name)


def _may_have_org(deal: Deal, data: Data, unread: Unread) -> bool:
    """Whether the deal may belong to an organization through a record that is unread (rule 2)."""
    if deal.org is not None:
        return unread.has("orgs", deal.org)
    person = data.people.get(deal.person or "")
    if person is not None:
        return unread.has("orgs", person.org)
    return unread.has("people", deal.person)


def bare_value(record: str, settings: Settings) -> Problem:
    """That a deal's value names no currency, and would change with the book's."""
    return Problem(
        id="value-in-book-currency",
        message=f"value: no currency stands beside it, so it is read as {settings.currency}",
        level="warning",
        hint=f'write it down, as "currency: {settings.currency}"',
        kind="deals",
        record=record,
        field="value",
    )


def value_problem(deal: Deal, settings: Settings) -> Problem | None:
    """What is wrong with a deal's value: it must have a currency, of its own or the book's.

    Without one no total could count it, and a total that leaves money out is worse than none
    (rule 4), so such a deal is a bad record.
    """
    if deal.currency or settings.currency:
        return None
    name = next((name for name in MONEY if getattr(deal, name) is not None), None)
    if name is None:
        return None
    return Problem(
        id="value-without-currency",
        message=f"{name}: the deal has a value without a currency, and the book has none either",
        hint='write its currency, such as "currency: EUR", or set one in acctcli.yaml',
        kind="deals",
        record=deal.id,
        field=name,
    )


def _ahead(kind: KindName, record: str, field: str, message: str) -> Problem:
    return Problem(
        id="done-ahead",
        message=f"{field}: {message}",
        level="warning",
        hint="correct the day, if it is not meant so",
        kind=kind,
        record=record,
        field=field,
    )


def _activities(
    data: Data, settings: Settings, zone: dt.tzinfo, today: dt.date
) -> Iterator[Problem]:
    for activity in data.activities.values():
        if not activity.done:
            if activity.due_date is None:
                yield Problem(
                    id="undone-without-due",
                    message="due_date: the activity is not done and has no day, so is not planned",
                    level="warning",
                    hint='write the day it is due, such as "due_date: 2026-03-02"',
                    kind="activities",
                    record=activity.id,
                    field="due_date",
                )
        elif activity.done_time is not None and stamp_day(activity.done_time, zone) > today:
            message = "the activity was done on a day to come"
            yield _ahead("activities", activity.id, "done_time", message)
        elif activity.type in settings.contact_types and done_day(activity, zone) is None:
            yield Problem(
                id="done-contact-without-day",
                message="done_time: the contact has no day, so is no last contact",
                level="warning",
                hint='write the day it was done, such as "done_time: 2026-03-02"',
                kind="activities",
                record=activity.id,
                field="done_time",
            )


def _own_amounts(data: Data, settings: Settings) -> Iterator[Problem]:
    """Looks at the declared fields of type money, whose values carry their currency."""
    for kind in KINDS:
        declared = settings.custom_fields(kind)
        for record in data.of(kind).values() if declared else ():
            for name in declared:
                value = record.custom.get(name)
                if isinstance(value, dict):
                    yield from _excess(value, kind, record.id, name)


def _excess(
    amounts: Mapping[str, Decimal], kind: KindName, record: str, field: str
) -> Iterator[Problem]:
    for currency, amount in amounts.items():
        if excess_digits(amount, currency):
            text = plain(amount, currency)
            yield Problem(
                id="excess-digits",
                message=f'{field}: "{text}" has more digits than {currency} has',
                level="warning",
                hint="round it, or leave it: every digit is kept and summed",
                kind=kind,
                record=record,
                field=field,
            )
