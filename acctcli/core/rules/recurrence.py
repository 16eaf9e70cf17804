"""The next date of an activity that repeats."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.dates import add_months
from acctcli.core.model.durations import parse_rhythm, rhythm_text
from acctcli.core.model.errors import InvalidInputError

if TYPE_CHECKING:
    from acctcli.core.model.durations import Span
    from acctcli.core.model.records import Activity

_DAYS = {"d": 1, "w": 7}
_MONTHS = {"m": 1, "y": 12}
_SHORTEST = 28  # days; every month has so many
_YEAR = 12  # months


class NextOccurrence(Struct, frozen=True):
    """The next one of a series.

    Attributes:
        due: Its due date.
        repeat: Its rhythm: with the day of the month that is meant, where its month is too short.
        skipped: How many dates of the series before it have passed.
    """

    due: dt.date
    repeat: str
    skipped: int


def next_occurrence(activity: Activity, done_on: dt.date, today: dt.date) -> NextOccurrence | None:
    """The one that follows an activity with `repeat`, done that day; None at the series' end.

    It is the first date of the series after the day it was done that is not past. The series is
    counted from the due date, so that one done late or early shifts nothing, or with `from: done`
    from the day it was done.

    Raises:
        InvalidInputError: ``repeat-without-due``: it is counted from a due date that is not there.
    """
    span, said = parse_rhythm(activity.repeat or "")
    if activity.from_ == "done":
        base, day = done_on, done_on.day
    elif activity.due_date is None:
        raise InvalidInputError.of(
            "repeat-without-due",
            f'activity "{activity.subject}" ({activity.id}) repeats from its due date, and has'
            " none",
            hint=f"give it one: acctcli activity move {activity.id} DATE; or count from the day"
            f" it is done: acctcli activity edit {activity.id} --set from=done; or end it with"
            " --no-next",
        )
    else:
        base, day = activity.due_date, _month_day(activity.due_date, said)
    first = max(done_on.toordinal() + 1, today.toordinal())
    try:
        count, due = _first_from(first, base, span, day)
    except OverflowError:  # the calendar ends
        return None
    if activity.until is not None and due > activity.until:
        return None
    repeat = activity.repeat or ""
    if activity.from_ != "done" and span.unit in _MONTHS:
        repeat = rhythm_text(
            span, day if day > _SHORTEST and _has_to_name_day(due, day, said) else None
        )
    return NextOccurrence(due, repeat, count - 1)


def _month_day(due: dt.date, said: int | None) -> int:
    """The day of the month of a series.

    What the rhythm says counts for a due date that was cut to the end of a shorter month. One
    that was moved elsewhere moves the series along.
    """
    is_last = due == dt.date.max or (due + dt.timedelta(days=1)).day == 1
    return said if said is not None and is_last and due.day < said else due.day


def _has_to_name_day(due: dt.date, day: int, said: int | None) -> bool:
    """Whether the next one's rhythm has to say the day, or says it as before."""
    return due.day < day or day == said


def _first_from(first: int, base: dt.date, span: Span, day: int) -> tuple[int, dt.date]:
    """The first date of a series from a day on (a day number): which one it is, from 1.

    Raises:
        OverflowError: It is beyond the year 9999.
    """
    if span.unit in _DAYS:
        length = span.count * _DAYS[span.unit]
        count = max(1, -((base.toordinal() - first) // length))
        return count, dt.date.fromordinal(_in_calendar(base.toordinal() + count * length))
    length = span.count * _MONTHS[span.unit]
    start = dt.date.fromordinal(_in_calendar(first))
    between = (start.year - base.year) * _YEAR + start.month - base.month
    count = max(1, -(-between // length))
    due = _date_in(base, count * length, day)
    if due < start:  # earlier in the same month
        count += 1
        due = _date_in(base, count * length, day)
    return count, due


def _in_calendar(number: int) -> int:
    if number > dt.date.max.toordinal():
        raise OverflowError(f"day {number} is out of range")
    return number


def _date_in(base: dt.date, months: int, day: int) -> dt.date:
    """The day of the month that many months on, or the last one of a month without it."""
    # January has every day, so that the day of the base plays no part.
    january = dt.date(base.year, 1, day)
    return add_months(january, base.month - 1 + months)
