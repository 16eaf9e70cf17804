"""Many commands at once, and commands that are killed, through the real program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.files import files_of
from helpers.history import closed_commits

from acctcli.store.book import Book
from acctcli.store.commit.commit import recover
from acctcli.store.commit.lock import hold_lock

PROGRAM = str(Path(sys.executable).parent / "acctcli")

# In one process each, so that eight of them change the book in earnest and not in turns.
_WORKER = """
import datetime as dt
import pathlib
import sys
from acctcli.cli.main import run
from acctcli.store.book import Author, Book

who, rounds = sys.argv[1], int(sys.argv[2])
author = Author(who, ("count",), dt.datetime.now(dt.UTC))

def count(change):
    seats = change.view.data.orgs["acme"].custom.get("seats", 0)
    change.update("orgs", "acme", {"seats": str(seats + 1)})

def must(*words):
    code = run([*words, "-q"])
    if code:
        sys.exit(f"{who}: {words} ended with {code}")

for n in range(rounds):
    mine = f"{who}-{n}"
    must("note", "add", mine, "--id", f"n{mine}", "--org", "acme")
    must("org", "edit", "acme", "--set", f"owner={mine}")
    must("deal", "add", f"deal {mine}", "--org", "acme", "--value", "1.10")
    must("file", "add", sys.argv[3], "--org", "acme", "--name", f"{mine}.txt")
    Book(pathlib.Path.cwd()).write(count, author)
    if n % 2:
        must("note", "remove", f"n{who}-{n - 1}")
        must("file", "remove", f"{who}-{n - 1}.txt")
"""


@pytest.fixture
def shared_book(book: Path) -> Path:
    (book / "orgs.yaml").write_text("# ours\n- id: acme\n  name: Acme   # the first\n", "utf-8")
    with (book / "acctcli.yaml").open("a", encoding="utf-8") as file:
        file.write("fields: {orgs: {seats: number}}\n")
    return book


def test_eight_processes_lose_nothing(shared_book: Path, tmp_path: Path) -> None:
    workers, rounds = 8, 4
    source = tmp_path / "source.txt"
    source.write_bytes(b"a copy")
    running = [
        subprocess.Popen([sys.executable, "-c", _WORKER, str(number), str(rounds), str(source)])
        for number in range(workers)
    ]
    assert [each.wait(timeout=300) for each in running] == [0] * workers
    view = Book(shared_book).read()
    assert view.problems == []
    expected = {f"{number}-{n}" for number in range(workers) for n in range(rounds)}
    left = {f"{number}-{n}" for number in range(workers) for n in range(1, rounds, 2)}
    assert {note.content for note in view.data.notes.values()} == left
    assert {deal.title.removeprefix("deal ") for deal in view.data.deals.values()} == expected
    assert {file.name.removesuffix(".txt") for file in view.data.files.values()} == left
    copies = {f"attachments/{path.name}" for path in (shared_book / "attachments").iterdir()}
    assert {file.path for file in view.data.files.values()} == copies
    assert {(shared_book / copy).read_bytes() for copy in copies} == {b"a copy"}
    assert view.data.orgs["acme"].owner in {f"{n}-{rounds - 1}" for n in range(workers)}
    assert view.data.orgs["acme"].custom["seats"] == workers * rounds
    assert (shared_book / "orgs.yaml").read_text("utf-8").startswith("# ours\n- id: acme\n")
    commits = closed_commits((shared_book / "history.jsonl").read_bytes())
    assert len(commits) == workers * (rounds * 5 + rounds // 2 * 2)
    assert all(commit.is_whole() for commit in commits)
    assert len({commit.closing.commit for commit in commits}) == len(commits)


def data_of(root: Path) -> dict[str, bytes]:
    """The bytes of all that is the user's, once the next writer has cleared what was left."""
    with hold_lock(root, "the test", 60):
        recover(root)
    return {
        name: data
        for name, data in files_of(root).items()
        if name != "history.jsonl" and not name.startswith(".acctcli/")
    }


def test_a_killed_command_leaves_the_book_as_before_or_as_after(
    shared_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kills at moments spread over a whole run; the exact system calls are injected elsewhere."""
    source = tmp_path / "offer.pdf"
    source.write_bytes(b"an offer" * 1_000)
    monkeypatch.setenv("ACCTCLI_NOW", "2026-03-10T09:00:00+01:00")

    def words(number: int) -> list[str]:
        # two files change at once: the copy, and the file of the records
        return [
            PROGRAM,
            "file",
            "add",
            str(source),
            "--org",
            "acme",
            "--name",
            f"{number}.pdf",
            "-q",
        ]

    started = time.monotonic()
    subprocess.run(words(0), check=True)
    whole = time.monotonic() - started
    kills = done = 0
    # A round's kills go from its first moments to well past its end. How long a run takes varies
    # on a busy machine, so a round may miss one of the two outcomes; then another one follows.
    for _round in range(5):
        for step in range(16):
            kills += 1
            before = data_of(shared_book)
            child = subprocess.Popen(words(kills), start_new_session=True)
            time.sleep(whole * (0.3 + 1.2 * step / 16))
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            # a reader sees the one or the other before anybody has cleared what was left
            seen = {file.name for file in Book(shared_book).read().data.files.values()}
            after = data_of(shared_book)
            copy = f"attachments/{kills}.pdf"
            if after == before:
                assert f"{kills}.pdf" not in seen
                continue
            done += 1
            assert f"{kills}.pdf" in seen
            assert {name for name in after if after[name] != before.get(name)} == {
                "files.yaml",
                copy,
            }
            assert set(before) <= set(after)
            assert after[copy] == source.read_bytes()
            added = after["files.yaml"].removeprefix(before["files.yaml"])
            assert added != after["files.yaml"]
            assert f"  name: {kills}.pdf\n  path: {copy}\n".encode() in added
            assert added.count(b"- id: ") == 1
        if 0 < done < kills:
            break
    assert 0 < done < kills
    commits = closed_commits((shared_book / "history.jsonl").read_bytes())
    assert len(commits) == 1 + done
    assert all(commit.is_whole() for commit in commits)
    leftovers = [path.name for path in shared_book.rglob("*.acctcli-tmp")]
    leftovers += [path.name for path in (shared_book / ".acctcli").glob("journal*")]
    assert leftovers == []
