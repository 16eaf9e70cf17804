"""YAML nodes with their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

from acctcli.core.model.errors import Place

if TYPE_CHECKING:
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Raw


class Mark(Protocol):
    """A position in the parsed text: characters from its start, line and column from 0."""

    index: int
    line: int
    column: int


class Position(NamedTuple):
    """A line and a column, both from 0, as an editor counts them."""

    line: int
    column: int


class Scalar(Struct, frozen=True, gc=False):
    """A text; `style` is empty for a plain one, else one of the characters ``' " | >``."""

    text: str
    style: str
    start: Mark
    end: Mark

    @property
    def is_plain(self) -> bool:
        """Whether it is written without quotes and not as a block."""
        return not self.style


class Sequence(Struct, frozen=True):
    """A list. `end` is exact for a flow list only; see `node_content_end`."""

    items: list[Node]
    flow: bool
    start: Mark
    end: Mark


class Mapping(Struct, frozen=True):
    """Keys and values in order. `end` is exact for a flow mapping only; see `node_content_end`."""

    entries: list[tuple[Scalar, Node]]
    flow: bool
    start: Mark
    end: Mark

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """A key itself, as it is written, or None."""
        return next((name for name, _ in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping

_BLOCK_HEADER = re.compile(r"[|>][0-9+-]*")
_EMPTY_LINES = re.compile(r"(?:\r?\n *)+\Z")


def raw(node: Node) -> Raw:
    """The text of a node: None for a plain empty scalar, lists and mappings nested."""
    if isinstance(node, Scalar):
        return node.text or (None if node.is_plain else "")
    if isinstance(node, Sequence):
        return [raw(item) for item in node.items]
    return {key.text: raw(value) for key, value in node.entries}


def node_content_end(text: str, node: Node) -> int:
    """Where the last character of a node's content ends in the text it was parsed from.

    Blank lines after a block scalar are content only where its header keeps them (``|+``); then
    the end is that of the last blank line, before its line break.
    """
    if isinstance(node, Scalar):
        return _block_end(text, node) if node.style in ("|", ">") else node.end.index
    if node.flow:
        return node.end.index
    if isinstance(node, Sequence):
        return node_content_end(text, node.items[-1]) if node.items else node.start.index
    key, value = node.entries[-1]
    return max(key.end.index, node_content_end(text, value))


def _block_end(text: str, node: Scalar) -> int:
    start, end = node.start.index, node.end.index
    header = _BLOCK_HEADER.match(text, start)
    if header and "+" in header[0]:
        return end - len(text[start:end]) + len(_without_break(text[start:end]))
    blank = _EMPTY_LINES.search(text, start, end)
    return blank.start() if blank else end


def _without_break(text: str) -> str:
    return text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")


def line_start(text: str, index: int) -> int:
    """Where the line of a position starts."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Where the line after that of a position starts; the end of the text for the last one."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def position(text: str, index: int) -> Position:
    """The line and column of an index into a text."""
    if text.startswith("\r\n", index - 1) and index:
        index -= 1  # between the two, the line has not ended yet
    before = text[:index]
    # libyaml counts more line breaks than editors do, and one more at the end of the text.
    breaks = before.count("\n") + before.count("\r") - before.count("\r\n")
    return Position(breaks, index - max(before.rfind("\n"), before.rfind("\r")) - 1)


def place_at(node: Node | None, field: str | None, file: str, *, at_key: bool = False) -> Place:
    """The place of the value under a dotted path of keys, as far as the path can be followed.

    The items of a list are numbered from 1, as people count them. With `at_key` it is the place
    of the last key instead, for what is odd about the key itself.
    """
    if node is None:
        return Place(file)
    here: Node = node
    key: Node = node
    rest = field or ""
    while rest and not isinstance(here, Scalar):
        if isinstance(here, Sequence):
            number, _, below = rest.partition(".")
            if not number.isdecimal() or not 1 <= int(number) <= len(here.items):
                break
            key = here = here.items[int(number) - 1]
            rest = below
            continue
        step = max(
            (
                entry
                for entry in here.entries
                if rest == entry[0].text or rest.startswith(f"{entry[0].text}.")
            ),
            key=lambda entry: len(entry[0].text),
            default=None,
        )
        if step is None:
            break
        key, here = step
        rest = rest[len(step[0].text) + 1 :]
    found = key if at_key else here
    return Place(file, found.start.line + 1, found.start.column + 1)


def placed_problem_of(problem: Problem, node: Node | None, file: str) -> Problem:
    """A problem of the value under its field, or of the key itself, with its place."""
    at_key = problem.id == "unknown-key"
    return problem._replace(place=place_at(node, problem.field, file, at_key=at_key))
