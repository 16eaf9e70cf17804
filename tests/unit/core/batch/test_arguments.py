"""Arguments held against what commands take."""

from __future__ import annotations

import json
from typing import Any

import pytest

from acctcli.core.batch.arguments import bind
from acctcli.core.batch.command_spec import Argument, BoundCommand, CommandSpec, Reference
from acctcli.core.batch.lines import read_lines
from acctcli.core.model.kinds import KINDS, Field, FieldType
from acctcli.core.model.records import Settings

SETTINGS = Settings(
    fields={
        "deals": {
            "partner": Field("partner", FieldType.LINK, link="orgs"),
            "budget": Field("budget", FieldType.AMOUNT),
            "due": Field("due", FieldType.DATE),
        },
        "orgs": {"areas": Field("areas", FieldType.SOME_OF, choices=("A", "B"))},
    }
)
ID = Argument("id", "records", link="deals", required=True)
FIELDS = tuple(
    Argument(each.name, "field", ("due",), field=each, required=each.name == "title")
    if each.name in {"title", "expected_close_date"}
    else Argument(each.name, "field", field=each)
    for each in KINDS["deals"].fields
)
SHAPES: dict[tuple[str, ...], CommandSpec] = {
    ("org", "add"): CommandSpec(
        "orgs",
        (Argument("name", "field", field=KINDS["orgs"].field("name"), required=True),),
        "orgs",
    ),
    ("deal", "add"): CommandSpec(
        "deals", (*FIELDS, Argument("set", "fields"), Argument("custom_fields", "own")), "deals"
    ),
    ("deal", "edit"): CommandSpec(
        "deals",
        (
            Argument("id", "record", link="deals", required=True),
            Argument("set", "fields"),
            Argument("unset", "names"),
        ),
        needs_one=("set", "unset"),
    ),
    ("deal", "won"): CommandSpec("deals", (ID, Argument("on", "text", ("won_time",)))),
    ("deal", "remove"): CommandSpec("deals", (ID, Argument("cascade", "flag")), leaves=False),
    ("deal", "next"): CommandSpec(
        "deals",
        (ID, Argument("next", "pair"), Argument("to", "text", choices=("here", "there"))),
    ),
}


def bound(*lines: dict[str, Any]) -> tuple[list[BoundCommand], list[tuple[str, str]]]:
    """The lines with their arguments, and the ids and texts of what is wrong."""
    found, wrong = read_lines([json.dumps(each).encode() for each in lines], "f")
    assert not wrong
    done, problems = bind(found, SHAPES, {("undo",): "it is not for this"}, SETTINGS)
    return done, [(each.id, f"{each} {each.hint}") for each in problems]


