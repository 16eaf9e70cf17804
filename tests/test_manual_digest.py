"""The pages on the digest and on changes print what the sample book prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from manual import page_of

from acctcli.core.model.choices import CHANGE_KINDS, DIGEST_SECTIONS
from acctcli.render.list_columns import MACHINE_COLUMNS

if TYPE_CHECKING:
    from conftest import CommandLine

PAGES = ("digest", "changes")


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
    for path in (*MACHINE_COLUMNS[name], *(DIGEST_SECTIONS if name == "digest" else CHANGE_KINDS)):
        assert f"`{path}`" in text, path
