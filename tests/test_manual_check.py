"""The page on checking a book: its tables are the code's, its commands run on the sample."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT

from acctcli.core.checks.registry import CHECKS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

PAGE = (PROJECT / "docs" / "check.md").read_text("utf-8")
TODAY = ("--today", "2026-03-10")


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


def test_the_tables_are_the_codes() -> None:
    rows = re.findall(r"^\| `(.*?)` \| (.*?) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    assert rows == [(each.name, each.level, each.about, each.fix) for each in CHECKS.values()]
    plain, _, named = PAGE.partition("## Checks that are run when they are named")
    assert all(f"| `{name}` |" in (plain if each.plain else named) for name, each in CHECKS.items())
    care = named.partition("And for what is to be done")[2]
    assert [f"| `{name}` |" in care for name in CHECKS] == [each.care for each in CHECKS.values()]


def test_every_command_runs(sample: Path, acct: CommandLine) -> None:
    before = {path.name: path.read_bytes() for path in sample.glob("*.yaml")}
    lines = re.findall(r"^(?:[0-9].{13})?(acctcli .*)", PAGE, re.MULTILINE)
    assert len(lines) == 14
    for line in lines:
        words = [word for word in shlex.split(line)[1:] if word not in {"--book", "~/book"}]
        result = acct(*words, *TODAY)
        assert result.code in {0, 1}, line
        cares = any(CHECKS[word].care for word in words if word in CHECKS)
        assert cares or (result.code, result.out) == (0, ""), line
    assert {path.name: path.read_bytes() for path in sample.glob("*.yaml")} == before


def test_what_the_page_shows_is_printed(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    ((command, shown),) = re.findall(r"^```\n\$ (.*)\n((?:.*\n)*?)```", PAGE, re.MULTILINE)
    result = acct(*shlex.split(command)[1:], *TODAY)
    assert (result.code, result.out) == (1, shown)
    assert result.err == "2 warnings\n"


def test_what_is_found_and_mended_reads_as_on_the_page(book: Path, acct: CommandLine) -> None:
    (book / "activities.yaml").write_text("\n" * 18 + "- id: a\n  subject: s\n", "utf-8")
    (book / "deals.yaml").write_text("- id: d1\n  title: Scales\n  value: 5\n", "utf-8")
    found = acct("check", "undone-without-due")
    assert f"```\n{found.out}{found.err}```" in PAGE
    assert acct("check", "--fix").err.splitlines()[0] in PAGE


def test_the_page_names_every_option_and_key(acct: CommandLine) -> None:
    help_text = acct("check", "--help").out.partition("Options of every")[0]
    options = set(re.findall(r"^ +(--[a-z-]+)", help_text, re.MULTILINE))
    assert {"--only", "--where"} <= options <= set(re.findall(r"--[a-z-]+", PAGE))
