"""Tables on a terminal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from acctcli.render.formats.cells import amount_text, day_text, value_text
from acctcli.render.formats.columns import TableColumn, value_at
from acctcli.render.formats.key_values import fields_text
from acctcli.render.formats.text import display_width, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.render.formats.style import Style

RULE = "─"
_GAP = 2  # columns of the terminal between two columns of the table
_AMOUNTS = frozenset({"value", "mrr", "arr", "acv"})  # in the currency that stands beside them
_NARROW = 10  # a column whose words may break gets no narrower than this


def table(
    rows: Sequence[object],
    columns: Sequence[TableColumn],
    *,
    width: int | None,
    style: Style,
    zone: dt.tzinfo | None = None,
    header: bool = True,
) -> str:
    """The rows as a table with a head and a rule; empty when there are none.

    Args:
        rows: Mappings or structs.
        columns: What is shown of each row.
        width: Of the terminal: long texts wrap, and where even that is too wide, each row
            becomes a block of lines. None when there is no terminal: one line a row.
        style: Colours, or none.
        zone: Where the day of a timestamp is taken; None means by its own offset (rule 6).
        header: Whether it has the head and the rule.
    """
    if not rows:
        return ""
    cells = [[cell(row, column.key, zone) for column in columns] for row in rows]
    heads = [column.header if header else "" for column in columns]
    sizes = [max(map(display_width, texts)) for texts in zip(heads, *cells, strict=True)]
    if width is not None:
        room = width - _GAP * (len(columns) - 1)
        if sum(sizes) > room:
            fitting = _fitting(columns, heads, cells, sizes, room)
            if fitting is None:
                return _blocks(columns, cells, width, style)
            sizes = fitting
            cells = [_wrap_cells(row, columns, sizes) for row in cells]
            sizes = [
                max(display_width(line) for text in texts for line in text.split("\n"))
                for texts in zip(heads, *cells, strict=True)
            ]
    return _laid_out(heads, columns, cells, sizes, style)


def cell(row: object, key: str, zone: dt.tzinfo | None = None) -> str:
    """What a column shows of a row; timestamps show their day in the zone."""
    for choice in key.split("|"):
        parts = [_text(row, path, zone) for path in choice.split(" ")]
        if any(parts):
            return " ".join(filter(None, parts)).strip()
    return ""


def _text(row: object, path: str, zone: dt.tzinfo | None) -> str:
    value = value_at(row, path)
    if isinstance(value, dt.datetime):
        return day_text(value, zone)
    if path in _AMOUNTS:
        return amount_text(value, value_at(row, "currency"))
    return value_text(value)


def _fitting(
    columns: Sequence[TableColumn],
    heads: list[str],
    cells: list[list[str]],
    sizes: list[int],
    room: int,
) -> list[int] | None:
    """Sizes that fit together: the widest columns give way first. None when none fit."""
    floors = [
        max(
            len(head),
            min(size, _NARROW)
            if column.breaks
            else max(_longest_piece(text, column) for text in texts),
        )
        for column, head, size, texts in zip(
            columns, heads, sizes, zip(*cells, strict=True), strict=True
        )
    ]
    for most in range(min(room, max(sizes)), 0, -1):
        fitting = [max(floor, min(size, most)) for floor, size in zip(floors, sizes, strict=True)]
        if sum(fitting) <= room:
            return fitting
    return None


def _longest_piece(text: str, column: TableColumn) -> int:
    """The longest part of a cell that stays in one line."""
    parts = text.replace("; ", ";\n").split("\n") if _has_totals(column) else text.split(" ")
    return max(map(display_width, parts))


def _wrap_cells(row: list[str], columns: Sequence[TableColumn], sizes: list[int]) -> list[str]:
    return [
        "\n".join(line.strip() for line in wrap(text, size, totals=_has_totals(column)))
        for text, column, size in zip(row, columns, sizes, strict=True)
    ]


def _has_totals(column: TableColumn) -> bool:
    return column.align == "right"


def _laid_out(
    heads: list[str],
    columns: Sequence[TableColumn],
    cells: list[list[str]],
    sizes: list[int],
    style: Style,
) -> str:
    from tabulate import tabulate

    shown = [
        [_colour_bucket(text, column, style) for text, column in zip(row, columns, strict=True)]
        for row in cells
    ]
    has_heads = any(heads)
    text = tabulate(
        [heads, *shown] if has_heads else shown,
        tablefmt="plain",
        disable_numparse=True,
        colalign=[column.align for column in columns],
    )
    if not has_heads:
        return "\n".join(line.rstrip() for line in text.split("\n"))
    head, *lines = (line.rstrip() for line in text.split("\n"))
    rule = (" " * _GAP).join(RULE * size for size in sizes)
    return "\n".join([style.bold(head), style.dim(rule), *lines])


def _colour_bucket(text: str, column: TableColumn, style: Style) -> str:
    """The text with its last word in the colour of its bucket, when the column ends with one."""
    if not column.key.endswith("bucket"):
        return text
    start = max(text.rfind(" "), text.rfind("\n")) + 1
    return text[:start] + style.bucket(text[start:], text[start:])


def _blocks(
    columns: Sequence[TableColumn], cells: list[list[str]], width: int, style: Style
) -> str:
    """Each row as lines of head and value, for terminals too narrow for a table."""
    return "\n\n".join(
        fields_text(
            [(column.header, text) for column, text in zip(columns, row, strict=True) if text],
            width=width,
            style=style,
            label_width=max(len(column.header) for column in columns),
        )
        for row in cells
    )
