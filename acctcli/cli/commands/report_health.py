"""The report `health`: all accounts with their points, the fewest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.session import open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.core.model.choices import HEALTH_WORDS
from acctcli.core.reports.health import health_report

if TYPE_CHECKING:
    from acctcli.cli.app.session import Session


class HealthOptions(Struct, frozen=True):
    """What `health` was given."""

    owner: str | None
    word: str | None


@click.command("health", cls=ListCommand, listing="health")
@click.option("--owner", metavar="TEXT", help="Only accounts of this owner.")
@click.option("--word", type=click.Choice(HEALTH_WORDS), help="Only accounts with this word.")
@click.pass_context
def health(ctx: click.Context, owner: str | None, word: str | None) -> None:
    """Show how healthy accounts are, from 0 to 100 points, and why."""
    run_health(HealthOptions(owner, word), open_session(ctx))


def run_health(options: HealthOptions, session: Session) -> None:
    """Print the accounts with their points, the fewest first."""
    from acctcli.render.list_columns import TABLE_COLUMNS

    view = session.read()
    today = session.today(view)
    accounts = (
        each
        for each in view.listed_accounts(today, accounts_only=True)
        if options.owner in (None, each.owner)
    )
    listing = Listing(
        name="health", table=TABLE_COLUMNS["health"], view=view, nested_keys=("parts",)
    )
    print_list(session, health_report(accounts, view.settings, today, word=options.word), listing)
