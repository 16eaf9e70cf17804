from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.kinds import KIND_NAMES, KINDS, Field, FieldType
from acctcli.core.model.records import Raw, Settings
from acctcli.core.model.settings import Health
from acctcli.core.settings.reader import read_settings

if TYPE_CHECKING:
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.kinds import KindName

RAWS = st.recursive(
    st.none() | st.text(max_size=6) | st.sampled_from(["1", "7", "EUR", "text", "orgs"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["orgs", "soon", "later", "one_of", "link"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
KEYS = [
    *("format", "currency", "timezone", "contact_types", "activity_types", "buckets", "tiers"),
    *("health", "playbooks", "views", "holidays", "business_days", "fields", "new_records"),
]


def only(**raw: Raw) -> Problem:
    """The one problem; what it is about has stayed at its default."""
    read, problems = read_settings(raw)
    assert read == Settings()
    (problem,) = problems
    return problem


def declared(wanted: Raw, name: str = "own") -> Field:
    read, problems = read_settings({"fields": {"orgs": {name: wanted}}})
    assert problems == []
    return read.fields["orgs"][name]


def refused(wanted: Raw, name: str = "own") -> Problem:
    problem = only(fields={"orgs": {name: wanted}})
    assert problem.level == "error"
    return problem


def test_nothing_said_is_the_default() -> None:
    assert read_settings({}) == (Settings(), [])
    assert read_settings(dict.fromkeys(KEYS)) == (Settings(), [])


def test_everything_said() -> None:
    read, problems = read_settings(
        {
            "format": "1",
            "currency": "EUR",
            "timezone": "Europe/Rome",
            "contact_types": ["call", "visit"],
            "buckets": {"soon": "3", "later": "14"},
            "fields": {
                "orgs": {"vat_number": "text", "segment": {"one_of": ["A", "B"]}},
                "deals": {"seats": "number"},
                "notes": None,
                "files": {},
            },
            "new_records": {"deals": "deals/{year}.yaml", "orgs": "orgs.yaml"},
        }
    )
    assert problems == []
    assert read == Settings(
        currency="EUR",
        timezone="Europe/Rome",
        contact_types=("call", "visit"),
        soon=3,
        later=14,
        fields={
            "orgs": {
                "vat_number": Field("vat_number", FieldType.TEXT),
                "segment": Field("segment", FieldType.ONE_OF, choices=("A", "B")),
            },
            "deals": {"seats": Field("seats", FieldType.NUMBER)},
        },
        new_records={"deals": "deals/{year}.yaml", "orgs": "orgs.yaml"},
    )


@settings(max_examples=100)
@given(raw=st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), RAWS, max_size=6))
def test_any_mapping_gives_settings_that_hold_the_rules(raw: dict[str, Raw]) -> None:
    read, problems = read_settings(raw)
    assert all(problem.field is not None for problem in problems)
    assert 2 <= read.soon < read.later
    for kind, fields in read.fields.items():
        for name, field in fields.items():
            assert field.name == name
            assert KINDS[kind].field(name) is None


def test_no_contact_types_at_all_can_be_said() -> None:
    assert read_settings({"contact_types": []})[0].contact_types == ()
    assert read_settings({"contact_types": "call"})[0].contact_types == ("call",)


def test_a_newer_format_is_the_only_problem() -> None:
    read, problems = read_settings({"format": "2", "sorcery": "yes", "currency": {"new": "way"}})
    assert read == Settings(format=2)
    (problem,) = problems
    assert (problem.id, problem.field, problem.level) == ("newer-format", "format", "error")
    assert problem.message == 'format: "2" is newer than this acctcli, which knows format 1'
    assert problem.hint


@pytest.mark.parametrize("value", ["0", "one", "1.0", ""])
def test_a_format_that_never_was(value: str) -> None:
    problem = only(format=value)
    assert (problem.id, problem.field) == ("bad-value", "format")
    assert f'"{value}"' in problem.message


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("currency", "EURO", "unknown-currency"),
        ("currency", ["EUR"], "bad-type"),
        ("timezone", {"name": "Europe/Rome"}, "bad-type"),
        ("contact_types", {"call": "yes"}, "bad-type"),
        ("contact_types", [["call"]], "bad-type"),
        ("format", ["1"], "bad-type"),
        ("buckets", "soon", "bad-type"),
        ("buckets", ["2", "7"], "bad-type"),
        ("fields", "vat_number", "bad-type"),
        ("new_records", "deals.yaml", "bad-type"),
    ],
)
def test_a_wrong_value_is_an_error_at_its_key(key: str, value: Raw, name: str) -> None:
    problem = only(**{key: value})
    assert (problem.id, problem.field, problem.level) == (name, key, "error")
    assert problem.message.startswith(f"{key}: ")
    assert problem.hint


