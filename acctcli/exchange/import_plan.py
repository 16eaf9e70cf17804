"""The plan of an import.

It reads no file, writes nothing, and takes the day and new ids from its caller.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import KINDS, Field, FieldType, KindName
from acctcli.core.rules.import_plan import (
    ImportPlan,
    Overwrite,
    RecordToAdd,
    RecordToChange,
    SkippedRow,
)
from acctcli.exchange.csv_reader import BadTableRow, TableRow
from acctcli.exchange.import_changes import Outcome
from acctcli.exchange.import_map import CLOSE_TIME
from acctcli.exchange.link_resolver import Matcher
from acctcli.exchange.row_drafts import Draft, DraftReader

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from acctcli.core.model.records import Data, Settings
    from acctcli.exchange.import_map import ImportMap


__all__ = ["ImportPlan", "Overwrite", "RecordToAdd", "RecordToChange", "SkippedRow", "make_plan"]

_LONGEST_FIELD = 56  # leaves room for a number behind it
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"\W+")


def make_plan(
    rows: Iterable[TableRow | BadTableRow],
    import_map: ImportMap,
    data: Data,
    settings: Settings,
    *,
    now: str,
    new_id: Callable[[KindName], str],
    taken_ids: Container[str],
    keep_unmapped: bool = False,
) -> ImportPlan:
    """What importing the rows does to a book; the same rows a second time do nothing.

    A row is the record of the same source, kind and external_id, else a new one. Of a record that
    is there, mapped fields alone are compared, by value; the row wins. A new record that names no
    organization gets that of its deal or person (rule 2), unless the map maps it. A deal that
    gets a value, and a currency from nowhere else, gets the book's.

    Args:
        rows: As `csvfile.read_rows` gives them; all are held in memory, since links point ahead.
        import_map: The map.
        data: The records of the book.
        settings: Its settings, for the custom fields and the currency.
        now: The add_time of new records, RFC 3339, where none is mapped.
        new_id: Makes an id of a kind.
        taken_ids: The ids that no new record may have; not changed.
        keep_unmapped: Whether unmapped columns become custom fields.

    Raises:
        InvalidInputError: What reading the rows raises.
    """
    result = ImportPlan(import_map.kind)
    table = _Table(import_map, data, settings, keep_unmapped=keep_unmapped)
    for row in rows:
        result.rows += 1
        problem = row.problem if isinstance(row, BadTableRow) else table.add(row)
        if problem is not None:
            result.bad.append(SkippedRow(row.line, problem.message, problem))
    matcher = Matcher(import_map, data, table.drafts, table.links)
    matcher.follow()
    result.bad += [_bad(draft) for draft in table.drafts if draft.problems]
    result.bad.sort(key=lambda bad: bad.line)
    outcome = Outcome(import_map, data, table.custom, now=now, new_id=new_id, taken_ids=taken_ids)
    outcome.settle(table.drafts, table.mapped)
    result.created, result.updated = outcome.created, outcome.updated
    result.unchanged = outcome.unchanged
    result.warnings = [
        *_same_names(table.drafts, import_map.kind, matcher),
        *_won_without_time(result, data),
    ]
    if keep_unmapped:
        result.declared = table.fields_to_declare()
    else:
        result.unmapped = table.unmapped
    return result


def _bad(draft: Draft) -> SkippedRow:
    reason = "; ".join(problem.message for problem in draft.problems)
    return SkippedRow(draft.line, reason, draft.problems[0])


class _Table:
    """The rows of a file as drafts, and what its unmapped columns hold.

    Attributes:
        drafts: The draft of each row that has an identity.
        custom: The custom fields of the kind, new ones too.
        unmapped: How many cells of each unmapped column are not empty.
        links: The kind each link points at.
        mapped: The fields a row is compared by with its record.
    """

    def __init__(
        self, import_map: ImportMap, data: Data, settings: Settings, *, keep_unmapped: bool
    ) -> None:
        self.drafts: list[Draft] = []
        self.custom = dict(settings.custom_fields(import_map.kind))
        self.unmapped: dict[str, int] = {}
        self.links: dict[str, KindName] = {}
        self.mapped: frozenset[str] = frozenset()
        self._declared = frozenset(self.custom)
        self._map = import_map
        self._data = data
        self._settings = settings
        self._keep = keep_unmapped
        self._kept: dict[str, Field] = {}
        self._reader: DraftReader | None = None

    def add(self, row: TableRow) -> Problem | None:
        """Make a draft of a row, or say why it has no identity."""
        reader = self._reader or self._start(row)
        for column in self.unmapped:
            if row.cells[column].strip():
                self.unmapped[column] += 1
        draft = reader.read(row)
        if isinstance(draft, Problem):
            return draft
        self.drafts.append(draft)
        return None

    def fields_to_declare(self) -> dict[str, str]:
        """The custom fields to declare: those of unmapped columns that are not empty."""
        return {
            field.name: field.type.value
            for column, field in self._kept.items()
            if field.name not in self._declared and self.unmapped[column]
        }

    def _start(self, row: TableRow) -> DraftReader:
        """Look the columns up, which are the same in every row."""
        known = {*self._map.columns, *self._map.key}
        self.unmapped = {column: 0 for column in row.cells if column not in known}
        if self._keep:
            self._kept = _unmapped_fields(self.unmapped, self._map, self.custom)
            self.custom |= {field.name: field for field in self._kept.values()}
        columns = {column: self._map.fields[name] for column, name in self._map.columns.items()}
        columns |= self._kept
        self._reader = DraftReader(self._map, self._data, self._settings, columns)
        self.links, self.mapped = self._reader.links, self._reader.mapped
        return self._reader


# columns that are not mapped


def _unmapped_fields(
    columns: Iterable[str], import_map: ImportMap, custom: Mapping[str, Field]
) -> dict[str, Field]:
    """The custom field that each unmapped column becomes: a declared one of its name, or a new."""
    kind = KINDS[import_map.kind]
    taken = set(import_map.columns.values())
    found: dict[str, Field] = {}
    for column in columns:
        base = name = _field_name(column)
        number = 1
        while name in taken or name == CLOSE_TIME.name or kind.field(name) is not None:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        declared = custom.get(name)
        found[column] = Field(name, FieldType.TEXT) if declared is None else declared
    return found


def _field_name(column: str) -> str:
    """A column's name as the name of a field: `Annual Revenue` is annual_revenue."""
    words = _BETWEEN.sub("_", _CAMEL.sub("_", normalize("NFKC", column)).lower())
    return words.strip("_")[:_LONGEST_FIELD].strip("_") or "column"


