"""The JSON Schema of a value, by the type of its field.

acctcli reads every value as text and types it by the field. Another reader has made numbers, yes
and no, or nothing of some texts before a schema sees them, and not all readers the same: what
`values` takes is taken here in each of those forms. What no reader's form of a text can tell
(`1_000`, a leap day) is left to acctcli.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.money import DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable

Schema = dict[str, object]

_LONG_MONTHS = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
_SHORT_MONTHS = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
_FEBRUARY = "02-(?:0[1-9]|1[0-9]|2[0-9])"
DAY = f"(?!0000)[0-9]{{4}}-(?:{_LONG_MONTHS}|{_SHORT_MONTHS}|{_FEBRUARY})"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SPAN = "[0-9]{1,5}[dwmy]"
_WHOLE = "[0-9]{1,18}"
_YES_NO = "|".join(
    "".join(f"[{letter.upper()}{letter}]" for letter in word)
    for word in ("true", "yes", "false", "no")
)
_ON_DAY = "(?: on day (?:29|30|31))?"
# The forms of texts, which are those of `core.model.values` but for the days of a month.
PATTERNS: dict[FieldType, str] = {
    FieldType.ID: r"(?!-)[^\s\x00-\x1f\x7f-\x9f]{1,64}",
    FieldType.LINK: r"(?!-)[^\s\x00-\x1f\x7f-\x9f]{1,64}",
    FieldType.MONEY: r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?",
    FieldType.DATE: DAY,
    FieldType.TIME: f"{_CLOCK}(?::[0-5][0-9])?",
    FieldType.STAMP: rf"{DAY}(?:[Tt ]{_CLOCK}:[0-5][0-9](?:\.[0-9]+)?(?:[Zz]|[+-]{_CLOCK}))?",
    FieldType.DURATION: "[0-9]{1,2}:[0-5][0-9]",
    FieldType.SPAN: _SPAN,
    FieldType.DELAY: r"[0-9]{1,5}(?:d|w|m|y|bd)(?:\+[0-9]{1,3}bd)?",
    FieldType.REPEAT: (
        f"every (?:(?:1 )?(?:day|week|(?:month|year){_ON_DAY})"
        f"|(?:[2-9]|[1-9][0-9]{{1,3}}) (?:days|weeks|(?:months|years){_ON_DAY}))"
    ),
    FieldType.YES_NO: _YES_NO,
    FieldType.INTEGER: _WHOLE,
    FieldType.NUMBER: r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?",
    FieldType.AMOUNT: rf"(?:{'|'.join(sorted(DIGITS))}) -?[0-9]{{1,15}}(?:\.[0-9]{{1,6}})?",
}
_LARGEST = 10**15  # what 15 digits and all places behind the dot round to, in a reader's float
# What a reader may have made of such a text, besides a text, and within which bounds. An older
# reader takes 10:30 for a number to the base 60.
_READ_AS: dict[FieldType, Schema] = {
    FieldType.ID: {"type": ["number", "boolean"], "minimum": 0},
    FieldType.LINK: {"type": ["number", "boolean"], "minimum": 0},
    FieldType.MONEY: {"type": ["number"], "minimum": -_LARGEST, "maximum": _LARGEST},
    FieldType.TIME: {
        "type": ["integer"],
        "minimum": 600,  # 10:00
        "not": {"type": "integer", "minimum": 1_440, "maximum": 35_999},  # 24:00 to 9:59:59
        "maximum": 86_399,  # 23:59:59
    },
    FieldType.DURATION: {"type": ["integer"], "minimum": 60, "maximum": 5_999},
    FieldType.YES_NO: {"type": ["boolean"]},
    FieldType.INTEGER: {"type": ["integer"], "minimum": 0, "maximum": 10**18},
    FieldType.NUMBER: {"type": ["number"], "minimum": -_LARGEST, "maximum": _LARGEST},
}
_SCALARS = ("string", "number", "boolean")
# A text that no reader takes for anything else.
_SURE = re.compile(
    r"(?!(?:y|n|yes|no|on|off|true|false|null)\Z)[A-Za-z][A-Za-z _-]*", re.IGNORECASE
)


def whole_text(pattern: str) -> str:
    """The pattern of a schema for texts all of which is in a form."""
    return f"^(?:{pattern})$"


def of_type(field: Field, *, unset: bool = True) -> Schema:
    """What may stand for a value of the field.

    Args:
        field: The field; its name and what it links to do not count.
        unset: Whether nothing may stand there too.
    """
    match field.type:
        case FieldType.TEXT:
            return {"type": list(_with_null(_SCALARS, unset=unset))}
        case FieldType.TEXTS:
            items: Schema = {"type": [*_SCALARS, "null"]}
            return {"type": list(_with_null(("array", *_SCALARS), unset=unset)), "items": items}
        case FieldType.CURRENCY:
            return one_of(sorted(DIGITS), unset=unset)
        case FieldType.ONE_OF:
            return one_of(field.choices, unset=unset)
        case FieldType.SOME_OF:
            one = one_of(field.choices, unset=unset)
            many = {"type": "array", "items": one_of(field.choices, unset=True)}
            return {"anyOf": [many, one]}
    read_as = _READ_AS.get(field.type, {"type": []})
    types = read_as["type"]
    assert isinstance(types, list)  # noqa: S101 - as written above
    return {
        **read_as,
        "type": list(_with_null((*types, "string"), unset=unset)),
        "pattern": whole_text(PATTERNS[field.type]),
    }


def one_of(choices: Iterable[str], *, unset: bool) -> Schema:
    """One of some texts, and what readers may have made of those that look like something else."""
    texts = list(choices)
    listed: Schema = {"enum": [*texts, *([None] if unset else [])]}
    if all(map(_SURE.fullmatch, texts)):
        return listed
    return {"anyOf": [listed, {"type": ["number", "boolean"]}]}


def _with_null(types: Iterable[str], *, unset: bool) -> Iterable[str]:
    return (*types, "null") if unset else types
