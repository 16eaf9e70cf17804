"""Columns of every type, and what terms are read in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from acctcli.core.model.errors import (
    NotFoundError,
)
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.query.context import Context

if TYPE_CHECKING:
    from collections.abc import Collection

    from acctcli.core.model.kinds import KindName


TODAY = dt.date(2026, 3, 10)  # a Tuesday


ROME = dt.timezone(dt.timedelta(hours=1))


IDS = {"Acme": ("acme",), "acme": ("acme",), "Twin": ("t1", "t2")}


NAMES = {"acme": "Acme S.r.l.", "t1": "Twin", "t2": "Twin"}


def ids_of(kind: KindName, name: str) -> Collection[str]:
    if name not in IDS:
        raise NotFoundError.of("not-found", f'no {kind} is named "{name}"', hint="look")
    return IDS[name]


CONTEXT = Context(TODAY, ROME, "EUR", "EUR", frozenset({dt.date(2026, 3, 11)}), ids_of, NAMES)


COLUMNS = {
    field.name: field
    for field in (
        Field("id", FieldType.ID),
        Field("name", FieldType.TEXT),
        Field("owner", FieldType.TEXT),
        Field("labels", FieldType.TEXTS),
        Field("languages", FieldType.SOME_OF, choices=("English", "Polish")),
        Field("org", FieldType.LINK, link="orgs"),
        Field("free_link", FieldType.LINK),
        Field("bucket", FieldType.ONE_OF, choices=("none", "overdue", "today")),
        Field("done", FieldType.YES_NO),
        Field("size", FieldType.INTEGER),
        Field("probability", FieldType.NUMBER),
        Field("due_date", FieldType.DATE),
        Field("won_time", FieldType.STAMP),
        Field("due_time", FieldType.TIME),
        Field("duration", FieldType.DURATION),
        Field("term", FieldType.SPAN),
        Field("wait", FieldType.DELAY),
        Field("repeat", FieldType.REPEAT),
        Field("value", FieldType.MONEY),
        Field("currency", FieldType.CURRENCY),
        Field("won_value", FieldType.AMOUNT),
    )
} | {"custom_fields.segment": Field("segment", FieldType.TEXT)}
