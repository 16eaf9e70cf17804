"""Parents, branches and group value of organizations (rule 9).

A group is an organization with all organizations below it, to any depth (rule 9).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.accounts.buckets import Bucket
from acctcli.core.accounts.totals import NextActivity
from acctcli.core.model.errors import InvalidBookError
from acctcli.core.model.links import circle_problem, cycle
from acctcli.core.model.money import add_amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.model.records import Data


class GroupMember(Struct, frozen=True, kw_only=True):
    """An organization whose parent is another one; the names are the machine keys.

    Attributes:
        won_value: Currency code to the exact sum of its own won deals.
        won_count: How many these are.
        group_value: The same of it and all below it.
        group_count: How many deals these are.
        group_size: How many organizations these are, itself among them.
    """

    id: str
    name: str
    owner: str | None
    tier: str | None
    is_account: bool
    won_value: dict[str, Decimal]
    won_count: int
    group_value: dict[str, Decimal]
    group_count: int
    group_size: int
    next_activity: NextActivity | None
    bucket: Bucket


class Family(Struct, frozen=True, kw_only=True):
    """Where an organization stands among its parents and branches.

    Attributes:
        path: The ids from the top down to the organization itself.
        group_value: What it and all below it won, per currency; each deal counts once.
        group_count: How many deals these are.
        group_size: How many organizations these are.
        branches: Those whose parent it is, in the order of a list.
    """

    path: tuple[str, ...]
    group_value: dict[str, Decimal]
    group_count: int
    group_size: int
    branches: tuple[GroupMember, ...]


class _Group(Struct):
    value: dict[str, Decimal]
    count: int
    size: int

    def add(self, other: _Group) -> None:
        for currency, amount in other.value.items():
            add_amount(self.value, currency, amount)
        self.count += other.count
        self.size += other.size


def path_to(org_id: str, data: Data) -> tuple[str, ...]:
    """The ids from the top down to an organization. A parent that is not there ends the way up.

    Raises:
        InvalidBookError: "parent-cycle": the way up leads round; the message shows how (rule 9).
    """
    if circle := cycle(org_id, data):
        raise InvalidBookError(circle_problem(circle))
    path: list[str] = []
    current: str | None = org_id
    while current is not None and current in data.orgs:
        path.append(current)
        current = data.orgs[current].parent
    return tuple(reversed(path))


def descendants(
    org_id: str, branches: Callable[[str], Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    """The ids of an organization and of all below it, each with those of its branches.

    A branch stands after its parent. Each id is there once, whatever the branches are.

    Args:
        org_id: Whose group it is.
        branches: The ids of an organization's branches, in the order of a list.
    """
    found: dict[str, tuple[str, ...]] = {}
    waiting = [org_id]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = tuple(branches(current))
            waiting += reversed(found[current])
    return found


def family(
    path: Sequence[str], tree: Mapping[str, Sequence[str]], rows: Mapping[str, AccountRow]
) -> Family:
    """The family of an organization.

    Args:
        path: As `path_to` gives it.
        tree: As `below` gives it.
        rows: The organizations of the tree as a list shows them on the day, by id.
    """
    groups: dict[str, _Group] = {}
    for org_id in reversed(list(tree)):  # what stands below a parent comes before it
        row = rows[org_id]
        groups[org_id] = _Group(dict(row.won_value), row.won_count, 1)
        for each in tree[org_id]:
            groups[org_id].add(groups[each])
    own = groups[path[-1]]
    return Family(
        path=tuple(path),
        group_value=dict(sorted(own.value.items())),
        group_count=own.count,
        group_size=own.size,
        branches=tuple(_branch(rows[each], groups[each]) for each in tree[path[-1]]),
    )


def _branch(row: AccountRow, group: _Group) -> GroupMember:
    return GroupMember(
        id=row.id,
        name=row.name,
        owner=row.owner,
        tier=row.tier,
        is_account=row.is_account,
        won_value=row.won_value,
        won_count=row.won_count,
        group_value=dict(sorted(group.value.items())),
        group_count=group.count,
        group_size=group.size,
        next_activity=row.next_activity,
        bucket=row.bucket,
    )
