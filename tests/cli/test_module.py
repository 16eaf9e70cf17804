"""The program as a module of Python: `python -m acctcli`."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import acctcli

if TYPE_CHECKING:
    from pathlib import Path


def run(*words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "acctcli", *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_it_runs_commands_under_its_own_name(folder: Path) -> None:
    assert run("--version") == (0, f"acctcli {acctcli.__version__}\n", "")
    code, out, _ = run("--help")
    assert code == 0
    assert out.startswith("Usage: acctcli ")
    code, _, err = run("account", "list")
    assert code == 3
    assert err.startswith("error [no-book]: ")


def test_it_answers_shells(folder: Path) -> None:
    assert run("__complete", "zsh", "ini") == (0, "\ninit\tMake a new book.\n", "")
