"""The examples in the help of commands run as they stand, on the sample book."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.click_commands import commands
from helpers.files import PROJECT

from acctcli.cli.app.help_examples import EXAMPLES, Example

if TYPE_CHECKING:
    from helpers.cli import CommandLine


# Files that examples name, beside the book's own.
FILES = {
    "contract.txt": "all is agreed\n",
    "deals.csv": (
        "Opportunity,Customer,Stage,Closed,Amount\n"
        "1001,Acme Bakery,Won,2026-02-12,800.00\n1002,Blue Door Books,Won,2026-03-01,950.00\n"
    ),
    "map.yaml": (
        "kind: deals\nkey: Opportunity\n"
        "columns: {Opportunity: title, Customer: org, Stage: status, Closed: close_time,"
        " Amount: value}\n"
        "values: {status: {Won: won, Lost: lost}}\ndefaults: {currency: EUR}\n"
        "links: {org: {match: name, create: true}}\n"
    ),
    "commands.jsonl": '{"command": ["org", "add"], "args": {"name": "Acme"}}\n',
    "eurofxref-hist.csv": "Date,USD,GBP,\n2026-03-09,1.08,0.87,\n2026-03-06,1.07,0.86,\n",
}
# What must have been done before.
BEFORE = {
    "acctcli undo": "acctcli org edit northwind --set tier=B",
    "acctcli redo": "acctcli org edit northwind --set tier=B && acctcli undo",
    "acctcli completion": "mkdir -p ~/.local/share/bash-completion/completions ~/.zfunc"
    " ~/.config/fish/completions",
}
ALL = [(path, example) for path, examples in EXAMPLES.items() for example in examples]


def test_every_command_has_examples() -> None:
    known = set(commands())
    assert known - EXAMPLES.keys() == set()
    assert EXAMPLES.keys() - known == set()
    assert all(1 <= len(examples) <= 5 for examples in EXAMPLES.values())


@pytest.mark.parametrize(("path", "example"), ALL, ids=[each.line for _, each in ALL])
def test_an_example_runs(tmp_path: Path, path: str, example: Example) -> None:
    home, book = tmp_path / "home", tmp_path / "book"
    home.mkdir()
    shutil.copytree(PROJECT / "sample-data", book)
    for name, text in FILES.items():
        (book / name).write_text(text, "utf-8")
    line = f"{BEFORE[path]} && {example.line}" if path in BEFORE else example.line
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=book,
        env={
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TZ": "Europe/Rome",
            "ACCTCLI_ACTOR": "anna@example.com",
            "ACCTCLI_TODAY": "2026-03-10",
        },
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == example.code, done.stderr
    if not example.code:
        assert "error" not in done.stderr


@pytest.mark.parametrize("path", EXAMPLES)
def test_an_example_is_of_its_command(path: str) -> None:
    lines = [example.line for example in EXAMPLES[path]]
    assert any(f"{path} " in f"{line} " for line in lines)
    assert len(set(lines)) == len(lines)
    assert all(len(line) <= 78 for line in lines)  # with what stands before them, a terminal
    assert all(example.about.endswith((".", "?", "")) for example in EXAMPLES[path])


def test_an_example_that_is_listed_gives_something(acct: CommandLine, folder: Path) -> None:
    """A list that narrows the sample to nothing shows nobody what it is for."""
    shutil.copytree(PROJECT / "sample-data", folder / "book")
    for _, example in ALL:
        if " list" in example.line and not {"'", "|"} & set(example.line) and not example.code:
            words = ["--book", str(folder / "book"), *example.line.split()[1:]]
            result = acct(*words, "--fail-if-empty", ACCTCLI_TODAY="2026-03-10")
            assert result.code == 0, example.line
