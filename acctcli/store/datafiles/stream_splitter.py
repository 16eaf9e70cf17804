"""A data file in plain layout, split block by block.

It takes files in the usual form alone: comments, then records whose dashes stand in the first
column. What is otherwise is left to `file_reader`, which needs all of the file.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from acctcli.store.datafiles.splitter import FORBIDDEN, has_odd_breaks
from acctcli.store.datafiles.yaml.reader import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = re.compile(rb"(?: *(?:#[^\r\n]*)?\r?\n)*")
_LAST_LINE = re.compile(rb" *(?:#[^\r\n]*)?")
_DASH = re.compile(rb"\n(?=-[ \r\n])")
_MARK = re.compile(rb"(?:\A|\n)(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")


class NotPlainLayoutError(Exception):
    """The file is not in the usual form."""


def split_blocks(blocks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The records of a file as `cut` gives them, in lists, each record's bytes whole.

    Raises:
        NotPlainLayoutError: `cut` or the parser may see the file otherwise; what was given is void.
    """
    rest = b""
    begun = False
    for block in blocks:
        data = rest + block
        if not begun:
            dash = _first_dash(data)
            if dash < 0:
                rest = data
                _check_length(rest)
                continue
            data = data[_head_end(data, dash) :]
            begun = True
        last = _last_start(data)
        if last > 0:
            yield _split_records(data[:last])
        rest = data[last:]
        _check_length(rest)
    if begun:
        yield _split_records(rest)
    else:
        _check_empty(rest)


def _split_records(data: bytes) -> list[bytes]:
    """The records of a stretch that begins with one and ends where one does."""
    if (b"\n---" in data or b"\n..." in data) and _MARK.search(data):
        raise NotPlainLayoutError
    if has_odd_breaks(data):
        raise NotPlainLayoutError
    if data.startswith(b"- ") and b"\n#" not in data and b"\n-\n" not in data and b"\r" not in data:
        first, *parts = data.split(b"\n- ")
        if not parts:
            return [data]
        last = parts.pop()
        return [first + b"\n", *[b"- %b\n" % part for part in parts], b"- " + last]
    return [data[low:high] for low, high in pairwise([*_starts(data), len(data)])]


def _check_length(rest: bytes) -> None:
    if len(rest) > 2 * LIMIT:
        raise NotPlainLayoutError


def _first_dash(data: bytes) -> int:
    """Where the first record's dash stands; -1 when there is none yet."""
    if data[:2] in {b"- ", b"-\n", b"-\r"}:
        return 0
    found = _DASH.search(data)
    return found.end() if found else -1


def _head_end(data: bytes, dash: int) -> int:
    """Where the first record begins, the comments directly above it included."""
    head = _HEAD.match(data)
    if head is None or head.end() != dash or dash > LIMIT:  # a line of it may be too long
        raise NotPlainLayoutError
    _check_head(data[:dash])
    return _comments_above(data, 0, dash)


def _check_head(head: bytes) -> None:
    """What stands above the records belongs to none of them, so nobody else will look at it."""
    if has_odd_breaks(head) or FORBIDDEN.search(head) or len(head) > LIMIT:
        raise NotPlainLayoutError
    try:
        head.decode()
    except UnicodeDecodeError:
        raise NotPlainLayoutError from None


def _last_start(data: bytes) -> int:
    """Where the last record of a stretch begins; 0 when it has but one."""
    at = len(data)
    while (at := data.rfind(b"\n-", 0, at)) >= 0:
        if data[at + 2 : at + 3] in {b" ", b"\r", b"\n"}:
            return _comments_above(data, 0, at + 1)
    return 0


def _check_empty(data: bytes) -> None:
    head = _HEAD.match(data)
    if head is None or len(data) > LIMIT or not _LAST_LINE.fullmatch(data, head.end()):
        raise NotPlainLayoutError
    _check_head(data)


def _starts(data: bytes) -> list[int]:
    """Where each record begins; the data begins with one, or with the comments above it."""
    dashes = [found.end() for found in _DASH.finditer(data)]
    if not data.startswith(b"#"):
        dashes.insert(0, 0)
    low = [0, *dashes[:-1]]
    return [_comments_above(data, floor, at) for floor, at in zip(low, dashes, strict=True)]


def _comments_above(data: bytes, low: int, at: int) -> int:
    while at > low:
        start = max(data.rfind(b"\n", low, at - 1) + 1, low)
        if data[start : start + 1] != b"#":
            break
        at = start
    return at
