"""The history for people: a line for each commit, and below it what was done to each record.

It knows texts and their form. What a commit did is told to it.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.kinds import KINDS
from acctcli.render.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from acctcli.core.records import Raw
    from acctcli.render.style import Style

_MOST = 12  # things that are told one by one; of more only their number is told
_LONGEST = 40  # characters of a value


class Thing(NamedTuple):
    """What was done to one thing: its kind, id, the word for it, and fields before and after."""

    kind: str
    id: str
    action: str
    fields: Mapping[str, tuple[Raw, Raw]]


class Entry(NamedTuple):
    """A commit of the history: its head, a mark such as `undone`, remarks, and what it did."""

    id: str
    time: str
    actor: str
    command: str
    mark: str
    remarks: Sequence[str]
    things: Iterable[Thing]


def entry_text(entry: Entry, style: Style) -> str:
    """A commit as lines."""
    mark = f"  {style.none(f'({entry.mark})')}" if entry.mark else ""
    head = f"{visible(entry.time)}  {visible(entry.actor)}  {style.bold(visible(entry.command))}"
    lines = [f"{style.dim(visible(entry.id))}  {head}{mark}"]
    lines += [f"  {visible(line)}" for line in (*entry.remarks, *_told(entry.things))]
    return "\n".join(lines)


def _told(things: Iterable[Thing]) -> Iterator[str]:
    rest = iter(things)
    first = list(islice(rest, _MOST + 1))
    if len(first) > _MOST:
        # Of an import of a million records no more is held than these.
        counts: dict[tuple[str, str], int] = {}
        for thing in chain(first, rest):
            counts[thing.kind, thing.action] = counts.get((thing.kind, thing.action), 0) + 1
        for (kind, action), count in counts.items():
            yield f"{count} {kind if count > 1 else _word(kind)} {action}"
        return
    for thing in first:
        fields = ""
        if thing.action == "changed" and thing.fields:
            fields = ": " + ", ".join(
                f"{name}: {_value(before)} -> {_value(after)}".replace(":  ->", ": ->").rstrip()
                for name, (before, after) in thing.fields.items()
            )
        yield f"{_word(thing.kind)} {thing.id} {thing.action}{fields}"


def _word(kind: str) -> str:
    return next((each.noun for each in KINDS.values() if each.name == kind), kind)


def _value(value: Raw) -> str:
    """A value in short; empty for one that is not set."""
    if value is None:
        return ""
    if isinstance(value, list):
        text = f"[{', '.join(_value(each) for each in value)}]"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{key}: {_value(each)}" for key, each in value.items()) + "}"
    else:
        text = " ".join(value.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
