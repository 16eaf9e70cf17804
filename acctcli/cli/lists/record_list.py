"""Lists and single records of a kind (out of cli/output)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from acctcli.cli.lists.print_rows import print_selected_object
from acctcli.cli.lists.record_names import RecordNames, display_row, label_of, with_custom_names
from acctcli.cli.output.writer import Row, print_document
from acctcli.core.accounts.buckets import bucket
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.links import org_of
from acctcli.core.model.schema import as_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.list_spec import Listing
    from acctcli.core.model.records import Data, Record
    from acctcli.store.views.view import View


def record_row(view: View, kind: KindName, record: Record) -> Row:
    """A record as its machine form: every field by its name (rule 12)."""
    return dict(as_dict(record, KINDS[kind], view.settings.custom_fields(kind)))


def print_records(session: Session, view: View, kind: KindName, records: Iterable[Record]) -> None:
    """Print a list of records of one kind."""
    from acctcli.cli.lists.print_list import print_list

    print_list(session, records, record_listing(session, view, kind))


def record_listing(session: Session, view: View, kind: KindName) -> Listing:
    """What a list of records of one kind is."""
    from acctcli.cli.lists.list_spec import Listing
    from acctcli.render.list_columns import TABLE_COLUMNS

    data, names = view.data, RecordNames(view.data)

    def shown(row: Row) -> Row:
        org = row.get("org") or org_of(data.of(kind)[str(row["id"])], data)
        return display_row({**row, "org": org}, kind, names)

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
        display_row=shown,
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


def print_record(session: Session, view: View, kind: KindName, record: Record) -> None:
    """Print one record: a page for people, or one object."""
    row = record_row(view, kind, record)
    if session.options.fields is not None:
        from acctcli.cli.lists.print_list import rows_with_computed

        listing = record_listing(session, view, kind)
        columns = [*_columns_of(view, kind), *listing.computed_fields]
        [whole] = rows_with_computed(session, [record], listing)
        print_selected_object(session, cast("Row", whole), columns, view=view, kind=kind)
        return
    if not session.is_for_people:
        print_selected_object(session, row, _columns_of(view, kind), view=view, kind=kind)
        return
    from acctcli.render.formats.key_values import record_fields

    spec, names = KINDS[kind], RecordNames(view.data)
    pairs = record_fields(spec, with_custom_names(row, view, kind), names=names)
    if session.options.format == "table":
        from acctcli.render.formats.key_values import fields_text

        session.print_text(fields_text(pairs, width=session.streams.columns, style=session.style))
        return
    from acctcli.render.formats.document import Document, Fields

    name = label_of(record, kind)
    print_document(session, Document(name, [Fields(pairs)], spec.title))


def print_pages(session: Session, view: View, kind: KindName, records: Sequence[Record]) -> None:
    """Print records one after the other: a page each for people, else a list."""
    if session.options.format != "table" or session.options.fields is not None:
        print_records(session, view, kind, records)
        return
    for number, record in enumerate(records):
        if number:
            session.put([b"\n"])
        print_record(session, view, kind, record)


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
    from acctcli.cli.lists.field_selection import catalog_of_columns, nested_fields
    from acctcli.cli.lists.print_list import catalog_of_list
    from acctcli.core.query.fields import picks

    if one:
        computed = record_listing(session, view, kind).computed_fields
        known = catalog_of_columns([*_columns_of(view, kind), *computed], view, kind).columns
        picks(session.options.fields, {**known, **nested_fields(("custom_fields",))})
    else:
        picks(session.options.fields, catalog_of_list(record_listing(session, view, kind)).columns)


def _columns_of(view: View, kind: KindName) -> list[str]:
    from acctcli.render.list_columns import MACHINE_COLUMNS

    return [*MACHINE_COLUMNS[kind], *custom_columns(view, kind)]
