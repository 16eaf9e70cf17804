from __future__ import annotations

from itertools import pairwise

import pytest
from helpers.strategies import GHOST, books
from hypothesis import given, settings

from acctcli.core.model.kinds import KINDS, Field, FieldType
from acctcli.core.model.links import circles, cycle, kind_of, links, org_of
from acctcli.core.model.records import (
    Activity,
    Data,
    Deal,
    File,
    Note,
    Org,
    Person,
    Record,
)

DATA = Data(
    orgs={
        "acme": Org(id="acme", name="Acme", custom={"partner": "beta", "budget": {}}),
        "beta": Org(id="beta", name="Beta", parent="acme"),
    },
    people={
        "anna": Person(id="anna", name="Anna", org="beta", custom={"first_deal": "d1"}),
        "ben": Person(id="ben", name="Ben"),
    },
    deals={
        "d1": Deal(id="d1", title="Named", org="acme", person="anna"),
        "d2": Deal(id="d2", title="Through Anna", person="anna"),
        "d3": Deal(id="d3", title="Nowhere"),
        "d4": Deal(id="d4", title="Names nobody", org=GHOST, person="anna"),
    },
)


def cycles_of(data: Data) -> list[list[str]]:
    """Every circle of parents once."""
    return circles({key: org.parent for key, org in data.orgs.items() if org.parent is not None})


@pytest.mark.parametrize(
    ("record", "org"),
    [
        (DATA.orgs["beta"], "beta"),
        (DATA.people["anna"], "beta"),
        (DATA.people["ben"], None),
        (DATA.deals["d1"], "acme"),
        (DATA.deals["d2"], "beta"),
        (DATA.deals["d3"], None),
        (DATA.deals["d4"], None),
        (Deal(id="d", title="t", person="ben"), None),
        (Deal(id="d", title="t", person=GHOST), None),
        (Activity(id="a", subject="s", org="beta", deal="d1"), "beta"),
        (Activity(id="a", subject="s", deal="d1", person="anna"), "acme"),
        (Activity(id="a", subject="s", deal="d2"), "beta"),
        (Activity(id="a", subject="s", deal="d3", person="anna"), "beta"),
        (Activity(id="a", subject="s", deal=GHOST, person="anna"), "beta"),
        (Activity(id="a", subject="s", org=GHOST, deal="d1"), None),
        (Note(id="n", content="c", person="anna"), "beta"),
        (Note(id="n", content="c"), None),
        (File(id="f", name="n", deal="d1"), "acme"),
    ],
)
def test_a_record_belongs_to_what_it_names_else_to_its_deals_else_to_its_persons(
    record: Record, org: str | None
) -> None:
    assert org_of(record, DATA) == org


def test_the_kind_of_a_record() -> None:
    assert kind_of(DATA.people["anna"]) == "people"
    assert kind_of(DATA.deals["d1"]) == "deals"


def test_links_are_built_in_ones_first_then_custom_ones_that_are_set() -> None:
    activity = Activity(
        id="a", subject="s", org="acme", deal="d1", person="anna", custom={"guest": "ben", "x": "y"}
    )
    custom = {
        "x": Field("x", FieldType.TEXT),
        "guest": Field("guest", FieldType.LINK, link="people"),
        "host": Field("host", FieldType.LINK, link="people"),
    }
    assert links(activity, custom) == [
        ("org", "orgs", "acme"),
        ("deal", "deals", "d1"),
        ("person", "people", "anna"),
        ("guest", "people", "ben"),
    ]
    assert links(Note(id="n", content="c"), {}) == []


def _family(**parents: str | None) -> Data:
    return Data(orgs={key: Org(id=key, name=key, parent=up) for key, up in parents.items()})


def test_a_circle_of_parents_is_given_as_its_path() -> None:
    data = _family(leaf="a", a="b", b="a", me="me", top=None, child="top", lost=GHOST)
    assert cycle("a", data) == ["a", "b", "a"]
    assert cycle("b", data) == ["b", "a", "b"]
    assert cycle("leaf", data) == ["a", "b", "a"]
    assert cycle("me", data) == ["me", "me"]
    assert [cycle(org, data) for org in ("top", "child", "lost", GHOST)] == [None] * 4


def test_every_circle_is_found_once() -> None:
    data = _family(leaf="a", a="b", b="a", me="me", child="top", top=None, other="b")
    assert cycles_of(data) == [["a", "b", "a"], ["me", "me"]]
    assert cycles_of(Data()) == []


@settings(max_examples=50, deadline=None)
@given(books())
def test_what_a_record_belongs_to_is_an_organization_of_the_book(data: Data) -> None:
    for kind in KINDS:
        for record in data.of(kind).values():
            assert org_of(record, data) in {None, *data.orgs}


@settings(max_examples=50, deadline=None)
@given(books("orgs"))
def test_a_circle_found_from_anywhere_is_among_all_circles(data: Data) -> None:
    found = [cycle(org, data) for org in data.orgs]
    assert {frozenset(path) for path in found if path} == set(map(frozenset, cycles_of(data)))
    for path in cycles_of(data):
        assert path[0] == path[-1]
        for child, parent in pairwise(path):
            assert data.orgs[child].parent == parent
