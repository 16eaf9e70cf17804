"""Specifications of commands, and lines bound to them.

It says nothing of which commands there are; `arguments` holds lines against shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from acctcli.core.batch.lines import BatchLine
from acctcli.core.model.kinds import Field, KindName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Takes = Literal["text", "flag", "record", "records", "pair", "fields", "names", "own", "field"]


class Argument(Struct, frozen=True):
    """Something a command takes.

    Attributes:
        name: Its name.
        takes: What its value must be; `field` is a field's value.
        also: Other names for it.
        link: The kind of the records that it names.
        field: The field, when it is one.
        choices: All values that it takes, when they are few.
        required: Whether the command needs it.
    """

    name: str
    takes: Takes
    aliases: tuple[str, ...] = ()
    link: KindName | None = None
    field: Field | None = None
    choices: tuple[str, ...] = ()
    required: bool = False


class CommandSpec(Struct, frozen=True):
    """What a command takes, and what it is about.

    Attributes:
        about: The kind of the record that it is about, which `as` gives a name.
        arguments: What it takes.
        fields: The kind whose fields it takes as arguments, the book's own too.
        needs_one: Names of arguments of which it needs one at least.
        leaves: Whether the record is there afterwards.
    """

    kind: KindName
    arguments: tuple[Argument, ...]
    fields: KindName | None = None
    needs_one: tuple[str, ...] = ()
    leaves: bool = True


class Reference(str):
    """The name that an earlier line gave a record, where its id is to stand."""

    __slots__ = ()


class BoundCommand(Struct, frozen=True):
    """A line whose arguments its command takes.

    Attributes:
        line: The line.
        values: The arguments by name; those that are fields are under `fields`, unset ones None.
    """

    line: BatchLine
    values: dict[str, object]

    def references(self) -> Iterator[str]:
        """The names of records that stand in it."""
        return (text for text in _flat(self.values) if isinstance(text, Reference))

    def record_ids(self) -> Iterator[str]:
        """The ids of the records it is about."""
        return (text for text in _flat(self.values.get("id")) if not isinstance(text, Reference))

    def with_ids(self, ids: Mapping[str, str]) -> dict[str, object]:
        """The arguments with the ids of the records that names stand for."""
        return {key: _fill(value, ids) for key, value in self.values.items()}


def _flat(value: object) -> Iterator[str]:
    """The texts in an argument's value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _flat(each)


def _fill(value: object, ids: Mapping[str, str]) -> object:
    if isinstance(value, Reference):
        return ids[value]
    if isinstance(value, tuple):
        return tuple(_fill(each, ids) for each in value)
    if isinstance(value, dict):
        return {key: _fill(each, ids) for key, each in value.items()}
    return value
