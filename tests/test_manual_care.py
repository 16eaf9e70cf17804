"""The pages on contact, repeat customers and renewals print what the sample book prints."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT
from manual import page_of

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

PAGES = ("contact", "repeat", "renewals")
COMMANDS = {
    "contact": ["report coverage", "account list"],
    "repeat": ["report repeat"],
    "renewals": ["report renewals", "deal renew"],
}


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


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
