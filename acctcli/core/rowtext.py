"""The machine form of a list's rows as JSON text, made once and seen on any day.

A row's keys and values are those that `render.machine` writes for `core.accounts.Row`, which a
property test holds; but for the day, most of it is the same for months, and making it anew for a
hundred thousand organizations takes longer than all else. It is kept by the index.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from acctcli.core.accounts import LastContact, NextActivity, Row, Standing
from acctcli.core.dates import parse_time, time_text

_encoder = msgspec.json.Encoder(decimal_format="number")
_KEYS = Row.__struct_fields__
_BEHIND = _KEYS.index("bucket")
_HEAD = _KEYS[:_BEHIND]
# As one of the objects of an array that is written with two spaces a level.
_LAST = b',\n    "last_contact": '
_FORM = (
    b'  {%b,\n    "bucket": "%b",%b,\n    "planned_count": %d,\n    "overdue_count": %d%b,'
    b'\n    "custom_fields": %b\n  }'
)
_MEMBERSHIP = {
    None: b"",
    True: b',\n    "is_account": true',
    False: b',\n    "is_account": false',
}


class _Next(msgspec.Struct):
    """The next activity as it is written, with its time as text."""

    id: str
    type: str | None
    subject: str
    due_date: dt.date
    due_time: str | None
    owner: str | None


class _Kept(msgspec.Struct):
    """What can be read of the text again."""

    id: str
    name: str
    owner: str | None
    labels: tuple[str, ...]
    parent: str | None
    won_value: dict[str, Decimal]
    won_count: int
    open_value: dict[str, Decimal]
    open_count: int
    lost_count: int
    first_won: dt.date | None
    last_won: dt.date | None
    next_activity: _Next | None
    last_contact: LastContact | None


_decoder = msgspec.json.Decoder(_Kept)


def standing_text(standing: Standing) -> tuple[bytes, bytes]:
    """The keys of a row before its bucket, and those behind it that no day changes, as JSON."""
    values: dict[str, object] = {key: getattr(standing, key) for key in _HEAD}
    upcoming = standing.next_activity
    if upcoming is not None and upcoming.due_time is not None:
        values["next_activity"] = {
            key: getattr(upcoming, key) for key in upcoming.__struct_fields__
        } | {"due_time": time_text(upcoming.due_time)}
    values["last_contact"] = standing.last_contact
    text = msgspec.json.format(_encoder.encode([values]), indent=2)
    inside = text.removeprefix(b"[\n  {").removesuffix(b"\n  }\n]")
    # A line end in a text is written as two characters, so that this stands in it but once.
    head, key, tail = inside.partition(_LAST)
    return head, key[1:] + tail


def row_text(
    text: tuple[bytes, bytes],
    bucket: str,
    counts: tuple[int, int],
    custom: bytes,
    *,
    is_account: bool | None,
) -> bytes:
    """A row as a JSON object, in the lines that it has in an array.

    Args:
        text: What `standing_text` gave.
        bucket: The one it is in on the day.
        counts: How many activities are planned, and how many of them overdue on the day.
        custom: The organization's own fields, as a JSON object in such an array.
        is_account: Whether it is one, in lists that say so; None in others.
    """
    return _FORM % (text[0], bucket.encode(), text[1], *counts, _MEMBERSHIP[is_account], custom)


def read_standing(text: tuple[bytes, bytes]) -> Standing:
    """The standing of which `standing_text` made a text.

    Raises:
        msgspec.DecodeError: it is another text.
    """
    kept = _decoder.decode(b"{%b,%b}" % text)
    upcoming = kept.next_activity
    return Standing(
        id=kept.id,
        name=kept.name,
        owner=kept.owner,
        labels=kept.labels,
        parent=kept.parent,
        won_value=kept.won_value,
        won_count=kept.won_count,
        open_value=kept.open_value,
        open_count=kept.open_count,
        lost_count=kept.lost_count,
        first_won=kept.first_won,
        last_won=kept.last_won,
        next_activity=None if upcoming is None else _next_activity(upcoming),
        last_contact=kept.last_contact,
    )


def _next_activity(kept: _Next) -> NextActivity:
    return NextActivity(
        id=kept.id,
        type=kept.type,
        subject=kept.subject,
        due_date=kept.due_date,
        due_time=None if kept.due_time is None else parse_time(kept.due_time),
        owner=kept.owner,
    )
