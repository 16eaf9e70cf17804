"""A data file cut into the texts of its records as it is read, a block at a time.

It takes files in the usual form alone: comments, then records whose dashes stand in the first
column. What is otherwise is left to `reading`, which needs all of the file. It parses nothing.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from acctcli.store.cut import has_odd_breaks
from acctcli.store.parse import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = re.compile(rb"(?: *(?:#[^\r\n]*)?\r?\n)*")
_DASH = re.compile(rb"^(?=-[ \r\n])", re.MULTILINE)
_MARK = re.compile(rb"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)
_COMMENT_LINE = re.compile(rb"^#", re.MULTILINE)


class OtherFormError(Exception):
    """The file is not in the usual form."""


def pieces(blocks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The records of a file as `cut` gives them, in lists, each record's bytes whole.

    Raises:
        OtherFormError: `cut` or the parser may see the file otherwise; what was given is void.
    """
    rest = b""
    begun = False
    for block in blocks:
        data = rest + block
        if not begun:
            if _DASH.search(data) is None:
                rest = data
                _check_length(rest)
                continue
            data = data[_head_end(data) :]
            begun = True
        starts = _starts(data)
        last = starts[-1]
        if len(starts) > 1:
            _check(data[:last])
            yield [data[low:high] for low, high in pairwise(starts)]
        rest = data[last:]
        _check_length(rest)
    if not begun:
        _check_empty(rest)
        return
    _check(rest)
    yield [rest]


def _check_length(rest: bytes) -> None:
    if len(rest) > 2 * LIMIT:
        raise OtherFormError


def _head_end(data: bytes) -> int:
    """Where the first record begins, the comments directly above it included."""
    head = _HEAD.match(data)
    dash = _DASH.search(data)
    if head is None or dash is None or head.end() != dash.start():
        raise OtherFormError
    return _comments_above(data, 0, dash.start())


def _check_empty(data: bytes) -> None:
    head = _HEAD.match(data + b"\n")
    if head is None or head.end() != len(data) + 1:
        raise OtherFormError


def _starts(data: bytes) -> list[int]:
    """Where each record begins; the data begins with one, or with the comments above it."""
    dashes = [found.start() for found in _DASH.finditer(data)]
    if not _COMMENT_LINE.search(data):
        return dashes
    low = [0, *dashes[:-1]]
    return [_comments_above(data, floor, at) for floor, at in zip(low, dashes, strict=True)]


def _comments_above(data: bytes, low: int, at: int) -> int:
    while at > low:
        start = max(data.rfind(b"\n", low, at - 1) + 1, low)
        if data[start : start + 1] != b"#":
            break
        at = start
    return at


def _check(data: bytes) -> None:
    if _MARK.search(data) or has_odd_breaks(data):
        raise OtherFormError
