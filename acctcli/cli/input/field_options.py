"""Options and --set values as fields that are stored.

It turns words (names of records, date words, lists with commas) into the text the schema reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from acctcli.cli.app.date_option import day_option
from acctcli.core.model.dates import is_stamp
from acctcli.core.model.errors import InvalidInputError, UsageError
from acctcli.core.model.kinds import KINDS, FieldType, KindName
from acctcli.core.model.schema import field_of, from_text, to_raw
from acctcli.core.model.values import read_value, value_with_currency

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.kinds import Field
    from acctcli.core.model.records import Raw, Settings
    from acctcli.store.views.view import View

# Fields whose option has a shorter name than the field.
_OPTION_NAMES = {"due_date": "due", "due_time": "time"}
_HELP = {
    FieldType.DATE: "A date or a date word, such as +3d.",
    FieldType.STAMP: "A date or a date word, such as today.",
    FieldType.TIME: "Such as 14:30.",
    FieldType.MONEY: "An amount, such as 12500.00.",
    FieldType.CURRENCY: "A currency code, such as EUR.",
    FieldType.REPEAT: "How often, such as 'every 3 months'.",
}
# Where the type does not say enough.
_OWN_HELP = {
    "owner": "Who looks after it.",
    "term": "How long it goes on, such as 12m.",
    "probability": "Of winning it, in percent.",
    "mrr": "What it brings a month.",
    "arr": "What it brings a year.",
    "acv": "What it brings in a year of its contract.",
    "from": "What a repetition counts from: the due date, or the day it was done.",
    "until": "The last day a repetition may be due.",
}
_METAVARS = {
    FieldType.MONEY: "AMOUNT",
    FieldType.CURRENCY: "CODE",
    FieldType.DURATION: "H:MM",
    FieldType.REPEAT: "RHYTHM",
}
# What commands have verbs for, or write themselves, is no option of `add`.
_NO_OPTION = {
    "id", "add_time", "source", "external_id", "won_time", "lost_time", "lost_reason", "done_time",
    "path", "url", "size", "sha256", "playbook", "run", "step", "wait",
}  # fmt: skip


def option_word(field: Field) -> str:
    """What the option of a field is called, without its dashes."""
    name = _OPTION_NAMES.get(field.name, field.name)
    if field.type is FieldType.TEXTS:
        name = name.removesuffix("s")
    return name.replace("_", "-")


def _option_name(field: Field) -> str:
    return f"--{option_word(field)}"


def _option(field: Field) -> click.Option:
    attributes: dict[str, Any] = {"help": _OWN_HELP.get(field.name, _HELP.get(field.type))}
    if field.type is FieldType.YES_NO:
        attributes |= {"is_flag": True, "default": None}
    elif field.type is FieldType.TEXTS:
        attributes |= {"multiple": True, "metavar": "TEXT", "help": "May be given more than once."}
    elif field.choices:
        attributes |= {"type": click.Choice(field.choices)}
    elif field.link:
        attributes |= {"metavar": KINDS[field.link].noun.upper(), "help": "By id or name."}
    else:
        attributes |= {"metavar": _METAVARS.get(field.type, field.type.name)}
    return click.Option([_option_name(field), field.name], **attributes)


def field_options(kind: KindName) -> Callable[[click.Command], click.Command]:
    """Give a command an option for each field of a kind that a user fills in."""

    def give(command: click.Command) -> click.Command:
        spec = KINDS[kind]
        command.params += [
            _option(field)
            for field in spec.fields
            if field.name not in _NO_OPTION and field.name != spec.label
        ]
        return command

    return give


def typed_options(
    kind: KindName,
    given: Mapping[str, object],
    view: View,
    today: dt.date,
    *,
    holidays: AbstractSet[dt.date] = frozenset(),
) -> dict[str, Raw]:
    """The fields that `field_options` were given, as they are stored.

    Of one that comes otherwise, `given` may have any field of the kind, the book's own too.
    """
    values: dict[str, Raw] = {}
    for field in (*KINDS[kind].fields, *view.settings.custom_fields(kind).values()):
        value = given.get(field.name)
        if value is None or value == ():
            continue
        if isinstance(value, bool):
            values[field.name] = "true" if value else "false"
        elif isinstance(value, tuple):
            values[field.name] = [part for part in (str(each).strip() for each in value) if part]
        elif str(value).strip():
            values[field.name] = stored_value(
                field, str(value), view, today, _option_name(field), holidays=holidays
            )
    return values


def stored_value(
    field: Field,
    text: str,
    view: View,
    today: dt.date,
    where: str,
    *,
    holidays: AbstractSet[dt.date] = frozenset(),
) -> Raw:
    """What is stored for the text a user typed: an id for a name, a date for a date word.

    Also true for yes, and of a custom field of money a bare amount with the book's currency.

    `where` is the option it was given by, for messages.

    Raises:
        NotFoundError, AmbiguousError: a link's name.
        InvalidInputError: a date that is none, or neither yes nor no.
    """
    if field.link is not None:
        return view.find(field.link, text)
    if field.type is FieldType.DATE or (field.type is FieldType.STAMP and not is_stamp(text)):
        return day_option(text, today, where, holidays).isoformat()
    return from_text(field, _normalize(field, text, view.settings))


def _normalize(field: Field, text: str, settings: Settings) -> str:
    """A text as the schema wants it, for what a user may spell otherwise."""
    match field.type:
        case FieldType.CURRENCY:
            return text.upper()
        case FieldType.TIME:
            return text.strip().zfill(len("HH:MM"))
        case FieldType.AMOUNT:
            return value_with_currency(text, settings.currency)
        case FieldType.YES_NO:
            # So that every reader of YAML takes it for the same.
            return str(to_raw(field, read_value(field, text.strip()) or False))
        case _:
            return text


def assignments(
    kind: KindName,
    pairs: Iterable[str],
    unset: Iterable[str],
    view: View,
    today: dt.date,
    *,
    holidays: AbstractSet[dt.date] = frozenset(),
) -> dict[str, Raw]:
    """What `--set key=value` and `--unset key` ask for, as fields to change.

    Raises:
        UsageError: a pair without `=`, or a key both set and unset.
        InvalidInputError: an unknown field; the nearest one is named.
    """
    custom = view.settings.custom_fields(kind)
    changes: dict[str, Raw] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or not key:
            raise UsageError.of(
                "bad-assignment",
                f'--set: "{pair}" is no assignment',
                hint="write it as key=value, such as --set owner=Anna",
            )
        field = field_of(KINDS[kind], key, custom)
        if not value.strip():
            raise InvalidInputError.of(
                "empty-value",
                f'--set: "{key}" gets no value',
                hint="give it a value; it cannot be empty"
                if key in {"id", KINDS[kind].label}
                else f"say --unset {key} to take its value away",
            )
        if key in changes:
            raise UsageError.of("bad-assignment", f'--set: "{key}" is set twice')
        changes[key] = stored_value(field, value, view, today, f"--set {key}", holidays=holidays)
    for key in unset:
        field_of(KINDS[kind], key, custom)
        if key in changes:
            raise UsageError.of("bad-assignment", f'"{key}" is both set and unset')
        changes[key] = None
    return changes
