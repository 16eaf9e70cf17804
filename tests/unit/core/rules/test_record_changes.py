from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from helpers.strategies import DEAL_IDS, GHOST, ORG_IDS, PERSON_IDS, SETTINGS, books
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from acctcli.core.accounts.totals import won_counts
from acctcli.core.model.kinds import KIND_NAMES, KINDS, Field, FieldType, KindName
from acctcli.core.model.links import all_links, org_of, reaching
from acctcli.core.model.records import (
    Activity,
    Data,
    Deal,
    File,
    Note,
    Org,
    Person,
    Settings,
)
from acctcli.core.rules.record_changes import (
    Removal,
    cascade,
    fields_of_doing,
    fields_of_loss,
    fields_of_move,
    fields_of_reopening,
    fields_of_undoing,
    fields_of_win,
    membership,
    records_to_detach,
    resolved_org,
    won_changes,
)

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.records import Record

DAY = dt.date(2026, 3, 2)
MOMENT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


def members(before: Data, after: Data) -> tuple[list[Org], list[Org]]:
    """Who became an account and who ceased to be one, when any deal may have changed."""
    wins = won_counts(before)
    more = won_changes({*before.deals, *after.deals}, before, after)
    return membership(more, before, after, lambda org: wins.get(org, 0))


def left(people: AbstractSet[str], before: Data, after: Data) -> list[tuple[KindName, str, str]]:
    return records_to_detach(people, reaching(people, before), before, after)


def test_won_says_when_and_forgets_a_loss() -> None:
    assert fields_of_win(DAY) == {
        "status": "won",
        "won_time": "2026-03-02",
        "lost_time": None,
        "lost_reason": None,
    }
    assert fields_of_win(MOMENT)["won_time"] == "2026-03-02T09:30:00Z"


def test_lost_says_when_and_why_and_forgets_a_win() -> None:
    assert fields_of_loss(DAY, "price") == {
        "status": "lost",
        "won_time": None,
        "lost_time": "2026-03-02",
        "lost_reason": "price",
    }
    assert fields_of_loss(DAY)["lost_reason"] is None


def test_reopened_forgets_both() -> None:
    assert fields_of_reopening() == {
        "status": "open",
        "won_time": None,
        "lost_time": None,
        "lost_reason": None,
    }


def test_done_keeps_the_note_there_is() -> None:
    assert fields_of_doing(DAY) == {"done": "true", "done_time": "2026-03-02"}
    assert fields_of_doing(MOMENT)["done_time"] == "2026-03-02T09:30:00Z"
    assert "note" not in fields_of_doing(DAY, existing="bring slides")
    assert fields_of_doing(DAY, "went well")["note"] == "went well"
    assert (
        fields_of_doing(DAY, "went well", existing="bring slides")["note"]
        == "bring slides\nwent well"
    )


def test_undone_unsets_what_done_sets() -> None:
    assert fields_of_undoing() == {"done": None, "done_time": None}


def test_moved_keeps_the_time_unless_one_is_given() -> None:
    assert fields_of_move(DAY) == {"due_date": "2026-03-02"}
    assert fields_of_move(DAY, dt.time(14)) == {"due_date": "2026-03-02", "due_time": "14:00"}


def test_changes_name_fields_that_there_are() -> None:
    for changes in (fields_of_win(DAY), fields_of_loss(DAY), fields_of_reopening()):
        assert all(KINDS["deals"].field(name) for name in changes)
    for changes in (
        fields_of_doing(DAY, "note"),
        fields_of_undoing(),
        fields_of_move(DAY, dt.time(14)),
    ):
        assert all(KINDS["activities"].field(name) for name in changes)


def test_membership_names_who_became_and_who_ceased_by_name() -> None:
    orgs = {
        key: Org(id=key, name=name)
        for key, name in (("a", "zeta"), ("b", "Élan"), ("c", "alfa"), ("d", "Kept"))
    }
    deal = Deal(id="4", title="t", org="d", status="won")
    wins = {key: Deal(id=key, title="t", org=key, status="won") for key in ("a", "b", "c")}
    none = Data(orgs=orgs, deals={"4": deal})
    some = Data(orgs=orgs, deals={"4": deal, **wins})
    assert members(none, some) == ([orgs["c"], orgs["b"], orgs["a"]], [])
    assert members(some, none) == ([], [orgs["c"], orgs["b"], orgs["a"]])
    assert members(some, Data()) == ([], [orgs["c"], orgs["b"], orgs["d"], orgs["a"]])


