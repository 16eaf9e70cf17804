"""Fields declared in acctcli.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError
from acctcli.store.datafiles import plain_writer
from acctcli.store.datafiles.record_editor import gap, newline_of
from acctcli.store.datafiles.text_builder import unsafe_edit_error
from acctcli.store.datafiles.yaml import reader
from acctcli.store.datafiles.yaml.nodes import (
    Mapping,
    line_end,
    node_content_end,
    place_at,
    raw,
)
from acctcli.store.datafiles.yaml.parser import BOM, RefusalError, document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Map

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw
    from acctcli.store.datafiles.yaml.nodes import Node

_STEP = 2  # how much deeper a mapping's keys stand than its own key


def declare_fields(data: bytes, file: str, kind: KindName, names: Map[str, str]) -> bytes:
    """The bytes of acctcli.yaml with custom fields of a kind declared: their names and types.

    Raises:
        InvalidBookError: the file cannot be read, or there is no safe place in it.
        InvalidInputError: a field of that name is declared with another type.
    """
    text = reader.decode(data, file)
    mark = BOM if text.startswith(BOM) else ""
    text = text.removeprefix(BOM)
    top = reader.read_mapping(data, file)
    before = _as_dict(raw(top) if top else None)
    declared = _as_dict(_as_dict(before.get("fields")).get(kind))
    new = {name: type_ for name, type_ in names.items() if name not in declared}
    for name, type_ in names.items():
        if name not in new and declared[name] != type_:
            raise InvalidInputError.of(
                "field-exists",
                f'the field "{name}" of {kind} is declared with another type',
                place=place_at(top, f"fields.{kind}.{name}", file),
                hint="leave it as it is, or choose another name",
            )
    if not new:
        return data
    fields = {**_as_dict(before.get("fields")), kind: {**declared, **new}}
    wanted: dict[str, Raw] = {**before, "fields": fields}
    for attempt in _attempts(text, top, kind, new):
        if _is_equal_to(attempt, wanted):
            return (mark + attempt).encode()
    raise unsafe_edit_error(
        "the fields cannot be declared here safely",
        place_at(top, f"fields.{kind}", file),
        hint='write "fields:" on a line of its own and the kinds and names below it',
    )


def _as_dict(value: Raw) -> dict[str, Raw]:
    return value if isinstance(value, dict) else {}


def _is_equal_to(text: str, wanted: dict[str, Raw]) -> bool:
    try:
        node = document(text)
    except RefusalError:
        return False
    return node is not None and raw(node) == wanted


def _attempts(text: str, top: Mapping | None, kind: str, names: Map[str, str]) -> Iterator[str]:
    newline = newline_of(text, "\n")
    kinds: dict[str, Raw] = {kind: dict(names)}
    if top is None:
        yield _insert_below(text, len(text), {"fields": kinds}, 0, newline)
    elif (fields := top.get("fields")) is None:
        yield from _into(text, top, {"fields": kinds}, newline)
    elif isinstance(fields, Mapping) and (of_kind := fields.get(kind)) is not None:
        yield from _under(text, of_kind, dict(names), fields.start.column, newline)
    else:
        yield from _under(text, fields, kinds, top.start.column, newline)


def _under(
    text: str, node: Node, entries: dict[str, Raw], column: int, newline: str
) -> Iterator[str]:
    """Add entries to the value of a key that stands in `column`: to a mapping, or to nothing."""
    if isinstance(node, Mapping):
        yield from _into(text, node, entries, newline)
    elif raw(node) is None:
        start = node.start.index
        yield _insert_below(text, line_end(text, start), entries, column + _STEP, newline)
        yield f"{text[:start]}{gap(text, start)}{plain_writer.flow(entries)}{text[start:]}"


def _into(text: str, node: Mapping, entries: dict[str, Raw], newline: str) -> Iterator[str]:
    end = node_content_end(text, node.entries[-1][1]) if node.entries else 0
    if not node.flow:
        at = line_end(text, max(end, node.entries[-1][0].end.index))
        if node.start.column == 0:
            yield _insert_below(text, len(text), entries, 0, newline)
        yield _insert_below(text, at, entries, node.start.column, newline)
    elif node.entries:
        yield f"{text[:end]}, {_inside_braces(entries)}{text[end:]}"
    else:
        start = node.start.index + 1
        yield f"{text[:start]}{_inside_braces(entries)}{text[start:].lstrip(' ')}"


def _inside_braces(entries: dict[str, Raw]) -> str:
    return plain_writer.flow(entries)[1:-1]


def _insert_below(text: str, at: int, entries: dict[str, Raw], column: int, newline: str) -> str:
    missing = "" if not text[:at] or text[:at].endswith("\n") else newline
    return f"{text[:at]}{missing}{_lines(entries, column, newline)}{text[at:]}"


def _lines(entries: dict[str, Raw], column: int, newline: str) -> str:
    lines: list[str] = []
    for key, value in entries.items():
        start = f"{' ' * column}{plain_writer.scalar(key)}:"
        if isinstance(value, dict):
            lines.append(f"{start}{newline}{_lines(value, column + _STEP, newline)}")
        else:
            lines.append(f"{start} {plain_writer.flow(value)}{newline}")
    return "".join(lines)
