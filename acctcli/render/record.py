"""One record as labels and values. It knows fields, and no terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acctcli.core.model.kinds import Kind


def record_fields(
    kind: Kind, values: Mapping[str, object], *, names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """A record as labels and values; fields that are not set are left out.

    Args:
        kind: What the record is.
        values: As `core.schema.as_dict` gives them.
        names: The names of linked records by id; a link reads ``Name (id)``.
    """
    from acctcli.render.values import custom_texts

    custom = values.get("custom_fields")
    fields = list(_built_in(kind, values, names))
    if isinstance(custom, Mapping):
        fields += custom_texts(custom)
    return fields


def _built_in(
    kind: Kind, values: Mapping[str, object], names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    from acctcli.render.values import amount_text, label_text, link_text, long_text

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
