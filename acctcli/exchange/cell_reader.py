"""Cells of a table read as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.dates import stamp_text
from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import FieldType
from acctcli.core.model.names import nearest
from acctcli.core.model.records import Raw, Value
from acctcli.core.model.values import (
    LISTS,
    from_text,
    read_value,
    reader,
    to_raw,
    value_with_currency,
)
from acctcli.exchange.date_formats import read_date
from acctcli.exchange.value_problems import value_problems

if TYPE_CHECKING:
    from acctcli.core.model.kinds import Field
    from acctcli.exchange.import_map import ImportMap

_REMEMBERED = 1 << 16  # how many different texts of a column are kept with what they became
_DAY_LENGTH = len("YYYY-MM-DD")
_DATED = frozenset({FieldType.DATE, FieldType.STAMP})
_APART = LISTS | {FieldType.LINK}
# What these types write is the same however it was spelled, so that files look alike.
_ALIKE = frozenset({FieldType.YES_NO})


class Cell(Struct, frozen=True, gc=False):
    """What a cell became.

    Attributes:
        raw: The text to write; None when the cell is empty. For a link, the text to match.
        value: The same, typed; of a link None.
        problem: Why it can be nothing of the field.
    """

    raw: Raw = None
    value: Value | None = None
    problem: Problem | None = None


class ColumnReader:
    """Reads the cells of one column, or the default of a field that has none.

    Attributes:
        column: The column's name, for messages.
        field: What its cells become.
    """

    def __init__(
        self, column: str, field: Field, import_map: ImportMap, currency: str | None = None
    ) -> None:
        self.column = column
        self.field = field
        self._values = import_map.values.get(field.name, {})
        self._currency = currency  # of a bare amount in a field of the book's own
        self._plain = field.type is FieldType.TEXT and not self._values
        self._convert = None if field.type in _APART else reader(field)
        self._form = import_map.dates if field.type in _DATED else None
        self._known: dict[str, Cell] = {}
        default = import_map.defaults.get(field.name)
        self.empty = Cell() if default is None else self._typed_cell(default)

    def read(self, text: str) -> Cell:
        """What a cell of that text becomes; white space around it does not count."""
        if self._plain:
            stripped = text.strip()
            return Cell(stripped, stripped) if stripped else self.empty
        known = self._known.get(text)
        if known is None:
            known = self._read(text.strip())
            if len(self._known) < _REMEMBERED:
                self._known[text] = known
        return known

    def _read(self, cell: str) -> Cell:
        text = self._values.get(cell, cell)
        if not text:
            return self.empty
        if self._form is not None:
            try:
                return self._typed_cell(self._reformat_date(text, self._form))
            except (ValueError, OverflowError):
                return self._refusal_cell(cell, self._not_in_form(text, self._form))
        if self.field.type is FieldType.AMOUNT:
            text = value_with_currency(text, self._currency)
        raw = self._split_list(text)
        if raw == []:
            return self.empty
        try:
            return self._typed_cell(raw)
        except (ValueError, InvalidInputError):
            return self._refusal_cell(cell, value_problems(self.field, raw)[0])

    def _split_list(self, text: str) -> Raw:
        """The text, or for a list its parts, each replaced as the map says."""
        raw = from_text(self.field, text)
        if not self._values or not isinstance(raw, list):
            return raw
        items = (self._values.get(item, item) for item in raw if isinstance(item, str))
        return [item for item in items if item]

    def _reformat_date(self, text: str, form: str) -> str:
        found = stamp_text(read_date(text, form))
        return found[:_DAY_LENGTH] if self.field.type is FieldType.DATE else found

    def _not_in_form(self, text: str, form: str) -> Problem:
        return Problem(
            id="bad-date",
            message=f'"{text}" is not a date in the form "{form}"',
            hint='correct the cell, or dates in the map, such as dates: "%d.%m.%Y"',
            field=self.field.name,
        )

    def _typed_cell(self, raw: Raw) -> Cell:
        if self.field.type is FieldType.LINK:
            return Cell(raw)
        if self._convert is not None and isinstance(raw, str):
            value: Value | None = self._convert(raw)
        else:
            value = read_value(self.field, raw)
        if value is not None and self.field.type in _ALIKE:
            raw = to_raw(self.field, value)
        return Cell(raw, value)

    def _refusal_cell(self, cell: str, problem: Problem) -> Cell:
        hint = problem.hint
        if self._values:
            close = nearest(cell, self._values)
            meant = f'did you mean "{close}"? ' if close else ""
            hint = f"{meant}say what it stands for under values.{self.field.name} in the map"
        return Cell(
            problem=problem._replace(
                message=f'column "{self.column}": {problem.message}',
                hint=hint,
                field=self.field.name,
            )
        )
