"""Records chosen by --where, shown and confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from acctcli.cli.input.record_args import RecordArgs, resolve_ids
from acctcli.cli.lists.print_rows import print_rows
from acctcli.cli.lists.record_list import record_listing
from acctcli.core.model.errors import ConflictError, UsageError
from acctcli.core.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.output.writer import Row
    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Record
    from acctcli.store.views.view import ListedAccount, View

PREVIEW_SIZE = 20  # records that are shown before it is asked


def select_records(
    session: Session,
    view: View,
    kind: KindName,
    names: Sequence[str],
    *,
    only_accounts: bool = False,
) -> list[str]:
    """The ids of the records that are named, or of all, for which the conditions hold.

    Raises:
        UsageError: neither names nor conditions were given.
        InvalidInputError: a condition asks for what is not there.
        NotFoundError, AmbiguousError: see `resolve_ids`.
        InvalidBookError: conditions choose, and there are records that cannot be read.
    """
    refuse_without_names(session, kind, names)
    is_named = bool(names) or (isinstance(names, RecordArgs) and names.are_piped)
    ids = resolve_ids(names, view, kind, only_accounts=only_accounts) if is_named else None
    if ids is not None and not session.has_selection():
        return ids
    session.refuse_or_report(
        view.problems
    )  # of what cannot be read nobody knows whether they hold, as in lists
    from acctcli.cli.lists.query import select_items

    if kind == "orgs":
        from acctcli.cli.lists.account_list import value_listing

        orgs = value_listing(session, view, with_membership=not only_accounts)
        rows = _list_accounts(session, view, ids, only_accounts=only_accounts)
        return [each.row.id for each in select_items(session, rows, orgs)]
    listing = record_listing(session, view, kind)
    return [each.id for each in select_items(session, _records(view, kind, ids), listing)]


def refuse_without_names(session: Session, kind: KindName, names: Sequence[str]) -> None:
    """Refuse to go on when nothing says which records are meant.

    Raises:
        UsageError: ``nothing-named``.
    """
    if names or session.has_selection() or (isinstance(names, RecordArgs) and names.are_piped):
        return
    raise UsageError.of(
        "nothing-named",
        f"no {KINDS[kind].title} is named",
        hint="give names or ids, - for ids from standard input, or --where 'TERM' for all of which"
        " it holds",
    )


def _list_accounts(
    session: Session, view: View, ids: list[str] | None, *, only_accounts: bool
) -> Iterable[ListedAccount]:
    today = session.today(view)
    if ids is None:
        return view.listed_accounts(today, accounts_only=only_accounts)
    return view.listed_accounts_of(ids, today)


def _records(view: View, kind: KindName, ids: list[str] | None) -> Iterable[Record]:
    records = view.data.of(kind)
    found = records.values() if ids is None else (records[each] for each in ids)
    if kind != "activities":
        return found
    from acctcli.core.reports.agenda import due_place

    return sorted(found, key=due_place)


def no_match_messages(session: Session, verb: str, title: str, ids: Sequence[object]) -> list[str]:
    """What to tell when the conditions hold of no record."""
    if ids or not session.has_selection():
        return []
    return [f"nothing to {verb}: that holds of no {title}"]


# showing and asking


def print_dry_run(session: Session, rows: Sequence[Row], columns: str) -> None:
    """Print what a dry run would do: for people the first records, for scripts all."""
    from acctcli.render.list_columns import MACHINE_COLUMNS, TABLE_COLUMNS

    shown, more = rows, 0
    if session.options.format == "table":
        shown, more = first_of(rows)
    elif session.options.format == "ids":
        shown = [{"id": each} for each in dict.fromkeys(row["id"] for row in rows)]
    print_rows(
        session,
        shown,
        machine_columns=MACHINE_COLUMNS[columns],
        table_columns=TABLE_COLUMNS[columns],
    )
    if more:
        session.say(f"and {more} more")


def first_of(rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
    """The rows about the first records, and about how many more records there are others."""
    ids = list(dict.fromkeys(row["id"] for row in rows))
    first = set(ids[:PREVIEW_SIZE])
    return [row for row in rows if row["id"] in first], len(ids) - len(first)


def confirm(
    session: Session, what: str, rows: Sequence[Row], columns: str, *, notes: Iterable[str] = ()
) -> bool:
    """Show what would be done, and ask whether it is to be.

    Args:
        session: The run.
        what: That in words, such as ``change 37 deals``.
        rows: What is shown of it.
        columns: The name of the rows' columns.
        notes: What else there is to know before.

    Raises:
        UsageError: ``not-confirmed``: there is nobody to ask.
    """
    from acctcli.render.formats.style import Style
    from acctcli.render.formats.table import table
    from acctcli.render.list_columns import TABLE_COLUMNS

    first, more = first_of(rows)
    if session.can_ask() or not session.has_json_messages:  # a table is no JSON
        style = Style(colour=False)
        shown = table(first, TABLE_COLUMNS[columns], width=session.streams.columns, style=style)
        click.echo(shown, file=session.streams.err)
        for note in [f"and {more} more"] * bool(more) + list(notes):
            session.tell(note)
    if session.can_ask():
        return click.confirm(f"{what}?", err=True)
    raise UsageError.of(
        "not-confirmed",
        f"this would {what}, and there is no terminal to ask on",
        hint="say --yes if it is meant so; --dry-run shows all of it",
    )


def refuse_if_changed(shown: Sequence[Row], found: Sequence[Row]) -> None:
    """Refuse to do what is not what was agreed to, since others wrote meanwhile.

    Raises:
        ConflictError: ``changed-meanwhile``.
    """
    if found != shown:
        raise ConflictError.of(
            "changed-meanwhile",
            "others changed the book meanwhile, so this would not do what was shown",
            hint="run the command again and look at it anew",
        )
