"""Times whole processes: medians of runs that take turns, so that a slow moment hits all alike.

It knows commands and what they take; it does not know what they are for.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_MEASURE = Path(__file__).with_name("measure.py")


class BenchmarkError(Exception):
    """A command that is measured did not do what it should; the text says which and how."""


class Task(NamedTuple):
    """A command to measure.

    Attributes:
        command: Its words; they may depend on the number of the run.
        before: What is done before each run, and not measured.
        rounds: In how many rounds it takes part, None for all.
    """

    command: Sequence[str] | Callable[[int], Sequence[str]]
    before: Callable[[int], object] | None = None
    rounds: int | None = None


class Taken(NamedTuple):
    """What a command took: the median of the seconds, and the highest peak of memory in bytes."""

    seconds: float
    peak: int
    runs: int
    out: Path  # what its last run printed


class Runner:
    """Runs commands in one environment and keeps what they print in a folder."""

    def __init__(self, folder: Path, environ: Mapping[str, str], *, echo: bool = True) -> None:
        self._folder = folder
        self._environ = dict(environ)
        self._echo = echo
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, name: str, command: Sequence[str]) -> Taken:
        """Run a command once.

        Raises:
            BenchmarkError: it could not be run, or its exit code is not 0.
        """
        out, err = self._folder / f"{name}.out", self._folder / f"{name}.err"
        measured = subprocess.run(
            [sys.executable, "-I", "-S", _MEASURE, out, err, *command],
            env=self._environ,
            capture_output=True,
            text=True,
            check=False,
        )
        told = measured.stdout.split()
        if measured.returncode or told[2] != "0":
            why = measured.stderr or err.read_text("utf-8", "replace")
            raise BenchmarkError(f"{' '.join(command)}: exit code {told[2:]}\n{why.strip()}")
        return Taken(float(told[0]), int(told[1]), 1, out)

    def in_turns(self, tasks: Mapping[str, Task], rounds: int) -> dict[str, Taken]:
        """Run the tasks in turns, round after round, and give what each took by its name.

        Raises:
            BenchmarkError: one of them failed.
        """
        taken: dict[str, list[Taken]] = {name: [] for name in tasks}
        for number in range(rounds):
            for name, task in tasks.items():
                if task.rounds is not None and number >= task.rounds:
                    continue
                if task.before:
                    task.before(number)
                words = task.command(number) if callable(task.command) else task.command
                taken[name].append(self.run(name, words))
                self._say(f"\r{name}, run {number + 1} of {rounds}")
        self._say("\r")
        return {name: _together(runs) for name, runs in taken.items()}

    def _say(self, text: str) -> None:
        if self._echo and sys.stderr.isatty():
            print(f"{text:<79}", end="", file=sys.stderr, flush=True)


def _together(runs: Sequence[Taken]) -> Taken:
    return Taken(
        median(run.seconds for run in runs),
        max(run.peak for run in runs),
        len(runs),
        runs[-1].out,
    )
