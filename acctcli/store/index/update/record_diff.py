"""The difference between the old and the new records of a file.

Only what differs is held in memory.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_LOOK = 16  # records that are looked through at first for where the two agree again


class DiffHunk(NamedTuple):
    """A stretch in which the two differ.

    Attributes:
        after: The place of the record before it, which stays; None at the beginning.
        gone: The places of the records that went.
        come: The texts of the records that came.
        before: The place of the record behind it, which stays; None at the end.
    """

    after: int | None
    removed: list[int]
    added: list[bytes]
    before: int | None


def diff_records(old: Iterator[tuple[int, bytes]], new: Iterator[bytes]) -> Iterator[DiffHunk]:
    """The stretches in which old and new records differ, in order."""
    last: int | None = None
    olds: list[tuple[int, bytes]] = []
    news: list[bytes] = []
    while True:
        if not olds and not news:
            for pair in old:
                text = next(new, None)
                if text != pair[1]:
                    olds, news = [pair], [] if text is None else [text]
                    break
                last = pair[0]
            else:
                news = list(new)
                if news:
                    yield DiffHunk(last, [], news, None)
                return
        gone, come = _agreement(olds, old, news, new)
        before = olds[gone][0] if gone < len(olds) else None
        if gone or come:
            yield DiffHunk(last, [place for place, _ in olds[:gone]], news[:come], before)
        olds, news = olds[gone:], news[come:]
        same = 0
        for (place, text), other in zip(olds, news, strict=False):
            if text != other:
                break
            last = place
            same += 1
        olds, news = olds[same:], news[same:]
        if before is None:
            return
        if bool(olds) != bool(news):
            olds += list(islice(old, 1))
            news += list(islice(new, 1))


def _agreement(
    olds: list[tuple[int, bytes]],
    old: Iterator[tuple[int, bytes]],
    news: list[bytes],
    new: Iterator[bytes],
) -> tuple[int, int]:
    """How many old and new records there are until the two agree; all that are left if never.

    The lists are made longer as far as is looked.
    """
    size = _FIRST_LOOK
    while True:
        olds += list(islice(old, max(0, size - len(olds))))
        news += list(islice(new, max(0, size - len(news))))
        where: dict[bytes, int] = {}
        for number, (_, text) in enumerate(olds):
            where.setdefault(text, number)
        found = [
            (number + where[text], where[text], number)
            for number, text in enumerate(news)
            if text in where
        ]
        if found:
            _, gone, come = min(found)
            return gone, come
        if len(olds) < size and len(news) < size:
            return len(olds), len(news)
        size *= 2
