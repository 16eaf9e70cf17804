"""Byte splices between two states of a file, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Splice(NamedTuple):
    """One place where the new bytes differ: `old[start:end]` became `new[at:to]`."""

    start: int
    end: int
    at: int
    to: int


class ReverseSplice(NamedTuple):
    """A step back: at a place in the new bytes, so many of them give way to the old text."""

    at: int
    length: int
    text: bytes

    def parts(self, size: int) -> Iterator[tuple[int, int, str]]:
        """The same as several steps with at most about `size` bytes of text each, as text.

        The text is cut at line ends, so that no character is torn.
        """
        at, length, rest = self
        while len(rest) > size and (end := rest.find(b"\n", size - 1) + 1) and end < len(rest):
            yield at, length, rest[:end].decode()
            at, length, rest = at + length, 0, rest[end:]
        yield at, length, rest.decode()


def trim_equal_lines(old: bytes, new: bytes, splices: Iterable[Splice]) -> Iterator[Splice]:
    """The splices without the whole lines at both ends that are the same; empty ones go."""
    for start, end, at, to in splices:
        if start == end or at == to:
            head = tail = 0
        else:
            head, tail = _same_ends(old[start:end], new[at:to])
        found = Splice(start + head, end - tail, at + head, to - tail)
        if found.start < found.end or found.at < found.to:
            yield found


def _same_ends(old: bytes, new: bytes) -> tuple[int, int]:
    ours, theirs = old.splitlines(keepends=True), new.splitlines(keepends=True)
    most = min(len(ours), len(theirs))
    first = 0
    while first < most and ours[first] == theirs[first]:
        first += 1
    last = 0
    while last < most - first and ours[-1 - last] == theirs[-1 - last]:
        last += 1
    return sum(map(len, ours[:first])), sum(map(len, ours[len(ours) - last :]))


def difference(old: bytes, new: bytes) -> Iterator[Splice]:
    """What changed, as one splice at the most, when nothing more is known about it."""
    return trim_equal_lines(old, new, [Splice(0, len(old), 0, len(new))])


def reverse_splices(old: bytes, splices: Iterable[Splice]) -> Iterator[ReverseSplice]:
    """The steps from the new bytes back to the old ones, in order."""
    return (ReverseSplice(at, to - at, old[start:end]) for start, end, at, to in splices)


class PieceTable:
    """Bytes that are changed step by step, and know what of the first state is left in them."""

    def __init__(self, data: bytes) -> None:
        self._old = data
        # From-to in the old bytes, or new bytes; what is left of the old ones stays in order.
        self._parts: list[tuple[int, int] | bytes] = [(0, len(data))]

    def copy(self) -> PieceTable:
        """The same, to be changed by itself."""
        made = PieceTable(self._old)
        made._parts = self._parts
        return made

    def content(self) -> bytes:
        """The bytes as they are now."""
        return b"".join(
            part if isinstance(part, bytes) else self._old[slice(*part)] for part in self._parts
        )

    def parts(self) -> list[bytes | memoryview]:
        """The bytes as they are now in pieces; what is left of the old ones is not copied."""
        old = memoryview(self._old)
        return [part if isinstance(part, bytes) else old[slice(*part)] for part in self._parts]

    def change(self, steps: Sequence[ReverseSplice]) -> None:
        """Put texts in place of bytes; the steps come in order and count in the bytes before.

        Raises:
            ValueError: a step lies outside the bytes, or before the end of the one before it.
        """
        rest = _Rest(self._parts)
        made: list[tuple[int, int] | bytes] = []
        done = 0
        for at, length, text in steps:
            made += rest.take(at - done)
            rest.take(length)
            made.append(text)
            done = at + length
        self._parts = [*made, *rest.all()]

    def splices(self) -> Iterator[Splice]:
        """What changed since the first state."""
        position, at, to = 0, 0, 0
        for part in [*self._parts, (len(self._old), len(self._old))]:
            if isinstance(part, bytes):
                to += len(part)
                continue
            if part[0] > position or to > at:
                yield Splice(position, part[0], at, to)
            position = part[1]
            at = to = to + part[1] - part[0]


class _Rest:
    """Parts that are taken off from the front."""

    def __init__(self, parts: Iterable[tuple[int, int] | bytes]) -> None:
        self._parts = list(parts)[::-1]

    def take(self, size: int) -> list[tuple[int, int] | bytes]:
        if size < 0:
            raise ValueError(size)
        taken: list[tuple[int, int] | bytes] = []
        while size:
            if not self._parts:
                raise ValueError(size)
            part = self._parts.pop()
            length = len(part) if isinstance(part, bytes) else part[1] - part[0]
            if length > size:
                part, rest = _split(part, size)
                self._parts.append(rest)
                length = size
            taken.append(part)
            size -= length
        return taken

    def all(self) -> list[tuple[int, int] | bytes]:
        return self._parts[::-1]


def _split(
    part: tuple[int, int] | bytes, size: int
) -> tuple[tuple[int, int] | bytes, tuple[int, int] | bytes]:
    if isinstance(part, bytes):
        return part[:size], part[size:]
    return (part[0], part[0] + size), (part[0] + size, part[1])
