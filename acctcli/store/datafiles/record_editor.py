"""Changed keys of one record's text.

It works on the text of one record and on the places of its nodes, and tries what a careful person
would write; each try is parsed, and only one that reads as intended is given back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from acctcli.store.datafiles import plain_writer
from acctcli.store.datafiles.yaml.nodes import (
    Mapping,
    Scalar,
    Sequence,
    line_end,
    line_start,
    node_content_end,
    raw,
)
from acctcli.store.datafiles.yaml.parser import (
    RefusalError,
    document,
    quick_record,
)
from acctcli.store.datafiles.yaml.reader import only_record, record_raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as Map
    from collections.abc import Sequence as Seq

    from acctcli.core.model.records import Raw
    from acctcli.store.datafiles.yaml.nodes import Node

UNSAFE_HINT = "write the record in lines of its own, one key a line, then run the command again"
_COLON = re.compile(r"[ \t]*:")
_REST_OF_LINE = re.compile(r"[ \t]*(?:[ \t]#[^\n]*)?\r?(?:\n|\Z)")
_BLOCK_HEADER = 3  # characters at most: "|2-"
_DASH_SPACES = re.compile(r"-( +)(?=[^ #\r\n])")


class EditStyle(NamedTuple):
    """What an edit must know of the file and the schema.

    Attributes:
        order: The names of the built-in fields in order, which says where a new key goes.
        is_text: Whether the values of a field are text to readers of YAML.
        newline: The line ending of the file, for a record that has none of its own.
    """

    order: Seq[str]
    is_text: Callable[[str], bool]
    newline: str


class _Change(NamedTuple):
    key: str
    value: Raw
    is_text: bool
    newline: str

    @property
    def inline(self) -> str:
        return plain_writer.flow(self.value, is_text=self.is_text)

    def block(self, column: int) -> tuple[str, str] | None:
        """The header and the lines of a literal block, if the value is a text fit for one."""
        made = plain_writer.block_text(self.value) if isinstance(self.value, str) else None
        if made is None:
            return None
        margin = " " * column
        lines = (f"{margin}{line}" if line else "" for line in made[1])
        return made[0], "".join(f"{line}{self.newline}" for line in lines)


class _Entry(NamedTuple):
    key: Scalar
    value: Node
    line: int  # where the key's line starts
    prefix: str  # what stands before the key on its line
    colon: int  # after the colon


class _Span(NamedTuple):
    """Whole lines: where the first starts, and where the line after the last does."""

    start: int
    end: int


def set_keys(text: str, changes: Map[str, Raw], habits: EditStyle) -> str:
    """The text of a record with changed keys; a value of None removes the key.

    `text` is the record's whole piece of the file. Only the lines of the changed keys differ.

    Raises:
        RefusalError: a key stands where it cannot be changed safely (``unsafe-edit``).
        InvalidInputError: a value is no text.
    """
    # Removals come last, so that a record is never left without a key on the way.
    for key, value in sorted(changes.items(), key=lambda change: change[1] is None):
        text = _set_key(text, key, value, habits)
    return text


def newline_of(text: str, default: str) -> str:
    """The line ending of a text: that of its first line."""
    end = text.find("\n")
    if end < 0:
        return default
    return "\r\n" if text.startswith("\r", end - 1) and end else "\n"


def _set_key(text: str, key: str, value: Raw, habits: EditStyle) -> str:
    record = only_record(document(text))
    before = record_raw(record)
    wanted = {name: old for name, old in before.items() if name != key or value is not None}
    if value is not None:
        wanted[key] = value
    if wanted == before:
        return text
    change = _Change(key, value, habits.is_text(key), newline_of(text, habits.newline))
    for attempt in _attempts(text, record, change, habits.order):
        if quick_record(attempt) == wanted:
            return attempt
    place = next((name for name, _ in record.entries if name.text == key), record)
    raise RefusalError(
        "unsafe-edit",
        f'"{key}" cannot be edited safely where it stands',
        place.start.index,
        UNSAFE_HINT,
    )


def _attempts(text: str, record: Mapping, change: _Change, order: Seq[str]) -> Iterator[str]:
    found = next((pair for pair in record.entries if pair[0].text == change.key), None)
    if record.flow:
        if found and isinstance(change.value, str) and isinstance(found[1], Scalar):
            yield in_place(text, found[1], plain_writer.scalar(change.value, flow=True))
        return
    if found is None:
        yield from _add_key(text, record, change, order)
    elif entry := _entry(text, *found):
        if change.value is None:
            yield _remove_key(text, entry)
        else:
            yield from _replace_value(text, entry, change)


def in_place(text: str, old: Scalar | Sequence | Mapping, new: str) -> str:
    """The text with a node that ends where its mark says replaced by another on one line."""
    start, end = old.start.index, old.end.index
    return f"{text[:start]}{gap(text, start)}{new}{text[end:]}"


def gap(text: str, index: int) -> str:
    """The space that must stand before a value at a position, if there is none yet."""
    return "" if text[index - 1 : index].isspace() else " "


def _entry(text: str, key: Scalar, value: Node) -> _Entry | None:
    line = line_start(text, key.start.index)
    prefix = text[line : key.start.index]
    colon = _COLON.match(text, key.end.index)
    if colon is None or prefix.strip(" ") not in ("", "-"):
        return None  # an explicit key ("? key"), or a line break that is none to an editor
    return _Entry(key, value, line, prefix, colon.end())


def _add_key(text: str, record: Mapping, change: _Change, order: Seq[str]) -> Iterator[str]:
    lines = plain_writer.key_lines(
        change.key,
        change.value,
        is_text=change.is_text,
        indent=record.start.column,
        newline=change.newline,
    )
    last = line_end(text, node_content_end(text, record))
    before = order[: order.index(change.key)] if change.key in order else ()
    values = {key.text: (key, value) for key, value in record.entries}
    anchor = next((values[name] for name in reversed(before) if name in values), None)
    if anchor:
        end = max(anchor[0].end.index, node_content_end(text, anchor[1]))
        yield _insert_lines(text, line_end(text, end), lines, change.newline)
    yield _insert_lines(text, last, lines, change.newline)
    # A comment that stands deeper below would be taken for a line of a block.
    inline = f"{' ' * record.start.column}{plain_writer.scalar(change.key)}: {change.inline}"
    yield _insert_lines(text, last, f"{inline}{change.newline}", change.newline)


def _insert_lines(text: str, at: int, lines: str, newline: str) -> str:
    missing = "" if text[:at].endswith("\n") else newline
    return f"{text[:at]}{missing}{lines}{text[at:]}"


def _remove_key(text: str, entry: _Entry) -> str:
    last = line_end(text, max(entry.colon, node_content_end(text, entry.value)))
    if not entry.prefix.strip():
        return text[: entry.line] + text[last:]
    # The first key stands on the line of the dash: the dash stays alone on it.
    ending = "\r\n" if text[:last].endswith("\r\n") else "\n" if text[:last].endswith("\n") else ""
    return text[: entry.line] + entry.prefix.rstrip() + ending + text[last:]


def _replace_value(text: str, entry: _Entry, change: _Change) -> Iterator[str]:
    old = entry.value
    if isinstance(old, Scalar) and old.style in ("|", ">"):
        yield from _instead_of_block_scalar(text, entry, old, change)
    elif isinstance(old, Scalar) or old.flow:
        rest = _REST_OF_LINE.match(text, old.end.index)
        made = change.block(len(entry.prefix) + 2)
        if made and rest and line_start(text, old.start.index) == entry.line:
            header, lines = made
            yield _with_block(
                text, old.start.index, header, rest.span(), lines=lines, newline=change.newline
            )
        yield in_place(text, old, change.inline)
    elif isinstance(old, Sequence):
        yield from _instead_of_items(text, old, change)
    if line_start(text, old.start.index) > entry.line:
        yield _on_key_line(text, entry, change)


def _with_block(
    text: str, at: int, header: str, rest: tuple[int, int], *, lines: str, newline: str
) -> str:
    ending = text[rest[0] : rest[1]]
    missing = "" if ending.endswith("\n") else newline
    return f"{text[:at]}{gap(text, at)}{header}{ending}{missing}{lines}{text[rest[1] :]}"


def _instead_of_block_scalar(
    text: str, entry: _Entry, old: Scalar, change: _Change
) -> Iterator[str]:
    start = old.start.index
    header = text[start : start + _BLOCK_HEADER]
    header_end = start + len(header) - len(header.lstrip("|>+-0123456789"))
    content = line_end(text, header_end)
    end = max(content, line_end(text, node_content_end(text, old)))
    rest = text[header_end:content]
    for column in (_margin(text[content:end]), len(entry.prefix) + 2):
        if made := change.block(column):
            missing = "" if rest.endswith("\n") else change.newline
            yield f"{text[:start]}{made[0]}{rest}{missing}{made[1]}{text[end:]}"
    yield f"{text[:start]}{change.inline}{rest}{text[end:]}"


def _margin(lines: str) -> int:
    first = next((line for line in lines.split("\n") if line.strip()), "")
    return len(first) - len(first.lstrip(" "))


def _instead_of_items(text: str, old: Sequence, change: _Change) -> Iterator[str]:
    if not isinstance(change.value, list) or not change.value:
        return
    first = line_start(text, old.start.index)
    end = line_end(text, node_content_end(text, old))
    spaces = _DASH_SPACES.match(text, old.start.index)
    dash = f"{' ' * old.start.column}-{spaces[1] if spaces else ' '}"
    lines = [
        f"{dash}{plain_writer.flow(item, is_text=change.is_text)}{change.newline}"
        for item in change.value
    ]
    missing = "" if text[:end].endswith("\n") else change.newline
    text = f"{text[:end]}{missing}{text[end:]}"
    if spans := _item_spans(text, old):
        was = [repr(raw(item)) for item in old.items]
        now = [repr(item) for item in change.value]
        yield _with_items(text, spans, lines, was, now).removesuffix(missing)
    yield f"{text[:first]}{''.join(lines)}{text[end + len(missing) :]}".removesuffix(missing)


def _item_spans(text: str, old: Sequence) -> list[_Span]:
    """The lines of each item of a block list; none when they are not lines of its own."""
    spans: list[_Span] = []
    after = line_start(text, old.start.index)
    for item in old.items:
        dash = _dash_at(text, old.start.column, after, item.start.index)
        if dash is None:
            return []
        after = line_end(text, max(dash, node_content_end(text, item)))
        spans.append(_Span(dash, after))
    return spans


def _dash_at(text: str, column: int, start: int, end: int) -> int | None:
    """Where the line of an item's dash begins, in the text from the start of a line."""
    while start < end:
        if text.startswith(f"{' ' * column}-", start):
            return start
        start = line_end(text, start)
    return None


def _with_items(text: str, spans: Seq[_Span], lines: Seq[str], was: Seq[str], now: Seq[str]) -> str:
    """The text with the lines of items that went replaced by those of new ones, in order."""
    from difflib import SequenceMatcher

    pieces: list[str] = []
    done = 0
    for what, first, last, new, new_end in SequenceMatcher(
        None, was, now, autojunk=False
    ).get_opcodes():
        if what == "equal":
            continue
        fresh = iter(lines[new:new_end])
        for span in spans[first:last]:
            pieces += text[done : span.start], next(fresh, "")
            done = span.end
        at = spans[last - 1].end if last else spans[0].start
        pieces += text[done:at], *fresh
        done = at
    return "".join(pieces) + text[done:]


def _on_key_line(text: str, entry: _Entry, change: _Change) -> str:
    # The comments between the key and the old value stay.
    first = line_start(text, entry.value.start.index)
    end = line_end(text, node_content_end(text, entry.value))
    return f"{text[: entry.colon]} {change.inline}{text[entry.colon : first]}{text[end:]}"
