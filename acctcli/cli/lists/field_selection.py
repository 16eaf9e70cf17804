"""The option --fields: data with some of its fields, in every format.

Which fields are meant, `core.query.fields` says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from msgspec import convert

from acctcli.cli.lists.record_names import RecordNames
from acctcli.cli.output.writer import print_document, print_encoded, print_grid
from acctcli.core.accounts.totals import NextActivity
from acctcli.core.model.kinds import KINDS, Field, FieldType
from acctcli.core.query.columns import CUSTOM_PREFIX, typed_columns
from acctcli.core.query.fields import keys_of, picks, select_fields
from acctcli.render.formats.cells import (
    activity_phrase,
    amount_text,
    day_text,
    label_text,
    link_text,
    long_text,
    value_text,
)
from acctcli.render.formats.columns import TableColumn, value_at
from acctcli.render.formats.document import Document, Fields, Grid, Section
from acctcli.render.formats.json_csv import cell_text, encode, encode_one, plain
from acctcli.render.formats.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.output.writer import Row
    from acctcli.core.model.kinds import KindName
    from acctcli.core.query.fields import Pick
    from acctcli.store.views.view import View

_AT_THE_RIGHT = frozenset({FieldType.MONEY, FieldType.AMOUNT, FieldType.INTEGER, FieldType.NUMBER})
_IN_ONE = frozenset({"next_activity", "last_contact"})  # what people read in one line
_LINKS = frozenset(field.name for kind in KINDS.values() for field in kind.fields if field.link)
_SHORT = frozenset({FieldType.DATE, FieldType.TIME, FieldType.STAMP, FieldType.ID})


class FieldCatalog(NamedTuple):
    """What can be picked: the columns by their paths, and the names of records by their ids."""

    columns: Mapping[str, Field]
    names: Mapping[str, str]


def nested_fields(keys: Iterable[str]) -> dict[str, Field]:
    """Keys with more than a value below them, as columns."""
    return {key: Field(key, FieldType.TEXT) for key in keys}


def catalog_of_columns(
    columns: Sequence[str], view: View | None = None, kind: KindName | None = None
) -> FieldCatalog:
    """What the names of columns tell of them, and the kind that they are fields of."""
    names: Mapping[str, str] = {} if view is None else RecordNames(view.data)
    if view is None or kind is None:
        return FieldCatalog(typed_columns(columns, None, {}), names)
    built_in = (path for path in columns if not path.startswith(CUSTOM_PREFIX))
    return FieldCatalog(typed_columns(built_in, kind, view.settings.custom_fields(kind)), names)


def print_selected(
    session: Session, rows: Iterable[object], known: FieldCatalog, *, zone: dt.tzinfo | None
) -> None:
    """Print of each row what is picked.

    Raises:
        InvalidInputError: there is no such field.
    """
    options = session.options
    wanted = picks(options.fields or "", known.columns)
    if session.is_for_people:
        shown = _for_people(wanted, known.columns)
        columns = [_column(number, path, known.columns) for number, path in enumerate(shown)]
        texts = [
            {
                column.key: _text(row, path, known, zone)
                for column, path in zip(columns, shown, strict=True)
            }
            for row in rows
        ]
        print_grid(session, texts, columns)
        return
    left = selected_fields(session, rows, known)
    paths = [path for pick in wanted for path in pick.columns]
    print_encoded(session, encode(left, options.format, paths, header=not options.no_header))


def selected_fields(session: Session, rows: Iterable[object], known: FieldCatalog) -> Iterator[Row]:
    """What of each row is picked, in the machine form.

    Raises:
        InvalidInputError: there is no such field.
    """
    wanted = picks(session.options.fields or "", known.columns)
    as_texts = session.options.money == "text" and session.is_nested
    return (select_fields(_plain(row, texts=as_texts), wanted) for row in rows)


def print_selected_one(session: Session, row: Row, known: FieldCatalog) -> None:
    """Print of one thing what is picked; what is nested in it can be picked as well.

    Raises:
        InvalidInputError: there is no such field.
    """
    options = session.options
    as_texts = options.money == "text" and session.is_nested
    found = _plain(row, texts=as_texts)
    known_keys = {path.partition(".")[0] for path in known.columns}
    deeper = []
    for key, value in found.items():
        if key not in known_keys:
            deeper.append(key)
            deeper += [f"{key}.{each}" for each in value] if isinstance(value, dict) else []
    columns = {**known.columns, **nested_fields(deeper)}
    wanted = picks(options.fields or "", columns)
    if session.is_for_people:
        _print_parts(session, _parts(row, found, wanted, FieldCatalog(columns, known.names)))
        return
    paths = [path for pick in wanted for path in pick.columns]
    left = select_fields(found, wanted)
    print_encoded(session, encode_one(left, options.format, paths, header=not options.no_header))


def _plain(row: object, *, texts: bool) -> dict[str, object]:
    found = plain(row, texts=texts)
    assert isinstance(found, dict)  # noqa: S101 - rows are mappings or structs
    return found


def _parts(
    row: Row, found: Row, wanted: Sequence[Pick], known: FieldCatalog
) -> Iterator[Fields | Section]:
    """What is picked of one thing: labels and texts, and a table of each list of records."""
    pairs: list[tuple[str, str]] = []
    for path in _for_people(wanted, known.columns):
        value: object = found
        for key in keys_of(path):
            value = value.get(key) if isinstance(value, dict) else None
        for inner, held in _flatten(path, value):
            if isinstance(held, list) and any(isinstance(each, dict) for each in held):
                yield Section(path_label(inner), [_records_grid(held, known)], len(held))
            elif text := _text(row, inner, known, None, lines=True):
                pairs.append((path_label(inner), text))
    if pairs:
        yield Fields(pairs)


def _flatten(path: str, value: object) -> Iterator[tuple[str, object]]:
    """A value with its path; of one with values below it, those: nobody reads braces."""
    is_total = isinstance(value, dict) and all(isinstance(each, Decimal) for each in value.values())
    if not isinstance(value, dict) or is_total or path in _IN_ONE:
        yield path, value
        return
    for key, held in value.items():
        yield from _flatten(f"{path}.{key}", held)


def _records_grid(held: Sequence[object], known: FieldCatalog) -> Grid:
    """The table of records that are nested in something: the columns in which there is anything."""
    records = [each for each in held if isinstance(each, dict)]
    rows = [dict(_cells(each)) for each in records]
    paths = dict.fromkeys(path for row in rows for path, value in row.items() if _is_set(value))
    keys = {path: str(number) for number, path in enumerate(paths)}
    shown = [
        {key: _cell(record, path, row.get(path), known) for path, key in keys.items()}
        for record, row in zip(records, rows, strict=True)
    ]
    return Grid(
        shown, [TableColumn(path_label(path), key, breaks=True) for path, key in keys.items()]
    )


def _cell(record: Row, path: str, value: object, known: FieldCatalog) -> str:
    if path in _LINKS and value is not None:
        return _name(str(value), known.names)
    if isinstance(value, Decimal) and record.get("currency"):
        return amount_text(value, record["currency"])
    return _text(record, path, known, None)


def _cells(record: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        own = value if key == CUSTOM_PREFIX[:-1] and isinstance(value, dict) else None
        yield from (
            [(key, value)] if own is None else ((CUSTOM_PREFIX + name, own[name]) for name in own)
        )


def _is_set(value: object) -> bool:
    return any(map(_is_set, value.values())) if isinstance(value, dict) else bool(value)


def _print_parts(session: Session, parts: Iterable[Fields | Section]) -> None:
    found = sorted(parts, key=lambda part: isinstance(part, Section))  # fields stand first
    if session.options.format != "table":
        print_document(session, Document("", found))
        return
    from acctcli.render.account_page import part_text

    width, style = session.streams.columns, session.style
    session.print_text("\n\n".join(part_text(part, width, style) for part in found))


def _for_people(wanted: Sequence[Pick], columns: Mapping[str, Field]) -> list[str]:
    """The paths that people see: an activity in one column, own fields in one each."""
    return [
        path
        for pick in wanted
        for path in (pick.columns if pick.path == CUSTOM_PREFIX[:-1] else (pick.path,))
        if path in columns or path == pick.path
    ]


def _column(number: int, path: str, columns: Mapping[str, Field]) -> TableColumn:
    kind = columns[path].type if path in columns else FieldType.TEXT
    return TableColumn(
        path_label(path),
        f"{number}_bucket" if path.endswith("bucket") else str(number),
        "right" if kind in _AT_THE_RIGHT else "left",
        breaks=kind not in _SHORT,
    )


def path_label(path: str) -> str:
    """What people see above a column: the name of an own field as it is, else words."""
    own = path.removeprefix(CUSTOM_PREFIX)
    return visible(own) if own != path else label_text(path.replace(".", "_"))


def _text(
    row: object, path: str, known: FieldCatalog, zone: dt.tzinfo | None, *, lines: bool = False
) -> str:
    """A value as people read it."""
    keys = keys_of(path)
    value = row
    for key in keys:
        value = value_at(value, key) if "." not in key else _value_at(value, key)
    field = known.columns.get(path)
    if field is not None and field.link is not None and value is not None:
        record_id = str(value)
        return link_text(record_id, known.names) if lines else _name(record_id, known.names)
    if isinstance(value, dt.datetime):
        return day_text(value, zone)
    if isinstance(value, Decimal) and field is not None and field.type is FieldType.MONEY:
        return amount_text(value, value_at(row, "currency"))
    if path == "next_activity" and isinstance(value, Mapping):  # nested in what is nested
        value = convert(value, NextActivity)
    if path == "last_contact" and value is not None:
        kind, subject = value_at(value, "type"), value_at(value, "subject")
        what = activity_phrase(None if kind is None else str(kind), str(subject))
        return f"{value_at(value, 'date')} {what}"
    if path != "next_activity":
        value = _nested_text(value)
    return long_text(value) if lines else value_text(value)


def _name(record_id: str, names: Mapping[str, str]) -> str:
    return visible(names.get(record_id, record_id))


def _value_at(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, Mapping) else None


def _nested_text(value: object) -> object:
    """What is more than a value, a list of texts or totals, as text."""
    if isinstance(value, list | tuple):
        is_nested = any(not isinstance(each, str) for each in value)
    elif isinstance(value, Mapping):
        is_nested = any(not isinstance(each, Decimal) for each in value.values())
    else:
        is_nested = hasattr(value, "__struct_fields__")
    return cell_text(plain(value)) if is_nested else value
