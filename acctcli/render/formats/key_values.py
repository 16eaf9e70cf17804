"""Lines of labels and values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from acctcli.render.formats.text import display_width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.core.model.kinds import Kind
    from acctcli.render.formats.style import Style

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
    label_width = max([label_width, *(display_width(label) for label, _ in fields)])
    if width is not None:
        label_width = min(label_width, max(width // 2 - _GAP, 1))
    lines: list[str] = []
    for label, text in fields:
        labels = wrap(label, label_width)
        texts = text.split("\n") if width is None else wrap(text, width - label_width - _GAP)
        for number in range(max(len(labels), len(texts))):
            left = labels[number] if number < len(labels) else ""
            right = texts[number] if number < len(texts) else ""
            gap = " " * (label_width - display_width(left) + _GAP)
            lines.append(f"{style.dim(left)}{gap}{right}".rstrip())
    return "\n".join(lines)


def record_fields(
    kind: Kind, values: Mapping[str, object], *, names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """A record as labels and values; fields that are not set are left out.

    Args:
        kind: What the record is.
        values: As `core.model.schema.as_dict` gives them.
        names: The names of linked records by id; a link reads ``Name (id)``.
    """
    from acctcli.render.formats.cells import custom_texts

    custom = values.get("custom_fields")
    fields = list(_built_in_rows(kind, values, names))
    if isinstance(custom, Mapping):
        fields += custom_texts(custom)
    return fields


def _built_in_rows(
    kind: Kind, values: Mapping[str, object], names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    from acctcli.render.formats.cells import (
        amount_text,
        label_text,
        link_text,
        long_text,
    )

    for field in kind.fields:
        value = values.get(field.name)
        if value in (None, "", ()) or value is False:
            continue
        if field.name == "currency" and values.get("value") is not None:
            continue  # it stands with the value
        if field.link:
            text = link_text(str(value), names)
        elif field.name == "value":
            text = amount_text(value, values.get("currency"))
        else:
            text = long_text(value)
        yield label_text(field.name), text
