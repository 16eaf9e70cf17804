"""Completion typed into real shells; those that are not there are skipped."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from helpers.files import PROJECT
from helpers.shells import Shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpers.cli import CommandLine

TYPED = {
    "acctcli acc": ["account"],
    "acctcli account show nor": ["account", "show", "northwind"],
    "acctcli account show Nor": ["account", "show", "Northwind Traders"],
    'acctcli account show "Nor': ["account", "show", "Northwind Traders"],
    "acctcli deal show 'Price": ["deal", "show", "Price-computing scales, Rotterdam office"],
    "acctcli person show renée": ["person", "show", "Renée Whitcombe"],
    "acctcli org show Re": ["org", "show", "Re: O'Brien"],
    "acctcli account list --wh": ["account", "list", "--where"],
    "acctcli account list --where=buck": ["account", "list", "--where=bucket"],
    "acctcli account list --where bucket=ov": ["account", "list", "--where", "bucket=overdue"],
    "acctcli account list --where=bucket=none,ov": [
        "account",
        "list",
        "--where=bucket=none,overdue",
    ],
    "acctcli account list --sort=-won_v": ["account", "list", "--sort=-won_value"],
    "acctcli account list --format=js": ["account", "list", "--format=json"],
    "acctcli org edit northwind --set segm": ["org", "edit", "northwind", "--set", "segment="],
    "acctcli import csv acc": ["import", "csv", "acctcli.yaml"],
    "acctcli account list --output=acc": ["account", "list", "--output=acctcli.yaml"],
    "acctcli --book att": ["--book", "attachments"],
    "acctcli org show nobody": ["org", "show", "nobody"],
}


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest, folder: object, acct: CommandLine) -> Iterator[Shell]:
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    from pathlib import Path

    assert isinstance(folder, Path)
    book = folder / "book"
    shutil.copytree(PROJECT / "sample-data", book)
    script = folder / f"script.{name}"
    script.write_text(acct("completion", name).out, "utf-8")
    assert acct("--book", str(book), "org", "add", "Re: O'Brien", "--quiet").code == 0
    environ = {"HOME": str(folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    found = Shell(name, book, environ, str(script))
    yield found
    found.close()


def test_what_is_typed_is_completed(shell: Shell) -> None:
    found = {typed: shell.completed(typed)[1:] for typed in TYPED}
    # A slash that zsh has put there goes when a space is typed behind it.
    found["acctcli --book att"][1] = found["acctcli --book att"][1].rstrip("/")
    assert found == TYPED


def test_what_is_said_of_words_is_shown(shell: Shell) -> None:
    shell.wait_for("acctcli account show ", "Northwind Traders")
