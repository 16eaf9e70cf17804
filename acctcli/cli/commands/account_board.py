"""How the board comes out: columns of cards for people, columns or cards for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from acctcli.cli.lists.account_list import value_listing
from acctcli.cli.lists.print_list import catalog_of_list, rows_with_computed
from acctcli.cli.lists.print_rows import print_rows
from acctcli.cli.output.writer import print_document, print_object
from acctcli.core.reports.board import board, card

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.list_spec import Listing
    from acctcli.cli.output.writer import Row
    from acctcli.core.query.group_values import Grouping
    from acctcli.core.reports.board import Board
    from acctcli.store.views.view import ListedAccount, View

_PIPED_WIDTH = 100  # of a board that goes to no terminal


def print_board(
    session: Session,
    view: View,
    listed: Iterable[ListedAccount],
    by: Grouping,
    *,
    width: int | None,
    limit: int | None,
) -> None:
    """Print the board of these accounts.

    Args:
        session: Where it goes, and in which format.
        view: The book.
        listed: The accounts.
        by: What they are grouped by.
        width: Of the board for people, when it is not the terminal's.
        limit: How many cards a column of it has at most.
    """
    if session.is_for_people and session.options.fields is None:
        from acctcli.render.board import board_document, board_text

        found = board((card(each, by, view.data.orgs) for each in listed), by)
        if session.options.format != "table":
            print_document(session, board_document(found, limit=limit))
            return
        shown = width or session.streams.columns or _PIPED_WIDTH
        session.print_text(board_text(found, width=shown, limit=limit, style=session.style))
        return
    accounts = {each.row.id: each for each in listed}
    found = board((card(each, by, view.data.orgs) for each in accounts.values()), by)
    listing = value_listing(session, view, with_membership=False)
    whole = rows_with_computed(session, accounts.values(), replace(listing, name="cards"))
    rows: dict[str, Row] = {key: cast("Row", row) for key, row in zip(accounts, whole, strict=True)}
    if session.is_nested:
        if session.options.fields is not None:
            from acctcli.cli.lists.field_selection import selected_fields

            known = catalog_of_list(listing)
            rows = dict(zip(rows, selected_fields(session, rows.values(), known), strict=True))
        print_object(session, _as_object(found, rows))
    else:
        _print_cards(session, listing, found, rows)


def _as_object(found: Board, rows: dict[str, Row]) -> Row:
    """The board by bucket has a key of its own in its columns; it came first, and keeps it."""
    is_first = found.by == "bucket"
    columns = [
        {
            "bucket" if is_first else "key": column.key,
            "title": column.title,
            "count": column.count,
            "won_value": column.won_value,
            "accounts": [rows[row.id] for row in column.accounts],
        }
        for column in found.columns
    ]
    by = {} if is_first else {"by": found.by}
    return {"today": found.today, **by, "columns": columns}


def _print_cards(session: Session, listing: Listing, found: Board, rows: dict[str, Row]) -> None:
    """The cards as rows, column by column; as ids each account once."""
    cards = [
        {"column": column.key, **rows[row.id]}
        for column in found.columns
        for row in column.accounts
    ]
    if session.options.format == "ids":
        cards = list({each["id"]: each for each in cards}.values())
    key = "accounts" if found.by == "bucket" else "cards"
    shown = replace(listing, name=key)
    typed = None if session.options.fields is None else catalog_of_list(shown)
    print_rows(session, cards, machine_columns=shown.paths(), table_columns=(), typed=typed)
