"""The page of errors tells every id there is, with its level and its exit codes, and no other."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from helpers.error_ids import ids_in
from helpers.files import PROJECT

from acctcli.cli.app.exit_codes import exit_for
from acctcli.core.model import errors
from acctcli.render.list_columns import MACHINE_COLUMNS

PAGE = (PROJECT / "docs" / "errors.md").read_text("utf-8")
FOUND = ids_in(PROJECT / "acctcli")


class _Row(NamedTuple):
    level: str
    codes: set[int]
    meaning: str


def rows() -> dict[str, _Row]:
    found = re.findall(
        r"^\| `([a-z0-9-]+)` \| (\w+) \| ([0-9, ]*) ?\| (.+) \|$", PAGE, re.MULTILINE
    )
    told = {
        name: _Row(level, {int(code) for code in re.findall("[0-9]+", codes)}, meaning)
        for name, level, codes, meaning in found
    }
    assert len(told) == len(found)
    return told


def test_every_id_of_the_source_is_told_and_no_other() -> None:
    assert set(rows()) == {each.id for each in FOUND}


def test_ids_are_written_alike() -> None:
    assert [each for each in FOUND if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", each.id)] == []


@pytest.mark.parametrize("name", sorted(rows()))
def test_level_and_exit_codes_are_those_of_the_source(name: str) -> None:
    row = rows()[name]
    made = [each for each in FOUND if each.id == name]
    for each in made:
        if each.error is not None:
            error = getattr(errors, each.error)()
            assert exit_for(error) in row.codes, each
    if all(each.error is None for each in made):
        assert row.level in {each.level for each in made}
    assert row.codes or row.level == "warning"


def test_the_sections_are_in_order() -> None:
    for section in PAGE.partition("## All ids")[2].split("\n### ")[1:]:
        names = re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.MULTILINE)
        assert names == sorted(names)


def test_the_keys_of_an_error_as_json_are_told() -> None:
    part = PAGE.partition("## As JSON")[2].partition("\n## ")[0]
    keys = re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)
    assert keys == [*MACHINE_COLUMNS["findings"], "exit_code"]
