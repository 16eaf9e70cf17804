"""Rows of --group-by: a line for each group, with its count and sums.

The groups are made by the core; here they become rows and columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acctcli.cli.lists.field_selection import path_label
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.query_context import context_of
from acctcli.core.model.errors import UsageError
from acctcli.core.model.kinds import FieldType
from acctcli.core.model.records import Settings
from acctcli.core.query.grouping import (
    COUNT,
    GroupKey,
    GroupOfItems,
    GroupSpec,
    columns_of,
    groups,
    parse_groups,
    place_in,
)
from acctcli.core.query.sorting import parse_sort, sort_items
from acctcli.render.formats.columns import TableColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.query_options import ListQuery
    from acctcli.cli.output.writer import Row
    from acctcli.core.model.kinds import Field

_TOTAL = "Total"


def group_items(
    session: Session, items: Iterable[Any], listing: Listing, wanted: ListQuery
) -> tuple[list[Row], Listing]:
    """The groups of a list's items as rows, and what a list of them is.

    They come in the order of their keys, or in the one that is wanted, and no more than are
    wanted. For people they have titles for keys, and a last line with the totals of the whole
    list, each item once.

    Raises:
        UsageError: groups have no ids.
    """
    assert wanted.group_by is not None  # noqa: S101 - the caller has seen to it
    if session.options.format == "ids":
        raise UsageError.of(
            "no-ids", "groups have no ids", hint="leave --group-by out to get those of the list"
        )
    columns = listing.columns()
    keys = parse_groups(wanted.group_by.text, columns, wanted.group_by.origin)
    own = columns_of(keys, columns)
    order = () if wanted.sort is None else parse_sort(wanted.sort.text, own, wanted.sort.origin)
    context = context_of(session, listing)
    settings = Settings() if listing.view is None else listing.view.settings
    by = GroupSpec(keys, columns, context, settings)
    places = [place_in(by, key.path) for key in order]
    found, whole = groups(items, by, listing.get)
    found = sort_items(found, order, places)
    has_total = len(found) > 1
    found = found[: wanted.limit]
    if session.is_for_people:
        rows = [_display_row(group, keys, columns) for group in found]
        if has_total:
            rows.append(_nest({keys[0].path: _TOTAL, **_sums(whole, columns)}))
    else:
        rows = [_row(group, keys, columns) for group in found]
    sorted_by = {key.path for key in order}
    shown = [path for path in whole.sums if path in sorted_by or _has_values(path, [*found, whole])]
    table = _table(keys, shown, listing.table)
    return rows, Listing(name="groups", table=table, more=tuple(own))


def _row(group: GroupOfItems, keys: Sequence[GroupKey], columns: Mapping[str, Field]) -> Row:
    values = {key.path: value for key, value in zip(keys, group.values, strict=True)}
    return _nest({**values, **_sums(group, columns)})


def _display_row(
    group: GroupOfItems, keys: Sequence[GroupKey], columns: Mapping[str, Field]
) -> Row:
    titles = {key.path: slot.title for key, slot in zip(keys, group.slots, strict=True)}
    return _nest({**titles, **_sums(group, columns)})


def _sums(group: GroupOfItems, columns: Mapping[str, Field]) -> Row:
    found: Row = {COUNT: group.size}
    for path, value in group.sums.items():
        if columns[path].type is FieldType.DURATION:
            value = f"{value // 60}:{value % 60:02}"  # noqa: PLW2901 - the same, as durations are written
        found[path] = dict(sorted(value.items())) if isinstance(value, dict) else value
    return found


def _nest(values: Mapping[str, object]) -> Row:
    """A row of values by their paths."""
    row: Row = {}
    for path, value in values.items():
        *above, name = path.split(".")
        place: dict[str, Any] = row
        for each in above:
            place = place.setdefault(each, {})
        place[name] = value
    return row


# for people


def _has_values(path: str, found: Iterable[GroupOfItems]) -> bool:
    """Whether people are shown a sum: money, hours and bytes, where there are any."""
    return not path.endswith("_count") and any(group.sums[path] for group in found)


def _table(
    keys: Sequence[GroupKey], sums: Iterable[str], table: Sequence[TableColumn]
) -> list[TableColumn]:
    heads = {column.key: column.header for column in table}
    columns = [
        TableColumn(heads.get(key.path) or path_label(key.path), key.path, breaks=True)
        for key in keys
    ]
    columns.append(TableColumn("Count", COUNT, "right"))
    return columns + [
        TableColumn(heads.get(path) or path_label(path), path, "right") for path in sums
    ]
