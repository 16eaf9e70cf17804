from __future__ import annotations

import pytest

from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.records import Raw, Settings
from acctcli.exchange.import_map import CLOSE_TIME, ImportMap, LinkRule, read_map

SETTINGS = Settings(
    fields={
        "deals": {
            "region": Field("region", FieldType.ONE_OF, choices=("North", "South")),
            "follows": Field("follows", FieldType.LINK, link="deals"),
        }
    }
)
WHOLE: dict[str, Raw] = {
    "kind": "deals",
    "source": "shop",
    "key": "number",
    "columns": {"who": "owner", "what": "title", "customer": "org", "state": "status"},
    "values": {"status": {"Won": "won", "Lost": "lost", "?": None}},
    "defaults": {"currency": "USD", "labels": ["new", "shop"]},
    "dates": "%d/%m/%Y",
    "encoding": "cp1252",
    "delimiter": ";",
    "links": {"org": {"match": "name", "create": "true"}},
}


def read(raw: dict[str, Raw], settings: Settings = SETTINGS) -> ImportMap:
    found, problems = read_map(raw, default_source="orders", settings=settings)
    assert problems == []
    assert found is not None
    return found


def problems_of(**changes: Raw) -> list[tuple[str, str | None, str | None]]:
    raw = {key: value for key, value in {**WHOLE, **changes}.items() if value != "absent"}
    found, problems = read_map(raw, default_source="orders", settings=SETTINGS)
    assert found is None
    assert all(problem.level == "error" and problem.hint for problem in problems)
    assert all(problem.message.startswith(f"{problem.field}: ") for problem in problems)
    return [(problem.id, problem.field, problem.hint) for problem in problems]


def only(**changes: Raw) -> tuple[str, str | None]:
    [(name, field, _)] = problems_of(**changes)
    return name, field


def hint(**changes: Raw) -> str:
    [(_, _, found)] = problems_of(**changes)
    assert found is not None
    return found


def test_a_whole_map_is_read() -> None:
    found = read(WHOLE)
    assert found.kind == "deals"
    assert found.source == "shop"
    assert found.key == ("number",)
    assert found.columns == WHOLE["columns"]
    assert found.values == {"status": {"Won": "won", "Lost": "lost", "?": ""}}
    assert found.defaults == {"currency": "USD", "labels": ["new", "shop"]}
    assert (found.dates, found.encoding, found.delimiter) == ("%d/%m/%Y", "cp1252", ";")
    assert found.links == {"org": LinkRule("name", create=True)}
    assert found.fields["org"].link == "orgs"
    assert set(found.fields) == {"owner", "title", "org", "status", "currency", "labels"}


def test_a_short_map_has_defaults() -> None:
    found = read({"kind": "orgs", "key": ["a", "b"], "columns": {"a": "name", "c": "parent"}})
    assert found.source == "orders"
    assert found.key == ("a", "b")
    assert (found.dates, found.encoding, found.delimiter) == (None, "utf-8", ",")
    assert found.links == {"parent": LinkRule("id", create=False)}


def test_the_time_of_closing_is_a_field_of_deals_alone() -> None:
    found = read({"kind": "deals", "key": "n", "columns": {"n": "title", "end": "close_time"}})
    assert found.fields["close_time"] is CLOSE_TIME
    raw: dict[str, Raw] = {"kind": "orgs", "key": "n", "columns": {"end": "close_time"}}
    _, problems = read_map(raw, default_source="x", settings=SETTINGS)
    assert [(problem.id, problem.field) for problem in problems] == [
        ("unknown-field", "columns.end")
    ]


def test_custom_fields_can_be_mapped() -> None:
    found = read(
        {
            "kind": "deals",
            "key": "n",
            "columns": {"n": "title", "area": "region", "before": "follows"},
            "values": {"region": {"N": "North"}},
            "links": {"follows": {"match": "external_id"}},
        }
    )
    assert found.fields["region"].choices == ("North", "South")
    assert found.links["follows"] == LinkRule("external_id")


@pytest.mark.parametrize(
    ("changes", "name", "field"),
    [
        ({"colums": {}}, "unknown-key", "colums"),
        ({"kind": "absent"}, "missing-key", "kind"),
        ({"kind": "deal"}, "unknown-kind", "kind"),
        ({"kind": ["deals"]}, "bad-type", "kind"),
        ({"source": ""}, "bad-type", "source"),
        ({"source": ["a"]}, "bad-type", "source"),
        ({"key": "absent"}, "missing-key", "key"),
        ({"key": []}, "bad-type", "key"),
        ({"key": {"a": "b"}}, "bad-type", "key"),
        ({"key": ["a", ""]}, "bad-type", "key"),
        ({"key": ["a", "a"]}, "two-columns", "key"),
        ({"dates": "%d/%m"}, "bad-date-form", "dates"),
        ({"encoding": "utf-9"}, "unknown-encoding", "encoding"),
        ({"encoding": "base64"}, "unknown-encoding", "encoding"),
        ({"delimiter": "||"}, "bad-delimiter", "delimiter"),
        ({"delimiter": '"'}, "bad-delimiter", "delimiter"),
        ({"delimiter": None}, "bad-delimiter", "delimiter"),
        ({"values": {"status": "won"}}, "bad-type", "values.status"),
        ({"values": {"status": {"Won": ["won"]}}}, "bad-type", "values.status.Won"),
        ({"values": {"status": {"Won": "gewonnen"}}}, "bad-choice", "values.status.Won"),
        ({"values": {"stage": {"a": "b"}}}, "not-mapped", "values.stage"),
        ({"values": {"currency": {"$": "USD"}}}, "not-mapped", "values.currency"),
        ({"values": "x"}, "bad-type", "values"),
        ({"defaults": {"currency": "DOLLAR"}}, "unknown-currency", "defaults.currency"),
        ({"defaults": {"currency": None}}, "bad-type", "defaults.currency"),
        ({"defaults": {"currency": ["USD"]}}, "bad-type", "defaults.currency"),
        ({"defaults": {"curency": "USD"}}, "unknown-field", "defaults.curency"),
        ({"defaults": {"person": ["x"]}}, "bad-type", "defaults.person"),
        ({"defaults": {"close_time": "2026-01-01"}}, "two-columns", "defaults.close_time"),
        ({"links": {"status": {"match": "id"}}}, "not-a-link", "links.status"),
        ({"links": {"person": {"match": "id"}}}, "not-mapped", "links.person"),
        ({"links": {"org": "name"}}, "bad-type", "links.org"),
        ({"links": {"org": {"match": "nam"}}}, "bad-match", "links.org.match"),
        ({"links": {"org": {"match": ["name"]}}}, "bad-match", "links.org.match"),
        ({"links": {"org": {"mtch": "name"}}}, "unknown-key", "links.org.mtch"),
        (
            {"links": {"org": {"match": "name", "create": "maybe"}}},
            "bad-value",
            "links.org.create",
        ),
        ({"links": {"org": {"match": "id", "create": "yes"}}}, "bad-create", "links.org.create"),
        ({"links": {"org": {"create": "yes"}}}, "bad-create", "links.org.create"),
    ],
)
def test_each_mistake_is_named_by_its_keys(changes: dict[str, Raw], name: str, field: str) -> None:
    assert only(**changes) == (name, field)


