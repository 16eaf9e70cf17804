"""Runs commands whose system calls are refused, or that others overtake, and looks at the book."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

from helpers.faults.dying import leftovers
from helpers.faults.killing import run_traced
from helpers.faults.scenes import NEXT, SCENES, copied, files_after, printed, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from helpers.faults.scenes import Expected


class Refusals(NamedTuple):
    """How many system calls were refused, and what became of the command."""

    before: int
    after: int

    def counts(self) -> dict[str, int]:
        """What the summary of the tests shows."""
        return {"refused": self.before + self.after, "as before": self.before} | {
            "as after": self.after
        }


def refuse_each(
    name: str, folder: Path, call: str, error: str, expected: Expected, *, step: int = 1
) -> Refusals:
    """Refuse calls of one name to the command of a scene, and check its book each time.

    That is each of them, or one in every `step`.
    """
    outcomes: list[bool] = []
    while True:
        when = step * len(outcomes) + 1
        root = copied(folder / "base", f"{call}-{error}-{when}")
        log = root.with_name(f"{root.name}.trace")
        inject = f"inject={call}:error={error}:when={when}"
        code, said = run_traced(
            root, SCENES[name].words, ["-o", str(log), "-e", f"trace={call}", "-e", inject]
        )
        if "(INJECTED)" not in log.read_text("utf-8"):
            break
        outcomes.append(_check_refused(root, code, said, expected))
        shutil.rmtree(root)
    assert code == 0
    assert files_after(root, expected.known).files == expected.after.files
    return Refusals(outcomes.count(False), outcomes.count(True))


def _check_refused(root: Path, code: int, said: str, expected: Expected) -> bool:
    """The book is as before and the file named, or it is as after; whether it is as after."""
    seen = state_of(root, expected.known).lists
    assert seen in {expected.before.lists, expected.after.lists}
    after = seen == expected.after.lists
    if not after:
        assert code == 7, said
        # An import that cannot report does nothing.
        assert re.search(r"error \[cannot-write\]: cannot write |error \[io\]: the output", said)
        assert "no space left on device" in said
        assert leftovers(root) == []
        assert files_after(root, expected.known).files == expected.before.files
    else:
        assert code in {0, 7}, said
    printed(root, *NEXT)
    assert leftovers(root) == []
    wanted = expected.after_next if after else expected.before_next
    assert files_after(root, expected.known) == wanted
    return after


# others write meanwhile

_THEIRS = (b"title: Training", b"title: Trained!")  # of the same size


def edit_in_place(path: Path) -> None:
    """What some editors do; the file's size and times are as before."""
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(*_THEIRS))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def edit_and_replace(path: Path) -> None:
    """What other editors do, and git."""
    made = path.with_name("made-by-an-editor")
    made.write_bytes(path.read_bytes().replace(*_THEIRS))
    made.replace(path)


def overtake_each(base: Path, call: str, edit: Callable[[Path], None]) -> list[int]:
    """Edit the file by hand at each call of one name of a command that changes it; exit codes."""
    codes: list[int] = []
    while True:
        root = copied(base, f"{call}-{edit.__name__}-{len(codes) + 1}")
        deals = root / "deals.yaml"
        edited: list[bytes] = []

        def stopped() -> None:
            edit(deals)  # noqa: B023 - called within the round
            edited.append(deals.read_bytes())  # noqa: B023 - the same

        inject = f"inject={call}:signal=SIGSTOP:when={len(codes) + 1}"
        options = ["-o", os.devnull, "-e", f"trace={call}", "-e", inject]
        code, said = run_traced(root, SCENES["edit"].words, options, stopped=stopped)
        if not edited:
            return codes
        codes.append(code)
        _check_both(root, code, said, _is_last_moment(call, len(codes)))


def _is_last_moment(call: str, when: int) -> bool:
    """Between the last look at the file and its renaming, which is documented to lose it."""
    return call == "rename" and when == 2  # the journal's is the first


def _check_both(root: Path, code: int, said: str, may_lose: bool) -> None:  # noqa: FBT001 - of the above
    text = (root / "deals.yaml").read_bytes()
    assert may_lose or _THEIRS[1] in text
    if code == 0:
        assert b"  status: won   # soon\n" in text
    else:
        assert code == 6, said
        assert b"  status: open   # soon\n" in text
    assert leftovers(root) == []
    printed(root, *NEXT)


def overtake_always(root: Path) -> tuple[int, str, int]:
    """Add a line by hand at each sync of a command: its exit code, what it says, the lines."""
    deals = root / "deals.yaml"
    lines: list[bytes] = []

    def stopped() -> None:
        lines.append(b"# theirs, %d\n" % len(lines))
        deals.write_bytes(deals.read_bytes() + lines[-1])

    options = ["-o", os.devnull, "-e", "trace=fsync", "-e", "inject=fsync:signal=SIGSTOP"]
    code, said = run_traced(root, SCENES["edit"].words, options, stopped=stopped)
    assert deals.read_bytes().endswith(b"".join(lines))
    return code, said, len(lines)
