"""Pages of the manual print what the sample book prints, and their commands run."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT
from manual import lines_of, shown_on

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

PAGES = ("changes", "contact", "digest", "filters", "renewals", "repeat", "views")
DAY = ("--today", "2026-03-10")


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_shows_is_printed(sample: Path, acct: CommandLine, name: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    blocks = shown_on(name)
    assert blocks
    for command, shown in blocks:
        result = acct(*shlex.split(command)[1:], *DAY)
        assert (result.code, result.out) == (0, shown), command


def test_pages_have_commands_of_one_line() -> None:
    assert sum(bool(lines_of(name)) for name in PAGES) > len(PAGES) // 2


@pytest.mark.parametrize("name", PAGES)
def test_commands_of_one_line_run(sample: Path, acct: CommandLine, name: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    for line in lines_of(name):
        first, _, piped = line.partition("|")
        if "-" in shlex.split(first):  # it wants ids from a pipe
            continue
        result = acct(*shlex.split(first)[1:], *DAY)
        assert result.code == 0, result.err
        assert result.out or not piped, line
