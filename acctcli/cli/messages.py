"""What commands tell people about what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from acctcli.core.kinds import KINDS, KindName

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.cli.session import Session
    from acctcli.core.records import Org, Record
    from acctcli.store.change import Change

_LABEL_LENGTH = 60  # a note's whole text is no name
_MOST = 12  # names; an import makes more accounts than anybody wants to read


class MakesAccounts(Protocol):
    """What can tell who becomes an account by it, and who ceases to be one."""

    def accounts_made(self) -> tuple[list[Org], list[Org]]:
        """The organizations that become accounts, and those that cease to be."""


def named(kind: KindName, record: Record) -> str:
    """A record as a message names it: its kind, its name and its id."""
    label = " ".join(str(getattr(record, KINDS[kind].label)).split())
    if len(label) > _LABEL_LENGTH:
        label = label[: _LABEL_LENGTH - 1].rstrip() + "…"
    return f'{KINDS[kind].title} "{label}" ({record.id})'


def is_undone(record: Record) -> bool:
    """Whether an activity is to be done: of several of one subject, a name stands for this one."""
    return not getattr(record, "done", False)


def by_type(activity: Record) -> str:
    """An activity as `named`, by its type: `call "Ask how it goes" (a1)`."""
    told = named("activities", activity)
    kind = getattr(activity, "type", None)
    return f"{kind}{told.removeprefix('activity')}" if kind else told


def say_accounts(session: Session, change: MakesAccounts) -> None:
    """Say which organizations became accounts, and which are none any more (rule 1)."""
    became, ceased = change.accounts_made()
    _say_each(session, became, "is now an account", "are now accounts")
    _say_each(session, ceased, "is no longer an account", "are no longer accounts")


def follow(
    change: Change,
    session: Session,
    changed: Iterable[tuple[Record | None, Record]],
    *,
    playbooks: bool = True,
) -> list[str]:
    """Plan and move what follows from changes, in the same commit; see `cli.following`."""
    from acctcli.core.records import Activity, Deal

    followed = [pair for pair in changed if isinstance(pair[1], Activity | Deal)]
    if not followed:
        return []
    from acctcli.cli.following import followed_by

    return followed_by(change, session, followed, playbooks=playbooks)


def say_all(session: Session, messages: Iterable[str]) -> None:
    """Say one thing after another."""
    for message in messages:
        session.say(message)


def _say_each(session: Session, orgs: Sequence[Org], one: str, many: str) -> None:
    if len(orgs) > _MOST:
        session.say(f"{len(orgs)} organizations {many}")
        return
    for org in orgs:
        session.say(f"{org.name} {one}")
