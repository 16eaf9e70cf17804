from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model import schema
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import (
    KIND_NAMES,
    KINDS,
    Field,
    FieldType,
    Kind,
    KindName,
)
from acctcli.core.model.records import (
    TYPES,
    Activity,
    Deal,
    Org,
    RawRecord,
    Record,
)
from acctcli.core.model.schema import (
    as_dict,
    differing,
    field_of,
    read_record,
    to_raw,
    unknown_keys,
)

if TYPE_CHECKING:
    from acctcli.core.model.errors import Problem

# The keys of docs/rules.md, written out a second time: none slips in or out unseen.
KEYS: dict[KindName, str] = {
    "orgs": "id name parent owner labels tier address website phone industry",
    "people": "id name org owner labels emails phones job_title",
    "deals": "id title org person owner labels value currency status stage pipeline probability"
    " won_time lost_time lost_reason expected_close_date mrr arr acv renewal_date term archived",
    "activities": "id subject type org deal person owner due_date due_time duration done done_time"
    " note location repeat from until playbook run step wait",
    "notes": "id content org deal person owner pinned",
    "files": "id name path url size sha256 org deal person owner",
}
CLOSING = ["add_time", "source", "external_id"]
CUSTOM = {
    "segment": Field("segment", FieldType.ONE_OF, choices=("A", "B")),
    "tags": Field("tags", FieldType.SOME_OF, choices=("x", "y")),
    "price": Field("price", FieldType.AMOUNT),
    "partner": Field("partner", FieldType.LINK, link="orgs"),
}
LEAVES = st.none() | st.text(max_size=8) | st.sampled_from(["acme", "12.5", "EUR 1", "2026-03-02"])
RAWS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def names(kind: Kind) -> st.SearchStrategy[str]:
    known = [field.name for field in kind.fields]
    return st.sampled_from([*known, *CUSTOM]) | st.text(max_size=6)


def read(kind: KindName, **raw: object) -> Record:
    record, problems = read_record(KINDS[kind], raw, CUSTOM)  # type: ignore[arg-type] # raw values
    assert problems == []
    assert record is not None
    return record


def faults(kind: KindName, raw: RawRecord) -> list[Problem]:
    record, problems = read_record(KINDS[kind], raw, CUSTOM)
    assert record is None
    return problems


def test_a_whole_deal() -> None:
    assert read(
        "deals",
        id="d7k2m9x4q",
        title="ERP rollout",
        org="acme",
        person="anna-rossi",
        owner="anna@example.com",
        labels=["red", "blue"],
        value="12500.00",
        currency="EUR",
        status="won",
        probability="62.5",
        won_time="2026-03-02",
        lost_reason=None,
        expected_close_date="2026-03-31",
        archived="yes",
        add_time="2026-03-01T09:00:00Z",
    ) == Deal(
        id="d7k2m9x4q",
        title="ERP rollout",
        org="acme",
        person="anna-rossi",
        owner="anna@example.com",
        labels=("red", "blue"),
        value=Decimal("12500.00"),
        currency="EUR",
        status="won",
        probability=Decimal("62.5"),
        won_time=dt.date(2026, 3, 2),
        expected_close_date=dt.date(2026, 3, 31),
        archived=True,
        add_time=dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC),
    )


def test_an_activity_with_its_time_of_day() -> None:
    record = read("activities", id="a1", subject="Call", due_date="2026-03-02", due_time="09:30")
    assert record == Activity(
        id="a1", subject="Call", due_date=dt.date(2026, 3, 2), due_time=dt.time(9, 30)
    )


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_record_needs_an_id_and_a_label_and_no_more(kind: Kind) -> None:
    record = read(kind.name, id="x1", **{kind.label: "null"})
    assert record == TYPES[kind.name](id="x1", **{kind.label: "null"})  # type: ignore[arg-type] # its label


def test_what_is_unset_is_as_the_record_has_it() -> None:
    record = read("deals", id="d1", title="ERP", status=None, archived=None, labels=None)
    assert record == Deal(id="d1", title="ERP", status="open", archived=False, labels=())


def test_custom_fields_that_are_set() -> None:
    record = read(
        "orgs", id="acme", name="Acme", segment="A", tags=["y"], price="JPY 1200", partner=None
    )
    assert record == Org(
        id="acme",
        name="Acme",
        custom={"segment": "A", "tags": ("y",), "price": {"JPY": Decimal(1200)}},
    )


