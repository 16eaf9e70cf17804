"""The JSON Schema of acctcli.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.json_schema.types import (
    PATTERNS,
    Schema,
    of_type,
    one_of,
    whole_text,
)
from acctcli.core.model.kinds import KIND_NAMES, KINDS, Field, FieldType, Kind
from acctcli.core.model.settings import EVENTS, INPUTS
from acctcli.core.settings.custom_fields import NAME, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEEN: Schema = {"pattern": r"\S"}  # a name in which there is something to see
_CONTROL = r"\x00-\x1f\x7f-\x9f"
_FOLDER = rf"[^{_CONTROL}/\\.][^{_CONTROL}/\\]*"
_CALENDAR = rf"(?:{_FOLDER}/)*{_FOLDER}\.(?:yaml|ics)"
_YEAR = r"\{year\}"
_NEW_FOLDER = (
    rf"(?:[^{_CONTROL}/\\{{}}.]|{_YEAR})(?:[^{_CONTROL}/\\{{}}]|{_YEAR})*"  # braces: the year
)
_ANCHORS = ("after", "before", "wait")


def settings_schema() -> Schema:
    """What acctcli.yaml may hold. Other keys are left alone."""
    return {
        "type": ["object", "null"],
        "properties": {
            "format": {
                "description": "The version of the format of books: 1.",
                **_whole(1, 1),
                "pattern": "^0*1$",
            },
            "currency": {
                "description": "The currency of new deals, and of amounts that name none.",
                **_schema_of_type(FieldType.CURRENCY),
            },
            "timezone": {
                "description": "The time zone that says on which day a timestamp falls, such as"
                " Europe/Rome; without it the machine's own.",
                "type": ["string", "null"],
            },
            "contact_types": {
                "description": "The types of activities that count as contact.",
                **_schema_of_type(FieldType.TEXTS),
            },
            "activity_types": {
                "description": "The types of activities that there are besides.",
                **_schema_of_type(FieldType.TEXTS),
            },
            "business_days": {
                "description": "Whether a card that is moved goes to a business day.",
                **_schema_of_type(FieldType.YES_NO),
            },
            "buckets": _mapping(
                "The first day ahead in two columns of the board.",
                {
                    "soon": {"description": "2 or more.", **_whole(2)},
                    "later": {"description": "Above soon.", **_whole(3)},
                },
            ),
            "tiers": {
                "description": "How often the accounts of each tier are to be contacted, at the"
                " least: {A: 30d, B: 3m}.",
                "type": ["object", "null"],
                "propertyNames": _SEEN,
                "additionalProperties": {
                    "type": "string",
                    "pattern": whole_text(f"(?!0+[dwmy]$){PATTERNS[FieldType.SPAN]}"),
                },
            },
            "health": _health(),
            "holidays": {
                "description": "Files in the book that say which days are off, .yaml or .ics.",
                "type": ["array", "string", "null"],
                "pattern": whole_text(_CALENDAR),
                "items": {"type": ["string", "null"], "pattern": whole_text(_CALENDAR)},
            },
            "playbooks": {
                "description": "What is planned after an event, step by step.",
                "type": ["object", "null"],
                "propertyNames": _SEEN,
                "additionalProperties": _playbook(),
            },
            "views": {
                "description": "What is asked of lists again and again, by name.",
                "type": ["object", "null"],
                "propertyNames": _SEEN,
                "additionalProperties": _view(),
            },
            "fields": {
                "description": "Own fields, by kind: a name and a type.",
                "type": ["object", "null"],
                "properties": {name: _fields(kind) for name, kind in KINDS.items()},
            },
            "new_records": {
                "description": "The file that new records of a kind go to; {year} is the"
                " current one.",
                "type": ["object", "null"],
                "properties": {
                    name: {
                        "type": ["string", "null"],
                        "pattern": whole_text(
                            rf"{name}\.yaml|{name}/(?:{_NEW_FOLDER}/)*{_NEW_FOLDER}\.yaml"
                        ),
                    }
                    for name in KIND_NAMES
                },
            },
        },
    }


def _schema_of_type(kind: FieldType) -> Schema:
    return of_type(Field("", kind))


def _whole(least: int, most: int | None = None) -> Schema:
    schema = _schema_of_type(FieldType.INTEGER)
    return {**schema, "minimum": least, **({} if most is None else {"maximum": most})}


def _mapping(description: str, properties: Mapping[str, Schema]) -> Schema:
    return {
        "description": description,
        "type": ["object", "null"],
        "properties": dict(properties),
    }


def _health() -> Schema:
    return _mapping(
        "How the health of an account is worked out, from 0 to 100 points.",
        {
            "weights": {
                "description": "What counts, and how much each does beside the others.",
                "type": ["object", "null"],
                "properties": {name: _whole(1, 100) for name in INPUTS},
                "additionalProperties": False,
                "if": {"type": "object"},
                "then": {"not": {"additionalProperties": {"type": "null"}}},
            },
            "healthy": {
                "description": "From so many points on an account is healthy.",
                **_whole(1, 100),
            },
            "watch": {
                "description": "From so many on it is to be watched; below, it is at risk.",
                **_whole(1, 99),
            },
        },
    )


def _view() -> Schema:
    """A saved view; one that is wrong is told by `check`, and is no error of the book."""
    texts = _schema_of_type(FieldType.TEXTS)
    return {
        "type": "object",
        "required": ["command"],
        "properties": {
            "command": {"description": "The list, such as account list.", "type": "string"},
            "where": {"description": "A term, or a list of them; all must hold.", **texts},
            "sort": {"description": "The order, such as -won_value.", **texts},
            "fields": {"description": "The fields that are shown.", **texts},
            "group_by": {"description": "The fields that it is grouped by.", **texts},
            "limit": {"description": "How many there are at most.", **_whole(1)},
            "mine": {
                "description": "Whether only those count whose owner is at work.",
                **_schema_of_type(FieldType.YES_NO),
            },
        },
    }


def _playbook() -> Schema:
    step = _step()
    no_wait: Schema = {"properties": {"wait": {"type": "null"}}}
    return {
        "type": "object",
        "required": ["steps"],
        "properties": {
            "on": {
                "description": "The event that plans it; hand is none.",
                "enum": [*EVENTS, "", None],
            },
            "business_days": {
                "description": "Whether a step that falls on a day off moves to the next"
                " business day.",
                **_schema_of_type(FieldType.YES_NO),
            },
            "steps": {
                "description": "The activities to plan, in order.",
                "type": "array",
                "minItems": 1,
                "prefixItems": [{"allOf": [step, no_wait]}],
                "items": step,
            },
        },
    }


def _step() -> Schema:
    told = {
        "after": "How long after the event it is due: 2bd, 3d, 1w.",
        "before": "How long before the event it is due.",
        "wait": "How long after the step before is done it is due.",
    }
    return {
        "type": "object",
        "required": ["type", "subject"],
        "properties": {
            "type": {
                "description": "A type of activity, one of contact_types or activity_types.",
                **of_type(Field("", FieldType.TEXT), unset=False),
                **_SEEN,
            },
            "subject": {
                "description": "What is to be done.",
                **of_type(Field("", FieldType.TEXT), unset=False),
                **_SEEN,
            },
            **{
                name: {"description": words, **_schema_of_type(FieldType.DELAY)}
                for name, words in told.items()
            },
            "owner": {
                "description": "Who does it; else the owner of the account.",
                **_schema_of_type(FieldType.TEXT),
            },
            "note": {"description": "What to know about it.", **_schema_of_type(FieldType.TEXT)},
        },
        "oneOf": [
            {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
            for name in _ANCHORS
        ],
    }


def _fields(kind: Kind) -> Schema:
    texts: Schema = {
        **of_type(Field("", FieldType.TEXTS), unset=False),
        "contains": {"not": {"type": "null"}},
    }
    return {
        "type": ["object", "null"],
        "propertyNames": {
            "pattern": whole_text(NAME.pattern),
            "not": {"enum": [field.name for field in kind.fields]},
        },
        "additionalProperties": {
            "description": f"The type of a field of {kind.name}.",
            "anyOf": [
                {"enum": list(WORDS)},
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": 1,
                    "properties": {
                        "one_of": texts,
                        "some_of": texts,
                        "link": one_of(KIND_NAMES, unset=False),
                    },
                    "additionalProperties": False,
                },
            ],
        },
    }