def test_an_organization_takes_all_that_belongs_to_it() -> None:
    data = Data(
        orgs={
            "acme": Org(id="acme", name="Acme"),
            "beta": Org(id="beta", name="Beta", parent="acme", custom={"partner": "acme"}),
        },
        people={"anna": Person(id="anna", name="Anna", org="acme")},
        deals={
            "d1": Deal(id="d1", title="t", person="anna"),
            "d2": Deal(id="d2", title="t", org="beta", person="anna"),
        },
        activities={"a1": Activity(id="a1", subject="s", deal="d1")},
        notes={
            "n1": Note(id="n1", content="c", org="acme"),
            "n2": Note(id="n2", content="c", org="beta", deal="d1", custom={"replaces": "n1"}),
        },
        files={"f1": File(id="f1", name="n", person="anna")},
    )
    assert cascade("orgs", ["acme"], data, SETTINGS) == Removal(
        removed=[
            ("orgs", "acme"),
            ("people", "anna"),
            ("deals", "d1"),
            ("activities", "a1"),
            ("notes", "n1"),
            ("files", "f1"),
        ],
        unlinked=[
            ("orgs", "beta", "parent"),
            ("orgs", "beta", "partner"),
            ("deals", "d2", "person"),
            ("notes", "n2", "deal"),
            ("notes", "n2", "replaces"),
        ],
    )


def test_another_record_takes_what_would_belong_nowhere_without_it() -> None:
    data = Data(
        orgs={"acme": Org(id="acme", name="Acme")},
        people={
            "anna": Person(id="anna", name="Anna", org="acme"),
            "ben": Person(id="ben", name="Ben", custom={"first_deal": "d1"}),
        },
        deals={
            "d0": Deal(id="d0", title="t", org="acme"),
            "d1": Deal(id="d1", title="t", person="anna"),
        },
        activities={
            "a1": Activity(id="a1", subject="s", deal="d1", person="ben"),
            "a2": Activity(id="a2", subject="s", deal="d1", org="acme"),
            "a3": Activity(id="a3", subject="s", deal="d1", person="anna"),
            "a4": Activity(id="a4", subject="s", deal="d0", person="anna"),
        },
    )
    assert cascade("deals", ["d1"], data, SETTINGS) == Removal(
        removed=[("deals", "d1"), ("activities", "a1")],
        unlinked=[
            ("people", "ben", "first_deal"),
            ("activities", "a2", "deal"),
            ("activities", "a3", "deal"),
        ],
    )
    assert cascade("people", ["anna"], data, SETTINGS) == Removal(
        removed=[("people", "anna"), ("deals", "d1"), ("activities", "a1"), ("activities", "a3")],
        unlinked=[
            ("people", "ben", "first_deal"),
            ("activities", "a2", "deal"),
            ("activities", "a4", "person"),
        ],
    )
    assert cascade("activities", ["a1"], data, SETTINGS) == Removal([("activities", "a1")], [])


_WINS = books("orgs", "people", "deals")


def test_what_names_an_organization_that_is_not_there_stays() -> None:
    data = Data(
        people={"anna": Person(id="anna", name="Anna")},
        deals={"d1": Deal(id="d1", title="t", org="ghost", person="anna")},
        activities={
            "a1": Activity(id="a1", subject="s", deal="d1", person="anna"),
            "a2": Activity(id="a2", subject="s", deal="d9", person="anna"),
        },
    )
    assert cascade("people", ["anna"], data, SETTINGS) == Removal(
        removed=[("people", "anna")],
        unlinked=[
            ("deals", "d1", "person"),
            ("activities", "a1", "person"),
            ("activities", "a2", "person"),
        ],
    )


def test_a_custom_link_takes_nothing_along_whatever_its_name() -> None:
    book = Settings(fields={"people": {"deal": Field("deal", FieldType.LINK, link="deals")}})
    data = Data(
        people={"ben": Person(id="ben", name="Ben", custom={"deal": "d1"})},
        deals={"d1": Deal(id="d1", title="t")},
    )
    assert cascade("deals", ["d1"], data, book) == Removal(
        removed=[("deals", "d1")], unlinked=[("people", "ben", "deal")]
    )


