"""Removal of records, with what links to them where --cascade says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from acctcli.cli.actions.run_change import carry_out
from acctcli.cli.actions.selection import (
    confirm,
    no_match_messages,
    print_dry_run,
    refuse_if_changed,
    refuse_without_names,
    select_records,
)
from acctcli.cli.input.record_args import resolve_ids
from acctcli.cli.output.messages import (
    CommandResult,
    CountedMessage,
    count_phrase,
    describe,
    plural,
)
from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.rules.record_changes import cascade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.output.writer import Row
    from acctcli.core.model.records import Record
    from acctcli.store.changes.change_set import Change


class RemoveOptions(Struct, frozen=True):
    """What `remove` was given; the names may be `RecordArgs`."""

    kind: KindName
    names: tuple[str, ...]
    cascade: bool
    dry_run: bool = False
    yes: bool = False


class _Removal(NamedTuple):
    """A record that goes, or of which a link is unset: then it has the link's field."""

    kind: KindName
    record: Record
    field: str | None = None


def run_remove(options: RemoveOptions, session: Session) -> None:
    """Remove records, when that is agreed to, or refuse and list what links to them."""
    kind = options.kind
    refuse_without_names(session, kind, options.names)

    def going(change: Change) -> tuple[list[str], list[_Removal]]:
        ids = select_records(session, change.view, kind, options.names)
        return ids, _take(change, options, ids)

    agreed: list[Row] | None = None
    if options.dry_run or (session.has_selection() and not options.yes):
        if not options.dry_run:
            session.book.refuse_if_read_only()
        ids, found = session.rehearse(going)
        agreed = _rows(found)
        what = f"remove {_count_text(kind, ids, found)}"
        if options.dry_run:
            print_dry_run(session, agreed, "removals")
            session.say(f"would {what}")
            session.say("a dry run: nothing was written")
            return
        if agreed and not confirm(session, what, agreed, "removals"):
            session.say("nothing was changed")
            return

    def plan(change: Change) -> CommandResult:
        ids, found = going(change)
        if agreed is not None:
            refuse_if_changed(agreed, _rows(found))
        done = _result(kind, ids, found)
        return replace(
            done,
            messages=[
                *no_match_messages(session, "remove", KINDS[kind].title, ids),
                *done.messages,
            ],
        )

    carry_out(session, plan)


def remove_in_change(options: RemoveOptions, change: Change) -> CommandResult:
    """Remove in a change the records that are named.

    Raises:
        InvalidInputError: ``still-linked``.
    """
    ids = resolve_ids(options.names, change.view, options.kind)
    return _result(options.kind, ids, _take(change, options, ids))


def _result(kind: KindName, ids: Sequence[str], found: Sequence[_Removal]) -> CommandResult:
    return CommandResult(
        kind, [each.record for each in found[: len(ids)]], [_message(each) for each in found]
    )


def _message(going: _Removal) -> str:
    what = describe(going.kind, going.record)
    if going.field is None:
        return CountedMessage(f"removed {what}", f"removed {{}} {plural(going.kind)}")
    return CountedMessage(f"unlinked {what}: {going.field}", f"unlinked {{}} {plural(going.kind)}")


def _rows(found: Sequence[_Removal]) -> list[Row]:
    return [
        {
            "kind": each.kind,
            "id": each.record.id,
            "name": getattr(each.record, KINDS[each.kind].label),
            "action": "remove" if each.field is None else f"unlink {each.field}",
        }
        for each in found
    ]


def _count_text(kind: KindName, ids: Sequence[str], found: Sequence[_Removal]) -> str:
    others = len(found) - len(ids)
    more = f", and remove or unlink {others} more" if others else ""
    return f"{count_phrase(kind, len(ids))}{more}"


def _take(change: Change, options: RemoveOptions, ids: Sequence[str]) -> list[_Removal]:
    """Remove records in a change, with --cascade what links to them too; gives what goes.

    Raises:
        InvalidInputError: ``still-linked``.
    """
    kind = options.kind
    gone = [_Removal(kind, change.after.of(kind)[record_id]) for record_id in ids]
    if options.cascade:
        gone += _cascade(change, kind, ids)
    _refuse_while_linked(change, kind, ids)
    for record_id in ids:
        change.remove(kind, record_id)
    return gone


def _cascade(change: Change, kind: KindName, ids: Sequence[str]) -> list[_Removal]:
    """Remove and unlink what links to records."""
    found: list[_Removal] = []
    removal = cascade(kind, ids, change.removal_closure(ids), change.view.settings)
    for other_kind, other, field in removal.unlinked:
        found.append(_Removal(other_kind, change.after.of(other_kind)[other], field))
        change.update(other_kind, other, {field: None})
    for other_kind, other in removal.removed[len(ids) :]:
        found.append(_Removal(other_kind, change.after.of(other_kind)[other]))
        change.remove(other_kind, other)
    return found


def _refuse_while_linked(change: Change, kind: KindName, ids: Sequence[str]) -> None:
    going = set(ids)
    users = [link for link in change.referrers(kind, going) if link.record.id not in going]
    if not users:
        return
    linked = {link.target for link in users}
    record_id = next(each for each in ids if each in linked)
    users = [link for link in users if link.target == record_id]
    record = change.view.data.of(kind)[record_id]
    raise InvalidInputError(
        Problem(
            id="still-linked",
            message=f"{describe(kind, record)} cannot be removed while {len(users)} "
            f"record{'s' if len(users) > 1 else ''} link{'' if len(users) > 1 else 's'} to it",
            hint="see the records below; --cascade removes or unlinks them too",
        ),
        *(
            Problem(
                id="link",
                level="warning",
                message=f"{describe(link.kind, link.record)} by {link.field}",
                place=change.view.place(link.record.id, link.field),
            )
            for link in users
        ),
    )
