"""The reports as commands: the same with the index and without, whole and in every format."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from helpers.books import make_book
from helpers.files import PROJECT

from acctcli.cli.commands import report_renewals

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

DAY = ("--today", "2026-03-10")
SETTINGS = "format: 1\ncurrency: EUR\ntimezone: Europe/Rome\ntiers: {A: 30d}\n"
REPORTS = [
    ("report", "coverage"),
    ("report", "coverage", "--since", "2026-02-18", "--until", "2026-03-01", "--all-orgs"),
    ("report", "coverage", "--types", "task,call"),
    ("report", "coverage", "--types", "lunch,email,meeting,call"),
    ("report", "repeat"),
    ("report", "repeat", "--late", "--owner", "Marco"),
    ("report", "repeat", "--by", "month"),
    ("report", "renewals", "--within", "2y"),
    ("report", "renewals", "--late"),
    ("account", "list", "--late"),
    ("account", "list", "--late", "--not-contacted", "60d", "--owner", "Anna"),
]


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_the_index_and_the_files_tell_the_same(
    sample: Path, acct: CommandLine, words: tuple[str, ...]
) -> None:
    assert (sample / "orgs.yaml").exists()
    for form in ("table", "json", "ndjson", "csv", "tsv"):
        first = acct(*words, *DAY, "--format", form)
        assert first.code == 0
        assert first.out
        assert acct(*words, *DAY, "--format", form).out == first.out
        assert acct(*words, *DAY, "--format", form, "--no-index").out == first.out


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_row_has_the_keys_of_the_columns(
    sample: Path, acct: CommandLine, words: tuple[str, ...]
) -> None:
    assert (sample / "orgs.yaml").exists()
    rows: Any = acct(*words, *DAY, "--format", "json").json
    head = acct(*words, *DAY, "--format", "csv").out.split("\n")[0].split(",")
    for row in rows:
        assert list(row) == list(dict.fromkeys(column.split(".")[0] for column in head))
    lines = acct(*words, *DAY, "--format", "ndjson").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    if "--by" not in words:
        ids = acct(*words, *DAY, "--format", "ids").out.split()
        assert ids == [row["id"] for row in rows]
        assert len(set(ids)) == len(ids) > 0


def test_types_of_contact_by_name_are_the_contacts(sample: Path, acct: CommandLine) -> None:
    assert (sample / "orgs.yaml").exists()
    plain = acct("report", "coverage", *DAY, "--format", "csv").out
    assert acct(*REPORTS[3], *DAY, "--format", "csv").out == plain
    settings = (sample / "acctcli.yaml").read_text("utf-8")
    fewer = settings.replace("[call, meeting, email, lunch]", "[lunch]")
    (sample / "acctcli.yaml").write_text(fewer, "utf-8")
    assert acct("report", "coverage", *DAY, "--format", "csv").out != plain
    assert acct(*REPORTS[3], *DAY, "--format", "csv").out == plain


def test_few_renewals_are_looked_up_and_many_read_with_the_same_answer(
    sample: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (sample / "orgs.yaml").exists()
    words = ("report", "renewals", "--within", "2y", *DAY, "--format", "json")
    few = acct(*words)
    assert few.out.count('"id"') == 5
    monkeypatch.setattr(report_renewals, "_FEW", 0)
    assert acct(*words) == few


def test_who_has_neither_contact_nor_win_with_a_day_is_late(
    folder: Path, acct: CommandLine
) -> None:
    deals = "- id: d1\n  title: Old\n  org: acme\n  status: won\n"
    make_book(folder, settings=SETTINGS, orgs="- id: acme\n  name: Acme\n  tier: A\n", deals=deals)
    (row,) = json.loads(acct("account", "list", "--late", *DAY, "--format", "json").out)
    assert (row["rhythm"], row["contact_due"], row["late_by"]) == ("30d", None, None)
    assert "Contact due" in acct("account", "show", "acme", *DAY).out
    assert "Acme" in acct("account", "list", "--late", *DAY).out
    (row,) = json.loads(acct("report", "repeat", *DAY, "--format", "json").out)
    assert (row["win_count"], row["first_win"], row["next_win"]) == (1, None, None)
    assert acct("report", "repeat", "--by", "year", *DAY, "--format", "json").json == []


def test_the_page_of_an_organization_without_a_rhythm_has_no_such_line(
    folder: Path, acct: CommandLine
) -> None:
    orgs = "- id: acme\n  name: Acme\n  tier: A\n- id: beta\n  name: Beta\n"
    deals = "- id: d1\n  title: Old\n  org: beta\n  status: won\n"
    make_book(folder, settings=SETTINGS, orgs=orgs, deals=deals)
    for name in ("acme", "beta"):
        assert "Contact due" not in acct("org", "show", name, *DAY).out


def test_an_import_with_an_unknown_tier_writes_nothing(folder: Path, acct: CommandLine) -> None:
    make_book(folder, settings=SETTINGS, orgs="- id: acme\n  name: Acme\n  tier: A\n")
    (folder / "in.csv").write_text("Name,Level\nBeta,A\nCelo,Z\n", "utf-8")
    (folder / "map.yaml").write_text(
        "kind: orgs\nkey: Name\ncolumns: {Name: name, Level: tier}\n", "utf-8"
    )
    result = acct("import", "csv", "in.csv", "--map", "map.yaml")
    assert result.code == 5
    assert "unknown-tier" in result.err
    assert acct("org", "list", "--format", "ids").out == "acme\n"


def test_reports_change_nothing_in_a_book_that_is_read_only(
    sample: Path, acct: CommandLine
) -> None:
    before = {path: path.read_bytes() for path in sample.rglob("*.yaml")}
    for words in REPORTS:
        assert acct(*words, *DAY, "--read-only").code == 0
    assert acct("deal", "renew", "Pesage des citernes", "--read-only").code != 0
    assert {path: path.read_bytes() for path in sample.rglob("*.yaml")} == before