@settings(max_examples=50, deadline=None)
@given(_WINS, _WINS)
def test_membership_is_the_difference_of_the_accounts(before: Data, after: Data) -> None:
    became, ceased = members(before, after)
    assert {org.id for org in became} == won_counts(after).keys() - won_counts(before).keys()
    assert {org.id for org in ceased} == won_counts(before).keys() - won_counts(after).keys()


@settings(max_examples=60, deadline=None)
@given(_WINS, st.sampled_from(DEAL_IDS))
def test_a_won_deal_makes_its_organization_an_account(data: Data, chosen: str) -> None:
    if chosen not in data.deals:
        return
    deal = data.deals[chosen]
    sold = _with(data, "deals", {**data.deals, chosen: structs.replace(deal, status="won")})
    org = org_of(deal, data)
    became, ceased = members(data, sold)
    assert [each.id for each in became] == ([] if org is None or org in won_counts(data) else [org])
    assert ceased == []


def _with(data: Data, kind: KindName, records: dict[str, Any]) -> Data:
    return structs.replace(data, **{kind: records})


def _after(data: Data, removal: Removal) -> Data:
    """The book without what is removed and without the links that are unset."""
    removed = set(removal.removed)
    kept: dict[KindName, dict[str, Record]] = {
        kind: {key: record for key, record in data.of(kind).items() if (kind, key) not in removed}
        for kind in KIND_NAMES
    }
    for kind, key, name in removal.unlinked:
        record = kept[kind][key]
        kept[kind][key] = (
            structs.replace(record, custom={})
            if name in record.custom
            else structs.replace(record, **{name: None})
        )
    for kind, records in kept.items():
        data = _with(data, kind, records)
    return data


def _dangling(data: Data) -> set[tuple[str, str, str]]:
    return {
        (kind, record.id, name)
        for kind, record, name, target_kind, target in all_links(data, SETTINGS)
        if target not in data.of(target_kind)
    }


@settings(max_examples=100, deadline=None)
@given(books(), st.data())
def test_after_a_removal_no_link_dangles_that_did_not_before(
    data: Data, draw: st.DataObject
) -> None:
    everything = [(kind, key) for kind in KIND_NAMES for key in data.of(kind)]
    if not everything:
        return
    kind, key = draw.draw(st.sampled_from(everything))
    removal = cascade(kind, [key], data, SETTINGS)
    assert removal.removed[0] == (kind, key)
    assert len(set(removal.removed)) == len(removal.removed)
    after = _after(data, removal)
    assert _dangling(after) <= _dangling(data)
    gone = set(removal.removed)
    for each in KIND_NAMES:
        for record in data.of(each).values():
            had = org_of(record, data)
            # With an organization goes all that belongs to it, though a person may lead elsewhere.
            if kind == "orgs" and had == key:
                assert (each, record.id) in gone
            elif (each, record.id) in gone:
                assert kind != "orgs" or had is None
                assert (each, record.id) == (kind, key) or org_of(record, after) is None
            elif had is not None and not _dangling(data):
                assert org_of(after.of(each)[record.id], after) is not None


def _employer_left() -> tuple[Data, Data]:
    """A book before and after Anna goes from acme to beta, and all that she is linked to."""
    before = Data(
        orgs={key: Org(id=key, name=key) for key in ("acme", "beta")},
        people={
            "anna": Person(id="anna", name="Anna", org="acme"),
            "ben": Person(id="ben", name="Ben", org="acme"),
        },
        deals={
            "d1": Deal(id="d1", title="t", person="anna"),
            "d2": Deal(id="d2", title="t", org="beta", person="anna"),
            "d3": Deal(id="d3", title="t", person="ben"),
        },
        activities={
            "a1": Activity(id="a1", subject="s", person="anna"),
            "a2": Activity(id="a2", subject="s", deal="d1"),
            "a3": Activity(id="a3", subject="s", deal="d3", person="anna"),
            "a4": Activity(id="a4", subject="s"),
        },
        notes={"n1": Note(id="n1", content="c", deal="d1", person="ben")},
        files={
            "f1": File(id="f1", name="n", person="anna"),
            "f2": File(id="f2", name="n", org="ghost", person="anna"),
        },
    )
    people = {**before.people, "anna": Person(id="anna", name="Anna", org="beta")}
    return before, _with(before, "people", people)


def test_who_changes_employer_takes_nothing_along() -> None:
    before, after = _employer_left()
    assert left({"anna"}, before, after) == [
        ("deals", "d1", "acme"),
        ("activities", "a1", "acme"),
        ("activities", "a2", "acme"),
        ("notes", "n1", "acme"),
        ("files", "f1", "acme"),
    ]
    assert left(set(), before, after) == []
    assert left({"cleo"}, before, after) == []
    assert left({"anna"}, after, after) == []


