"""The command `log`: what commands changed, when, and who did it."""

from __future__ import annotations

import datetime as dt
import shlex
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.date_option import day_option
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.cli.lists.print_rows import print_rows, refuse_unknown_columns
from acctcli.core.model.dates import parse_stamp
from acctcli.core.model.errors import AmbiguousError, NotFoundError
from acctcli.core.model.kinds import KIND_NAMES, KINDS
from acctcli.core.model.names import fold
from acctcli.render.formats.columns import value_at
from acctcli.store.history.describe import describe_lines
from acctcli.store.history.reader import (
    CommitState,
    about_record,
    newest_first,
    with_states,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from acctcli.cli.output.writer import Row
    from acctcli.render.history import CommitEntry
    from acctcli.store.history.describe import ItemChange
    from acctcli.store.history.history_format import Closing
    from acctcli.store.views.view import View

_MARKS = {"undone": "undone", "taken back": "redone"}


class LogOptions(Struct, frozen=True):
    """What `log` was given."""

    record: str | None
    since: str | None
    actor: str | None


@click.command("log", cls=ListCommand, listing="commits")
@click.argument("record", metavar="[RECORD]", required=False)
@click.option("--since", metavar="DATE", help="Only commits on this day or later.")
@click.option("--actor", metavar="NAME", help="Only commits of this actor.")
@click.pass_context
def log(ctx: click.Context, /, record: str | None, **flags: str | None) -> None:
    """Show what commands changed, the newest first: of the whole book, or of one record.

    It tells the commands of acctcli, not what you changed by hand.
    """
    run_log(LogOptions(record, flags["since"], flags["actor"]), open_session(ctx))


def run_log(options: LogOptions, session: Session) -> None:
    """Print the commits that were asked for."""
    zone = session.zone
    since = None
    if options.since is not None:
        since = day_option(options.since, session.today_in(zone), "--since")
    root = session.book.root
    record = None
    if options.record is not None:
        record = _record_id(options.record, session.book.read(), root)
    about = None if record is None else about_record(record)
    wanted = (
        each
        for each in with_states(newest_first(root, about))
        if (record is None or each.past.has_lines)
        and (since is None or _day(each.past.closing, zone) >= since)
        and (options.actor is None or fold(options.actor) in fold(each.past.closing.actor))
    )
    print_log(session, wanted, record, zone)


def _record_id(name: str, view: View, root: Path) -> str:
    """The id of the record that is meant: one that is there, or one that was removed."""
    if any(name in view.data.of(kind) for kind in KIND_NAMES):
        return name
    found: dict[str, str] = {}
    for kind in KIND_NAMES:
        try:
            record_id = view.find(kind, name)
        except NotFoundError:
            continue
        found[record_id] = str(getattr(view.data.of(kind)[record_id], KINDS[kind].label))
    # A removed record's whole id comes before the beginning of another's.
    named = [record_id for record_id, label in found.items() if fold(label) == fold(name)]
    if not named and any(past.has_lines for past in newest_first(root, about_record(name))):
        return name
    if not found:
        raise NotFoundError.of(
            "not-found",
            f'no record is named "{name}", and the history has none of that id',
            hint="a record that was removed is named by its whole id",
        )
    if len(found) > 1:
        names = ", ".join(f"{record_id} ({label})" for record_id, label in found.items())
        raise AmbiguousError.of(
            "ambiguous", f'"{name}" may be any of: {names}', hint="name it by its id"
        )
    return next(iter(found))


def print_log(
    session: Session, commits: Iterable[CommitState], record: str | None, zone: dt.tzinfo
) -> None:
    """Print commits with what each did to records: lines for people, objects for scripts."""

    def texts(found: Iterable[CommitState]) -> Iterator[str]:
        from acctcli.render.history import entry_text

        for each in found:
            yield entry_text(_entry(each, record, zone), session.style, session.streams.columns)

    from acctcli.render.list_columns import TABLE_COLUMNS

    held: list[tuple[CommitState, Row]] = []  # the last one, whose lines need not be read again

    def row(commit: CommitState) -> Row:
        if not held or held[0][0] is not commit:
            held[:] = [(commit, _row(commit, record, zone))]
        return held[0][1]

    listing = Listing(
        name="commits",
        table=TABLE_COLUMNS["commits"],
        nested_keys=("changes",),
        display_row=lambda row: {**row, "time": _display_time(row["time"])},
        get=lambda each, path: value_at(row(each), path),
        row=row,
        texts=texts,
    )
    print_list(session, commits, listing)


def print_commits(session: Session, closings: Iterable[Closing], zone: dt.tzinfo) -> None:
    """Print commits in a machine format; for people, messages have told them."""
    if not session.is_for_people:
        _print_rows(session, (_head(closing, zone) for closing in closings))


def refuse_unknown_commits(session: Session) -> None:
    """Refuse --fields that commits do not have, before anything is taken back.

    Raises:
        InvalidInputError: there is no such field.
    """
    from acctcli.render.list_columns import MACHINE_COLUMNS

    refuse_unknown_columns(session, MACHINE_COLUMNS["commits"])


def _print_rows(session: Session, rows: Iterable[Row]) -> None:
    from acctcli.render.list_columns import MACHINE_COLUMNS

    print_rows(session, rows, machine_columns=MACHINE_COLUMNS["commits"], table_columns=())


def _head(closing: Closing, zone: dt.tzinfo) -> Row:
    return {
        "id": closing.commit,
        "time": _time(closing, zone),
        "actor": closing.actor,
        "command": shlex.join(closing.command),
    }


def _row(commit: CommitState, record: str | None, zone: dt.tzinfo) -> Row:
    closing = commit.past.closing
    things = list(_item_changes(commit, record))
    counts = {
        action: sum(thing.action == action for thing in things)
        for action in ("added", "changed", "removed")
    }
    return {
        **_head(closing, zone),
        "undone": commit.state == "undone",
        "undoes": list(closing.undoes),
        "redoes": list(closing.redoes),
        **counts,
        "changes": [
            {
                "kind": thing.kind,
                "id": thing.id,
                "action": thing.action,
                "fields": {name: list(both) for name, both in thing.fields.items()},
            }
            for thing in things
        ],
    }


def _item_changes(commit: CommitState, record: str | None) -> Iterator[ItemChange]:
    return describe_lines(commit.past.readable_lines(), record)


def _entry(commit: CommitState, record: str | None, zone: dt.tzinfo) -> CommitEntry:
    from acctcli.render.history import CommitEntry, HistoryItem

    closing = commit.past.closing
    remarks = [f"takes back {each}" for each in closing.undoes]
    remarks += [f"brings back what {each} took back" for each in closing.redoes]
    return CommitEntry(
        closing.commit,
        _time_text(closing, zone),
        closing.actor,
        shlex.join(closing.command),
        _MARKS.get(commit.state, ""),
        remarks,
        (HistoryItem(*thing) for thing in _item_changes(commit, record)),
    )


def commit_phrase(closing: Closing, zone: dt.tzinfo) -> str:
    """A commit as a message names it: its command, and by whom and when."""
    return f"{shlex.join(closing.command)} ({closing.actor}, {_time_text(closing, zone)})"


def _time(closing: Closing, zone: dt.tzinfo) -> dt.datetime | str:
    """When it was, in the book's zone; the text as it stands where that is no time."""
    try:
        stamp = parse_stamp(closing.time)
    except ValueError:
        return closing.time
    return stamp.astimezone(zone) if isinstance(stamp, dt.datetime) else closing.time


def _time_text(closing: Closing, zone: dt.tzinfo) -> str:
    time = _time(closing, zone)
    return _display_time(time)


def _display_time(time: object) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if isinstance(time, dt.datetime) else str(time)


def _day(closing: Closing, zone: dt.tzinfo) -> dt.date:
    time = _time(closing, zone)
    return time.date() if isinstance(time, dt.datetime) else dt.date.min
