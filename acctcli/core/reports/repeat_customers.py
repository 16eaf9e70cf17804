"""Repeat customers: buying rhythm, new and lapsed ones.

A customer of a period is an account with a win in it.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.periods import By, period_of, periods

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.core.accounts.totals import AccountStanding
    from acctcli.core.model.periods import Period


class BuyingRhythm(Struct, frozen=True, kw_only=True):
    """How often an account buys; the names are the machine keys.

    Attributes:
        id: The account's id.
        name: Its name.
        owner: Its owner.
        win_count: How many deals it won, those without a day too.
        first_win: The day of the first win that has one.
        last_win: The day of the last one.
        usual_days: Days between one win and the next, usually; None before the second.
        next_win: The day on which the next one is to be expected.
        late_by: How many days ago that was; 0 when it is not past, None when none is expected.
    """

    id: str
    name: str
    owner: str | None
    win_count: int
    first_win: dt.date | None
    last_win: dt.date | None
    usual_days: int | None
    next_win: dt.date | None
    late_by: int | None


def usual_days(wins: Sequence[int]) -> int | None:
    """The median of the days between a win and the next; None when there is no next one.

    Wins of one day count once: who signs two deals at a time has bought once. Half a day more
    is a day.

    Args:
        wins: The days of the wins as `core.accounts.totals.day_numbers` gives them, sorted.
    """
    gaps = sorted(after - before for before, after in pairwise(wins) if after > before)
    if not gaps:
        return None
    middle = len(gaps) // 2
    return gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle] + 1) // 2


def buying_rhythm(row: AccountStanding, wins: Sequence[int], today: dt.date) -> BuyingRhythm:
    """How often an account buys, seen on a day; `wins` as `usual_days` takes them."""
    usual = usual_days(wins)
    following = wins[-1] + usual if usual is not None else None
    if following is not None and following > dt.date.max.toordinal():
        following = None
    return BuyingRhythm(
        id=row.id,
        name=row.name,
        owner=row.owner,
        win_count=row.won_count,
        first_win=row.first_won,
        last_win=row.last_won,
        usual_days=usual,
        next_win=None if following is None else dt.date.fromordinal(following),
        late_by=None if following is None else max(0, today.toordinal() - following),
    )


def overdue_order(rhythm: BuyingRhythm) -> dt.date:
    """Sorts by the next win: who is most late first, of whom none is expected last."""
    return rhythm.next_win or dt.date.max


class Customers(Struct, frozen=True, kw_only=True):
    """The customers of a period; the names are the machine keys.

    Attributes:
        period: Its name: `2026-03`, `2026-Q1` or `2026`.
        since: Its first day.
        until: Its last day, which may be ahead.
        win_count: How many deals with a day were won in it.
        customer_count: How many accounts won one: the new and the returning ones.
        new_count: How many of them won their first one.
        returning_count: How many of them had won one before it.
        lapsed_count: How many customers of the period before won none in this one.
    """

    period: str
    since: dt.date
    until: dt.date
    win_count: int
    customer_count: int
    new_count: int
    returning_count: int
    lapsed_count: int


def customers(
    all_wins: Iterable[Sequence[int]], by: By, since: dt.date | None, today: dt.date
) -> list[Customers]:
    """New, returning and lapsed customers, period by period, the oldest first.

    Args:
        all_wins: Of each account the days of its wins, as `usual_days` takes them.
        by: How long a period is.
        since: A day of the first period; that of the first win when left out.
        today: A day of the last period, unless a win lies ahead.
    """
    # Each account's wins by period; one pass, so that the days need not be kept.
    named: dict[int, Period] = {}
    wins: dict[str, int] = {}
    new: dict[str, int] = {}
    buyers: dict[str, int] = {}
    stayed: dict[str, int] = {}  # customers of a period, and of the one before
    days: list[int] = []
    for each in all_wins:
        if not each:
            continue
        days += (each[0], each[-1])
        before: Period | None = None
        for day in each:
            found = named.get(day)
            if found is None:
                found = named[day] = period_of(dt.date.fromordinal(day), by)
            name = found.name
            wins[name] = wins.get(name, 0) + 1
            if before is not None and before.name == name:
                continue
            buyers[name] = buyers.get(name, 0) + 1
            if before is None:
                new[name] = new.get(name, 0) + 1
            elif before.last + dt.timedelta(days=1) == found.first:
                stayed[name] = stayed.get(name, 0) + 1
            before = found
    if not days:
        return []
    first = since or dt.date.fromordinal(min(days))
    last = max(today, dt.date.fromordinal(max(days)))
    told: list[Customers] = []
    lost_from = _previous_count(first, by, buyers)
    for period in periods(first, last, by):
        name = period.name
        count = buyers.get(name, 0)
        told.append(
            Customers(
                period=name,
                since=period.first,
                until=period.last,
                win_count=wins.get(name, 0),
                customer_count=count,
                new_count=new.get(name, 0),
                returning_count=count - new.get(name, 0),
                lapsed_count=lost_from - stayed.get(name, 0),
            )
        )
        lost_from = count
    return told


def _previous_count(day: dt.date, by: By, buyers: dict[str, int]) -> int:
    """How many customers the period before that of a day had."""
    first = period_of(day, by).first
    if first == dt.date.min:
        return 0
    return buyers.get(period_of(first - dt.timedelta(days=1), by).name, 0)
