"""Which files of a book have a JSON Schema, and each schema by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import msgspec

from acctcli.core.kinds import KIND_NAMES, KINDS
from acctcli.core.schemas.records import records_schema
from acctcli.core.schemas.settings import settings_schema
from acctcli.core.schemas.tables import holidays_schema, rates_schema

if TYPE_CHECKING:
    from acctcli.core.kinds import KindName
    from acctcli.core.records import Settings
    from acctcli.core.schemas.types import Schema

_Other = Literal["settings", "rates", "holidays"]
_OTHERS: tuple[_Other, ...] = get_args(_Other)
NAMES: tuple[KindName | _Other, ...] = (*KIND_NAMES, *_OTHERS)
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class About(NamedTuple):
    """What a schema is for.

    Attributes:
        files: The files it is of, as the manual names them.
        title: What stands in them, for people.
    """

    files: str
    title: str


def _records(kind: KindName, title: str) -> About:
    return About(f"{kind}.yaml and those below {kind}/", title)


ABOUT: dict[str, About] = {
    "orgs": _records("orgs", "Organizations"),
    "people": _records("people", "People"),
    "deals": _records("deals", "Deals"),
    "activities": _records("activities", "Activities"),
    "notes": _records("notes", "Notes"),
    "files": _records("files", "Files"),
    "settings": About("acctcli.yaml", "The settings of a book"),
    "rates": About("rates.yaml", "Rates of exchange, by day"),
    "holidays": About("those named in acctcli.yaml", "Days off"),
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
    return {"$schema": _DIALECT, "title": ABOUT[name].title, **body}


def schema_text(name: str, settings: Settings | None) -> str:
    """The schema of that name as text, with a line end."""
    text = msgspec.json.format(msgspec.json.encode(schema(name, settings)), indent=2)
    return f"{text.decode()}\n"
