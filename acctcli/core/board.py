"""The account board: accounts in six columns by what is planned with them next (rule 5).

It knows which card stands where; it knows nothing of widths and colours.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.accounts import Row
from acctcli.core.buckets import BUCKETS, Bucket, title
from acctcli.core.money import total
from acctcli.core.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.core.records import Settings


class Column(Struct, frozen=True, kw_only=True):
    """A column: its bucket, and its accounts with their number and their won value together."""

    bucket: Bucket
    title: str
    count: int
    won_value: dict[str, Decimal]
    accounts: tuple[Row, ...]


class Board(Struct, frozen=True, kw_only=True):
    """The columns as they stand on a day."""

    today: dt.date
    columns: tuple[Column, ...]


def board(rows: Iterable[Row], today: dt.date, settings: Settings) -> Board:
    """The board of these accounts: always the six columns, in the order of `BUCKETS`.

    Cards stand by due date, then by name (case and accents aside), then id.

    Args:
        rows: The accounts, seen on the same day.
        today: The day the rows were made for.
        settings: The bounds of the buckets, for the titles.
    """
    cards: dict[Bucket, list[Row]] = {bucket: [] for bucket in BUCKETS}
    for row in rows:
        cards[row.bucket].append(row)
    return Board(
        today=today,
        columns=tuple(
            Column(
                bucket=bucket,
                title=title(bucket, settings),
                count=len(accounts),
                won_value=total(item for row in accounts for item in row.won_value.items()),
                accounts=tuple(sorted(accounts, key=_place)),
            )
            for bucket, accounts in cards.items()
        ),
    )


def _place(row: Row) -> tuple[dt.date, str, str]:
    """Orders the cards of a column; those with nothing planned share theirs, without a date."""
    due = row.next_activity.due_date if row.next_activity else dt.date.min
    return due, fold(row.name), row.id
