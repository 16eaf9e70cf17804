"""Names shown for ids: of linked records, and in fields of the book's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KINDS, KindName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acctcli.cli.output.writer import Row
    from acctcli.core.model.records import Data, Record, Value
    from acctcli.store.views.view import View


_LONGEST_NAME = 60  # characters
_LINKS: dict[KindName, tuple[str, ...]] = {
    name: tuple(field.name for field in kind.fields if field.link) for name, kind in KINDS.items()
}


_NAMED: tuple[KindName, ...] = ("orgs", "people", "deals")


class RecordNames(Mapping[str, str]):
    """What to show for an id that a record links to; looked up when it is asked for."""

    def __init__(self, data: Data) -> None:
        self._data = data

    def __getitem__(self, record_id: str) -> str:
        for kind in _NAMED:
            record = self._data.of(kind).get(record_id)
            if record is not None:
                name: str = getattr(record, KINDS[kind].label)
                return name
        raise KeyError(record_id)

    def __iter__(self) -> Iterator[str]:
        for kind in _NAMED:
            yield from self._data.of(kind)

    def __len__(self) -> int:
        return sum(len(self._data.of(kind)) for kind in _NAMED)


def label_of(record: Record, kind: KindName) -> str:
    """What a record is called, on one line; a note is called by the beginning of its text."""
    from acctcli.render.formats.text import (  # start-up: machine formats load no widths
        clip,
        visible,
    )

    return clip(visible(getattr(record, KINDS[kind].label)), _LONGEST_NAME)


def with_custom_names(row: Row, view: View, kind: KindName) -> Row:
    """A row whose declared links read `Name (id)`, as the built-in ones do."""
    own = row["custom_fields"]
    return {**row, "custom_fields": custom_names(own, view, kind)} if isinstance(own, dict) else row


def custom_names(custom: Mapping[str, Value], view: View, kind: KindName) -> dict[str, Value]:
    """A record's own fields, of which the links read `Name (id)`."""
    declared = view.settings.custom_fields(kind)
    return {name: _display_link(value, declared[name].link, view) for name, value in custom.items()}


def _display_link(value: Value, link: KindName | None, view: View) -> Value:
    record = None if link is None else view.data.of(link).get(str(value))
    if link is None or record is None:
        return value
    return f"{label_of(record, link)} ({record.id})"


def display_row(row: Row, kind: KindName, names: Mapping[str, str]) -> Row:
    """A row for people: linked records by their names."""
    shown = dict(row)
    for name in _LINKS[kind]:
        value = row.get(name)
        if value is not None:
            shown[name] = names.get(str(value), value)
    return shown
