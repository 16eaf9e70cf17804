"""The pages on contact, repeat customers and renewals print what the sample book prints."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

PAGES = ("contact", "repeat", "renewals")
COMMANDS = {
    "contact": ["report coverage", "account list"],
    "repeat": ["report repeat"],
    "renewals": ["report renewals", "deal renew"],
}


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
        result = acct(*shlex.split(command)[1:], "--today", "2026-03-10")
        assert (result.code, result.out) == (0, shown), command


@pytest.mark.parametrize("name", PAGES)
def test_commands_of_one_line_run(sample: Path, acct: CommandLine, name: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    lines = re.findall(r"^acctcli .*", page_of(name), re.MULTILINE)
    for line in lines:
        if "|" not in line:
            result = acct(*shlex.split(line)[1:], "--today", "2026-03-10")
            assert result.code == 0, result.err


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_every_option_of_its_commands(acct: CommandLine, name: str) -> None:
    told = set(re.findall(r"--[a-z-]+", page_of(name)))
    for command in COMMANDS[name]:
        help_text = acct(*command.split(), "--help").out.partition("\nOptions of ")[0]
        options = set(re.findall(r"^ +(--[a-z-]+)", help_text, re.MULTILINE))
        assert options
        assert options <= told


def test_what_a_renewal_says_is_what_the_page_says(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    said = acct("deal", "renew", "Leaf scales with printer").err
    planned = re.compile(r"(planned .*) \(\w+\) for")  # its id is a new one each time
    assert planned.sub(r"\1 for", said) in planned.sub(r"\1 for", page_of("renewals"))
