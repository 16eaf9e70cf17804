"""Documents as HTML pages.

It makes no links and loads nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.accounts.buckets import BUCKETS
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

    from acctcli.render.formats.columns import TableColumn
    from acctcli.render.formats.document import Block, Document

_LEVELS = 6
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\n": "<br>"}
)
_STYLE = """\
body { font: 15px/1.45 system-ui, sans-serif; color: #1b1b1b; margin: 1.5em; }
h1 { font-size: 1.4em; } h2 { font-size: 1.15em; margin: 1.5em 0 .4em; }
table { border-collapse: collapse; margin: .5em 0; }
th, td { padding: .25em .7em; text-align: left; vertical-align: top; }
th, td { border-bottom: 1px solid #ddd; }
thead th { border-bottom: 2px solid #888; white-space: nowrap; }
tbody th { font-weight: normal; color: #666; white-space: nowrap; }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.about { color: #666; } .overdue { color: #b00020; } .today { color: #1b7f3b; }
.none { color: #8a6d00; } .board { display: flex; flex-wrap: wrap; gap: 1.5em; }
.board section { min-width: 13em; max-width: 22em; } .board ul { padding: 0; list-style: none; }
.board li { border: 1px solid #ddd; border-radius: 4px; padding: .4em .6em; margin: .5em 0; }"""


def html_text(document: Document, title: str) -> str:
    """A document as a whole page.

    Args:
        document: What stands on it.
        title: Of the window: the command that made it.
    """
    body = list(_blocks(document.blocks, 2))
    if document.about:
        body.insert(0, f'<p class="about">{escape_html(document.about)}</p>')
    body.insert(0, f"<h1>{escape_html(document.title or title)}</h1>")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape_html(title)}</title>",
            f"<style>\n{_STYLE}\n</style>",
            "</head>",
            "<body>",
            *body,
            "</body>",
            "</html>",
        ]
    )


def _blocks(blocks: Sequence[Block], level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section():
                yield f"<section>\n<h{level}>{escape_html(block.heading)}</h{level}>"
                yield from _blocks(block.blocks, min(level + 1, _LEVELS))
                yield "</section>"
            case SideBySide():
                yield '<div class="board">'
                yield from _blocks(block.sections, level)
                yield "</div>"
            case Fields():
                yield from _pairs(block)
            case Grid():
                yield from _table(block)
            case Prose():
                if block.about:
                    yield f'<p class="about">{escape_html(block.about)}</p>'
                yield f"<p>{escape_html(block.text)}</p>"
            case Cards():
                yield "<ul>"
                yield from (_card(card) for card in block.cards)
                yield "</ul>"


def _table(grid: Grid) -> Iterator[str]:
    if not grid.rows:
        yield "<p>Nothing.</p>"
        return
    heads = (
        f'<th scope="col"{_class(column)}>{escape_html(column.header)}</th>'
        for column in grid.columns
    )
    yield f"<table>\n<thead>\n<tr>{''.join(heads)}</tr>\n</thead>\n<tbody>"
    for row in grid.rows:
        cells = ((column, cell(row, column.key, grid.zone)) for column in grid.columns)
        shown = (f"<td{_class(column, text)}>{escape_html(text)}</td>" for column, text in cells)
        yield f"<tr>{''.join(shown)}</tr>"
    yield "</tbody>\n</table>"


def _class(column: TableColumn, text: str = "") -> str:
    """Where the text stands, or the colour of its bucket; a word always stands beside it."""
    if column.align == "right":
        return ' class="right"'
    word = text.rpartition(" ")[2]
    return f' class="{word}"' if column.key.endswith("bucket") and word in BUCKETS else ""


def _pairs(fields: Fields) -> Iterator[str]:
    if fields.pairs:
        yield "<table>\n<tbody>"
        for label, text in fields.pairs:
            yield f'<tr><th scope="row">{escape_html(label)}</th><td>{escape_html(text)}</td></tr>'
        yield "</tbody>\n</table>"


def _card(card: Sequence[str]) -> str:
    first, *rest = map(escape_html, card)
    return f"<li>{'<br>'.join([f'<strong>{first}</strong>', *rest])}</li>"


def escape_html(text: str) -> str:
    """A text as HTML; its line breaks stay.

    Args:
        text: As `visible` gives it.
    """
    return text.translate(_ENTITIES)
