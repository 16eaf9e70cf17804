"""Filters, orders, groups and views through commands: with an index as without, in every format."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import click
import pytest
from helpers.files import PROJECT

from acctcli.cli.actions import view_checks
from acctcli.cli.app.click_ext import CommandGroup, ListCommand
from acctcli.cli.main import cli

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

TODAY = ("--today", "2026-03-10")
QUERIES = (
    "account list --where bucket=none,overdue",
    "account list --where won_value>5000 --sort -won_value",
    "account list --where health=watch,healthy --sort points,-name --limit 4",
    "account list --where scales_in_use --sort -scales_in_use",
    "account list --where contact_due>today --where planned_count>0",
    "account list --where next_activity.due_time --sort next_activity.due_time",
    "account list --where overdue_count>=1 --sort late_by",
    "account list --late --where late_by>10 --sort rhythm,-late_by",
    "account list --group-by owner,health --sort -won_value",
    "org list --where is_account=no --sort bucket",
    "org list --group-by is_account,tier",
    "deal list --where status=open --sort -value",
    "deal list --where org_name~molino --where won_time=2025",
    "deal list --group-by won_time:year,status",
    "activity list --where bucket=overdue --sort org_name,due_date",
    "activity list --group-by type,done",
    "person list --where languages~engl --sort org_name",
    "note list --where pinned --sort -add_time",
    "file list --group-by org",
    "agenda --where type=call --sort owner",
    "report coverage --where contact_count>=1 --sort last_contact.person",
    "report repeat --where usual_days>30 --sort -usual_days",
    "report renewals --within 2y --sort -arr --where org_name",
    "report health --where word!=healthy --sort -points",
    "account timeline fiordaliso --where value>0 --sort value",
    "find scale --where kind=deals,orgs --sort -name",
)


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


@pytest.mark.parametrize("query", QUERIES)
def test_a_question_has_one_answer(sample: Path, acct: CommandLine, query: str) -> None:
    """The same with an index and without; the formats tell of the same items."""
    assert (sample / "acctcli.yaml").exists()
    words = [*query.split(), *TODAY]
    told = acct(*words, "--format", "json")
    assert told.code == 0, told.err
    assert acct(*words, "--format", "json", "--no-index").out == told.out
    rows = json.loads(told.out)
    assert rows
    lines = acct(*words, "--format", "ndjson").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    if "--group-by" not in words:
        ids = acct(*words, "--format", "ids").out.split()
        assert ids == list(dict.fromkeys(row["id"] for row in rows))
    assert acct(*words).out
    assert len(acct(*words, "--format", "csv").out.splitlines()) > len(rows)


def test_a_bare_amount_is_in_the_currency_that_is_shown(folder: Path, acct: CommandLine) -> None:
    acct("init")
    with (folder / "acctcli.yaml").open("a") as file:
        file.write("currency: EUR\n")
    (folder / "rates.yaml").write_text("- {date: 2026-01-01, base: EUR, rates: {USD: 2}}\n")
    for name, value in (("Acme", "100"), ("Beta", "300")):
        acct("org", "add", name)
        acct("deal", "add", name, "--org", name, "--value", value, "--currency", "EUR")
        acct("deal", "won", name, "--on", "2026-02-01")
    found = acct("account", "list", "--format", "ids", "--where", "won_value>250", *TODAY)
    assert found.out.split() == ["beta"]
    words = ("--currency", "USD", "--format", "ids", "--where", "won_value>450", *TODAY)
    assert acct("account", "list", *words).out.split() == ["beta"]
    words = ("--currency", "USD", "--format", "ids", "--where", "won_value>=200", *TODAY)
    assert acct("account", "list", *words).out.split() == ["acme", "beta"]


def test_of_several_records_with_a_name_any_counts(folder: Path, acct: CommandLine) -> None:
    acct("init")
    assert (folder / "acctcli.yaml").exists()
    for org in ("acme", "acme-2"):
        acct("org", "add", "Acme")
        acct("deal", "add", f"Deal {org}", "--org", org)
    found = acct("deal", "list", "--where", "org=Acme", "--format", "json").json
    assert isinstance(found, list)
    assert len(found) == 2
    refused = acct("deal", "list", "--where", "org=ac")
    assert refused.code == 3
    assert 'error [ambiguous]: --where "org=ac": "ac" may be any of' in refused.err
    (found,) = acct("deal", "list", "--where", "org=acme-2", "--format", "ids").out.split()
    assert found


def test_the_terms_of_a_view_add_up_before_and_behind_the_command(
    sample: Path, acct: CommandLine
) -> None:
    assert (sample / "acctcli.yaml").exists()
    before = acct("--view", "at-risk", "--where", "tier=B", "account", "list", *TODAY)
    behind = acct("account", "list", "--view", "at-risk", "--where", "tier=B", *TODAY)
    assert before.out == behind.out
    assert len(before.out.splitlines()) == 5
    both = acct("--where", "tier=B", "account", "list", "--where", "owner=Anna", *TODAY)
    assert len(both.out.splitlines()) == 4


def test_lists_without_a_view_of_the_book_have_saved_views_too(
    folder: Path, acct: CommandLine
) -> None:
    (folder / "acctcli.yaml").write_text(
        "format: 1\nviews: {adding: {command: log, where: command~add, limit: 1}}\n"
    )
    acct("org", "add", "Acme")
    acct("org", "edit", "Acme", "--set", "tier=")
    acct("org", "add", "Beta")
    told = acct("log", "--view", "adding", "--format", "csv").out.splitlines()
    assert len(told) == 2
    assert "Beta" in told[1]
    today = acct("log", "--where", "time=today", "--group-by", "undone", "--format", "csv").out
    assert today.startswith("undone,count\nfalse,")


def test_the_lists_that_views_may_name_are_the_commands_that_take_them() -> None:
    found = {}
    waiting: list[tuple[str, click.Command]] = [("", cli)]
    while waiting:
        path, command = waiting.pop()
        if isinstance(command, CommandGroup):
            ctx = click.Context(command)
            for name in command.list_commands(ctx):
                below = command.get_command(ctx, name)
                assert below is not None
                waiting.append((f"{path} {name}".strip(), below))
        elif isinstance(command, ListCommand) and "view" in command.list_names:
            found[path] = command.listing, command.kind
    # What picks records to change them takes the views of their list.
    picking = {path for path in found if path.endswith((" edit", " remove"))}
    lists = {path: (each.listing, each.kind) for path, each in view_checks._lists().items()}
    assert {f"{path.split()[0]} list" for path in picking} <= lists.keys()
    assert {path: found[path] for path in found.keys() - picking} == lists
