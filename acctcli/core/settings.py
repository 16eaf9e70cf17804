"""What acctcli.yaml says, from text to typed settings.

It knows the keys and their values, not where the file stands or whether a time zone exists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from acctcli.core.errors import InvalidInputError, Problem
from acctcli.core.kinds import KIND_NAMES, KINDS, Field, FieldType, KindName
from acctcli.core.names import nearest
from acctcli.core.records import Raw, RawRecord, Settings
from acctcli.core.values import quoted, read_value

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

FORMAT = 1
_KEYS = (
    "format",
    "currency",
    "timezone",
    "contact_types",
    "buckets",
    "fields",
    "new_records",
)
_BOUNDS = ("soon", "later")
_DEFAULT = Settings()
_FIRST_SOON = 2  # the days before are the buckets `today` and `tomorrow`

# The types a custom field may have by one word; `money` says its currency beside the number.
_WORDS = {
    kind.value: kind
    for kind in (
        FieldType.TEXT,
        FieldType.TEXTS,
        FieldType.DATE,
        FieldType.TIME,
        FieldType.STAMP,
        FieldType.DURATION,
        FieldType.YES_NO,
        FieldType.INTEGER,
        FieldType.NUMBER,
    )
} | {"money": FieldType.AMOUNT}
_CHOOSING = {"one_of": FieldType.ONE_OF, "some_of": FieldType.SOME_OF}
_SHAPES = (*_CHOOSING, "link")
_TYPE_HINT = (
    f"write a type, such as text ({', '.join(_WORDS)}), or {{one_of: [A, B]}}, {{some_of: [A, B]}}"
    " or {link: orgs}"
)

# A custom field's name has to work as a key of the file, in `--set name=value`, in a list of
# fields parted by commas and in the dotted path of a message.
_NAME = re.compile(
    r"[^\s=,.\x00-\x1f\x7f-\x9f]([^=,.\x00-\x1f\x7f-\x9f]{0,62}[^\s=,.\x00-\x1f\x7f-\x9f])?"
)
# No part may begin with a dot: not "..", and no hidden file, which is not looked for.
_PART = r"[^\x00-\x1f\x7f-\x9f/\\{}.][^\x00-\x1f\x7f-\x9f/\\{}]*"
_FILE = re.compile(rf"({_PART}/)*{_PART}\.yaml")


def read_settings(raw: RawRecord) -> tuple[Settings, list[Problem]]:
    """The settings, and what is wrong or odd; what is wrong stays at its default.

    Each problem's field is the dotted path of keys it stands under, such as `buckets.later`. A
    key that is not known is a warning (rule 11). A format newer than this one is the only problem
    told of, since nothing else can be judged then.
    """
    problems: list[Problem] = []
    version = _read(int, Field("format", FieldType.INTEGER), raw, problems)
    if version is not None and version > FORMAT:
        return Settings(format=version), [_newer(version)]
    if version == 0:
        problems.append(
            Problem(
                id="bad-value",
                message='format: "0" is not a format of books',
                hint="write the format there is, such as format: 1",
                field="format",
            )
        )
    _warn_unknown("", raw, _KEYS, problems)
    currency = _read(str, Field("currency", FieldType.CURRENCY), raw, problems)
    timezone = _read(str, Field("timezone", FieldType.TEXT), raw, problems)
    contact: tuple[str, ...] | None = _read(
        tuple, Field("contact_types", FieldType.TEXTS), raw, problems
    )
    soon, later = _bounds(raw, problems)
    return (
        Settings(
            currency=currency,
            timezone=timezone,
            contact_types=_DEFAULT.contact_types if contact is None else contact,
            soon=soon,
            later=later,
            fields=_fields(raw, problems),
            new_records=_new_records(raw, problems),
        ),
        problems,
    )


def _newer(version: int) -> Problem:
    return Problem(
        id="newer-format",
        message=f'format: "{version}" is newer than this acctcli, which knows format {FORMAT}',
        hint="update acctcli, such as with pip install --upgrade acctcli",
        field="format",
    )


def _read(want: type[T], field: Field, raw: RawRecord, problems: list[Problem]) -> T | None:
    """The value at the last key of the field's dotted path, None when unset or wrong."""
    try:
        value = read_value(field, raw.get(field.name.rpartition(".")[2]))
    except InvalidInputError as error:
        problems.extend(error.problems)
        return None
    return value if isinstance(value, want) else None


def _under(path: str, given: Raw, problems: list[Problem]) -> dict[str, Raw]:
    """The mapping that stands there, empty when nothing or something else does."""
    if isinstance(given, dict):
        return given
    if given is not None:
        found = "a list" if isinstance(given, list) else "a text"
        problems.append(
            Problem(
                id="bad-type",
                message=f"{path}: {found} stands where keys and values are expected",
                hint="write keys and values below it, such as in buckets: {soon: 2, later: 7}",
                field=path,
            )
        )
    return {}


