"""What a command loads: help, --version and reads stay light (docs/architecture.md)."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from helpers.books import shift_clock
from helpers.files import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

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
    "acctcli.cli.app.click_ext",
    "acctcli.cli.app.global_options",
    "acctcli.cli.app.exit_codes",
    "acctcli.cli.main",
    "acctcli.core.model.errors",
}
THIRD_PARTY_OF_HELP = {"click", "typing_extensions"}
# What of the shell and the store a read loads that prints json or ids, when an index is there.
WARM = {
    "acctcli.store.files.names",
    "acctcli.cli.lists.record_names",
    "acctcli.cli.lists.record_list",
    "acctcli.cli.lists.print_rows",
    "acctcli.cli.lists.print_list",
    "acctcli.cli.actions.run_change",
    "acctcli.cli.app.date_option",
    "acctcli.cli.commands.account",
    "acctcli.cli.lists.account_list",
    "acctcli.cli.input.currency_option",
    "acctcli.cli.commands.deal",
    "acctcli.cli.actions.edit_one",
    "acctcli.cli.app.diagnostics",
    "acctcli.cli.input.field_options",
    "acctcli.cli.app.environment",
    "acctcli.cli.lists.list_spec",
    "acctcli.cli.output.messages",
    "acctcli.cli.app.console",
    "acctcli.cli.output.writer",
    "acctcli.cli.commands.account_page",
    "acctcli.cli.input.record_args",
    "acctcli.cli.commands.record_verbs",
    "acctcli.cli.app.session",
    "acctcli.cli.commands.timeline",
    "acctcli.render.formats.columns",
    "acctcli.render.list_columns",
    "acctcli.render.formats.json_csv",
    "acctcli.render.formats.key_values",
    "acctcli.render.formats.style",
    "acctcli.render.formats.text",
    "acctcli.store.history.append",
    "acctcli.store.files.attachments",
    "acctcli.store.book",
    "acctcli.store.files.filesystem",
    "acctcli.store.history.history_format",
    "acctcli.store.ids",
    "acctcli.store.index.update.freshness",
    "acctcli.store.index.database",
    "acctcli.store.index.unreadable",
    "acctcli.store.index.record_map",
    "acctcli.store.index.index",
    "acctcli.store.index.row_codec",
    "acctcli.store.index.index_view",
    "acctcli.store.commit.journal",
    "acctcli.store.files.layout",
    "acctcli.store.files.find_book",
    "acctcli.store.datafiles.plain_reader",
    "acctcli.store.commit.snapshot",
    "acctcli.store.views.lazy_mapping",
    "acctcli.store.datafiles.typed_records",
    "acctcli.store.views.view",
    "acctcli.store.config.time_zone",
}
# Slow to load, and of no use to a read that prints json.
NOT_FOR_READS = {
    "acctcli.exchange",
    "acctcli.render.formats.table",
    "acctcli.store.changes.change_set",
    "acctcli.store.commit.commit",
    "acctcli.store.datafiles.record_editor",
    "acctcli.store.commit.lock",
    "acctcli.store.datafiles.plain_writer",
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
    # The face of a package has a docstring, and nothing to load.
    return {
        name: file
        for name, file in modules.items()
        if not (name.startswith("acctcli.") and file.endswith("__init__.py"))
    }


def test_the_face_of_a_package_is_a_docstring() -> None:
    for face in (PROJECT / "acctcli").rglob("*/__init__.py"):
        (statement,) = ast.parse(face.read_text("utf-8")).body
        assert isinstance(statement, ast.Expr), face


@pytest.mark.parametrize("words", [("--version",), ("--help",)])
def test_help_and_version_load_an_allow_list(folder: Path, words: tuple[str, ...]) -> None:
    modules = loaded(folder, *words)
    known = HELP | {"acctcli.cli.app.help_examples"} if "--help" in words else HELP
    assert {name for name in modules if name.split(".")[0] == "acctcli"} == known
    others = {
        name.split(".")[0]
        for name, file in modules.items()
        if "site-packages" in file and not name.startswith(("_", "acctcli"))
    }
    assert {"click"} <= others <= THIRD_PARTY_OF_HELP
    assert not modules.keys() & {*NOT_FOR_READS, "yaml", "zoneinfo", "sqlite3", "hashlib"}


READS = [
    ("account", "list", "--format", "json"),
    ("deal", "list", "--format", "ids"),
    ("account", "show", "acme", "--format", "json"),
    ("account", "timeline", "acme", "--format", "json"),
]


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("how", ["first", "--no-index"])
def test_a_read_loads_nothing_that_only_writes_or_tables_need(
    small: Path, words: tuple[str, ...], how: str
) -> None:
    modules = loaded(small, *words, *(["--no-index"] if how == "--no-index" else []))
    assert "yaml" in modules  # there is no index yet
    found = {
        name for name in modules if name in NOT_FOR_READS or name.startswith("acctcli.exchange")
    }
    assert found == set()
    assert ("sqlite3" in modules) == (how != "--no-index")


@pytest.mark.parametrize("words", READS)
def test_a_read_with_an_index_loads_neither_a_parser_nor_what_fills_it(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    with monkeypatch.context() as patch:
        shift_clock(patch)
        assert acct(*words).code == 0
    modules = loaded(small, *words)
    known = HELP | WARM
    layers = ("acctcli.cli", "acctcli.store", "acctcli.render")
    ours = {name for name in modules if name.startswith(layers)}
    assert ours - known == set()
    assert not modules.keys() & {*NOT_FOR_READS, "yaml", "_yaml", "tabulate"}


def test_a_list_of_accounts_loads_none_of_the_other_verbs(small: Path) -> None:
    modules = loaded(small, "account", "list", "--format", "ids", "--no-index")
    others = {"editing", "fields", "narrowing", "pages", "picking", "piped", "records", "usage"}
    assert not modules.keys() & {f"acctcli.cli.{name}" for name in others}


def test_a_table_needs_what_draws_it_and_no_parser(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        shift_clock(patch)
        assert acct("account", "list").code == 0
    modules = loaded(small, "account", "list")
    assert "tabulate" in modules
    assert "yaml" not in modules


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_check_of_a_book_in_order_loads_no_parser_and_nothing_that_writes(
    folder: Path, acct: CommandLine, form: str
) -> None:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    words = ("check", "--today", "2026-03-10", "--format", form)
    with pytest.MonkeyPatch.context() as patch:
        shift_clock(patch)
        assert acct(*words).code == 0
    modules = loaded(folder, *words)
    assert "acctcli.core.checks.records" in modules
    unwanted = {"acctcli.cli.actions.fix_findings", "acctcli.core.checks.account_care"}
    assert not modules.keys() & {*NOT_FOR_READS, *unwanted, "yaml", "_yaml", "tabulate"}
