"""Random walks by real commands: with and without an index they say the same (HARDENING row 6)."""

from __future__ import annotations

import os
import random
import traceback
from typing import TYPE_CHECKING

import pytest
from helpers.faults.scenes import enter, environment, run_here
from helpers.view_comparison import IDS
from helpers.walk_edits import NAMES, some_kind
from helpers.walk_steps import OFTEN, STEPS
from helpers.walks import Walk

from acctcli.core.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from helpers.faults.scenes import Printed

_ASKED = (
    *(("account", "list"), ("org", "list"), ("deal", "list"), ("activity", "list")),
    *(("account", "show", "acme"), ("check",), ("agenda",), ("log",)),
)
_SKIPPED = ((), ("--skip-invalid",))


def _say(walk: Walk, *words: str) -> Printed:
    """What a command says; each opens the book and its index anew."""
    return run_here(walk.root, *words)


def _compare(walk: Walk) -> None:
    for words in _ASKED:
        for more in _SKIPPED if walk.number % 4 == 0 else _SKIPPED[1:]:
            line = (*more, *words, *(("--format", "json") if words != ("check",) else ()))
            found, right = _say(walk, *line), _say(walk, "--no-index", *line)
            assert found == right, f"{walk.told}: {line}"


# commands


def _add(walk: Walk) -> tuple[str, ...]:
    kind = some_kind(walk)
    words = [KINDS[kind].noun, "add", walk.chance.choice(NAMES), "--id", walk.free_id(kind)]
    if kind == "files":
        words[2] = "https://example.com/offer"
    if kind != "orgs":
        words += ["--org", walk.chance.choice(IDS["orgs"])]
    return tuple(words)


def _edit(walk: Walk) -> tuple[str, ...]:
    kind = some_kind(walk)
    key = walk.free_id(kind)
    if kind == "people" and walk.chance.random() < 0.6:  # to another employer
        return "person", "edit", key, "--set", f"org={walk.chance.choice(IDS['orgs'])}"
    return KINDS[kind].noun, "edit", key, "--set", f"owner={walk.chance.choice(NAMES[:4])}"


_COMMANDS: tuple[Callable[[Walk], tuple[str, ...]], ...] = (
    _add,
    _add,
    _edit,
    _edit,
    lambda walk: ("deal", walk.chance.choice(["won", "lost", "reopen"]), walk.free_id("deals")),
    lambda walk: ("activity", "done", walk.free_id("activities")),
    lambda walk: ("org", "remove", walk.free_id("orgs"), "--cascade"),
    lambda walk: ("deal", "remove", walk.free_id("deals"), "--unlink"),
    lambda _: ("undo",),
    lambda _: ("redo",),
)
# What is done by hand, and to the index.
_STEPS = [
    name
    for name in ("edit", "change", "unnoticed", "move", "rename", "settings", "times", "fresh")
    for _ in range(OFTEN[name])
] + ["forget", "damage", "older"]


def _step(walk: Walk) -> None:
    walk.number += 1
    if walk.chance.random() < 0.5:
        words = walk.chance.choice(_COMMANDS)(walk)
        walk.told.append(" ".join(words))
        before = walk.state()
        if _say(walk, *words).code:
            assert walk.state() == before, f"{walk.told}: refused, and not undone"
    else:
        name = walk.chance.choice(_STEPS)
        walk.step(STEPS[name])


def _walk(folder: Path, seed: int) -> None:
    environ = environment(folder) | {"XDG_CACHE_HOME": str(folder / "cache")}
    enter(environ)
    walk = Walk(folder, random.Random(seed))  # noqa: S311 - chance, no secret
    _compare(walk)
    for _ in range(20):
        _step(walk)
        _compare(walk)


@pytest.mark.parametrize("seed", range(10))
def test_commands_say_with_an_index_what_they_say_without(tmp_path: Path, seed: int) -> None:
    # In a process of its own: it takes on the environment of a user.
    process = os.fork()
    if process == 0:
        code = 1
        try:
            _walk(tmp_path, seed)
            code = 0
        except BaseException:  # noqa: BLE001 - shown, and told by the code
            (tmp_path / "failed").write_text(traceback.format_exc(), "utf-8")
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    assert status == 0, (tmp_path / "failed").read_text("utf-8")
