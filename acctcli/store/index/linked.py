"""All links of the records in the index, found in their texts without typing them.

It knows rows and the names of fields. Which links matter, and whether they lead anywhere, it does
not know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KIND_NAMES, KINDS, FieldType, KindName
from acctcli.store.index.rows import raw_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from acctcli.core.model.records import Settings


def links_in(
    database: sqlite3.Connection, settings: Settings
) -> Iterator[tuple[KindName, str, KindName, str]]:
    """See `View.links`."""
    fields = {kind: _link_fields(kind, settings) for kind in KIND_NAMES}
    lines = {kind: _line(fields[kind]) for kind in KIND_NAMES}
    rows = database.execute("SELECT kind, id, text, raw, crc FROM records WHERE id IS NOT NULL")
    for number, record_id, text, raw, crc in rows:
        kind = KIND_NAMES[number]
        known = fields[kind]
        if raw is None:  # in the plain form: one key a line, its value up to the end of it
            for name, quoted, plain in lines[kind].findall(text):
                yield kind, record_id, known[name], (quoted or plain).decode()
        else:
            values = raw_of(text, raw, crc) or {}
            for name, target_kind in known.items():
                value = values.get(name.decode())
                if isinstance(value, str):
                    yield kind, record_id, target_kind, value


def _link_fields(kind: KindName, settings: Settings) -> dict[bytes, KindName]:
    fields = (*KINDS[kind].fields, *settings.custom_fields(kind).values())
    return {
        field.name.encode(): field.link
        for field in fields
        if field.type is FieldType.LINK and field.link is not None
    }


def _line(fields: Mapping[bytes, KindName]) -> re.Pattern[bytes]:
    names = b"|".join(map(re.escape, fields))
    return re.compile(
        rb"^(?:- |  )(" + names + rb'): (?:"([^"\n]*)"|([^"\n][^\n]*))$', re.MULTILINE
    )
