"""Many commands at once, and commands that are killed, through the real program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from acctcli.store.book import Book
from acctcli.store.history import closed_commits

PROGRAM = str(Path(sys.executable).parent / "acctcli")

# In one process each, so that eight of them change the book in earnest and not in turns.
_WORKER = """
import sys
from acctcli.cli.main import run
who, rounds = sys.argv[1], int(sys.argv[2])
for n in range(rounds):
    for words in (
        ["note", "add", f"{who}-{n}", "--org", "acme", "-q"],
        ["org", "edit", "acme", "--set", f"owner={who}-{n}", "-q"],
        ["deal", "add", f"deal {who}-{n}", "--org", "acme", "--value", "1.10", "-q"],
    ):
        code = run(words)
        if code:
            sys.exit(code)
"""


@pytest.fixture
def shared_book(book: Path) -> Path:
    (book / "orgs.yaml").write_text("# ours\n- id: acme\n  name: Acme   # the first\n", "utf-8")
    return book


def test_eight_processes_lose_nothing(shared_book: Path) -> None:
    workers, rounds = 8, 6
    running = [
        subprocess.Popen([sys.executable, "-c", _WORKER, str(number), str(rounds)])
        for number in range(workers)
    ]
    assert [each.wait(timeout=300) for each in running] == [0] * workers
    view = Book(shared_book).read()
    assert view.problems == []
    expected = {f"{number}-{n}" for number in range(workers) for n in range(rounds)}
    assert {note.content for note in view.data.notes.values()} == expected
    assert {deal.title.removeprefix("deal ") for deal in view.data.deals.values()} == expected
    assert view.data.orgs["acme"].owner in {f"{n}-{rounds - 1}" for n in range(workers)}
    assert (shared_book / "orgs.yaml").read_text("utf-8").startswith("# ours\n- id: acme\n")
    commits = closed_commits((shared_book / "history.jsonl").read_bytes())
    assert len(commits) == workers * rounds * 3
    assert len({commit.closing.commit for commit in commits}) == len(commits)


def test_a_killed_command_leaves_the_book_as_before_or_as_after(shared_book: Path) -> None:
    """Kills at moments spread over a whole run; the exact system calls are injected elsewhere."""
    before = Book(shared_book).read().data
    started = time.monotonic()
    subprocess.run([PROGRAM, "org", "add", "First", "-q"], check=True)
    whole = time.monotonic() - started
    kills, done = 24, 0
    for number in range(kills):
        label = f"Org number {number}"
        child = subprocess.Popen([PROGRAM, "org", "add", label, "-q"], start_new_session=True)
        time.sleep(whole * (0.3 + 0.8 * number / kills))
        os.killpg(child.pid, signal.SIGKILL) if child.poll() is None else None
        child.wait()
        view = Book(shared_book).read()
        assert view.problems == []
        added = [org.name for org in view.data.orgs.values() if org.name == label]
        assert added in ([], [label])
        done += len(added)
    subprocess.run([PROGRAM, "org", "add", "Last", "-q"], check=True)
    view = Book(shared_book).read()
    assert set(before.orgs) < set(view.data.orgs)
    assert len(view.data.orgs) == 1 + 1 + done + 1
    leftovers = [path.name for path in shared_book.rglob("*.acctcli-tmp")]
    leftovers += [path.name for path in (shared_book / ".acctcli").glob("journal*")]
    assert leftovers == []
    print(f"{kills} kills: {kills - done} as before, {done} as after")  # noqa: T201 - shown with -s
