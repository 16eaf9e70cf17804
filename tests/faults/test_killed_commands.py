"""Real commands, killed at every system call that changes something (HARDENING row 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.faults.killing import (
    CALLS,
    INIT,
    SAMPLE,
    Outcomes,
    calls_of,
    kill_at_each,
    kill_init_at_each,
    works,
)
from helpers.faults.scenes import SCENES, Expected, Scene, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import ProcessPoolExecutor
    from pathlib import Path

    from helpers.counts import Tell

pytestmark = pytest.mark.skipif(
    not works(), reason="strace is not on this machine, or must not trace"
)


def _kill(
    scene: Scene,
    folder: Path,
    workers: ProcessPoolExecutor,
    *,
    calls: Sequence[str] = (),
    program: bool = False,
) -> Outcomes:
    """Kill a command at each of these calls, or at all that it makes to change something."""
    expected: Expected = workers.submit(prepare, scene, folder).result()
    calls = calls or workers.submit(calls_of, scene, folder).result()
    running = [
        workers.submit(kill_at_each, scene, folder, call, expected, program=program)
        for call in calls
    ]
    return sum((each.result() for each in running), Outcomes(0, 0))


def _always(*names: str) -> list[object]:
    """The names of all scenes, all but these marked as long."""
    return [
        name if name in names else pytest.param(name, marks=pytest.mark.long) for name in SCENES
    ]


# The calls of a book, which has a command's change, and those of its index are other ones: the
# latter come after the commit, but for the opening, and have tests of their own.
@pytest.mark.parametrize("name", SCENES)
def test_killed_at_every_change_a_command_leaves_a_whole_book(
    name: str, tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    outcomes = _kill(SCENES[name].without_index(), tmp_path / "scene", workers)
    assert outcomes.before >= 5
    assert outcomes.after >= 5
    tell("commands killed", name, outcomes.counts())


@pytest.mark.parametrize("name", _always("edit"))
def test_so_does_a_command_that_keeps_an_index(
    name: str, tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    outcomes = _kill(SCENES[name], tmp_path / "scene", workers)
    assert outcomes.before >= 5
    assert outcomes.after >= 20
    tell("commands killed that keep an index", name, outcomes.counts())


@pytest.mark.parametrize("name", _always("edit", "many files", "undo"))
def test_killed_when_it_opens_a_file_a_command_leaves_a_whole_book(
    name: str, tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    outcomes = _kill(SCENES[name], tmp_path / "scene", workers, calls=["openat"])
    assert outcomes.before >= 5
    assert outcomes.after >= 2
    tell("commands killed when they open a file", name, outcomes.counts())


@pytest.mark.parametrize("name", _always("edit"))
def test_killed_at_every_change_so_does_the_installed_program(
    name: str, tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    scene = SCENES[name].without_index()
    outcomes = _kill(scene, tmp_path / "scene", workers, program=True)
    assert outcomes.before >= 5
    assert outcomes.after >= 5
    tell("programs killed", name, outcomes.counts())


@pytest.mark.parametrize("words", [INIT, pytest.param(SAMPLE, marks=pytest.mark.long)])
def test_a_killed_init_leaves_no_book_or_a_whole_one(
    words: tuple[str, ...], tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    running = [workers.submit(kill_init_at_each, tmp_path / call, words, call) for call in CALLS]
    outcomes = sum((each.result() for each in running), Outcomes(0, 0))
    assert outcomes.before
    assert outcomes.after
    tell("commands killed", " ".join(words), outcomes.counts())
