"""The next activity of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.cli.actions.run_change import add_record
from acctcli.cli.output.messages import CountedMessage, describe, describe_by_type
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.records import Activity
from acctcli.core.model.schema import to_raw
from acctcli.core.rules.recurrence import next_occurrence
from acctcli.store.ids import next_in_series_id

if TYPE_CHECKING:
    from acctcli.cli.app.session import Session
    from acctcli.core.model.records import Raw, Record, Settings
    from acctcli.core.rules.recurrence import NextOccurrence
    from acctcli.store.changes.change_set import Change

# What the next one has of the one before it, beside its own fields.
_TAKEN_OVER = (
    *("subject", "type", "org", "deal", "person", "owner"),
    *("due_time", "duration", "location", "from", "until"),
)
_TRIES = 8  # ids, should one be taken by something else


class NextPlanned(NamedTuple):
    """What came of a series: the activity that was planned, if one was, and what to say of it."""

    planned: list[Record]
    message: CountedMessage


def plan_next_in_series(
    change: Change, session: Session, before: Record, after: Record
) -> NextPlanned | None:
    """Plan what follows an activity that repeats and is done now; None for any other record.

    The id of what follows is made of the id of the one before, so that an activity that is done,
    reopened and done again is followed once.

    Raises:
        InvalidInputError: see `core.rules.recurrence.next_occurrence`.
    """
    if not (isinstance(before, Activity) and isinstance(after, Activity)):
        return None
    if before.done or not after.done or after.repeat is None:
        return None
    today = session.today(change.view)
    done_on = today if after.done_time is None else stamp_day(after.done_time, change.view.zone)
    next_id, there = _next_id(change, after.id)
    if there is not None:
        return NextPlanned(
            [],
            CountedMessage(
                f"its next one is there already: {describe_by_type(there)}{_due_text(there)}",
                "the next ones of {} activities are there already",
            ),
        )
    found = next_occurrence(after, done_on, today)
    if found is None:
        until = f" on {after.until}" if after.until is not None else " with the calendar"
        return NextPlanned(
            [],
            CountedMessage(
                f"{describe('activities', after)} was the last of its series, which ends{until}",
                "{} activities were the last of their series",
            ),
        )
    fields = _fields(after, found, change.view.settings)
    record = add_record(change, session, "activities", fields, next_id)
    told = f"planned {describe_by_type(record)} for {found.due}{_skipped_text(found)}"
    return NextPlanned([record], CountedMessage(told, "planned the next ones of {} activities"))


def refuse_next(activity: Activity) -> None:
    """Refuse `--next` for an activity that repeats: there would be two next ones.

    Raises:
        InvalidInputError: ``next-of-series``.
    """
    if activity.repeat is None or activity.done:
        return
    raise InvalidInputError.of(
        "next-of-series",
        f"{describe('activities', activity)} repeats {activity.repeat},"
        " so its next one plans itself",
        hint="leave out --next; then move the next one with acctcli activity move, or plan"
        " something else with acctcli activity add",
    )


def _next_id(change: Change, before: str) -> tuple[str, Activity | None]:
    """The id of what follows, and the activity that has it already."""
    taken = change.taken_ids()
    for attempt in range(_TRIES):
        made = next_in_series_id(before, attempt)
        there = change.after.activities.get(made)
        if there is not None or made not in taken:
            return made, there
    return change.new_id("activities"), None


def _fields(activity: Activity, found: NextOccurrence, settings: Settings) -> dict[str, Raw]:
    fields: dict[str, Raw] = {}
    for name in _TAKEN_OVER:
        field = KINDS["activities"].field(name)
        value = getattr(activity, field.attribute) if field else None
        if field is not None and value is not None:
            fields[name] = to_raw(field, value)
    own = settings.custom_fields("activities")
    fields |= {name: to_raw(own[name], value) for name, value in activity.custom.items()}
    return {**fields, "due_date": found.due.isoformat(), "repeat": found.repeat}


def _due_text(activity: Activity) -> str:
    if activity.done:
        return ", done"
    return f" for {activity.due_date}" if activity.due_date is not None else ""


def _skipped_text(found: NextOccurrence) -> str:
    if not found.skipped:
        return ""
    return f"; {found.skipped} {'dates' if found.skipped > 1 else 'date'} before it passed unused"
