"""The verb `account move`: a card of the board goes to another column, its activities with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.actions.run_change import carry_out, print_result
from acctcli.cli.input.record_args import resolve_ids
from acctcli.cli.output.messages import (
    CommandResult,
    CountedMessage,
    collapse_repeated,
    describe_by_type,
    say_all,
)
from acctcli.core.accounts.buckets import Bucket
from acctcli.core.model.errors import InvalidInputError, UsageError
from acctcli.core.model.links import org_of
from acctcli.core.model.records import Org, Record
from acctcli.core.rules.move_card import Move, move
from acctcli.store.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acctcli.cli.app.session import Session
    from acctcli.core.model.records import Org, Record
    from acctcli.store.changes.change_set import Change
    from acctcli.store.views.view import View


class MoveOptions(Struct, frozen=True):
    """What `move` was given; the names may be `RecordArgs`."""

    names: tuple[str, ...]
    bucket: Bucket
    dry_run: bool
    yes: bool


def run_move(options: MoveOptions, session: Session) -> None:
    """Give activities of an account another due date, or take theirs away."""
    wants_asking = options.bucket == "none" and not (options.dry_run or options.yes)
    if wants_asking and not _is_agreed(options, session):
        session.say("nothing was changed")
        return

    if not options.dry_run:
        carry_out(session, lambda change: move_in_change(options, change, session))
        return
    done, view = session.rehearse(
        lambda change: (move_in_change(options, change, session), change.view)
    )
    say_all(session, done.messages)
    print_result(session, view, "activities", done.records)


def move_in_change(options: MoveOptions, change: Change, session: Session) -> CommandResult:
    """Move accounts in a change: their activities get another due date, or lose theirs."""
    records: list[Record] = []
    said: list[str] = []
    for org, found in _moves(options, session, change.view):
        day = None if found.day is None else found.day.isoformat()
        records += [
            change.update("activities", each.id, {"due_date": day}) for each in found.activities
        ]
        said += _messages(org, found, options)
    return CommandResult("activities", records, said)


def _moves(options: MoveOptions, session: Session, view: View) -> Iterator[tuple[Org, Move]]:
    """The accounts, and what has to be moved of each."""
    for org_id in resolve_ids(options.names, view, "orgs", only_accounts=True):
        yield _move_of(org_id, options, session, view)


def _move_of(org_id: str, options: MoveOptions, session: Session, view: View) -> tuple[Org, Move]:
    around = view.records_of_org(org_id)
    own = [each for each in around.activities.values() if org_of(each, around) == org_id]
    try:
        found = move(
            own, options.bucket, session.today(view), view.settings, session.days_off(view)
        )
    except InvalidInputError as error:
        problem = error.problems[0]
        raise InvalidInputError.of(
            problem.id,
            f"{around.orgs[org_id].name}: {problem.message}",
            hint=problem.hint and problem.hint.replace("ORG", org_id),
        ) from error
    return around.orgs[org_id], found


def _is_agreed(options: MoveOptions, session: Session) -> bool:
    """Ask whether all that is planned with accounts is to be unplanned.

    Raises:
        UsageError: there is nobody to ask.
    """
    session.book.refuse_if_read_only()
    view = session.read()
    found = [(org, move) for org, move in _moves(options, session, view) if move.activities]
    if not found:
        return True
    if not session.can_ask():
        who = found[0][0].name if len(found) == 1 else f"{len(found)} accounts"
        raise UsageError.of(
            "not-confirmed",
            f"{who}: nothing would be planned any more, and there is no terminal to ask on",
            hint="say --yes if it is meant so; --dry-run lists what would lose its date",
        )
    lines = [
        CountedMessage(
            f"{org.name}: {describe_by_type(each)} on {each.due_date}", "{} activities with a date"
        )
        for org, move in found
        for each in move.activities
    ]
    for line in collapse_repeated(lines):
        session.tell(line)
    question = (
        f"take away {'these dates' if len(lines) > 1 else 'this date'}, so that nothing is planned?"
    )
    return click.confirm(question, err=True)


def _messages(org: Org, found: Move, options: MoveOptions) -> Iterator[str]:
    day, bucket, would = found.day, options.bucket, options.dry_run
    if not found.activities:
        yield CountedMessage(
            f'nothing to change: {org.name} is in "{bucket}" already',
            f'nothing to change: {{}} accounts are in "{bucket}" already',
        )
        return
    for before in found.activities:
        if day is None:
            told = f"{'would lose' if would else 'lost'} its date {before.due_date}"
            many = f"{{}} activities {'would lose their' if would else 'lost their'} dates"
        else:
            told = f"{'would go ' if would else ''}from {before.due_date} to {day}"
            many = f"{{}} activities {'would go' if would else 'went'} to {day}"
        yield CountedMessage(f"{org.name}: {describe_by_type(before)} {told}", many)
    if found.is_day_off:
        text = f'{day} is a day off, and "{bucket}" has no business day'
        yield CountedMessage(text, text)
    where = f'in "{bucket}"{"" if would else " now"}'
    yield CountedMessage(
        f"{org.name} {'would be' if would else 'is'} {where}",
        f"{{}} accounts {'would be' if would else 'are'} {where}",
    )
