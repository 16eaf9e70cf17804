"""The setting `fields`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import KIND_NAMES, KINDS, Field, FieldType
from acctcli.core.model.names import nearest_first
from acctcli.core.model.values import quote, read_value
from acctcli.core.settings.common import kinds, under

if TYPE_CHECKING:
    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw, RawRecord

# The types a custom field may have by one word; `money` says its currency beside the number.
WORDS = {
    kind.value: kind
    for kind in (
        FieldType.TEXT,
        FieldType.TEXTS,
        FieldType.DATE,
        FieldType.TIME,
        FieldType.STAMP,
        FieldType.DURATION,
        FieldType.SPAN,
        FieldType.YES_NO,
        FieldType.INTEGER,
        FieldType.NUMBER,
    )
} | {"money": FieldType.AMOUNT}
_CHOOSING = {"one_of": FieldType.ONE_OF, "some_of": FieldType.SOME_OF}
_SHAPES = (*_CHOOSING, "link")
_TYPE_HINT = (
    f"write a type, such as text ({', '.join(WORDS)}), or {{one_of: [A, B]}}, {{some_of: [A, B]}}"
    " or {link: orgs}"
)

# A custom field's name has to work as a key of the file, in `--set name=value`, in a list of
# fields parted by commas and in the dotted path of a message.
NAME = re.compile(
    r"[^\s=,.\x00-\x1f\x7f-\x9f]([^=,.\x00-\x1f\x7f-\x9f]{0,62}[^\s=,.\x00-\x1f\x7f-\x9f])?"
)
_EXAMPLE = "fields: {orgs: {vat_number: text}}"


def read_fields(raw: RawRecord, problems: list[Problem]) -> dict[KindName, dict[str, Field]]:
    """The declared custom fields (rule 11)."""
    fields: dict[KindName, dict[str, Field]] = {}
    for kind, given in kinds("fields", raw, problems, _EXAMPLE):
        declared: dict[str, Field] = {}
        for name, wanted in under(f"fields.{kind}", given, problems, _EXAMPLE).items():
            try:
                declared[name] = _read_field(kind, name, wanted)
            except InvalidInputError as error:
                problems.extend(error.problems)
        if declared:
            fields[kind] = declared
    return fields


def _read_field(kind: KindName, name: str, wanted: Raw) -> Field:
    path = f"fields.{kind}.{name}"
    if KINDS[kind].field(name) is not None:
        raise _error(
            "built-in-field",
            path,
            f'{path}: "{name}" is a built-in field of {kind}',
            f"choose another name, such as own_{name}",
        )
    if NAME.fullmatch(name) is None:
        raise _error(
            "bad-field-name",
            path,
            f"fields.{kind}: {quote(name)} is not a name for a field",
            "write letters, digits and underscores, such as vat_number",
        )
    if isinstance(wanted, str):
        if wanted not in WORDS:
            hint = nearest_first(wanted, WORDS, _TYPE_HINT)
            raise _error(
                "bad-field-type", path, f"{path}: {quote(wanted)} is not a type of field", hint
            )
        return Field(name, WORDS[wanted])
    if not isinstance(wanted, dict) or len(wanted) != 1 or not wanted.keys() <= set(_SHAPES):
        raise _error("bad-field-type", path, f"{path}: no type of field stands here", _TYPE_HINT)
    return _read_shape(path, name, wanted)


def _read_shape(path: str, name: str, wanted: dict[str, Raw]) -> Field:
    [(shape, given)] = wanted.items()
    if shape == "link":
        target = read_value(Field(f"{path}.link", FieldType.ONE_OF, choices=KIND_NAMES), given)
        for kind in KIND_NAMES:
            if kind == target:
                return Field(name, FieldType.LINK, link=kind)
    else:
        choices = read_value(Field(f"{path}.{shape}", FieldType.TEXTS), given)
        if isinstance(choices, tuple) and choices:
            return Field(name, _CHOOSING[shape], choices=choices)
    raise _error(
        "bad-field-type", f"{path}.{shape}", f"{path}.{shape}: nothing stands here", _TYPE_HINT
    )


def _error(name: str, path: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(Problem(id=name, message=message, hint=hint, field=path))
