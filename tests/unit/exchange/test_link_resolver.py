from __future__ import annotations

import pytest
from helpers.import_plans import NOW, RawMap, carried_out, plan_of, reasons
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.names import fold
from acctcli.core.model.records import Data, Deal, Org, Settings
from acctcli.exchange.import_plan import RecordToAdd


def deals(match: str, create: str = "no") -> RawMap:
    return {
        "kind": "deals",
        "source": "shop",
        "key": "no",
        "columns": {"no": "title", "for": "org"},
        "links": {"org": {"match": match, "create": create}},
    }


def orgs(match: str = "name", create: str = "no") -> RawMap:
    return {
        "kind": "orgs",
        "source": "shop",
        "key": "no",
        "columns": {"called": "name", "above": "parent"},
        "links": {"parent": {"match": match, "create": create}},
    }


def book(*found: Org) -> Data:
    return Data(orgs={org.id: org for org in found})


ACME = Org(id="acme", name="Acmé  Ltd", source="shop", external_id="A-1")
BOLT = Org(id="bolt", name="Bolt", source="elsewhere", external_id="B-1")


def linked(table: str, raw: RawMap, data: Data, field: str = "org") -> list[object]:
    plan = plan_of(table, raw, data)
    assert plan.bad == []
    return [created.fields.get(field) for created in plan.created]


@pytest.mark.parametrize(
    ("match", "cell"), [("id", "acme"), ("name", "ACME ltd"), ("external_id", "A-1")]
)
def test_a_link_is_matched_as_the_map_says(match: str, cell: str) -> None:
    assert linked(f"no,for\n1,{cell}\n2,\n", deals(match), book(ACME, BOLT)) == ["acme", None]


@pytest.mark.parametrize(
    ("match", "cell", "told"),
    [
        ("id", "Bolt", 'no organization with the id "Bolt"'),
        ("id", "acm", 'no organization with the id "acm"'),
        ("name", "acme", 'no organization named "acme"'),
        ("external_id", "B-1", 'no organization with the external_id "B-1" of the source shop'),
    ],
)
def test_a_link_to_nothing_is_a_bad_row(match: str, cell: str, told: str) -> None:
    plan = plan_of(f"no,for\n1,{cell}\n2,\n", deals(match), book(ACME, BOLT))
    assert reasons(plan) == [(2, "link-to-nothing", f'column "for": there is {told}')]
    assert len(plan.created) == 1
    hint = plan.bad[0].problem.hint
    assert hint is not None
    assert ("create: true" in hint) == (match == "name")


def test_a_link_to_nothing_tells_of_external_ids_that_are_joined() -> None:
    joined = Org(id="d", name="D", source="shop", external_id="DE|1")
    plan = plan_of("no,for\n1,1\n2,2\n", deals("external_id"), book(ACME, joined))
    told = [bad.problem.hint or "" for bad in plan.bad]
    assert [hint.partition("; ")[2] for hint in told] == [
        'external ids of this source look like "DE|1"'
    ] * 2
    other = Org(id="d", name="D", source="elsewhere", external_id="DE|1")
    for raw, data in ((deals("external_id"), book(ACME, other)), (deals("id"), book(joined))):
        [bad] = plan_of("no,for\n1,1\n", raw, data).bad
        assert "look like" not in (bad.problem.hint or "")


def test_a_name_of_two_records_is_ambiguous() -> None:
    data = book(ACME, Org(id="acme-2", name="acme LTD"))
    for raw in (deals("name"), deals("name", "yes")):
        plan = plan_of("no,for\n1,Acme Ltd\n", raw, data)
        [(line, name, message)] = reasons(plan)
        assert (line, name) == (2, "ambiguous-link")
        assert "acme, acme-2" in message


def test_an_ambiguous_name_lists_the_first_of_many() -> None:
    data = book(*(Org(id=f"o{number:02}", name="Same") for number in range(12)))
    [(_, _, message)] = reasons(plan_of("no,for\n1,same\n", deals("name"), data))
    assert message.endswith("o08, o09 and 2 more")


