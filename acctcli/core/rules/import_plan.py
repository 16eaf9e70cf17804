"""What an import is to do: records to add and to change, bad rows."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct, field

from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import KindName
from acctcli.core.model.records import Raw


class Overwrite(NamedTuple):
    """A field that a row takes a value from: what it was and becomes, as text; None is unset."""

    field: str
    old: str
    new: str | None


class RecordToAdd(Struct, frozen=True, gc=False):
    """A record to add.

    Attributes:
        kind: Its kind.
        id: Its id, which stands in `fields` too.
        fields: The record, as it is written, in order.
        line: The line of its row, or of the first row with a link that makes it.
        linked: Whether a link makes it; then it is no row of the file.
    """

    kind: KindName
    id: str
    fields: dict[str, Raw]
    line: int
    linked: bool = False


class RecordToChange(Struct, frozen=True, gc=False):
    """A record to change.

    Attributes:
        kind: Its kind.
        id: Its id.
        changes: Its fields that differ from the row, None for one to unset.
        line: The line of its row.
        overwrites: The changed fields that were set before.
        filled: The names of those that were not.
    """

    kind: KindName
    id: str
    changes: dict[str, Raw]
    line: int
    overwrites: list[Overwrite]
    filled: list[str]


class SkippedRow(NamedTuple):
    """A row that cannot be imported: its line, every reason in one text, and the first of them."""

    line: int
    reason: str
    problem: Problem


class ImportPlan(Struct):
    """What an import will do.

    Attributes:
        kind: The kind its rows become.
        rows: How many rows there are, bad ones too, blank ones not.
        created: What to add, in order; what a link makes stands right before its first user.
        updated: What to change, in the order of the file.
        unchanged: How many rows are in the book as they are.
        bad: The rows that cannot be imported, by line.
        unmapped: The columns that are left out, with how many cells of each are not empty.
        declared: The custom fields to declare, with their type; what `unmapped` becomes if kept.
        warnings: What is odd, but done.
    """

    kind: KindName
    rows: int = 0
    created: list[RecordToAdd] = field(default_factory=list)
    updated: list[RecordToChange] = field(default_factory=list)
    unchanged: int = 0
    bad: list[SkippedRow] = field(default_factory=list)
    unmapped: dict[str, int] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
