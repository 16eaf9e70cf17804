"""Aligned lines of a label and a text, the form in which one thing is shown.

It knows labels, texts and widths, and nothing of records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.render.text import width as width_of
from acctcli.render.text import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.render.style import Style

_GAP = 2


def fields_text(
    fields: Sequence[tuple[str, str]],
    *,
    width: int | None,
    style: Style,
    label_width: int = 0,
) -> str:
    """Aligned lines of a label and a text; a text of more lines stands below itself.

    Args:
        fields: Labels and texts, both visible already.
        width: At most so many columns; None does not wrap.
        style: Colours, or none; labels are faint.
        label_width: At least so many columns for the labels.
    """
    label_width = max([label_width, *(width_of(label) for label, _ in fields)])
    if width is not None:
        label_width = min(label_width, max(width // 2 - _GAP, 1))
    lines: list[str] = []
    for label, text in fields:
        labels = wrap(label, label_width)
        texts = text.split("\n") if width is None else wrap(text, width - label_width - _GAP)
        for number in range(max(len(labels), len(texts))):
            left = labels[number] if number < len(labels) else ""
            right = texts[number] if number < len(texts) else ""
            gap = " " * (label_width - width_of(left) + _GAP)
            lines.append(f"{style.dim(left)}{gap}{right}".rstrip())
    return "\n".join(lines)