def add(args: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    return {"command": ["deal", "add"], "args": {"title": "ERP", **args}, "as": name}


def won(ids: object, **args: object) -> dict[str, Any]:
    return {"command": ["deal", "won"], "args": {"id": ids, **args}}


def edit(**args: object) -> dict[str, Any]:
    return {"command": ["deal", "edit"], "args": {"id": "d1", **args}}


def fields_of(line: dict[str, Any]) -> object:
    (found,), problems = bound(line)
    assert not problems
    return found.values["fields"]


def test_fields_are_texts_as_the_schema_reads_them() -> None:
    given = {
        "value": 12.50,
        "labels": ["a,b", "c"],
        "archived": False,
        "org": "acme",
        "owner": None,
    }
    assert fields_of(add(given)) == {
        "title": "ERP",
        "value": "12.5",
        "labels": ("a,b", "c"),
        "archived": "false",
        "org": "acme",
    }
    assert fields_of(add({"value": "7", "labels": "x", "archived": "yes"})) == {
        "title": "ERP",
        "value": "7",
        "labels": ("x",),
        "archived": "yes",
    }


def test_own_fields_stand_beside_the_others_or_apart() -> None:
    wanted = {"title": "ERP", "budget": "12", "partner": "acme"}
    assert fields_of(add({"budget": 12, "partner": "acme"})) == wanted
    assert fields_of(add({"custom_fields": {"budget": 12, "partner": "acme"}})) == wanted
    assert fields_of(add({"set": {"budget": 12, "custom_fields": {"partner": "acme"}}})) == wanted


def test_another_name_of_an_argument_yields_to_an_own_field() -> None:
    assert fields_of(add({"due": "today"})) == {"title": "ERP", "due": "today"}
    (found,), _ = bound(won("d1", won_time="today"))
    assert found.values == {"id": ("d1",), "on": "today", "fields": {}}


def test_an_edit_sets_and_unsets() -> None:
    line = edit(set={"owner": "Anna", "stage": None, "labels": []}, unset=["partner"])
    assert fields_of(line) == {"owner": "Anna", "stage": None, "labels": None, "partner": None}


def test_names_stand_for_the_records_of_earlier_lines() -> None:
    org = {"command": ["org", "add"], "args": {"name": "Acme"}, "as": "o"}
    lines, problems = bound(org, add({"org": "$o", "partner": "$o"}, "d"), won(["$d", "$$x", "d2"]))
    assert not problems
    assert [list(each.references()) for each in lines] == [[], ["o", "o"], ["d"]]
    assert [list(each.record_ids()) for each in lines] == [[], [], ["$x", "d2"]]
    assert isinstance(lines[2].values["id"][0], Reference)  # type: ignore[index]  # a tuple
    ids = {"o": "acme", "d": "d9"}
    assert lines[1].with_ids(ids)["fields"] == {"title": "ERP", "org": "acme", "partner": "acme"}
    assert lines[2].with_ids(ids) == {"id": ("d9", "$x", "d2"), "fields": {}}


def test_pairs_flags_and_choices() -> None:
    line = {"command": ["deal", "next"], "args": {"id": "d1", "next": ["a", "b"], "to": "here"}}
    (found,), problems = bound(line)
    assert not problems
    assert found.values == {"id": ("d1",), "next": ("a", "b"), "to": "here", "fields": {}}
    (found,), _ = bound({"command": ["deal", "remove"], "args": {"id": ["d1"], "cascade": True}})
    assert found.values["cascade"] is True


def _next(**args: object) -> dict[str, Any]:
    return {"command": ["deal", "next"], "args": {"id": "d1", **args}}


@pytest.mark.parametrize(
    ("line", "name", "part"),
    [
        ({"command": ["deal", "ad"]}, "unknown-command", 'did you mean ["deal", "add"]?'),
        ({"command": ["quite", "another"]}, "unknown-command", "those that change records can"),
        ({"command": ["undo"]}, "not-applied", "it is not for this"),
        (add({"tilte": "x"}), "unknown-argument", 'did you mean "title"?'),
        (edit(owner="x"), "unknown-argument", 'stand under "set": {"owner": ...}'),
        (edit(budget="x"), "unknown-argument", 'stand under "set": {"budget": ...}'),
        (edit(sett={}), "unknown-argument", 'did you mean "set"?'),
        ({"command": ["deal", "add"]}, "missing-argument", 'needs "title"'),
        ({"command": ["deal", "add"], "args": {"title": None}}, "missing-argument", "title"),
        ({"command": ["deal", "won"], "args": {"id": None}}, "missing-argument", 'needs "id"'),
        (edit(), "nothing-to-change", '"set" or "unset"'),
        (edit(set={"ownr": "x"}), "unknown-field", 'did you mean "owner"?'),
        (edit(unset=["ownr"]), "unknown-field", 'did you mean "owner"?'),
        (add({"custom_fields": {"owner": "x"}}), "unknown-field", "no own field"),
        (edit(set={"owner": " "}), "empty-value", "null takes its value away"),
        (add({"owner": ""}), "empty-value", "leave it out"),
        (add({"org": ""}), "empty-value", "leave it out"),
        (won("d1", on="today", won_time="today"), "given-twice", '"on" is given twice'),
        (add({"budget": 1, "set": {"budget": 2}}), "given-twice", '"budget"'),
        (edit(set={"owner": "x"}, unset=["owner"]), "given-twice", '"owner"'),
        (edit(set=["x"]), "bad-type", "an object of fields"),
        (edit(unset=[1]), "bad-type", "a list of names"),
        (add({"custom_fields": "x"}), "bad-type", "an object of own fields"),
        (add({"value": True}), "bad-type", "value: true stands where a number is expected"),
        (add({"owner": 1}), "bad-type", "owner: the number 1 stands where a text is expected"),
        (add({"owner": False}), "bad-type", "owner: false stands"),
        (add({"archived": 1}), "bad-type", "true or false is expected"),
        (add({"labels": [1]}), "bad-type", "labels: a list stands where a list of texts"),
        (add({"org": {}}), "bad-type", "org: an object stands where a text"),
        (won(1), "bad-type", "the id of a record, or a list of some"),
        (won([]), "bad-type", "the id of a record, or a list of some"),
        (won(["d1", None]), "bad-type", "the id of a record, or a list of some"),
        (
            {"command": ["deal", "remove"], "args": {"id": "a", "cascade": "yes"}},
            "bad-type",
            "flag",
        ),
        (_next(next="call"), "bad-type", "next: a text stands where a list of two texts"),
        (_next(next=["a"]), "bad-type", "a list of two texts"),
        (_next(to="her"), "bad-choice", 'did you mean "here"?'),
        (won("$x"), "unknown-name", 'nothing is called "$x"'),
        ({**won(["a", "b"]), "as": "x"}, "nothing-to-name", "one record"),
        (
            {"command": ["deal", "remove"], "args": {"id": "a"}, "as": "x"},
            "nothing-to-name",
            "there afterwards",
        ),
    ],
)
def test_what_is_wrong_is_told(line: dict[str, Any], name: str, part: str) -> None:
    lines, problems = bound(line)
    assert not lines
    assert [each for each, _ in problems] == [name]
    assert part.replace("flag", "true or false") in problems[0][1]


def test_names_are_given_once_before_they_are_used_and_to_one_kind() -> None:
    org = {"command": ["org", "add"], "args": {"name": "Acme"}, "as": "first"}
    assert bound(org, org)[1] == [("name-taken", 'f:2: "as": "first" is given at f:1 already None')]
    (late,) = bound(won("$first"), {**org})[1]
    assert late[0] == "unknown-name"
    assert "is given at f:2, not before this line" in late[1]
    (wrong,) = bound(org, won("$first"))[1]
    assert wrong[1].startswith('f:2: id: "$first" is of kind organization, not deal')
    (near,) = bound(org, add({"org": "$frist"}))[1]
    assert 'did you mean "$first"?' in near[1]


def test_a_name_of_a_line_that_is_wrong_is_known_all_the_same() -> None:
    unknown = {"command": ["org", "ad"], "args": {"name": "Acme"}, "as": "o"}
    assert [name for name, _ in bound(unknown, add({"org": "$o"}))[1]] == ["unknown-command"]
    missing = {"command": ["org", "add"], "as": "o"}
    assert [name for name, _ in bound(missing, add({"org": "$o"}))[1]] == ["missing-argument"]


def test_a_list_of_one_text_is_a_field_with_choices_too() -> None:
    line = {"command": ["org", "add"], "args": {"name": "Acme", "areas": ["A", "B"]}}
    assert fields_of(line) == {"name": "Acme", "areas": ("A", "B")}
