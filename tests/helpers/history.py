"""The commits of a history, read independently of the product's reader."""

from __future__ import annotations

import msgspec

from acctcli.store.history.history_format import Closing, HistoryLine


class Commit(msgspec.Struct, frozen=True):
    """A commit as the history tells it."""

    closing: Closing
    lines: tuple[HistoryLine, ...]

    def is_whole(self) -> bool:
        """Whether every line is there that was written for it."""
        return len(self.lines) == self.closing.records


class _LineHead(msgspec.Struct, frozen=True):
    """What tells the two forms of lines apart."""

    commit: str
    kind: str | None = None


def closed_commits(data: bytes) -> list[Commit]:
    """The commits in a history in the order they were closed.

    Lines without their closing line are left out, as are lines that cannot be read: a crash or a
    hand may have torn them.
    """
    lines: dict[str, dict[bytes, HistoryLine]] = {}
    closings: dict[str, Closing] = {}
    for text in data.split(b"\n"):
        try:
            found = msgspec.json.decode(text, type=_LineHead)
            if found.kind is None:
                closings.setdefault(found.commit, msgspec.json.decode(text, type=Closing))
            else:
                # The same line twice is a crash's trace, not a second change.
                line = msgspec.json.decode(text, type=HistoryLine)
                lines.setdefault(found.commit, {})[text] = line
        except msgspec.DecodeError:
            continue
    return [Commit(end, tuple(lines.get(key, {}).values())) for key, end in closings.items()]
