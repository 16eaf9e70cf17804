"""Rows and single objects, with --fields only those."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.output.writer import Row, print_encoded, print_grid, print_object

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.field_selection import FieldCatalog
    from acctcli.core.model.kinds import KindName
    from acctcli.render.formats.columns import TableColumn
    from acctcli.store.views.view import View


def print_rows(
    session: Session,
    rows: Iterable[object],
    *,
    machine_columns: Sequence[str],
    table_columns: Sequence[TableColumn],
    shown: Sequence[Row] | None = None,
    zone: dt.tzinfo | None = None,
    typed: FieldCatalog | None = None,
) -> None:
    """Print a list: a table for people, or a machine format; with --fields only those.

    Args:
        session: Where it goes, and in which format.
        rows: With the keys of the machine form.
        machine_columns: Of csv and tsv.
        table_columns: Of the table for people.
        shown: The rows for people.
        zone: Where the day of a timestamp is taken.
        typed: What --fields can name, and how the names of records are found; by the names of
            the machine columns alone when it is not given.
    """
    options = session.options
    if options.fields is not None and options.format != "ids":
        from acctcli.cli.lists.field_selection import catalog_of_columns, print_selected

        print_selected(session, rows, typed or catalog_of_columns(machine_columns), zone=zone)
        return
    if session.is_for_people:
        print_grid(session, list(rows if shown is None else shown), table_columns, zone)
        return
    from acctcli.render.formats.json_csv import encode

    print_encoded(
        session,
        encode(
            rows,
            options.format,
            machine_columns,
            header=not options.no_header,
            texts=options.money == "text",
        ),
    )


def print_selected_object(
    session: Session,
    row: Row,
    machine_columns: Sequence[str],
    *,
    view: View | None = None,
    kind: KindName | None = None,
) -> None:
    """Print one object in a machine format; with --fields only those, in any format.

    Args:
        session: Where it goes, and in which format.
        row: The object.
        machine_columns: Of csv and tsv.
        view: The book that it is from.
        kind: What it is a record of.
    """
    options = session.options
    if options.fields is not None and options.format != "ids":
        from acctcli.cli.lists.field_selection import catalog_of_columns, print_selected_one

        print_selected_one(session, row, catalog_of_columns(machine_columns, view, kind))
        return
    print_object(session, row, machine_columns)


def refuse_unknown_columns(session: Session, columns: Sequence[str]) -> None:
    """Refuse --fields that are none of these columns, before anything is written.

    Raises:
        InvalidInputError: there is no such field.
    """
    if session.options.fields is not None:
        from acctcli.cli.lists.field_selection import catalog_of_columns
        from acctcli.core.query.fields import picks

        picks(session.options.fields, catalog_of_columns(columns).columns)
