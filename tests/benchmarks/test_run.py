"""What `make bench` makes of what it measured: the table, the page, and who agrees with whom.

No time is asserted; a machine that is slow today is no defect.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import jobs
import pytest
import run
from jobs import edit_by_hand
from report import Row, absent, compared, machine, memory, section, table, took, with_section
from rivals import DUCKDB_CSV, HLEDGER, LEDGER, RECSEL, SQLITE, acctcli_totals, same_totals
from timing import BenchmarkError, Runner, Taken, Task, _together

if TYPE_CHECKING:
    from rivals import Rival

TOTALS = {
    ("acme", "EUR"): Decimal("100.50"),
    ("acme", "USD"): Decimal("7.25"),
    ("b-x", "EUR"): Decimal(-3),
}


def taken(seconds: float, peak: int = 0) -> Taken:
    return Taken(seconds, peak, 1, Path())


# Totals


LEDGERS = """\
          EUR 100.50
            USD 7.25  Won:acme
           EUR -3.00  Won:b-x
--------------------
           EUR 97.50
            USD 7.25
"""
HLEDGERS = """\
"account","commodity","balance"
"Won:acme","EUR","100.50"
"Won:acme","USD","7.25"
"Won:b-x","EUR","-3.00"
"total","EUR","97.50"
"total","USD","7.25"
"""
RECSELS = """\
org: acme
currency: EUR
Sum_value: 100.5

org: acme
currency: USD
Sum_value: 7.25

