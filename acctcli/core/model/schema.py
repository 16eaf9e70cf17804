"""Records read from text mappings, and written as them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import KINDS, Field, Kind, KindName
from acctcli.core.model.names import nearest_first
from acctcli.core.model.records import TYPES, Raw, RawRecord, Record, Value
from acctcli.core.model.values import (
    from_text,
    is_id,
    plain_types,
    quote,
    read_value,
    reader,
    to_raw,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "as_dict",
    "differing",
    "field_of",
    "from_text",
    "plain_reader",
    "plain_types",
    "read_record",
    "to_raw",
    "unknown_keys",
]

_DECLARE = "declare own fields under fields: in acctcli.yaml"
_LABELS = {
    "name": "Acme",
    "title": "ERP rollout",
    "subject": "Call about the renewal",
    "content": "Prefers a call in the morning",
}


class _Table(Struct, frozen=True):
    """What reading a kind needs, looked up once: its type, its fields and what reads each."""

    make: type[Record]
    label: str
    fields: dict[str, Field]
    readers: dict[str, Callable[[str], Value]]
    renamed: dict[str, str]  # the fields that the type calls by another name
    attributes: tuple[tuple[str, str], ...]  # all fields, and what the type calls them


def _label(text: str) -> str:
    """A label as it is; ValueError when there is nothing to see in it."""
    if not text or text.isspace():
        raise ValueError(text)
    return text


def _table(kind: Kind) -> _Table:
    readers = {field.name: reader(field) for field in kind.fields}
    return _Table(
        make=TYPES[kind.name],
        label=kind.label,
        fields={field.name: field for field in kind.fields},
        readers={**readers, kind.label: _label},
        renamed={
            field.name: field.attribute for field in kind.fields if field.attribute != field.name
        },
        attributes=tuple((field.name, field.attribute) for field in kind.fields),
    )


_TABLES: dict[KindName, _Table] = {name: _table(kind) for name, kind in KINDS.items()}


def read_record(
    kind: Kind, raw: RawRecord, custom: Mapping[str, Field]
) -> tuple[Record | None, list[Problem]]:
    """The typed record, or None and all that is wrong with it.

    A plain empty scalar is a field that is not set. Keys that are neither built in nor in
    `custom` are passed over (rule 11); `unknown_keys` names them. Each problem has the kind, the
    field, and the record's id when that can be read.
    """
    table = _TABLES[kind.name]
    readers = table.readers
    values: dict[str, object] = {}
    own: dict[str, Value | None] = {}
    try:
        for name, given in raw.items():
            if given is None:
                continue
            read = readers.get(name)
            if read is not None:
                values[name] = (
                    read(given) if isinstance(given, str) else read_value(table.fields[name], given)
                )
            elif name in custom:
                own[name] = read_value(custom[name], given)
    except (ValueError, InvalidInputError):
        return None, _faults(kind, raw, custom)
    if "id" not in values or table.label not in values:
        return None, _faults(kind, raw, custom)
    if own:
        values["custom"] = own
    _rename(values, table)
    make: Callable[..., Record] = table.make
    return make(**values), []


def _rename(values: dict[str, object], table: _Table) -> None:
    for name, attribute in table.renamed.items():
        if name in values:
            values[attribute] = values.pop(name)


def plain_reader(
    kind: Kind, custom: Mapping[str, Field]
) -> Callable[[Mapping[str, str]], Record | None]:
    """What reads many records all of whose values are texts: as `read_record` does, but quicker.

    For a record with anything wrong, or with fields of the book's own, it gives None, and
    `read_record` knows the rest.
    """
    table = _TABLES[kind.name]
    known = table.fields.keys()
    readers = {name: read for name, read in table.readers.items() if read is not str}
    make: Callable[..., Record] = table.make
    label = table.label

    def read(raw: Mapping[str, str]) -> Record | None:
        values: dict[str, object] = dict(raw)
        if not known >= raw.keys():
            if not custom.keys().isdisjoint(raw):
                return None
            values = {name: raw[name] for name in raw if name in known}
        try:
            for name, given in raw.items():
                reads = readers.get(name)
                if reads is not None:
                    values[name] = reads(given)
        except ValueError:
            return None
        _rename(values, table)
        return make(**values) if "id" in values and label in values else None

    return read


def _faults(kind: Kind, raw: RawRecord, custom: Mapping[str, Field]) -> list[Problem]:
    """All problems of a record that cannot be read, in the order of its kind's fields."""
    problems: list[Problem] = []
    for field in (*kind.fields, *custom.values()):
        given = raw.get(field.name)
        if field.name in ("id", kind.label) and _is_blank(given):
            problems.append(
                Problem(
                    id="missing-field",
                    message=f'"{field.name}" is missing or empty',
                    hint=f"give the {kind.title} one, such as"
                    f" {field.name}: {_example(kind, field.name)}",
                    field=field.name,
                )
            )
            continue
        try:
            read_value(field, given)
        except InvalidInputError as error:
            problems.extend(error.problems)
    known = _readable_id(raw)
    return [problem._replace(kind=kind.name, record=known) for problem in problems]


