"""Stretches of a file around places in it, which begin and end where records do.

It knows the usual form alone: records whose dashes stand in the first column. Whether a file has it
must be known already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.store.splices import Splice

_AROUND = 2  # records on each side
_DASH = b"\n- "


class Stretch(NamedTuple):
    """`old[start:end]` became `new[at:to]`, records around what changed included."""

    start: int
    end: int
    at: int
    to: int


def stretches(old: bytes, splices: Iterable[Splice]) -> list[Stretch]:
    """The stretches around splices, in order; those that meet are one."""
    found: list[Stretch] = []
    moved = 0  # how much further on everything stands in the new bytes
    for splice in splices:
        low, high = _low(old, splice.start), _high(old, splice.end)
        shift = splice.at - splice.start
        moved = splice.to - splice.end
        if found and low <= found[-1].end:
            last = found[-1]
            found[-1] = Stretch(
                last.start, max(high, last.end), last.at, max(high, last.end) + moved
            )
        else:
            found.append(Stretch(low, high, low + shift, high + moved))
    return found


def _low(data: bytes, at: int) -> int:
    """Where the record begins that stands so many before a place; the file's start if none does."""
    for _ in range(_AROUND + 1):
        at = data.rfind(_DASH, 0, at)
        if at < 0:
            return 0
    return _above(data, at + 1)


def _high(data: bytes, at: int) -> int:
    """Where a record begins that stands so many behind a place; the file's end if none does."""
    at = max(at - 1, 0)
    for _ in range(_AROUND + 1):
        at = data.find(_DASH, at + 1)
        if at < 0:
            return len(data)
    return _above(data, at + 1)


def _above(data: bytes, at: int) -> int:
    """Where the comment lines directly above a record begin."""
    while at:
        start = data.rfind(b"\n", 0, at - 1) + 1
        if data[start : start + 1] != b"#":
            break
        at = start
    return at