def test_records_without_custom_fields_do_not_share_a_dictionary() -> None:
    first, second = read("orgs", id="a", name="A"), read("orgs", id="b", name="B")
    assert first.custom == {}
    assert first.custom is not second.custom


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("empty", [None, "", " \t"])
def test_an_empty_id_or_label_is_missing(kind: Kind, empty: str | None) -> None:
    problems = faults(kind.name, {"id": empty, kind.label: empty})
    assert [(problem.id, problem.field) for problem in problems] == [
        ("missing-field", "id"),
        ("missing-field", kind.label),
    ]
    assert {(problem.kind, problem.record) for problem in problems} == {(kind.name, None)}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("empty", [None, "", " \t"])
def test_an_empty_label_alone_is_missing(kind: Kind, empty: str | None) -> None:
    (problem,) = faults(kind.name, {"id": "x1", kind.label: empty})
    assert (problem.id, problem.field, problem.record) == ("missing-field", kind.label, "x1")


def test_a_missing_field_says_what_to_write() -> None:
    (problem,) = faults("deals", {"id": "d1"})
    assert problem.message == '"title" is missing or empty'
    assert problem.hint == "give the deal one, such as title: ERP rollout"
    assert problem.record == "d1"
    (problem,) = faults("orgs", {"name": "Acme"})
    assert problem.hint == "give the organization one, such as id: acme"
    (problem,) = faults("notes", {"content": "Likes tea"})
    assert problem.hint == "give the note one, such as id: n7k2m9x4q"


def test_all_problems_of_a_record_are_told_in_the_order_of_its_fields() -> None:
    problems = faults(
        "deals",
        {
            "segment": "C",
            "status": "wom",
            "currency": "EURO",
            "value": "12,500",
            "won_time": "2026-13-45",
            "owner": ["Anna"],
            "org": {"id": "acme"},
            "title": "ERP",
            "id": "d1",
        },
    )
    assert [(problem.field, problem.id, problem.message) for problem in problems] == [
        ("org", "bad-type", "org: a mapping stands where one text is expected"),
        ("owner", "bad-type", "owner: a list stands where one text is expected"),
        ("value", "bad-value", 'value: "12,500" is not an amount'),
        ("currency", "unknown-currency", 'currency: "EURO" is not a currency of ISO 4217'),
        ("status", "bad-choice", 'status: "wom" is not one of open, won, lost'),
        ("won_time", "bad-date", 'won_time: "2026-13-45" is not a day of the calendar'),
        ("segment", "bad-choice", 'segment: "C" is not one of A, B'),
    ]
    assert {(problem.kind, problem.record, problem.level) for problem in problems} == {
        ("deals", "d1", "error")
    }


@pytest.mark.parametrize("bad", ["a b", ["acme"], "a" * 65])
def test_an_id_that_is_none_is_not_given_as_the_record(bad: str | list[str]) -> None:
    (problem,) = faults("orgs", {"id": bad, "name": "Acme"})  # type: ignore[dict-item] # list of str
    assert (problem.field, problem.record) == ("id", None)


def test_a_label_that_is_a_list_is_of_a_bad_type() -> None:
    (problem,) = faults("orgs", {"id": "acme", "name": ["Acme"]})
    assert (problem.id, problem.field) == ("bad-type", "name")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(max_examples=60)
@given(data=st.data())
def test_any_mapping_gives_a_record_or_an_error(kind: Kind, data: st.DataObject) -> None:
    raw = data.draw(st.dictionaries(names(kind), RAWS, max_size=8))
    if data.draw(st.booleans()):
        raw |= {"id": "acme", kind.label: "Acme"}
    record, problems = read_record(kind, raw, CUSTOM)
    assert (record is None) == any(problem.level == "error" for problem in problems)
    for problem in problems:
        assert problem.kind == kind.name
        assert problem.field in raw or problem.id == "missing-field"


@settings(max_examples=40)
@given(extra=st.dictionaries(st.text(max_size=6), RAWS, max_size=5))
def test_unknown_keys_are_never_an_error(extra: dict[str, str]) -> None:
    kind = KINDS["orgs"]
    unknown = {key: raw for key, raw in extra.items() if kind.field(key) is None}
    raw = {**unknown, "id": "acme", "name": "Acme"}
    assert read_record(kind, raw, {}) == (Org(id="acme", name="Acme"), [])
    problems = unknown_keys(kind, raw, {})
    assert [problem.field for problem in problems] == list(unknown)
    assert all(problem.level == "warning" for problem in problems)


def test_an_unknown_key_is_named_with_the_nearest_known_one() -> None:
    raw: RawRecord = {"id": "d1", "onwer": "Anna", "segmnt": "A", "shoe_size": "42", "tags": []}
    first, second, third = unknown_keys(KINDS["deals"], raw, CUSTOM)
    assert (first.id, first.level, first.kind, first.record, first.field) == (
        "unknown-key",
        "warning",
        "deals",
        "d1",
        "onwer",
    )
    assert first.message == '"onwer" is not a field of deals'
    assert first.hint == 'did you mean "owner"? declare own fields under fields: in acctcli.yaml'
    assert second.hint is not None
    assert second.hint.startswith('did you mean "segment"?')
    assert third.hint == "declare own fields under fields: in acctcli.yaml"