def test_an_external_id_of_two_records_is_ambiguous() -> None:
    data = book(ACME, Org(id="acme-2", name="x", source="shop", external_id="A-1"))
    [(_, name, _)] = reasons(plan_of("no,for\n1,A-1\n", deals("external_id"), data))
    assert name == "ambiguous-link"


def test_a_default_can_be_a_link() -> None:
    raw = deals("name") | {"defaults": {"org": "Bolt"}}
    assert linked("no,for\n1,\n2,Acme Ltd\n", raw, book(ACME, BOLT)) == ["bolt", "acme"]
    raw["columns"] = {"no": "title"}
    assert linked("no\n1\n", raw, book(ACME, BOLT)) == ["bolt"]
    [(_, name, message)] = reasons(plan_of("no\n1\n", raw, book(ACME)))
    assert name == "link-to-nothing"
    assert message.startswith("default of org: ")


def test_values_are_replaced_before_a_link_is_matched() -> None:
    raw = deals("name") | {"values": {"org": {"the big one": "Bolt", "none": None}}}
    assert linked("no,for\n1,the big one\n2,none\n", raw, book(BOLT)) == ["bolt", None]


# made by links


def test_a_link_makes_an_organization_once_right_before_its_first_user() -> None:
    plan = plan_of(
        "no,for\n1,\n2,Cole & Co\n3,cole & CO\n4,Bolt\n", deals("name", "yes"), book(BOLT)
    )
    assert [(created.kind, created.id, created.line) for created in plan.created] == [
        ("deals", "d1", 2),
        ("orgs", "cole-co", 3),
        ("deals", "d2", 3),
        ("deals", "d3", 4),
        ("deals", "d4", 5),
    ]
    assert plan.created[1] == RecordToAdd(
        "orgs",
        "cole-co",
        {
            "id": "cole-co",
            "name": "Cole & Co",
            "add_time": NOW,
            "source": "shop",
            "external_id": "Cole & Co",
        },
        3,
        linked=True,
    )
    assert [created.fields.get("org") for created in plan.created] == [
        None,
        None,
        "cole-co",
        "cole-co",
        "bolt",
    ]
    assert plan.rows == 4


def test_people_are_made_by_links_too() -> None:
    raw: RawMap = {
        "kind": "deals",
        "key": "no",
        "columns": {"no": "title", "who": "person", "for": "org"},
        "links": {
            "person": {"match": "name", "create": "yes"},
            "org": {"match": "name", "create": "yes"},
        },
    }
    plan = plan_of("no,who,for\n1,Eva Rossi,Eva Rossi\n2,李,李\n", raw)
    made = {created.id: created.kind for created in plan.created if created.linked}
    assert sorted(made.values()) == ["orgs", "orgs", "people", "people"]
    assert len(made) == 4
    assert {"eva-rossi", "eva-rossi-2"} < made.keys()


def test_bad_rows_make_nothing() -> None:
    raw = deals("name", "yes") | {
        "columns": {"no": "title", "for": "org", "price": "value"},
        "defaults": {"currency": "EUR"},
    }
    plan = plan_of("no,for,price\n1,Cole,x\n2,Dahl,1\n3,Cole,1\n", raw)
    assert [(created.id, created.line) for created in plan.created if created.linked] == [
        ("dahl", 3),
        ("cole", 4),
    ]


def test_what_a_link_made_is_found_by_an_import_keyed_by_name() -> None:
    data = carried_out(plan_of("no,for\n1,Cole\n", deals("name", "yes")))
    raw: RawMap = {
        "kind": "orgs",
        "source": "shop",
        "key": "called",
        "columns": {"called": "name", "what": "industry"},
    }
    plan = plan_of("called,what\nCole,steel\nDahl,wood\n", raw, data)
    assert [updated.changes for updated in plan.updated] == [{"industry": "steel"}]
    assert [created.id for created in plan.created] == ["dahl"]
    assert plan.warnings == []


