"""The manual's page about output: its examples print what it shows, its tables are the code's."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

from conftest import PROJECT

from acctcli.cli.app.global_options import FORMATS
from acctcli.cli.app.output_file import ENDINGS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

PAGE = (PROJECT / "docs" / "output.md").read_text("utf-8")


def test_its_examples_print_what_it_shows(folder: Path, acct: CommandLine) -> None:
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    blocks = re.findall(r"^```\n(\$ acctcli .*?)```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 3
    for block in blocks:
        command, _, shown = block.partition("\n")
        result = acct("--book", "sample", "--today", "2026-03-10", *shlex.split(command)[2:])
        assert (result.code, result.out, result.err) == (0, shown, "")


def test_its_commands_write_files(folder: Path, acct: CommandLine) -> None:
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    commands = re.findall(r"^acctcli (.* -o (\S+))$", PAGE, re.MULTILINE)
    assert len(commands) == 3
    for command, name in commands:
        assert acct("--book", "sample", *shlex.split(command)) == (0, "", "")
        assert (folder / name).read_text("utf-8")


def test_the_command_of_the_schema_runs(folder: Path, acct: CommandLine) -> None:
    (command,) = re.findall(r"^acctcli (schema .*) > ", PAGE, re.MULTILINE)
    result = acct(*shlex.split(command))
    assert (result.code, result.err) == (0, "")
    schema = result.json
    assert isinstance(schema, dict)
    assert schema["title"] == "acctcli account list --format json"


def table(first: str) -> dict[str, str]:
    """The rows of the table whose head begins so."""
    text = PAGE.partition(f"| {first} |")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| (`.*?) \| (.*?) \|$", text, re.MULTILINE))


def test_the_table_of_formats_is_the_codes() -> None:
    assert {name.strip("`") for name in table("format")} == set(FORMATS)


def test_the_table_of_endings_is_the_codes() -> None:
    told = {
        ending: form.strip("`")
        for endings, form in table("ending").items()
        for ending in re.findall(r"`(\.\w+)`", endings)
    }
    assert told == ENDINGS
