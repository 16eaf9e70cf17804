"""Runs commands under strace, which kills them at a system call, and looks at what is left."""

from __future__ import annotations

import ctypes
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from acctcli.cli.main import run
from helpers.faults.dying import leftovers
from helpers.faults.scenes import NEXT, PROGRAM, copied, files_after, printed, state_of
from helpers.files import files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import NoReturn

    from helpers.faults.scenes import Expected, Scene

STRACE = shutil.which("strace") or "strace"
# What changes files, by any of the names that the system has for it.
CALLS = (
    *("write", "pwrite64", "writev", "pwritev", "copy_file_range", "sendfile"),
    *("fsync", "fdatasync", "sync_file_range"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink"),
    *("unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
    *("truncate", "ftruncate", "fallocate", "fchmod", "chmod", "fchmodat", "fchown"),
)


def works() -> bool:
    """Whether strace is on this machine and may trace."""
    try:
        done = subprocess.run(
            [STRACE, "-f", "-e", "trace=fsync", "-o", os.devnull, "true"],
            check=False,
            capture_output=True,
        )
    except OSError:
        return False
    return done.returncode == 0


# Lets a process be traced by one that is not its parent, where the system minds (Yama).
_PR_SET_PTRACER = 0x59616D61


def killed_at(
    root: Path, words: Sequence[str], call: str, when: int, paths: Sequence[Path] = ()
) -> bool:
    """Run a command in a process of its own, killed at its call number `when`; whether it was.

    With paths, calls that are about one of them are counted.
    """
    where = [part for path in paths for part in ("-P", str(path))]
    code, said = run_traced(root, words, ["-o", os.devnull, *where, *_killing(call, when)])
    assert code in {0, -signal.SIGKILL}, f"{code}: {said}"
    return code != 0


def _killing(call: str, when: int) -> list[str]:
    # The mark lets pass what this machine's system does not have.
    return ["-e", f"trace=?{call}", "-e", f"inject=?{call}:signal=SIGKILL:when={when}"]


def run_traced(
    root: Path,
    words: Sequence[str],
    options: Sequence[str],
    before: Callable[[], None] = lambda: None,
    stopped: Callable[[], None] = lambda: None,
) -> tuple[int, str]:
    """Run a command in a process of its own under strace; its exit code and what it printed.

    The process is forked from this one, which has the program loaded: each call under strace
    costs time, and loading makes thousands. `before` is called in it; `stopped` here, whenever
    strace stops it, and then it goes on.
    """
    ours, theirs = socket.socketpair()
    child = os.fork()
    if not child:
        ours.close()
        before()
        _run(root, words, theirs)
    theirs.close()
    ours.recv(1)
    with subprocess.Popen(
        [STRACE, "-f", "-p", str(child), *options], stderr=subprocess.PIPE, text=True
    ) as tracer:
        assert tracer.stderr is not None
        said = list(_until(tracer.stderr, "attached"))
        assert "attached" in "".join(said), said
        ours.send(b"!")
        ours.close()
        _, status = os.waitpid(child, os.WUNTRACED)
        while os.WIFSTOPPED(status):
            stopped()
            os.kill(child, signal.SIGCONT)
            _, status = os.waitpid(child, os.WUNTRACED)
    code = os.waitstatus_to_exitcode(status)
    return code, _output(root).read_text("utf-8") + "".join(said[:-1])


def program_killed_at(
    root: Path, words: Sequence[str], call: str, when: int, paths: Sequence[Path] = ()
) -> bool:
    """The same with the installed program, from its very start: slower, since all is traced."""
    where = [part for path in paths for part in ("-P", str(path))]
    done = subprocess.run(
        [
            *(STRACE, "-f", "-qq", "-o", os.devnull, *where, *_killing(call, when)),
            *(PROGRAM, *words),
        ],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode != 0


def _until(lines: Iterable[str], word: str) -> Iterator[str]:
    for line in lines:
        yield line
        if word in line:
            return


def _output(root: Path) -> Path:
    return root.with_name(f"{root.name}.output")


def _run(root: Path, words: Sequence[str], parent: socket.socket) -> NoReturn:
    """The command, as the whole of a process, once it is traced."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
        handle = os.open(_output(root), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        os.chdir(root)
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="utf-8")
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), encoding="utf-8")
        parent.send(b"!")
        parent.recv(1)
        code = run(words)
        sys.stderr.flush()
    finally:
        os._exit(code)


class Outcomes(NamedTuple):
    """How many system calls a command was killed at, and how its book was then."""

    before: int
    after: int

    def __add__(self, other: object) -> Outcomes:
        assert isinstance(other, Outcomes)
        return Outcomes(self.before + other.before, self.after + other.after)

    def counts(self) -> dict[str, int]:
        """What the summary of the tests shows."""
        return {
            "system calls killed at": self.before + self.after,
            "as before": self.before,
            "as after": self.after,
        }


def calls_of(scene: Scene, folder: Path) -> list[str]:
    """Which of CALLS the command of a scene makes."""
    root = copied(folder / "base", "calls")
    log = folder / "calls.trace"
    traced = ",".join(f"?{call}" for call in CALLS)
    code, said = run_traced(root, scene.words, ["-o", str(log), "-e", f"trace={traced}"])
    assert code == 0, said
    made = set(re.findall(r"^\d+ +(\w+)\(", log.read_text("utf-8"), re.MULTILINE))
    return [call for call in CALLS if call in made]


def kill_at_each(
    scene: Scene, folder: Path, call: str, expected: Expected, *, program: bool = False
) -> Outcomes:
    """Kill the command of a scene at each of its calls of one name, and check each time."""
    kill = program_killed_at if program else killed_at
    outcomes: list[bool] = []
    while True:
        root = copied(folder / "base", f"{call}-{len(outcomes) + 1}")
        paths = watched(root, expected) if call == "openat" else ()
        if not kill(root, scene.words, call, len(outcomes) + 1, paths):
            break
        outcomes.append(check_whole(root, expected))
        shutil.rmtree(root)
    assert state_of(root, expected.known) == expected.after
    shutil.rmtree(root)
    return in_turn(outcomes)


def in_turn(outcomes: Sequence[bool]) -> Outcomes:
    """How often the book was as before and as after; once a commit stands, it stands."""
    assert list(outcomes) == sorted(outcomes)
    return Outcomes(outcomes.count(False), outcomes.count(True))


def watched(root: Path, expected: Expected) -> list[Path]:
    """The files that the command changes, where it stages them, and their folders."""
    before, after = expected.before.files, expected.after.files
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    targets = [root / name for name in sorted({*names, ".acctcli/journal", "history.jsonl"})]
    staged = [path.with_name(f".{path.name}.acctcli-tmp") for path in targets]
    folders = {path.parent for path in targets}
    return [*targets, *staged, *sorted(folders)]


def check_whole(root: Path, expected: Expected) -> bool:
    """The book is as before or as after, at once and for good; whether it is as after.

    At once to a reader; for good when the next command has finished or cleared what was left.
    """
    seen = state_of(root, expected.known).lists
    assert seen in {expected.before.lists, expected.after.lists}
    after = seen == expected.after.lists
    printed(root, *NEXT)
    assert leftovers(root) == []
    wanted = expected.after_next if after else expected.before_next
    assert files_after(root, expected.known) == wanted
    return after


INIT = ("init", "--currency", "EUR", "--timezone", "Europe/Rome")
SAMPLE = ("init", "--sample")


def kill_init_at_each(folder: Path, words: tuple[str, ...], call: str) -> Outcomes:
    """Kill the making of a book at each of its calls of one name, and check each time."""
    made = folder / "made"
    made.mkdir(parents=True)
    printed(made, *words)
    outcomes: list[bool] = []
    while True:
        root = folder / f"{call}-{len(outcomes) + 1}"
        root.mkdir()
        if not killed_at(root, words, call, len(outcomes) + 1):
            break
        outcomes.append((root / "acctcli.yaml").exists())
        if not outcomes[-1]:
            printed(root, *words)
        assert files_of(root) == files_of(made)
    assert files_of(root) == files_of(made)
    assert outcomes == sorted(outcomes)
    return Outcomes(outcomes.count(False), outcomes.count(True))
