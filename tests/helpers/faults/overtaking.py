"""Kills commands at what they do to their index, and looks whether any answer depends on it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from acctcli.store.index import database
from helpers.faults.killing import Outcomes, check_whole, in_turn, killed_at, run_traced
from helpers.faults.scenes import copied, printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.faults.scenes import Expected, Scene

READ = ("deal", "list", "--format", "json")
# What SQLite and the index call to change files, by the names they have on this machine.
CALLS = ("pwrite64", "write", "ftruncate", "fsync", "fdatasync", "link", "unlink", "mkdir")
EDIT = (b"title: Training", b"title: Much more training")


def cache() -> Path:
    """The folder of indexes in this process's environment."""
    return Path(os.environ["XDG_CACHE_HOME"], "acctcli")


def index_of(root: Path) -> list[Path]:
    """The folder of indexes, the index of a book, and what SQLite keeps beside it."""
    path = database.database_path(cache(), root)
    return [cache(), path, *(Path(f"{path}{end}") for end in ("-wal", "-shm", "-journal"))]


def half_made(root: Path) -> list[Path]:
    """What is left of an index of a book whose making did not come to its end."""
    return sorted(cache().glob(f"{database.database_path(cache(), root).stem}.*.new*"))


def answers(root: Path) -> str:
    """What a list says, the same with the index and without, now and once it is up to date."""
    wanted = printed(root, *READ, "--no-index")
    assert printed(root, *READ) == wanted
    assert printed(root, *READ) == wanted
    accounts = ("account", "list", "--format", "json")
    assert printed(root, *accounts) == printed(root, *accounts, "--no-index")
    return wanted


def kill_at_index(scene: Scene, folder: Path, call: str, step: int, expected: Expected) -> Outcomes:
    """Kill a scene's command at its calls of one name about its index: one in every `step`."""
    outcomes: list[bool] = []
    while True:
        root = copied(folder / "base", f"index-{call}-{len(outcomes)}")
        when = step * len(outcomes) + 1
        if not killed_at(root, scene.words, call, when, index_of(root)):
            break
        answers(root)
        outcomes.append(check_whole(root, expected))
        answers(root)
        shutil.rmtree(root)
    return in_turn(outcomes)


# a command that only reads


def _bare(base: Path, name: str) -> Path:
    """A copy of a book that has no index."""
    root = base.with_name(name)
    shutil.copytree(base, root)
    assert not any(path.exists() for path in index_of(root)[1:])
    return root


def _edited(base: Path, name: str) -> Path:
    """A copy of a book whose index is to be brought up to date: a file was edited by hand."""
    root = copied(base, name)
    deals = root / "deals.yaml"
    deals.write_bytes(deals.read_bytes().replace(*EDIT))
    return root


def kill_reading(base: Path, call: str, *, built: bool) -> int:
    """Kill a list at each call of a name while it makes its index or refreshes it; how often."""
    kills = 0
    while True:
        name = f"{'refreshed' if built else 'built'}-{call}-{kills}"
        root = (_edited if built else _bare)(base, name)
        if not killed_at(root, READ, call, kills + 1):
            return kills
        kills += 1
        said = answers(root)
        assert (EDIT[1] if built else EDIT[0]).decode().removeprefix("title: ") in said
        _check_cleared(root, said)
        shutil.rmtree(root)


def overtake_building(base: Path, call: str, *, killed: bool) -> int:
    """Stop the making of an index at each call of a name while another one makes it; how often.

    The other one comes to its end, or is killed at its last step but one.
    """
    stops = overtaken = 0
    while True:
        root = _bare(base, f"overtaken-{call}-{stops}-{killed}")
        wanted = printed(root, *READ, "--no-index")
        others: list[str] = []
        seen: list[bool] = []

        def stopped() -> None:
            seen.append(call != "pwrite64" or not index_of(root)[1].exists())  # noqa: B023 - called within the round
            if not seen[-1]:  # noqa: B023 - the same
                # It has the name. SQLite waits ten seconds for one that is stopped while it makes
                # what it shares with others, then gives up, and the index is made anew.
                pass
            elif killed:
                # Where it waits for its file to be safe, before that gets the name.
                killed_at(root, READ, "fsync", 1)  # noqa: B023 - the same
            else:
                others.append(answers(root))  # noqa: B023 - the same

        inject = f"inject={call}:signal=SIGSTOP:when={stops + 1}"
        options = ["-o", os.devnull, "-e", f"trace={call}", "-e", inject]
        with pytest.MonkeyPatch.context() as patch:
            # Who is stopped may hold the index, and then the other one does without.
            patch.setattr(database, "_WAIT", 0.05)
            code, said = run_traced(root, READ, options, stopped=stopped)
        assert (code, said) == (0, wanted)
        if not seen:
            return overtaken
        stops += 1
        overtaken += seen.count(True)
        assert others in ([], [wanted])
        _check_cleared(root, wanted)
        shutil.rmtree(root)


def _check_cleared(root: Path, wanted: str) -> None:
    """One index is there, and what a maker that died has left goes when one is made next."""
    assert answers(root) == wanted
    assert index_of(root)[1].is_file()
    _remove(index_of(root)[1:])
    assert answers(root) == wanted
    assert half_made(root) == []


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
