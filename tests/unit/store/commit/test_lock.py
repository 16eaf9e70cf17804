from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.files import PROJECT

from acctcli.core.model.errors import ConflictError, StorageError
from acctcli.store.commit.lock import hold_lock, read_holder
from acctcli.store.files import filesystem

HOLD = """
import sys, time
from pathlib import Path
from acctcli.store.commit.lock import hold_lock
with hold_lock(Path(sys.argv[1]), "anna: import csv", 5):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(root: Path) -> subprocess.Popen[bytes]:
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    assert held.stdout
    assert held.stdout.readline() == b"held\n"
    return held


def end(held: subprocess.Popen[bytes], number: signal.Signals = signal.SIGKILL) -> None:
    held.send_signal(number)
    held.wait()
    assert held.stdout
    held.stdout.close()


def test_the_files_are_made_and_stay(tmp_path: Path) -> None:
    for _ in range(2):
        with hold_lock(tmp_path, "anna", 1):
            assert (tmp_path / ".acctcli").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / ".acctcli" / "lock").exists()


def test_it_says_who_holds_it(tmp_path: Path) -> None:
    held = hold(tmp_path)
    try:
        start = time.monotonic()
        with pytest.raises(ConflictError) as caught, hold_lock(tmp_path, "ben", 0.2):
            pass
        assert 0.2 <= time.monotonic() - start < 2
    finally:
        end(held)
    problem = caught.value.problems[0]
    assert problem.id == "locked"
    assert 'locked by "anna: import csv"' in problem.message
    assert f"process {held.pid}, since 20" in problem.message
    assert f"kill {held.pid}" in (problem.hint or "")


def test_it_tells_once_who_is_waited_for(tmp_path: Path) -> None:
    held = hold(tmp_path)
    told: list[tuple[str, float]] = []
    start = time.monotonic()
    try:
        with (
            pytest.raises(ConflictError),
            hold_lock(
                *(tmp_path, "ben", 1.2),
                waiting=lambda text: told.append((text, time.monotonic() - start)),
            ),
        ):
            pass
    finally:
        end(held)
    assert [text for text, _ in told] == [f"waiting for anna: import csv (process {held.pid})"]
    assert 1 <= told[0][1] < 1.2


def test_a_short_wait_is_not_worth_a_word(tmp_path: Path) -> None:
    told: list[str] = []
    with (
        hold_lock(tmp_path, "anna", 0, waiting=told.append),
        pytest.raises(ConflictError),
        hold_lock(tmp_path, "ben", 0.3, waiting=told.append),
    ):
        pass
    assert told == []


def test_one_who_did_not_sign_is_waited_for_too(tmp_path: Path) -> None:
    told: list[str] = []
    with hold_lock(tmp_path, "anna", 0):
        (tmp_path / ".acctcli" / "lock").write_text("garbage")
        with pytest.raises(ConflictError), hold_lock(tmp_path, "ben", 1.1, waiting=told.append):
            pass
    assert told == ["waiting for another process"]


def test_the_shell_is_told_who_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "acctcli.yaml").write_text("format: 1\n")
    held = hold(tmp_path)
    waiting = subprocess.Popen(
        [sys.executable, "-c", "from acctcli.cli.main import main; main()", "org", "add", "ACME"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "ACCTCLI_ACTOR": "ben"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert waiting.stderr
    told = waiting.stderr.readline()
    end(held)
    waiting.stderr.close()
    assert told == f"waiting for anna: import csv (process {held.pid})\n".encode()
    assert waiting.wait() == 0


def test_a_killed_holder_holds_it_no_longer(tmp_path: Path) -> None:
    end(hold(tmp_path))
    with hold_lock(tmp_path, "ben", 0):
        holder = read_holder(tmp_path / ".acctcli" / "lock")
    assert holder
    assert (holder.pid, holder.who) == (os.getpid(), "ben")


def test_an_exception_gives_it_back(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold_lock(tmp_path, "ben", 0):
        raise ZeroDivisionError
    with hold_lock(tmp_path, "ben", 0):
        pass


def test_waiting_ends_when_the_holder_does(tmp_path: Path) -> None:
    held = hold(tmp_path)
    os.kill(held.pid, signal.SIGTERM)
    with hold_lock(tmp_path, "ben", 5):
        pass
    end(held)


def test_one_who_waits_in_vain_does_not_hold_up_the_others(tmp_path: Path) -> None:
    with hold_lock(tmp_path, "anna", 0):
        for _ in range(2):
            with pytest.raises(ConflictError, match="anna"), hold_lock(tmp_path, "ben", 0.01):
                pass
    with hold_lock(tmp_path, "ben", 0):
        pass


def test_a_holder_that_comes_again_at_once_has_to_queue(tmp_path: Path) -> None:
    # Two that come again and again share the lock, though neither ever rests without it.
    greedy = """
