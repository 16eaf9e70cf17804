"""A change carried out, and what it wrote printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.lists.record_list import (
    print_record,
    print_records,
    refuse_unknown_fields,
)
from acctcli.cli.output.messages import CommandResult, say_accounts, say_all
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.rules.defaults import with_defaults

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.core.model.records import Raw, Record
    from acctcli.store.changes.change_set import Change
    from acctcli.store.views.view import View


def carry_out(session: Session, plan: Callable[[Change], CommandResult]) -> None:
    """Do what a verb plans, in one commit; tell people what was done, and print it for scripts."""

    def checked(change: Change) -> tuple[CommandResult, Change]:
        done = plan(change)
        refuse_unknown_fields(session, change.view, done.kind, one=done.is_single)
        return done, change

    done, change = session.write(checked)
    say_all(session, done.messages)
    say_accounts(session, change)
    say_all(session, done.follow_ups)
    session.clear_query()
    print_result(session, change.view, done.kind, done.records, one=done.is_single)


def add_record(
    change: Change,
    session: Session,
    kind: KindName,
    fields: dict[str, Raw],
    record_id: str | None = None,
) -> Record:
    """Add a record with its id, its defaults and the time it was made."""
    view = change.view
    today = session.today(view)
    label = str(fields[KINDS[kind].label])
    if record_id is None:
        readable = kind in {"orgs", "people"}
        record_id = change.id_from_name(kind, label) if readable else change.new_id(kind)
    full = {"id": record_id, "add_time": session.stamp(view), **fields}
    return change.add(kind, with_defaults(kind, full, change.after, view.settings, today))


def print_result(
    session: Session, view: View, kind: KindName, records: Sequence[Record], *, one: bool = False
) -> None:
    """Print what a command wrote, for scripts; people have been told."""
    if session.is_for_people:
        return
    if one:
        print_record(session, view, kind, records[0])
    else:
        print_records(session, view, kind, records)
