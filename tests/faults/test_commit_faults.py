from __future__ import annotations

import errno
import itertools
import os
import resource
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.faults.dying import (
    AFTER,
    BEFORE,
    CHANGES,
    COMMIT,
    NEW_ORGS,
    ORGS,
    Death,
    Killed,
    big_commit,
    check_whole,
    contents,
    history_of,
    leftovers,
    make_book,
    on_disk,
)
from helpers.files import PROJECT

from acctcli.core.model.errors import ConflictError, StorageError
from acctcli.store.commit import journal
from acctcli.store.commit.commit import ChangedMeanwhile, recover
from acctcli.store.commit.snapshot import read_all
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Iterator

# What it does is in `dying`.
CHILD = """
import sys
from pathlib import Path
from helpers.faults import dying
from acctcli.store.commit.commit import recover
from acctcli.store.commit.lock import hold_lock
root = Path(sys.argv[1])
with hold_lock(root, "child", 10):
    recover(root)
    dying.big_commit(root)
"""


def test_the_list_of_changes_is_complete() -> None:
    # Every function of `disk` that calls the operating system to change something.
    source = Path(filesystem.__file__).read_text(encoding="utf-8")
    section = source.split("# changing:")[1].split("# made of the above")[0]
    defined = {line[4:].split("(")[0] for line in section.splitlines() if line.startswith("def ")}
    assert defined == set(CHANGES)


def test_nothing_else_in_the_store_changes_files() -> None:
    store = Path(filesystem.__file__).parents[1]
    rooms = ("commit", "history", "undo", "files")
    modules = [path for room in rooms for path in sorted((store / room).glob("*.py"))]
    modules.remove(Path(filesystem.__file__))
    modules.remove(store / "files" / "last_run.py")  # outside of the book
    for path in modules:
        text = path.read_text(encoding="utf-8")
        for call in (".unlink(", ".rename(", ".replace(", ".mkdir(", "os.write", "os.fsync"):
            for line in text.splitlines():
                assert call not in line.replace(f"filesystem{call}", "").replace(
                    '.replace("', ""
                ).replace('.replace(b"', "")


@pytest.mark.parametrize("moment", ["before", "after", "middle"])
def test_killed_at_every_change_leaves_a_whole_book(tmp_path: Path, moment: str) -> None:
    outcomes = []
    for at in itertools.count(1):
        root = make_book(_fresh(tmp_path / str(at)))
        with pytest.MonkeyPatch.context() as patch:
            death = Death(patch, at, moment)
            with suppress(Killed):
                big_commit(root)
            if not death.came():
                break
        outcomes.append(check_whole(root))
    assert contents(root) == AFTER
    assert len(outcomes) > 25
    # once it stands, it stands
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {True, False}


def _fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder / "book"


@pytest.mark.parametrize("moment", ["before", "after", "middle"])
def test_killed_anywhere_in_a_history_of_many_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    # The lines are written to the journal as they come, and copied from it, block by block.
    monkeypatch.setattr(filesystem, "BLOCK", 60)
    outcomes = []
    for at in itertools.count(1):
        root = make_book(_fresh(tmp_path / str(at)))
        with pytest.MonkeyPatch.context() as patch:
            death = Death(patch, at, moment, only="write")
            with suppress(Killed):
                big_commit(root)
            if not death.came():
                break
        outcomes.append(check_whole(root))
    assert contents(root) == AFTER
    assert len(outcomes) > 12
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {True, False}


@pytest.mark.parametrize("moment", ["before", "after", "middle"])
def test_killed_again_while_recovering(tmp_path: Path, moment: str) -> None:
    for first in _after_the_journal(tmp_path):
        for at in itertools.count(1):
            root = make_book(_fresh(tmp_path / f"{first}-{at}"))
            with pytest.MonkeyPatch.context() as patch:
                Death(patch, first, "after")
                with pytest.raises(Killed):
                    big_commit(root)
            with pytest.MonkeyPatch.context() as patch:
                death = Death(patch, at, moment)
                with suppress(Killed):
                    recover(root)
                if not death.came():
                    break
            assert contents(root) == AFTER
            assert check_whole(root)
        assert at > 3


def _after_the_journal(tmp_path: Path) -> Iterator[int]:
    """Some moments after the journal stands: at once, and when targets are replaced by halves."""
    root = make_book(_fresh(tmp_path / "count"))
    with pytest.MonkeyPatch.context() as patch:
        death = Death(patch, 10_000, "after")
        big_commit(root)
    renames = [number for number, name in enumerate(death.names, 1) if name == "rename"]
    writes = [number for number, name in enumerate(death.names, 1) if name == "write"]
    yield from (renames[0], writes[-1], renames[1], renames[3])