def test_what_a_link_made_is_found_after_it_was_renamed() -> None:
    table = "no,for\n1,Cole\n2,COLE\n"
    data = carried_out(plan_of(table, deals("name", "yes")))
    renamed = Org(id="cole", name="Cole Holding", source="shop", external_id="Cole")
    after = Data(orgs={"cole": renamed}, deals=data.deals)
    plan = plan_of(table, deals("name", "yes"), after)
    assert (plan.created, plan.updated, plan.unchanged) == ([], [], 2)


def test_a_parent_is_made_when_no_row_has_its_name() -> None:
    plan = plan_of("no,called,above\n1,Leaf,Root\n2,Tree,Root\n3,Twig,leaf\n", orgs(create="yes"))
    assert [created.id for created in plan.created] == ["root", "leaf", "tree", "twig"]
    assert [created.fields.get("parent") for created in plan.created] == [
        None,
        "root",
        "root",
        "leaf",
    ]


def test_a_link_makes_nothing_that_a_row_of_the_file_is_keyed_by() -> None:
    plan = plan_of("no,called,above\nR,Root Ltd,\nL,Leaf,R\n", orgs(create="yes"))
    assert [created.fields.get("parent") for created in plan.created] == [None, "root-ltd"]


# rows that point at rows


@pytest.mark.parametrize("match", ["name", "external_id"])
def test_a_link_may_point_at_a_later_row(match: str) -> None:
    cell = "root" if match == "name" else "2"
    plan = plan_of(f"no,called,above\n1,Leaf,{cell}\n2,Root,\n", orgs(match))
    assert [(created.id, created.fields.get("parent")) for created in plan.created] == [
        ("leaf", "root"),
        ("root", None),
    ]


def test_names_are_those_after_the_import() -> None:
    data = book(Org(id="old", name="Old", source="shop", external_id="1"))
    table = "no,called,above\n1,New,\n2,Leaf,New\n"
    plan = plan_of(table, orgs(), data)
    assert [created.fields["parent"] for created in plan.created] == ["old"]
    assert plan_of(table, orgs(), carried_out(plan, data)).unchanged == 2
    [(line, name, _)] = reasons(plan_of("no,called,above\n1,New,\n2,Leaf,Old\n", orgs(), data))
    assert (line, name) == (3, "link-to-nothing")


def test_a_custom_link_may_point_at_a_row_too() -> None:
    fields = {"follows": Field("follows", FieldType.LINK, link="deals")}
    raw: RawMap = {
        "kind": "deals",
        "key": "no",
        "columns": {"no": "title", "before": "follows"},
        "links": {"follows": {"match": "external_id"}},
    }
    table = "no,before\n1,2\n2,\n3,3\n"
    plan = plan_of(table, raw, settings=Settings(fields={"deals": fields}))
    assert [created.fields.get("follows") for created in plan.created] == ["d2", None, "d3"]
    data = carried_out(plan, custom=fields)
    assert plan_of(table, raw, data, Settings(fields={"deals": fields})).unchanged == 3
    [updated] = plan_of(
        table.replace("1,2", "1,"), raw, data, Settings(fields={"deals": fields})
    ).updated
    assert updated.changes == {"follows": None}


def test_a_kept_column_may_be_a_declared_link() -> None:
    fields = {"follows": Field("follows", FieldType.LINK, link="deals")}
    raw: RawMap = {"kind": "deals", "key": "no", "columns": {"no": "title"}}
    data = Data(deals={"d9": Deal(id="d9", title="x")})
    plan = plan_of(
        "no,Follows\n1,d9\n2,d8\n",
        raw,
        data,
        Settings(fields={"deals": fields}),
        keep_unmapped=True,
    )
    assert [created.fields["follows"] for created in plan.created] == ["d9"]
    assert [(line, name) for line, name, _ in reasons(plan)] == [(3, "link-to-nothing")]


def test_two_rows_of_one_name_are_ambiguous() -> None:
    plan = plan_of("no,called,above\n1,Root,\n2,ROOT,\n3,Leaf,Root\n", orgs(create="yes"))
    [(line, name, message)] = reasons(plan)
    assert (line, name) == (4, "ambiguous-link")
    assert "line 2, line 3" in message


