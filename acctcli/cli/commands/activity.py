"""The noun `activity`: the shared verbs, and done, reopen, move."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.actions.run_change import add_record, carry_out
from acctcli.cli.app.click_ext import Command, noun
from acctcli.cli.app.date_option import day_option
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.commands.record_verbs import all_verbs
from acctcli.cli.input.record_args import parse_names
from acctcli.cli.output.messages import CommandResult, CountedMessage, describe, is_undone
from acctcli.core.model.dates import parse_time
from acctcli.core.model.errors import InvalidInputError, UsageError
from acctcli.core.rules import record_changes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from acctcli.cli.actions.repeat_activity import NextPlanned
    from acctcli.core.model.records import Activity, Raw, Record
    from acctcli.store.changes.change_set import Change


_BACK = re.compile(r"-\d+(?:bd|[dwm])")
_DASHED = "\N{WORD JOINER}"  # a mark that nobody types


class DoneOptions(Struct, frozen=True):
    """What `done` was given; `next` is the type and the date of what follows.

    With `no_next` a series ends. The names may be `RecordArgs`.
    """

    names: tuple[str, ...]
    on: str | None
    note: str | None
    next: tuple[str, str] | None
    subject: str | None
    no_next: bool = False


class RescheduleOptions(Struct, frozen=True):
    """What `move` was given; the names may be `RecordArgs`."""

    names: tuple[str, ...]
    day: str
    time: str | None


@noun("activity", "Activities with organizations and people: planned and done.")
def activity() -> None:
    """Hold the verbs below."""


all_verbs(
    activity,
    "activities",
    click.Option(["--type"], metavar="TEXT", help="Only activities of this type."),
    click.Option(["--done/--undone"], default=None, help="Only those."),
)

_NAMES = click.argument("names", metavar="ACTIVITY...", nargs=-1, required=True)


@activity.command("done", cls=Command, short_help="Mark activities done, and plan the next one.")
@_NAMES
@click.option("--on", metavar="DATE", help="The day it was done; today when left out.")
@click.option("--note", metavar="TEXT", help="What came of it.")
@click.option(
    "--next",
    "following",
    nargs=2,
    metavar="TYPE DATE",
    help="Plan the next one in the same step, such as --next call +2w.",
)
@click.option("--subject", metavar="TEXT", help="The next one's subject; the same when left out.")
@click.option("--no-next", is_flag=True, help="End the series of one that repeats.")
@click.pass_context
def done(
    ctx: click.Context,
    names: tuple[str, ...],
    *,
    on: str | None,
    note: str | None,
    following: tuple[str, str] | None,
    subject: str | None,
    no_next: bool,
) -> None:
    """Mark activities done, and plan the next one; one that repeats plans its next one itself."""
    session = open_session(ctx)
    given = parse_names(session, names)
    run_done(DoneOptions(given, on, note, following, subject, no_next), session)


def run_done(options: DoneOptions, session: Session) -> None:
    """Mark activities done, plan what follows, in one commit."""
    _refuse_unclear(options)
    carry_out(session, lambda change: mark_done_in_change(options, change, session))


def mark_done_in_change(options: DoneOptions, change: Change, session: Session) -> CommandResult:
    """Mark activities done in a change, with what follows.

    Raises:
        UsageError: ``next-and-no-next``, ``subject-without-next``.
        InvalidInputError: ``already-done``, ``next-of-series``.
    """
    from acctcli.cli.actions.repeat_activity import plan_next_in_series, refuse_next
    from acctcli.cli.input.record_args import resolve_ids

    _refuse_unclear(options)
    view = change.view
    today = session.today(view)
    day = today if not options.on else day_option(options.on, today, "--on", session.days_off(view))
    finished: list[Record] = []
    planned: list[Record] = []
    series: list[NextPlanned] = []
    for record_id in resolve_ids(options.names, view, "activities", prefer=is_undone):
        before = view.data.activities[record_id]
        finished.append(change.update("activities", record_id, _done_fields(before, options, day)))
        if options.next is not None:
            refuse_next(before)
            planned.append(_plan_next(change, session, before, options, today))
        elif not options.no_next and (
            on := plan_next_in_series(change, session, before, finished[-1])
        ):
            series.append(on)
    pairs = [(view.data.activities[each.id], each) for each in finished]
    from acctcli.cli.actions.run_playbooks import run_follow_ups  # start-up: reads plan nothing

    followed = run_follow_ups(change, session, pairs)
    said = [_done_message(before, after) for before, after in pairs]
    for record in planned:
        due = change.after.activities[record.id].due_date
        text = f"planned {describe('activities', record)} for {due}"
        said.append(CountedMessage(text, "planned {} activities"))
    said += [each.message for each in series]
    planned += [record for each in series for record in each.planned]
    return CommandResult("activities", [*finished, *planned], said, followed)


def _is_done(record: Record) -> bool:
    return not is_undone(record)


def _refuse_unclear(options: DoneOptions) -> None:
    if options.no_next and options.next is not None:
        raise UsageError.of(
            "next-and-no-next", "--next and --no-next exclude each other", hint="leave out one"
        )
    if options.subject is not None and options.next is None:
        raise UsageError.of(
            "subject-without-next",
            "--subject names the next activity, and --next was not given",
            hint="say for example: --next call +2w --subject 'Ask how it went'",
        )


def _done_message(before: Record, after: Record) -> str:
    if after == before:
        return CountedMessage(
            f"nothing to change: {describe('activities', after)} is done already",
            "nothing to change: {} activities are done already",
        )
    return CountedMessage(f"{describe('activities', after)} is done", "{} activities are done")


def _done_fields(before: Activity, options: DoneOptions, day: dt.date) -> dict[str, Raw]:
    """What changes; an activity that is done already keeps its day, and is not followed twice."""
    fields = record_changes.fields_of_doing(day, options.note, existing=before.note)
    if not before.done:
        return fields
    if options.next is not None:
        raise InvalidInputError.of(
            "already-done",
            f"{describe('activities', before)} is done already, so --next would plan a second one",
            hint="plan it with: acctcli activity add",
        )
    return fields if options.on else {k: v for k, v in fields.items() if k == "note"}


def _plan_next(
    change: Change, session: Session, before: Activity, options: DoneOptions, today: dt.date
) -> Record:
    type_, day = options.next or ("", "")
    if not type_.strip():
        raise InvalidInputError.of(
            "empty-value", "--next: the type is empty", hint="say for example: --next call +2w"
        )
    fields: dict[str, Raw] = {
        "subject": options.subject or before.subject,
        "type": type_,
        "org": before.org,
        "deal": before.deal,
        "person": before.person,
        "owner": before.owner,
        "due_date": day_option(day, today, "--next", session.days_off(change.view)).isoformat(),
    }
    return add_record(change, session, "activities", fields)


@activity.command("reopen", cls=Command)
@_NAMES
@click.pass_context
def reopen(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Mark activities as not done."""
    session = open_session(ctx)
    given = parse_names(session, names)
    carry_out(session, lambda change: reopen_in_change(given, change))


