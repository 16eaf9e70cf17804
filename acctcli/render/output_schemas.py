"""JSON Schemas of what commands print.

They are made of the columns of lists and the fields of records, so that they cannot tell of
others. Keys may be added to an output, so a schema leaves room for more (rule 12).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import NotFoundError
from acctcli.core.model.kinds import KINDS, Field, FieldType, KindName
from acctcli.core.model.names import nearest_first
from acctcli.core.query.columns import typed_columns
from acctcli.render.list_columns import MACHINE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Schema = dict[str, object]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_AMOUNT: Schema = {
    "type": ["number", "string"],
    "description": "a number; with --money text the same digits as text",
}
_TOTALS: Schema = {
    "type": "object",
    "description": "an amount by the code of its currency",
    "propertyNames": {"pattern": "^[A-Z]{3}$"},
    "additionalProperties": _AMOUNT,
}
_OWN: Schema = {"type": "object", "description": "the book's own fields, by name"}
_TEXT: Schema = {"type": ["string", "null"]}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_COUNT: Schema = {"type": "integer"}
_TYPES: dict[FieldType, Schema] = {
    FieldType.DATE: {"type": ["string", "null"], "format": "date"},
    FieldType.TIME: {"type": ["string", "null"], "pattern": "^[0-9]{2}:[0-9]{2}"},
    FieldType.STAMP: {"type": ["string", "null"], "description": "a date, or a time with offset"},
    FieldType.YES_NO: {"type": "boolean"},
    FieldType.INTEGER: {"type": ["integer", "null"]},
    FieldType.NUMBER: {"type": ["number", "null"]},
    FieldType.MONEY: {**_AMOUNT, "type": ["number", "string", "null"]},
    FieldType.AMOUNT: _TOTALS,
    FieldType.TEXTS: _TEXTS,
}
# Of what is nested, and in no column of a list.
_LATE = "what due days kind id type text owner"
_PAGE_RENEWAL = "id title status archived counts renewal_date term days_late mrr arr acv owner"
_BRANCH = (
    "id name owner tier is_account won_value won_count group_value group_count group_size"
    " next_activity.id next_activity.type next_activity.subject next_activity.due_date"
    " next_activity.due_time next_activity.owner bucket"
)
_PART = "input weight score points most because"
_WHOLE = frozenset({"days", "days_late", "weight", "score", "points", "most"})
_FAMILY = frozenset({"path", "group_value", "group_count", "group_size"})
_DAYS = frozenset({"due", "planned"})
_YES_NO = frozenset({"archived", "counts"})


def output_schema(command: str) -> Schema:
    """The JSON Schema of what a command prints with --format json.

    Args:
        command: Its words, such as ``account list``.

    Raises:
        NotFoundError: ``no-schema``: there is no such command, or it prints no data.
    """
    made = _COMMANDS.get(command)
    if made is None:
        hint = nearest_first(command, _COMMANDS, f"there are those of {', '.join(_COMMANDS)}")
        raise NotFoundError.of(
            "no-schema", f'there is no schema of the output of "{command}"', hint=hint
        )
    return {"$schema": _DIALECT, "title": f"acctcli {command} --format json", **made()}


def commands_with_schema() -> list[str]:
    """The commands that print data, in order."""
    return list(_COMMANDS)


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _any_of(*choices: Schema) -> Schema:
    return {"anyOf": list(choices)}


def _object(properties: Mapping[str, Schema], optional: Iterable[str] = ()) -> Schema:
    left_out = set(optional)
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [key for key in properties if key not in left_out],
    }


def _field_schema(field: Field) -> Schema:
    if field.choices:
        return {"enum": [*field.choices, None]}
    return _TYPES.get(field.type, _TEXT)


def _columns(paths: Iterable[str], kind: KindName | None = None) -> dict[str, Schema]:
    """The properties of a row with these columns; what has a dot in its path is nested."""
    properties: dict[str, Schema] = {}
    nested: dict[str, dict[str, Schema]] = {}
    for path, field in typed_columns(paths, kind, {}).items():
        key, _, inner = path.partition(".")
        if inner:
            nested.setdefault(key, {})[inner] = _field_schema(field)
            properties[key] = {**_object(nested[key]), "type": ["object", "null"]}
        else:
            properties[key] = _schema_of_name(path) or _field_schema(field)
    return properties


def _schema_of_name(name: str) -> Schema | None:
    if name in _WHOLE:
        return {"type": "integer"}
    if name in _YES_NO:
        return _TYPES[FieldType.YES_NO]
    return _TYPES[FieldType.DATE] if name in _DAYS else None


def _struct(names: str) -> Schema:
    return _object(_columns(names.split()))


def _record(kind: KindName) -> Schema:
    columns = _columns((field.name for field in KINDS[kind].fields), kind)
    return _object({**columns, "custom_fields": _OWN})


def _records(kind: KindName) -> Callable[[], Schema]:
    return lambda: _list(_record(kind))


def _single_record(kind: KindName) -> Callable[[], Schema]:
    return lambda: _record(kind)


def _rows(
    name: str,
    kind: KindName | None = None,
    *,
    more: Mapping[str, Schema] | None = None,
    optional: Iterable[str] = (),
) -> Schema:
    return _object({**_columns(MACHINE_COLUMNS[name], kind), **(more or {})}, optional)


def _accounts(name: str = "accounts", more: str = "") -> Schema:
    columns = _columns([*MACHINE_COLUMNS[name], *more.split()])
    return _object({**columns, "custom_fields": _OWN}, more.split())


def _lists(name: str, kind: KindName | None = None) -> Callable[[], Schema]:
    return lambda: _list(_rows(name, kind))


def _board() -> Schema:
    column = _object(
        {
            "bucket": {"type": "string"},
            "key": _TEXT,
            "title": {"type": "string"},
            "count": _COUNT,
            "won_value": _TOTALS,
            "accounts": _list(_accounts()),
        },
        ("bucket", "key"),
    )
    today: Schema = {"type": "string", "format": "date"}
    by: Schema = {"type": "string"}
    return _object({"today": today, "by": by, "columns": _list(column)}, ("by",))


def _page(*, with_membership: bool) -> Callable[[], Schema]:
    def page() -> Schema:
        columns = _columns(MACHINE_COLUMNS["org_page" if with_membership else "account_page"])
        own = _columns(field.name for field in KINDS["orgs"].fields)
        health = _object({"points": _COUNT, "word": _TEXT, "parts": _list(_struct(_PART))})
        contact_due = _struct("tier rhythm day late_by planned")
        activities = {name: _list(_record("activities")) for name in ("planned", "done")}
        properties: dict[str, Schema] = {
            **{key: each for key, each in columns.items() if key not in _FAMILY},
            **{key: each for key, each in own.items() if key not in columns},
            "health": {**health, "type": ["object", "null"]},
            "contact_due": {**contact_due, "type": ["object", "null"]},
            "path": _TEXTS,
            "group_value": {**_TOTALS, "type": ["object", "null"]},
            **{key: columns[key] for key in ("group_count", "group_size")},
            "late": _list(_struct(_LATE)),
            "deals": _list(_record("deals")),
            "renewals": _list(_struct(_PAGE_RENEWAL)),
            "branches": _list(_struct(_BRANCH)),
            "people": _list(_record("people")),
            "notes": _list(_record("notes")),
            "files": _list(_record("files")),
            "activities": _object(activities, activities),
            "custom_fields": _OWN,
        }
        # With --section only some of them are there.
        return _object(properties, properties.keys() - {"id", "name"})

    return page


def _why() -> Schema:
    reason = _object({"text": {"type": "string"}, "kind": _TEXT, "record": _TEXT})
    why = _object(
        {
            "of": {"type": "string"},
            "value": {"description": "as lists have it"},
            "rule": {"type": "string"},
            "reasons": _list(reason),
        }
    )
    return _any_of(why, _list(why))


def _plan() -> Schema:
    return _list(_any_of(_rows("plan", "activities", more={"custom_fields": _OWN}), _runs()))


def _runs() -> Schema:
    return _rows("playbooks")


def _timeline() -> Schema:
    return _list(_rows("timeline", more={"value": _TOTALS}))


def _health() -> Schema:
    return _list(_rows("health", more={"points": _COUNT, "parts": _list(_struct(_PART))}))


def _commit(*, with_changes: bool) -> Callable[[], Schema]:
    def commit() -> Schema:
        if not with_changes:
            return _list(_struct("id time actor command"))
        change = _object(
            {
                "kind": {"type": "string"},
                "id": {"type": "string"},
                "action": {"enum": ["added", "changed", "removed"]},
                "fields": {
                    "type": "object",
                    "description": "each field as it was and as it became, as text",
                    "additionalProperties": {"type": "array"},
                },
            }
        )
        return _list(_rows("commits", more={"changes": _list(change)}))

    return commit


def _import_result() -> Schema:
    counts: Schema = {"type": "object", "additionalProperties": _COUNT}
    change = "line kind id field old new"
    return _object(
        {
            **dict.fromkeys(("rows", "created", "updated", "unchanged"), _COUNT),
            "linked": counts,
            "skipped": _list(_struct("line id message")),
            "overwrites": _list(_struct(change)),
            "filled": counts,
            "unmapped": counts,
            "declared": {"type": "object", "additionalProperties": {"type": "string"}},
            "warnings": _list(_struct("id message")),
        }
    )


def _rates() -> Schema:
    number: Schema = {"type": "number"}
    changed = {**_columns(("date", "base", "currency")), "before": number, "after": number}
    return _object(
        {
            **dict.fromkeys(("days", "new_days", "added"), _COUNT),
            "changed": _list(_object(changed)),
            "unchanged": _COUNT,
            "left_out": _TEXTS,
        }
    )


def _repeat() -> Schema:
    return _list(_any_of(_rows("repeat"), _rows("customers")))


def _verbs(noun: str, kind: KindName) -> dict[str, Callable[[], Schema]]:
    """The verbs that all kinds have."""
    one, many = _single_record(kind), _records(kind)
    return {
        f"{noun} add": one,
        f"{noun} list": many,
        f"{noun} show": one,
        f"{noun} edit": one,
        f"{noun} remove": many,
    }


def _digest() -> Schema:
    day: Schema = {"type": "string", "format": "date"}
    section = _object(
        {
            "section": {"type": "string"},
            "count": _COUNT,
            "won_value": _TOTALS,
            "rows": _list(_rows("digest", more={"points": _TYPES[FieldType.INTEGER]})),
        }
    )
    days: dict[str, Schema] = dict.fromkeys(("today", "since", "until"), day)
    texts: dict[str, Schema] = {"owner": _TEXT, "summary": {"type": "string"}}
    return _object({**days, **texts, "sections": _list(section)})


def _changes() -> Schema:
    totals = dict.fromkeys(("won_value_before", "difference"), _TOTALS)
    columns = {**_columns(MACHINE_COLUMNS["changes"]), **totals}
    return _list(_any_of(_object(columns), _rows("remembered", more={"time": _TEXT})))


def _view() -> Schema:
    yes_no: Schema = {"type": "boolean"}
    limit: Schema = {"type": ["integer", "null"]}
    more: dict[str, Schema] = {"where": _TEXTS, "limit": limit, "mine": yes_no, "line": _TEXT}
    one = _rows("views", more=more)
    return _any_of(one, _list(one))


def _apply_result() -> Schema:
    ids = dict.fromkeys(("made", "changed", "removed"), _TEXTS)
    texts = dict.fromkeys(("as", "id"), _TEXT)
    return _list(_object({"line": _COUNT, "command": _TEXTS, **texts, **ids}))


def _checks() -> Schema:
    names = ("plain", "accounts", "fixable")
    yes_no: dict[str, Schema] = {name: {"type": "boolean"} for name in names}
    check = _rows("checks", more={**yes_no, "findings": _TEXTS})
    return _list(_any_of(_rows("findings"), check))


_COMMANDS: dict[str, Callable[[], Schema]] = {
    "account list": lambda: _list(_accounts(more=" ".join(MACHINE_COLUMNS["late"]))),
    "account board": _board,
    "account show": _page(with_membership=False),
    "account timeline": _timeline,
    "account why": _why,
    "account edit": _single_record("orgs"),
    "account plan": _plan,
    "account move": _records("activities"),
    **_verbs("org", "orgs"),
    "org list": lambda: _list(_accounts("orgs_with_values")),
    "org show": _page(with_membership=True),
    "org timeline": _timeline,
    "org why": _why,
    **_verbs("person", "people"),
    **_verbs("deal", "deals"),
    **{f"deal {verb}": _records("deals") for verb in ("won", "lost", "reopen", "renew")},
    **_verbs("activity", "activities"),
    **{f"activity {verb}": _records("activities") for verb in ("done", "reopen")},
    "activity move": _single_record("activities"),
    "agenda": lambda: _list(_rows("agenda", "activities", more={"custom_fields": _OWN})),
    **_verbs("note", "notes"),
    **_verbs("file", "files"),
    "file open": lambda: _struct("id name target"),
    "file verify": _lists("findings"),
    "report coverage": _lists("coverage"),
    "report repeat": _repeat,
    "report renewals": _lists("renewals", "deals"),
    "report health": _health,
    "digest": _digest,
    "changes": _changes,
    "find": _lists("hits"),
    "check": _checks,
    "views": _view,
    "import csv": _import_result,
    "apply": _apply_result,
    "rates import": _rates,
    "rates list": _lists("rates"),
    "log": _commit(with_changes=True),
    "undo": _commit(with_changes=False),
    "redo": _commit(with_changes=False),
    "schema": _lists("schemas"),
}