def test_rows_that_point_at_a_bad_row_fall_with_it() -> None:
    raw = orgs() | {"columns": {"called": "name", "above": "parent", "day": "add_time"}}
    table = (
        "no,called,above,day\n"
        "1,Twig,Leaf,\n"
        "2,Leaf,Root,\n"
        "3,Root,,yesterday\n"
        "4,Free,,\n"
        "5,Bud,Twig,never\n"
    )
    plan = plan_of(table, raw)
    assert [created.id for created in plan.created] == ["free"]
    assert [(line, name) for line, name, _ in reasons(plan)] == [
        (2, "link-to-bad-row"),
        (3, "link-to-bad-row"),
        (4, "bad-date"),
        (6, "bad-date"),
    ]
    assert "line 4" in plan.bad[1].reason
    assert "line 2" in plan.bad[3].reason


def test_a_bad_row_of_a_record_that_is_there_can_be_linked_to() -> None:
    data = book(Org(id="root", name="Root", source="shop", external_id="3"))
    raw = orgs() | {"columns": {"called": "name", "above": "parent", "day": "add_time"}}
    table = "no,called,above,day\n1,Leaf,Root,\n2,Twig,Stem,\n3,Stem,,yesterday\n"
    plan = plan_of(table, raw, data)
    assert [created.fields["parent"] for created in plan.created] == ["root", "root"]
    assert [line for line, _, _ in reasons(plan)] == [4]


# circles of parents


@pytest.mark.parametrize("match", ["name", "external_id"])
def test_no_organization_is_its_own_parent(match: str) -> None:
    cell = "root" if match == "name" else "1"
    plan = plan_of(f"no,called,above\n1,Root,{cell}\n2,Leaf,\n", orgs(match))
    [(line, name, message)] = reasons(plan)
    assert (line, name) == (2, "parent-cycle")
    assert '"Root" -> "Root"' in message
    assert [created.id for created in plan.created] == ["leaf"]


def test_a_circle_of_parents_is_told_with_its_path() -> None:
    table = "no,called,above\n1,A,B\n2,B,C\n3,C,A\n4,D,A\n5,E,F\n6,F,\n"
    plan = plan_of(table, orgs())
    told = reasons(plan)
    assert [(line, name) for line, name, _ in told] == [
        (2, "parent-cycle"),
        (3, "parent-cycle"),
        (4, "parent-cycle"),
        (5, "link-to-bad-row"),
    ]
    circle = 'column "above": an organization would be above itself: "A" -> "B" -> "C" -> "A"'
    assert [message for _, _, message in told[:3]] == [circle] * 3
    assert [created.id for created in plan.created] == ["e", "f"]


def test_a_circle_through_the_book_is_told() -> None:
    data = book(
        Org(id="a", name="A", source="shop", external_id="1"),
        Org(id="b", name="B", parent="a"),
    )
    plan = plan_of("no,called,above\n1,A,B\n", orgs(), data)
    [(_, name, message)] = reasons(plan)
    assert name == "parent-cycle"
    assert '"A" -> "B" -> "A"' in message
    assert plan.updated == []


def test_a_circle_that_a_bad_row_would_have_opened_is_told() -> None:
    # The row of A would take its parent away; since it is bad, A stays below B.
    data = book(
        Org(id="a", name="A", parent="b", source="shop", external_id="1"),
        Org(id="b", name="B", source="shop", external_id="2"),
    )
    raw = orgs() | {"columns": {"called": "name", "above": "parent", "day": "add_time"}}
    good = "no,called,above,day\n1,A,,\n2,B,A,\n"
    assert [updated.changes for updated in plan_of(good, raw, data).updated] == [
        {"parent": None},
        {"parent": "a"},
    ]
    plan = plan_of(good.replace("A,,\n", "A,,never\n"), raw, data)
    assert [(line, name) for line, name, _ in reasons(plan)] == [
        (2, "bad-date"),
        (3, "parent-cycle"),
    ]


