"""JSON Schemas of files of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.json_schema.descriptions import field_description
from acctcli.core.json_schema.types import Schema, of_type
from acctcli.core.model.kinds import Field, FieldType, Kind
from acctcli.core.model.values import how_to_write
from acctcli.core.rules.defaults import MONEY

if TYPE_CHECKING:
    from acctcli.core.model.records import Settings

_SET: Schema = {"not": {"type": "null"}}


def records_schema(kind: Kind, settings: Settings | None) -> Schema:
    """What a file of records of a kind may hold.

    Args:
        kind: The kind.
        settings: Those of a book, for its own fields and its currency; None when there is none.
    """
    record: Schema = {
        "title": kind.title,
        "type": "object",
        "required": ["id", kind.label],
        "properties": {field.name: _built_in_field(kind, field) for field in kind.fields},
    }
    if settings is not None:
        own = settings.custom_fields(kind.name)
        record["properties"] = {
            **{field.name: _built_in_field(kind, field) for field in kind.fields},
            **{name: _custom_field(field) for name, field in own.items()},
        }
        if kind.name == "deals" and settings.currency is None:
            record |= _NEEDS_CURRENCY
    return {"type": ["array", "null"], "items": record}


# Where the book has no currency, an amount needs one beside it.
_NEEDS_CURRENCY: Schema = {
    "if": {"anyOf": [{"required": [name], "properties": {name: _SET}} for name in MONEY]},
    "then": {"required": ["currency"], "properties": {"currency": _SET}},
}


def _built_in_field(kind: Kind, field: Field) -> Schema:
    needed = field.name in {"id", kind.label}
    schema = of_type(field, unset=not needed)
    if field.name == kind.label:
        schema["pattern"] = r"\S"  # there must be something to see
    return {"description": _description(field, field_description(kind.name, field.name)), **schema}


def _custom_field(field: Field) -> Schema:
    link = f", the id of one of {field.link}" if field.link else ""
    return {
        "description": _description(field, f"An own field of this book: {field.type.value}{link}."),
        **of_type(field),
    }


def _description(field: Field, what: str) -> str:
    if field.type in {FieldType.TEXT, FieldType.TEXTS, FieldType.ID}:
        return what
    how = how_to_write(field)
    return f"{what} {how[:1].upper()}{how[1:]}."
