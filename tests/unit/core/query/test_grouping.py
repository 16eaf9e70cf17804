"""Orders and groups: what may be asked for, and what comes of each type of column."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from helpers.query_columns import COLUMNS as OTHERS
from helpers.query_columns import CONTEXT

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.records import Settings
from acctcli.core.query.grouping import (
    GroupSpec,
    columns_of,
    groups,
    parse_groups,
    place_in,
)
from acctcli.core.query.sorting import SortField, parse_sort, place, sort_items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.query.grouping import GroupOfItems

COLUMNS = {
    **OTHERS,
    "won_count": Field("won_count", FieldType.INTEGER),
    "next_activity.type": Field("next_activity.type", FieldType.TEXT),
}


def get(row: dict[str, object], path: str) -> object:
    return row.get(path)


def ordered(text: str, values: Sequence[Any], **more: Sequence[Any]) -> list[Any]:
    """Values of the first field in `text`, in its order."""
    keys = parse_sort(text, COLUMNS)
    path = keys[0].path
    rows = [
        {path: value, **{name: each[at] for name, each in more.items()}}
        for at, value in enumerate(values)
    ]
    places = [place(key.path, COLUMNS[key.path], CONTEXT, get) for key in keys]
    return [row[path] for row in sort_items(rows, keys, places)]


def test_fields_to_sort_by_are_parted_by_commas_and_turned_by_a_hyphen() -> None:
    assert parse_sort(" owner, -segment", COLUMNS) == (
        SortField("owner", is_descending=False),
        SortField("custom_fields.segment", is_descending=True),
    )


@pytest.mark.parametrize("text", ["", "owner,", "-", "owner,,name"])
def test_a_field_to_sort_by_has_a_name(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_sort(text, COLUMNS)
    assert caught.value.problems[0].id == "bad-sort"


def test_what_is_not_set_stands_last_either_way() -> None:
    assert ordered("size", [2, None, 10]) == [2, 10, None]
    assert ordered("-size", [2, None, 10]) == [10, 2, None]


def test_every_type_has_its_order() -> None:
    march, moment = dt.date(2026, 3, 10), dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)
    late = dt.datetime(2026, 3, 10, 23, 30, tzinfo=dt.UTC)  # the next day in the zone
    assert ordered("won_time", [late, moment, march, "odd"]) == [march, moment, late, "odd"]
    assert ordered("name", ["b", "Ä", "a"]) == ["Ä", "a", "b"]
    assert ordered("bucket", ["today", "none", "overdue"]) == ["none", "overdue", "today"]
    assert ordered("labels", [("b",), (), ("A", "z")]) == [("A", "z"), ("b",), ()]
    assert ordered("org", ["t1", "acme", None, "gone"]) == ["acme", "gone", "t1", None]
    assert ordered("id", ["b", "", "a"]) == ["a", "b", ""]
    assert ordered("-done", [False, None, True]) == [True, False, None]
    assert ordered("due_time", [dt.time(9), None, dt.time(8)]) == [dt.time(8), dt.time(9), None]


def test_money_goes_by_the_amount_in_the_book_s_currency() -> None:
    one, two, none = (
        {"EUR": Decimal(1)},
        {"EUR": Decimal(2), "USD": Decimal(0)},
        {"USD": Decimal(9)},
    )
    assert ordered("-won_value", [none, one, {}, two]) == [two, one, none, {}]
    values = [Decimal(5), Decimal(7), None, Decimal(6)]
    currency = [None, "USD", "EUR", "EUR"]
    assert ordered("value", values, currency=currency) == [Decimal(5), Decimal(6), Decimal(7), None]


# groups


def grouped(
    text: str, rows: Sequence[dict[str, object]]
) -> tuple[list[GroupOfItems], GroupOfItems]:
    by = GroupSpec(parse_groups(text, COLUMNS), COLUMNS, CONTEXT, Settings())
    return groups(rows, by, get)


@pytest.mark.parametrize(
    ("text", "id_", "message"),
    [
        ("ownr", "unknown-field", '--group-by: "ownr" is not a field of this list'),
        ("", "bad-group", '--group-by: a field is missing in ""'),
        ("owner,", "bad-group", '--group-by: a field is missing in "owner,"'),
        ("value", "bad-group", '--group-by: "value" is money, which is added up'),
        ("won_value", "bad-group", '--group-by: "won_value" is money, which is added up'),
        ("owner:year", "bad-group", '--group-by: "owner" is no day, and has no year'),
        ("due_date:yaer", "bad-group", '--group-by: "yaer" is no stretch of days'),
        ("owner,owner", "bad-group", '--group-by: a field is there twice in "owner,owner"'),
    ],
)
def test_what_makes_no_groups_is_refused(text: str, id_: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_groups(text, COLUMNS)
    (problem,) = caught.value.problems
    assert (problem.id, problem.message) == (id_, message)
    assert problem.hint


def test_groups_have_a_count_and_sums() -> None:
    found, whole = grouped(
        "owner",
        [
            {"owner": "B", "won_value": {"EUR": Decimal(1)}, "size": 5, "duration": "1:30"},
            {"owner": "A", "won_value": {}, "value": Decimal(3), "currency": "USD"},
            {"owner": "B", "won_value": {"EUR": Decimal(2), "USD": Decimal(1)}, "duration": "0:45"},
            {"owner": None, "won_count": 4},
        ],
    )
    assert [(each.values, each.size) for each in found] == [(("A",), 1), (("B",), 2), ((None,), 1)]
    assert found[1].sums == {
        "size": 5,
        "duration": 135,
        "won_value": {"EUR": Decimal("3.00"), "USD": Decimal("1.00")},
        "value": {},
        "won_count": 0,
    }
    assert found[0].sums["value"] == {"USD": Decimal(3)}
    assert found[2].slots[0].title == "No owner"
    assert whole.size == 4
    assert whole.sums["won_count"] == 4


def test_an_amount_in_no_currency_is_added_to_none() -> None:
    bare = CONTEXT._replace(book_currency=None)
    by = GroupSpec(parse_groups("owner", COLUMNS), COLUMNS, bare, Settings())
    _, whole = groups([{"owner": "A", "value": Decimal(3)}], by, get)
    assert whole.sums["value"] == {}


def test_an_item_is_in_the_group_of_each_of_its_labels_and_counts_once_in_the_whole() -> None:
    found, whole = grouped("labels", [{"labels": ("a", "b")}, {"labels": ["b"]}, {"labels": ()}])
    assert [(each.values, each.size) for each in found] == [(("a",), 1), (("b",), 2), ((None,), 1)]
    assert whole.size == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("won_time", ["2025-12", "2026-03"]),
        ("won_time:day", ["2025-12-31", "2026-03-01", "2026-03-10"]),
        ("won_time:month", ["2025-12", "2026-03"]),
        ("won_time:quarter", ["2025-Q4", "2026-Q1"]),
        ("won_time:year", ["2025", "2026"]),
    ],
)
def test_days_are_put_together(text: str, expected: list[str]) -> None:
    moment = dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC)  # in March in the zone
    days = [dt.date(2026, 3, 10), moment, dt.date(2025, 12, 31), None]
    found, _ = grouped(text, [{"won_time": day} for day in days])
    assert [each.values[0] for each in found] == [*expected, None]
    assert [each.slots[0].title for each in found] == [*expected, "No won time"]


def test_keys_are_what_they_are_in_rows_and_titles_are_for_people() -> None:
    found, _ = grouped("done", [{"done": True}, {"done": False}, {}])
    assert [each.values[0] for each in found] == [True, False, None]
    found, _ = grouped("org", [{"org": "t1"}, {"org": "acme"}])
    assert [(each.values[0], each.slots[0].title) for each in found] == [
        ("acme", "Acme S.r.l."),
        ("t1", "Twin"),
    ]
    found, _ = grouped("bucket,size", [{"bucket": "today", "size": 3}, {"bucket": "none"}])
    assert [each.values for each in found] == [("none", None), ("today", 3)]
    assert [each.slots[0].title for each in found] == ["Nothing planned", "Today"]
    (only,), _ = grouped("segment,next_activity.type", [{}])
    assert [slot.title for slot in only.slots] == ["No segment", "No next activity type"]


def test_groups_are_put_in_order_by_their_columns() -> None:
    rows: list[dict[str, object]] = [
        {"owner": "A", "won_value": {"EUR": Decimal(1)}, "won_count": 1},
        {"owner": "B", "won_value": {"USD": Decimal(9)}, "won_count": 2},
        {"owner": "C", "won_value": {"EUR": Decimal(5)}},
        {"owner": "C", "won_value": {}},
        {"owner": None, "won_count": 9},
    ]

    def names(text: str) -> list[object]:
        keys = parse_groups("owner", COLUMNS)
        order = parse_sort(text, columns_of(keys, COLUMNS))
        found, _ = grouped("owner", rows)
        by = GroupSpec(keys, COLUMNS, CONTEXT, Settings())
        places = [place_in(by, key.path) for key in order]
        return [each.values[0] for each in sort_items(found, order, places)]

    assert names("-won_value") == ["C", "A", "B", None]
    assert names("-count,owner") == ["C", "A", "B", None]
    assert names("-owner") == ["C", "B", "A", None]
    assert names("-won_count") == [None, "B", "A", "C"]


def test_the_order_of_two_keys() -> None:
    rows: list[dict[str, object]] = [
        {"owner": "A", "size": 2},
        {"owner": "B", "size": 1},
        {"owner": "A", "size": 1},
    ]
    keys = parse_groups("owner,size", COLUMNS)
    found, _ = grouped("owner,size", rows)
    by = GroupSpec(keys, COLUMNS, CONTEXT, Settings())
    by_size = sort_items(found, [SortField("size", is_descending=True)], [place_in(by, "size")])
    assert [each.values for each in by_size] == [("A", 2), ("A", 1), ("B", 1)]


def test_what_is_grouped_by_is_not_added_up() -> None:
    keys = parse_groups("won_count", COLUMNS)
    assert list(columns_of(keys, COLUMNS)) == [
        "won_count", "count", "size", "duration", "value", "won_value",
    ]  # fmt: skip


def test_a_book_without_a_currency_has_no_order_of_amounts() -> None:
    bare = CONTEXT._replace(currency=None, book_currency=None)
    keys = parse_groups("owner", COLUMNS)
    with pytest.raises(InvalidInputError) as caught:
        place("won_value", COLUMNS["won_value"], bare, get)
    assert caught.value.problems[0].id == "no-currency"
    with pytest.raises(InvalidInputError):
        place_in(GroupSpec(keys, COLUMNS, bare, Settings()), "value")