def test_a_field_is_found_by_its_name() -> None:
    assert field_of(KINDS["deals"], "value", CUSTOM) == Field("value", FieldType.MONEY)
    assert field_of(KINDS["deals"], "price", CUSTOM) is CUSTOM["price"]
    with pytest.raises(InvalidInputError) as caught:
        field_of(KINDS["deals"], "onwer", CUSTOM)
    (problem,) = caught.value.problems
    assert (problem.id, problem.kind, problem.field) == ("unknown-field", "deals", "onwer")
    assert problem.message == '"onwer" is not a field of deals'
    assert problem.hint == 'did you mean "owner"? declare own fields under fields: in acctcli.yaml'


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_dictionary_has_every_key_in_order(kind: KindName) -> None:
    record = read(kind, id="x1", segment="A", **{KINDS[kind].label: "Acme"})
    shown = as_dict(record, KINDS[kind], CUSTOM)
    assert list(shown) == [*KEYS[kind].split(), *CLOSING, "custom_fields"]
    assert shown["id"] == "x1"
    assert shown["custom_fields"] == {
        "segment": "A",
        "tags": None,
        "price": None,
        "partner": None,
    }
    assert as_dict(record, KINDS[kind], {})["custom_fields"] == {}


def test_what_is_unset_in_a_dictionary() -> None:
    shown = as_dict(read("deals", id="d1", title="ERP"), KINDS["deals"], {})
    assert shown["labels"] == ()
    assert shown["archived"] is False
    assert shown["status"] == "open"
    assert shown["value"] is None


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_record_written_and_read_is_the_same(kind: KindName) -> None:
    texts = {
        FieldType.TEXTS: "one",
        FieldType.MONEY: "12500.00",
        FieldType.CURRENCY: "EUR",
        FieldType.DATE: "2026-03-02",
        FieldType.TIME: "09:30",
        FieldType.STAMP: "2026-03-02T09:30:00+02:00",
        FieldType.DURATION: "1:30",
        FieldType.SPAN: "12m",
        FieldType.DELAY: "5bd",
        FieldType.REPEAT: "every 3 months",
        FieldType.YES_NO: "true",
        FieldType.INTEGER: "42",
        FieldType.NUMBER: "12.5",
    }
    fields = KINDS[kind].fields
    given = {
        field.name: field.choices[-1] if field.choices else texts.get(field.type, field.name)
        for field in fields
    }
    first = read(kind, **given)
    written = {field.name: to_raw(field, getattr(first, field.attribute)) for field in fields}
    assert read(kind, **written) == first


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@given(data=st.data())
def test_changes_differ_where_the_record_would_be_another(kind: Kind, data: st.DataObject) -> None:
    fields = st.dictionaries(names(kind), RAWS, max_size=4)
    raw: RawRecord = {"id": "x1", kind.label: "Acme", **data.draw(fields)}
    record, _ = read_record(kind, raw, CUSTOM)
    if record is None:
        return
    same = st.sampled_from([dict([pair]) for pair in raw.items()])
    changes: RawRecord = data.draw(fields) | data.draw(same)
    found = differing(kind, record, changes, CUSTOM)
    assert found.items() <= changes.items()
    full = {**raw, **changes}
    after, _ = read_record(kind, {key: full[key] for key in full if full[key] is not None}, CUSTOM)
    known = {field.name for field in kind.fields} | CUSTOM.keys()
    assert (after == record) == (not found.keys() & known)
    assert changes.keys() - known <= found.keys()


def test_what_is_like_that_already_is_no_difference() -> None:
    deal = read("deals", id="d1", title="ERP", value="5", currency="EUR", segment="A")
    same = {"value": "5.00", "status": "open", "stage": None, "done": None, "segment": "A"}
    kind = KINDS["deals"]
    assert differing(kind, deal, same, CUSTOM) == {"done": None}
    other = {"value": "5.01", "status": "won", "stage": "x", "segment": None, "title": None}
    assert differing(kind, deal, {**same, **other}, CUSTOM) == {**other, "done": None}
    assert differing(kind, deal, {"value": "much", "id": None}, CUSTOM) == {
        "value": "much",
        "id": None,
    }


def test_the_module_gives_what_it_says() -> None:
    assert all(hasattr(schema, name) for name in schema.__all__)
