"""Reports of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KINDS
from acctcli.render.formats.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from acctcli.core.accounts.exchange_rates import MergedRates
    from acctcli.core.model.kinds import KindName
    from acctcli.core.rules.import_plan import ImportPlan

_MOST = 20  # how many bad rows, overwrites or warnings are told one by one
_UNSET = "(unset)"
_PLURALS: dict[KindName, str] = {"orgs": "organizations"}


def report_text(plan: ImportPlan, file: str) -> str:
    """The report of an import: a line of counts, then what a person should look at.

    Control characters of the data are shown as escapes. The text ends without a line break.
    """
    linked = _linked_counts(plan)
    counts = (
        f"{plan.rows:,} {'row' if plan.rows == 1 else 'rows'}: "
        f"{len(plan.created) - sum(linked.values()):,} created, {len(plan.updated):,} updated, "
        f"{plan.unchanged:,} unchanged, {len(plan.bad):,} skipped"
    )
    made = [f"{_count_text(count, kind)} made by links" for kind, count in linked.items()]
    lines = [f"{visible(file)}: {'; '.join((counts, *made))}"]
    lines += _section(
        "rows that cannot be imported",
        [f"line {bad.line}: {bad.reason}" for bad in plan.bad[:_MOST]],
        len(plan.bad),
    )
    lines += _section(
        "fields that the file overwrites",
        _first(
            f"line {updated.line}: {updated.kind} {updated.id} {change.field} "
            f"{change.old} -> {_UNSET if change.new is None else change.new}"
            for updated in plan.updated
            for change in updated.overwrites
        ),
        sum(len(updated.overwrites) for updated in plan.updated),
    )
    filled = [f"{name} {count:,}" for name, count in _filled_counts(plan).items()]
    if filled:
        lines.append(f"fields that were empty and are filled: {visible(', '.join(filled))}")
    columns = [
        f"{column} ({_plural(count, 'cell')} with text)" for column, count in plan.unmapped.items()
    ]
    lines += _section("columns that are not mapped, left out", columns, len(columns))
    fields = [f"{name} ({type_name})" for name, type_name in plan.declared.items()]
    lines += _section("custom fields that are declared", fields, len(fields))
    warnings = [warning.message for warning in plan.warnings[:_MOST]]
    lines += _section("warnings", warnings, len(plan.warnings))
    return "\n".join(lines)


def report_dict(plan: ImportPlan) -> dict[str, object]:
    """The report of an import for JSON: counts, and every bad row and overwrite (rule 12)."""
    linked = _linked_counts(plan)
    return {
        "rows": plan.rows,
        "created": len(plan.created) - sum(linked.values()),
        "updated": len(plan.updated),
        "unchanged": plan.unchanged,
        "linked": dict(linked),
        "skipped": [
            {"line": bad.line, "id": bad.problem.id, "message": bad.reason} for bad in plan.bad
        ],
        "overwrites": [
            {
                "line": updated.line,
                "kind": updated.kind,
                "id": updated.id,
                "field": change.field,
                "old": change.old,
                "new": change.new,
            }
            for updated in plan.updated
            for change in updated.overwrites
        ],
        "filled": _filled_counts(plan),
        "unmapped": dict(plan.unmapped),
        "declared": dict(plan.declared),
        "warnings": [{"id": item.id, "message": item.message} for item in plan.warnings],
    }


def _linked_counts(plan: ImportPlan) -> dict[KindName, int]:
    """How many records of each kind are made by links."""
    counts: dict[KindName, int] = {}
    for created in plan.created:
        if created.linked:
            counts[created.kind] = counts.get(created.kind, 0) + 1
    return counts


def _filled_counts(plan: ImportPlan) -> dict[str, int]:
    """How many records have a field filled that was not set, by the field's name."""
    counts: dict[str, int] = {}
    for updated in plan.updated:
        for name in updated.filled:
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _section(title: str, items: Iterable[str], count: int) -> list[str]:
    """A title with its items below, and how many more there are; nothing when there are none."""
    if not count:
        return []
    shown = [f"  {visible(item)}" for item in items]
    more = [f"  and {count - len(shown):,} more"] if count > len(shown) else []
    return [f"{title}:", *shown, *more]


def _first(items: Iterable[str]) -> list[str]:
    return [item for item, _ in zip(items, range(_MOST), strict=False)]


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _count_text(count: int, kind: KindName) -> str:
    if count == 1:
        return f"1 {KINDS[kind].title}"
    return f"{count:,} {_PLURALS.get(kind, kind)}"


_MOST_CHANGES = 10  # changed rates that are told one by one


def rates_text(merged: MergedRates, days: int, left_out: Sequence[str]) -> str:
    """How many rates are new, which ones differ, and what was left out, as lines."""
    return "\n".join(_lines(merged, days, left_out))


def _lines(merged: MergedRates, days: int, left_out: Sequence[str]) -> Iterator[str]:
    yield (
        f"{_many(days, 'day')}, {merged.new_days} of them new: {_many(merged.added, 'rate')} added,"
        f" {len(merged.changed)} changed, {merged.unchanged} there already"
    )
    for each in merged.changed[:_MOST_CHANGES]:
        yield f"  {each.date} {each.base} {each.currency}: {each.before:f} -> {each.after:f}"
    if len(merged.changed) > _MOST_CHANGES:
        yield f"  and {len(merged.changed) - _MOST_CHANGES} more"
    if left_out:
        yield f"left out, since they are no currencies of today: {visible(', '.join(left_out))}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