def _warn_unknown(
    path: str, given: RawRecord, known: Iterable[str], problems: list[Problem]
) -> None:
    names = list(known)
    for key in given:
        if key not in names:
            near = nearest(key, names)
            there = f"there are {', '.join(names)}"
            problems.append(
                Problem(
                    id="unknown-key",
                    message=f"{quoted(path + key)} is not a setting",
                    level="warning",
                    hint=f'did you mean "{near}"? {there}' if near else there,
                    field=path + key,
                )
            )


def _bounds(raw: RawRecord, problems: list[Problem]) -> tuple[int, int]:
    """The first days of the buckets soon and later (rule 5)."""
    given = _under("buckets", raw.get("buckets"), problems)
    _warn_unknown("buckets.", given, _BOUNDS, problems)
    before = len(problems)
    soon = _read(int, Field("buckets.soon", FieldType.INTEGER), given, problems)
    later = _read(int, Field("buckets.later", FieldType.INTEGER), given, problems)
    if soon is None:
        soon = _DEFAULT.soon
    if later is None:
        later = _DEFAULT.later
    if len(problems) > before:
        return _DEFAULT.soon, _DEFAULT.later
    if soon < _FIRST_SOON:
        problems.append(_bad_bound("soon", soon, "2 days or more ahead"))
    elif later <= soon:
        problems.append(_bad_bound("later", later, f'later than soon, "{soon}"'))
    else:
        return soon, later
    return _DEFAULT.soon, _DEFAULT.later


def _bad_bound(name: str, days: int, wanted: str) -> Problem:
    return Problem(
        id="bad-value",
        message=f'buckets.{name}: "{days}" is not {wanted}',
        hint="write the first day ahead of each, such as {soon: 2, later: 7}",
        field=f"buckets.{name}",
    )


def _kinds(path: str, raw: RawRecord, problems: list[Problem]) -> list[tuple[KindName, Raw]]:
    """What stands under each kind in the mapping at that path."""
    given = _under(path, raw.get(path), problems)
    _warn_unknown(f"{path}.", given, KIND_NAMES, problems)
    return [(kind, given[kind]) for kind in KIND_NAMES if given.get(kind) is not None]


def _new_records(raw: RawRecord, problems: list[Problem]) -> dict[KindName, str]:
    """The file for new records of each kind: one that is read as a file of that kind."""
    files: dict[KindName, str] = {}
    for kind, given in _kinds("new_records", raw, problems):
        path = f"new_records.{kind}"
        file = _read(str, Field(path, FieldType.TEXT), {kind: given}, problems)
        if file is None:
            continue
        if _FILE.fullmatch(file.replace("{year}", "2026")) and (
            file == f"{kind}.yaml" or file.startswith(f"{kind}/")
        ):
            files[kind] = file
            continue
        problems.append(
            Problem(
                id="bad-value",
                message=f"{path}: {quoted(file)} is not a file of {kind}",
                hint=f"write {kind}.yaml or a file below {kind}/, such as {kind}/{{year}}.yaml",
                field=path,
            )
        )
    return files


def _fields(raw: RawRecord, problems: list[Problem]) -> dict[KindName, dict[str, Field]]:
    """The declared custom fields (rule 11)."""
    fields: dict[KindName, dict[str, Field]] = {}
    for kind, given in _kinds("fields", raw, problems):
        declared: dict[str, Field] = {}
        for name, wanted in _under(f"fields.{kind}", given, problems).items():
            try:
                declared[name] = _declared(kind, name, wanted)
            except InvalidInputError as error:
                problems.extend(error.problems)
        if declared:
            fields[kind] = declared
    return fields


def _declared(kind: KindName, name: str, wanted: Raw) -> Field:
    path = f"fields.{kind}.{name}"
    if KINDS[kind].field(name) is not None:
        raise _error(
            "built-in-field",
            path,
            f'{path}: "{name}" is a built-in field of {kind}',
            f"choose another name, such as own_{name}",
        )
    if _NAME.fullmatch(name) is None:
        raise _error(
            "bad-field-name",
            path,
            f"fields.{kind}: {quoted(name)} is not a name for a field",
            "write letters, digits and underscores, such as vat_number",
        )
    if isinstance(wanted, str):
        if wanted not in _WORDS:
            near = nearest(wanted, _WORDS)
            hint = f'did you mean "{near}"? {_TYPE_HINT}' if near else _TYPE_HINT
            raise _error(
                "bad-field-type", path, f"{path}: {quoted(wanted)} is not a type of field", hint
            )
        return Field(name, _WORDS[wanted])
    if not isinstance(wanted, dict) or len(wanted) != 1 or not wanted.keys() <= set(_SHAPES):
        raise _error("bad-field-type", path, f"{path}: no type of field stands here", _TYPE_HINT)
    return _shaped(path, name, wanted)


def _shaped(path: str, name: str, wanted: dict[str, Raw]) -> Field:
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
