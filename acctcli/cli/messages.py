"""What commands tell people about what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.kinds import KINDS, KindName

if TYPE_CHECKING:
    from acctcli.cli.session import Session
    from acctcli.core.records import Record
    from acctcli.store.change import Change

_LABEL_LENGTH = 60  # a note's whole text is no name


def named(kind: KindName, record: Record) -> str:
    """A record as a message names it: its kind, its name and its id."""
    label = " ".join(str(getattr(record, KINDS[kind].label)).split())
    if len(label) > _LABEL_LENGTH:
        label = label[: _LABEL_LENGTH - 1].rstrip() + "…"
    return f'{KINDS[kind].title} "{label}" ({record.id})'


def say_accounts(session: Session, change: Change) -> None:
    """Say which organizations became accounts, and which are none any more (rule 1)."""
    became, ceased = change.accounts_made()
    for org in became:
        session.say(f"{org.name} is now an account")
    for org in ceased:
        session.say(f"{org.name} is no longer an account")
