"""Results and messages of commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, Self

from msgspec import Struct

from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.cli.app.session import Session
    from acctcli.core.model.records import Org


_LABEL_LENGTH = 60  # a note's whole text is no name
_MOST = 12  # messages of one sort; more than that nobody wants to read
_PLURALS: dict[KindName, str] = {
    "orgs": "organizations",
    "people": "people",
    "deals": "deals",
    "activities": "activities",
    "notes": "notes",
    "files": "files",
}


class CountedMessage(str):
    """A message about one record, which knows how a count of such messages reads.

    Attributes:
        many: That, with `{}` where the count goes, such as ``{} deals are won now``.
    """

    __slots__ = ("many",)

    many: str

    def __new__(cls, text: str, many: str) -> Self:
        """The message, and how many of them read."""
        made = super().__new__(cls, text)
        made.many = many
        return made


class CommandResult(Struct, frozen=True):
    """What a verb did to a change.

    Attributes:
        kind: The kind of the records that it answers with.
        records: Those, as they are now; removed ones as they were.
        said: What to tell people that it did.
        followed: What followed from that, told after who became an account.
        one: Whether it answers with one record, not with a list of them.
    """

    kind: KindName
    records: Sequence[Record]
    messages: Sequence[str]
    follow_ups: Sequence[str] = ()
    is_single: bool = False


class MakesAccounts(Protocol):
    """What can tell who becomes an account by it, and who ceases to be one."""

    def membership_changes(self) -> tuple[list[Org], list[Org]]:
        """The organizations that become accounts, and those that cease to be."""


def describe(kind: KindName, record: Record) -> str:
    """A record as a message names it: its kind, its name and its id."""
    label = " ".join(str(getattr(record, KINDS[kind].label)).split())
    if len(label) > _LABEL_LENGTH:
        label = label[: _LABEL_LENGTH - 1].rstrip() + "…"
    return f'{KINDS[kind].title} "{label}" ({record.id})'


def is_undone(record: Record) -> bool:
    """Whether an activity is to be done: of several of one subject, a name stands for this one."""
    return not getattr(record, "done", False)


def describe_by_type(activity: Record) -> str:
    """An activity as `describe`, by its type: `call "Ask how it goes" (a1)`."""
    told = describe("activities", activity)
    kind = getattr(activity, "type", None)
    return f"{kind}{told.removeprefix('activity')}" if kind else told


def say_accounts(session: Session, change: MakesAccounts) -> None:
    """Say which organizations became accounts, and which are none any more (rule 1)."""
    say_all(session, membership_messages(*change.membership_changes()))


def membership_messages(became: Sequence[Org], ceased: Sequence[Org]) -> list[str]:
    """That organizations became accounts, and that others are none any more."""
    return collapse_repeated(
        [
            *_org_messages(became, "is now an account", "are now accounts"),
            *_org_messages(ceased, "is no longer an account", "are no longer accounts"),
        ]
    )


def plural(kind: KindName) -> str:
    """The word for records of a kind, as people say it."""
    return _PLURALS[kind]


def count_phrase(kind: KindName, count: int) -> str:
    """So many records of a kind, such as ``1 deal`` or ``340 activities``."""
    return f"{count} {KINDS[kind].title if count == 1 else _PLURALS[kind]}"


def say_all(session: Session, messages: Iterable[str]) -> None:
    """Say one thing after another; of more than a dozen of one sort, how many they are."""
    for message in collapse_repeated(messages):
        session.say(message)


def collapse_repeated(messages: Iterable[str]) -> list[str]:
    """The messages, with those summed up of which there are more than a dozen of one sort."""
    found = list(messages)
    counts = Counter(each.many for each in found if isinstance(each, CountedMessage))
    told: dict[str, str] = {}
    for number, message in enumerate(found):
        many = message.many if isinstance(message, CountedMessage) else ""
        if counts[many] > _MOST:
            told[many] = many.format(counts[many])
        else:
            told[f"\0{number}"] = message
    return list(told.values())


def _org_messages(orgs: Sequence[Org], one: str, many: str) -> list[str]:
    return [CountedMessage(f"{org.name} {one}", f"{{}} organizations {many}") for org in orgs]
