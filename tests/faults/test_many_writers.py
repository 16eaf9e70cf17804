"""Many processes that change one book at once, some of them killed (HARDENING row 4)."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from helpers.faults import counting
from helpers.faults.counting import counting_book, own_number, shared_number
from helpers.faults.dying import history_of, leftovers
from helpers.faults.scenes import PROGRAM, environment
from helpers.files import files_of

from acctcli.store.book import Book
from acctcli.store.commit import journal
from acctcli.store.commit.lock import read_holder
from acctcli.store.history.history_format import FILE

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.counts import Tell

_WRITERS = [f"writer-{number}" for number in range(8)]
_PATIENCE = 600  # seconds, for all of a test's processes together


class _Writers:
    """Eight processes, each with a file in which it says what is stored."""

    def __init__(self, folder: Path, each: int) -> None:
        self.root = counting_book(folder / "book", _WRITERS)
        self.each = each
        self._folder = folder
        self._environment = environment(folder)
        self._running = {name: self._started(name) for name in _WRITERS}
        self._end = time.monotonic() + _PATIENCE

    def _started(self, name: str) -> subprocess.Popen[bytes]:
        with self._said_by(name).open("ab") as out:
            return subprocess.Popen(
                [sys.executable, counting.__file__, str(self.root), name, str(self.each)],
                stdout=out,
                env=self._environment,
            )

    def _said_by(self, name: str) -> Path:
        return self._folder / f"{name}.txt"

    def told(self, name: str) -> int:
        """What a process was last told to be stored."""
        lines = self._said_by(name).read_text("utf-8").split("\n")[:-1]
        return int(lines[-1]) if lines else 0

    def told_in_all(self) -> int:
        return sum(self.told(name) for name in _WRITERS)

    def wait(self) -> None:
        for each in self._running.values():
            assert each.wait(self._end - time.monotonic()) == 0

    def kill_the_holder(self) -> bool:
        """Kill the process that holds the lock; whether it left a journal. Another one follows."""
        name = self._stopped_holder()
        killed = self._running.pop(name)
        killed.kill()
        killed.wait()
        left = journal.is_present(self.root)
        told = self.told(name)
        stored = own_number(Book(self.root).read().data, name)
        # The last one may be stored and not told; what was told is stored.
        assert stored in {told, told + 1}
        if stored < self.each:
            self._running[name] = self._started(name)
        return left

    def _stopped_holder(self) -> str:
        lock = self.root / ".acctcli" / "lock"
        names = {each.pid: name for name, each in self._running.items()}
        while time.monotonic() < self._end:
            holder = read_holder(lock)
            name = names.get(holder.pid) if holder else None
            if holder is None or name is None or self._running[name].poll() is not None:
                continue
            os.kill(holder.pid, signal.SIGSTOP)
            if self._is_held_by(lock, holder.pid):
                return name
            os.kill(holder.pid, signal.SIGCONT)
        raise AssertionError

    def _is_held_by(self, lock: Path, pid: int) -> bool:
        """Whether a stopped process holds the lock: it does when no other has signed it since."""
        time.sleep(0.03)
        with lock.open("rb") as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        holder = read_holder(lock)
        return holder is not None and holder.pid == pid


def _check_all_there(writers: _Writers) -> None:
    view = Book(writers.root).read()
    assert view.problems == []
    assert {name: own_number(view.data, name) for name in _WRITERS} == dict.fromkeys(
        _WRITERS, writers.each
    )
    assert shared_number(view.data) == len(_WRITERS) * writers.each
    told = history_of(writers.root)
    assert len(told) == len(_WRITERS) * writers.each
    assert all(each.is_whole() for each in told)
    records = [sorted(line.kind for line in each.lines if line.kind != FILE) for each in told]
    assert records == [["orgs", "people"]] * len(told)
    for name in _WRITERS:
        assert sum(each.closing.actor == name for each in told) == writers.each
    assert leftovers(writers.root) == []
    assert "  number: " in (writers.root / "orgs.yaml").read_text("utf-8")
    assert (writers.root / "people.yaml").read_text("utf-8").count("   # own\n") == len(_WRITERS)


@pytest.mark.parametrize("each", [125, pytest.param(500, marks=pytest.mark.long)])
def test_all_changes_of_eight_processes_are_there(each: int, tmp_path: Path, tell: Tell) -> None:
    writers = _Writers(tmp_path, each)
    writers.wait()
    _check_all_there(writers)
    tell("changes by 8 processes", "none killed", {"changes made": 8 * each, "there": 8 * each})


@pytest.mark.parametrize(
    ("each", "rounds"), [(100, 20), pytest.param(500, 100, marks=pytest.mark.long)]
)
def test_a_killed_holder_of_the_lock_takes_nothing_along(
    each: int, rounds: int, tmp_path: Path, tell: Tell
) -> None:
    writers = _Writers(tmp_path, each)
    journals = 0
    for number in range(rounds):
        # The kills are spread over the whole of it, but for its very end.
        while writers.told_in_all() < 8 * each * 0.9 * number / rounds:
            time.sleep(0.005)
        journals += writers.kill_the_holder()
    writers.wait()
    _check_all_there(writers)
    tell(
        "changes by 8 processes",
        f"{rounds} holders of the lock killed, {journals} of them in the midst of a commit",
        {"changes made": 8 * each, "there": 8 * each},
    )


def test_all_changes_of_many_commands_are_there(tmp_path: Path, tell: Tell) -> None:
    root = counting_book(tmp_path / "book", _WRITERS)
    made = environment(tmp_path)
    commands = 3
    script = (
        f"for n in $(seq {commands}); do "
        f'"{PROGRAM}" note add "$0 $n" --id "n$0-$n" --person "$0" --quiet && '
        f'"{PROGRAM}" person edit "$0" --set "number=$n" --quiet && '
        f'"{PROGRAM}" org edit {counting.SHARED} --set "owner=$0" --quiet || exit 1; done'
    )
    running = [
        subprocess.Popen(["sh", "-c", script, name], cwd=root, env=made) for name in _WRITERS
    ]
    assert [each.wait(_PATIENCE) for each in running] == [0] * 8
    data = Book(root).read().data
    expected = {f"{name} {number + 1}" for name in _WRITERS for number in range(commands)}
    assert {note.content for note in data.notes.values()} == expected
    assert {own_number(data, name) for name in _WRITERS} == {commands}
    assert data.orgs[counting.SHARED].owner in _WRITERS
    told = history_of(root)
    assert all(each.is_whole() for each in told)
    # To set an owner that is set already is no change.
    assert 8 * commands * 2 < len(told) <= 8 * commands * 3
    assert leftovers(root) == []
    made_in_all = 8 * commands * 3
    tell("changes by 8 processes", "commands", {"changes made": made_in_all, "there": made_in_all})


_SLEEPER = """
import datetime as dt, sys, time
from pathlib import Path
from acctcli.store.book import Author, Book
def plan(change):
    print("asleep", flush=True)
    time.sleep(60)
