"""What changed with accounts between two days.

It compares what each account was with what it is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from acctcli.core.accounts.buckets import Bucket
from acctcli.core.model.choices import CHANGE_KINDS, ChangeKind
from acctcli.core.model.money import add_amount
from acctcli.core.model.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from acctcli.core.accounts.totals import AccountRow


_ZERO = Decimal(0)


class AccountState(Struct, frozen=True, kw_only=True):
    """An account at one moment, as far as changes are told of it."""

    id: str
    name: str
    owner: str | None
    tier: str | None
    won_value: dict[str, Decimal]
    bucket: Bucket


class AccountChange(Struct, frozen=True, kw_only=True):
    """One change of one account.

    Attributes:
        change: What changed.
        id: The account's id.
        name: Its name now, or the last one of an account that is lost.
        owner: Likewise.
        tier: Likewise.
        before: The name or the bucket that it had.
        after: The one that it has.
        won_value_before: By currency, what it had won; of a new account nothing.
        won_value: What it has won; of one that is lost nothing.
        difference: What was added to the won value, or taken from it, in this change.
        bucket: In which bucket it stands; None for one that is lost.
        reason: Why it is no account any more.
    """

    change: ChangeKind
    id: str
    name: str
    owner: str | None
    tier: str | None
    before: str | None = None
    after: str | None = None
    won_value_before: dict[str, Decimal]
    won_value: dict[str, Decimal]
    difference: dict[str, Decimal] = {}
    bucket: Bucket | None
    reason: str | None = None


def state(row: AccountRow) -> AccountState:
    """The state of an account that a list shows on a day."""
    return AccountState(
        id=row.id,
        name=row.name,
        owner=row.owner,
        tier=row.tier,
        won_value=row.won_value,
        bucket=row.bucket,
    )


def account_changes(
    before: Iterable[AccountState], now: Iterable[AccountState], why: Callable[[str], str | None]
) -> list[AccountChange]:
    """What changed, in the order of `CHANGE_KINDS`, each by name.

    An account is the same as long as its id is. What one of them won more in one currency and less
    in another is told as both. One that became overdue is not told again as one that moved.

    Args:
        before: The accounts as they were.
        now: As they are.
        why: Gives the reason why an organization, by its id, is no account now.
    """
    then = {each.id: each for each in before}
    found: list[AccountChange] = []
    for each in now:
        old = then.pop(each.id, None)
        found += [_gain(each)] if old is None else _changes_of_account(old, each)
    found += [_loss(old, why(old.id)) for old in then.values()]
    places = {name: place for place, name in enumerate(CHANGE_KINDS)}
    return sorted(found, key=lambda moved: (places[moved.change], fold(moved.name), moved.id))


def _gain(each: AccountState) -> AccountChange:
    return AccountChange(
        change="new",
        id=each.id,
        name=each.name,
        owner=each.owner,
        tier=each.tier,
        won_value_before={},
        won_value=each.won_value,
        difference=difference({}, each.won_value),
        bucket=each.bucket,
    )


def _loss(old: AccountState, reason: str | None) -> AccountChange:
    return AccountChange(
        change="lost",
        id=old.id,
        name=old.name,
        owner=old.owner,
        tier=old.tier,
        won_value_before=old.won_value,
        won_value={},
        difference=difference(old.won_value, {}),
        bucket=None,
        reason=reason,
    )


def _changes_of_account(old: AccountState, each: AccountState) -> Iterator[AccountChange]:
    def moved(
        change: ChangeKind, before: str | None = None, after: str | None = None
    ) -> AccountChange:
        return AccountChange(
            change=change,
            id=each.id,
            name=each.name,
            owner=each.owner,
            tier=each.tier,
            before=before,
            after=after,
            won_value_before=old.won_value,
            won_value=each.won_value,
            bucket=each.bucket,
        )

    if each.name != old.name:
        yield moved("renamed", old.name, each.name)
    change = difference(old.won_value, each.won_value)
    more = {code: amount for code, amount in change.items() if amount > _ZERO}
    less = {code: amount for code, amount in change.items() if amount < _ZERO}
    if more:
        yield replace(moved("value_up"), difference=more)
    if less:
        yield replace(moved("value_down"), difference=less)
    if each.bucket != old.bucket:
        name: ChangeKind = "overdue" if each.bucket == "overdue" else "moved"
        yield moved(name, old.bucket, each.bucket)


def difference(before: Mapping[str, Decimal], now: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What comes to the one totals to make the others, by currency; only what is not zero."""
    sums: dict[str, Decimal] = {}
    for code, amount in now.items():
        add_amount(sums, code, amount)
    for code, amount in before.items():
        add_amount(sums, code, -amount)
    return {code: amount for code, amount in sorted(sums.items()) if amount != _ZERO}
