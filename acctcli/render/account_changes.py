"""Changes of accounts, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.choices import CHANGE_KINDS, ChangeKind
from acctcli.render.formats.cells import value_text
from acctcli.render.formats.columns import TableColumn
from acctcli.render.formats.table import cell, table
from acctcli.render.formats.text import lines_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acctcli.render.formats.style import Style

_INDENT = "  "
_ACCOUNT = TableColumn("Account", "name", breaks=True)
_OWNER = TableColumn("Owner", "owner", breaks=True)
_WON = TableColumn("Won", "won_value", "right")
_BUCKET = TableColumn("Bucket", "bucket")
_VALUE = (
    _ACCOUNT,
    TableColumn("From", "won_value_before", "right"),
    TableColumn("To", "won_value", "right"),
    TableColumn("Difference", "difference", "right"),
    _OWNER,
)
_BUCKETS = (_ACCOUNT, TableColumn("From", "from"), TableColumn("To", "to"), _WON, _OWNER)
# All of them in one table, as Markdown and HTML have them.
CHANGE_COLUMNS = (
    TableColumn("Change", "change"),
    _ACCOUNT,
    TableColumn("From", "from", breaks=True),
    TableColumn("To", "to", breaks=True),
    TableColumn("Had won", "won_value_before", "right"),
    _WON,
    TableColumn("Difference", "difference", "right"),
    TableColumn("Why", "reason", breaks=True),
    _OWNER,
)
_KINDS: dict[ChangeKind, tuple[str, tuple[TableColumn, ...]]] = {
    "new": ("New accounts", (_ACCOUNT, _WON, _BUCKET, _OWNER)),
    "lost": (
        "No longer accounts",
        (
            _ACCOUNT,
            TableColumn("Had won", "won_value_before", "right"),
            TableColumn("Why", "reason", breaks=True),
            _OWNER,
        ),
    ),
    "renamed": (
        "Renamed",
        (TableColumn("From", "from", breaks=True), TableColumn("To", "to", breaks=True), _OWNER),
    ),
    "value_up": ("Worth more", _VALUE),
    "value_down": ("Worth less", _VALUE),
    "overdue": ("Newly overdue", _BUCKETS),
    "moved": ("Moved", _BUCKETS),
}
# All kinds in one table, where there is but one.
CHANGES = (
    TableColumn("Change", "change"),
    _ACCOUNT,
    TableColumn("From", "from", breaks=True),
    TableColumn("To", "to", breaks=True),
    TableColumn("Difference", "difference", "right"),
    _WON,
    TableColumn("Why", "reason", breaks=True),
    _OWNER,
)
# The list of what is remembered.
RUN_COLUMNS = (
    TableColumn("Name", "name"),
    TableColumn("Seen", "time"),
    TableColumn("Accounts", "account_count", "right"),
)


def changes_text(
    rows: Sequence[Mapping[str, object]], *, period: str, width: int | None, style: Style
) -> str:
    """The changes by kind; empty when there are none.

    Args:
        rows: In their machine form.
        period: Between which moments they lie.
        width: No line is wider; None when there is no terminal.
        style: Colours, or none.
    """
    if not rows:
        return ""
    parts = ["\n".join(map(style.dim, lines_in(value_text(period), width)))]
    for name in CHANGE_KINDS:
        some = [row for row in rows if row["change"] == name]
        if some:
            title, columns = _KINDS[name]
            filled = [each for each in columns if any(cell(row, each.key) for row in some)]
            inner = None if width is None else width - len(_INDENT)
            text = table(some, filled, width=inner, style=style)
            heads = map(style.bold, lines_in(f"{title} ({len(some)})", width))
            lines = (_INDENT + line if line else line for line in text.split("\n"))
            parts.append("\n".join([*heads, *lines]))
    return "\n\n".join(parts)
