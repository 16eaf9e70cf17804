"""The noun `deal`: the shared verbs, and won, lost, reopen, by which accounts come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.actions.run_change import carry_out
from acctcli.cli.app.click_ext import Command, noun
from acctcli.cli.app.date_option import day_option
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.commands.record_verbs import all_verbs, no_playbook
from acctcli.cli.input.record_args import parse_names
from acctcli.cli.output.messages import CommandResult, CountedMessage, describe
from acctcli.core.rules import record_changes

if TYPE_CHECKING:
    import datetime as dt

    from acctcli.core.model.records import Deal, Raw, Record
    from acctcli.store.changes.change_set import Change
    from acctcli.store.views.view import View


class CloseOptions(Struct, frozen=True):
    """What won, lost and reopen were given; the names may be `RecordArgs`."""

    names: tuple[str, ...]
    status: str
    on: str | None = None
    reason: str | None = None
    playbooks: bool = True


@noun("deal", "Deals: open, won and lost.")
def deal() -> None:
    """Hold the verbs below."""


all_verbs(
    deal,
    "deals",
    click.Option(["--status"], type=click.Choice(["open", "won", "lost"]), help="Only those."),
)

_NAMES = click.argument("names", metavar="DEAL...", nargs=-1, required=True)
_ON = click.option("--on", metavar="DATE", help="The day of it; today when left out.")


@deal.command("won", cls=Command)
@_NAMES
@_ON
@click.pass_context
def won(ctx: click.Context, /, names: tuple[str, ...], on: str | None, **flags: bool) -> None:
    """Mark deals won; their organizations become accounts."""
    session = open_session(ctx)
    playbooks = not flags["no_playbook"]
    given = parse_names(session, names)
    run_close(CloseOptions(given, "won", on, playbooks=playbooks), session)


won.params.append(no_playbook())


@deal.command("lost", cls=Command)
@_NAMES
@_ON
@click.option("--reason", metavar="TEXT", help="Why it was lost.")
@click.pass_context
def lost(ctx: click.Context, names: tuple[str, ...], on: str | None, reason: str | None) -> None:
    """Mark deals lost."""
    session = open_session(ctx)
    run_close(CloseOptions(parse_names(session, names), "lost", on, reason), session)


@deal.command("reopen", cls=Command)
@_NAMES
@click.pass_context
def reopen(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Reopen deals that were won or lost."""
    session = open_session(ctx)
    run_close(CloseOptions(parse_names(session, names), "open"), session)


@deal.command("renew", cls=Command)
@_NAMES
@click.option(
    "--on", metavar="DATE", help="Count the new term from this day, not the old renewal date."
)
@click.option("--term", metavar="SPAN", help="The new term, such as 12m; the same when left out.")
@click.pass_context
def renew(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    on: str | None,
    term: str | None,
    **flags: bool,
) -> None:
    """Move the renewal date of won deals on by their term."""
    from acctcli.cli.commands.report_renewals import RenewOptions, run_renew

    session = open_session(ctx)
    playbooks = not flags["no_playbook"]
    run_renew(RenewOptions(parse_names(session, names), on, term, playbooks), session)


renew.params.append(no_playbook())


def run_close(options: CloseOptions, session: Session) -> None:
    """Give deals a status, and say which organizations became accounts or ceased to be."""
    carry_out(session, lambda change: close_in_change(options, change, session))


def close_in_change(options: CloseOptions, change: Change, session: Session) -> CommandResult:
    """Give deals a status in a change, with what follows."""
    from acctcli.cli.input.record_args import resolve_ids

    view, status = change.view, options.status
    day = _day(options, session, view)
    records: list[Record] = []
    said: list[str] = []
    for record_id in resolve_ids(options.names, view, "deals"):
        before = view.data.deals[record_id]
        told = describe("deals", before)
        if _is_so(before, options):
            records.append(before)
            text = f"nothing to change: {told} is {status} already"
            said.append(CountedMessage(text, f"nothing to change: {{}} deals are {status} already"))
        else:
            records.append(change.update("deals", record_id, _fields(options, day)))
            said.append(CountedMessage(f"{told} is {status} now", f"{{}} deals are {status} now"))
    pairs = [(view.data.deals[record.id], record) for record in records]
    from acctcli.cli.actions.run_playbooks import run_follow_ups  # start-up: reads plan nothing

    followed = run_follow_ups(change, session, pairs, playbooks=options.playbooks)
    return CommandResult("deals", records, said, followed)


def _is_so(deal: Deal, options: CloseOptions) -> bool:
    """Whether a deal has that status already, and nothing new is said about it."""
    closed = {"won": deal.won_time, "lost": deal.lost_time, "open": True}[options.status]
    same = deal.status == options.status and bool(closed)
    return same and options.on is None and options.reason is None


def _day(options: CloseOptions, session: Session, view: View) -> dt.date:
    today = session.today(view)
    if not options.on:
        return today
    return day_option(options.on, today, "--on", session.days_off(view))


def _fields(options: CloseOptions, day: dt.date) -> dict[str, Raw]:
    if options.status == "won":
        return record_changes.fields_of_win(day)
    if options.status == "lost":
        return record_changes.fields_of_loss(day, options.reason)
    return record_changes.fields_of_reopening()
