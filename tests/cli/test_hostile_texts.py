"""Texts that are made to do harm, in every field of every kind, through every format.

No control character, no turn of direction and no half character reaches a person raw; columns stay
straight; what programs read is the text itself, to the letter.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml
from helpers.cli import TextStream as Text
from helpers.files import SHARED_DATA

from acctcli.cli.main import run
from acctcli.core.model.kinds import KINDS, FieldType
from acctcli.render.formats.text import display_width, graphemes, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Our own, for where the list of naughty strings is not.
TEXTS = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://a.example\x07link\x1b]8;;\x07",
    "\x1b]52;c;aGVsbG8=\x07",
    "\x9b31m\x7f\x08\x00",
    "\u202egpj.exe",
    "a\u2066b\u2069\u200f\u061c",
    "line\u2028paragraph\u2029next\x85line",
    "zero\u200bwidth\ufeff\xad\u2060",
    "tag\U000e0041\U0001d173",
    "a | b || c \\| d \\",
    "<script>alert(1)</script><!-- --> &amp; &lt;",
    "](javascript:alert(1)) [x](javascript:alert(2)) ![i](http://a.example/i.png)",
    "`code` **bold** _it_ ~~no~~ # head\n- item\n1. one\n> quote\n    code",
    "=1+2, +1, -1, @SUM(A1)",
    '"quoted", it\'s; a\tb\rc\r\nd\n',
    "yes",
    "null",
    "0x1F",
    "1e3",
    "12:30",
    "2026-01-02",
    "株式会社月影製作所",
    "👩\u200d👩\u200d👧 👍🏽 🇮🇹 ❤️",
    "می\u200cخواهم",
    "e\u0301\u0327 Z\u0351\u036b\u0343\u036a",
    "עברית and العربية",
    "  spaces  ",
    "%s {0} ${x} $(reboot) `reboot`",
    "../../../etc/passwd",
    "x" * 300,
]
DAY = "2026-03-10"
LISTS = {
    "account list": "id name owner tier labels",
    "org list": "id name owner labels",
    "person list": "id name job_title emails",
    "deal list": "id title owner stage lost_reason",
    "activity list": "id subject type note location",
    "note list": "id content owner source",
    "file list": "id name url owner",
    "agenda": "id subject type owner org_name",
    "find a": "id name text owner",
    "report coverage": "id name owner",
    "report repeat": "id name owner",
    "report health": "id name owner",
    "report renewals": "id title owner org_name",
    "org timeline all": "id text owner type",
}
PAGES = [
    "account board",
    "org show all",
    "org why all",
    "check",
    "log",
    "note show n0",
    "person show p0",
]


def naughty() -> list[str]:
    path = SHARED_DATA / "blns" / "blns.json"
    found = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [*TEXTS, *(text for text in found if text.strip())]


STRINGS = naughty()


class Shown(NamedTuple):
    """What is printed, as it went out."""

    code: int
    out: str
    err: str


class Shell:
    """Runs commands on the book, to a pipe or to a terminal that is so wide."""

    def __init__(self, book: Path, patch: pytest.MonkeyPatch) -> None:
        self._book = book
        self._patch = patch

    def __call__(self, *words: str, columns: int = 0) -> Shown:
        out, err = Text(), Text()
        with self._patch.context() as patch:
            patch.setenv("COLUMNS", str(columns))
            patch.setenv("ACCTCLI_NOW", f"{DAY}T09:00:00+01:00")
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(sys, "stdin", Text())
            if columns:
                patch.setattr(out, "isatty", lambda: True)
            code = run(["--book", str(self._book), "--color", "never", *words])
        return Shown(code, out.text(), err.text())


def records(kind: str, letter: str, **given: object) -> Iterator[dict[str, object]]:
    """A record of the kind for each string, which stands in every text of it."""
    spec = next(each for each in KINDS.values() if each.name == kind)
    for number, text in enumerate(STRINGS):
        row: dict[str, object] = {"id": f"{letter}{number}"}
        for field in spec.fields:
            if field.type is FieldType.TEXT and field.name not in {
                "path",
                "sha256",
                "playbook",
                "run",
            }:
                row[field.name] = text
            elif field.type is FieldType.TEXTS:
                row[field.name] = [text, "second"]
        yield {**row, **{key: each for key, each in given.items() if each is not None}}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("naughty")
    book = folder / "book"
    book.mkdir()
    orgs = [*records("orgs", "o"), {"id": "all", "name": "All"}]
    deals = list(
        records("deals", "d", value="10.00", currency="EUR", status="won", won_time="2026-01-02")
    )
    deals += records(
        "deals", "e", org="all", status="won", renewal_date="2026-04-01", mrr="1", currency="EUR"
    )
    for number, deal in enumerate(deals[: len(STRINGS)]):
        deal["org"] = f"o{number}"
    data = {
        "acctcli": {"format": "1", "timezone": "Europe/Rome", "currency": "EUR"},
        "orgs": orgs,
        "deals": deals,
        "people": list(records("people", "p", org="all")),
        "activities": list(records("activities", "a", org="all", due_date=DAY)),
        "notes": list(records("notes", "n", org="all")),
        "files": list(records("files", "f", org="all")),
    }
    for name, value in data.items():
        text = yaml.safe_dump(
            value, allow_unicode=False, width=10**9, sort_keys=False, default_style='"'
        )
        (book / f"{name}.yaml").write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("ACCTCLI_", "XDG_"))]:
            patch.delenv(name)
        patch.setenv("HOME", str(folder))
        patch.setenv("ACCTCLI_ACTOR", "anna@example.com")
        patch.delenv("NO_COLOR", raising=False)
        made = Shell(book, patch)
        for number, text in enumerate(TEXTS):
            made("note", "edit", f"n{number}", "--set", f"source={text}?")
            made("note", "edit", f"n{number}", "--set", f"source={text}")
        yield made


def harmful(text: str, allowed: str = "\n") -> set[str]:
    """What of a text could spoil a terminal, or hide in it."""
    found = {each for each in set(text) if unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"}}
    found |= set(text) & set(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    found |= set(text) & set("\u200b\ufeff\xad\u2060\u180e")
    return found - set(allowed)


@pytest.mark.parametrize("words", [*LISTS, *PAGES])
def test_nothing_raw_reaches_a_person(words: str, shell: Shell) -> None:
    command = words.split()
    for columns in (0, 40, 80, 200):
        shown = shell(*command, columns=columns)
        assert shown.code in {0, 1}, shown.err
        assert shown.out
        assert harmful(shown.out) == set()
        assert harmful(shown.err) == set()
        if columns and words not in {"check", "log"}:
            wide = [line for line in shown.out.split("\n") if display_width(line) > columns]
            assert wide == []
    for form in ("markdown", "html", "table"):
        shown = shell(*command, "--format", form)
        assert harmful(shown.out) == set()
    for form in ("csv", "tsv", "ids"):
        shown = shell(*command, "--format", form, columns=80)
        assert harmful(shown.out, "\n\t") == set()
    for form in ("json", "ndjson", "yaml"):
        shown = shell(*command, "--format", form, columns=80)
        assert harmful(shown.out) == set()


def unescaped(cell: str) -> str:
    """A cell of tsv as it was."""
    marks = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    text, rest = "", iter(cell)
    for each in rest:
        text += marks[next(rest)] if each == "\\" else each
    return text


def rows_of(text: str, form: str) -> list[dict[str, object]]:
    match form:
        case "json":
            return list(json.loads(text))
        case "ndjson":
            return [json.loads(line) for line in text.removesuffix("\n").split("\n")]
        case "yaml":
            return list(yaml.load(text, Loader=yaml.CSafeLoader))
        case "csv":
            return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        case _:
            head, *lines = (line.split("\t") for line in text.removesuffix("\n").split("\n"))
            return [dict(zip(head, map(unescaped, line), strict=True)) for line in lines]


@pytest.mark.parametrize("words", LISTS)
def test_programs_read_each_text_to_the_letter(words: str, shell: Shell) -> None:
    command, fields = words.split(), LISTS[words].split()
    as_json = json.loads(shell(*command, "--format", "json").out)
    for form in ("json", "ndjson", "yaml", "csv", "tsv"):
        for more in ((), ("--fields", ",".join(LISTS[words].split()))):
            if more and words.startswith("find"):
                continue
            shown = shell(*command, "--format", form, *more)
            assert shown.code == 0, shown.err
            found = rows_of(shown.out, form)
            assert len(found) == len(as_json)
            for row, expected in zip(found, as_json, strict=True):
                for name in set(fields) & set(expected):
                    value = expected[name]
                    if form in {"csv", "tsv"}:
                        value = "; ".join(value) if isinstance(value, list) else value or ""
                    assert row[name] == value, (name, form)
    terminal = shell(*command, "--format", "json", columns=80).out
    assert json.loads(terminal) == as_json
    assert rows_of(shell(*command, "--format", "yaml", columns=80).out, "yaml") == as_json


def test_the_texts_are_those_that_were_written(shell: Shell) -> None:
    for words, name in (
        ("org list", "name"),
        ("note list", "content"),
        ("deal list", "lost_reason"),
    ):
        found = json.loads(shell(*words.split(), "--format", "json").out)
        assert {str(row[name]) for row in found if row[name]} >= set(STRINGS)


def straight(text: str) -> bool:
    """Whether in each line of a table every column begins where its rule does."""
    head, rule, *lines = text.removesuffix("\n").split("\n")
    starts = [at for at, each in enumerate(rule) if each != " " and (not at or rule[at - 1] == " ")]
    for line in (head, *lines):
        at = 0
        cells: dict[int, str] = {}
        for grapheme in graphemes(line):
            # A mark at the beginning of a cell stands upon the space before it.
            parts = [" ", grapheme[1:]] if grapheme[:1] == " " else [grapheme]
            for part in filter(None, parts):
                cells.setdefault(at, part)
                at += display_width(part)
        for start in starts[1:]:
            if start < at and not (
                start in cells and cells.get(start - 1) == cells.get(start - 2) == " "
            ):
                return False
    return True


@pytest.mark.parametrize("words", [words for words in LISTS if "find" not in words])
def test_columns_are_straight(words: str, shell: Shell) -> None:
    shown = shell(*words.split(), "--fields", ",".join(reversed(LISTS[words].split())))
    assert shown.code == 0, shown.err
    assert straight(shown.out)
    rows = shell(*words.split(), "--format", "ndjson").out.count("\n")
    assert shown.out.count("\n") == rows + 2


def test_messages_and_errors(shell: Shell) -> None:
    for text in STRINGS:
        for words in (
            ("deal", "show", f"{text}?"),
            ("account", "list", "--fields", text),
            ("account", "list", "--today", f"{text}?"),
            ("account", "list", "-o", f"/nowhere/{text}"),
            ("org", "edit", "all", "--set", f"colour{text}=1"),
        ):
            shown = shell(*words)
            assert shown.code in {1, 2, 3, 5, 7}, (words, shown)
            assert shown.err
            assert harmful(shown.err) == set(), words
            assert shown.out == ""


def test_what_was_done_is_told_without_harm(shell: Shell) -> None:
    for text in TEXTS:
        for words in (
            ("note", "add", text, "--org", "all"),
            ("person", "add", text, "--org", "all"),
            ("person", "edit", "p0", "--set", f"job_title={text}"),
        ):
            shown = shell(*words)
            assert harmful(shown.err) == set(), words
    shown = shell("log", "--limit", "200")
    assert harmful(shown.out) == set()
    assert shell("undo", str(2)).code == 0


@pytest.mark.parametrize("form", ["table", "json", "yaml", "csv", "markdown", "html"])
def test_bytes_that_are_no_text(form: str, shell: Shell, tmp_path: Path) -> None:
    odd = os.fsdecode(b"odd\xff")
    for words in (("find", odd), ("org", "show", odd), ("org", "list", "--fields", odd)):
        shown = shell(*words, "--format", form)
        assert shown.code in {0, 3, 5}, shown
        assert harmful(shown.out + shown.err) == set()
    (tmp_path / odd).write_text("x")
    shown = shell("file", "add", str(tmp_path / odd), "--org", "all", "--format", form)
    assert harmful(shown.out + shown.err) == set()


def test_visible_is_what_is_shown(shell: Shell) -> None:
    shown = shell("org", "list", "--fields", "name", "--no-header").out.split("\n")
    found = {line.strip() for line in shown}
    assert found >= {visible(text).strip() for text in STRINGS}