def test_who_leaves_for_no_organization_takes_nothing_along_either() -> None:
    before, after = _employer_left()
    gone = _with(after, "people", {**after.people, "anna": Person(id="anna", name="Anna")})
    assert left({"anna"}, before, gone) == [
        ("deals", "d1", "acme"),
        ("activities", "a1", "acme"),
        ("activities", "a2", "acme"),
        ("files", "f1", "acme"),  # and the note is at acme still, through Ben
    ]


def test_what_is_new_or_was_nowhere_or_whose_organization_is_gone_goes_along() -> None:
    before, after = _employer_left()
    fresh = {**after.notes, "n9": Note(id="n9", content="c", person="anna")}
    assert left({"anna"}, before, _with(after, "notes", fresh)) == left({"anna"}, before, after)
    assert left({"anna"}, before, _with(after, "orgs", {"beta": after.orgs["beta"]})) == []
    nowhere = _with(before, "people", {"anna": Person(id="anna", name="Anna")})
    assert left({"anna"}, nowhere, after) == []


def test_the_organization_to_store_is_the_one_a_record_reaches() -> None:
    data, _ = _employer_left()
    assert resolved_org(data.deals["d1"], data) == {"org": "acme"}
    assert resolved_org(data.activities["a2"], data) == {"org": "acme"}
    assert resolved_org(data.deals["d2"], data) == {}  # it names one
    assert resolved_org(data.files["f2"], data) == {}  # it names one that is not there
    assert resolved_org(data.activities["a4"], data) == {}
    assert resolved_org(data.orgs["acme"], data) == {}
    assert resolved_org(data.people["anna"], data) == {}
    assert resolved_org(Person(id="cleo", name="Cleo"), data) == {}


@settings(max_examples=60, deadline=None)
@given(books())
def test_what_is_resolved_keeps_every_record_where_it_is(data: Data) -> None:
    for kind in KIND_NAMES:
        for record in data.of(kind).values():
            changes = resolved_org(record, data)
            kept = structs.replace(record, **changes)
            assert org_of(kept, data) == org_of(record, data)
            assert resolved_org(kept, data) == {}


_MOVES = st.dictionaries(st.sampled_from(PERSON_IDS), st.sampled_from([None, *ORG_IDS, GHOST]))


@settings(max_examples=200, deadline=None)
@given(books(), _MOVES, st.frozensets(st.sampled_from(ORG_IDS), max_size=1))
def test_after_people_moved_every_record_belongs_where_it_did(
    data: Data, moves: dict[str, str | None], gone: frozenset[str]
) -> None:
    people = {
        key: structs.replace(person, org=moves.get(key, person.org))
        for key, person in data.people.items()
    }
    movers = {key for key, person in people.items() if person.org != data.people[key].org}
    orgs = {key: org for key, org in data.orgs.items() if key not in gone}
    after = _with(_with(data, "people", people), "orgs", orgs)
    stored = after
    for kind, key, org in left(movers, data, after):
        record = after.of(kind)[key]
        assert record == data.of(kind)[key]
        assert getattr(record, "org", None) is None
        assert org_of(record, after) != org == org_of(record, data)
        kept = {**stored.of(kind), key: structs.replace(record, org=org)}
        stored = _with(stored, kind, kept)
    for kind in ("deals", "activities", "notes", "files"):
        for key, record in data.of(kind).items():
            had = org_of(record, data)
            if had in orgs:
                assert org_of(stored.of(kind)[key], stored) == had
    assert left(movers, data, stored) == []


def test_what_a_removed_person_led_to_does_not_go_to_another_organization() -> None:
    before = Data(
        orgs={"x": Org(id="x", name="X"), "y": Org(id="y", name="Y")},
        people={"p": Person(id="p", name="P", org="x"), "q": Person(id="q", name="Q", org="y")},
        deals={"d": Deal(id="d", title="D", person="p")},
        activities={"a": Activity(id="a", subject="A", deal="d", person="q")},
    )
    after = Data(
        orgs=before.orgs,
        people={"q": before.people["q"]},
        activities={"a": Activity(id="a", subject="A", person="q")},
    )
    assert left({"p"}, before, after) == [("activities", "a", "x")]
