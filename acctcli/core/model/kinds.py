"""The six kinds of records and their fields.

This table is the one place that says which fields there are; reading, writing, JSON and import
maps follow it.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, get_args

from msgspec import Struct

KindName = Literal["orgs", "people", "deals", "activities", "notes", "files"]
KIND_NAMES: tuple[KindName, ...] = get_args(KindName)


class FieldType(Enum):
    """How a field's text is typed. The value is the word used in messages and in acctcli.yaml."""

    ID = "id"
    TEXT = "text"
    TEXTS = "list of text"
    LINK = "link"
    MONEY = "money"  # a bare amount; its currency stands in the field `currency`
    CURRENCY = "currency"
    DATE = "date"
    TIME = "time"
    STAMP = "timestamp"  # a date, or RFC 3339 with an offset
    DURATION = "duration"  # hours and minutes, H:MM
    SPAN = "span"  # a number of days, weeks, months or years: 30d, 2w, 12m, 1y
    DELAY = "delay"  # as a span, or a number of business days: 5bd
    REPEAT = "repeat"  # every N days, weeks, months or years
    YES_NO = "yes-no"
    INTEGER = "whole number"
    NUMBER = "number"
    ONE_OF = "one of"
    SOME_OF = "some of"  # custom fields only
    AMOUNT = (
        "amount"  # custom fields of type money: `EUR 12.50`, with the currency beside the number
    )


class Field(Struct, frozen=True):
    """A field of a kind: its name, its type, and what the type needs to know."""

    name: str
    type: FieldType
    link: KindName | None = None
    choices: tuple[str, ...] = ()

    @property
    def attribute(self) -> str:
        """What a record type calls it: its name, but for the one that Python keeps for itself."""
        return "from_" if self.name == "from" else self.name


class Kind(Struct, frozen=True):
    """A kind of records.

    Attributes:
        name: The plural, which is also its file's name and its key in acctcli.yaml.
        noun: The command's noun (``org``) and the name of a link to it.
        title: The word for people (``organization``).
        label: The field that names a record to people.
        letter: The first letter of made ids.
        fields: All built-in fields in order.
    """

    name: KindName
    noun: str
    title: str
    label: str
    letter: str
    fields: tuple[Field, ...]

    @property
    def a_title(self) -> str:
        """The title with its article, such as ``an activity``."""
        return f"{'an' if self.title[0] in 'aeiou' else 'a'} {self.title}"

    def field(self, name: str) -> Field | None:
        """The built-in field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


def _text(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, FieldType.TEXT) for name in names)


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, FieldType.TEXTS) for name in names)


_ID = Field("id", FieldType.ID)
_ORG = Field("org", FieldType.LINK, link="orgs")
_PERSON = Field("person", FieldType.LINK, link="people")
_DEAL = Field("deal", FieldType.LINK, link="deals")
_CLOSING = (Field("add_time", FieldType.STAMP), *_text("source", "external_id"))

KINDS: dict[KindName, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "orgs",
            "org",
            "organization",
            "name",
            "o",
            (
                _ID,
                *_text("name"),
                Field("parent", FieldType.LINK, link="orgs"),
                *_text("owner"),
                *_texts("labels"),
                *_text("tier", "address", "website", "phone", "industry"),
                *_CLOSING,
            ),
        ),
        Kind(
            "people",
            "person",
            "person",
            "name",
            "p",
            (
                _ID,
                *_text("name"),
                _ORG,
                *_text("owner"),
                *_texts("labels", "emails", "phones"),
                *_text("job_title"),
                *_CLOSING,
            ),
        ),
        Kind(
            "deals",
            "deal",
            "deal",
            "title",
            "d",
            (
                _ID,
                *_text("title"),
                _ORG,
                _PERSON,
                *_text("owner"),
                *_texts("labels"),
                Field("value", FieldType.MONEY),
                Field("currency", FieldType.CURRENCY),
                Field("status", FieldType.ONE_OF, choices=("open", "won", "lost")),
                *_text("stage", "pipeline"),
                Field("probability", FieldType.NUMBER),
                Field("won_time", FieldType.STAMP),
                Field("lost_time", FieldType.STAMP),
                *_text("lost_reason"),
                Field("expected_close_date", FieldType.DATE),
                Field("mrr", FieldType.MONEY),
                Field("arr", FieldType.MONEY),
                Field("acv", FieldType.MONEY),
                Field("renewal_date", FieldType.DATE),
                Field("term", FieldType.SPAN),
                Field("archived", FieldType.YES_NO),
                *_CLOSING,
            ),
        ),
        Kind(
            "activities",
            "activity",
            "activity",
            "subject",
            "a",
            (
                _ID,
                *_text("subject", "type"),
                _ORG,
                _DEAL,
                _PERSON,
                *_text("owner"),
                Field("due_date", FieldType.DATE),
                Field("due_time", FieldType.TIME),
                Field("duration", FieldType.DURATION),
                Field("done", FieldType.YES_NO),
                Field("done_time", FieldType.STAMP),
                *_text("note", "location"),
                Field("repeat", FieldType.REPEAT),
                Field("from", FieldType.ONE_OF, choices=("due", "done")),
                Field("until", FieldType.DATE),
                *_text("playbook", "run"),
                Field("step", FieldType.INTEGER),
                Field("wait", FieldType.DELAY),
                *_CLOSING,
            ),
        ),
        Kind(
            "notes",
            "note",
            "note",
            "content",
            "n",
            (
                _ID,
                *_text("content"),
                _ORG,
                _DEAL,
                _PERSON,
                *_text("owner"),
                Field("pinned", FieldType.YES_NO),
                *_CLOSING,
            ),
        ),
        Kind(
            "files",
            "file",
            "file",
            "name",
            "f",
            (
                _ID,
                *_text("name", "path", "url"),
                Field("size", FieldType.INTEGER),
                *_text("sha256"),
                _ORG,
                _DEAL,
                _PERSON,
                *_text("owner"),
                *_CLOSING,
            ),
        ),
    )
}
