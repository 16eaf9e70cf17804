"""The verb `account move`: a card of the board goes to another column, its activities with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.editing import find_record
from acctcli.cli.messages import by_type
from acctcli.cli.records import put_written
from acctcli.core.buckets import Bucket
from acctcli.core.errors import InvalidInputError, UsageError
from acctcli.core.links import org_of
from acctcli.core.moves import Move, move
from acctcli.core.records import Org, Record
from acctcli.store.view import View

if TYPE_CHECKING:
    from acctcli.cli.session import Session
    from acctcli.store.change import Change


class MoveOptions(Struct, frozen=True):
    """What `move` was given."""

    name: str
    bucket: Bucket
    dry_run: bool
    yes: bool


class _Moved(Struct, frozen=True):
    """What was moved: the account, the move, and the activities as they are after it."""

    org: Org
    move: Move
    records: list[Record]
    view: View


def run_move(options: MoveOptions, session: Session) -> None:
    """Give activities of an account another due date, or take theirs away."""
    wants_asking = options.bucket == "none" and not (options.dry_run or options.yes)
    if wants_asking and not _is_agreed(options, session):
        session.say("nothing was changed")
        return

    def plan(change: Change) -> _Moved:
        view = change.view
        org, found = _found(options, session, view)
        day = None if found.day is None else found.day.isoformat()
        records = [
            change.update("activities", each.id, {"due_date": day}) for each in found.activities
        ]
        return _Moved(org, found, records, view)

    moved = session.rehearse(plan) if options.dry_run else session.write(plan)
    _say(moved, options, session)
    put_written(session, moved.view, "activities", moved.records)


def _found(options: MoveOptions, session: Session, view: View) -> tuple[Org, Move]:
    """The account, and what has to be moved."""
    org_id = find_record(view, "orgs", options.name, only_accounts=True)
    around = view.around(org_id)
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
    """Ask whether all that is planned with an account is to be unplanned.

    Raises:
        UsageError: there is nobody to ask.
    """
    session.book.refuse_if_read_only()
    view = session.read()
    org, found = _found(options, session, view)
    many = len(found.activities)
    if not many:
        return True
    if not session.can_ask():
        raise UsageError.of(
            "not-confirmed",
            f"{org.name}: nothing would be planned any more, and there is no terminal to ask on",
            hint="say --yes if it is meant so; --dry-run lists what would lose its date",
        )
    for each in found.activities:
        session.tell(f"{org.name}: {by_type(each)} on {each.due_date}")
    question = (
        f"take away {'these dates' if many > 1 else 'this date'}, so that nothing is planned?"
    )
    return click.confirm(question, err=True)


def _say(moved: _Moved, options: MoveOptions, session: Session) -> None:
    org, day, bucket = moved.org, moved.move.day, options.bucket
    if not moved.records:
        session.say(f'nothing to change: {org.name} is in "{bucket}" already')
        return
    would = options.dry_run
    for before in moved.move.activities:
        if day is None:
            told = f"{'would lose' if would else 'lost'} its date {before.due_date}"
        else:
            told = f"{'would go ' if would else ''}from {before.due_date} to {day}"
        session.say(f"{org.name}: {by_type(before)} {told}")
    if moved.move.is_day_off:
        session.say(f'{day} is a day off, and "{bucket}" has no business day')
    session.say(
        f'{org.name} {"would be" if would else "is"} in "{bucket}"{"" if would else " now"}'
    )
