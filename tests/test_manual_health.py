"""The pages of the manual about health and the board say what the code does."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml
from conftest import PROJECT

from acctcli.core.model.records import Settings
from acctcli.core.model.settings import INPUTS
from acctcli.core.query.group_values import GROUPINGS
from acctcli.core.settings.reader import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

HEALTH = (PROJECT / "docs" / "health.md").read_text("utf-8")
BOARD = (PROJECT / "docs" / "board.md").read_text("utf-8")


def blocks(page: str, kind: str = "") -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [text for word, text in found if word == kind]


def commands(text: str) -> list[list[str]]:
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("acctcli ")]


def test_the_example_of_health_runs_as_told(book: Path, acct: CommandLine) -> None:
    example, shown, *rest = blocks(HEALTH)
    results = [acct(*words) for words in commands(example)]
    assert [result.code for result in results] == [0] * 4
    assert shown in results[-1].out
    several = commands(rest[0])
    assert len(several) == 4
    assert [acct(*words).code for words in several] == [0] * 4


def test_the_settings_of_health_are_the_codes() -> None:
    usual, one = (
        read_settings(yaml.load(text, yaml.BaseLoader))  # noqa: S506 - it makes texts alone
        for text in blocks(HEALTH, "yaml")
    )
    assert usual == (Settings(), [])
    assert one[0].health.weights == {"contact": 1}
    assert one[1] == []


def test_the_tables_name_all_inputs_and_groupings() -> None:
    assert re.findall(r"^\| `(\w+)` \|", HEALTH, re.MULTILINE) == list(INPUTS)
    assert re.findall(r"^\| `(\w+)` \|", BOARD, re.MULTILINE) == list(GROUPINGS)


@pytest.mark.parametrize("words", [each for text in blocks(BOARD) for each in commands(text)])
def test_the_boards_of_the_manual_run(
    folder: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    shutil.copytree(PROJECT / "sample-data", folder / "sample")
    monkeypatch.chdir(folder / "sample")
    result = acct(*words, "--today", "2026-03-10")
    assert (result.code, result.err) == (0, "")
    assert result.out
