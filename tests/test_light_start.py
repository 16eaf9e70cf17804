"""What a command loads: help, --version and reads stay light (docs/architecture.md)."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_LOADED = """
import sys
from acctcli.cli.main import run
code = run(sys.argv[1:])
import json
files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
sys.stderr.write(json.dumps([code, files]))
"""

# What acctcli itself may load to say its version or its help: nothing that reads a book.
HELP = {
    "acctcli",
    "acctcli.cli",
    "acctcli.cli.commands",
    "acctcli.cli.exits",
    "acctcli.cli.main",
    "acctcli.core",
    "acctcli.core.errors",
    "acctcli.core.names",
}
THIRD_PARTY_OF_HELP = {"click", "msgspec", "typing_extensions"}
# Slow to load, and of no use to a read that prints json.
NOT_FOR_READS = {
    "acctcli.exchange",
    "acctcli.render.table",
    "acctcli.store.change",
    "acctcli.store.commit",
    "acctcli.store.edit",
    "acctcli.store.lock",
    "acctcli.store.plain",
    "csv",
    "difflib",
    "platformdirs",
    "subprocess",
    "tabulate",
    "tempfile",
    "wcwidth",
}


def loaded(folder: Path, *words: str) -> dict[str, str]:
    """The modules that a command loaded, with their files."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(done.stderr)
    assert code == 0
    assert isinstance(modules, dict)
    return modules


@pytest.mark.parametrize("words", [("--version",), ("--help",)])
def test_help_and_version_load_an_allow_list(folder: Path, words: tuple[str, ...]) -> None:
    modules = loaded(folder, *words)
    assert {name for name in modules if name.split(".")[0] == "acctcli"} == HELP
    others = {
        name.split(".")[0]
        for name, file in modules.items()
        if "site-packages" in file and not name.startswith(("_", "acctcli"))
    }
    assert {"click"} < others <= THIRD_PARTY_OF_HELP
    assert not modules.keys() & {*NOT_FOR_READS, "yaml", "zoneinfo", "sqlite3", "hashlib"}


@pytest.mark.parametrize(
    "words",
    [
        ("account", "list", "--format", "json"),
        ("deal", "list", "--format", "ids"),
        ("account", "show", "acme", "--format", "json"),
    ],
)
def test_a_read_loads_nothing_that_only_writes_or_tables_need(
    small: Path, words: tuple[str, ...]
) -> None:
    modules = loaded(small, *words)
    assert "yaml" in modules
    found = {
        name for name in modules if name in NOT_FOR_READS or name.startswith("acctcli.exchange")
    }
    assert found == set()