def _recovered(root: Path) -> str | None:
    """Recover; the id of the conflict that stood against it."""
    try:
        recover(root)
    except ConflictError as error:
        return error.problems[0].id
    return None


def test_taking_back_is_whole_too(tmp_path: Path) -> None:
    # Somebody changes a file just after the journal stands; the process dies while it takes back.
    for at in itertools.count(1):
        root = make_book(_fresh(tmp_path / str(at)))
        with pytest.MonkeyPatch.context() as patch:
            _change_after(patch, root / "orgs.yaml", b"- id: theirs\n", "journal")
            death = Death(patch, at, "after")
            try:
                with pytest.raises(ChangedMeanwhile):
                    big_commit(root)
            except Killed:
                pass
            if not death.came():
                break
        assert (root / "orgs.yaml").read_bytes() in {ORGS, b"- id: theirs\n", NEW_ORGS}
        if _recovered(root) == "changed-after-crash":
            assert (root / "orgs.yaml").read_bytes() == b"- id: theirs\n"
            (root / ".orgs.yaml.acctcli-tmp").unlink()  # as the hint says
            recover(root)
            assert contents(root) == {**AFTER, "orgs.yaml": b"- id: theirs\n"}
        assert leftovers(root) == []
    assert contents(root) == {**BEFORE, "orgs.yaml": b"- id: theirs\n"}
    assert leftovers(root) == []
    assert [each.closing.commit for each in history_of(root)] == ["c0"]
    assert not (root / "notes").exists()


def _change_after(
    patch: pytest.MonkeyPatch, path: Path, content: bytes, moment: str, nth: int = 1
) -> None:
    """Let another program write a file right after the n-th renaming to the name `moment`."""
    rename = filesystem.rename
    count = itertools.count(1)

    def renamed(source: Path, target: Path) -> None:
        rename(source, target)
        if target.name == moment and next(count) == nth:
            path.write_bytes(content)

    patch.setattr(filesystem, "rename", renamed)


# the tool that lets the system refuse; it kills whole commands in test_killed_commands

STRACE = shutil.which("strace")


def _strace_works() -> bool:
    if STRACE is None:
        return False
    done = subprocess.run(
        [STRACE, "-f", "-e", "trace=rename", "-o", os.devnull, "true"],
        check=False,
        capture_output=True,
    )
    return done.returncode == 0


needs_strace = pytest.mark.skipif(
    not _strace_works(), reason="strace is not on this machine, or must not trace"
)


def _python_path() -> str:
    return os.pathsep.join([str(PROJECT / "tests"), str(PROJECT)])


# disk full


