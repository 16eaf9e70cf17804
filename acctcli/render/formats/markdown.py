"""Documents as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.render.formats.document import (
    Cards,
    Fields,
    Grid,
    Prose,
    Section,
    SideBySide,
)
from acctcli.render.formats.table import cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.render.formats.document import Block, Document

_LEVELS = 6
# Signs that mean something anywhere in a line; an underscore does so at the edge of a word only.
_SIGNS = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Signs that mean something at the beginning of a line: heads, rules, items of lists.
_OPENING = re.compile(r"(?:[#=+-]|(?<=[0-9])[.)])")
_NUMBER = re.compile(r"[0-9]{1,9}[.)]")
_BREAK = "<br>"


def markdown_text(document: Document) -> str:
    """A document as Markdown; parts with nothing in them are left out."""
    parts = [f"# {escape_markdown(document.title)}"] if document.title else []
    if document.about:
        parts.append(_paragraph(document.about))
    parts += _blocks(document.blocks, 2 if document.title else 1)
    return "\n\n".join(filter(None, parts))


def _blocks(blocks: Sequence[Block], level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section():
                yield f"{'#' * min(level, _LEVELS)} {escape_markdown(block.heading)}"
                yield from _blocks(block.blocks, level + 1)
            case SideBySide():
                yield from _blocks(block.sections, level)
            case Fields():
                yield _pairs(block)
            case Grid():
                yield _table(block)
            case Prose():
                yield "\n\n".join(map(_paragraph, filter(None, [block.about, block.text])))
            case Cards():
                yield "\n".join(_card(card) for card in block.cards)


def _table(grid: Grid) -> str:
    if not grid.rows:
        return ""
    heads = [column.header for column in grid.columns]
    rules = ["---:" if column.align == "right" else "---" for column in grid.columns]
    rows = ([cell(row, column.key, grid.zone) for column in grid.columns] for row in grid.rows)
    lines = [
        _row(map(escape_markdown, heads)),
        _row(rules),
        *(_row(map(escape_markdown, row)) for row in rows),
    ]
    return "\n".join(lines)


def _pairs(fields: Fields) -> str:
    """Labels and texts as a table, whose head is empty: GitHub knows none without one."""
    if not fields.pairs:
        return ""
    rows = (_row(map(escape_markdown, pair)) for pair in fields.pairs)
    return "\n".join([_row(("", "")), _row(("---", "---")), *rows])


def _row(cells: Iterator[str] | Sequence[str] | map[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _card(card: Sequence[str]) -> str:
    first, *rest = map(escape_markdown, card)
    return f"- {_BREAK.join([f'**{first}**' if first else '', *rest])}"


def _paragraph(text: str) -> str:
    """Lines that stay lines, none of which begins a list, a head or a block of code."""
    lines = (_escape_opening(escape_markdown(line.strip(" "))) for line in text.split("\n"))
    return f"{_BREAK}\n".join(line or "&nbsp;" for line in lines)


def _escape_opening(line: str) -> str:
    number = _NUMBER.match(line)
    if number:
        return f"{line[: number.end() - 1]}\\{line[number.end() - 1 :]}"
    return f"\\{line}" if _OPENING.match(line) else line


def escape_markdown(text: str) -> str:
    """A text as it is read in a line or a cell of Markdown; its line breaks stay.

    Args:
        text: As `visible` gives it.
    """
    signs = _SIGNS.sub(r"\\\g<0>", text).translate(_ENTITIES)
    return signs.replace("\n", _BREAK)