def test_a_shape_that_is_wrong_is_named() -> None:
    assert (
        only(buckets=["2"]).message == "buckets: a list stands where keys and values are expected"
    )
    assert only(fields="x").message == "fields: a text stands where keys and values are expected"
    assert only(fields={"orgs": "x"}).field == "fields.orgs"


@pytest.mark.parametrize(
    ("raw", "path", "near"),
    [
        ({"curency": "EUR"}, "curency", "currency"),
        ({"buckets": {"latr": "7"}}, "buckets.latr", "later"),
        ({"fields": {"org": {"a": "text"}}}, "fields.org", "orgs"),
        ({"new_records": {"deal": "deals.yaml"}}, "new_records.deal", "deals"),
    ],
)
def test_an_unknown_key_is_a_warning_with_the_nearest(
    raw: dict[str, Raw], path: str, near: str
) -> None:
    problem = only(**raw)
    assert (problem.id, problem.level, problem.field) == ("unknown-key", "warning", path)
    assert problem.message == f'"{path}" is not a setting'
    assert problem.hint is not None
    assert problem.hint.startswith(f'did you mean "{near}"? there are ')


def test_an_unknown_key_far_from_all() -> None:
    assert only(sorcery="yes").hint == f"there are {', '.join(KEYS)}"


@pytest.mark.parametrize(
    ("bounds", "soon", "later"),
    [
        ({"soon": "3"}, 3, 7),
        ({"later": "30"}, 2, 30),
        ({"soon": "2", "later": "3"}, 2, 3),
    ],
)
def test_bounds_of_buckets(bounds: dict[str, Raw], soon: int, later: int) -> None:
    read, problems = read_settings({"buckets": bounds})
    assert (read.soon, read.later, problems) == (soon, later, [])


@pytest.mark.parametrize(
    ("bounds", "path", "message"),
    [
        ({"soon": "1"}, "buckets.soon", 'buckets.soon: "1" is not 2 days or more ahead'),
        ({"later": "2"}, "buckets.later", 'buckets.later: "2" is not later than soon, "2"'),
        ({"soon": "7"}, "buckets.later", 'buckets.later: "7" is not later than soon, "7"'),
        ({"soon": "x", "later": "9"}, "buckets.soon", 'buckets.soon: "x" is not a whole number'),
        ({"later": "-1"}, "buckets.later", 'buckets.later: "-1" is not a whole number'),
    ],
)
def test_bounds_that_make_no_sense(bounds: dict[str, Raw], path: str, message: str) -> None:
    problem = only(buckets=bounds)
    assert (problem.id, problem.field, problem.message) == ("bad-value", path, message)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ("text", Field("own", FieldType.TEXT)),
        ("list of text", Field("own", FieldType.TEXTS)),
        ("money", Field("own", FieldType.AMOUNT)),
        ("date", Field("own", FieldType.DATE)),
        ("time", Field("own", FieldType.TIME)),
        ("timestamp", Field("own", FieldType.STAMP)),
        ("duration", Field("own", FieldType.DURATION)),
        ("yes-no", Field("own", FieldType.YES_NO)),
        ("number", Field("own", FieldType.NUMBER)),
        ("whole number", Field("own", FieldType.INTEGER)),
        ({"one_of": ["A", "B"]}, Field("own", FieldType.ONE_OF, choices=("A", "B"))),
        ({"some_of": ["A", "B"]}, Field("own", FieldType.SOME_OF, choices=("A", "B"))),
        ({"one_of": "A"}, Field("own", FieldType.ONE_OF, choices=("A",))),
        ({"link": "deals"}, Field("own", FieldType.LINK, link="deals")),
    ],
)
def test_types_of_custom_fields(wanted: Raw, field: Field) -> None:
    assert declared(wanted) == field


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_link_may_lead_to_every_kind(kind: KindName) -> None:
    assert declared({"link": kind}).link == kind


