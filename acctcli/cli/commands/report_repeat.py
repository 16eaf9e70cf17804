"""The command `report repeat`: how often accounts buy, and who is new, came back or left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.core.model.errors import UsageError
from acctcli.core.model.periods import BY, By, since_day
from acctcli.core.reports.repeat_customers import buying_rhythm, customers, overdue_order

if TYPE_CHECKING:
    import datetime as dt

    from acctcli.store.views.view import View


class RepeatOptions(Struct, frozen=True):
    """What `report repeat` was given; with `by` it tells periods, else accounts."""

    since: str | None
    by: By | None
    late: bool
    owner: str | None


@click.command("repeat", cls=ListCommand, listing="repeat")
@click.option(
    "--since", metavar="SPAN|DATE", help="Accounts that won since; with --by, the first period."
)
@click.option("--by", type=click.Choice(BY), help="Show the customers of each period instead.")
@click.option("--late", is_flag=True, help="Only accounts that should have bought by now.")
@click.option("--owner", metavar="TEXT", help="Only accounts of this owner.")
@click.pass_context
def repeat(
    ctx: click.Context, since: str | None, by: By | None, *, late: bool, owner: str | None
) -> None:
    """Show how often accounts buy and when the next win is due, the latest first.

    With --by, how many customers were new, came back or lapsed in each month, quarter or year.
    """
    if by is not None and late:
        raise UsageError.of(
            "late-by-period",
            "--late is about accounts, and --by tells periods",
            hint="leave one of them out",
        )
    run_repeat(RepeatOptions(since, by, late, owner), open_session(ctx))


def run_repeat(options: RepeatOptions, session: Session) -> None:
    """Print accounts or periods."""
    if options.by is not None and session.options.format == "ids":
        raise UsageError.of(
            "no-ids", "periods have no ids", hint="leave --by out to get those of accounts"
        )
    view = session.read()
    today = session.today(view)
    since = since_day(options.since, today) if options.since else None
    if options.by is None:
        _print_accounts(session, view, options, since, today)
    else:
        _print_periods(session, view, options, since, today)


def _print_accounts(
    session: Session, view: View, options: RepeatOptions, since: dt.date | None, today: dt.date
) -> None:
    from acctcli.render.reports import RHYTHMS, rhythm_row

    found = (
        buying_rhythm(listed.row, listed.wins, today)
        for listed in view.listed_accounts(today, accounts_only=True)
        if options.owner in (None, listed.owner)
        if since is None or (listed.wins and listed.wins[-1] >= since.toordinal())
    )
    rows = sorted((each for each in found if each.late_by or not options.late), key=overdue_order)
    listing = Listing(name="repeat", table=RHYTHMS, view=view, display_row=rhythm_row)
    print_list(session, rows, listing)


def _print_periods(
    session: Session, view: View, options: RepeatOptions, since: dt.date | None, today: dt.date
) -> None:
    from acctcli.render.reports import PERIODS

    assert options.by is not None  # noqa: S101 - the caller has seen to it
    wins = (
        listed.wins
        for listed in view.listed_accounts(today, accounts_only=True)
        if options.owner in (None, listed.owner)
    )
    rows = customers(wins, options.by, since, today)
    print_list(session, rows, Listing(name="customers", table=PERIODS, view=view))
