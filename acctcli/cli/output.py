"""The one way out for data: rows or one row, in the format that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from acctcli.core.buckets import bucket
from acctcli.core.kinds import KINDS, KindName
from acctcli.core.links import org_of
from acctcli.core.schema import as_dict

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from acctcli.cli.session import Session
    from acctcli.core.records import Data, Record, Value
    from acctcli.render.columns import TableColumn
    from acctcli.store.view import View

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
) -> None:
    """Print a list: a table for people, or a machine format."""
    if session.is_for_people:
        from acctcli.render.table import table

        text = table(
            list(rows if shown is None else shown),
            table_columns,
            width=session.streams.columns,
            style=session.style,
            zone=zone,
        )
        session.put_text(text)
        return
    from acctcli.render.machine import encode

    session.put(encode(rows, session.options.format, machine_columns))


def put_records(session: Session, view: View, kind: KindName, records: Iterable[Record]) -> None:
    """Print a list of records of one kind."""
    from acctcli.cli.listing import Listing, put_list
    from acctcli.render.columns import TABLE_COLUMNS

    data, names = view.data, Names(view.data)

    def shown(row: Row) -> Row:
        org = row.get("org") or org_of(data.of(kind)[str(row["id"])], data)
        return shown_row({**row, "org": org}, kind, names)

    def get(record: Record, path: str) -> object:
        if path == "bucket":
            due = None if getattr(record, "done", False) else getattr(record, "due_date", None)
            return None if due is None else bucket(due, session.today(view), view.settings)
        return _field(record, path, data)

    listing = Listing(
        name=kind,
        table=TABLE_COLUMNS[kind],
        view=view,
        kind=kind,
        types=kind,
        get=get,
        row=lambda record: record_row(view, kind, record),
        shown=shown,
    )
    put_list(session, records, listing)


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
    if session.options.format == "table":
        from acctcli.render.record import record_text

        names = Names(view.data)
        session.put_text(
            record_text(
                KINDS[kind],
                with_custom_names(row, view, kind),
                names=names,
                width=session.streams.columns,
                style=session.style,
            )
        )
        return
    put_one(session, row, _columns_of(view, kind))


def put_one(session: Session, row: Row, machine_columns: Sequence[str]) -> None:
    """Print one object in a machine format."""
    from acctcli.render.machine import encode_one

    session.put(encode_one(row, session.options.format, machine_columns))


def _columns_of(view: View, kind: KindName) -> list[str]:
    from acctcli.render.columns import MACHINE_COLUMNS

    return [*MACHINE_COLUMNS[kind], *custom_columns(view, kind)]
