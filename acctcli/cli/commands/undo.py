"""The commands `undo` and `redo`: take back what commands changed, and bring it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.actions.edit_one import changed_fields
from acctcli.cli.app.click_ext import Command
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.commands.log import commit_phrase, print_commits, refuse_unknown_commits
from acctcli.cli.output.messages import count_phrase, describe, say_accounts
from acctcli.core.model.errors import ConflictError, UsageError
from acctcli.store.undo.rollback import ChangedSinceError
from acctcli.store.undo.undo import UndoRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acctcli.core.model.kinds import KindName
    from acctcli.store.undo.undo_commit import RecordDiff, UndoCommit

_MOST = 12  # records that are named one by one


class UndoOptions(Struct, frozen=True):
    """What `undo` and `redo` were given."""

    request: UndoRequest
    dry_run: bool


_DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")


@click.command("undo", cls=Command)
@click.argument("what", metavar="[N|ID]", default="1")
@_DRY_RUN
@click.pass_context
def undo(ctx: click.Context, what: str, *, dry_run: bool) -> None:
    """Take back the last command that changed the book, the last N, or the one with that ID.

    All or nothing: records, attachments and settings are as they were before, and the undo is a
    change of its own in the history. It is refused where it would overwrite what was changed
    since. It knows what acctcli changed, not what you changed by hand. See: acctcli log.
    """
    run_undo(UndoOptions(_request(what), dry_run), open_session(ctx))


@click.command("redo", cls=Command)
@_DRY_RUN
@click.pass_context
def redo(ctx: click.Context, *, dry_run: bool) -> None:
    """Redo what was undone last.

    As long as no other command has changed the book since.
    """
    run_undo(UndoOptions(UndoRequest(redo=True), dry_run), open_session(ctx))


def _request(what: str) -> UndoRequest:
    if not (what.isascii() and what.isdigit()):
        return UndoRequest(commit=what)
    if not int(what[:9]):
        raise UsageError.of(
            "usage", "undo takes 1 or more commands back", hint='see "acctcli undo --help"'
        )
    return UndoRequest(count=int(what[:9]))


def run_undo(options: UndoOptions, session: Session) -> None:
    """Take commits back or bring them back, and say what became of the records."""
    wanted = options.request
    refuse_unknown_commits(session)
    try:
        undoing = session.undo(wanted, dry_run=options.dry_run)
    except ChangedSinceError as error:
        for line in _before_and_after(error):
            session.tell(line)
        raise ConflictError(*error.problems) from error
    if undoing is None:
        session.say(f"nothing to {'redo' if wanted.redo else 'undo'}")
        print_commits(session, [], session.zone)
        return
    did = "brought back" if wanted.redo else "took back"
    if options.dry_run:
        did = "would bring back" if wanted.redo else "would take back"
    for closing in undoing.closings:
        session.say(f"{did}: {commit_phrase(closing, undoing.view.zone)}")
    for line in (*_became(undoing), *_other_changes(undoing)):
        session.say(f"  {line}")
    if not options.dry_run:
        say_accounts(session, undoing)
    print_commits(session, undoing.closings, undoing.view.zone)


def _became(undoing: UndoCommit) -> Iterator[str]:
    if len(undoing.became) > _MOST:
        counts: dict[tuple[KindName, str], int] = {}
        for each in undoing.became:
            key = (each.kind, _verb(each))
            counts[key] = counts.get(key, 0) + 1
        for (kind, verb), count in counts.items():
            yield f"{count_phrase(kind, count)} {verb}"
        return
    for each in undoing.became:
        record = each.after or each.before
        if record is not None:
            fields = ""
            if each.before and each.after:
                fields = f": {', '.join(changed_fields(each.before, each.after))}"
            yield f"{describe(each.kind, record)} {_verb(each)}{fields}"


def _other_changes(undoing: UndoCommit) -> Iterator[str]:
    others = undoing.other_changes()
    if len(others) > _MOST:
        yield f"{len(others)} attachments changed"
        return
    for path, stays in others:
        yield f"{path} {'restored' if stays else 'removed'}"


def _verb(each: RecordDiff) -> str:
    if each.before and each.after:
        return "changed"
    return "restored" if each.after else "removed"


def _before_and_after(error: ChangedSinceError) -> Iterator[str]:
    """What a commit left and what stands now, as two texts."""
    for clash in error.clashes[:_MOST]:
        known = "is known by its hash alone" if clash.old is None else "is nothing"
        yield from _text(f"{clash.title} as it was left", clash.old, known)
        yield from _text(f"{clash.title} now", clash.new, "is nothing")


def _text(title: str, text: str | None, otherwise: str) -> Iterator[str]:
    if not text:
        yield f"{title} {otherwise}"
        return
    yield f"{title}:"
    for line in text.splitlines():
        yield f"  {line}"