def test_an_unknown_type_is_named_with_the_nearest() -> None:
    problem = refused("moeny")
    assert (problem.id, problem.field) == ("bad-field-type", "fields.orgs.own")
    assert problem.message == 'fields.orgs.own: "moeny" is not a type of field'
    assert problem.hint is not None
    assert problem.hint.startswith('did you mean "money"? write a type, such as text (text, ')
    far = refused("hexadecimal")
    assert far.hint is not None
    assert far.hint.startswith("write a type, such as text (text, ")


@pytest.mark.parametrize(
    "wanted", [None, ["A", "B"], {}, {"one_off": ["A"]}, {"one_of": ["A"], "link": "orgs"}]
)
def test_a_field_without_a_type(wanted: Raw) -> None:
    problem = refused(wanted)
    assert (problem.id, problem.field) == ("bad-field-type", "fields.orgs.own")
    assert problem.message == "fields.orgs.own: no type of field stands here"


@pytest.mark.parametrize("wanted", [{"one_of": []}, {"some_of": None}, {"link": None}])
def test_a_type_that_lacks_what_it_needs(wanted: dict[str, Raw]) -> None:
    (shape,) = wanted
    problem = refused(wanted)
    assert (problem.id, problem.field) == ("bad-field-type", f"fields.orgs.own.{shape}")


def test_a_type_that_has_what_it_cannot_use() -> None:
    problem = refused({"link": "org"})
    assert (problem.id, problem.field) == ("bad-choice", "fields.orgs.own.link")
    assert problem.hint is not None
    assert problem.hint.startswith('did you mean "orgs"?')
    problem = refused({"one_of": [["A"]]})
    assert (problem.id, problem.field) == ("bad-type", "fields.orgs.own.one_of")


def test_a_custom_field_may_not_take_a_built_in_name() -> None:
    problem = refused("text", "owner")
    assert (problem.id, problem.field) == ("built-in-field", "fields.orgs.owner")
    assert problem.message == 'fields.orgs.owner: "owner" is a built-in field of orgs'
    assert declared("text", "title").name == "title"  # a field of deals only


@pytest.mark.parametrize("name", ["vat_number", "Deal size (k€)", "größe", "a", "東京", "x" * 64])
def test_names_of_custom_fields(name: str) -> None:
    assert declared("text", name).name == name


@pytest.mark.parametrize("name", ["", " a", "a ", "a=b", "a,b", "a.b", "a\nb", "x" * 65])
def test_names_that_no_custom_field_may_have(name: str) -> None:
    problem = refused("text", name)
    assert (problem.id, problem.field) == ("bad-field-name", f"fields.orgs.{name}")


def test_one_bad_field_leaves_the_others() -> None:
    read, problems = read_settings({"fields": {"orgs": {"a": "text", "b": "txet"}}})
    assert list(read.fields["orgs"]) == ["a"]
    assert [problem.field for problem in problems] == ["fields.orgs.b"]


@pytest.mark.parametrize(
    "file", ["deals.yaml", "deals/new.yaml", "deals/{year}.yaml", "deals/{year}/in ö.yaml"]
)
def test_files_for_new_records(file: str) -> None:
    read, problems = read_settings({"new_records": {"deals": file}})
    assert (read.new_records, problems) == ({"deals": file}, [])


