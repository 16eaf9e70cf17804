"""The board as text and as a document."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from acctcli.render.formats.cells import activity_text, value_text
from acctcli.render.formats.document import (
    Cards,
    Document,
    Prose,
    Section,
    SideBySide,
)
from acctcli.render.formats.table import RULE
from acctcli.render.formats.text import display_width, visible, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from acctcli.core.accounts.totals import AccountRow
    from acctcli.core.reports.board import Board, BoardColumn
    from acctcli.render.formats.document import Block
    from acctcli.render.formats.style import Style

_GAP = 2
_LEAST = 22  # a column narrower than this makes cards of single words
_MOST = 44  # and a wider one long lines with nothing beside them


class _Line(NamedTuple):
    """A line of a column: the width it takes, and the text as it is printed."""

    width: int
    text: str


_EMPTY = _Line(0, "")


class _Look(NamedTuple):
    """How all columns look: what they are by, their width, the cards at most, the colours."""

    by: str
    size: int
    limit: int | None
    style: Style


def board_text(board: Board, *, width: int, limit: int | None, style: Style) -> str:
    """The board, no line wider than the width.

    Args:
        board: The columns of the core, all of which are shown; none are no text.
        width: How many columns the terminal has, 20 or more.
        limit: At most so many cards a column; how many more there are is said below them.
        style: Colours, or none.
    """
    if not board.columns:
        return ""
    fitting = max(1, min(len(board.columns), (width + _GAP) // (_LEAST + _GAP)))
    bands = -(-len(board.columns) // fitting)
    across = -(-len(board.columns) // bands)
    size = min((width + _GAP) // across - _GAP, _MOST)
    look = _Look(board.by, size, limit, style)
    return "\n\n\n".join(
        _band(board.columns[first : first + across], look)
        for first in range(0, len(board.columns), across)
    )


def board_document(board: Board, *, limit: int | None) -> Document:
    """The same board, to be shown as Markdown or HTML."""
    sections = []
    for column in board.columns:
        cards = [
            [*filter(None, [visible(row.name), value_text(row.won_value)]), *_lower(row, board.by)]
            for row in column.accounts[:limit]
        ]
        more = 0 if limit is None else column.count - limit
        blocks: list[Block] = []
        if column.won_value:
            blocks.append(Prose(value_text(column.won_value)))
        if cards:
            blocks.append(Cards(cards))
        if more > 0:
            blocks.append(Prose(f"+ {more} more"))
        sections.append(Section(visible(column.title), blocks, column.count))
    return Document("", [SideBySide(sections)])


def _lower(row: AccountRow, by: str) -> Iterator[str]:
    """What stands on a card below its name and value."""
    if row.next_activity is not None:
        yield activity_text(row.next_activity)
    if row.owner and by != "owner":
        yield visible(row.owner)


def _band(columns: Sequence[BoardColumn], look: _Look) -> str:
    heads = [_head(column, look) for column in columns]
    height = max(map(len, heads))
    stacks = [
        [
            *head,
            *[_EMPTY] * (height - len(head)),
            _Line(look.size, look.style.dim(RULE * look.size)),
            *_cards(column, look),
        ]
        for head, column in zip(heads, columns, strict=True)
    ]
    return "\n".join(
        "".join(line.text + " " * (look.size + _GAP - line.width) for line in lines).rstrip(" ")
        for lines in zip_longest(*stacks, fillvalue=_EMPTY)
    )


def _head(column: BoardColumn, look: _Look) -> list[_Line]:
    def title(text: str) -> str:
        return look.style.bold(_colour(column.key, text, look))

    return [
        *_lines(f"{visible(column.title)} ({column.count})", look.size, title),
        *_totals(column.won_value, look.size),
    ]


def _colour(key: str | None, text: str, look: _Look) -> str:
    """The text in the colour of its column; only buckets and words for health have one."""
    if look.by == "bucket":
        return look.style.bucket(key or "", text)
    return look.style.health(key or "", text) if look.by == "health" else text


def _cards(column: BoardColumn, look: _Look) -> Iterator[_Line]:
    for number, row in enumerate(column.accounts[: look.limit]):
        if number:
            yield _EMPTY
        yield from _card(row, look)
    more = column.count - look.limit if look.limit is not None else 0
    if more > 0:
        yield _EMPTY
        yield from _lines(f"+ {more} more", look.size, look.style.dim)


def _card(row: AccountRow, look: _Look) -> Iterator[_Line]:
    yield from _lines(visible(row.name), look.size, look.style.bold)
    yield from _totals(row.won_value, look.size)
    if row.next_activity is not None:
        yield from _lines(activity_text(row.next_activity), look.size)
    if row.owner and look.by != "owner":  # there it stands above the column
        yield from _lines(visible(row.owner), look.size, look.style.dim)


def _lines(text: str, size: int, paint: Callable[[str], str] | None = None) -> Iterator[_Line]:
    if text:
        for line in wrap(text, size):
            yield _Line(display_width(line), paint(line) if paint else line)


def _totals(value: Mapping[str, Decimal], size: int) -> Iterator[_Line]:
    text = value_text(value)
    if text:
        for line in wrap(text, size, totals=True):
            yield _Line(display_width(line), line)
