"""Why a value is what it is, as text and as a document."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.render.formats.cells import value_text
from acctcli.render.formats.document import Document, Fields, Prose, Section
from acctcli.render.formats.key_values import fields_text
from acctcli.render.formats.text import lines_in, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.core.model.explanation import Explanation
    from acctcli.core.model.records import Org
    from acctcli.render.formats.document import Block
    from acctcli.render.formats.style import Style

_INDENT = "  "
_READABLE = 100  # lines of prose are no longer than this, however wide the terminal
_SHORT = 3  # reasons of a value when all of them are told


def why_text(
    org: Org, whys: Sequence[Explanation], *, width: int | None, style: Style, short: bool
) -> str:
    """Values of an organization, each with its rule and what made it.

    Args:
        org: The organization.
        whys: What is told.
        width: Of the terminal; None when there is none, then nothing wraps.
        style: Colours, or none.
        short: Whether of many reasons only the weightiest are told.
    """
    title = [
        style.bold(line) for line in lines_in(f"{visible(org.name)} ({visible(org.id)})", width)
    ]
    told = ("\n".join(_lines(why, org, width, style, short=short)) for why in whys)
    return "\n\n".join(["\n".join(title), *told])


def why_document(org: Org, whys: Sequence[Explanation], *, short: bool) -> Document:
    """The same, to be shown as Markdown or HTML."""
    sections = []
    for why in whys:
        blocks: list[Block] = [Prose(visible(why.rule))]
        reasons = _reasons(why, org, short=short)
        if reasons:
            blocks.append(Fields(reasons))
        value = value_text(cell_value(why)) or "none"
        sections.append(Section(f"{why.of}: {value}", blocks))
    return Document(visible(org.name), sections, visible(org.id))


def _lines(
    why: Explanation, org: Org, width: int | None, style: Style, *, short: bool
) -> Iterator[str]:
    value = value_text(cell_value(why)) or "none"
    for line in lines_in(f"{why.of}: {value}", width):
        yield style.bold(line)
    room = None if width is None else min(width, _READABLE) - len(_INDENT)
    for line in lines_in(visible(why.rule), room):
        yield _INDENT + style.dim(line)
    reasons = _reasons(why, org, short=short)
    if reasons:
        for line in fields_text(reasons, width=room, style=style).split("\n"):
            yield _INDENT + line


def _reasons(why: Explanation, org: Org, *, short: bool) -> list[tuple[str, str]]:
    shown = why.reasons[:_SHORT] if short else why.reasons
    reasons = [(visible(each.record or ""), visible(each.text)) for each in shown]
    left = len(why.reasons) - len(shown)
    if left:
        reasons.append(("", f"{left} more: acctcli org why {visible(org.id)} {why.of}"))
    return reasons


def cell_value(why: Explanation) -> object:
    """A value for one cell: a contact as its day and what it was, all else as it is."""
    value = why.value
    day = getattr(value, "date", None)
    if isinstance(value, Struct) and isinstance(day, dt.date):
        kind, subject = getattr(value, "type", None), getattr(value, "subject", "")
        return f"{day} {kind}: {subject}" if kind else f"{day} {subject}"
    return value
