"""An index that a killed command left, whichever way, never tells in an answer."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest
from helpers.faults.killing import Outcomes, works
from helpers.faults.overtaking import (
    CALLS,
    answers,
    half_made,
    index_of,
    kill_at_index,
    kill_reading,
    overtake_building,
)
from helpers.faults.scenes import SCENES, copied, environment, make_base, prepare, printed

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from pathlib import Path

    from helpers.counts import Tell

needs_strace = pytest.mark.skipif(
    not works(), reason="strace is not on this machine, or must not trace"
)

# How many of the writes of a scene there are to one that is killed; all of them in the long run.
_STEPS = {"import": 4, "undo": 1}


@needs_strace
@pytest.mark.parametrize(
    ("name", "step"),
    [
        *_STEPS.items(),
        *(
            pytest.param(name, 1, marks=pytest.mark.long)
            for name in SCENES
            if _STEPS.get(name) != 1
        ),
    ],
)
def test_killed_at_its_index_a_command_leaves_a_whole_book(
    name: str, step: int, tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    folder = tmp_path / "scene"
    expected = workers.submit(prepare, SCENES[name], folder).result()
    running = [
        workers.submit(
            kill_at_index, SCENES[name], folder, call, step if call == "pwrite64" else 1, expected
        )
        for call in CALLS
    ]
    outcomes = sum((each.result() for each in running), Outcomes(0, 0))
    assert outcomes.before >= 1
    assert outcomes.after >= 20
    tell("commands killed at their index", name, outcomes.counts())


@needs_strace
@pytest.mark.parametrize("built", [False, True], ids=["made", "refreshed"])
def test_a_list_that_is_killed_at_its_index_leaves_right_answers(
    tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell, *, built: bool
) -> None:
    base = workers.submit(make_base, SCENES["edit"], tmp_path / "scene").result()
    running = [workers.submit(kill_reading, base, call, built=built) for call in CALLS]
    kills = sum(each.result() for each in running)
    assert kills >= 20
    what = "while the index is refreshed" if built else "while the index is made"
    tell("lists killed", what, {"system calls killed at": kills})


@needs_strace
@pytest.mark.parametrize("killed", [False, True], ids=["both live", "one is killed"])
def test_two_that_make_an_index_at_once_answer_rightly(
    tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell, *, killed: bool
) -> None:
    base = workers.submit(make_base, SCENES["edit"], tmp_path / "scene").result()
    running = [
        workers.submit(overtake_building, base, call, killed=killed)
        for call in ("fsync", "link", "pwrite64", "unlink")
    ]
    stops = sum(each.result() for each in running)
    assert stops >= 20
    what = "the other one is killed" if killed else "the other one ends first"
    tell("indexes made by two at once", what, {"stopped and overtaken": stops})


def test_what_stood_beside_an_index_that_is_gone_is_no_part_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    base = make_base(SCENES["edit"], tmp_path / "scene")
    root = copied(base, "book")
    _, path, log, shared, _ = index_of(root)
    # As a process leaves it that is killed after a refresh, and another while it removes the index.
    kept = path.with_name("kept")
    deals = root / "deals.yaml"
    with_log = sqlite3.connect(path, isolation_level=None)
    with_log.execute("SELECT * FROM about").fetchall()
    printed(root, "deal", "won", "d1", "--quiet")
    shutil.copy(log, kept)
    with_log.close()
    for each in (path, log, shared):
        each.unlink(missing_ok=True)
    kept.rename(log)
    deals.write_bytes(deals.read_bytes().replace(b"ERP rollout", b"ERP is done"))
    assert "ERP is done" in answers(root)
    assert path.is_file()
    assert half_made(root) == []
