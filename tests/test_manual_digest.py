"""The pages on the digest and on changes print what the sample book prints."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT

from acctcli.core.digest import SECTIONS
from acctcli.core.movement import MOVEMENTS
from acctcli.render.columns import MACHINE_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

PAGES = ("digest", "changes")
DAY = ("--today", "2026-03-10")


def page_of(name: str) -> str:
    return (PROJECT / "docs" / f"{name}.md").read_text("utf-8")


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_shows_is_printed(sample: Path, acct: CommandLine, name: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    blocks = re.findall(r"^```\n\$ (.*)\n((?:.*\n)*?)```", page_of(name), re.MULTILINE)
    assert blocks
    for command, shown in blocks:
        result = acct(*shlex.split(command)[1:], *DAY)
        assert (result.code, result.out) == (0, shown), command


@pytest.mark.parametrize("name", PAGES)
def test_commands_of_one_line_run(sample: Path, acct: CommandLine, name: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    lines = re.findall(r"^acctcli .*", page_of(name), re.MULTILINE)
    assert len(lines) >= 3
    for line in lines:
        result = acct(*shlex.split(line.partition("|")[0])[1:], *DAY)
        assert result.code == 0, result.err


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_every_option_of_its_command(acct: CommandLine, name: str) -> None:
    told = set(re.findall(r"--[a-z-]+", page_of(name)))
    help_text = acct(name, "--help").out.partition("Options of")[0]
    options = set(re.findall(r"^ +(--[a-z-]+)", help_text, re.MULTILINE))
    assert options
    assert options <= told


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_every_field(name: str) -> None:
    text = page_of(name)
    for path in (*MACHINE_COLUMNS[name], *(SECTIONS if name == "digest" else MOVEMENTS)):
        assert f"`{path}`" in text, path