Book(Path.cwd()).write(plan, Author("bea@example.com", ("sleep", "well"), dt.datetime.now(dt.UTC)))
"""
# The program, but that it does not wait for a minute.
_HASTY = """
import sys
from acctcli.cli.main import run
from acctcli.store import book
book.LOCK_SECONDS = float(sys.argv[1])
sys.exit(run(sys.argv[2:]))
"""


def test_who_waits_in_vain_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    root = counting_book(tmp_path / "book", _WRITERS)
    before = files_of(root)
    made = environment(tmp_path)

    def edit(seconds: str) -> subprocess.CompletedProcess[str]:
        words = ("org", "edit", counting.SHARED, "--set", "owner=anna")
        return subprocess.run(
            [sys.executable, "-c", _HASTY, seconds, *words],
            cwd=root,
            env=made,
            check=False,
            capture_output=True,
            text=True,
        )

    with subprocess.Popen(
        [sys.executable, "-c", _SLEEPER], cwd=root, env=made, stdout=subprocess.PIPE
    ) as sleeper:
        assert sleeper.stdout is not None
        assert sleeper.stdout.readline() == b"asleep\n"
        refused = edit("1.5")
        assert refused.returncode == 6
        assert refused.stdout == ""
        who = f"bea@example.com: sleep well (process {sleeper.pid})"
        waiting, error, hint = refused.stderr.splitlines()
        assert waiting == f"waiting for {who}"
        assert error.startswith("error [locked]: the book is locked by ")
        assert '"bea@example.com: sleep well"' in error
        assert f"process {sleeper.pid}, since " in error
        assert f'"kill {sleeper.pid}"' in hint
        assert files_of(root) == before
        # Readers do not wait.
        read = subprocess.run([PROGRAM, "org", "list"], cwd=root, env=made, check=True, timeout=30)
        assert read.returncode == 0
        sleeper.kill()
    assert edit("60").returncode == 0
    assert Book(root).read().data.orgs[counting.SHARED].owner == "anna"
