"""The one way out for data: rows or one row, in the format that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from acctcli.core.accounts.buckets import bucket
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.links import org_of
from acctcli.core.model.schema import as_dict

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.field_selection import Typed
    from acctcli.cli.lists.list_spec import Listing
    from acctcli.core.model.records import Data, Record, Value
    from acctcli.render.document import Document
    from acctcli.render.list_columns import TableColumn
    from acctcli.store.views.view import View

Row = dict[str, object]
_LONGEST_NAME = 60  # of a note, which is named by its text
_LINKS: dict[KindName, tuple[str, ...]] = {
    name: tuple(field.name for field in kind.fields if field.link) for name, kind in KINDS.items()
}
_NAMED: tuple[KindName, ...] = ("orgs", "people", "deals")


class Names(Mapping[str, str]):
    """What to show for an id that a record links to; looked up when it is asked for."""

    def __init__(self, data: Data) -> None:
        self._data = data

    def __getitem__(self, record_id: str) -> str:
        for kind in _NAMED:
            record = self._data.of(kind).get(record_id)
            if record is not None:
                name: str = getattr(record, KINDS[kind].label)
                return name
        raise KeyError(record_id)

    def __iter__(self) -> Iterator[str]:
        for kind in _NAMED:
            yield from self._data.of(kind)

    def __len__(self) -> int:
        return sum(len(self._data.of(kind)) for kind in _NAMED)


def record_row(view: View, kind: KindName, record: Record) -> Row:
    """A record as its machine form: every field by its name (rule 12)."""
    return dict(as_dict(record, KINDS[kind], view.settings.custom_fields(kind)))


def with_custom_names(row: Row, view: View, kind: KindName) -> Row:
    """A row whose declared links read `Name (id)`, as the built-in ones do."""
    own = row["custom_fields"]
    return {**row, "custom_fields": custom_names(own, view, kind)} if isinstance(own, dict) else row


def custom_names(custom: Mapping[str, Value], view: View, kind: KindName) -> dict[str, Value]:
    """A record's own fields, of which the links read `Name (id)`."""
    declared = view.settings.custom_fields(kind)
    return {name: _named(value, declared[name].link, view) for name, value in custom.items()}


def _named(value: Value, link: KindName | None, view: View) -> Value:
    record = None if link is None else view.data.of(link).get(str(value))
    if link is None or record is None:
        return value
    from acctcli.render.text import clip, visible

    name = clip(visible(getattr(record, KINDS[link].label)), _LONGEST_NAME)
    return f"{name} ({record.id})"


def shown_row(row: Row, kind: KindName, names: Mapping[str, str]) -> Row:
    """A row for people: linked records by their names."""
    shown = dict(row)
    for name in _LINKS[kind]:
        value = row.get(name)
        if value is not None:
            shown[name] = names.get(str(value), value)
    return shown


