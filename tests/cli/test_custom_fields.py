"""Fields of the book's own: every type, for every kind, wherever a field can be given or shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from helpers.files import files_of

from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.values import value_with_currency

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine


class Type(NamedTuple):
    """A type: how it is declared, what a user types, and how it is written, told and shown."""

    declared: str
    typed: str
    written: object
    json: object
    shown: str
    wrong: str | None
    other: str


# What is written is what is read in an import, too, but for links and money.
TYPES = {
    "text": Type("text", "no", '"no"', "no", "no", None, "yes, please"),
    "texts": Type("list of text", "red, blue", "[red, blue]", ["red", "blue"], "red, blue", None,
                  "green"),
    "number": Type("number", "12.50", "12.50", 12.50, "12.50", "1,5", "-3"),
    "whole": Type("whole number", "42", "42", 42, "42", "4.2", "7"),
    "money": Type("money", "60000", "EUR 60000", {"EUR": 60000.00}, "EUR 60000.00", "60.000,00",
                  "usd 5.50"),
    "date": Type("date", "+3d", "2026-03-13", "2026-03-13", "2026-03-13", "13.3.2026", "tomorrow"),
    "time": Type("time", "9:30", '"09:30"', "09:30", "09:30", "25:00", "14:00"),
    "moment": Type("timestamp", "today", "2026-03-10", "2026-03-10", "2026-03-10", "noon",
                   "2026-03-10T09:30:00+01:00"),
    "long": Type("duration", "1:30", '"1:30"', "1:30", "1:30", "90", "0:45"),
    "span": Type("span", "12m", "12m", "12m", "12m", "a year", "2w"),
    "sure": Type("yes-no", "yes", "true", json=True, shown="yes", wrong="maybe", other="false"),
    "one": Type("{one_of: [A, B, C d]}", "C d", "C d", "C d", "C d", "D", "A"),
    "some": Type("{some_of: [A, B, C d]}", "A, C d", "[A, C d]", ["A", "C d"], "A, C d", "A, D",
                 "B"),
    "partner": Type("{link: orgs}", "beta ltd", "beta", "beta", "Beta Ltd (beta)", "gamma",
                    "acme"),
}  # fmt: skip
# How a record of each kind is made, the last word being its name.
MADE: dict[KindName, tuple[str, ...]] = {
    "orgs": ("org", "add", "Thing"),
    "people": ("person", "add", "Thing", "--org", "acme"),
    "deals": ("deal", "add", "Thing", "--org", "acme"),
    "activities": ("activity", "add", "Thing", "--org", "acme", "--due", "today"),
    "notes": ("note", "add", "Thing", "--org", "acme"),
    "files": (
        "file",
        "add",
        "https://example.com/thing",
        "--link",
        "--name",
        "Thing",
        "--org",
        "acme",
    ),
}
CASES = [(kind, name) for kind in KINDS for name in TYPES]


@pytest.fixture
def own(book: Path) -> Path:
    """A book that declares a field of each type for each kind."""
    lines = ["fields:"]
    for kind in KINDS:
        lines += [f"  {kind}:", *(f"    {name}: {each.declared}" for name, each in TYPES.items())]
    with (book / "acctcli.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\n".join(lines) + "\n")
    (book / "orgs.yaml").write_text(
        "- id: acme\n  name: Acme\n- id: beta\n  name: Beta Ltd\n", "utf-8"
    )
    return book


def made(acct: CommandLine, kind: KindName, *more: str) -> dict[str, Any]:
    """A record that was added, as JSON."""
    result = acct(*MADE[kind], *more, "--format", "json")
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)
    return found


def shown(acct: CommandLine, kind: KindName, record_id: str) -> dict[str, Any]:
    """A record as it is shown in JSON."""
    found = acct(KINDS[kind].noun, "show", record_id, "--format", "json").json
    assert isinstance(found, dict)
    return found


def text_of(book: Path, kind: KindName) -> str:
    return (book / f"{kind}.yaml").read_text("utf-8")


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_field_is_given_shown_changed_and_undone(
    own: Path, acct: CommandLine, kind: KindName, name: str
) -> None:
    field, noun = TYPES[name], KINDS[kind].noun
    record = made(acct, kind, "--set", f"{name}={field.typed}")
    key = record["id"]
    assert record["custom_fields"][name] == field.json
    assert f"\n  {name}: {field.written}\n" in text_of(own, kind)
    assert acct("check", "--format", "json").json == []

    # shown and listed, with the index and without
    for more in ((), ("--no-index",)):
        rows = acct(noun, "list", "--format", "json", *more).json
        assert isinstance(rows, list)
        assert [row["custom_fields"][name] for row in rows if row["id"] == key] == [field.json]
    assert shown(acct, kind, key)["custom_fields"][name] == field.json
    page = acct(noun, "show", key).out
    assert [name, field.shown] in [line.split(maxsplit=1) for line in page.splitlines()]

    # changed, taken away, and all of it undone
    before = files_of(own)
    changed = acct(noun, "edit", key, "--set", f"{name}={field.other}")
    assert (changed.code, changed.err.endswith(f": {name}\n")) == (0, True), changed.err
    assert shown(acct, kind, key)["custom_fields"][name] not in (None, [], field.json)
    assert acct(noun, "edit", key, "--unset", name).code == 0
    assert shown(acct, kind, key)["custom_fields"][name] in (None, [])
    assert f"\n  {name}:" not in text_of(own, kind)
    assert acct("undo", "2").code == 0
    assert files_of(own)[f"{kind}.yaml"] == before[f"{kind}.yaml"]

    # the editor
    script = f"s/{name}:.*/{name}: /"
    assert acct(noun, "edit", key, EDITOR=f'sed -i "{script}"').code == 0
    assert shown(acct, kind, key)["custom_fields"][name] in (None, [])


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, name in CASES if TYPES[name].wrong is not None]
)
def test_a_wrong_value_changes_nothing_and_check_places_it(
    own: Path, acct: CommandLine, kind: KindName, name: str
) -> None:
    field, noun = TYPES[name], KINDS[kind].noun
    key = made(acct, kind)["id"]
    before = files_of(own)
    for words in (MADE[kind], (noun, "edit", key)):
        refused = acct(*words, "--set", f"{name}={field.wrong}")
        assert refused.code == (3 if name == "partner" else 5), refused.err
        assert (name if name != "partner" else "gamma") in refused.err
        assert files_of(own) == before
    with (own / f"{kind}.yaml").open("a", encoding="utf-8") as file:
        file.write(f'  {name}: "{field.wrong}"\n')
    found = acct("check", "--format", "json")
    assert found.code == 1
    findings = [each for each in json.loads(found.out) if each["level"] == "error"]
    assert [(each["kind"], each["record"], each["field"]) for each in findings] == [
        (kind, key, name)
    ]
    assert findings[0]["line"] == len(text_of(own, kind).splitlines())
    if name in {"one", "some"}:
        assert "write one of A, B, C d" in findings[0]["hint"] or (
            "write some of A, B, C d" in findings[0]["hint"]
        )


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_brings_fields_of_every_type(
    own: Path, acct: CommandLine, kind: KindName
) -> None:
    label = KINDS[kind].label
    words = {name: TYPES[name].typed for name in TYPES} | {
        "date": "2026-03-13", "moment": "2026-03-10", "time": "09:30",
    }  # fmt: skip
    (own / "table.csv").write_text(
        f"Key,Label,{','.join(words)}\n"
        "k1,Thing," + ",".join(f'"{word}"' for word in words.values()) + "\n",
        "utf-8",
    )
    columns = {"Label": label} | {name: name for name in words}
    lines = [f"kind: {kind}", "source: theirs", "key: Key", "columns:"]
    lines += [f"  {column}: {field}" for column, field in columns.items()]
    if kind == "files":
        lines[4:] = [*lines[4:], "defaults: {url: https://example.com}"]
    lines += ["links: {partner: {match: name}}"]
    (own / "map.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    words_in = ("import", "csv", "table.csv", "--map", "map.yaml")
    done = acct(*words_in)
    assert done.code == 0, done.err
    rows = acct(KINDS[kind].noun, "list", "--format", "json").json
    assert isinstance(rows, list)
    (row,) = [row for row in rows if row[label] == "Thing"]
    assert row["custom_fields"] == {name: each.json for name, each in TYPES.items()}
    for form, end in (("csv", ","), ("tsv", "\t")):
        heads = acct(KINDS[kind].noun, "list", "--format", form).out.splitlines()[0].split(end)
        assert heads[-len(TYPES) :] == [f"custom_fields.{name}" for name in TYPES]
    before = files_of(own)
    assert acct(*words_in).code == 0
    assert files_of(own) == before


def test_a_file_is_not_copied_when_a_field_is_wrong(own: Path, acct: CommandLine) -> None:
    (own / "plan.txt").write_text("a plan", "utf-8")
    before = files_of(own)
    refused = acct("file", "add", "plan.txt", "--org", "acme", "--set", "number=many")
    assert refused.code == 5
    assert files_of(own) == before
    done = acct("file", "add", "plan.txt", "--org", "acme", "--set", "number=7")
    assert done.code == 0
    assert "\n  number: 7\n" in text_of(own, "files")


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_custom_link_of_any_kind_to_any_kind(
    book: Path, acct: CommandLine, kind: KindName, target: KindName
) -> None:
    with (book / "acctcli.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"fields: {{{kind}: {{via: {{link: {target}}}}}}}\n")
    (book / "orgs.yaml").write_text("- id: acme\n  name: Acme\n", "utf-8")
    end = made(acct, target)["id"]
    acct(KINDS[target].noun, "edit", end, "--set", f"{KINDS[target].label}=The End")
    key = made(acct, kind, "--set", "via=the end")["id"]
    noun, other = KINDS[kind].noun, KINDS[target].noun
    assert shown(acct, kind, key)["custom_fields"] == {"via": end}
    assert f"The End ({end})" in acct(noun, "show", key).out
    refused = acct(other, "remove", end)
    assert refused.code == 5
    assert "by via" in refused.err
    before = files_of(book)
    removed = acct(other, "remove", end, "--cascade")
    assert removed.code == 0, removed.err
    assert "unlinked" in removed.err
    assert shown(acct, kind, key)["custom_fields"] == {"via": None}
    assert acct("undo").code == 0
    assert {name: data for name, data in files_of(book).items() if name.endswith("s.yaml")} == {
        name: data for name, data in before.items() if name.endswith("s.yaml")
    }
    path = book / f"{kind}.yaml"
    path.write_text(path.read_text("utf-8").replace(f"via: {end}", "via: ghost"), "utf-8")
    findings = json.loads(acct("check", "--format", "json").out)
    assert [(each["id"], each["record"], each["field"]) for each in findings] == [
        ("dangling-link", key, "via")
    ]


@pytest.mark.parametrize(
    ("text", "currency", "found"),
    [
        ("5", "EUR", "EUR 5"),
        (" -5.50 ", "JPY", "JPY -5.50"),
        ("5", None, "5"),
        ("usd 5", "EUR", "USD 5"),
        ("USD 5", None, "USD 5"),
        ("5,50", "EUR", "5,50"),
        ("many", "EUR", "many"),
    ],
)
def test_a_bare_amount_is_in_the_books_currency(
    text: str, currency: str | None, found: str
) -> None:
    assert value_with_currency(text, currency) == found
