"""The verb `edit`: fields by options, or the record's own text in the user's editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.cli.fields import assignments
from acctcli.cli.messages import follow, is_undone, named, say_accounts, say_all
from acctcli.core.defaults import following
from acctcli.core.errors import (
    AcctcliError,
    NotFoundError,
    UsageError,
)
from acctcli.core.kinds import KINDS, KindName
from acctcli.core.records import Raw, Record
from acctcli.core.schema import to_raw
from acctcli.store.view import View

if TYPE_CHECKING:
    from acctcli.cli.recurring import CarriedOn
    from acctcli.cli.session import Session
    from acctcli.store.change import Change

_VERBS = ("show", "edit")


class EditOptions(Struct, frozen=True):
    """What `edit` was given; `account edit` takes accounts only."""

    kind: KindName
    name: str
    sets: tuple[str, ...]
    unset: tuple[str, ...]
    only_accounts: bool
    playbooks: bool = True


class Edited(Struct, frozen=True):
    """The record as it is now, and the book it was changed in."""

    record: Record
    view: View


def find_record(
    view: View, kind: KindName, name: str, *, only_accounts: bool, verbs: tuple[str, ...] = _VERBS
) -> str:
    """The id of the record a user named; with `only_accounts` it must be an account.

    `verbs` are those of organizations that one which is no account can be given to.

    Raises:
        NotFoundError: also for an organization that is no account.
    """
    # Of a series, the one that is to be done is meant; its others have the same name.
    record_id = view.find(kind, name, is_undone if kind == "activities" else None)
    if only_accounts and not view.won_count(record_id):
        org = view.data.orgs[record_id]
        raise NotFoundError.of(
            "not-an-account",
            f'"{org.name}" ({org.id}) is an organization without a won deal, so no account',
            hint="it is an organization: "
            + ", ".join(f"acctcli org {verb} {org.id}" for verb in verbs),
        )
    return record_id


def run_edit(options: EditOptions, session: Session) -> Edited | None:
    """Change a record as the options say, or in the editor; None if nothing came of that."""
    if options.sets or options.unset:
        return edit_by_options(options, session)
    return edit_in_editor(options, session)


def edit_by_options(options: EditOptions, session: Session) -> Edited:
    """Change the fields that --set and --unset name."""
    kind = options.kind

    def plan(change: Change) -> tuple[Record, Record, CarriedOn | None, list[str], Change]:
        view = change.view
        record_id = find_record(view, kind, options.name, only_accounts=options.only_accounts)
        before = view.data.of(kind)[record_id]
        today = session.today(view)
        holidays = session.days_off(view)
        wanted = assignments(kind, options.sets, options.unset, view, today, holidays=holidays)
        wanted = following(kind, before, wanted, view.settings, today)
        after = change.update(kind, record_id, wanted)
        series = _carry_on(change, session, before, after)
        told = follow(change, session, [(before, after)], playbooks=options.playbooks)
        return before, after, series, told, change

    before, after, series, told, change = session.write(plan)
    if change.is_empty():
        session.say(f"nothing to change: {named(kind, after)} is like that already")
    else:
        session.say(f"changed {named(kind, after)}: {', '.join(changed_fields(before, after))}")
    if series is not None:
        session.say(series.message)
    say_accounts(session, change)
    say_all(session, told)
    return Edited(after, change.view)


def _carry_on(change: Change, session: Session, before: Record, after: Record) -> CarriedOn | None:
    """Plan the next one of an activity that repeats and is done by the edit."""
    if getattr(after, "repeat", None) is None:
        return None
    from acctcli.cli.recurring import carry_on

    return carry_on(change, session, before, after)


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


def edit_in_editor(options: EditOptions, session: Session) -> Edited | None:
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
    record_id = find_record(view, kind, name, only_accounts=options.only_accounts)
    before = view.text_of(record_id)
    from acctcli.cli import drafts

    draft = drafts.new(before, ".yaml")
    try:
        drafts.edit(draft)
        edited = drafts.text_of(draft)
        if edited == before:
            session.say("nothing was changed")
            draft.unlink()
            return None

        def plan(change: Change) -> tuple[Record, CarriedOn | None, list[str], Change]:
            today = session.today(change.view)
            old = change.view.data.of(kind)[record_id]
            record = change.replace(kind, record_id, before, edited)
            wanted = _said(old, record, kind)
            full = following(kind, old, wanted, change.view.settings, today)
            more = {key: value for key, value in full.items() if key not in wanted}
            after = change.update(kind, record_id, more)
            series = _carry_on(change, session, old, after)
            told = follow(change, session, [(old, after)], playbooks=options.playbooks)
            return after, series, told, change

        record, series, told, change = session.write(plan)
    except AcctcliError as error:
        if draft.read_bytes() == before.encode():
            draft.unlink()
            raise
        raise type(error)(*error.problems, drafts.kept(draft)) from error
    draft.unlink()
    fields = ", ".join(changed_fields(view.data.of(kind)[record_id], record))
    session.say(f"changed {named(kind, record)}: {fields}")
    if series is not None:
        session.say(series.message)
    say_accounts(session, change)
    say_all(session, told)
    return Edited(record, change.view)


def _said(old: Record, new: Record, kind: KindName) -> dict[str, Raw]:
    """The fields that the user changed in the text, as `--set` and `--unset` would give them."""
    said: dict[str, Raw] = {}
    for field in KINDS[kind].fields:
        value = getattr(new, field.attribute)
        if value != getattr(old, field.attribute):
            said[field.name] = None if value is None else to_raw(field, value)
    return said
