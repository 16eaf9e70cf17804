"""The records behind a health score."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.accounts.totals import AccountRow, done_day
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.explanation import Explanation, Reason
from acctcli.core.model.money import show
from acctcli.core.reports.health import TWO_YEARS, assess, day_number_before, facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from acctcli.core.model.records import Activity, Deal, Settings
    from acctcli.core.model.settings import Input
    from acctcli.core.reports.health import AccountFacts

_RULE = (
    "The weights part 100 points among the inputs, and each brings as many hundredths of its share"
    " as its score; from {healthy} points on an account is healthy, from {watch} on it is to be"
    " watched, below it is at risk."
)


class AccountRecords(NamedTuple):
    """The records of one organization, for whoever wants to see them behind the numbers.

    Attributes:
        activities: All that belong to it, in any order; without them only the next activity and
            the last contact are named.
        deals: Likewise; without them none is named.
        zone: Where the day of a timestamp is taken (rule 6).
    """

    activities: Sequence[Activity] = ()
    deals: Sequence[Deal] = ()
    zone: dt.tzinfo = dt.UTC


class _Request(NamedTuple):
    row: AccountRow
    records: AccountRecords
    settings: Settings
    today: dt.date


def why_health(
    known: AccountFacts, settings: Settings, today: dt.date, records: AccountRecords | None = None
) -> Explanation:
    """Why the health of an account is what it is; an organization that is none has no health.

    The inputs come first, those that count most in front; then the records of each, in that order.

    Args:
        known: What `core.reports.health.assess` looks at, such as a row of `View.listed_accounts`.
        settings: As there.
        today: As there.
        records: Those behind the numbers, when they are at hand.
    """
    known = facts_of(known)
    row = known.row
    if not row.is_account:
        rule = "Only an account has a health: an organization with a won deal."
        return Explanation(of="health", value=None, rule=rule, reasons=())
    found = assess(known, settings, today)
    parts = sorted(found.parts, key=lambda part: -part.most)
    asked = _Request(row, records or AccountRecords(), settings, today)
    return Explanation(
        of="health",
        value=f"{found.points} {found.word}",
        rule=_RULE.format(healthy=settings.health.healthy, watch=settings.health.watch),
        reasons=(
            *(
                Reason(
                    text=f"{part.input}: {part.points} of {part.most} points"
                    f" (weight {part.weight}, score {part.score}): {part.because}"
                )
                for part in parts
            ),
            *(reason for part in parts for reason in _RECORDS[part.input](asked)),
        ),
    )


def _contact(asked: _Request) -> Iterable[Reason]:
    days = [
        (day, each.id, each.subject)
        for each in asked.records.activities
        if each.done
        and each.type in asked.settings.contact_types
        and (day := done_day(each, asked.records.zone)) is not None
    ]
    last = asked.row.last_contact
    if last is not None:
        days.append((last.date, last.id, last.subject))
    past = [each for each in days if each[0] <= asked.today]
    if past:
        day, key, subject = max(past)
        yield _activity(f"last contact {day}: {subject}", key)


def _overdue(asked: _Request) -> Iterable[Reason]:
    for day, key, subject in _planned_activities(asked):
        if day < asked.today:
            yield _activity(f"overdue since {day}: {subject}", key)


def _next_step(asked: _Request) -> Iterable[Reason]:
    ahead = [each for each in _planned_activities(asked) if each[0] >= asked.today]
    if ahead:
        day, key, subject = ahead[0]
        yield _activity(f"next activity {day}: {subject}", key)


def _planned_activities(asked: _Request) -> list[tuple[dt.date, str, str]]:
    """The day, the id and the subject of what is planned, as far as it is known, sorted."""
    known = {
        (each.due_date, each.id, each.subject)
        for each in asked.records.activities
        if not each.done and each.due_date is not None
    }
    upcoming = asked.row.next_activity
    if upcoming is not None:
        known.add((upcoming.due_date, upcoming.id, upcoming.subject))
    return sorted(known)


def _wins(asked: _Request) -> Iterable[Reason]:
    won = [
        (stamp_day(each.won_time, asked.records.zone), each.id, each.title)
        for each in asked.records.deals
        if each.status == "won" and each.won_time is not None
    ]
    first = day_number_before(TWO_YEARS, asked.today)
    for day, key, title in sorted(won, reverse=True):
        if first < day.toordinal() <= asked.today.toordinal():
            yield Reason(text=f"won {day}: {title}", kind="deals", record=key)


def _open_value(asked: _Request) -> Iterable[Reason]:
    for each in sorted(asked.records.deals, key=lambda deal: deal.id):
        currency = each.currency or asked.settings.currency
        if each.status == "open" and each.value is not None and currency:
            text = f"open {show({currency: each.value})}: {each.title}"
            yield Reason(text=text, kind="deals", record=each.id)


def _activity(text: str, key: str) -> Reason:
    return Reason(text=text, kind="activities", record=key)


_RECORDS: dict[Input, Callable[[_Request], Iterable[Reason]]] = {
    "contact": _contact,
    "overdue": _overdue,
    "next_step": _next_step,
    "wins": _wins,
    "open_value": _open_value,
}
