"""The commands as data, read from tree.json.

`generate_tree` writes that file; a test holds it to the commands there are.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from acctcli.core.model.kinds import KindName


class OptionInfo(NamedTuple):
    """An option.

    Attributes:
        names: Its names, the long one first.
        wants: What each of its values is; none for a flag.
        help: Its line of help.
        repeats: Whether it may be given more than once.
    """

    names: tuple[str, ...]
    wants: tuple[str, ...]
    help: str
    repeats: bool


class CommandNode(NamedTuple):
    """A command or a group of them.

    Attributes:
        help: Its line of help.
        verbs: The names of what stands below it.
        options: Its own options.
        lists: The names of the options of lists that it takes.
        arguments: What each of its arguments is.
        repeats: Which of the arguments may be given more than once, or None.
        listing: The columns that its options name, or None.
        kind: The kind whose own fields these options name too, or None.
    """

    help: str
    verbs: tuple[str, ...]
    options: tuple[OptionInfo, ...]
    lists: tuple[str, ...]
    arguments: tuple[str, ...]
    repeats: int | None
    listing: str | None
    kind: KindName | None


class ColumnInfo(NamedTuple):
    """A column of a list: its path, the word for its type, what it links to, what it may hold."""

    path: str
    type: str
    link: str | None
    choices: tuple[str, ...]


class CommandTree(NamedTuple):
    """All commands by their path, such as `account list`; and what they share, by name.

    Attributes:
        branches: The commands; that of no name is the program.
        globals: The options of every command, by their long names.
        lists: The options of lists, likewise.
        columns: The columns of each list.
        words: The words that values are taken from, such as the sections of a page.
    """

    branches: dict[str, CommandNode]
    globals: dict[str, OptionInfo]
    lists: dict[str, OptionInfo]
    columns: dict[str, tuple[ColumnInfo, ...]]
    words: dict[str, list[str]]


@cache
def tree() -> CommandTree:
    """The commands, as they were written down."""
    # No Path: this is read while somebody waits for the shell.
    with open(os.path.join(os.path.dirname(__file__), "tree.json"), "rb") as file:  # noqa: PTH118, PTH120, PTH123
        found: dict[str, Any] = json.load(file)
    return CommandTree(
        {path: _branch(each) for path, each in found["branches"].items()},
        {name: _word(each) for name, each in found["globals"].items()},
        {name: _word(each) for name, each in found["lists"].items()},
        {name: tuple(map(_column, each)) for name, each in found["columns"].items()},
        found["words"],
    )


def _word(values: Any) -> OptionInfo:  # noqa: ANN401 - of JSON
    names, wants, help_, repeats = values
    return OptionInfo(tuple(names), tuple(wants), help_, repeats)


def _branch(values: Any) -> CommandNode:  # noqa: ANN401 - of JSON
    help_, verbs, options, lists, arguments, *rest = values
    words = tuple(map(_word, options))
    return CommandNode(help_, tuple(verbs), words, tuple(lists), tuple(arguments), *rest)


def _column(values: Any) -> ColumnInfo:  # noqa: ANN401 - of JSON
    path, type_, link, choices = values
    return ColumnInfo(path, type_, link, tuple(choices))
