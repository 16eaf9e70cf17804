"""Accounts contacted, not contacted and never contacted in a period."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from msgspec import Struct, structs

from acctcli.core.accounts.totals import LastContact, Tally, day_numbers
from acctcli.core.model.errors import UsageError
from acctcli.core.model.links import org_of
from acctcli.core.model.money import add_amount
from acctcli.core.model.names import or_nearest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from acctcli.core.accounts.totals import AccountStanding
    from acctcli.core.model.records import Data, Settings

Coverage = Literal["contacted", "not_contacted", "never"]
COVERAGES: tuple[Coverage, ...] = get_args(Coverage)


class AccountContact(Struct, frozen=True, kw_only=True):
    """An organization and its contacts in a period; the names are the machine keys.

    Attributes:
        id: Its id.
        name: Its name.
        owner: Its owner.
        tier: Its tier.
        is_account: Whether it has a won deal.
        coverage: Whether it was contacted in the period, was not, or never was at all.
        contact_count: How many contacts fall inside the period.
        last_contact: The latest of all its contacts, be it before the period or after it.
        won_count: How many deals are won.
        won_value: Currency code to the sum of the won deals: what is at stake.
    """

    id: str
    name: str
    owner: str | None
    tier: str | None
    is_account: bool
    coverage: Coverage
    contact_count: int
    last_contact: LastContact | None
    won_count: int
    won_value: dict[str, Decimal]


class CoverageGroup(Struct, frozen=True):
    """The organizations of one coverage, in the order they came, with what they are worth."""

    coverage: Coverage
    won_value: dict[str, Decimal]
    rows: tuple[AccountContact, ...]


class Contacts(NamedTuple):
    """The contacts of an organization: their days as `day_numbers` gives them, and the last."""

    days: Sequence[int]
    last: LastContact | None


NO_CONTACTS = Contacts((), None)


def account_contact(
    row: AccountStanding, contacts: Contacts, since: dt.date, until: dt.date
) -> AccountContact:
    """An organization with its contacts from one day to another, both included."""
    first = bisect_left(contacts.days, since.toordinal())
    count = bisect_right(contacts.days, until.toordinal()) - first
    coverage: Coverage = "never"
    if count > 0:
        coverage = "contacted"
    elif contacts.days:
        coverage = "not_contacted"
    return AccountContact(
        id=row.id,
        name=row.name,
        owner=row.owner,
        tier=row.tier,
        is_account=row.won_count > 0,
        coverage=coverage,
        contact_count=count,
        last_contact=contacts.last,
        won_count=row.won_count,
        won_value=row.won_value,
    )


def coverage_groups(rows: Iterable[AccountContact]) -> list[CoverageGroup]:
    """All three groups, in the order of `COVERAGES`, be they empty or not."""
    found: dict[Coverage, list[AccountContact]] = {coverage: [] for coverage in COVERAGES}
    sums: dict[Coverage, dict[str, Decimal]] = {coverage: {} for coverage in COVERAGES}
    for row in rows:
        found[row.coverage].append(row)
        for currency, amount in row.won_value.items():
            add_amount(sums[row.coverage], currency, amount)
    return [
        CoverageGroup(coverage, dict(sorted(sums[coverage].items())), tuple(found[coverage]))
        for coverage in COVERAGES
    ]


def contacts_of_types(
    data: Data, types: Sequence[str], settings: Settings, zone: dt.tzinfo
) -> dict[str, Contacts]:
    """By organization, the done activities of these types, whichever count as contact elsewhere.

    Args:
        data: All records.
        types: The types that count.
        settings: The book's.
        zone: Where the day of a timestamp is taken (rule 6).
    """
    counting = structs.replace(settings, contact_types=tuple(types))
    tallies: dict[str, Tally] = {}
    for activity in data.activities.values():
        if not activity.done or activity.type not in counting.contact_types:
            continue
        org_id = org_of(activity, data)
        if org_id is not None:
            if org_id not in tallies:
                tallies[org_id] = Tally(counting, zone)
            tallies[org_id].add_activity(activity)
    found = {org_id: tally.summary(org_id) for org_id, tally in tallies.items()}
    return {
        org_id: Contacts(day_numbers(summary.contact_days), summary.last_contact)
        for org_id, summary in found.items()
    }


def parse_types(text: str, settings: Settings) -> tuple[str, ...]:
    """The types of activities that a list such as `call,meeting` names.

    Raises:
        UsageError: ``unknown-type``: the settings have no such type.
    """
    known = tuple(dict.fromkeys((*settings.activity_types, *settings.contact_types)))
    types = tuple(dict.fromkeys(word.strip() for word in text.split(",")))
    for each in types:
        if each not in known:
            raise UsageError.of(
                "unknown-type",
                f'--types: there is no type "{each}"' + or_nearest(each, known),
                hint=f"the types are {', '.join(known)}; activity_types in acctcli.yaml says so",
            )
    return types