def _example(kind: Kind, name: str) -> str:
    if name == "id":
        return "acme" if kind.name in ("orgs", "people") else f"{kind.letter}7k2m9x4q"
    return _LABELS[name]


def _is_blank(given: Raw) -> bool:
    return given is None or (isinstance(given, str) and not given.strip())


def _readable_id(raw: RawRecord) -> str | None:
    given = raw.get("id")
    return given if isinstance(given, str) and is_id(given) else None


def unknown_keys(kind: Kind, raw: RawRecord, custom: Mapping[str, Field]) -> list[Problem]:
    """A warning for each key that is neither built in nor declared, with the nearest known one.

    Such keys are kept as they are (rule 11).
    """
    known = _TABLES[kind.name].fields
    if known.keys() >= raw.keys():
        return []
    return [
        Problem(
            id="unknown-key",
            message=f"{quote(name)} is not a field of {kind.name}",
            level="warning",
            hint=_correction(name, known, custom),
            kind=kind.name,
            record=_readable_id(raw),
            field=name,
        )
        for name in raw
        if name not in known and name not in custom
    ]


def _correction(name: str, known: Mapping[str, Field], custom: Mapping[str, Field]) -> str:
    return nearest_first(name, (*known, *custom), _DECLARE)


def field_of(kind: Kind, name: str, custom: Mapping[str, Field]) -> Field:
    """The built-in or declared field of that name.

    Raises:
        InvalidInputError: `unknown-field`, with the nearest field there is.
    """
    known = _TABLES[kind.name].fields
    field = known.get(name) or custom.get(name)
    if field is None:
        raise InvalidInputError(
            Problem(
                id="unknown-field",
                message=f"{quote(name)} is not a field of {kind.name}",
                hint=_correction(name, known, custom),
                kind=kind.name,
                field=name,
            )
        )
    return field


def differing(
    kind: Kind, record: Record, changes: Mapping[str, Raw], custom: Mapping[str, Field]
) -> dict[str, Raw]:
    """Those of the changes of fields by which a record would not stay as it is.

    What cannot be read is one of them. None unsets a field.

    Args:
        kind: The record's kind.
        record: As it is.
        changes: The new values by the names of fields, built in or declared.
        custom: The declared fields of the kind.
    """
    fields = _TABLES[kind.name].fields
    return {
        name: raw
        for name, raw in changes.items()
        if _is_different(record, raw, fields.get(name), custom.get(name))
    }


def _is_different(record: Record, raw: Raw, built_in: Field | None, own: Field | None) -> bool:
    field = built_in or own
    if field is None:
        return True
    try:
        value = read_value(field, raw)
    except InvalidInputError:
        return True
    if built_in is None:
        return bool(value != record.custom.get(field.name))
    if value is None:
        names, defaults = type(record).__struct_fields__, type(record).__struct_defaults__
        value = dict(zip(names[-len(defaults) :], defaults, strict=True)).get(field.attribute)
    return bool(value != getattr(record, field.attribute))


def as_dict(
    record: Record, kind: Kind, custom: Mapping[str, Field]
) -> dict[str, Value | dict[str, Value | None] | None]:
    """A record's built-in fields in the order of the table, then its custom fields.

    A field that is not set is None, a list an empty tuple, yes-no False. `custom_fields` has
    every declared one.
    """
    shown: dict[str, Value | dict[str, Value | None] | None] = {
        name: getattr(record, attribute) for name, attribute in _TABLES[kind.name].attributes
    }
    shown["custom_fields"] = {name: record.custom.get(name) for name in custom}
    return shown
