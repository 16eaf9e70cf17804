"""Rows read as drafts of records.

It changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.records import Deal, Record
from acctcli.core.model.schema import read_record
from acctcli.core.rules.defaults import book_currency
from acctcli.exchange.cell_reader import Cell, ColumnReader
from acctcli.exchange.import_map import CLOSE_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.core.model.kinds import Field
    from acctcli.core.model.records import Data, Settings
    from acctcli.exchange.csv_reader import TableRow
    from acctcli.exchange.import_map import ImportMap

_EMPTY = Cell()


class LinkedRecord(Struct, gc=False):
    """An organization or a person that a link makes, of its name; the id comes last."""

    kind: KindName
    name: str
    id: str = ""


# What a link points at: a record of the book by its id, a new row of the file by the number of
# its draft, or a record that the link makes.
Target = str | int | LinkedRecord


class Draft(Struct, gc=False):
    """A row on its way to a record.

    Attributes:
        line: The line it starts in.
        external_id: What identifies it, with the map's source and kind.
        existing: The record it was imported to before, if it was.
        cells: What each field becomes, links aside.
        links: The text of each link that is set.
        targets: What each of these points at.
        problems: Why the row cannot be imported, if it cannot.
        id: The id of its record, once it has one.
    """

    line: int
    external_id: str
    existing: Record | None
    cells: dict[str, Cell]
    links: dict[str, str]
    targets: dict[str, Target] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    id: str = ""


class DraftReader:
    """Makes drafts of the rows of one file.

    Attributes:
        mapped: The fields that columns are mapped to, those of `close_time` among them; what a
            second run compares.
        links: The kind that each mapped or defaulted link points at.
    """

    def __init__(
        self,
        import_map: ImportMap,
        data: Data,
        settings: Settings,
        columns: Mapping[str, Field],
    ) -> None:
        """Prepare for a map, a book and its settings, and the field of each column to import."""
        self._map = import_map
        self._settings = settings
        self._kind = KINDS[import_map.kind]
        self._columns = [
            (column, found.name, ColumnReader(column, found, import_map, settings.currency))
            for column, found in columns.items()
        ]
        mapped = [found.name for found in columns.values()]
        self._defaults = {
            name: ColumnReader(name, import_map.fields[name], import_map).empty
            for name in import_map.defaults
            if name not in mapped
        }
        self.links = {
            found.name: found.link
            for found in (*columns.values(), *import_map.fields.values())
            if found.link is not None
        }
        self.mapped = frozenset(mapped)
        if CLOSE_TIME.name in self.mapped:
            self.mapped = self.mapped - {CLOSE_TIME.name} | {"won_time", "lost_time"}
        self._lines: dict[str, int] = {}
        self._existing, self._ambiguous = _identities(import_map, data)

    def read(self, row: TableRow) -> Draft | Problem:
        """The draft of a row, or why the row has no identity of its own."""
        parts = [row.cells[column].strip() for column in self._map.key]
        for column, part in zip(self._map.key, parts, strict=True):
            if not part:
                return _keyless(column)
        external_id = _external_id(parts)
        first = self._lines.setdefault(external_id, row.line)
        if first != row.line:
            return _repeated_key(external_id, first)
        if external_id in self._ambiguous:
            return _ambiguous(external_id, self._ambiguous[external_id])
        return self._draft(row, external_id)

    def _draft(self, row: TableRow, external_id: str) -> Draft:
        existing = self._existing.get(external_id)
        cells = dict(self._defaults) if existing is None else {}
        links: dict[str, str] = {}
        problems: list[Problem] = []
        for column, name, reader in self._columns:
            cell = reader.read(row.cells[column])
            cells[name] = cell
            if cell.problem is not None:
                problems.append(cell.problem)
        for name in self.links:
            text = cells.pop(name, _EMPTY).raw
            if isinstance(text, str):
                links[name] = text
        if CLOSE_TIME.name in cells:
            self._close(cells, existing)
        if self._kind.name == "deals" and _is_without_currency(cells, existing):
            try:
                cells["currency"] = self._currency()
            except InvalidInputError as error:
                problems += error.problems
        label = cells.get(self._kind.label)
        if (label is None and existing is None) or (
            label is not None and label.raw is None and label.problem is None
        ):
            problems.append(self._missing_label())
        return Draft(row.line, external_id, existing, cells, links, problems=problems)

    def _close(self, cells: dict[str, Cell], existing: Record | None) -> None:
        """The time of closing becomes won_time or lost_time, by status."""
        closed = cells.pop(CLOSE_TIME.name)
        status = cells["status"].raw if "status" in cells else None
        if "status" not in cells and isinstance(existing, Deal):
            status = existing.status
        cells["won_time"] = closed if status == "won" else _EMPTY
        cells["lost_time"] = closed if status == "lost" else _EMPTY

    def _currency(self) -> Cell:
        """The currency of a value that names none: the map's default, else the book's.

        Raises:
            InvalidInputError: "no-currency", neither has one.
        """
        default = self._defaults.get("currency", _EMPTY)
        if default.raw is not None:
            return default
        currency = book_currency(self._settings)
        return Cell(currency, currency)

    def _missing_label(self) -> Problem:
        label = self._kind.label
        _, problems = read_record(self._kind, {"id": "x"}, {})
        found = next(problem for problem in problems if problem.field == label)
        column = next((column for column, name, _ in self._columns if name == label), None)
        if column is None:
            return found
        return Problem(
            id=found.id,
            message=f'column "{column}": {found.message}',
            hint=found.hint,
            field=label,
        )


def _is_without_currency(cells: Mapping[str, Cell], existing: Record | None) -> bool:
    """Whether a row leaves a deal with a value and no currency.

    Of a deal that is there, a currency that is not mapped is looked at only when the row brings
    another value: so a second run leaves it alone.
    """
    value = cells.get("value")
    currency = cells.get("currency")
    if currency is not None and (currency.raw is not None or currency.problem is not None):
        return False
    if value is None:
        is_mapped = currency is not None
        return is_mapped and isinstance(existing, Deal) and existing.value is not None
    if currency is None and isinstance(existing, Deal):
        is_new = value.value != existing.value
        return is_new and value.raw is not None and existing.currency is None
    return value.raw is not None


def _identities(
    import_map: ImportMap, data: Data
) -> tuple[dict[str, Record], dict[str, list[str]]]:
    """The records of the map's source and kind by external_id, and those that share one."""
    found: dict[str, Record] = {}
    shared: dict[str, list[str]] = {}
    for record in data.of(import_map.kind).values():
        if record.source != import_map.source or record.external_id is None:
            continue
        first = found.setdefault(record.external_id, record)
        if first is not record:
            shared.setdefault(record.external_id, [first.id]).append(record.id)
    return found, shared


def _external_id(parts: list[str]) -> str:
    """The cells of the key as one text, such that different cells give different texts."""
    if len(parts) == 1:
        return parts[0]
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def _keyless(column: str) -> Problem:
    return Problem(
        id="empty-key",
        message=f'column "{column}": the cell is empty, and it identifies the row',
        hint="fill the cell, or name other columns under key: in the map",
    )


def _repeated_key(external_id: str, first: int) -> Problem:
    return Problem(
        id="repeated-key",
        message=f'the key "{external_id}" is that of line {first} too',
        hint="drop one of the rows, or name more columns under key: in the map",
    )


def _ambiguous(external_id: str, ids: list[str]) -> Problem:
    return Problem(
        id="ambiguous-key",
        message=f'the key "{external_id}" is that of several records: {", ".join(ids)}',
        hint="give all but one of them another external_id, or none",
    )
