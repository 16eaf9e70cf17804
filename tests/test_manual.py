"""The manual says what the code does: its tables follow the code's, its examples run."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from conftest import PROJECT

from acctcli.cli.app.exit_codes import Exit
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.records import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

DOCS = PROJECT / "docs"


def rows_of_table(page: str, heading: str) -> dict[str, str]:
    """The first table below a heading: its first column, and the rest of each row."""
    text = (DOCS / page).read_text("utf-8").partition(f"\n## {heading}\n")[2]
    rows = re.findall(r"^\| (.*?) \| (.*) \|$", text.partition("\n## ")[0], re.MULTILINE)
    return dict(rows[1:])


def test_the_table_of_fields_is_the_codes() -> None:
    told = {
        name: re.findall(r"`(\w+)`", fields)
        for name, fields in rows_of_table("rules.md", "Fields").items()
    }
    everywhere = told["all of them"]
    for kind in KINDS.values():
        fields = [field.name for field in kind.fields]
        assert told[f"`{kind.name}`"] + everywhere == fields


def test_the_table_of_exit_codes_is_the_codes() -> None:
    told = {int(code) for code in rows_of_table("rules.md", "Exit codes")}
    assert told == {int(code) for code in Exit if code is not Exit.INTERRUPTED}


def test_the_table_of_settings_names_them_all() -> None:
    text = (DOCS / "formats.md").read_text("utf-8")
    settings = {*Settings.__struct_fields__, "buckets"} - {"soon", "later"}
    assert settings <= set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


def test_the_example_of_an_import_runs_as_told(book: Path, acct: CommandLine) -> None:
    page = (DOCS / "import.md").read_text("utf-8").partition("## An example")[2]
    table, import_map, commands = re.findall(r"^```\w*\n(.*?)```", page, re.DOTALL | re.MULTILINE)[
        :3
    ]
    (book / "customers.csv").write_text(table, "utf-8")
    (book / "deals-map.yaml").write_text(import_map, "utf-8")
    results = [acct(*line.split()[1:]) for line in commands.splitlines()]
    assert [result.code for result in results] == [0, 0]
    assert "3 created" in results[1].out
    assert "2 organizations made by links" in results[1].out
    assert "Acme is now an account\n" in results[1].err


def test_the_examples_of_the_history_run_as_told(book: Path, acct: CommandLine) -> None:
    page = (DOCS / "history.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    commands = [line for block in blocks for line in block.splitlines() if line[:7] == "acctcli"]
    assert len(commands) == 10
    results = {line: acct(*shlex.split(line)[1:]) for line in commands}
    assert [result.code for result in results.values()] == [0] * len(results)
    (shown,) = (block for block in blocks if not block.startswith("acctcli"))
    told = results['acctcli log "Two ovens"'].out.splitlines()[:2]
    assert [_without_ids(line) for line in told] == [_without_ids(x) for x in shown.splitlines()]
    everything = {path.name: path.read_bytes() for path in book.glob("*.yaml")}
    assert acct("undo", "3").code == 0
    assert sorted(path.name for path in book.glob("*.yaml")) == ["acctcli.yaml"]
    assert acct("redo").code == 0
    assert {path.name: path.read_bytes() for path in book.glob("*.yaml")} == everything


def _without_ids(text: str) -> str:
    return re.sub(r"\b[cd][0-9a-z]{8,12}\b", "ID", text)


def test_the_table_of_log_names_its_options(book: Path, acct: CommandLine) -> None:
    told = {option.split()[0].strip("`") for option in rows_of_table("history.md", "What happened")}
    help_text = acct("log", "--help").out.partition("\nOptions of ")[0]
    assert told - {"--limit"} == set(re.findall(r"^ +(--\w+)", help_text, re.MULTILINE))
