from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.query.columns import typed_columns
from acctcli.core.query.fields import Pick, keys_of, picks, select_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = {"segment": Field("segment", FieldType.TEXT), "a.b": Field("a.b", FieldType.TEXT)}
COLUMNS = typed_columns(
    ["id", "name", "won_value", "next_activity.type", "next_activity.due_date", "changes"],
    None,
    OWN,
)


def test_fields_are_picked_in_their_order_each_once() -> None:
    assert picks(" won_value,name , ,won_value", COLUMNS) == [
        Pick("won_value", ("won_value",)),
        Pick("name", ("name",)),
    ]


def test_a_path_a_whole_object_and_a_field_of_the_books_own() -> None:
    assert picks("next_activity.type,next_activity,segment,custom_fields", COLUMNS) == [
        Pick("next_activity.type", ("next_activity.type",)),
        Pick("next_activity", ("next_activity.type", "next_activity.due_date")),
        Pick("custom_fields.segment", ("custom_fields.segment",)),
        Pick("custom_fields", ("custom_fields.segment", "custom_fields.a.b")),
    ]


@pytest.mark.parametrize("text", ["", " , "])
def test_no_field_is_none(text: str) -> None:
    with pytest.raises(InvalidInputError, match="--fields names no field"):
        picks(text, COLUMNS)


def test_an_unknown_field_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInputError, match='--fields: "nmae" is not a field') as caught:
        picks("nmae", COLUMNS)
    assert str(caught.value.problems[0].hint).startswith('did you mean "name"?')


def test_the_keys_of_a_path() -> None:
    assert keys_of("next_activity.type") == ["next_activity", "type"]
    assert keys_of("custom_fields.a.b") == ["custom_fields", "a.b"]


def left(text: str, row: Mapping[str, object]) -> dict[str, object]:
    return select_fields(row, picks(text, COLUMNS))


def test_what_is_left_of_a_row_is_nested_as_it_was() -> None:
    row = {
        "id": "a",
        "name": "A",
        "next_activity": {"type": "call", "due_date": None},
        "custom_fields": {"segment": "B", "a.b": "C"},
    }
    assert left("name,next_activity.type,id", row) == {
        "name": "A",
        "next_activity": {"type": "call"},
        "id": "a",
    }
    assert left("next_activity.due_date,next_activity.type", row) == {
        "next_activity": {"due_date": None, "type": "call"}
    }
    assert left("a.b", row) == {"custom_fields": {"a.b": "C"}}
    assert left("next_activity,won_value", row) == {
        "next_activity": {"type": "call", "due_date": None},
        "won_value": None,
    }
    assert row["next_activity"] == {"type": "call", "due_date": None}


def test_an_object_that_is_not_set_stays_so() -> None:
    row: dict[str, object] = {"id": "a", "next_activity": None}
    assert left("next_activity.type,next_activity.due_date", row) == {"next_activity": None}
    assert left("next_activity,next_activity.type", row) == {"next_activity": None}