def reopen_in_change(names: Sequence[str], change: Change) -> CommandResult:
    """Make activities undone in a change."""
    from acctcli.cli.input.record_args import resolve_ids

    ids = resolve_ids(names, change.view, "activities", prefer=_is_done)
    records = [change.update("activities", key, record_changes.fields_of_undoing()) for key in ids]
    said = [
        CountedMessage(
            f"{describe('activities', record)} is to be done again",
            "{} activities are to be done again",
        )
        for record in records
    ]
    return CommandResult("activities", records, said)


class _Move(Command):
    """A command that takes `-2w` for the date word it is, not for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep date words that begin with a dash from being read as options."""
        marked = [f"{_DASHED}{word}" if _BACK.fullmatch(word) else word for word in args]
        return super().parse_args(ctx, marked)


@activity.command("move", cls=_Move)
@_NAMES
@click.argument("day", metavar="DATE")
@click.option("--time", metavar="HH:MM", help="Change the time too.")
@click.pass_context
def move(ctx: click.Context, names: tuple[str, ...], day: str, time: str | None) -> None:
    """Give activities another due date, such as tomorrow, friday or +1w."""
    session = open_session(ctx)
    given = parse_names(session, names)
    run_reschedule(RescheduleOptions(given, day.removeprefix(_DASHED), time), session)


def run_reschedule(options: RescheduleOptions, session: Session) -> None:
    """Change when activities are due."""
    carry_out(session, lambda change: reschedule_in_change(options, change, session))


def reschedule_in_change(
    options: RescheduleOptions, change: Change, session: Session
) -> CommandResult:
    """Change in a change when activities are due."""
    from acctcli.cli.input.record_args import is_single, resolve_ids

    view = change.view
    day = day_option(options.day, session.today(view), "DATE", session.days_off(view))
    fields = record_changes.fields_of_move(day, _time(options.time))
    records: list[Record] = []
    said: list[str] = []
    for record_id in resolve_ids(options.names, view, "activities", prefer=is_undone):
        records.append(change.update("activities", record_id, fields))
        due = change.after.activities[record_id].due_date
        text = f"{describe('activities', records[-1])} is due on {due}"
        said.append(CountedMessage(text, f"{{}} activities are due on {due}"))
    return CommandResult("activities", records, said, is_single=is_single(options.names))


def _time(text: str | None) -> dt.time | None:
    if text is None:
        return None
    try:
        return parse_time(text.zfill(len("HH:MM")))
    except ValueError as error:
        raise InvalidInputError.of(
            "bad-time", f'--time: "{text}" is not a time', hint="write it as HH:MM, such as 14:30"
        ) from error
