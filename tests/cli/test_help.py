"""What `acctcli help` tells is what the code does and the manual says."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from helpers.docs import rows_of_table
from helpers.files import PROJECT

from acctcli.cli.app.exit_codes import MEANINGS, Exit
from acctcli.cli.app.help_topics import TOPICS
from acctcli.core.model.dates import parse_day
from acctcli.core.model.durations import is_span
from acctcli.render.list_columns import MACHINE_COLUMNS

if TYPE_CHECKING:
    from helpers.cli import CommandLine

TODAY = dt.date(2026, 3, 4)
# What is looked up to find programs.
_NOT_TOLD = {"PATH"}


def text(topic: str) -> str:
    return TOPICS[topic][1]


def test_exit_codes_are_told_alike_everywhere() -> None:
    assert set(MEANINGS) == set(Exit)
    manual = rows_of_table("rules", "Exit codes")
    told = re.findall(r"^ +([0-9]+)  (.+)$", text("exit-codes"), re.MULTILINE)
    assert {int(code): meaning for code, meaning in told} == {
        int(code): meaning.replace("`", "") for code, meaning in MEANINGS.items()
    }
    for code, meaning in MEANINGS.items():
        if code is not Exit.INTERRUPTED:
            assert manual[str(int(code))] == meaning


def test_the_keys_of_an_error_are_those_it_has() -> None:
    assert " ".join([*MACHINE_COLUMNS["findings"], "exit_code"]) in text("errors")


def test_the_date_words_that_are_told_are_read() -> None:
    rows = re.findall(r"^  (\S.*?)  +", text("dates"), re.MULTILINE)
    words = [word for row in rows for word in row.split() if word != "..."]
    assert len(words) > 12
    for word in words:
        parse_day(word, TODAY)
    assert all(map(is_span, re.findall(r"\b[0-9]+[dwmy]\b", text("dates").partition("length")[2])))


def test_every_environment_variable_is_told() -> None:
    told = set(re.findall(r"^  ([A-Z_]+)", text("environment"), re.MULTILINE))
    told |= set(re.findall(r"^  [A-Z_]+, ([A-Z_]+)", text("environment"), re.MULTILINE))
    source = "\n".join(
        path.read_text("utf-8") for path in sorted((PROJECT / "acctcli").rglob("*.py"))
    )
    read = set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', source)) - _NOT_TOLD
    assert read == told


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_fits_on_a_page(topic: str, acct: CommandLine) -> None:
    result = acct("help", topic)
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert len(lines) < 40
    assert max(map(len, lines)) <= 88
