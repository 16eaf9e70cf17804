"""What always holds of terms, orders and groups, over invented rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.names import fold
from acctcli.core.model.records import Settings
from acctcli.core.query.conditions import condition, matches
from acctcli.core.query.context import Context
from acctcli.core.query.grouping import GroupSpec, groups, parse_groups
from acctcli.core.query.parser import parse_term
from acctcli.core.query.sorting import parse_sort, place, sort_items

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]
TODAY = dt.date(2026, 3, 10)
ZONE = dt.timezone(dt.timedelta(hours=-5))
CHOICES = ("none", "overdue", "later")
NAMES = {"o1": "Zeta", "o2": "alfa"}
CONTEXT = Context(TODAY, ZONE, "EUR", "EUR", frozenset(), lambda _, name: (name,), NAMES)
COLUMNS = {
    field.name: field
    for field in (
        Field("name", FieldType.TEXT),
        Field("labels", FieldType.TEXTS),
        Field("org", FieldType.LINK, link="orgs"),
        Field("bucket", FieldType.ONE_OF, choices=CHOICES),
        Field("done", FieldType.YES_NO),
        Field("won_count", FieldType.INTEGER),
        Field("day", FieldType.DATE),
        Field("time", FieldType.STAMP),
        Field("term", FieldType.SPAN),
        Field("duration", FieldType.DURATION),
        Field("value", FieldType.MONEY),
        Field("currency", FieldType.CURRENCY),
        Field("total", FieldType.AMOUNT),
    )
}

_days = st.integers(-40, 40).map(lambda ahead: TODAY + dt.timedelta(days=ahead))
_moments = st.builds(
    lambda day, hour: dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC),
    _days,
    st.integers(0, 23),
)
_amounts = st.integers(-3, 3).map(lambda number: Decimal(number) / 2)
_values: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from([None, "", "Ines", "INÈS", "Marco", "ma"]),
    "labels": st.lists(st.sampled_from(["vip", "VIP", "new"]), max_size=2).map(tuple),
    "org": st.sampled_from([None, "o1", "o2", "o3"]),
    "bucket": st.sampled_from([None, *CHOICES]),
    "done": st.sampled_from([None, True, False]),
    "won_count": st.none() | st.integers(0, 3),
    "day": st.none() | _days,
    "time": st.none() | _days | _moments,
    "term": st.sampled_from([None, "30d", "1m", "12m", "1y"]),
    "duration": st.sampled_from([None, "0:30", "1:00", "12:45"]),
    "value": st.none() | _amounts,
    "currency": st.sampled_from([None, "EUR", "USD"]),
    "total": st.dictionaries(st.sampled_from(["EUR", "USD"]), _amounts),
}
rows: st.SearchStrategy[list[Row]] = st.lists(st.fixed_dictionaries(_values), max_size=12)

# Texts of values to compare with, by field; the oracle reads them on its own.
_TEXTS: dict[str, list[str]] = {
    "name": ["ines", "marco", "x"],
    "labels": ["vip", "new", "x"],
    "org": ["o1", "o2"],
    "bucket": list(CHOICES),
    "done": ["yes", "no"],
    "won_count": ["0", "2", "-1"],
    "day": ["2026-03-10", "2026-03", "2026", "2026-04"],
    "time": ["2026-03-10", "2026-03", "2026-04"],
    "term": ["1m", "1y", "400d"],
    "duration": ["0:30", "2:00"],
    "value": ["0", "1USD", "0.50"],
    "total": ["0", "1USD", "0.50"],
}
_EQUAL = ("=", "!=")
_ALL = (*_EQUAL, "<", "<=", ">", ">=")
_OPERATORS = {name: _EQUAL if name in {"labels", "org", "done"} else _ALL for name in _TEXTS}


@st.composite
def terms(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(sorted(_TEXTS)))
    operator = draw(st.sampled_from(_OPERATORS[name]))
    texts = draw(st.lists(st.sampled_from(_TEXTS[name]), min_size=1, max_size=2))
    return f"{name}{operator}{','.join(texts) if operator in _EQUAL else texts[0]}"


def keep(texts: list[str], found: list[Row]) -> list[Row]:
    conditions = [condition(parse_term(text), COLUMNS, CONTEXT) for text in texts]
    return list(filter(matches(conditions, get), found))


def get(row: Row, path: str) -> object:
    return row.get(path)


# the oracle: another way to say what a term means


def expected(text: str, row: Row) -> bool:
    term = parse_term(text)
    denied = term.operator == "!="
    operator = "=" if denied else term.operator
    return denied != any(_compared(term.name, operator, value, row) for value in term.values)


def _compared(name: str, operator: str, text: str, row: Row) -> bool:
    value = row[name]
    if name in {"value", "total"}:
        return _of_money(operator, text, row, name)
    if value in (None, "", ()):
        return False
    if name == "labels":
        return any(fold(each) == fold(text) for each in value)
    if name in {"day", "time"}:
        # Days are written so that texts of them compare as they do.
        day = (value.astimezone(ZONE) if isinstance(value, dt.datetime) else value).isoformat()[:10]
        told = day[: len(text)]
        return _test(operator, told, text)
    readers: dict[str, Callable[[Any], Any]] = {
        "name": fold,
        "org": str,
        "bucket": CHOICES.index,
        "done": lambda each: each in {True, "yes"},
        "won_count": int,
        "term": lambda each: {"30d": 30, "1m": 30.4, "12m": 365, "1y": 365, "400d": 400}[each],
        "duration": lambda each: int(each.split(":")[0]) * 60 + int(each.split(":")[1]),
    }
    read = readers[name]
    return _test(operator, read(value), read(text))


def _of_money(operator: str, text: str, row: Row, name: str) -> bool:
    currency = "USD" if text.endswith("USD") else "EUR"
    if name == "total":
        found = row["total"].get(currency)
    else:
        found = row["value"] if (row["currency"] or "EUR") == currency else None
    return found is not None and _test(operator, found, Decimal(text.removesuffix("USD")))


def _test(operator: str, one: Any, other: Any) -> bool:  # noqa: ANN401 - values of any type
    found: bool = {
        "=": one == other,
        "<": one < other,
        "<=": one <= other,
        ">": one > other,
        ">=": one >= other,
    }[operator]
    return found


@given(rows, terms())
def test_a_term_means_what_the_oracle_says(found: list[Row], text: str) -> None:
    assert keep([text], found) == [row for row in found if expected(text, row)]


@given(rows, st.lists(terms(), max_size=3))
def test_several_terms_keep_what_each_of_them_keeps(found: list[Row], texts: list[str]) -> None:
    assert keep(texts, found) == [
        row for row in found if all(row in keep([text], found) for text in texts)
    ]


@given(rows, terms())
def test_a_term_and_its_denial_part_the_rows(found: list[Row], text: str) -> None:
    term = parse_term(text)
    if term.operator not in _EQUAL:
        return
    values = ",".join(term.values)
    kept = [keep([f"{term.name}{operator}{values}"], found) for operator in _EQUAL]
    assert sorted(map(repr, kept[0] + kept[1])) == sorted(map(repr, found))
    assert not any(row in kept[1] for row in kept[0])


@given(rows, st.sampled_from(sorted(COLUMNS)))
def test_what_is_set_and_what_is_not_part_the_rows(found: list[Row], name: str) -> None:
    assert len(keep([name], found)) + len(keep([f"!{name}"], found)) == len(found)


# order

_signed = st.builds(
    lambda sign, name: sign + name, st.sampled_from(["", "-"]), st.sampled_from(sorted(COLUMNS))
)
_sorts = st.lists(_signed, min_size=1, max_size=3, unique_by=lambda text: text.removeprefix("-"))


@given(rows, _sorts)
def test_an_order_is_typed_stable_and_leaves_nothing_out(
    found: list[Row], texts: list[str]
) -> None:
    items = [{**row, "number": number} for number, row in enumerate(found)]
    keys = parse_sort(",".join(texts), COLUMNS)
    places = [place(key.path, COLUMNS[key.path], CONTEXT, get) for key in keys]
    ordered = sort_items(items, keys, places)
    assert sorted(row["number"] for row in ordered) == list(range(len(items)))
    for one, other in pairwise(ordered):
        for key, value in zip(keys, places, strict=True):
            first, second = value(one), value(other)
            if first == second:
                continue
            assert second is None or (
                first is not None and (first > second if key.is_descending else first < second)
            )
            break
        else:
            assert one["number"] < other["number"]


# groups

_GROUPED = ("name", "org", "bucket", "done", "day", "day:year", "time:quarter", "won_count", "term")
_grouped = st.lists(
    st.sampled_from(_GROUPED),
    min_size=1,
    max_size=2,
    unique_by=lambda text: text.partition(":")[0],
)


@given(rows, _grouped)
def test_the_groups_add_up_to_the_whole(found: list[Row], names: list[str]) -> None:
    by = GroupSpec(parse_groups(",".join(names), COLUMNS), COLUMNS, CONTEXT, Settings())
    parts, whole = groups(found, by, get)
    assert whole.size == len(found) == sum(part.size for part in parts)
    assert all(part.size for part in parts)
    assert len({part.values for part in parts}) == len(parts)
    for path, of_all in whole.sums.items():
        if isinstance(of_all, dict):
            sums: Counter[str] = Counter()
            for part in parts:
                sums.update(cast("dict[str, int]", part.sums[path]))
            assert {each: size for each, size in sums.items() if size} == {
                each: size for each, size in of_all.items() if size
            }
        else:
            assert sum(part.sums[path] for part in parts) == of_all