# warnings


def _same_names(drafts: list[Draft], kind: KindName, matcher: Matcher) -> list[Problem]:
    """A warning for each new organization that is named as one of the book."""
    if kind != "orgs":
        return []
    found: list[Problem] = []
    for draft in drafts:
        is_new = draft.existing is None and not draft.problems
        name = draft.cells["name"].raw if is_new else None
        if isinstance(name, str) and (same := matcher.ids_of_name(kind, name)):
            found.append(
                Problem(
                    id="same-name",
                    level="warning",
                    message=(
                        f'line {draft.line}: an organization named "{name}" is in the book'
                        f" already, under another key: {', '.join(same)}"
                    ),
                    hint="give it the source and external_id of the row if it is the same",
                    kind=kind,
                    record=draft.id,
                    field="name",
                )
            )
    return found


def _won_without_time(plan: ImportPlan, data: Data) -> list[Problem]:
    """A warning that counts the deals that are written as won, and on no day."""
    if plan.kind != "deals":
        return []
    lines = [
        created.line
        for created in plan.created
        if created.fields.get("status") == "won" and "won_time" not in created.fields
    ]
    for updated in plan.updated:
        before = data.deals[updated.id]
        status = updated.changes.get("status", before.status)
        if status == "won" and updated.changes.get("won_time", before.won_time) is None:
            lines.append(updated.line)
    if not lines:
        return []
    if len(lines) == 1:
        message = f"1 won deal has no day, in line {lines[0]}"
    else:
        message = f"{len(lines):,} won deals have no day, the first in line {min(lines)}"
    return [
        Problem(
            id="won-without-time",
            level="warning",
            message=message,
            hint="map the column with the day, such as columns: {Closed: close_time}",
            kind=plan.kind,
            field="won_time",
        )
    ]