def columns(**changes: str | None) -> tuple[str, str | None]:
    base: dict[str, Raw] = {"what": "title", "customer": "org", "state": "status"}
    return only(columns={**base, **changes})


@pytest.mark.parametrize(
    ("changes", "name", "field"),
    [
        ({"price": "valu"}, "unknown-field", "columns.price"),
        ({"price": None}, "bad-type", "columns.price"),
        ({"name": "title"}, "two-columns", "columns.name"),
        ({"number": "id"}, "own-field", "columns.number"),
        ({"number": "source"}, "own-field", "columns.number"),
        ({"number": "external_id"}, "own-field", "columns.number"),
        ({"a": "won_time", "b": "close_time"}, "two-columns", "columns.b"),
        ({"a": "close_time", "b": "lost_time"}, "two-columns", "columns.b"),
    ],
)
def test_each_mistake_of_a_column_is_named(
    changes: dict[str, str | None], name: str, field: str
) -> None:
    assert columns(**changes) == (name, field)


def test_won_and_lost_time_can_be_mapped_side_by_side() -> None:
    found = read(
        {"kind": "deals", "key": "n", "columns": {"n": "title", "a": "won_time", "b": "lost_time"}}
    )
    assert found.columns == {"n": "title", "a": "won_time", "b": "lost_time"}


def test_a_map_without_columns_is_a_mistake() -> None:
    raw: dict[str, Raw] = {"kind": "orgs", "key": "n"}
    _, problems = read_map(raw, default_source="x", settings=SETTINGS)
    assert [(problem.id, problem.field) for problem in problems] == [("missing-key", "columns")]
    _, problems = read_map({**raw, "columns": ["n"]}, default_source="x", settings=SETTINGS)
    assert [(problem.id, problem.field) for problem in problems] == [("bad-type", "columns")]


def test_the_copy_of_a_file_cannot_be_imported() -> None:
    for name in ("path", "size", "sha256"):
        raw: dict[str, Raw] = {"kind": "files", "key": "n", "columns": {"n": "name", "p": name}}
        _, problems = read_map(raw, default_source="x", settings=SETTINGS)
        assert [(problem.id, problem.field) for problem in problems] == [("own-field", "columns.p")]


def test_only_organizations_and_people_are_made_from_a_name() -> None:
    raw: dict[str, Raw] = {
        "kind": "activities",
        "key": "n",
        "columns": {"n": "subject", "d": "deal", "p": "person"},
        "links": {
            "deal": {"match": "name", "create": "yes"},
            "person": {"match": "name", "create": "yes"},
        },
    }
    _, problems = read_map(raw, default_source="x", settings=SETTINGS)
    assert [(problem.id, problem.field) for problem in problems] == [
        ("bad-create", "links.deal.create")
    ]


def test_the_nearest_known_word_is_named() -> None:
    assert 'did you mean "columns"?' in hint(colums={})
    assert 'did you mean "deals"?' in hint(kind="deal")
    assert 'did you mean "name"?' in hint(links={"org": {"match": "nam"}})
    assert 'did you mean "value"?' in hint(
        columns={"what": "title", "customer": "org", "state": "status", "price": "valu"}
    )
    assert "the keys are kind, source" in hint(qwertz="x")
    assert "orgs, people" in hint(kind="invoices")


def test_several_mistakes_are_told_at_once() -> None:
    found = problems_of(kind="absent", key="absent", encoding="utf-9", qwertz="x")
    assert [name for name, _, _ in found] == [
        "unknown-key",
        "missing-key",
        "missing-key",
        "unknown-encoding",
    ]


def test_values_of_dates_stay_in_the_form_of_the_map() -> None:
    raw: dict[str, Raw] = {
        "kind": "deals",
        "key": "n",
        "columns": {"n": "title", "d": "add_time"},
        "values": {"add_time": {"start": "01/02/2026"}},
        "dates": "%d/%m/%Y",
    }
    assert read(raw).values == {"add_time": {"start": "01/02/2026"}}
    del raw["dates"]
    _, problems = read_map(raw, default_source="x", settings=SETTINGS)
    assert [(problem.id, problem.field) for problem in problems] == [
        ("bad-date", "values.add_time.start")
    ]
