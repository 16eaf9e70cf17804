"""The command `agenda`: what is due, day by day, overdue first."""

from __future__ import annotations

import click

from acctcli.cli.commands import Command
from acctcli.cli.output import Row, put_rows
from acctcli.cli.session import day_option, open_session
from acctcli.core.agenda import entries


@click.command("agenda", cls=Command)
@click.option("--until", metavar="DATE", default="+7d", show_default=True, help="The last day.")
@click.option("--owner", metavar="TEXT", help="Only what this owner has to do.")
@click.pass_context
def agenda(ctx: click.Context, until: str, owner: str | None) -> None:
    """Show what is due: overdue first, then day by day for a week."""
    from acctcli.render.columns import MACHINE_COLUMNS, TABLE_COLUMNS

    session = open_session(ctx)
    view = session.read()
    today = session.today(view)
    last = day_option(until, today, "--until")
    found = entries(view.data, view.settings, today, view.zone, until=last, owner=owner)
    rows: list[Row] = [
        {name: getattr(entry, name) for name in MACHINE_COLUMNS["agenda"]} for entry in found
    ]
    put_rows(
        session,
        rows,
        machine_columns=MACHINE_COLUMNS["agenda"],
        table_columns=TABLE_COLUMNS["agenda"],
        zone=view.zone,
    )
