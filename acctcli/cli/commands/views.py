"""The command `views`: the saved views of acctcli.yaml, and what each stands for."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.session import open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.cli.lists.print_rows import print_selected_object
from acctcli.cli.lists.query_options import saved_view
from acctcli.cli.output.writer import print_lines
from acctcli.render.list_columns import MACHINE_COLUMNS, TABLE_COLUMNS

if TYPE_CHECKING:
    from acctcli.cli.app.session import Session
    from acctcli.cli.output.writer import Row
    from acctcli.core.model.settings import SavedView


_TAKES = ("where", "sort", "limit", "group_by", "fail_if_empty")


@click.command("views", cls=ListCommand, listing="views", takes=_TAKES)
@click.argument("name", metavar="[NAME]", required=False)
@click.pass_context
def views(ctx: click.Context, name: str | None) -> None:
    """List the saved views of acctcli.yaml; of one, show the command line it stands for."""
    run_views(name, open_session(ctx))


def run_views(name: str | None, session: Session) -> None:
    """Print the views, or one of them."""
    saved = session.book.settings().views  # they say the same whatever the records are
    wanted = saved.values() if name is None else [saved_view(name, saved)]
    if name is None or session.options.format == "ids":
        listing = Listing(name="views", table=TABLE_COLUMNS["views"], id_path="name")
        print_list(session, map(_row, wanted), listing)
        return
    row = _row(*wanted)
    if session.is_for_people and session.options.fields is None:
        from acctcli.render.formats.text import visible

        print_lines(session, visible(str(row["line"])))
    else:
        print_selected_object(session, row, MACHINE_COLUMNS["views"])


def _row(view: SavedView) -> Row:
    return {
        "name": view.name,
        "command": view.command or None,
        "where": list(view.where),
        "sort": view.sort,
        "fields": view.fields,
        "group_by": view.group_by,
        "limit": view.limit,
        "mine": view.mine,
        "line": None if view.fault is not None else _line(view),
    }


def _line(view: SavedView) -> str:
    """The command line that a view stands for."""
    words = ["acctcli", *view.command.split()]
    for term in view.where:
        words += ["--where", term]
    for option, value in (
        ("--group-by", view.group_by),
        ("--sort", view.sort),
        ("--limit", view.limit),
        ("--fields", view.fields),
    ):
        if value is not None:
            words += [option, str(value)]
    return shlex.join([*words, *(["--mine"] if view.mine else [])])


# check
