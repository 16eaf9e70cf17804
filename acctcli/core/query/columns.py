"""Columns of lists: their paths and types.

Terms, sorting, grouping and the choice of fields all find their columns here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.accounts.buckets import BUCKETS
from acctcli.core.model.choices import CHANGE_KINDS, DIGEST_SECTIONS, HEALTH_WORDS
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import KINDS, Field, FieldType, KindName
from acctcli.core.model.names import nearest_first
from acctcli.core.model.values import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CUSTOM_PREFIX = "custom_fields."  # what stands before the name of a field of the book's own
# What a name without its end stands for: the day, for it is what people compare.
_SHORT = {"next_activity": "next_activity.due_date", "last_contact": "last_contact.date"}

_TOTALS = (
    "won_value", "open_value", "lost_value", "group_value", "mrr", "arr", "acv",
    "won_value_before", "difference",
)  # fmt: skip
_DAYS = (
    "first_won", "last_won", "first_win", "last_win", "next_win", "renewal_date", "contact_due",
    "next_activity.due_date", "last_contact.date", "day", "due_date", "since", "until", "date",
)  # fmt: skip
_WHOLE = (
    "won_count", "open_count", "lost_count", "planned_count", "overdue_count", "group_count",
    "group_size", "win_count", "contact_count", "usual_days", "late_by", "days_left", "points",
    "customer_count", "account_count", "new_count", "returning_count", "lapsed_count", "added",
    "changed", "removed", "count", "line", "column", "steps", "done", "step", "limit",
)  # fmt: skip
# Of lists that are not simply records; a path that is in none of these holds a text.
_TYPES: dict[str, Field] = {
    **{name: Field(name, FieldType.AMOUNT) for name in _TOTALS},
    **{name: Field(name, FieldType.DATE) for name in _DAYS},
    **{name: Field(name, FieldType.INTEGER) for name in _WHOLE},
    "id": Field("id", FieldType.ID),
    "parent": Field("parent", FieldType.LINK, link="orgs"),
    "org": Field("org", FieldType.LINK, link="orgs"),
    "person": Field("person", FieldType.LINK, link="people"),
    "deal": Field("deal", FieldType.LINK, link="deals"),
    "next_activity.id": Field("next_activity.id", FieldType.ID),
    "last_contact.id": Field("last_contact.id", FieldType.ID),
    "last_contact.person": Field("last_contact.person", FieldType.LINK, link="people"),
    "next_activity.due_time": Field("next_activity.due_time", FieldType.TIME),
    "labels": Field("labels", FieldType.TEXTS),
    "bucket": Field("bucket", FieldType.ONE_OF, choices=BUCKETS),
    "change": Field("change", FieldType.ONE_OF, choices=CHANGE_KINDS),
    "section": Field("section", FieldType.ONE_OF, choices=DIGEST_SECTIONS),
    "word": Field("word", FieldType.ONE_OF, choices=HEALTH_WORDS),
    "health": Field("health", FieldType.ONE_OF, choices=HEALTH_WORDS),
    "coverage": Field(
        "coverage", FieldType.ONE_OF, choices=("contacted", "not_contacted", "never")
    ),
    "level": Field("level", FieldType.ONE_OF, choices=("error", "warning")),
    "is_account": Field("is_account", FieldType.YES_NO),
    "undone": Field("undone", FieldType.YES_NO),
    "time": Field("time", FieldType.STAMP),
    "add_time": Field("add_time", FieldType.STAMP),
    "rate": Field("rate", FieldType.NUMBER),
    "currency": Field("currency", FieldType.CURRENCY),
    "value": Field("value", FieldType.MONEY),
    "term": Field("term", FieldType.SPAN),
    "where": Field("where", FieldType.TEXTS),
    "mine": Field("mine", FieldType.YES_NO),
    "undoes": Field("undoes", FieldType.TEXTS),
    "redoes": Field("redoes", FieldType.TEXTS),
}

# The last ones are fields of organizations that stand in no row of a list of them.
_OF_ORGS = (
    "health", "points", "contact_due", "late_by",
    "industry", "address", "website", "phone", "add_time", "source", "external_id",
)  # fmt: skip
# What lists know beside their columns, and work out when it is asked for, by the list's name.
COMPUTED: dict[str, tuple[str, ...]] = {
    "accounts": _OF_ORGS,
    "cards": _OF_ORGS,
    "orgs_with_values": _OF_ORGS,
    "people": ("org_name",),
    "deals": ("org_name",),
    "activities": ("org_name", "bucket"),
    "notes": ("org_name",),
    "files": ("org_name",),
}

# The kind whose fields the columns of a list have the types of, by the list's name.
TYPES_OF: dict[str, KindName] = {
    **{name: name for name in KINDS},
    "agenda": "activities",
    "plan": "activities",
    "renewals": "deals",
}


def typed_columns(
    paths: Iterable[str], kind: KindName | None, own: Mapping[str, Field]
) -> dict[str, Field]:
    """The columns of a list by their paths, in their order, each with its type.

    Args:
        paths: The paths of the list's columns, without those of the book's own fields.
        kind: What the rows are records of; None when they are made of several.
        own: The declared fields that the rows have, by name.
    """
    columns = {}
    for path in paths:
        built_in = None if kind is None else KINDS[kind].field(path)
        columns[path] = built_in or _TYPES.get(path) or Field(path, FieldType.TEXT)
    return columns | {CUSTOM_PREFIX + name: field for name, field in own.items()}


def resolve(name: str, columns: Mapping[str, Field], where: str) -> str:
    """The path that a user's name for a column stands for.

    That is the path itself; or, of a field of the book's own, its bare name; or the day of
    `next_activity` or `last_contact`.

    Args:
        name: What the user wrote.
        columns: The columns by their paths.
        where: The option it was given by, for messages.

    Raises:
        InvalidInputError: ``unknown-field``, with the nearest there is.
    """
    name = name.strip()
    for path in (name, _SHORT.get(name, ""), CUSTOM_PREFIX + name):
        if path in columns:
            return path
    known = [path.removeprefix(CUSTOM_PREFIX) for path in columns]
    raise InvalidInputError.of(
        "unknown-field",
        f"{where}: {quote(name)} is not a field of this list",
        hint=nearest_first(name, known, f"the fields are {', '.join(known)}"),
    )
