"""Edits of many records: the same fields get the same values in one commit.

Those that conditions choose are shown and asked about first; those that are named are changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.cli.actions.edit_one import changed_fields, plan_next
from acctcli.cli.actions.run_change import carry_out
from acctcli.cli.actions.selection import (
    confirm,
    no_match_messages,
    print_dry_run,
    refuse_if_changed,
    refuse_without_names,
    select_records,
)
from acctcli.cli.input.field_options import assignments
from acctcli.cli.lists.record_list import record_row
from acctcli.cli.output.messages import (
    CommandResult,
    CountedMessage,
    count_phrase,
    describe,
    plural,
    say_all,
)
from acctcli.core.model.errors import UsageError
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.schema import differing
from acctcli.core.rules.defaults import next_in_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.output.writer import Row
    from acctcli.core.model.records import Record
    from acctcli.store.changes.change_set import Change
    from acctcli.store.views.view import View


class BulkOptions(Struct, frozen=True):
    """What `edit` of many was given; the names may be `RecordArgs`."""

    kind: KindName
    names: tuple[str, ...]
    sets: tuple[str, ...]
    unset: tuple[str, ...]
    only_accounts: bool = False
    playbooks: bool = True
    dry_run: bool = False
    yes: bool = False


def run_bulk(options: BulkOptions, session: Session) -> None:
    """Change many records, when that is agreed to."""
    refuse_without_names(session, options.kind, options.names)
    if not (options.sets or options.unset):
        raise UsageError.of(
            "nothing-to-change",
            "neither --set nor --unset was given, and an editor takes one record",
            hint=f"say for example: acctcli {KINDS[options.kind].noun} edit ... --set owner=Anna",
        )
    if options.dry_run:
        _show(options, session)
        return
    agreed: list[Row] | None = None
    if session.has_selection() and not options.yes:
        session.book.refuse_if_read_only()
        done, agreed = _rehearse(options, session)
        what = f"change {_count_text(options, _record_count(agreed))}"
        notes = _notes(options, done, agreed)
        if agreed and not confirm(session, what, agreed, "edits", notes=notes):
            session.say("nothing was changed")
            return

    def plan(change: Change) -> CommandResult:
        done = edit_many_in_change(options, change, session)
        if agreed is not None:
            refuse_if_changed(agreed, _differences(options.kind, done.records, change))
        return done

    carry_out(session, plan)


def edit_many_in_change(options: BulkOptions, change: Change, session: Session) -> CommandResult:
    """Change fields of many records in a change, with what follows.

    Those that are like that already are left alone, to the byte.
    """
    kind, view = options.kind, change.view
    only = options.only_accounts
    ids = select_records(session, view, kind, options.names, only_accounts=only)
    today, holidays = session.today(view), session.days_off(view)
    wanted = assignments(kind, options.sets, options.unset, view, today, holidays=holidays)
    custom = view.settings.custom_fields(kind)
    pairs: list[tuple[Record, Record]] = []
    said = no_match_messages(session, "change", _title(options), ids)
    for record_id in ids:
        before = view.data.of(kind)[record_id]
        full = next_in_series(kind, before, wanted, view.settings, today)
        full = differing(KINDS[kind], before, full, custom)
        if not full:
            text = f"nothing to change: {describe(kind, before)} is like that already"
            many = f"nothing to change: {{}} {plural(kind)} are like that already"
            said.append(CountedMessage(text, many))
            pairs.append((before, before))
            continue
        after = change.update(kind, record_id, full)
        text = f"changed {describe(kind, after)}: {', '.join(changed_fields(before, after))}"
        said.append(CountedMessage(text, f"changed {{}} {plural(kind)}"))
        series = plan_next(change, session, before, after)
        said += [] if series is None else [series.message]
        pairs.append((before, after))
    from acctcli.cli.actions.run_playbooks import run_follow_ups  # start-up: reads plan nothing

    followed = run_follow_ups(change, session, pairs, playbooks=options.playbooks)
    return CommandResult(kind, [after for _, after in pairs], said, followed)


def _show(options: BulkOptions, session: Session) -> None:
    """Show what would be changed, and what would follow."""
    done, rows = _rehearse(options, session)
    print_dry_run(session, rows, "edits")
    if rows:
        session.say(f"would change {_count_text(options, _record_count(rows))}")
    say_all(session, _notes(options, done, rows))
    say_all(session, no_match_messages(session, "change", _title(options), done.records))
    session.say("a dry run: nothing was written")


def _rehearse(options: BulkOptions, session: Session) -> tuple[CommandResult, list[Row]]:
    """What would be done, and the rows that show it."""

    def plan(change: Change) -> tuple[CommandResult, list[Row]]:
        done = edit_many_in_change(options, change, session)
        return done, _differences(options.kind, done.records, change)

    return session.rehearse(plan)


def _record_count(rows: Sequence[Row]) -> int:
    return len({row["id"] for row in rows})


def _notes(options: BulkOptions, done: CommandResult, rows: Sequence[Row]) -> list[str]:
    """What else there is to know before: what is like that already, and what follows."""
    alike, follows = len(done.records) - _record_count(rows), len(done.follow_ups)
    notes = []
    if alike:
        are = "is" if alike == 1 else "are"
        notes.append(f"{_count_text(options, alike)} {are} like that already")
    if follows:
        what = "one thing" if follows == 1 else f"{follows} things"
        notes.append(f"{what} would follow, such as activities of playbooks")
    return notes


def _title(options: BulkOptions) -> str:
    return "account" if options.only_accounts else KINDS[options.kind].title


def _count_text(options: BulkOptions, count: int) -> str:
    if options.only_accounts:
        return f"{count} {'account' if count == 1 else 'accounts'}"
    return count_phrase(options.kind, count)


def _differences(kind: KindName, records: Sequence[Record], change: Change) -> list[Row]:
    """A row for each field that differs, of each record."""
    view = change.view
    return [row for each in records for row in _rows_of(kind, each, view)]


def _rows_of(kind: KindName, after: Record, view: View) -> list[Row]:
    before = view.data.of(kind)[after.id]
    if before == after:
        return []
    old, new = (_flat(record_row(view, kind, each)) for each in (before, after))
    label = getattr(before, KINDS[kind].label)
    return [
        {
            "kind": kind,
            "id": after.id,
            "name": label,
            "field": name,
            "before": old.get(name),
            "after": value,
        }
        for name, value in new.items()
        if old.get(name) != value
    ]


def _flat(row: Row) -> Row:
    """A record's row with its own fields beside the others."""
    own = row["custom_fields"]
    rest = {key: value for key, value in row.items() if key != "custom_fields"}
    return {**rest, **own} if isinstance(own, dict) else rest
