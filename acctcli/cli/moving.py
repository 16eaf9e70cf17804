"""The verb `account move`: a card of the board goes to another column, its activities with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.editing import find_record
from acctcli.cli.messages import Done, by_type, say_all
from acctcli.cli.records import carry_out, put_written
from acctcli.core.buckets import Bucket
from acctcli.core.errors import InvalidInputError, UsageError
from acctcli.core.links import org_of
from acctcli.core.moves import Move, move
from acctcli.core.records import Org
from acctcli.store.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acctcli.cli.session import Session
    from acctcli.core.records import Org
    from acctcli.store.change import Change
    from acctcli.store.view import View


class MoveOptions(Struct, frozen=True):
    """What `move` was given."""

    name: str
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
        carry_out(session, lambda change: move_planned(options, change, session))
        return
    done, view = session.rehearse(
        lambda change: (move_planned(options, change, session), change.view)
    )
    say_all(session, done.said)
    put_written(session, view, "activities", done.records)


def move_planned(options: MoveOptions, change: Change, session: Session) -> Done:
    """Move an account in a change: its activities get another due date, or lose theirs."""
    org, found = _found(options, session, change.view)
    day = None if found.day is None else found.day.isoformat()
    records = [change.update("activities", each.id, {"due_date": day}) for each in found.activities]
    return Done("activities", records, list(_told(org, found, options)))


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


def _told(org: Org, found: Move, options: MoveOptions) -> Iterator[str]:
    day, bucket, would = found.day, options.bucket, options.dry_run
    if not found.activities:
        yield f'nothing to change: {org.name} is in "{bucket}" already'
        return
    for before in found.activities:
        if day is None:
            told = f"{'would lose' if would else 'lost'} its date {before.due_date}"
        else:
            told = f"{'would go ' if would else ''}from {before.due_date} to {day}"
        yield f"{org.name}: {by_type(before)} {told}"
    if found.is_day_off:
        yield f'{day} is a day off, and "{bucket}" has no business day'
    yield f'{org.name} {"would be" if would else "is"} in "{bucket}"{"" if would else " now"}'
