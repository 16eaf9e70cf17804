"""The command `agenda`: what is due, day by day, overdue first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.date_option import day_option
from acctcli.cli.app.session import open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.cli.lists.record_list import record_row
from acctcli.core.reports.agenda import agenda_entries

if TYPE_CHECKING:
    from acctcli.cli.output.writer import Row


@click.command("agenda", cls=ListCommand, listing="agenda", kind="activities")
@click.option("--until", metavar="DATE", help="The last day; a week ahead when left out.")
@click.option("--owner", metavar="TEXT", help="Only activities of this owner.")
@click.pass_context
def agenda(ctx: click.Context, until: str | None, owner: str | None) -> None:
    """Show what is due: overdue first, then day by day for a week."""
    from acctcli.render.list_columns import TABLE_COLUMNS

    session = open_session(ctx)
    view = session.read()
    today = session.today(view)
    week = min(today.toordinal() + 7, dt.date.max.toordinal())
    last = dt.date.fromordinal(week)
    if until:
        last = day_option(until, today, "--until", session.days_off(view))
    found = agenda_entries(view.data, view.settings, today, last, owner=owner)
    rows: list[Row] = [
        {
            **record_row(view, "activities", view.data.activities[entry.id]),
            "org": entry.org,
            "org_name": entry.org_name,
            "bucket": entry.bucket,
        }
        for entry in found
    ]
    listing = Listing(
        name="agenda",
        table=TABLE_COLUMNS["agenda"],
        view=view,
        kind="activities",
        types="activities",
    )
    print_list(session, rows, listing)
