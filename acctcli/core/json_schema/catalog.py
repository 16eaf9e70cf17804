"""Schemas by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import msgspec

from acctcli.core.json_schema.records import records_schema
from acctcli.core.json_schema.settings import settings_schema
from acctcli.core.json_schema.types import DAY, Schema, whole_text
from acctcli.core.model.kinds import KIND_NAMES, KINDS
from acctcli.core.model.money import DIGITS

if TYPE_CHECKING:
    from acctcli.core.json_schema.types import Schema
    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Settings

_Other = Literal["settings", "rates", "holidays"]
_OTHERS: tuple[_Other, ...] = get_args(_Other)
NAMES: tuple[KindName | _Other, ...] = (*KIND_NAMES, *_OTHERS)
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class SchemaInfo(NamedTuple):
    """What a schema is for.

    Attributes:
        files: The files it is of, as the manual names them.
        title: What stands in them, for people.
    """

    files: str
    title: str


def _records(kind: KindName, title: str) -> SchemaInfo:
    return SchemaInfo(f"{kind}.yaml and those below {kind}/", title)


SCHEMA_INFO: dict[str, SchemaInfo] = {
    "orgs": _records("orgs", "Organizations"),
    "people": _records("people", "People"),
    "deals": _records("deals", "Deals"),
    "activities": _records("activities", "Activities"),
    "notes": _records("notes", "Notes"),
    "files": _records("files", "Files"),
    "settings": SchemaInfo("acctcli.yaml", "The settings of a book"),
    "rates": SchemaInfo("rates.yaml", "Rates of exchange, by day"),
    "holidays": SchemaInfo("those named in acctcli.yaml", "Days off"),
}


def schema(name: str, settings: Settings | None) -> Schema:
    """The schema of that name, one of `NAMES`.

    Args:
        name: Its name.
        settings: Those of the book it is for, which may have fields of its own; None for any.
    """
    match name:
        case "settings":
            body = settings_schema()
        case "rates":
            body = rates_schema()
        case "holidays":
            body = holidays_schema()
        case _:
            kind = next(kind for kind in KINDS.values() if kind.name == name)
            body = records_schema(kind, settings)
    return {"$schema": _DIALECT, "title": SCHEMA_INFO[name].title, **body}


def schema_text(name: str, settings: Settings | None) -> str:
    """The schema of that name as text, with a line end."""
    text = msgspec.json.format(msgspec.json.encode(schema(name, settings)), indent=2)
    return f"{text.decode()}\n"


_DAY: Schema = {"type": "string", "pattern": whole_text(DAY)}
_CODES: Schema = {"enum": sorted(DIGITS)}


def rates_schema() -> Schema:
    """What rates.yaml may hold. Other keys of an entry are left alone."""
    return {
        "type": ["array", "null"],
        "items": {
            "type": "object",
            "required": ["date", "base", "rates"],
            "properties": {
                "date": {"description": "The day of the rates.", **_DAY},
                "base": {"description": "The currency that one unit is of.", **_CODES},
                "rates": {
                    "description": "What one unit of the base is in other currencies.",
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": _CODES,
                    "additionalProperties": {
                        "type": ["number", "string"],
                        "exclusiveMinimum": 0,
                        "maximum": 10**9,
                        "pattern": whole_text(r"(?=.*[1-9])[0-9]{1,9}(?:\.[0-9]{1,12})?"),
                    },
                },
            },
        },
    }


def holidays_schema() -> Schema:
    """What a .yaml file of days off may hold: dates, dates with names, or names by dates."""
    return {
        "anyOf": [
            {"type": "null"},
            _DAY,
            {"type": "object", "propertyNames": _DAY},
            {
                "type": "array",
                "items": {
                    "anyOf": [
                        _DAY,
                        {"type": "object", "required": ["date"], "properties": {"date": _DAY}},
                    ]
                },
            },
        ]
    }