import sys, time
from pathlib import Path
from acctcli.store.commit.lock import hold_lock
root, name, end = Path(sys.argv[1]), sys.argv[2], time.monotonic() + 1.5
while time.monotonic() < end:
    with hold_lock(root, name, 10):
        with (root / "log").open("a") as log:
            log.write(name)
        time.sleep(0.005)
"""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", greedy, str(tmp_path), name],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )
        for name in "abc"
    ]
    assert [each.wait() for each in running] == [0, 0, 0]
    turns = (tmp_path / "log").read_text()
    assert all(turns.count(name) > len(turns) / 10 for name in "abc")
    # while the three are there, none keeps the lock for long
    middle = turns[len(turns) // 3 : len(turns) // 3 * 2]
    assert all(name * 25 not in middle for name in "abc")


def test_a_lock_that_was_deleted_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Deleted between opening and locking: what was locked is no longer the lock.
    path = tmp_path / ".acctcli" / "lock"
    flock = fcntl.flock
    deleted: list[Path] = []

    def deleting(handle: int, how: int) -> None:
        if path.exists() and not deleted:
            deleted.append(path)
            path.unlink()
        flock(handle, how)

    monkeypatch.setattr(fcntl, "flock", deleting)
    with hold_lock(tmp_path, "anna", 5):
        assert read_holder(path)
    assert deleted


def test_an_unreadable_signature_is_no_error(tmp_path: Path) -> None:
    with hold_lock(tmp_path, "anna", 0):
        (tmp_path / ".acctcli" / "lock").write_text("garbage")
        match = "locked by another process"
        with pytest.raises(ConflictError, match=match), hold_lock(tmp_path, "ben", 0):
            pass


def test_signatures_take_any_text(tmp_path: Path) -> None:
    with hold_lock(tmp_path, "caf\udce9 \x1b[31m" + "x" * 100_000, 0):
        holder = read_holder(tmp_path / ".acctcli" / "lock")
    assert holder
    assert holder.who.startswith("caf? \x1b[31mxxx")
    text = (tmp_path / ".acctcli" / "lock").read_text()
    assert json.loads(text)["pid"] == os.getpid()


def test_a_full_disk_keeps_nobody_from_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int, data: bytes, offset: int) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with hold_lock(tmp_path, "anna", 0):
        pass


def test_a_book_that_must_not_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, mode: int) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(filesystem, "make_folder", refused)
    match = rf'cannot write "{tmp_path}": read-only file system \("\.acctcli"\)'
    with pytest.raises(StorageError, match=match), hold_lock(tmp_path, "anna", 0):
        pass


@pytest.mark.parametrize("name", ["queue", "lock"])
def test_a_lock_that_must_not_be_opened_names_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = os.open

    def refused(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).name == name:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(StorageError) as caught, hold_lock(tmp_path, "anna", 0):
        pass
    problem = caught.value.problems[0]
    assert problem.message == (
        f'cannot write "{tmp_path}": read-only file system (".acctcli/{name}")'
    )
    assert "read-only file system" in (problem.hint or "")


def test_a_symlink_in_place_of_the_folder_or_the_lock_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    root = tmp_path / "book"
    root.mkdir()
    (root / ".acctcli").symlink_to(other)
    with pytest.raises(StorageError, match="is not a folder"), hold_lock(root, "anna", 0):
        pass
    assert list(other.iterdir()) == []
    (root / ".acctcli").unlink()
    (root / ".acctcli").mkdir()
    (root / ".acctcli" / "lock").symlink_to(other / "file")
    with pytest.raises(StorageError, match=r"\.acctcli/lock"), hold_lock(root, "anna", 0):
        pass
    assert list(other.iterdir()) == []


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)
    with pytest.raises(StorageError) as caught, hold_lock(tmp_path, "anna", 0):
        pass
    assert caught.value.problems[0].id == "cannot-lock"
    assert "no locks available" in caught.value.problems[0].message