org: b-x
currency: EUR
Sum_value: -3
"""


@pytest.mark.parametrize(
    ("rival", "text"),
    [
        (LEDGER, LEDGERS),
        (HLEDGER, HLEDGERS),
        (RECSEL, RECSELS),
        (SQLITE, "acme|EUR|10050\nacme|USD|725\nb-x|EUR|-300\n"),
        (DUCKDB_CSV, "acme,EUR,100.50\nacme,USD,7.25\nb-x,EUR,-3.00\n"),
    ],
    ids=["ledger", "hledger", "recsel", "sqlite3", "csv"],
)
def test_the_answers_of_others_are_read(rival: Rival, text: str) -> None:
    assert rival.totals(text) == TOTALS


def test_our_answer_is_read() -> None:
    accounts = [
        {"id": "acme", "won_value": {"EUR": 100.50, "USD": 7.25}},
        {"id": "b-x", "won_value": {"EUR": -3}},
        {"id": "none", "won_value": {}},
    ]
    assert acctcli_totals(json.dumps(accounts)) == TOTALS


def test_totals_that_differ_are_told_apart() -> None:
    key = ("b-x", "EUR")
    assert same_totals(TOTALS, dict(TOTALS), 0)
    assert not same_totals(TOTALS, {**TOTALS, key: Decimal("-3.01")}, 0)
    assert not same_totals(TOTALS, {**TOTALS, ("c", "EUR"): Decimal(0)}, 0)
    assert not same_totals(TOTALS, {k: v for k, v in TOTALS.items() if k != key}, 6)
    assert same_totals(TOTALS, {**TOTALS, key: Decimal("-3.00003")}, 6)
    assert not same_totals(TOTALS, {**TOTALS, key: Decimal("-3.00004")}, 6)


# Rows and pages


def test_a_target_is_met_at_the_target_or_only_below_it() -> None:
    at, below = (
        compared("job", taken(1.0), "other", taken(2.0), target=0.5, below=below)
        for below in (False, True)
    )
    assert at == Row("job", "1.00 s", "other: 2.00 s", "0.50", "0.5", met=True)
    assert below == Row("job", "1.00 s", "other: 2.00 s", "0.50", "below 0.5", met=False)
    assert not compared("job", taken(1.1), "other", 2.0, target=0.5).met
    assert compared("job", taken(1), "other", 2.0, target=None).met is None


def test_a_program_that_is_not_there_is_named() -> None:
    row = absent("job", taken(0.25), "DuckDB", 1, below=True)
    assert row == Row("job", "250 ms", "DuckDB: not installed", "", "below 1")
    assert row.met is None


def test_memory_is_held_against_its_limit() -> None:
    assert memory("agenda", taken(12.34, 400_000_000), 400_000_000) == Row(
        "peak memory: agenda", "400 MB, 12 s", target="400 MB", met=True
    )
    assert memory("agenda", taken(1, 400_000_001), 400_000_000).met is False
    assert memory("import", taken(1, 7_000_000), None) == Row("peak memory: import", "7 MB, 1.00 s")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0104, "10 ms"), (0.9, "900 ms"), (1.234, "1.23 s"), (123.4, "123 s")]
)
def test_times_are_for_people(seconds: float, text: str) -> None:
    assert took(seconds) == text


def test_a_section_has_the_machine_the_versions_the_date_and_the_table(tmp_path: Path) -> None:
    rows = [compared("job", taken(1.0), "other", taken(0.5), target=1)]
    text = section(210_000, "2026-03-10", {"ledger": "3.3", "duckdb": None}, rows, place=tmp_path)
    assert text.startswith("## 210,000 records\n\n- 2026-03-10\n")
    assert "\n- ledger 3.3, duckdb not installed\n" in text
    assert all(f"\n- {fact}\n" in text for fact in machine(tmp_path))
    assert text.endswith(f"\n\n{table(rows)}\n")
    assert table(rows).splitlines()[2].split("|")[1:-1] == [
        *(" job   ", " 1.00 s    ", " other: 500 ms ", " 2.00    ", " 1        ", " no    ")
    ]


def test_a_page_keeps_what_is_written_by_hand_and_other_sizes() -> None:
    page = with_section(None, 210_000, "## old\n")
    page = (
        page.replace("# Speed\n", "# Speed\n\nOur own words.\n") + "\n## What stands in the way\n"
    )
    page = with_section(page, 2_100_000, "## large\n")
    page = with_section(page, 10_000, "## small\n")
    changed = with_section(page, 210_000, "## new \\1\n")
    assert changed == page.replace("## old", "## new \\1")
    order = ["Our own words.", "## small", "## new", "## What stands", "## large"]
    assert sorted(order, key=changed.index) == order
    assert with_section(changed, 210_000, "## old\n") == page


# Measuring


def test_tasks_take_turns_and_what_comes_before_is_not_measured(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import sys; print(sys.argv[1], file=open(sys.argv[2], 'a')); print(sys.argv[1])"

    def noting(word: str) -> list[str]:
        return [sys.executable, "-c", code, word, str(log)]

    def set_up(_: int) -> None:
        with log.open("a") as file:
            file.write("set up\n")

    runner = Runner(tmp_path / "out", {})
    found = runner.in_turns(
        {"a": Task(lambda number: noting(f"a{number}"), set_up), "b": Task(noting("b"), rounds=1)},
        2,
    )
    assert log.read_text().splitlines() == ["set up", "a0", "b", "set up", "a1"]
    assert {name: one.runs for name, one in found.items()} == {"a": 2, "b": 1}
    assert found["a"].out.read_text() == "a1\n"
    assert found["a"].seconds > 0


def test_runs_together_are_their_median_and_their_highest_peak() -> None:
    runs = [taken(1.0, 5), taken(9.0, 7), taken(2.0, 6)]
    assert _together(runs) == Taken(2.0, 7, 3, Path())


def test_the_peak_of_memory_is_the_commands_own(tmp_path: Path) -> None:
    """Linux counts what the parent had in memory when it started a child."""
    ballast = bytearray(b"x" * 200_000_000)
    runner = Runner(tmp_path, {})
    peak = runner.run("small", [sys.executable, "-c", "pass"]).peak
    assert 1_000_000 < peak < len(ballast)
    code = "x = bytearray(b'x' * 300_000_000)"
    assert runner.run("large", [sys.executable, "-c", code]).peak > 300_000_000


def test_a_command_that_fails_ends_the_run(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {})
    with pytest.raises(BenchmarkError, match=r"exit code .*3.*\nwhy it failed"):
        runner.run(
            "job", [sys.executable, "-c", "print('why it failed', file=open(2, 'w')); exit(3)"]
        )
    with pytest.raises(BenchmarkError, match="FileNotFoundError"):
        runner.run("job", ["/nowhere/program"])


def test_an_edit_by_hand_changes_two_digits_each_time(tmp_path: Path) -> None:
    path = tmp_path / "deals.yaml"
    won = "- id: d1\n  value: 10.99\n  currency: EUR\n  status: won\n"
    path.write_text(won.replace("won", "open") + won)
    edit_by_hand(path)
    assert path.read_text() == won.replace("won", "open") + won.replace(".99", ".00")
    edit_by_hand(path)
    assert path.read_text() == won.replace("won", "open") + won.replace(".99", ".01")
    path.write_text(won.replace("won", "open"))
    with pytest.raises(BenchmarkError, match=r"no won deal in the middle of deals\.yaml"):
        edit_by_hand(path)


@pytest.mark.long
def test_a_whole_run_prints_every_job_and_writes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "benchmarks.md"
    monkeypatch.setattr(run, "PAGE", page)
    words = ["--size", "210", "--rounds", "1", "--work", str(tmp_path / "work")]
    assert run.main([*words, "--no-write"]) == 0
    assert not page.exists()
    assert run.main(words) == 0
    printed = capsys.readouterr().out
    for job in ("--version", "warm", "first run", "by hand", "show", "won", "import", "check"):
        assert job in printed
    text = page.read_text("utf-8")
    assert "## 210 records" in text
    assert text.rstrip().endswith("<!-- to here: 210 records -->")
    assert all(line in text for line in printed.splitlines()[-5:])
    # A book larger than the one of reference is held against that one.
    monkeypatch.setattr(run, "REFERENCE", 105)
    monkeypatch.setattr(jobs, "REFERENCE", 105)
    assert run.main([*words, "--only", "first", "--only", "large"]) == 0
    printed = capsys.readouterr().out
    assert "the same files (reckoned from 105 records): " in printed
    assert "| the same of 105 records: " in printed
    assert page.read_text("utf-8") == text
