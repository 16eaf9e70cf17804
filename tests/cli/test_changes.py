"""The command `changes`: what it prints, and that what it remembers is what it has told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from helpers.files import PROJECT

if TYPE_CHECKING:
    from helpers.cli import CommandLine

PROGRAM = str(Path(sys.executable).parent / "acctcli")
DAY = ("--today", "2026-03-10")
LAST = ("changes", "--since-last", "daily")
# The keys, written out a second time (rule 12).
KEYS = [
    "change", "id", "name", "owner", "tier", "from", "to", "won_value_before", "won_value",
    "difference", "bucket", "reason",
]  # fmt: skip


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def remembered(folder: Path) -> bytes | None:
    found = [*(folder.parent / "home").glob(".local/state/acctcli/*/daily.json")]
    return found[0].read_bytes() if found else None


def test_the_keys_of_changes(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    rows: Any = acct("changes", "--since", "60d", *DAY, "--format", "json").json
    assert rows
    assert all(list(row) == KEYS for row in rows)
    head = acct("changes", "--since", "60d", *DAY, "--format", "csv").out.split("\n")[0]
    assert head.split(",") == KEYS
    ids = acct("changes", "--since", "60d", *DAY, "--format", "ids").out.split()
    assert ids == [*dict.fromkeys(row["id"] for row in rows)]


def test_documents_have_all_kinds_in_one_table(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    for form in ("markdown", "html"):
        shown = acct("changes", "--since", "60d", *DAY, "--format", form).out
        for word in ("Difference", "value_up", "overdue", "Tannwälder", "EUR 2140.80"):
            assert word in shown.replace("\\", "")


def test_the_keys_of_names(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    assert acct("changes", "--names", "--format", "json").out == "[]\n"
    acct(*LAST, *DAY)
    assert acct("changes", "--names", "--format", "json").json == [
        {
            "name": "daily",
            "time": "2026-03-10T09:00:00+01:00",
            "today": "2026-03-10",
            "account_count": 12,
        }
    ]
    (path,) = (sample.parent / "home").glob(".local/state/acctcli/*/daily.json")
    path.write_text("{", "utf-8")
    assert acct("changes", "--names", "--format", "csv").out == (
        "name,time,today,account_count\ndaily,,,\n"
    )


def test_since_agrees_with_two_lists(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    for day in ("2025-03-01", "2026-01-31", "2026-03-10"):
        for end in ("2026-03-10", "2026-06-01"):
            rows: Any = acct("changes", "--since", day, "--today", end, "--format", "json").json
            old: Any = acct("account", "list", "--as-of", day, "--format", "json").json
            new: Any = acct("account", "list", "--today", end, "--format", "json").json
            before, now = ({row["id"]: row for row in rows} for rows in (old, new))
            assert {row["id"] for row in rows if row["change"] == "new"} == now.keys() - before
            assert {row["id"] for row in rows if row["change"] == "lost"} == before.keys() - now
            moved = {
                key: (before[key]["bucket"], now[key]["bucket"])
                for key in before.keys() & now
                if before[key]["bucket"] != now[key]["bucket"]
            }
            told = {
                row["id"]: (row["from"], row["to"])
                for row in rows
                if row["change"] in {"moved", "overdue"}
            }
            assert told == moved


def test_a_win_that_does_not_say_when_is_no_change(sample: Path, acct: CommandLine) -> None:
    plain = acct("changes", "--since", "60d", *DAY).out
    change(sample / "deals" / "2025.yaml", "  won_time: 2025-09-25\n", "")
    result = acct("changes", "--since", "60d", *DAY)
    assert result.out == plain
    assert "1 won deal does not say when" in result.err
    change(sample / "deals" / "2025.yaml", "  won_time: ", "  won_time: \n  # ")
    assert "2 won deals do not say when" in acct("changes", "--since", "60d", *DAY).err
    then = acct("changes", "--since", "60d", "--as-of", "2026-03-10")
    assert "Torino" not in then.out.partition("Moved")[0]  # left out on both sides, and told
    assert "[won-without-time]" in then.err


def test_twice_in_a_row_there_is_nothing(sample: Path, acct: CommandLine) -> None:
    assert acct(*LAST, *DAY).out == ""
    change(sample / "deals" / "2025.yaml", "value: 7600.00", "value: 8000.00")
    for form in ("table", "json", "ndjson", "csv", "ids"):
        peek = acct(*LAST, *DAY, "--keep", "--format", form)
        assert peek.code == 0
        assert peek == acct(*LAST, *DAY, "--keep", "--format", form)
        assert "fiordaliso-torino" in peek.out or form == "table"
    assert "Worth more (1)" in acct(*LAST, *DAY).out
    assert acct(*LAST, *DAY) == (0, "", "")
    assert acct(*LAST, *DAY, "--no-index") == (0, "", "")


def test_the_first_run_under_a_name_has_nothing_to_tell(sample: Path, acct: CommandLine) -> None:
    first = acct(*LAST, *DAY, "--keep", "--format", "json")
    assert (first.code, first.out) == (0, "[]\n")
    assert "nothing to compare with yet" in first.err
    assert remembered(sample) is None
    assert acct(*LAST, *DAY, "--format", "json").out == "[]\n"
    assert remembered(sample) is not None


def test_what_was_not_printed_is_not_remembered(sample: Path, acct: CommandLine) -> None:
    acct(*LAST, *DAY)
    before = remembered(sample)
    change(sample / "deals" / "2025.yaml", "value: 7600.00", "value: 8000.00")
    # With buffers, as usual: the data is out when they are empty.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [PROGRAM, *LAST, *DAY], env=environ, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 7
    assert remembered(sample) == before
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([PROGRAM, *LAST, *DAY], env=environ, stdout=writing, check=False)
    os.close(writing)
    assert done.returncode == 0
    assert remembered(sample) == before
    assert "Worth more (1)" in acct(*LAST, *DAY).out
    assert remembered(sample) != before


def test_a_refused_place_is_an_error_behind_the_data(sample: Path, acct: CommandLine) -> None:
    state = sample.parent / "state"
    state.write_text("no folder", "utf-8")
    result = acct(*LAST, *DAY, "--format", "json", XDG_STATE_HOME=str(state))
    assert result.code == 7
    assert "cannot-read" in result.err


def test_a_relative_folder_of_states_is_none(sample: Path, acct: CommandLine) -> None:
    acct(*LAST, *DAY, XDG_STATE_HOME="here")
    assert not (sample / "here").exists()
    assert remembered(sample) is not None
    assert acct(*LAST, HOME="", XDG_STATE_HOME="").code == 7


def test_what_cannot_be_read_is_not_taken_for_lost(sample: Path, acct: CommandLine) -> None:
    acct(*LAST, *DAY)
    before = remembered(sample)
    change(sample / "deals" / "2025.yaml", "value: 7600.00", "value: dear")
    refused = acct(*LAST, *DAY)
    assert (refused.code, refused.out) == (4, "")
    skipped = acct(*LAST, *DAY, "--skip-invalid")
    assert "No longer accounts (1)" in skipped.out
    assert "compares with the same" in skipped.err
    assert remembered(sample) == before


def test_an_account_of_another_owner_is_remembered_too(sample: Path, acct: CommandLine) -> None:
    acct(*LAST, *DAY, "--owner", "Ines")
    change(sample / "deals" / "2025.yaml", "value: 7600.00", "value: 8000.00")
    assert acct(*LAST, *DAY, "--keep", "--owner", "Ines").out == ""
    assert "Worth more (1)" in acct(*LAST, *DAY, "--keep", "--owner", "Anna").out
    assert "Worth more (1)" in acct(*LAST, *DAY, "--keep", "--where", "difference>300").out


def test_the_book_is_left_alone(sample: Path, acct: CommandLine) -> None:
    before = {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()}
    assert acct(*LAST, *DAY, "--read-only").code == 0
    assert acct("changes", "--forget", "daily", "--read-only").code == 0
    assert {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()} == before
