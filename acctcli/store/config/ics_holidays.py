"""Days off from .ics files.

It cuts the file into its events, so that every message has a line, and leaves what matters of
each to icalendar. The rest of the file is not looked at: a time zone can be endless to work out.
Everything is bounded: events, rules, days of an event, years.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from acctcli.core.model.errors import InvalidBookError, Place, Problem
from acctcli.core.model.yearly_rules import parse_yearly, rule_days
from acctcli.store.datafiles.yaml.reader import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MOST_EVENTS = 5000
MOST_RULES = 500
MOST_DAYS = 200_000  # of all events together, one counted as often as it is said
LONGEST = 366  # days of one event
_BEGIN, _END = "BEGIN:VEVENT", "END:VEVENT"
_READ = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_KEPT = {*_READ, "UID", "STATUS"}
_NAME = re.compile("[:;]")
_DAY = dt.timedelta(days=1)


class _Event(NamedTuple):
    """An event: its lines, and where it begins."""

    lines: list[str]
    place: Place


class _Days(NamedTuple):
    """The days an event begins on, how long it is, and which of its days another one replaces."""

    uid: str
    starts: set[dt.date]
    length: int
    replaces: dt.date | None


def whole_days(data: bytes, file: str, years: range) -> Iterator[dt.date]:
    """The days of the whole-day events of a calendar, in those years.

    An event that is cancelled, or has a time of day, is no day off.

    Raises:
        InvalidBookError: it is no calendar, or an event cannot be read.
    """
    text = decode(data, file).removeprefix("\ufeff")
    first, last = dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)
    found = [days for event in _events(text, file) if (days := _days(event, years)) is not None]
    many = sum(len(each.starts) * each.length for each in found)
    if many > MOST_DAYS:
        raise _too_much(f"the calendar has {many} days, more than {MOST_DAYS}", file)
    replaced = {(each.uid, each.replaces) for each in found if each.replaces is not None}
    for uid, starts, length, replaces in found:
        for start in starts:
            if replaces is None and uid and (uid, start) in replaced:
                continue
            for number in range(start.toordinal(), start.toordinal() + length):
                if first.toordinal() <= number <= last.toordinal():
                    yield dt.date.fromordinal(number)


def _events(text: str, file: str) -> list[_Event]:
    """The events, without what is nested in them, such as alarms."""
    lines = text.split("\n")
    if lines[0].rstrip().upper() != "BEGIN:VCALENDAR":
        raise InvalidBookError.of(
            "bad-calendar",
            "this is no calendar: its first line is not BEGIN:VCALENDAR",
            place=Place(file, 1),
            hint="save it as .ics from the calendar program again, or write a holidays.yaml",
        )
    events: list[_Event] = []
    depth, rules = 0, 0  # inside an event, depth counts what is nested
    is_kept = False
    for number, line in enumerate(lines, 1):
        word = line.rstrip().upper()
        if not depth:
            if word == _BEGIN:
                events.append(_Event([_BEGIN], Place(file, number)))
                depth = 1
            continue
        if word.startswith("BEGIN:"):
            depth += 1
        elif word.startswith("END:"):
            depth -= 1
        elif depth == 1 and (is_kept := _is_relevant_line(line, after_kept=is_kept)):
            events[-1].lines.append(line.rstrip("\r"))
            rules += word.startswith("RRULE")
        if not depth:
            events[-1].lines.append(_END)
    if depth:
        raise _bad("the event does not end", events[-1].place)
    for what, count, most in (("events", len(events), MOST_EVENTS), ("rules", rules, MOST_RULES)):
        if count > most:
            raise _too_much(f"the calendar has {count} {what}, more than {most}", file)
    return events


def _is_relevant_line(line: str, *, after_kept: bool) -> bool:
    """Whether a line of an event matters here; one that is folded belongs to the line before."""
    if line.startswith((" ", "\t")):
        return after_kept
    return _NAME.split(line, maxsplit=1)[0].upper() in _KEPT


def _too_much(message: str, file: str) -> InvalidBookError:
    return InvalidBookError(
        Problem(
            id="too-long",
            message=message,
            place=Place(file, 1),
            hint="name a calendar that has days off alone",
        )
    )


def _bad(message: str, place: Place) -> InvalidBookError:
    return InvalidBookError(
        Problem(
            id="bad-calendar",
            message=message,
            place=place,
            hint="correct the event, or take it out of the file",
        )
    )


def _days(event: _Event, years: range) -> _Days | None:
    from icalendar import Event

    try:
        parsed = Event.from_ical("\r\n".join(event.lines))
        if str(parsed.get("STATUS", "")).upper() == "CANCELLED":
            return None
        return _read(parsed, years)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        # icalendar raises all of these for a line that it cannot make sense of.
        said = " ".join(str(error).split())[:120]
        raise _bad(f"the event cannot be read: {said}", event.place) from error


def _as_list(value: Any) -> Iterable[Any]:  # noqa: ANN401 - icalendar types none of its values
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _read(event: Any, years: range) -> _Days | None:  # noqa: ANN401 - as above
    if event.errors:
        name, message = event.errors[0]
        raise ValueError(f"{name}: {message}" if name else message)
    values = {name: list(_as_list(event.get(name))) for name in _READ}
    uid = str(event.get("UID", ""))
    start = _single_value(values, "DTSTART")
    if start is None:
        raise ValueError("it has no DTSTART")
    start = start.dt
    if isinstance(start, dt.datetime):
        return None
    if not isinstance(start, dt.date):
        raise ValueError("DTSTART is not a date")  # noqa: TRY004 - the user's mistake, not ours
    rule = _single_value(values, "RRULE")
    starts = {start} if rule is None else _by_rule(rule, start, years)
    starts |= set(_dates(values["RDATE"]))
    starts -= set(_dates(values["EXDATE"]))
    replaced = _single_value(values, "RECURRENCE-ID")
    return _Days(uid, starts, _length(values, start), _day(replaced.dt) if replaced else None)


def _single_value(values: Mapping[str, list[Any]], name: str) -> Any:  # noqa: ANN401 - as above
    if len(values[name]) > 1:
        raise ValueError(f"it has {name} more than once")
    return values[name][0] if values[name] else None


def _dates(lists: Iterable[Any]) -> Iterator[dt.date]:
    for each in lists:
        for value in each.dts:
            yield _day(value.dt)


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    raise ValueError("a date is expected")


def _length(values: Mapping[str, list[Any]], start: dt.date) -> int:
    end, duration = _single_value(values, "DTEND"), _single_value(values, "DURATION")
    days = 1
    if end is not None:
        days = (_day(end.dt) - start).days
    elif duration is not None:
        days = duration.dt // _DAY
    if days > LONGEST:
        raise ValueError(f"it is {days} days long, more than {LONGEST}")
    return max(days, 1)


def _by_rule(rule: Any, start: dt.date, years: range) -> set[dt.date]:  # noqa: ANN401 - as above
    parts = {
        name.upper(): [str(value) for value in _as_list(values)]
        for name, values in rule.items()
        if name.upper() != "UNTIL"
    }
    until = [_day(value) for value in _as_list(rule.get("UNTIL"))]
    try:
        yearly = parse_yearly(start, parts, until[0] if until else None)
    except ValueError as error:
        raise ValueError(f"RRULE: {error}") from None
    # One that began in the year before may reach into the first.
    return set(rule_days(yearly, years[0] - 1, years[-1]))
