"""The noun `account`: organizations with a won deal, as a list, a board and a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.accounts import put_page, put_value_rows, value_row
from acctcli.cli.commands import Command, noun
from acctcli.cli.currency import currency_option
from acctcli.cli.output import custom_columns, put_one, put_rows
from acctcli.cli.records import edit_verb
from acctcli.cli.session import Session, open_session
from acctcli.core.accounts import contacted
from acctcli.core.board import board as make_board
from acctcli.core.spans import days_before

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from acctcli.store.view import Listed, View

_PIPED_WIDTH = 100  # of a board that goes to no terminal


class ListOptions(Struct, frozen=True):
    """What `list` was given."""

    owner: str | None
    not_contacted: str | None
    currency: str | None


class BoardOptions(Struct, frozen=True):
    """What `board` was given; no width means the terminal's, no limit means every card."""

    width: int | None
    limit: int | None
    owner: str | None
    currency: str | None


@noun("account", "Organizations with a won deal.")
def account() -> None:
    """Hold the verbs below."""


@account.command("list", cls=Command)
@click.option("--owner", metavar="TEXT", help="Only those of this owner.")
@click.option(
    "--not-contacted", metavar="SPAN", help="Only those without a contact for so long, as 30d."
)
@currency_option
@click.pass_context
def list_accounts(ctx: click.Context, /, owner: str | None, **flags: str | None) -> None:
    """List accounts: won value, next activity, last contact."""
    run_list(ListOptions(owner, flags["not_contacted"], flags["currency"]), open_session(ctx))


def run_list(options: ListOptions, session: Session) -> None:
    """Print the accounts that have what was asked for."""
    view = session.read_in(options.currency)
    today = session.today(view)
    found = _accounts(view, options.owner, today)
    if options.not_contacted is not None:
        since = days_before(options.not_contacted, today)
        found = (each for each in found if not contacted(each.contacts, since, today))
    put_value_rows(session, view, found, with_membership=False)


def _accounts(view: View, owner: str | None, today: dt.date) -> Iterable[Listed]:
    listed = view.listed(today, accounts_only=True)
    return (each for each in listed if owner in (None, each.owner))


@account.command("board", cls=Command)
@click.option("--width", type=click.IntRange(20), help="Instead of the terminal's.")
@click.option("--limit", type=click.IntRange(1), help="At most so many cards a column.")
@click.option("--owner", metavar="TEXT", help="Only those of this owner.")
@currency_option
@click.pass_context
def board(ctx: click.Context, /, width: int | None, limit: int | None, **flags: str | None) -> None:
    """Show accounts as cards in columns, by when the next activity is due."""
    run_board(BoardOptions(width, limit, flags["owner"], flags["currency"]), open_session(ctx))


def run_board(options: BoardOptions, session: Session) -> None:
    """Print the board: columns of cards for people, one object with columns for scripts."""
    view = session.read_in(options.currency)
    today = session.today(view)
    listed = {each.row.id: each for each in _accounts(view, options.owner, today)}
    board = make_board((each.row for each in listed.values()), today, view.settings)
    if session.options.format == "table":
        from acctcli.render.board import board_text

        session.put_text(
            board_text(
                board,
                width=options.width or session.streams.columns or _PIPED_WIDTH,
                limit=options.limit,
                style=session.style,
            )
        )
        return
    from acctcli.render.columns import MACHINE_COLUMNS

    if session.options.format in {"json", "ndjson"}:
        columns = [
            {
                "bucket": column.bucket,
                "title": column.title,
                "count": column.count,
                "won_value": column.won_value,
                "accounts": [
                    value_row(view, listed[row.id], with_membership=False)
                    for row in column.accounts
                ],
            }
            for column in board.columns
        ]
        put_one(session, {"today": board.today, "columns": columns}, ())
        return
    cards = [listed[row.id] for column in board.columns for row in column.accounts]
    put_rows(
        session,
        [value_row(view, each, with_membership=False) for each in cards],
        machine_columns=[*MACHINE_COLUMNS["accounts"], *custom_columns(view, "orgs")],
        table_columns=(),
    )


@account.command("show", cls=Command)
@click.argument("name", metavar="NAME")
@currency_option
@click.pass_context
def show(ctx: click.Context, name: str, currency: str | None) -> None:
    """Show an account with all that is known of it."""
    put_page(open_session(ctx), name, only_accounts=True, currency=currency)


edit_verb(account, "orgs", only_accounts=True)