def _fails_with(patch: pytest.MonkeyPatch, name: str, nth: int, code: int) -> list[str]:
    """Let the n-th call of a function of `disk` fail, a write after its first half."""
    real = getattr(filesystem, name)
    fired: list[str] = []
    count = itertools.count(1)

    def failing(*args: object) -> object:
        if next(count) != nth:
            return real(*args)
        fired.append(name)
        if name == "write":
            handle, data = args
            assert isinstance(data, bytes)
            real(handle, data[: len(data) // 2])
        raise OSError(code, os.strerror(code))

    patch.setattr(filesystem, name, failing)
    return fired


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("name", ["write", "open_new", "open_to_append", "make_folder", "sync"])
def test_a_full_disk_leaves_the_book_as_it_was(tmp_path: Path, name: str, code: int) -> None:
    for nth in itertools.count(1):
        root = make_book(_fresh(tmp_path / str(nth)))
        before = on_disk(root)
        with pytest.MonkeyPatch.context() as patch:
            fired = _fails_with(patch, name, nth, code)
            try:
                big_commit(root)
            except StorageError as error:
                problem = error.problems[0]
                assert fired
                assert problem.id == "cannot-write"
                assert filesystem.reason(OSError(code, os.strerror(code))) in problem.message
                assert 'cannot write "' in problem.message
            else:
                assert not fired
                break
        assert on_disk(root) == before
        assert leftovers(root) == []
        assert not check_whole(root)
    assert nth > 1


@pytest.mark.parametrize("name", ["rename", "sync_folder", "unlink"])
def test_a_failure_at_any_name_is_before_or_after(tmp_path: Path, name: str) -> None:
    seen = set()
    for nth in itertools.count(1):
        root = make_book(_fresh(tmp_path / str(nth)))
        before = on_disk(root)
        with pytest.MonkeyPatch.context() as patch:
            fired = _fails_with(patch, name, nth, errno.EIO)
            try:
                big_commit(root)
            except StorageError as error:
                told = error.problems[0].id
            else:
                assert not fired
                break
        seen.add(told)
        if told == "unfinished":
            assert contents(root) == AFTER
        else:
            assert on_disk(root) == before
        assert check_whole(root) == (told == "unfinished")
    # `unlink` clears dead writers' files first and drops the journal last
    assert seen == {"cannot-write", "unfinished"}


@needs_strace
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_really_refuses(tmp_path: Path, call: str) -> None:
    told = []
    for when in itertools.count(1):
        root = make_book(_fresh(tmp_path / str(when)))
        before = on_disk(root)
        assert STRACE is not None
        done = subprocess.run(
            [
                *(STRACE, "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}"),
                *("-e", f"inject={call}:error=ENOSPC:when={when}"),
                *(sys.executable, "-B", "-c", CHILD, str(root)),
            ],
            check=False,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": _python_path()},
        )
        if not done.returncode:
            break
        assert b"no space left on device" in done.stderr
        finished = b"the change is stored, but not finished" in done.stderr
        told.append(finished)
        if finished:
            assert contents(root) == AFTER
        else:
            assert on_disk(root) == before
            assert leftovers(root) == []
    # Every write comes before the point of no return; of the syncs, those of the last names do not.
    assert len(told) > 5
    assert any(told) == (call == "fsync")


def test_a_limit_of_file_size_leaves_the_book_as_it_was(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    # The history is the only file that grows beyond the limit.
    (root / "history.jsonl").write_bytes(b"\n" * 3900 + (root / "history.jsonl").read_bytes())
    before = on_disk(root)
    done = subprocess.run(
        [sys.executable, "-B", "-c", CHILD, str(root)],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": _python_path()},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert done.returncode == 1
    assert b'cannot write "history.jsonl": file too large' in done.stderr
    assert on_disk(root) == before
    assert leftovers(root) == []


def test_ctrl_c_leaves_a_whole_book(tmp_path: Path) -> None:
    # The process lives on and clears up, where a killed one cannot.
    names = ("open_new", "write", "sync", "sync_folder", "rename", "unlink", "open_to_append")
    for name in names:
        for nth in itertools.count(1):
            root = make_book(_fresh(tmp_path / f"{name}-{nth}"))
            real = getattr(filesystem, name)
            count = itertools.count(1)

            def interrupted(*args: object) -> object:
                if next(count) == nth:  # noqa: B023 - called within the round
                    raise KeyboardInterrupt
                return real(*args)  # noqa: B023 - the same

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(filesystem, name, interrupted)
                try:
                    big_commit(root)
                except KeyboardInterrupt:
                    pass
                else:
                    break
            if contents(root) == BEFORE:
                assert leftovers(root) == []
            check_whole(root)


# others write too


def test_a_change_before_the_commit_is_found(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    (root / "orgs.yaml").write_bytes(b"- id: theirs\n")
    with pytest.raises(ChangedMeanwhile, match=r"orgs\.yaml"):
        big_commit(root)
    assert contents(root) == {**BEFORE, "orgs.yaml": b"- id: theirs\n"}
    assert leftovers(root) == []


@pytest.mark.parametrize("name", ["deals.yaml", "orgs.yaml", "notes/2026.yaml"])
def test_a_change_after_the_journal_stands_takes_it_back(tmp_path: Path, name: str) -> None:
    root = make_book(tmp_path / "book")
    (root / "notes").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        _change_after(patch, root / name, b"theirs", "journal")
        with pytest.raises(ChangedMeanwhile):
            big_commit(root)
    assert contents(root) == {**BEFORE, name: b"theirs"}
    assert leftovers(root) == []
    assert [each.closing.commit for each in history_of(root)] == ["c0"]


def test_a_same_size_same_mtime_edit_is_found(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book")
    path = root / "orgs.yaml"
    status = path.stat()
    rename = filesystem.rename

    def renamed(source: Path, target: Path) -> None:
        rename(source, target)
        if target.name == "journal":
            path.write_bytes(ORGS.replace(b"ACME", b"OTTO"))
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filesystem, "rename", renamed)
        with pytest.raises(ChangedMeanwhile):
            big_commit(root)
    assert path.read_bytes() == ORGS.replace(b"ACME", b"OTTO")


@pytest.mark.parametrize("hard_links", [True, False])
def test_a_change_in_the_very_middle_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, hard_links: bool
) -> None:
    root = make_book(tmp_path / "book")
    if not hard_links:

        def refused(source: Path, target: Path) -> None:
            raise PermissionError(errno.EPERM, "not supported")

        monkeypatch.setattr(filesystem, "link", refused)
    _change_after(monkeypatch, root / "orgs.yaml", b"- id: theirs\n", "deals.yaml")
    with pytest.raises(ConflictError) as caught:
        big_commit(root)
    problem = caught.value.problems[0]
    assert problem.id == "overtaken"
    assert '"orgs.yaml"' in problem.message
    assert f'"orgs.yaml.theirs-{COMMIT}"' in problem.message
    assert contents(root) == AFTER
    assert (root / f"orgs.yaml.theirs-{COMMIT}").read_bytes() == b"- id: theirs\n"
    assert check_whole(root)


def test_killed_while_the_others_change_is_kept(tmp_path: Path) -> None:
    for at in itertools.count(1):
        root = make_book(_fresh(tmp_path / str(at)))
        with pytest.MonkeyPatch.context() as patch:
            _change_after(patch, root / "orgs.yaml", b"- id: theirs\n", "deals.yaml")
            death = Death(patch, at, "after")
            try:
                with pytest.raises(ConflictError):
                    big_commit(root)
            except Killed:
                pass
            if not death.came():
                break
        theirs = root / f"orgs.yaml.theirs-{COMMIT}"
        if _recovered(root) == "changed-after-crash":
            assert not theirs.exists()
            (root / ".orgs.yaml.acctcli-tmp").replace(root / "orgs.yaml")  # as the hint says
        check_whole(root)


def test_a_removed_attachment_that_others_changed_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_book(tmp_path / "book")
    _change_after(monkeypatch, root / "attachments/old.pdf", b"theirs", "deals.yaml")
    with pytest.raises(ConflictError, match=r"another program changed \"attachments/old\.pdf\""):
        big_commit(root)
    assert contents(root) == AFTER
    assert (root / "attachments/old.pdf").read_bytes() == b"theirs"
    assert leftovers(root) == []


def test_what_others_wrote_equal_or_removed_is_no_conflict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_book(tmp_path / "book")
    _change_after(monkeypatch, root / "orgs.yaml", NEW_ORGS, "deals.yaml")
    big_commit(root)
    assert check_whole(root)


# many writers, and readers

COUNTER = """
import sys
from pathlib import Path
from acctcli.store.commit.commit import FileChange, commit, recover
from acctcli.store.commit.lock import hold_lock
from acctcli.store.commit.snapshot import read_all
from acctcli.store.history import history_format
root, rounds = Path(sys.argv[1]), int(sys.argv[2])
for _ in range(rounds):
    with hold_lock(root, "counter", 60):
        recover(root)
        files = read_all(root).files
        made = history_format.new_commit_id()
        changes = [
            FileChange(path=name, old_sha=old.sha, data=b"%d\\n" % (int(old.data) + 1))
            for name, old in files.items() if name != "acctcli.yaml"
        ]
        closing = history_format.closing(made, "2026-03-03T10:00:00Z", "ben", ["count"], 0)
        commit(root, changes, [closing], made)
"""


def _counting_book(root: Path) -> Path:
    make_book(root)
    for name in ("deals.yaml", "orgs.yaml"):
        (root / name).write_bytes(b"0\n")
    return root


def _counter(root: Path, rounds: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", COUNTER, str(root), str(rounds)],
        env={**os.environ, "PYTHONPATH": _python_path()},
    )


def _count_with(root: Path, processes: int, rounds: int) -> None:
    running = [_counter(root, rounds) for _ in range(processes)]
    assert [each.wait(600) for each in running] == [0] * processes
    count = b"%d\n" % (processes * rounds)
    assert contents(root)["deals.yaml"] == contents(root)["orgs.yaml"] == count
    assert len(history_of(root)) == processes * rounds + 1
    assert leftovers(root) == []


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    _count_with(_counting_book(tmp_path / "book"), processes=8, rounds=50)


@pytest.mark.long
def test_very_many_writers_lose_nothing(tmp_path: Path) -> None:
    _count_with(_counting_book(tmp_path / "book"), processes=8, rounds=500)


def test_readers_see_whole_commits_only(tmp_path: Path) -> None:
    root = _counting_book(tmp_path / "book")
    seen = []
    writers = [_counter(root, 60) for _ in range(2)]
    while any(each.poll() is None for each in writers):
        files = read_all(root).files
        assert files["deals.yaml"].data == files["orgs.yaml"].data
        seen.append(int(files["deals.yaml"].data))
    assert [each.wait() for each in writers] == [0, 0]
    assert seen == sorted(seen)
    assert len(set(seen)) > 10


def test_killed_writers_among_others_lose_nothing_that_was_confirmed(tmp_path: Path) -> None:
    root = _counting_book(tmp_path / "book")
    killed = []
    for _ in range(6):
        victim = _counter(root, 1000)
        timer = threading.Timer(0.35, victim.kill)
        timer.start()
        victim.wait()
        timer.join()
        files = read_all(root).files
        assert files["deals.yaml"].data == files["orgs.yaml"].data
        killed.append(int(files["deals.yaml"].data))
    assert killed == sorted(killed)
    assert killed[-1] > 0
    assert _counter(root, 1).wait() == 0
    total = int(contents(root)["deals.yaml"])
    assert total == killed[-1] + 1
    assert len(history_of(root)) == total + 1
    assert leftovers(root) == []
    assert not journal.is_present(root)
