"""What every list prints in every format, empty ones too, and to readers that stop early."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine, Result

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
MACHINE = ("json", "ndjson", "csv", "tsv", "ids")


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

    for form in ("table", "json", "ndjson", "ids"):
        expected = "[]\n" if form == "json" else ""
        assert printed(form) == (0, expected, ""), form
    for form in ("csv", "tsv"):  # whose columns never depend on the rows (rule 12)
        result = printed(form)
        assert (result.code, result.err, result.out.count("\n")) == (0, "", 1)
        assert ids_in(result.out, form) == []


@pytest.mark.parametrize("form", ["table", *MACHINE])
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
