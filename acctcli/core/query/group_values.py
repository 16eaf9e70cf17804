"""Values that items are grouped by.

Every grouping is a field: a built-in or declared one of organizations, or one of the words for
what is worked out.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.accounts.buckets import BUCKETS, title
from acctcli.core.model.choices import HEALTH_WORDS
from acctcli.core.model.dates import stamp_day, time_text
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import KINDS, Field, FieldType
from acctcli.core.model.money import plain
from acctcli.core.model.names import fold, nearest_first
from acctcli.core.model.values import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acctcli.core.accounts.buckets import Bucket
    from acctcli.core.model.records import Settings

# What a board is grouped by in one word, before any field of the book's own.
GROUPINGS = ("bucket", "owner", "tier", "health", "renewal")
LATE = "late"  # the column of renewals whose day has passed

_CHOOSING = frozenset({FieldType.ONE_OF, FieldType.SOME_OF})
_DAYS = frozenset({FieldType.DATE, FieldType.STAMP})
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class SortKey(NamedTuple):
    """Where a column stands: those of lower groups first, within a group by what follows."""

    group: int
    name: str = ""
    number: Decimal | int = 0
    text: str = ""


class GroupValue(NamedTuple):
    """A column to be: its place, its key for scripts (None for what has no value), its title."""

    place: SortKey
    key: str | None
    title: str


class Grouping(NamedTuple):
    """What a board is grouped by, with all that making its columns needs.

    Attributes:
        field: The field; its name is the word that was asked for.
        settings: The bounds of the buckets, for their titles.
        today: The day of the board, before which a renewal is late.
        zone: Where the day of a timestamp is taken (rule 6).
        names: The names of linked records by id.
    """

    field: Field
    settings: Settings
    today: dt.date
    zone: dt.tzinfo
    names: Mapping[str, str]


def field_by(word: str, settings: Settings) -> Field:
    """The field that a board is grouped by.

    Raises:
        InvalidInputError: ``unknown-field``, with the nearest there is.
    """
    match word:
        case "bucket":
            return Field(word, FieldType.ONE_OF, choices=BUCKETS)
        case "health":
            return Field(word, FieldType.ONE_OF, choices=HEALTH_WORDS)
        case "tier":
            return Field(word, FieldType.ONE_OF, choices=tuple(settings.tiers))
        case "renewal":
            return Field(word, FieldType.DATE)
    custom = settings.custom_fields("orgs")
    found = KINDS["orgs"].field(word) or custom.get(word)
    if found is None:
        known = [*GROUPINGS, *(field.name for field in KINDS["orgs"].fields), *custom]
        there = f"write {', '.join(GROUPINGS)} or a field of organizations"
        raise InvalidInputError.of(
            "unknown-field",
            f"--by: {quote(word)} is not a field of organizations",
            hint=nearest_first(word, known, there),
        )
    return found


def declared_choices(by: Grouping) -> list[GroupValue]:
    """The columns that are there without any account in them: those of the choices."""
    if by.field.type not in _CHOOSING:
        return []
    return [_choice(by, choice) for choice in by.field.choices]


def slots(by: Grouping, value: object) -> list[GroupValue]:
    """The columns that an account with that value of the field stands in.

    It is one, but for fields that hold a list: there it is one for every item.
    """
    if isinstance(value, tuple):
        found = {slot.key: slot for slot in (_slot(by, item) for item in value)}
        return list(found.values()) or [_slot(by, None)]
    return [_slot(by, value)]


def _slot(by: Grouping, value: object) -> GroupValue:
    match value:
        case None | "":
            return GroupValue(SortKey(2), None, f"No {by.field.name.replace('_', ' ')}")
        case bool():
            word = "yes" if value else "no"
            found = GroupValue(SortKey(0, number=not value), word, f"{by.field.name}: {word}")
        case dt.date():
            found = _month(by, stamp_day(value, by.zone))
        case Decimal() | int():
            found = GroupValue(SortKey(1, number=value), _digits(value), _digits(value))
        case dict():
            found = _amount(value)
        case dt.time():
            found = _text(by, time_text(value))
        case _:
            found = _text(by, str(value))
    return found


def _text(by: Grouping, text: str) -> GroupValue:
    if by.field.type in _CHOOSING:
        return _choice(by, text)
    name = by.names.get(text, text) if by.field.link else text
    return GroupValue(SortKey(1, fold(name), text=text), text, name)


def _choice(by: Grouping, choice: str) -> GroupValue:
    choices = by.field.choices
    if choice not in choices:  # a tier that the settings do not name
        return GroupValue(SortKey(1, fold(choice), text=choice), choice, choice)
    return GroupValue(SortKey(0, number=choices.index(choice)), choice, _title(by, choice))


def _title(by: Grouping, choice: str) -> str:
    if by.field.name == "bucket":
        bucket: Bucket = next(each for each in BUCKETS if each == choice)
        return title(bucket, by.settings)
    return choice.capitalize() if by.field.name == "health" else choice


def _month(by: Grouping, day: dt.date) -> GroupValue:
    if by.field.name == "renewal" and day < by.today:
        return GroupValue(SortKey(0), LATE, LATE.capitalize())
    months = day.year * len(_MONTHS) + day.month
    return GroupValue(
        SortKey(1, number=months),
        f"{day.year:04}-{day.month:02}",
        f"{_MONTHS[day.month - 1]} {day.year}",
    )


def _amount(value: Mapping[str, Decimal]) -> GroupValue:
    [(currency, amount)] = value.items()
    text = f"{currency} {plain(Decimal(_digits(amount)), currency)}"
    return GroupValue(SortKey(1, currency, amount), text, text)


def _digits(value: Decimal | int) -> str:
    """The number in as few digits as it has, so that equal ones are one column."""
    if not value:
        return "0"
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def sort_groups(slots: Iterable[GroupValue]) -> list[GroupValue]:
    """The columns from left to right, each once."""
    return sorted({slot.key: slot for slot in slots}.values(), key=lambda slot: slot.place)
