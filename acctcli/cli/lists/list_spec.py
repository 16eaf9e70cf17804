"""A list on its way out: narrowed, sorted and grouped as was asked for, then printed.

Every list, report and board hands its items to `put_list`. What the options ask for is worked out
by the core; which commands take them, `commands.ListCommand` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from acctcli.cli.output.writer import Names, Row, put_rows
from acctcli.render.list_columns import MACHINE_COLUMNS, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.field_selection import Typed
    from acctcli.core.model.kinds import Field, KindName
    from acctcli.render.list_columns import TableColumn
    from acctcli.store.views.view import View

# What narrows a list, or changes its order.
_NARROWING = ("where", "sort", "limit", "group_by", "mine", "view")


class Listing(Struct, frozen=True, kw_only=True):
    """What a list is, whatever is asked of it.

    Attributes:
        name: Of its columns in `render.columns.MACHINE_COLUMNS`.
        table: The columns for people.
        view: The book that it is about; None for a list that needs none.
        kind: The kind whose own fields stand in its rows, at their end.
        types: The kind whose fields the columns have the types of, where they have the names.
        more: Paths of columns beside those of the name.
        currency: What a bare amount is in; None means the book's (rule 4).
        get: The value of an item at a path; what an item is, the list says.
        row: An item as a row with the keys of the machine form.
        json_row: The same for json and ndjson, when it is faster so.
        shown: A row for people.
        text: All items as text for people, where that is more than a table.
        texts: The same for a long list, item by item.
        id_path: Where the ids are that `--format ids` prints, each once.
        nested: Keys of the json form that are in no column.
    """

    name: str
    table: Sequence[TableColumn] = ()
    view: View | None = None
    kind: KindName | None = None
    types: KindName | None = None
    more: tuple[str, ...] = ()
    currency: str | None = None
    get: Callable[[Any, str], object] = value_at
    row: Callable[[Any], object] | None = None
    json_row: Callable[[Any], object] | None = None
    shown: Callable[[Any], Row] | None = None
    text: Callable[[list[Any]], str] | None = None
    texts: Callable[[Iterable[Any]], Iterator[str]] | None = None
    id_path: str = "id"
    nested: tuple[str, ...] = ()

    def own(self) -> Mapping[str, Field]:
        """The fields of the book's own that the rows have, by name."""
        if self.kind is None or self.view is None:
            return {}
        return self.view.settings.custom_fields(self.kind)

    def paths(self) -> list[str]:
        """The paths of the columns of csv, tsv and the like."""
        own = (f"custom_fields.{name}" for name in self.own())
        return [*MACHINE_COLUMNS[self.name], *self.more, *own]

    @property
    def computed(self) -> Mapping[str, Field]:
        """What may be asked for by name beside the columns, and is worked out only then."""
        from acctcli.core.query.columns import COMPUTED, typed

        return typed(COMPUTED.get(self.name, ()), None, {})

    def columns(self) -> dict[str, Field]:
        """All that may be asked for by name: the columns by their paths, with their types."""
        from acctcli.core.query.columns import TYPES_OF, typed

        paths = [*MACHINE_COLUMNS[self.name], *self.more]
        found = typed(paths, self.types or TYPES_OF.get(self.name), self.own())
        return found | {path: field for path, field in self.computed.items() if path not in found}


def narrows(session: Session) -> bool:
    """Whether anything was asked for that leaves items out or puts them into another order."""
    options = session.options
    return any(getattr(options, name) not in (None, False, ()) for name in _NARROWING)


def put_list(
    session: Session, items: Iterable[Any], listing: Listing, *, narrow: bool = True
) -> None:
    """Print a list; unless `narrow` is false, the options of lists are heeded."""
    if narrow and narrows(session):
        from acctcli.cli.lists.query import asked

        items, listing = asked(session, items, listing)
    form = session.options.format
    items = counted(session, items)
    if form == "ids":
        ids = dict.fromkeys(
            value for each in items if (value := listing.get(each, listing.id_path))
        )
        put_rows(session, ({"id": each} for each in ids), machine_columns=("id",), table_columns=())
        return
    if form == "table" and session.options.fields is None:
        if listing.text is not None:
            session.put_text(listing.text(list(items)))
            return
        if listing.texts is not None:
            for text in listing.texts(items):
                session.put_text(text)
            return
    zone = None if listing.view is None else listing.view.zone
    if session.options.fields is not None:
        from acctcli.cli.lists.field_selection import put_picked

        put_picked(session, whole_rows(session, items, listing), typed_columns(listing), zone=zone)
        return
    # The texts that are kept have money as numbers.
    as_kept = form in {"json", "ndjson"} and session.options.money == "number"
    make = (listing.json_row if as_kept else None) or listing.row
    rows = items if make is None else map(make, items)
    shown = None
    if session.is_for_people and listing.shown is not None:
        shown = [listing.shown(row) for row in rows]
    put_rows(
        session,
        rows,
        machine_columns=listing.paths(),
        table_columns=listing.table,
        shown=shown,
        zone=zone,
    )


def whole_rows(session: Session, items: Iterable[Any], listing: Listing) -> Iterator[object]:
    """The rows, with what of --fields is worked out only when it is asked for.

    Raises:
        InvalidInputError: there is no such field.
    """
    make, computed = listing.row, set[str]()
    if session.options.fields is not None:
        from acctcli.core.query.fields import picks

        picked = picks(session.options.fields, typed_columns(listing).columns)
        computed = {path for pick in picked for path in pick.columns} & listing.computed.keys()
        computed -= set(listing.paths())
    if not computed:
        yield from items if make is None else map(make, items)
        return
    from acctcli.render.json_csv import plain

    for item in items:
        row = plain(item if make is None else make(item))
        assert isinstance(row, dict)  # noqa: S101 - rows are mappings or structs
        yield {**row, **{path: listing.get(item, path) for path in computed}}


def typed_columns(listing: Listing) -> Typed:
    """What --fields can name of a list."""
    from acctcli.cli.lists.field_selection import Typed, nested

    columns = {**listing.columns(), **nested(listing.nested)}
    return Typed(columns, {} if listing.view is None else Names(listing.view.data))


def counted(session: Session, items: Iterable[Any]) -> Iterator[Any]:
    """The items; the session learns whether there were any."""
    session.printed_list = True
    for each in items:
        session.printed_items = True
        yield each
