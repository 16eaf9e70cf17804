"""The boards, the report of health and the health on a page, as scripts get them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from helpers.files import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

TODAY = ("--today", "2026-03-10")
PARTS = ["contact", "overdue", "next_step", "wins", "open_value"]


@pytest.fixture
def sample(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample book, in which the program runs."""
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    monkeypatch.chdir(folder / "sample")
    return folder / "sample"


def _json(acct: CommandLine, *words: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    result = acct(*words, *TODAY, "--format", "json")
    assert (result.code, result.err) == (0, "")
    return json.loads(result.out)


# Keys may be added, never renamed or removed (rule 12); these lists are the promise.


def test_the_keys_of_the_board(sample: Path, acct: CommandLine) -> None:
    found = _json(acct, "account", "board")
    assert list(found) == ["today", "columns"]
    assert found["today"] == "2026-03-10"
    for column in found["columns"]:
        assert list(column) == ["bucket", "title", "count", "won_value", "accounts"]
    listed = {each["id"]: each for each in _json(acct, "account", "list")}
    cards = [each for column in found["columns"] for each in column["accounts"]]
    assert {each["id"]: each for each in cards} == listed
    assert acct("account", "board", "--by", "bucket", *TODAY) == acct("account", "board", *TODAY)


@pytest.mark.parametrize("by", ["owner", "tier", "health", "renewal", "segment", "industry"])
def test_the_keys_of_boards_by_something_else(sample: Path, acct: CommandLine, by: str) -> None:
    found = _json(acct, "account", "board", "--by", by)
    assert list(found) == ["today", "by", "columns"]
    assert found["by"] == by
    for column in found["columns"]:
        assert list(column) == ["key", "title", "count", "won_value", "accounts"]
        assert column["count"] == len(column["accounts"])
    cards = [each["id"] for column in found["columns"] for each in column["accounts"]]
    assert sorted(cards) == sorted(each["id"] for each in _json(acct, "account", "list"))


def test_the_cards_as_rows_name_their_column(sample: Path, acct: CommandLine) -> None:
    words = ("account", "board", "--by", "labels", *TODAY)
    rows = list(csv.DictReader(io.StringIO(acct(*words, "--format", "csv").out)))
    assert [(row["column"], row["id"]) for row in rows[:3]] == [
        ("automotive", "tannwaelder"),
        ("consultant", "tramontana"),
        ("distributor", "cobalt-heron"),
    ]
    assert [row["column"] for row in rows].count("") == 5
    ids = acct(*words, "--format", "ids").out.split()
    assert len(rows) > len(ids) == len(set(ids)) == 12
    first = acct("account", "board", "--format", "csv", *TODAY).out.splitlines()[0]
    assert first.startswith("id,name,")


def test_the_keys_of_the_report_of_health(sample: Path, acct: CommandLine) -> None:
    rows = _json(acct, "report", "health")
    assert len(rows) == 12
    for row in rows:
        assert list(row) == [
            *("id", "name", "owner", "tier", "won_value", "points", "word", "reason", "parts")
        ]
        assert [part["input"] for part in row["parts"]] == PARTS
        assert list(row["parts"][0]) == ["input", "weight", "score", "points", "most", "because"]
        assert sum(part["points"] for part in row["parts"]) == row["points"]
    lines = acct("report", "health", "--format", "csv", *TODAY).out.splitlines()
    assert lines[0] == "id,name,owner,tier,won_value,points,word,reason"
    assert len(lines) == 13


def test_the_report_takes_an_owner_and_a_word(sample: Path, acct: CommandLine) -> None:
    rows = _json(acct, "report", "health")
    for options, expected in (
        (["--owner", "Ines"], [row["id"] for row in rows if row["owner"] == "Ines"]),
        (["--word", "at risk"], [row["id"] for row in rows if row["word"] == "at risk"]),
        (["--word", "healthy", "--owner", "nobody"], []),
    ):
        result = acct("report", "health", *options, *TODAY, "--format", "ids")
        assert (result.code, result.out.split()) == (0, expected)
    assert acct("report", "health", "--word", "ill").code == 2


@pytest.mark.parametrize("noun", ["account", "org"])
def test_a_page_has_the_health_of_an_account(sample: Path, acct: CommandLine, noun: str) -> None:
    shown = _json(acct, noun, "show", "tannwaelder")["health"]
    (row,) = [each for each in _json(acct, "report", "health") if each["id"] == "tannwaelder"]
    assert list(shown) == ["points", "word", "parts"]
    assert shown == {key: row[key] for key in shown}


def test_what_is_no_account_has_no_health(sample: Path, acct: CommandLine) -> None:
    assert _json(acct, "org", "show", "globex")["health"] is None
    assert "Health" not in acct("org", "show", "globex", *TODAY).out


@pytest.mark.parametrize("by", ["bucket", "owner", "health", "renewal", "segment", "industry"])
def test_boards_are_the_same_without_the_index(sample: Path, acct: CommandLine, by: str) -> None:
    for form in ("table", "json"):
        words = ("account", "board", "--by", by, "--format", form, *TODAY)
        assert acct(*words) == acct(*words, "--no-index")
    report = ("report", "health", "--format", "json", *TODAY)
    assert acct(*report) == acct(*report, "--no-index")


def test_a_board_of_nobody_is_nothing(book: Path, acct: CommandLine) -> None:
    assert acct("account", "board", "--by", "owner") == (0, "", "")
    assert _json(acct, "account", "board", "--by", "owner")["columns"] == []
    assert acct("report", "health") == (0, "", "")
