"""What every list prints in every format, empty ones too, and to readers that stop early."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from msgspec.structs import replace

from acctcli.cli.app.console import process_streams

if TYPE_CHECKING:
    from helpers.cli import CommandLine, Result

PROGRAM = str(Path(sys.executable).parent / "acctcli")

# The commands that print a list, and the ids of what they list in the book `small` and below.
LISTS: dict[str, list[str]] = {
    "account list": ["acme", "bianchi"],
    "org list": ["acme", "bianchi", "cole"],
    "person list": ["eva"],
    "deal list": ["d1", "d2", "d3"],
    "activity list": ["a1", "a2"],
    "agenda": ["a1"],
    "note list": ["n1"],
    "file list": ["f1"],
}
MACHINE = ("json", "ndjson", "yaml", "csv", "tsv", "ids")
FORMATS = ("table", "markdown", "html", *MACHINE)


@pytest.fixture
def full(small: Path) -> Path:
    """The small book with one record at least of every kind, odd characters in the texts."""
    odd = '"a, \\"b\\"\\tc\\nd"'
    (small / "notes.yaml").write_text(f"- id: n1\n  content: {odd}\n  org: acme\n", "utf-8")
    (small / "files.yaml").write_text(
        f"- id: f1\n  name: {odd}\n  url: https://a.example/b\n  org: acme\n", "utf-8"
    )
    return small


def ids_in(text: str, form: str) -> list[str]:
    """The ids in what was printed; that it can be parsed at all is half of the test."""
    rows: list[dict[str, str]]
    if form == "json":
        rows = json.loads(text)
    elif form == "ndjson":
        rows = [json.loads(line) for line in text.splitlines()]
    elif form == "yaml":
        rows = yaml.safe_load(text)
    elif form == "csv":
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        head, *cells = list(reader)
        assert {len(row) for row in cells} <= {len(head)}
        rows = [dict(zip(head, row, strict=True)) for row in cells]
    elif form == "tsv":
        head, *lines = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
        assert {len(line) for line in lines} <= {len(head)}
        rows = [dict(zip(head, line, strict=True)) for line in lines]
    else:
        rows = [{"id": line} for line in text.splitlines()]
    return [row["id"] for row in rows]


@pytest.mark.parametrize("form", MACHINE)
@pytest.mark.parametrize("words", LISTS)
def test_every_list_is_well_formed_in_every_machine_format(
    full: Path, acct: CommandLine, words: str, form: str
) -> None:
    result = acct(*words.split(), "--format", form)
    assert (result.code, result.err) == (0, "")
    assert ids_in(result.out, form) == LISTS[words]
    assert result.out.endswith("\n")
    assert acct("--format", form, *words.split()) == result


@pytest.mark.parametrize("words", LISTS)
def test_every_list_is_a_table_for_people(full: Path, acct: CommandLine, words: str) -> None:
    result = acct(*words.split())
    assert (result.code, result.err) == (0, "")
    assert acct(*words.split(), "--format", "table") == result
    lines = result.out.splitlines()
    assert result.out.endswith("\n")
    assert not any(line.endswith(" ") for line in lines)
    told = [line for line in lines if any(name in line for name in shown(words))]
    assert len(told) >= len(LISTS[words])


def shown(words: str) -> list[str]:
    """What a row of a list has in it for people: a name, or the beginning of one."""
    names = {
        "acme": "Acme S.r.l.",
        "bianchi": "Bianchi Café",
        "cole": "Cole Ltd",
        "eva": "Eva Müller",
        "d1": "ERP rollout",
        "d2": "Coffee corner",
        "d3": "Training",
        "a1": "Ask about the renewal",
        "a2": "Kick-off",
        "n1": 'a, "b"',
        "f1": 'a, "b"',
    }
    return [names[key] for key in LISTS[words]]


@pytest.mark.parametrize("words", LISTS)
def test_an_empty_list_is_an_empty_list(book: Path, acct: CommandLine, words: str) -> None:
    def printed(form: str) -> Result:
        return acct(*words.split(), "--format", form)

    for form in ("table", "json", "ndjson", "yaml", "markdown", "ids"):
        expected = "[]\n" if form in {"json", "yaml"} else ""
        assert printed(form) == (0, expected, ""), form
    assert "<p>Nothing.</p>" in printed("html").out  # a page, that a mail can be made of
    for form in ("csv", "tsv"):  # whose columns never depend on the rows (rule 12)
        result = printed(form)
        assert (result.code, result.err, result.out.count("\n")) == (0, "", 1)
        assert ids_in(result.out, form) == []
        assert acct(*words.split(), "--format", form, "--no-header") == (0, "", "")


@pytest.mark.parametrize("form", FORMATS)
def test_a_reader_that_stops_early_is_no_error(full: Path, form: str) -> None:
    # more than a pipe holds, so that the program is still writing when its reader has gone
    records = "".join(f"- id: x{n:060}\n  name: {'Name ' * 30}{n}\n" for n in range(1_500))
    (full / "orgs.yaml").write_text(records, "utf-8")
    child = subprocess.Popen(
        [PROGRAM, "org", "list", "--format", form],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    with child.stdout as out:
        assert out.read(1)
    with child.stderr as err:
        said = err.read()
    assert (child.wait(timeout=60), said) == (0, b"")


@pytest.mark.parametrize("encoding", ["utf-16", "ascii:strict", "latin-1:strict"])
@pytest.mark.parametrize("form", FORMATS)
def test_data_is_utf_8_whatever_the_locale_says(full: Path, form: str, encoding: str) -> None:
    words = [PROGRAM, "org", "list", "--format", form]
    environ = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        words, env={**environ, "PYTHONIOENCODING": encoding}, capture_output=True, check=True
    )
    assert "Bianchi Café" in done.stdout.decode() or form == "ids"
    assert done.stdout == subprocess.run(words, capture_output=True, check=True).stdout


def test_messages_are_told_whatever_the_locale_says(full: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "org", "show", "Café 日本"],
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3
    assert b'no organization is named "Caf\\xe9 \\u65e5\\u672c"' in done.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_a_closed_output_ends_quietly(full: Path, form: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"exec {PROGRAM} org list --format {form} >&-"],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


# what people and programs ask for in their own way


def test_fields_have_their_types_in_a_table(full: Path, acct: CommandLine) -> None:
    result = acct("deal", "list", "--fields", "title,org,value,status,probability")
    assert result.out == (
        "Title          Org                  Value  Status  Probability\n"
        "─────────────  ────────────  ────────────  ──────  ───────────\n"
        "ERP rollout    Acme S.r.l.   EUR 12500.00  won\n"
        "Coffee corner  Bianchi Café    EUR 300.00  won\n"
        "Training       Cole Ltd        USD 900.50  open\n"
    )


@pytest.mark.parametrize("words", LISTS)
def test_every_column_of_every_list_can_be_picked(
    full: Path, acct: CommandLine, words: str
) -> None:
    head = acct(*words.split(), "--format", "csv").out.split("\n")[0]
    rows = list(
        csv.DictReader(io.StringIO(acct(*words.split(), "--format", "csv").out, newline=""))
    )
    for name in head.split(","):
        picked = acct(*words.split(), "--format", "csv", "--fields", f"id,{name}")
        assert picked.code == 0, picked.err
        found = list(csv.DictReader(io.StringIO(picked.out, newline="")))
        assert [row[name] for row in found] == [row[name] for row in rows]
        for form in ("table", "markdown", "html", "json", "ndjson", "yaml", "tsv", "ids"):
            assert acct(*words.split(), "--format", form, "--fields", name).code == 0


def test_fields_go_with_pages_and_what_was_written(full: Path, acct: CommandLine) -> None:
    shown = acct("account", "show", "acme", "--fields", "name,deals,won_value", "--format", "json")
    assert list(json.loads(shown.out)) == ["name", "deals", "won_value"]
    text = acct("account", "show", "acme", "--fields", "name,deals").out
    assert text.startswith("Name  Acme S.r.l.\n\nDeals (1)\n  ID")
    page = acct("account", "show", "acme", "--fields", "name,deals", "--format", "markdown").out
    assert "| Name | Acme S.r.l. |\n\n# Deals (1)\n\n| ID | Title |" in page
    won = acct("deal", "won", "d3", "--fields", "status,value", "--format", "yaml", "-q")
    assert won.out == "- status: won\n  value: 900.50\n"
    one = acct("deal", "show", "d3", "--fields", "title,org", "--format", "table")
    assert one.out == "Title  Training\nOrg    Cole Ltd (cole)\n"
    board = acct("account", "board", "--fields", "id", "--format", "json").json
    assert isinstance(board, dict)
    cards = [card for column in board["columns"] for card in column["accounts"]]
    assert sorted(card["id"] for card in cards) == ["acme", "bianchi", "cole"]
    assert {tuple(card) for card in cards} == {("id",)}
    table = acct("account", "board", "--fields", "name,bucket", "--no-header")
    assert table.out.split("\n")[0].split("  ")[0] in {"Bianchi Café", "Cole Ltd"}


def test_an_unknown_field_is_an_error_in_every_format(full: Path, acct: CommandLine) -> None:
    for form in FORMATS[:-1]:
        result = acct("org", "list", "--fields", "name,onwer", "--format", form)
        assert (result.code, result.out) == (5, "")
        assert 'did you mean "owner"?' in result.err.replace("\\", "")


def test_money_as_text(full: Path, acct: CommandLine) -> None:
    for form in ("json", "yaml"):
        words = ("--format", form, "--money", "text")
        accounts = yaml.safe_load(acct("account", "list", *words).out)
        assert accounts[0]["won_value"] == {"EUR": "12500.00"}
        deals = yaml.safe_load(acct("deal", "list", *words).out)
        assert [row["value"] for row in deals] == ["12500.00", "300.00", "900.50"]
        page = yaml.safe_load(acct("account", "show", "acme", *words).out)
        assert page["deals"][0]["value"] == "12500.00"
        picked = yaml.safe_load(acct("deal", "list", *words, "--fields", "value").out)
        assert picked[1] == {"value": "300.00"}
    for form in ("csv", "table", "tsv"):
        words = ("deal", "list", "--format", form)
        assert acct(*words, "--money", "text") == acct(*words)


@pytest.mark.parametrize("form", ["table", "csv", "tsv"])
def test_no_header(full: Path, acct: CommandLine, form: str) -> None:
    whole = acct("deal", "list", "--format", form).out.split("\n")
    bare = acct("deal", "list", "--format", form, "--no-header").out.split("\n")
    assert [line.split() for line in bare] == [
        line.split() for line in whole[2 if form == "table" else 1 :]
    ]


# on a terminal


def test_a_terminal_is_shown_no_control_character_of_lines_for_programs(
    full: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = "a\x07b\u202ec\x7f\U000e0041"
    assert acct("org", "edit", "acme", "--set", f"owner={bell}", "-q").code == 0
    monkeypatch.setattr(
        "acctcli.cli.app.session.process_streams", lambda: replace(process_streams(), columns=80)
    )
    words = ("org", "list", "--fields", "owner", "--limit", "1", "--format")
    assert acct(*words, "csv").out == "owner\na\\x07b\\u202ec\\x7f\\U000e0041\n"
    as_json = acct(*words, "ndjson").out
    assert as_json == '{"owner":"a\\u0007b\\u202ec\\u007f\\udb40\\udc41"}\n'
    assert json.loads(as_json) == {"owner": bell}
    assert acct(*words, "yaml").out == '- owner: "a\\x07b\\u202ec\\x7f\\U000e0041"\n'


# an import tells what it did in the same formats

MAP = "kind: deals\nkey: id\ncolumns: {title: title}\n"


def imported(acct: CommandLine, folder: Path, rows: str, form: str) -> list[dict[str, str]]:
    """Import rows and give the report in a format as rows."""
    (folder / "in.csv").write_text("id,title\n" + rows, "utf-8")
    (folder / "map.yaml").write_text(MAP, "utf-8")
    result = acct("import", "csv", "in.csv", "--map", "map.yaml", "--format", form, "-q")
    assert (result.code, result.err) == (0, "")
    if form == "ids":
        return [{"id": line} for line in result.out.splitlines()]
    return list(csv.DictReader(io.StringIO(result.out), strict=True))


def test_an_imports_report_as_csv(book: Path, acct: CommandLine) -> None:
    first = imported(acct, book, "1,a\n2,b\n", "csv")
    assert [(row["kind"], row["action"], row["line"]) for row in first] == [
        ("deals", "created", "2"),
        ("deals", "created", "3"),
    ]
    second = imported(acct, book, '1,a\n2,"b, c"\n3,d\n', "csv")
    assert [(row["action"], row["line"]) for row in second] == [("created", "4"), ("updated", "3")]
    assert second[1]["id"] == first[1]["id"]
    listed = acct("deal", "list", "--format", "ids").out.split()
    assert listed == [first[0]["id"], first[1]["id"], second[0]["id"]]


def test_an_imports_report_as_ids(book: Path, acct: CommandLine) -> None:
    found = [row["id"] for row in imported(acct, book, "1,a\n2,b\n", "ids")]
    assert found == acct("deal", "list", "--format", "ids").out.split()
    assert len(set(found)) == 2
    assert imported(acct, book, "1,a\n2,b\n", "ids") == []
    assert imported(acct, book, "1,a\n2,b\n", "csv") == []
