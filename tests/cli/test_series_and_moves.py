"""Series and moves from the command line, where a transcript cannot show them."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest
from helpers.files import PROJECT, files_of

from acctcli.cli.app.session import Session
from acctcli.store.ids import next_in_series_id

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

SERIES = (
    "- id: a1\n  subject: Visit\n  type: call\n  org: acme\n  owner: Anna\n  due_date: 2026-03-10\n"
    "  due_time: 09:30\n  duration: 1:00\n  location: Turin\n  note: Ring twice\n"
    "  repeat: every 3 months\n  from: due\n  until: 2027-01-01\n  playbook: care\n  run: d1\n"
    "  step: 2\n  floor: 3\n  odd: kept\n"
)
OWN = "fields: {activities: {floor: whole number, doors: {some_of: [A, B]}}}\n"


def records(acct: CommandLine, *words: str) -> list[dict[str, object]]:
    result = acct("activity", "list", "--format", "json", *words)
    assert result.code == 0
    found = result.json
    assert isinstance(found, list)
    return found


@pytest.fixture
def series(small: Path) -> Path:
    (small / "activities.yaml").write_text(SERIES, "utf-8")
    with (small / "acctcli.yaml").open("a") as file:
        file.write(OWN)
    return small


def test_the_next_one_has_what_the_one_before_had(series: Path, acct: CommandLine) -> None:
    assert acct("activity", "done", "a1").code == 0
    before, after = records(acct)
    same = (
        *("subject", "type", "org", "owner", "due_time", "duration", "location"),
        *("repeat", "from", "until", "custom_fields"),
    )
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after["custom_fields"] == {"floor": 3, "doors": None}
    assert after["due_date"] == "2026-06-10"
    assert after["add_time"] == "2026-03-10T09:00:00+01:00"
    for name in ("note", "done_time", "playbook", "run", "step"):
        assert after[name] is None
    assert "odd" not in (series / "activities.yaml").read_text("utf-8").partition("2026-06-10")[2]


def test_both_are_printed_for_scripts(series: Path, acct: CommandLine) -> None:
    result = acct("activity", "done", "a1", "--format", "ids")
    assert result.out.split() == ["a1", next_in_series_id("a1", 0)]


@pytest.mark.parametrize(
    "words",
    [
        ("activity", "done", "a1"),
        ("activity", "edit", "a1", "--set", "done=true"),
        ("activity", "edit", "a1", "--set", "done_time=2026-03-09", "--set", "done=yes"),
    ],
)
def test_done_reopened_and_done_again_it_plans_one(
    series: Path, acct: CommandLine, words: tuple[str, ...]
) -> None:
    assert "planned call" in acct(*words).err
    assert acct("activity", "reopen", "a1").code == 0
    assert "its next one is there already: call" in acct(*words).err
    assert len(records(acct)) == 2
    assert acct("activity", "done", next_in_series_id("a1", 0)).code == 0
    assert acct("activity", "reopen", "a1").code == 0
    assert acct(*words).err.rstrip().endswith(", done")
    assert len(records(acct)) == 3


def test_one_without_a_day_is_told_as_it_is(series: Path, acct: CommandLine) -> None:
    assert acct("activity", "done", "a1").code == 0
    next_id = next_in_series_id("a1", 0)
    assert acct("activity", "edit", next_id, "--unset", "due_date", "--unset", "type").code == 0
    assert acct("activity", "reopen", "a1").code == 0
    assert acct("activity", "done", "a1").err.endswith(
        f'is there already: activity "Visit" ({next_id})\n'
    )


def test_marked_done_twice_it_plans_one(series: Path, acct: CommandLine) -> None:
    assert acct("activity", "done", "a1", "a1").code == 0
    assert "planned" not in acct("activity", "done", "a1").err
    assert "planned" not in acct("activity", "edit", "a1", "--set", "done=true").err
    assert len(records(acct)) == 2


def test_the_editor_plans_it_too(series: Path, acct: CommandLine, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "  done: true" >> "$1"\n')
    editor.chmod(0o755)
    assert "planned call" in acct("activity", "edit", "a1", EDITOR=str(editor)).err
    assert len(records(acct, "--undone")) == 1


def test_an_id_that_is_taken_is_passed_over(series: Path, acct: CommandLine) -> None:
    taken = [next_in_series_id("a1", attempt) for attempt in range(8)]
    with (series / "orgs.yaml").open("a") as file:
        file.writelines(f"- id: {each}\n  name: {each}\n" for each in taken[:3])
    assert acct("activity", "done", "a1", "--format", "ids").out.split() == ["a1", taken[3]]
    assert acct("undo").code == 0
    with (series / "orgs.yaml").open("a") as file:
        file.writelines(f"- id: {each}\n  name: {each}\n" for each in taken[3:])
    _, made = acct("activity", "done", "a1", "--format", "ids").out.split()
    assert made not in taken


def test_a_series_that_cannot_go_on_leaves_the_book_as_it_was(
    series: Path, acct: CommandLine
) -> None:
    assert acct("activity", "edit", "a1", "--unset", "due_date").code == 0
    before = files_of(series)
    for words in (
        ("done", "a1"),
        ("edit", "a1", "--set", "done=true"),
        ("done", "a1", "--next", "call", "+1w"),
    ):
        assert acct("activity", *words).code == 5
    assert files_of(series) == before
    assert acct("activity", "done", "a1", "--no-next").code == 0


def test_the_calendar_ends_a_series(series: Path, acct: CommandLine) -> None:
    assert (
        acct("activity", "edit", "a1", "--unset", "until", "--set", "due_date=9999-12-01").code == 0
    )
    assert "which ends with the calendar" in acct("activity", "done", "a1").err


# the manual


@pytest.mark.parametrize(("page", "many"), [("recurrence.md", 4), ("moving.md", 5)])
def test_the_examples_of_the_manual_run_as_told(
    book: Path, acct: CommandLine, page: str, many: int
) -> None:
    text = (PROJECT / "docs" / page).read_text("utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for language, block in blocks if not language for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("acctcli")]
    told = [line for line in lines if not line.startswith("acctcli")]
    assert len(commands) == many
    printed = []
    for line in commands:
        words = shlex.split(line)[1:]
        if "--no-next" in words:
            words[2] = next_in_series_id(str(records(acct)[0]["id"]), 0)
        result = acct(*words, ACCTCLI_TODAY="2026-03-10")
        assert result.code == 0
        printed += result.err.splitlines()
    without_ids = [_without_ids(line) for line in printed]
    assert len(told) == 2
    assert [line for line in told if _without_ids(line) not in without_ids] == []


def _without_ids(text: str) -> str:
    return re.sub(r"\(a[0-9a-z]{8}\)", "(ID)", text)


# moves


@pytest.mark.parametrize(("answer", "left"), [("y\n", None), ("n\n", "2026-03-12")])
def test_on_a_terminal_it_asks_before_all_is_unplanned(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch, answer: str, left: str | None
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Session, "can_ask", lambda _: True)
        result = acct("account", "move", "acme", "none", stdin=answer)
    assert result.code == 0
    assert 'call "Ask about the renewal" (a1) on 2026-03-12' in result.err
    assert "take away this date" in result.err
    assert ("nothing was changed" in result.err) == (answer == "n\n")
    assert [each["due_date"] for each in records(acct, "--undone")] == [left]


def test_where_nothing_is_planned_it_does_not_ask(small: Path, acct: CommandLine) -> None:
    result = acct("account", "move", "bianchi", "none")
    assert (result.code, result.out) == (0, "")
    assert 'is in "none" already' in result.err


def test_no_other_account_changes(small: Path, acct: CommandLine) -> None:
    for org, due in (("bianchi", "2026-03-02"), ("acme", "2026-03-03"), ("acme", "2026-05-01")):
        assert acct("activity", "add", "More", "--org", org, "--due", due).code == 0
    before = accounts(acct)
    for bucket in ("later", "today", "soon", "tomorrow"):
        assert acct("account", "move", "acme", bucket).code == 0
        after = accounts(acct)
        assert after.pop("acme")["bucket"] == bucket
        assert after == {name: row for name, row in before.items() if name != "acme"}
        assert len(records(acct)) == 5
    for _ in range(4):
        assert acct("undo").code == 0
    assert accounts(acct) == before


def accounts(acct: CommandLine) -> dict[str, dict[str, object]]:
    rows = json.loads(acct("account", "list", "--format", "json").out)
    return {row["id"]: row for row in rows}


def test_a_dry_run_writes_nothing_and_prints_what_would_be(small: Path, acct: CommandLine) -> None:
    before = files_of(small)
    result = acct("account", "move", "acme", "later", "--dry-run", "--format", "json")
    assert isinstance(result.json, list)
    assert [each["due_date"] for each in result.json] == ["2026-03-17"]
    assert files_of(small) == before


# days off


def test_days_off_are_read_only_where_business_days_are_counted(
    small: Path, acct: CommandLine
) -> None:
    with (small / "acctcli.yaml").open("a") as file:
        file.write("holidays: [gone.yaml]\n")
    uncounted: tuple[tuple[str, ...], ...] = (
        ("activity", "add", "A", "--org", "acme", "--due", "+3d"),
        ("activity", "move", "a1", "friday"),
        ("account", "list"),
        ("account", "move", "acme", "later"),
        ("agenda", "--until", "+1w"),
        ("deal", "won", "d3", "--on", "today"),
    )
    for words in uncounted:
        assert acct(*words).code == 0
    counted: tuple[tuple[str, ...], ...] = (
        ("activity", "add", "A", "--org", "acme", "--due", "+3bd"),
        ("activity", "move", "a1", "-1bd"),
        ("activity", "edit", "a1", "--set", "due_date=+1bd"),
        ("activity", "done", "a1", "--on", "-1bd"),
        ("activity", "done", "a1", "--next", "call", "+1bd"),
        ("agenda", "--until", "+1bd"),
        ("deal", "lost", "d3", "--on", "-1bd"),
    )
    for words in counted:
        result = acct(*words)
        assert result.code == 4
        assert "no-holidays-file" in result.err
