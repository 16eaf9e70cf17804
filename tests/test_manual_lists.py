"""The pages on filters and saved views print what the sample book prints."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT
from manual import page_of

from acctcli.core.model.kinds import FieldType
from acctcli.core.query.columns import COMPUTED

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


def test_the_terms_of_the_tables_can_be_asked(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    asked = 0
    for row in re.findall(r"^\|.*", page_of("filters"), re.MULTILINE):
        for term in re.findall(r"`'?([a-z_]+[=<>~!][^`]*?)'?`", row):
            kinds = ("account", "deal", "activity")
            codes = [acct(kind, "list", "--where", term).code for kind in kinds]
            # Whoever is named in an example may not be there.
            assert 0 in codes or (3 in codes and term.startswith("org=")), term
            asked += 1
    assert asked > 20


def test_the_page_names_every_type_option_and_computed_field(acct: CommandLine) -> None:
    page = page_of("filters")
    help_text = acct("account", "list", "--help").out
    part = help_text.partition("Options of lists")[2].partition("Options of every")[0]
    for option in re.findall(r"^ +(--[a-z-]+)", part, re.MULTILINE):
        assert option in page
    for names in COMPUTED.values():
        for name in names:
            assert f"`{name}`" in page
    left_out = {
        FieldType.INTEGER,
        FieldType.DELAY,
        FieldType.REPEAT,
        FieldType.AMOUNT,
        FieldType.TIME,
    }
    for each in FieldType:
        assert each in left_out or each.value in page, each


def test_the_views_are_those_of_the_sample_book() -> None:
    block = page_of("views").partition("```yaml\n")[2].partition("```")[0]
    assert block in (PROJECT / "sample-data" / "acctcli.yaml").read_text("utf-8")
