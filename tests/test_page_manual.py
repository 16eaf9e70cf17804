"""The manual's page about the page: its commands print what it shows, its tables are complete."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

from conftest import PROJECT

from acctcli.core.reports.account_page import PAGE_SECTIONS
from acctcli.render.list_columns import MACHINE_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

PAGE = (PROJECT / "docs" / "page.md").read_text("utf-8")


def test_its_examples_print_what_it_shows(folder: Path, acct: CommandLine) -> None:
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    blocks = re.findall(r"^```\n(\$ acctcli .*?)```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 5
    for block in blocks:
        command, _, shown = block.partition("\n")
        words = shlex.split(command)[2:]
        result = acct("--book", "sample", "--today", "2026-03-10", *words)
        assert (result.code, result.out) == (0, shown)


def test_the_commands_for_notes_run(book: Path, acct: CommandLine) -> None:
    assert acct("org", "add", "Acme").code == 0
    text = PAGE.partition("## Notes")[2].partition("## Files")[0]
    commands = re.findall(r"^acctcli (note add .*)$", text, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command.partition(" <")[0])
        assert acct(*words, stdin="Minutes\n", EDITOR="true").code == 0


def test_the_table_of_sections_is_the_codes() -> None:
    table = PAGE.partition("| section |")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == PAGE_SECTIONS


def test_the_options_and_keys_of_the_timeline_are_all_told(acct: CommandLine) -> None:
    text = PAGE.partition("## The timeline")[2].partition("## Notes")[0]
    told = re.findall(r"^\| `(--\w+)", text, re.MULTILINE)
    own = acct("account", "timeline", "--help").out.partition("\nOptions of ")[0]
    assert set(told) - {"--limit"} == set(re.findall(r"^ +(--\w+)", own, re.MULTILINE))
    assert set(MACHINE_COLUMNS["timeline"]) <= set(re.findall(r"`(\w+)`", text))