def put_rows(
    session: Session,
    rows: Iterable[object],
    *,
    machine_columns: Sequence[str],
    table_columns: Sequence[TableColumn],
    shown: Sequence[Row] | None = None,
    zone: dt.tzinfo | None = None,
    typed: Typed | None = None,
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
        from acctcli.cli.lists.field_selection import put_picked, typed_by_name

        put_picked(session, rows, typed or typed_by_name(machine_columns), zone=zone)
        return
    if session.is_for_people:
        put_grid(session, list(rows if shown is None else shown), table_columns, zone)
        return
    from acctcli.render.json_csv import encode

    put_encoded(
        session,
        encode(
            rows,
            options.format,
            machine_columns,
            header=not options.no_header,
            texts=options.money == "text",
        ),
    )


def put_grid(
    session: Session,
    rows: Sequence[object],
    columns: Sequence[TableColumn],
    zone: dt.tzinfo | None = None,
) -> None:
    """Print a table for people: in columns of a terminal, or as a document with a table in it."""
    if session.options.format != "table":
        from acctcli.render.document import Document, Grid

        put_document(session, Document("", [Grid(rows, columns, zone)]))
        return
    from acctcli.render.table import table

    text = table(
        rows,
        columns,
        width=session.streams.columns,
        style=session.style,
        zone=zone,
        header=not session.options.no_header,
    )
    session.put_text(text)


def put_document(session: Session, document: Document) -> None:
    """Print a document as Markdown or HTML."""
    if session.options.format == "html":
        from acctcli.render.html import html_text

        session.put_text(html_text(document, session.title))
        return
    from acctcli.render.markdown import markdown_text

    session.put_text(markdown_text(document))


def put_lines(session: Session, text: str) -> None:
    """Print lines for people, that are no table."""
    if session.options.format == "table":
        session.put_text(text)
        return
    from acctcli.render.document import Document, Prose

    put_document(session, Document("", [Prose(text)]))


def put_encoded(session: Session, chunks: Iterable[bytes]) -> None:
    """Print lines of a machine format; on a terminal, what could spoil that as escapes."""
    if session.streams.columns is None:
        session.put(chunks)
        return
    from acctcli.render.text import screened

    as_json = session.options.format in {"json", "ndjson"}
    session.put(screened(chunk.decode(), as_json=as_json).encode() for chunk in chunks)


def put_records(session: Session, view: View, kind: KindName, records: Iterable[Record]) -> None:
    """Print a list of records of one kind."""
    from acctcli.cli.lists.list_spec import put_list

    put_list(session, records, record_listing(session, view, kind))


def record_listing(session: Session, view: View, kind: KindName) -> Listing:
    """What a list of records of one kind is."""
    from acctcli.cli.lists.list_spec import Listing
    from acctcli.render.list_columns import TABLE_COLUMNS

    data, names = view.data, Names(view.data)

    def shown(row: Row) -> Row:
        org = row.get("org") or org_of(data.of(kind)[str(row["id"])], data)
        return shown_row({**row, "org": org}, kind, names)

    def get(record: Record, path: str) -> object:
        if path == "bucket":
            due = None if getattr(record, "done", False) else getattr(record, "due_date", None)
            return None if due is None else bucket(due, session.today(view), view.settings)
        return _field(record, path, data)

    def row(record: Record) -> Row:
        found = record_row(view, kind, record)
        # With --fields, people see the organization that it belongs to, as in the table (rule 2).
        told = session.options.fields is not None and session.is_for_people and "org" in found
        return {**found, "org": org_of(record, data)} if told else found

    return Listing(
        name=kind,
        table=TABLE_COLUMNS[kind],
        view=view,
        kind=kind,
        types=kind,
        get=get,
        row=row,
        shown=shown,
    )


def _field(record: Record, path: str, data: Data) -> object:
    """The value of a record's field; its organization is the one it belongs to (rule 2)."""
    if path in {"org", "org_name"}:
        org_id = org_of(record, data)
        if path == "org" or org_id is None:
            return org_id
        return data.orgs[org_id].name
    name, _, own = path.partition(".")
    if name == "custom_fields":
        return record.custom.get(own) if own else record.custom
    value: object = getattr(record, "from_" if name == "from" else name, None)
    return value


def custom_columns(view: View, kind: KindName) -> list[str]:
    """The columns of a kind's declared custom fields in csv and tsv."""
    return [f"custom_fields.{name}" for name in view.settings.custom_fields(kind)]


def put_record(session: Session, view: View, kind: KindName, record: Record) -> None:
    """Print one record: a page for people, or one object."""
    row = record_row(view, kind, record)
    if session.options.fields is not None:
        from acctcli.cli.lists.list_spec import whole_rows

        listing = record_listing(session, view, kind)
        columns = [*_columns_of(view, kind), *listing.computed]
        [whole] = whole_rows(session, [record], listing)
        put_one(session, cast("Row", whole), columns, view=view, kind=kind)
        return
    if not session.is_for_people:
        put_one(session, row, _columns_of(view, kind), view=view, kind=kind)
        return
    from acctcli.render.key_values import record_fields

    spec, names = KINDS[kind], Names(view.data)
    pairs = record_fields(spec, with_custom_names(row, view, kind), names=names)
    if session.options.format == "table":
        from acctcli.render.key_values import fields_text

        session.put_text(fields_text(pairs, width=session.streams.columns, style=session.style))
        return
    from acctcli.render.document import Document, Fields
    from acctcli.render.text import clip, visible

    name = clip(visible(getattr(record, spec.label)), _LONGEST_NAME)
    put_document(session, Document(name, [Fields(pairs)], spec.title))


def put_several(session: Session, view: View, kind: KindName, records: Sequence[Record]) -> None:
    """Print records one after the other: a page each for people, else a list."""
    if session.options.format != "table" or session.options.fields is not None:
        put_records(session, view, kind, records)
        return
    for number, record in enumerate(records):
        if number:
            session.put([b"\n"])
        put_record(session, view, kind, record)


def put_one(
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
        from acctcli.cli.lists.field_selection import put_picked_one, typed_by_name

        put_picked_one(session, row, typed_by_name(machine_columns, view, kind))
        return
    put_object(session, row, machine_columns)


def put_object(session: Session, row: Row, machine_columns: Sequence[str] = ()) -> None:
    """Print one object in a machine format, all of it."""
    options = session.options
    from acctcli.render.json_csv import encode_one

    put_encoded(
        session,
        encode_one(
            row,
            options.format,
            machine_columns,
            header=not options.no_header,
            texts=options.money == "text",
        ),
    )


def refuse_unknown_fields(session: Session, view: View, kind: KindName, *, one: bool) -> None:
    """Refuse --fields that are none of records of a kind, before anything is written.

    Args:
        session: What was asked for.
        view: The book.
        kind: The kind of what is to be written.
        one: Whether it will be printed as one object, and not as a list.

    Raises:
        InvalidInputError: there is no such field.
    """
    if session.options.fields is None:
        return
    from acctcli.cli.lists.field_selection import nested, typed_by_name
    from acctcli.cli.lists.list_spec import typed_columns
    from acctcli.core.query.fields import picks

    if one:
        computed = record_listing(session, view, kind).computed
        known = typed_by_name([*_columns_of(view, kind), *computed], view, kind).columns
        picks(session.options.fields, {**known, **nested(("custom_fields",))})
    else:
        picks(session.options.fields, typed_columns(record_listing(session, view, kind)).columns)


def refuse_unknown_columns(session: Session, columns: Sequence[str]) -> None:
    """Refuse --fields that are none of these columns, before anything is written.

    Raises:
        InvalidInputError: there is no such field.
    """
    if session.options.fields is not None:
        from acctcli.cli.lists.field_selection import typed_by_name
        from acctcli.core.query.fields import picks

        picks(session.options.fields, typed_by_name(columns).columns)


def _columns_of(view: View, kind: KindName) -> list[str]:
    from acctcli.render.list_columns import MACHINE_COLUMNS

    return [*MACHINE_COLUMNS[kind], *custom_columns(view, kind)]
