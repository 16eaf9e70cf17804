"""What the tests of imports share: a table and a map in, a plan out, and the plan carried out."""

from __future__ import annotations

import io
from itertools import count
from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KINDS, Field, FieldType, KindName
from acctcli.core.model.records import Data, Raw, Settings
from acctcli.core.model.schema import read_record, to_raw
from acctcli.exchange.csv_reader import read_rows
from acctcli.exchange.import_map import ImportMap, read_map
from acctcli.exchange.import_plan import make_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acctcli.core.rules.import_plan import ImportPlan

NOW = "2026-03-10T09:00:00+01:00"
RawMap = dict[str, Raw]


def map_of(raw: RawMap, settings: Settings | None = None) -> ImportMap:
    """The import map, which must be without mistakes."""
    found, problems = read_map(raw, default_source="file", settings=settings or Settings())
    assert found is not None, problems
    return found


def ids_for(data: Data) -> Callable[[KindName], str]:
    """Ids in order, d1, d2, and so on, that no record has."""
    taken = {record for kind in KINDS for record in data.of(kind)}
    numbers = count(1)

    def new_id(kind: KindName) -> str:
        return next(
            made for number in numbers if (made := f"{KINDS[kind].letter}{number}") not in taken
        )

    return new_id


def plan_of(
    table: str,
    raw_map: RawMap,
    data: Data | None = None,
    settings: Settings | None = None,
    *,
    keep_unmapped: bool = False,
) -> ImportPlan:
    """What importing a table does."""
    settings = settings or Settings()
    data = data or Data()
    import_map = map_of(raw_map, settings)
    return make_plan(
        read_rows(io.BytesIO(table.encode()), import_map),
        import_map,
        data,
        settings,
        now=NOW,
        new_id=ids_for(data),
        taken_ids={record for kind in KINDS for record in data.of(kind)},
        keep_unmapped=keep_unmapped,
    )


def carried_out(
    plan: ImportPlan, data: Data | None = None, custom: Mapping[str, Field] | None = None
) -> Data:
    """The records after a plan; every one of them must be valid."""
    data = data or Data()
    after = Data(**{kind: dict(data.of(kind)) for kind in KINDS})  # type: ignore[arg-type]
    fields = {**(custom or {}), **{name: Field(name, FieldType.TEXT) for name in plan.declared}}
    for created in plan.created:
        _put(after, created.kind, created.fields, fields)
    for updated in plan.updated:
        kind = KINDS[updated.kind]
        record = after.of(updated.kind)[updated.id]
        known = [*kind.fields, *fields.values()]
        values = {field.name: getattr(record, field.name, None) for field in kind.fields}
        values |= record.custom
        raw = {
            field.name: to_raw(field, value)
            for field in known
            if (value := values.get(field.name)) is not None
        }
        raw |= updated.changes
        _put(after, updated.kind, {key: value for key, value in raw.items() if value}, fields)
    return after


def _put(data: Data, kind: KindName, raw: Mapping[str, Raw], custom: Mapping[str, Field]) -> None:
    record, problems = read_record(KINDS[kind], raw, custom)
    assert record is not None, problems
    getattr(data, kind)[record.id] = record


def reasons(plan: ImportPlan) -> list[tuple[int, str, str]]:
    """Line, id and reason of each bad row."""
    return [(bad.line, bad.problem.id, bad.reason) for bad in plan.bad]