@pytest.mark.parametrize(
    "file",
    [
        "",
        "orgs.yaml",
        "new.yaml",
        "deals",
        "deals/new.txt",
        "deals/../orgs.yaml",
        "deals/./new.yaml",
        "deals//new.yaml",
        "deals/.new.yaml",
        "/deals/new.yaml",
        "deals/{month}.yaml",
        "deals/{year.yaml",
        "deals\\new.yaml",
        "deals/a\nb.yaml",
    ],
)
def test_files_that_are_not_read_or_not_in_the_book(file: str) -> None:
    problem = only(new_records={"deals": file})
    assert (problem.id, problem.field) == ("bad-value", "new_records.deals")
    assert problem.hint == "write deals.yaml or a file below deals/, such as deals/{year}.yaml"


def test_a_file_for_new_records_is_one_text() -> None:
    assert only(new_records={"deals": ["deals.yaml"]}).id == "bad-type"


def test_health_as_it_is_said() -> None:
    read, problems = read_settings(
        {"health": {"weights": {"wins": "5", "contact": "10"}, "healthy": "80", "watch": "50"}}
    )
    assert problems == []
    assert read.health == Health(weights={"contact": 10, "wins": 5}, healthy=80, watch=50)
    assert list(read.health.weights) == ["contact", "wins"]
    assert read_settings({"health": {"watch": None, "healthy": "41"}})[0].health.healthy == 41
    assert read_settings({"health": {"weights": {"wins": "1", "contact": None}}}) == (
        Settings(health=Health(weights={"wins": 1})),
        [],
    )
    assert read_settings({"health": {"healthy": "100", "watch": "99"}})[1] == []


@pytest.mark.parametrize(
    ("given", "name", "field", "message"),
    [
        ("high", "bad-type", "health", "a text stands where"),
        ({"weights": ["wins"]}, "bad-type", "health.weights", "a list stands where"),
        ({"weights": {}}, "bad-value", "health.weights", "nothing counts"),
        ({"weights": {"wins": None}}, "bad-value", "health.weights", "nothing counts"),
        (
            {"weights": {"wins": "1", "contacts": "3"}},
            "unknown-input",
            "health.weights.contacts",
            '"contacts" is no input of health',
        ),
        ({"weights": {"wins": "0"}}, "bad-value", "health.weights.wins", '"0" is no weight'),
        ({"weights": {"wins": "101"}}, "bad-value", "health.weights.wins", '"101" is no weight'),
        ({"weights": {"wins": "1.5"}}, "bad-value", "health.weights.wins", '"1.5" is not a whole'),
        ({"weights": {"wins": ["1"]}}, "bad-type", "health.weights.wins", ""),
        ({"healthy": "high"}, "bad-value", "health.healthy", '"high" is not a whole'),
        ({"healthy": "101"}, "bad-value", "health.healthy", '"101" is no number of points'),
        ({"healthy": "0"}, "bad-value", "health.healthy", '"0" is no number of points'),
        ({"watch": "0"}, "bad-value", "health.watch", '"0" is not above 0'),
        (
            {"watch": "70"},
            "bad-value",
            "health.watch",
            '"70" is not above 0 and below healthy, "70"',
        ),
        ({"healthy": "40"}, "bad-value", "health.watch", '"40" is not above 0'),
    ],
)
def test_a_health_that_cannot_be(given: Raw, name: str, field: str, message: str) -> None:
    problem = only(health=given)
    assert (problem.id, problem.field, problem.level) == (name, field, "error")
    assert problem.message.startswith(f"{field}: ")
    assert message in problem.message
    assert problem.hint


def test_inputs_that_are_not_known_are_corrected_when_one_is_near() -> None:
    assert only(health={"weights": {"contacts": "3"}}).hint == (
        'did you mean "contact"? there are contact, overdue, next_step, wins, open_value'
    )
    assert only(health={"weights": {"weather": "3"}}).hint == (
        "there are contact, overdue, next_step, wins, open_value"
    )


def test_a_key_of_health_that_is_not_known_is_a_warning() -> None:
    problem = only(health={"helthy": "80"})
    assert (problem.id, problem.level, problem.field) == ("unknown-key", "warning", "health.helthy")
    assert problem.hint == 'did you mean "healthy"? there are weights, healthy, watch'
