"""Commits as text.

What a commit did is told to it.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.kinds import KINDS
from acctcli.render.formats.text import display_width, visible, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from acctcli.core.model.records import Raw
    from acctcli.render.formats.style import Style

_MOST = 12  # things that are told one by one; of more only their number is told
_LONGEST = 40  # characters of a value


class HistoryItem(NamedTuple):
    """What was done to one thing: its kind, id, the word for it, and fields before and after."""

    kind: str
    id: str
    action: str
    fields: Mapping[str, tuple[Raw, Raw]]


class CommitEntry(NamedTuple):
    """A commit of the history: its head, a mark such as `undone`, remarks, and what it did."""

    id: str
    time: str
    actor: str
    command: str
    mark: str
    remarks: Sequence[str]
    items: Iterable[HistoryItem]


def entry_text(entry: CommitEntry, style: Style, width: int | None = None) -> str:
    """A commit as lines, none wider than that; None when there is no terminal."""
    lines = _head(entry, style, width)
    for told in (*entry.remarks, *_item_lines(entry.items)):
        lines += _indent(visible(told), width)
    return "\n".join(lines)


def _head(entry: CommitEntry, style: Style, width: int | None) -> list[str]:
    """Who did what and when; the command stands below when it has no room beside them."""
    about = [visible(each) for each in (entry.id, entry.time, entry.actor)]
    command = visible(entry.command)
    mark = f"({entry.mark})" if entry.mark else ""
    painted = [style.dim(about[0]), *about[1:]]
    if width is None or display_width("  ".join(filter(None, [*about, command, mark]))) <= width:
        return [
            "  ".join([*painted, style.bold(command), *([style.caution(mark)] if mark else ())])
        ]
    first = "  ".join(about)
    lines = ["  ".join(painted)] if display_width(first) <= width else wrap(first, width)
    lines += [style.bold(line) for line in _indent(command, width)]
    return [*lines, *(f"  {style.caution(line)}" for line in [mark] if line)]


def _indent(line: str, width: int | None) -> list[str]:
    """A line two columns in; what has no room on it stands four columns in below it."""
    if width is None or display_width(line) <= width - 2:
        return [f"  {line}"]
    first, *rest = wrap(line, max(width - 4, 1))
    return [f"  {first}", *(f"    {each}" for each in rest)]


def _item_lines(things: Iterable[HistoryItem]) -> Iterator[str]:
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
