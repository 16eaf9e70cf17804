"""The board: accounts as cards in columns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

from acctcli.core.accounts.totals import AccountRow
from acctcli.core.model.money import total
from acctcli.core.model.names import fold
from acctcli.core.query.group_values import Grouping, declared_choices, slots, sort_groups
from acctcli.core.reports.health import AccountFacts, assess, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acctcli.core.model.records import Org, Value
    from acctcli.core.query.group_values import GroupValue


class BoardColumn(Struct, frozen=True, kw_only=True):
    """A column: its accounts with their number and their won value together.

    Attributes:
        key: What the accounts in it have, for scripts; None when they have no value.
        title: The same for people.
        count: How many accounts stand in it.
        won_value: What they have won together, by currency.
        accounts: Their cards in order.
    """

    key: str | None
    title: str
    count: int
    won_value: dict[str, Decimal]
    accounts: tuple[AccountRow, ...]


class Board(Struct, frozen=True, kw_only=True):
    """The columns as they stand on a day, by what was asked for."""

    today: dt.date
    by: str
    columns: tuple[BoardColumn, ...]


class Card(NamedTuple):
    """An account on the board: its row, the value it is grouped by, and how soon it stands."""

    row: AccountRow
    value: object
    rank: int = 0


class CardAccount(AccountFacts, Protocol):
    """What a list has at hand of an account: what health looks at, and its own fields."""

    @property
    def custom(self) -> Mapping[str, Value]:
        """Its own fields, typed."""


def card(kept: CardAccount, by: Grouping, orgs: Mapping[str, Org]) -> Card:
    """The card of an account on the board that is grouped so.

    Args:
        kept: What lists know of the account.
        by: The grouping.
        orgs: The organizations by id, looked up only for a field that lists do not have.
    """
    field = by.field
    if field.name == "health":
        seen = facts_of(kept)
        found = assess(seen, by.settings, by.today)
        return Card(seen.row, found.word, found.points)
    row = kept.row
    if field.name == "renewal":
        day = row.renewal_date
        return Card(row, day, day.toordinal() if day else 0)
    if field == by.settings.custom_fields("orgs").get(field.name):
        return Card(row, kept.custom.get(field.name))
    if field.name in row.__struct_fields__:
        return Card(row, getattr(row, field.name))
    return Card(row, getattr(orgs[row.id], field.attribute))


def board(cards: Iterable[Card], by: Grouping) -> Board:
    """The board of these accounts, in whatever order they come.

    By bucket these are always the six columns, by health always the three; by a field with choices
    there is one for each, by any other one for each value. Accounts without a value stand last.

    An account stands in exactly one column, but for fields that hold a list, such as labels: there
    it stands in that of every item, with all of its won value. Cards stand by due date, then by
    name (case and accents aside), then id; by health those with the fewest points stand first, by
    renewal those whose day comes first.
    """
    stacks: dict[str | None, list[Card]] = {}
    seen: list[GroupValue] = declared_choices(by)
    for each in cards:
        for slot in slots(by, each.value):
            if slot.key not in stacks:
                stacks[slot.key] = []
                seen.append(slot)
            stacks[slot.key].append(each)
    return Board(
        today=by.today,
        by=by.field.name,
        columns=tuple(_column(slot, stacks.get(slot.key, [])) for slot in sort_groups(seen)),
    )


def _column(slot: GroupValue, cards: list[Card]) -> BoardColumn:
    rows = [card.row for card in sorted(cards, key=_place)]
    return BoardColumn(
        key=slot.key,
        title=slot.title,
        count=len(rows),
        won_value=total(item for row in rows for item in row.won_value.items()),
        accounts=tuple(rows),
    )


def _place(card: Card) -> tuple[int, dt.date, str, str]:
    """Orders the cards of a column; what has nothing planned stands first."""
    row = card.row
    due = row.next_activity.due_date if row.next_activity else dt.date.min
    return card.rank, due, fold(row.name), row.id
