"""The health score of an account.

At most five inputs count. The weights of the book part the 100 points among them; each input has
a score from 0 to 100, and brings that much of its share. Better in one of them never means fewer
points.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

from acctcli.core.accounts.totals import AccountRow, Summary, day_numbers
from acctcli.core.model.choices import HealthWord
from acctcli.core.model.durations import Span, parse_span
from acctcli.core.model.money import show
from acctcli.core.model.names import fold
from acctcli.core.model.settings import Input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.model.records import Settings
    from acctcli.core.model.settings import Health


_ALL = 100
_USUAL = Span(90, "d")  # the rhythm of contact where no tier sets one
_YEAR, TWO_YEARS = Span(1, "y"), Span(2, "y")
_LATER = 50  # the score of a next step that lies beyond the rhythm
_ENOUGH = 4  # a quarter of what was won, still open, is enough
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}


class Part(Struct, frozen=True, kw_only=True):
    """What one input brings; the names are the machine keys.

    Attributes:
        input: Its name.
        weight: How much it counts beside the others, as the book says.
        score: How good it is, from 0 to 100.
        points: What it brings of the account's points.
        most: What it would bring with a score of 100; those of all inputs are 100 together.
        because: The score in words.
    """

    input: Input
    weight: int
    score: int
    points: int
    most: int
    because: str


class Assessment(Struct, frozen=True, kw_only=True):
    """The health of an account on a day: the points of its parts added up, and their word."""

    points: int
    word: HealthWord
    parts: tuple[Part, ...]

    @property
    def worst(self) -> Part:
        """The part that keeps back the most points; of equal ones the first."""
        return max(self.parts, key=lambda part: part.most - part.points)


class AccountFacts(Protocol):
    """What health looks at, as every list has it at hand; the days are sorted day numbers."""

    @property
    def row(self) -> AccountRow:
        """The account as lists show it on the day."""

    @property
    def contacts(self) -> Sequence[int]:
        """The days of its contacts, as `core.accounts.totals.day_numbers` gives them."""

    @property
    def wins(self) -> Sequence[int]:
        """The days of its wins that are known."""

    @property
    def due(self) -> Sequence[int]:
        """The due dates of its undone activities."""


class FixedFacts(NamedTuple):
    """What health looks at, at hand for all inputs."""

    row: AccountRow
    contacts: Sequence[int]
    wins: Sequence[int]
    due: Sequence[int]


def facts_of(known: AccountFacts) -> FixedFacts:
    """What health looks at, asked for once: a list makes its row anew each time."""
    if isinstance(known, FixedFacts):
        return known
    return FixedFacts(known.row, known.contacts, known.wins, known.due)


def facts(row: AccountRow, summary: Summary) -> FixedFacts:
    """What health looks at, of a row and the summary it was made of."""
    days = (summary.contact_days, summary.win_days, summary.due_dates)
    return FixedFacts(row, *map(day_numbers, days))


class _Day(NamedTuple):
    """The day, and how often the account is to be contacted."""

    today: dt.date
    rhythm: Span


def assess(known: AccountFacts, settings: Settings, today: dt.date) -> Assessment:
    """The health of an account on a day.

    Args:
        known: What lists know of it on that day.
        settings: The weights and the bounds of the words, and the rhythms of the tiers.
        today: The day; contacts and wins of later days do not count yet.
    """
    known = facts_of(known)
    on = _Day(today, contact_span(known.row.tier, settings))
    parts = []
    for name, most in shares(settings.health.weights).items():
        score, because = _SCORES[name](known, on)
        parts.append(
            Part(
                input=name,
                weight=settings.health.weights[name],
                score=score,
                points=(most * score + _ALL // 2) // _ALL,
                most=most,
                because=because,
            )
        )
    points = sum(part.points for part in parts)
    return Assessment(points=points, word=word(points, settings.health), parts=tuple(parts))


def word(points: int, health: Health) -> HealthWord:
    """What so many points mean."""
    if points >= health.healthy:
        return "healthy"
    return "watch" if points >= health.watch else "at risk"


def shares(weights: Mapping[Input, int]) -> dict[Input, int]:
    """The 100 points parted by the weights in whole numbers; those left over go where most is cut.

    Of inputs with the same to cut, the first ones get them.
    """
    whole = sum(weights.values())
    found = {name: _ALL * weight // whole for name, weight in weights.items()}
    by_rest = sorted(weights, key=lambda name: -(_ALL * weights[name] % whole))
    for name in by_rest[: _ALL - sum(found.values())]:
        found[name] += 1
    return found


def contact_span(tier: str | None, settings: Settings) -> Span:
    """How often an account of that tier is to be contacted; every 90 days when none says."""
    given = settings.tiers.get(tier) if tier is not None else None
    return _USUAL if given is None else parse_span(given)


def last_until(days: Sequence[int], today: dt.date) -> int | None:
    """The last of the sorted days that is not after today."""
    end = bisect_right(days, today.toordinal())
    return days[end - 1] if end else None


def next_from(days: Sequence[int], today: dt.date) -> int | None:
    """The first of the sorted days that is not before today."""
    start = bisect_left(days, today.toordinal())
    return days[start] if start < len(days) else None


def recent_wins(days: Sequence[int], today: dt.date) -> tuple[int, int]:
    """How many of the sorted days fall in the year that ends today, and in the year before it."""
    ends = [
        bisect_right(days, each)
        for each in (day_number_before(TWO_YEARS, today), day_number_before(_YEAR, today))
    ]
    end = bisect_right(days, today.toordinal())
    return end - ends[1], ends[1] - ends[0]


def _contact(known: FixedFacts, on: _Day) -> tuple[int, str]:
    """100 within the rhythm, then less day by day, and 0 when twice the rhythm has gone by."""
    last = last_until(known.contacts, on.today)
    if last is None:
        return 0, "never contacted"
    now = on.today.toordinal()
    length = max(1, now - day_number_before(on.rhythm, on.today))
    ago = now - last
    told = f"last contact {_day(last)}, {_ago(ago)}"
    if ago <= length:
        return _ALL, f"{told}: within {_long(on.rhythm)}"
    return max(0, _ALL * (2 * length - ago) // length), f"{told}: over {_long(on.rhythm)}"


def _overdue(known: FixedFacts, on: _Day) -> tuple[int, str]:
    """100 with nothing overdue; every overdue activity halves it."""
    count = bisect_left(known.due, on.today.toordinal())
    if not count:
        return _ALL, "nothing overdue"
    many = "1 activity" if count == 1 else f"{count} activities"
    return _ALL >> min(count, _ALL.bit_length()), f"{many} overdue since {_day(known.due[0])}"


def _next_step(known: FixedFacts, on: _Day) -> tuple[int, str]:
    """100 when something is planned within the rhythm, 50 when only beyond it, else 0."""
    due = next_from(known.due, on.today)
    if due is None:
        return 0, "nothing planned ahead"
    told = f"next activity {_day(due)}"
    if due <= _day_number_after(on.rhythm, on.today):
        return _ALL, f"{told}: within {_long(on.rhythm)}"
    return _LATER, f"{told}: not within {_long(on.rhythm)}"


def _wins(known: FixedFacts, on: _Day) -> tuple[int, str]:
    """The wins of the last year beside those of the year before: as many or more is 100."""
    now, before = recent_wins(known.wins, on.today)
    told = f"{_count(now)} in the last year, {before or 'none'} in the year before"
    return (min(_ALL, _ALL * now // before) if before else _ALL if now else 0), told


def _open_value(known: FixedFacts, on: _Day) -> tuple[int, str]:
    """The open value beside the won value in the same currency: a quarter of it or more is 100.

    Where values are open in several currencies, the best of them counts: none is added to another.
    """
    del on
    row = known.row
    scores = {
        currency: _percent_of_won(value, row.won_value.get(currency))
        for currency, value in row.open_value.items()
        if value > 0
    }
    if not scores:
        return 0, "no open value"
    best = max(scores, key=lambda currency: scores[currency])
    told = f"{show({best: row.open_value[best]})} open"
    won = row.won_value.get(best)
    return scores[best], f"{told} beside {show({best: won})} won" if won is not None else told


def _percent_of_won(value: Decimal, won: Decimal | None) -> int:
    if won is None or won <= 0:
        return _ALL
    over, under = value.as_integer_ratio()
    won_over, won_under = won.as_integer_ratio()
    return min(_ALL, _ALL * _ENOUGH * over * won_under // (under * won_over))


_SCORES: dict[Input, Callable[[FixedFacts, _Day], tuple[int, str]]] = {
    "contact": _contact,
    "overdue": _overdue,
    "next_step": _next_step,
    "wins": _wins,
    "open_value": _open_value,
}


def day_number_before(span: Span, today: dt.date) -> int:
    """The number of the day that long ago, or of one before all days there are."""
    try:
        return span.subtract_from(today).toordinal()
    except OverflowError:
        return dt.date.min.toordinal() - 1


def _day_number_after(span: Span, today: dt.date) -> int:
    try:
        return span.add_to(today).toordinal()
    except OverflowError:
        return dt.date.max.toordinal()


def _day(number: int) -> str:
    return dt.date.fromordinal(number).isoformat()


def _ago(days: int) -> str:
    if not days:
        return "today"
    return "1 day ago" if days == 1 else f"{days} days ago"


def _long(span: Span) -> str:
    unit = _UNITS[span.unit]
    return f"1 {unit}" if span.count == 1 else f"{span.count} {unit}s"


def _count(wins: int) -> str:
    return "no win" if not wins else "1 win" if wins == 1 else f"{wins} wins"


class HealthRow(Struct, frozen=True, kw_only=True):
    """An account and its health; the names are the machine keys.

    Attributes:
        id: The account's.
        name: Likewise.
        owner: Likewise.
        tier: Likewise.
        won_value: Currency code to the exact sum of the won deals.
        points: From 0 to 100.
        word: What they mean.
        reason: What keeps back the most points; None when nothing does.
        parts: What made the points, input by input.
    """

    id: str
    name: str
    owner: str | None
    tier: str | None
    won_value: dict[str, Decimal]
    points: int
    word: HealthWord
    reason: str | None
    parts: tuple[Part, ...]


def health_report(
    accounts: Iterable[AccountFacts], settings: Settings, today: dt.date, *, word: str | None = None
) -> list[HealthRow]:
    """The accounts with their health on a day: those with the fewest points first, then by name.

    With a word, only those that it is true of.
    """
    rows = []
    for each in map(facts_of, accounts):
        found = assess(each, settings, today)
        if word in (None, found.word):
            rows.append(_row(each.row, found))
    return sorted(rows, key=lambda row: (row.points, fold(row.name), row.id))


def _row(row: AccountRow, found: Assessment) -> HealthRow:
    worst = found.worst
    lost = worst.most - worst.points
    return HealthRow(
        id=row.id,
        name=row.name,
        owner=row.owner,
        tier=row.tier,
        won_value=row.won_value,
        points=found.points,
        word=found.word,
        reason=worst.because if lost else None,
        parts=found.parts,
    )
