from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from helpers.oracle import org_rows
from helpers.strategies import SETTINGS, TODAY, ZONE, books
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.accounts.hierarchy import Family, descendants, family, path_to
from acctcli.core.model.errors import InvalidBookError
from acctcli.core.model.links import circles
from acctcli.core.model.records import Data, Deal, Org

if TYPE_CHECKING:
    from collections.abc import Sequence

CROWD = tuple(f"o{number}" for number in range(8))


def _branches(data: Data, org_id: str) -> list[str]:
    return sorted(org.id for org in data.orgs.values() if org.parent == org_id)


def _family(org_id: str, data: Data) -> Family:
    rows = {row.id: row for row in org_rows(data, SETTINGS, TODAY, ZONE)}
    tree = descendants(org_id, lambda each: _branches(data, each))
    return family(path_to(org_id, data), tree, {each: rows[each] for each in tree})


def _book(parents: dict[str, str | None], wins: Sequence[tuple[str, str, int]] = ()) -> Data:
    """Organizations by their parents, and won deals: organization, currency, value."""
    return Data(
        orgs={key: Org(id=key, name=key, parent=above) for key, above in parents.items()},
        deals={
            f"d{number}": Deal(
                id=f"d{number}",
                title="t",
                org=org,
                value=Decimal(value),
                currency=currency,
                status="won",
            )
            for number, (org, currency, value) in enumerate(wins)
        },
    )


TREE = _book(
    {"top": "gone", "mid": "top", "low": "mid", "side": "top", "far": None},
    [
        ("top", "EUR", 1),
        ("mid", "EUR", 10),
        ("mid", "USD", 5),
        ("low", "EUR", 100),
        ("low", "EUR", -7),
        ("far", "EUR", 1000),
    ],
)


def test_a_group_is_an_organization_and_all_below_it() -> None:
    top = _family("top", TREE)
    assert top.path == ("top",)
    assert top.group_value == {"EUR": Decimal(104), "USD": Decimal(5)}
    assert (top.group_count, top.group_size) == (5, 4)
    assert [(each.id, each.group_size, each.is_account) for each in top.branches] == [
        ("mid", 2, True),
        ("side", 1, False),
    ]
    mid = top.branches[0]
    assert mid.won_value == {"EUR": Decimal(10), "USD": Decimal(5)}
    assert mid.group_value == {"EUR": Decimal(103), "USD": Decimal(5)}
    assert (mid.won_count, mid.group_count) == (2, 4)


def test_the_path_goes_from_the_top_down() -> None:
    assert _family("low", TREE).path == ("top", "mid", "low")
    assert _family("far", TREE) == Family(
        path=("far",),
        group_value={"EUR": Decimal(1000)},
        group_count=1,
        group_size=1,
        branches=(),
    )


@pytest.mark.parametrize("start", ["a", "b", "below"])
def test_a_circle_of_parents_is_an_error_that_shows_it(start: str) -> None:
    data = _book({"a": "b", "b": "a", "below": "a", "own": "own"})
    with pytest.raises(InvalidBookError) as caught:
        path_to(start, data)
    (problem,) = caught.value.problems
    assert problem.id == "parent-cycle"
    assert problem.message.endswith("b -> a -> b" if start == "b" else "a -> b -> a")
    assert (problem.kind, problem.field) == ("orgs", "parent")
    assert problem.record in {"a", "b"}
    with pytest.raises(InvalidBookError, match="own -> own"):
        path_to("own", data)


def test_branches_that_lead_round_end() -> None:
    data = _book({"a": "b", "b": "a"})
    assert descendants("a", lambda each: _branches(data, each)) == {"a": ("b",), "b": ("a",)}


def test_very_deep_families_are_no_trouble() -> None:
    parents: dict[str, str | None] = {"o0": None}
    parents |= {f"o{number}": f"o{number - 1}" for number in range(1, 3000)}
    children = {above: [key] for key, above in parents.items() if above}
    data = _book(parents)
    assert len(path_to("o2999", data)) == 3000
    assert list(descendants("o0", lambda each: children.get(each, []))) == list(parents)


@st.composite
def forests(draw: st.DrawFn) -> Data:
    """Organizations of which none is above itself, in any order, with won deals."""
    parents: dict[str, str | None] = {}
    for key in CROWD[: draw(st.integers(1, len(CROWD)))]:
        parents[key] = draw(st.sampled_from([None, *parents]))
    wins = st.tuples(
        st.sampled_from(list(parents)),
        st.sampled_from(["EUR", "USD"]),
        st.integers(-(10**12), 10**12),
    )
    order = draw(st.permutations(list(parents)))
    return _book({key: parents[key] for key in order}, draw(st.lists(wins, max_size=12)))


def _sum(values: Sequence[dict[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for value in values:
        for currency, amount in value.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found


@given(forests())
def test_each_deal_counts_once_in_any_forest(data: Data) -> None:
    rows = {row.id: row for row in org_rows(data, SETTINGS, TODAY, ZONE)}
    families = {key: _family(key, data) for key in data.orgs}
    roots = [families[key] for key, org in data.orgs.items() if org.parent is None]
    assert _sum([each.group_value for each in roots]) == _sum(
        [row.won_value for row in rows.values()]
    )
    assert sum(each.group_count for each in roots) == len(data.deals)
    assert sum(each.group_size for each in roots) == len(data.orgs)
    for key, found in families.items():
        branches = found.branches
        assert found.group_value == _sum(
            [rows[key].won_value, *(each.group_value for each in branches)]
        )
        assert found.group_count == rows[key].won_count + sum(e.group_count for e in branches)
        for each in branches:
            kin = families[each.id]
            assert each.group_value == kin.group_value
            assert each.won_value == rows[each.id].won_value
            assert kin.path == (*found.path, each.id)


@given(books("orgs"))
def test_whatever_the_parents_are_there_is_a_path_or_the_circle(data: Data) -> None:
    found = [
        set(circle)
        for circle in circles({key: org.parent for key, org in data.orgs.items() if org.parent})
    ]
    for key in data.orgs:
        try:
            path = path_to(key, data)
        except InvalidBookError as error:
            shown = error.problems[0].message.rpartition(": ")[2].split(" -> ")
            assert shown[0] == shown[-1]
            assert set(shown) in found
            for one, two in pairwise(shown):
                assert data.orgs[one].parent == two
        else:
            assert path[-1] == key
            assert data.orgs[path[0]].parent not in data.orgs
            for above, each in pairwise(path):
                assert data.orgs[each].parent == above


def test_next_activities_and_owners_stand_beside_the_branches() -> None:
    data = Data(
        orgs={
            "a": Org(id="a", name="A"),
            "b": Org(id="b", name="B", parent="a", owner="mia", tier="B"),
        },
        deals={"d": Deal(id="d", title="t", org="b", status="won", won_time=dt.date(2026, 1, 1))},
    )
    (branch,) = _family("a", data).branches
    assert (branch.owner, branch.tier, branch.bucket, branch.next_activity) == (
        "mia",
        "B",
        "none",
        None,
    )
    assert (branch.won_count, branch.won_value, branch.group_value) == (1, {}, {})
