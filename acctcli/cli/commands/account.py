"""The noun `account`: organizations with a won deal, as a list, a board and a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import WHY, Command, LazyCommand, ListCommand, noun
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.commands.timeline import timeline_verb
from acctcli.cli.input.currency_option import currency_option
from acctcli.cli.lists.account_list import (
    print_value_rows,
    section_option,
    value_listing,
)
from acctcli.cli.lists.print_list import has_query, note_printed
from acctcli.cli.lists.record_names import RecordNames
from acctcli.core.accounts.buckets import BUCKETS, Bucket
from acctcli.core.accounts.totals import has_contact
from acctcli.core.model.durations import days_before

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from acctcli.store.views.view import ListedAccount, View


class AccountListOptions(Struct, frozen=True):
    """What `list` was given."""

    owner: str | None
    not_contacted: str | None
    late: bool = False
    currency: str | None = None


class BoardOptions(Struct, frozen=True):
    """What `board` was given; no width means the terminal's, no limit means every card."""

    width: int | None
    limit: int | None
    owner: str | None
    by: str
    currency: str | None = None


# It loads much that a list does without.
EDIT = LazyCommand("acctcli.cli.commands.record_verbs", "edit", "Change accounts.")


@noun("account", "Organizations with a won deal.", lazy={"edit": EDIT, "why": WHY})
def account() -> None:
    """Hold the verbs below."""


@account.command("list", cls=ListCommand, listing="accounts", kind="orgs")
@click.option("--owner", metavar="TEXT", help="Only accounts of this owner.")
@click.option(
    "--not-contacted",
    metavar="SPAN",
    help="Only accounts without a contact for this long, such as 30d.",
)
@click.option("--late", is_flag=True, help="Only accounts overdue for contact, by their tier.")
@currency_option
@click.pass_context
def list_accounts(
    ctx: click.Context, /, owner: str | None, *, late: bool, **flags: str | None
) -> None:
    """List accounts: won value, next activity, last contact."""
    given = AccountListOptions(owner, flags["not_contacted"], late, flags["currency"])
    run_account_list(given, open_session(ctx))


def run_account_list(options: AccountListOptions, session: Session) -> None:
    """Print the accounts that have what was asked for."""
    view = session.read_in(options.currency)
    today = session.today(view)
    found = _accounts(view, options.owner, today)
    if options.not_contacted is not None:
        since = days_before(options.not_contacted, today, "--not-contacted")
        found = (each for each in found if not has_contact(each.contacts, since, today))
    if options.late:
        from acctcli.cli.commands.account_late import print_late

        print_late(session, view, found, today, currency=options.currency)
        return
    print_value_rows(session, view, found, with_membership=False, currency=options.currency)


def _accounts(view: View, owner: str | None, today: dt.date) -> Iterable[ListedAccount]:
    listed = view.listed_accounts(today, accounts_only=True)
    return (each for each in listed if owner in (None, each.owner))


@account.command(
    "board",
    cls=ListCommand,
    listing="accounts",
    kind="orgs",
    takes=("where", "mine", "view", "fail_if_empty"),
    short_help="Show accounts as cards in columns, by next activity or a field.",
)
@click.option(
    "--by",
    default="bucket",
    metavar="WHAT",
    help="Columns by bucket, owner, tier, health, renewal or a field.",
)
@click.option(
    "--width",
    type=click.IntRange(20),
    metavar="COLUMNS",
    help="Use this width instead of the terminal's.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Show at most N cards a column.")
@click.option("--owner", metavar="TEXT", help="Only accounts of this owner.")
@currency_option
@click.pass_context
def board(
    ctx: click.Context, /, by: str, width: int | None, limit: int | None, **flags: str | None
) -> None:
    """Show accounts as cards in columns, by when the next activity is due or by a field."""
    given = BoardOptions(width, limit, flags["owner"], by, flags["currency"])
    run_board(given, open_session(ctx))


def run_board(options: BoardOptions, session: Session) -> None:
    """Print the board: columns of cards for people, one object with columns for scripts."""
    from acctcli.cli.commands.account_board import print_board
    from acctcli.core.query.group_values import Grouping, field_by

    view = session.read_in(options.currency)
    by = Grouping(
        field=field_by(options.by, view.settings),
        settings=view.settings,
        today=session.today(view),
        zone=view.zone,
        names=RecordNames(view.data),
    )
    listed = _accounts(view, options.owner, by.today)
    if has_query(session):
        from acctcli.cli.lists.query import filter_items

        listing = value_listing(session, view, with_membership=False, currency=options.currency)
        listed = filter_items(session, listed, listing)
    # A board without cards has its columns all the same, but nothing in them.
    print_board(
        session, view, note_printed(session, listed), by, width=options.width, limit=options.limit
    )


@account.command("show", cls=Command)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@section_option
@currency_option
@click.pass_context
def show(
    ctx: click.Context, names: tuple[str, ...], sections: tuple[str, ...], currency: str | None
) -> None:
    """Show everything about accounts."""
    from acctcli.cli.commands.account_page import print_account_pages
    from acctcli.cli.input.record_args import parse_names

    session = open_session(ctx)
    given = parse_names(session, names)
    print_account_pages(session, given, only_accounts=True, sections=sections, currency=currency)


@account.command(
    "plan",
    cls=ListCommand,
    listing="playbooks",
    takes=("where", "sort", "limit", "group_by", "fail_if_empty"),
    help="Plan the activities of a playbook with an account. Without --playbook, list the"
    " playbooks, and how far each of their runs with the account has come.",
    short_help="Plan a playbook's activities, or list the playbooks.",
)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--playbook", metavar="NAME", help="The playbook's name in acctcli.yaml.")
@click.option("--on", metavar="DATE", help="The day to count from; the event's when left out.")
@click.option("--deal", metavar="DEAL", help="The deal it is about, by id or name.")
@click.option("--dry-run", is_flag=True, help="Show what would be planned; write nothing.")
@click.pass_context
def plan(
    ctx: click.Context, /, names: tuple[str, ...], *, dry_run: bool, **flags: str | None
) -> None:
    """Hand over to the module that plans."""
    from acctcli.cli.commands.account_plan import PlanOptions, run_plan
    from acctcli.cli.input.record_args import parse_names

    session = open_session(ctx)
    deal = flags["deal"]
    given = parse_names(session, names, deal)
    deals = None if deal is None else parse_names(session, [deal], *names)
    run_plan(PlanOptions(given, flags["playbook"], flags["on"], deals, dry_run), session)


timeline_verb(account, only_accounts=True)


@account.command(
    "move",
    cls=Command,
    short_help="Move accounts to a column of the board, by re-dating what is planned.",
)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.argument("bucket", metavar="BUCKET", type=click.Choice(BUCKETS))
@click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before everything is unplanned.")
@click.pass_context
def move(
    ctx: click.Context, names: tuple[str, ...], bucket: Bucket, *, dry_run: bool, yes: bool
) -> None:
    """Move accounts to a column of the board: the next activity of each gets another date.

    BUCKET is today, tomorrow, soon (in 3 days), later (in 7 days) or none, which unplans all. What
    else is due before the new date goes there too, so that the account stands in the column. With
    business_days in acctcli.yaml the date is a business day.
    """
    from acctcli.cli.commands.account_move import MoveOptions, run_move
    from acctcli.cli.input.record_args import parse_names

    session = open_session(ctx)
    run_move(MoveOptions(parse_names(session, names), bucket, dry_run, yes), session)
