"""Edits of one record, by options or in the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.cli.input.field_options import assignments, typed_options
from acctcli.cli.input.record_args import find_record
from acctcli.cli.lists.record_list import refuse_unknown_fields
from acctcli.cli.output.messages import CommandResult, describe, is_undone, say_accounts, say_all
from acctcli.core.model.errors import AcctcliError, UsageError
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.records import Raw, Record
from acctcli.core.model.schema import to_raw
from acctcli.core.rules.defaults import next_in_series
from acctcli.store.views.view import View

if TYPE_CHECKING:
    from acctcli.cli.actions.repeat_activity import NextPlanned
    from acctcli.cli.app.session import Session
    from acctcli.store.changes.change_set import Change


class EditOptions(Struct, frozen=True):
    """What `edit` was given; `account edit` takes accounts only.

    `fields` are values by the names of fields, where they do not come as `key=value`.
    """

    kind: KindName
    name: str
    sets: tuple[str, ...]
    unset: tuple[str, ...]
    only_accounts: bool
    playbooks: bool = True
    fields: dict[str, object] = {}


class EditResult(Struct, frozen=True):
    """The record as it is now, and the book it was changed in."""

    record: Record
    view: View


def _record_to_edit(options: EditOptions, view: View) -> str:
    """The id of the record to be edited.

    Of a series, the one that is to be done is meant; its others have the same name.
    """
    prefer = is_undone if options.kind == "activities" else None
    only = options.only_accounts
    return find_record(view, options.kind, options.name, only_accounts=only, prefer=prefer)


def run_edit(options: EditOptions, session: Session) -> EditResult | None:
    """Change a record as the options say, or in the editor; None if nothing came of that."""
    if session.options.fields is not None:
        refuse_unknown_fields(session, session.book.read(), options.kind, one=True)
    if options.sets or options.unset:
        return edit_by_options(options, session)
    return edit_in_editor(options, session)


def edit_by_options(options: EditOptions, session: Session) -> EditResult:
    """Change the fields that --set and --unset name."""
    done, change = session.write(lambda change: (edit_in_change(options, change, session), change))
    say_all(session, done.messages)
    say_accounts(session, change)
    say_all(session, done.follow_ups)
    return EditResult(done.records[0], change.view)


def edit_in_change(options: EditOptions, change: Change, session: Session) -> CommandResult:
    """Change fields of a record in a change, with what follows."""
    kind, view = options.kind, change.view
    record_id = _record_to_edit(options, view)
    before = view.data.of(kind)[record_id]
    today = session.today(view)
    holidays = session.days_off(view)
    wanted = assignments(kind, options.sets, options.unset, view, today, holidays=holidays)
    wanted |= typed_options(kind, options.fields, view, today, holidays=holidays)
    wanted = next_in_series(kind, before, wanted, view.settings, today)
    after = change.update(kind, record_id, wanted)
    is_like_that = change.edits().is_empty()
    series = plan_next(change, session, before, after)
    from acctcli.cli.actions.run_playbooks import run_follow_ups  # start-up: reads plan nothing

    followed = run_follow_ups(change, session, [(before, after)], playbooks=options.playbooks)
    if is_like_that:
        said = [f"nothing to change: {describe(kind, after)} is like that already"]
    else:
        said = [f"changed {describe(kind, after)}: {', '.join(changed_fields(before, after))}"]
    said += [] if series is None else [series.message]
    return CommandResult(kind, [after], said, followed, is_single=True)


def plan_next(
    change: Change, session: Session, before: Record, after: Record
) -> NextPlanned | None:
    """Plan the next one of an activity that repeats and is done by the edit."""
    if getattr(after, "repeat", None) is None:
        return None
    from acctcli.cli.actions.repeat_activity import plan_next_in_series

    return plan_next_in_series(change, session, before, after)


def changed_fields(before: Record, after: Record) -> list[str]:
    """The names of the fields that differ; "its text" when only that does."""
    names = [
        name.rstrip("_")
        for name in after.__struct_fields__
        if name != "custom" and getattr(before, name) != getattr(after, name)
    ]
    customs = {*before.custom, *after.custom}
    names += sorted(name for name in customs if before.custom.get(name) != after.custom.get(name))
    return names or ["its text"]


def edit_in_editor(options: EditOptions, session: Session) -> EditResult | None:
    """Open a record's text in the editor and store what comes back; None if nothing changed."""
    kind, name = options.kind, options.name
    if not session.has_editor():
        raise UsageError.of(
            "nothing-to-change",
            "neither --set nor --unset was given, and there is no terminal for an editor",
            hint=f"say for example: acctcli {KINDS[kind].noun} edit {name} --set owner=Anna",
        )
    session.book.refuse_if_read_only()
    view = session.book.read()
    record_id = _record_to_edit(options, view)
    before = view.text_of(record_id)
    from acctcli.cli.input import sources

    draft = sources.new(before, ".yaml")
    try:
        sources.edit(draft)
        edited = sources.text_of(draft)
        if edited == before:
            session.say("nothing was changed")
            draft.unlink()
            return None

        def plan(change: Change) -> tuple[Record, NextPlanned | None, list[str], Change]:
            today = session.today(change.view)
            old = change.view.data.of(kind)[record_id]
            record = change.replace(kind, record_id, before, edited)
            wanted = _edited_fields(old, record, kind)
            full = next_in_series(kind, old, wanted, change.view.settings, today)
            more = {key: value for key, value in full.items() if key not in wanted}
            after = change.update(kind, record_id, more)
            series = plan_next(change, session, old, after)
            from acctcli.cli.actions.run_playbooks import (
                run_follow_ups,  # start-up: reads plan nothing
            )

            told = run_follow_ups(change, session, [(old, after)], playbooks=options.playbooks)
            return after, series, told, change

        record, series, told, change = session.write(plan)
    except AcctcliError as error:
        if draft.read_bytes() == before.encode():
            draft.unlink()
            raise
        raise type(error)(*error.problems, sources.keep_draft(draft)) from error
    draft.unlink()
    fields = ", ".join(changed_fields(view.data.of(kind)[record_id], record))
    session.say(f"changed {describe(kind, record)}: {fields}")
    if series is not None:
        session.say(series.message)
    say_accounts(session, change)
    say_all(session, told)
    return EditResult(record, change.view)


def _edited_fields(old: Record, new: Record, kind: KindName) -> dict[str, Raw]:
    """The fields that the user changed in the text, as `--set` and `--unset` would give them."""
    said: dict[str, Raw] = {}
    for field in KINDS[kind].fields:
        value = getattr(new, field.attribute)
        if value != getattr(old, field.attribute):
            said[field.name] = None if value is None else to_raw(field, value)
    return said
