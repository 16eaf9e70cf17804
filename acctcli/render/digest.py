"""The digest as text, Markdown and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import asdict

from acctcli.render.formats.cells import activity_phrase, value_text
from acctcli.render.formats.columns import TableColumn
from acctcli.render.formats.table import cell, table
from acctcli.render.formats.text import visible, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acctcli.core.model.choices import SectionName
    from acctcli.core.reports.digest import Digest, DigestSection, Item
    from acctcli.render.formats.document import Prose
    from acctcli.render.formats.style import Style

WIDTH = 78  # columns of a text that goes to no terminal: a mail is read in so many
_INDENT = "  "

TITLES: dict[SectionName, str] = {
    "overdue": "Overdue",
    "today": "Due today",
    "unplanned": "Nothing planned",
    "won": "Newly won",
    "renewals": "Renewals due",
    "late": "Late to be contacted",
    "at_risk": "At risk",
}
_ACCOUNT = TableColumn("Account", "org_name", breaks=True)
_OWNER = TableColumn("Owner", "owner", breaks=True)
_WON = TableColumn("Won", "won_value", "right")
_DEAL = TableColumn("Deal", "name", breaks=True)
_COLUMNS: dict[SectionName, tuple[TableColumn, ...]] = {
    "overdue": (
        TableColumn("Due", "day"),
        TableColumn("Days", "days_late", "right"),
        TableColumn("Activity", "what", breaks=True),
        _ACCOUNT,
        _OWNER,
    ),
    "today": (
        TableColumn("Activity", "what", breaks=True),
        TableColumn("Time", "reason"),
        _ACCOUNT,
        _OWNER,
    ),
    "unplanned": (_ACCOUNT, _WON, TableColumn("Contact", "reason", breaks=True), _OWNER),
    "won": (TableColumn("Day", "day"), _DEAL, _ACCOUNT, _WON, _OWNER),
    "renewals": (
        TableColumn("Day", "day"),
        TableColumn("Days", "days_left", "right"),
        _DEAL,
        _ACCOUNT,
        _WON,
        _OWNER,
    ),
    "late": (
        _ACCOUNT,
        TableColumn("Tier", "tier reason", breaks=True),
        TableColumn("Due", "day"),
        TableColumn("Days", "days_late", "right"),
        _OWNER,
    ),
    "at_risk": (
        _ACCOUNT,
        TableColumn("Points", "points", "right"),
        TableColumn("Weightiest reason", "reason", breaks=True),
        _OWNER,
    ),
}


class _Part(NamedTuple):
    """A section, ready to be laid out: what stands above it, its columns, and its rows."""

    head: str
    columns: Sequence[TableColumn]
    rows: Sequence[Mapping[str, object]]
    more: str


def title(digest: Digest) -> str:
    """What stands above it all, and in the subject of a mail: `Digest of 2026-03-10 for Anna`."""
    whose = f" for {visible(digest.owner)}" if digest.owner is not None else ""
    return f"Digest of {digest.today}{whose}"


def digest_text(digest: Digest, *, width: int | None, style: Style) -> str:
    """The digest as text; no line ends with a space.

    Args:
        digest: What the core found.
        width: Of the terminal; None when there is none, which means that of a mail.
        style: Colours, or none.
    """
    room = WIDTH if width is None else width
    lines = [*map(style.bold, wrap(title(digest), room)), *wrap(_summary(digest), room)]
    for part in _parts(digest):
        lines += ["", *map(style.bold, wrap(part.head, room))]
        text = table(part.rows, part.columns, width=room - len(_INDENT), style=style)
        lines += [_INDENT + line if line else line for line in text.split("\n")]
        if part.more:
            lines.append(_INDENT + part.more)
    rest = _empty(digest)
    if rest:
        lines += ["", *wrap(rest, room)]
    return "\n".join(lines)


def digest_markdown(digest: Digest) -> str:
    """The digest as Markdown: a heading and a table a section."""
    from acctcli.render.formats.document import Document, Grid, Section
    from acctcli.render.formats.markdown import markdown_text

    blocks: list[Section | Prose] = [
        Section(part.head, [Grid(part.rows, part.columns), *_prose(part.more)])
        for part in _parts(digest)
    ]
    return markdown_text(
        Document(title(digest), [*blocks, *_prose(_empty(digest))], _summary(digest))
    )


def _prose(text: str) -> list[Prose]:
    from acctcli.render.formats.document import Prose

    return [Prose(text)] if text else []


def digest_html(digest: Digest) -> str:
    """The digest as a page of HTML, whose styles stand in its tags, as mail programs want it."""
    from acctcli.render.formats.html import escape_html

    parts = [
        f"<h1 {_H1}>{escape_html(title(digest))}</h1>",
        f"<p {_P}>{escape_html(_summary(digest))}</p>",
    ]
    for part in _parts(digest):
        parts += [f"<h2 {_H2}>{escape_html(part.head)}</h2>", f"<table {_TABLE}>"]
        parts.append(_html_row("th", [column.header for column in part.columns], part.columns))
        parts += [
            _html_row("td", [cell(row, column.key) for column in part.columns], part.columns)
            for row in part.rows
        ]
        parts.append("</table>")
        if part.more:
            parts.append(f"<p {_P}>{escape_html(part.more)}</p>")
    rest = _empty(digest)
    if rest:
        parts.append(f"<p {_P}>{escape_html(rest)}</p>")
    head = ['<html lang="en">', "<head>", '<meta charset="utf-8">']
    return "\n".join(
        [
            "<!DOCTYPE html>",
            *head,
            f"<title>{escape_html(title(digest))}</title>",
            "</head>",
            f"<body {_BODY}>",
            *parts,
            "</body>",
            "</html>",
        ]
    )


_BODY = 'style="margin:16px;font-family:Arial,Helvetica,sans-serif;color:#222222"'
_H1 = 'style="margin:0 0 8px 0;font-size:20px"'
_H2 = 'style="margin:24px 0 8px 0;font-size:16px"'
_P = 'style="margin:8px 0;font-size:14px"'
_TABLE = 'cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse"'
_CELL = "padding:4px 16px 4px 0;font-size:14px;vertical-align:top"


def _html_row(tag: str, texts: Sequence[str], columns: Sequence[TableColumn]) -> str:
    from acctcli.render.formats.html import escape_html

    line = "#888888" if tag == "th" else "#dddddd"
    cells = (
        f'<{tag} align="{column.align}" style="{_CELL};border-bottom:1px solid {line}">'
        f"{escape_html(text)}</{tag}>"
        for text, column in zip(texts, columns, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _summary(digest: Digest) -> str:
    return f"{digest.summary[:1].upper()}{digest.summary[1:]}."


def _parts(digest: Digest) -> list[_Part]:
    """The sections with something in them; columns with nothing in them are left out."""
    return [_part(section) for section in digest.sections if section.count]


def _part(section: DigestSection) -> _Part:
    total = value_text(section.won_value)
    head = f"{TITLES[section.section]} ({section.count})"
    rows = [*map(_row, section.rows)]
    columns = _COLUMNS[section.section]
    return _Part(
        head=f"{head}: {total}" if total else head,
        columns=[each for each in columns if any(cell(row, each.key) for row in rows)],
        rows=rows,
        more=f"and {section.more} more" if section.more else "",
    )


def _row(item: Item) -> dict[str, object]:
    left = item.days_left
    return {
        **asdict(item),
        "what": activity_phrase(item.type, item.name),
        "days_late": -left if left is not None and left < 0 else None,
    }


def _empty(digest: Digest) -> str:
    """One line that names the sections with nothing in them; none when there are none."""
    names = [TITLES[each.section].lower() for each in digest.sections if not each.count]
    return f"Nothing in: {', '.join(names)}." if names else ""
