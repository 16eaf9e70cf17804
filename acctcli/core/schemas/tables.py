"""The JSON Schemas of rates.yaml and of the files of days off."""

from __future__ import annotations

from acctcli.core.money import DIGITS
from acctcli.core.schemas.types import DAY, Schema, whole_text

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
