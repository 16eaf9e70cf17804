"""Put_list: query, group, select fields, print (out of cli/listing, cli/narrowing)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acctcli.cli.lists.print_rows import print_rows
from acctcli.cli.lists.record_names import RecordNames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.field_selection import FieldCatalog
    from acctcli.cli.lists.list_spec import Listing


# What narrows a list, or changes its order.
_NARROWING = ("where", "sort", "limit", "group_by", "mine", "view")


def has_query(session: Session) -> bool:
    """Whether anything was asked for that leaves items out or puts them into another order."""
    options = session.options
    return any(getattr(options, name) not in (None, False, ()) for name in _NARROWING)


def print_list(
    session: Session, items: Iterable[Any], listing: Listing, *, narrow: bool = True
) -> None:
    """Print a list; unless `narrow` is false, the options of lists are heeded."""
    if narrow and has_query(session):
        from acctcli.cli.lists.query import apply_query

        items, listing = apply_query(session, items, listing)
    form = session.options.format
    items = note_printed(session, items)
    if form == "ids":
        ids = dict.fromkeys(
            value for each in items if (value := listing.get(each, listing.id_path))
        )
        print_rows(
            session, ({"id": each} for each in ids), machine_columns=("id",), table_columns=()
        )
        return
    if form == "table" and session.options.fields is None:
        if listing.text is not None:
            session.print_text(listing.text(list(items)))
            return
        if listing.texts is not None:
            for text in listing.texts(items):
                session.print_text(text)
            return
    zone = None if listing.view is None else listing.view.zone
    if session.options.fields is not None:
        from acctcli.cli.lists.field_selection import print_selected

        print_selected(
            session,
            rows_with_computed(session, items, listing),
            catalog_of_list(listing),
            zone=zone,
        )
        return
    # The texts that are kept have money as numbers.
    as_kept = form in {"json", "ndjson"} and session.options.money == "number"
    make = (listing.json_row if as_kept else None) or listing.row
    rows = items if make is None else map(make, items)
    shown = None
    if session.is_for_people and listing.display_row is not None:
        shown = [listing.display_row(row) for row in rows]
    print_rows(
        session,
        rows,
        machine_columns=listing.paths(),
        table_columns=listing.table,
        shown=shown,
        zone=zone,
    )


def rows_with_computed(
    session: Session, items: Iterable[Any], listing: Listing
) -> Iterator[object]:
    """The rows, with what of --fields is worked out only when it is asked for.

    Raises:
        InvalidInputError: there is no such field.
    """
    make, computed = listing.row, set[str]()
    if session.options.fields is not None:
        from acctcli.core.query.fields import picks

        picked = picks(session.options.fields, catalog_of_list(listing).columns)
        computed = {
            path for pick in picked for path in pick.columns
        } & listing.computed_fields.keys()
        computed -= set(listing.paths())
    if not computed:
        yield from items if make is None else map(make, items)
        return
    from acctcli.render.formats.json_csv import plain

    for item in items:
        row = plain(item if make is None else make(item))
        assert isinstance(row, dict)  # noqa: S101 - rows are mappings or structs
        yield {**row, **{path: listing.get(item, path) for path in computed}}


def catalog_of_list(listing: Listing) -> FieldCatalog:
    """What --fields can name of a list."""
    from acctcli.cli.lists.field_selection import FieldCatalog, nested_fields

    columns = {**listing.columns(), **nested_fields(listing.nested_keys)}
    return FieldCatalog(columns, {} if listing.view is None else RecordNames(listing.view.data))


def note_printed(session: Session, items: Iterable[Any]) -> Iterator[Any]:
    """The items; the session learns whether there were any."""
    session.printed_list = True
    for each in items:
        session.printed_items = True
        yield each
