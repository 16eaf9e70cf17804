"""Rows of accounts as JSON text that holds on any day.

A row's keys and values are those that `json_csv` writes for `Row`, which a
property test holds; but for the day, most of it is the same for months, and making it anew for a
hundred thousand organizations takes longer than all else. It is kept by the index.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from acctcli.core.accounts.totals import AccountStanding, NextActivity
from acctcli.core.model.dates import parse_time, time_text

_encoder = msgspec.json.Encoder(decimal_format="number")
# As one of the objects of an array that is written with two spaces a level.
_FORM = (
    b'  {%b,\n    "bucket": "%b",\n    "planned_count": %d,\n    "overdue_count": %d%b,'
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


class _StoredRow(AccountStanding, frozen=True, kw_only=True):
    """What can be read of the text again."""

    next_activity: _Next | None  # type: ignore[assignment]  # it becomes one below


_decoder = msgspec.json.Decoder(_StoredRow)


def standing_text(standing: AccountStanding) -> bytes:
    """The keys of a row that no day changes, as JSON."""
    values: dict[str, object] = {
        key: getattr(standing, key) for key in AccountStanding.__struct_fields__
    }
    upcoming = standing.next_activity
    if upcoming is not None and upcoming.due_time is not None:
        values["next_activity"] = {
            key: getattr(upcoming, key) for key in upcoming.__struct_fields__
        } | {"due_time": time_text(upcoming.due_time)}
    text = msgspec.json.format(_encoder.encode([values]), indent=2)
    return text.removeprefix(b"[\n  {").removesuffix(b"\n  }\n]")


def row_text(
    text: bytes,
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
    return _FORM % (text, bucket.encode(), *counts, _MEMBERSHIP[is_account], custom)


def read_standing(text: bytes) -> AccountStanding:
    """The standing of which `standing_text` made a text.

    Raises:
        msgspec.DecodeError: it is another text.
    """
    kept = _decoder.decode(b"{%b}" % text)
    upcoming = kept.next_activity
    values = {name: getattr(kept, name) for name in AccountStanding.__struct_fields__}
    return AccountStanding(
        **{**values, "next_activity": None if upcoming is None else _next_activity(upcoming)}
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
