"""What Click refuses is told in our words, with the nearest there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from acctcli.cli.app.usage_errors import usage_error
from acctcli.cli.main import cli

if TYPE_CHECKING:
    from helpers.cli import CommandLine


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["account", "list", "--wher", "x"], 'no such option "--wher"; did you mean "--where"?'),
        (["account", "list", "-x"], 'no such option "-x"'),
        (
            ["deal", "list", "--status", "opne"],
            '--status: there is no "opne"; did you mean "open"?',
        ),
        (["deal", "list", "--status", "it's"], '--status: there is no "it\'s"'),
        (["deal", "list", "--status", 'a "quote"'], '--status: there is no "a "quote""'),
        (["deal", "won"], "DEAL is missing"),
        (["import", "csv", "x.csv"], "--map is missing"),
        (["account", "list", "--owner"], "--owner needs a value"),
        (["account", "list", "--limit", "x"], '--limit: "x" is no whole number from 1 on'),
        (["account", "list", "--limit", "0"], '--limit: "0" is no whole number from 1 on'),
        (["account", "list", "--currency", "EURO"], '--currency: "EURO" is not a currency'),
        (["account", "list", "x"], '"acctcli account list" takes no "x"'),
        (["acount"], '"acctcli acount" is no command; did you mean "acctcli account"?'),
    ],
)
def test_what_is_refused(acct: CommandLine, words: list[str], message: str) -> None:
    result = acct(*words)
    assert result.code == 2
    assert f"error [usage]: {message}" in result.err


def test_an_option_of_lists_is_told_to_be_one(acct: CommandLine) -> None:
    for words in (("account", "show", "x", "--sort", "y"), ("--sort", "y", "account", "show", "x")):
        result = acct(*words)
        assert result.code == 2
        assert 'error [no-list]: --sort is for lists, and "acctcli account show"' in result.err


@pytest.mark.parametrize("error", [click.UsageError("Odd."), click.NoSuchOption("--x")])
def test_an_error_without_a_command(error: click.ClickException) -> None:
    problem = usage_error(error).problems[0]
    assert problem.id == "usage"
    assert problem.hint == 'see "acctcli --help"'


def test_help_begins_with_usage_and_examples(acct: CommandLine) -> None:
    for path in ((), ("account",), ("account", "list"), ("report", "coverage"), ("undo",)):
        lines = acct(*path, "--help").out.splitlines()
        assert lines[0].startswith("Usage: acctcli")
        assert lines[2] == "Examples:"
    assert isinstance(cli, click.Group)


def test_no_line_of_help_is_wider_than_a_terminal(acct: CommandLine) -> None:
    from helpers.click_commands import commands

    for path in commands():
        for line in acct(*path.split()[1:], "--help", COLUMNS="80").out.splitlines():
            assert len(line) <= 80, (path, line)