def test_a_circle_that_shows_when_another_is_refused_is_told() -> None:
    # A is below B in the book. Its row puts it below C, and falls, since C is put below A.
    data = book(
        Org(id="a", name="A", parent="b", source="shop", external_id="1"),
        Org(id="b", name="B", source="shop", external_id="2"),
        Org(id="c", name="C", source="shop", external_id="3"),
    )
    plan = plan_of("no,called,above\n1,A,C\n2,B,A\n3,C,A\n", orgs(), data)
    assert [(line, name) for line, name, _ in reasons(plan)] == [
        (2, "parent-cycle"),
        (3, "parent-cycle"),
        (4, "parent-cycle"),
    ]
    assert '"B" -> "A" -> "B"' in plan.bad[1].reason
    assert plan.updated == []


def test_a_bad_row_that_points_at_itself_is_told_once() -> None:
    raw = orgs() | {"columns": {"called": "name", "above": "parent", "day": "add_time"}}
    plan = plan_of("no,called,above,day\n1,A,A,never\n", raw)
    assert [(name, "; " in message) for _, name, message in reasons(plan)] == [("bad-date", False)]


def test_a_circle_that_only_the_book_has_is_no_fault_of_the_file() -> None:
    data = book(Org(id="a", name="A", parent="b"), Org(id="b", name="B", parent="a"))
    plan = plan_of("no,called,above\n1,Leaf,A\n2,Lost,Nowhere\n", orgs(), data)
    assert [created.fields["parent"] for created in plan.created] == ["a"]
    dangling = book(Org(id="a", name="A", parent="ghost"))
    assert plan_of("no,called,above\n1,Leaf,A\n", orgs(), dangling).bad == []


def test_parents_may_be_changed_about() -> None:
    data = carried_out(plan_of("no,called,above\n1,A,\n2,B,A\n3,C,B\n", orgs()))
    plan = plan_of("no,called,above\n1,A,B\n2,B,C\n3,C,\n", orgs(), data)
    assert plan.bad == []
    assert len(plan.updated) == 3


# warnings


def test_a_name_that_is_in_the_book_under_another_key_is_warned_of() -> None:
    plan = plan_of("no,called,above\n1,Bolt,\n2,Cole,\n", orgs(), book(BOLT))
    [warning] = plan.warnings
    assert (warning.id, warning.level, warning.record) == ("same-name", "warning", "bolt-2")
    assert "line 2" in warning.message
    after = carried_out(plan, book(BOLT))
    assert plan_of("no,called,above\n1,Bolt,\n2,Cole,\n", orgs(), after).warnings == []
    raw: RawMap = {"kind": "people", "key": "no", "columns": {"called": "name"}}
    assert plan_of("no,called\n1,Bolt\n", raw, book(BOLT)).warnings == []


# the law


CELLS = ["", "A", "b", "C", "Ç", "D"]
ROWS = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C", "D"]), st.sampled_from(CELLS)), max_size=6
)


@settings(max_examples=150)
@given(ROWS, st.data(), st.sampled_from(["yes", "no"]))
def test_the_order_of_rows_does_not_matter_for_links(
    rows: list[tuple[str, str]], data: st.DataObject, create: str
) -> None:
    numbered = [(str(number), name, above) for number, (name, above) in enumerate(rows)]
    shuffled = data.draw(st.permutations(numbered))

    def parents(table: list[tuple[str, str, str]]) -> dict[str, str | None]:
        text = "\n".join(",".join(row) for row in (("no", "called", "above"), *table))
        plan = plan_of(text, orgs(create=create))
        after = carried_out(plan).orgs
        again = plan_of(text, orgs(create=create), carried_out(plan))
        assert (again.created, again.updated, again.unchanged) == (
            [],
            [],
            len(table) - len(plan.bad),
        )
        return {
            fold(org.external_id or ""): org.parent and fold(after[org.parent].name)
            for org in after.values()
        }

    assert parents(numbered) == parents(list(shuffled))
