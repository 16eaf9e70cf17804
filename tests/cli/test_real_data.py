"""Real deals, through the command line: the figures that the public data sets must give.

The data stands beside the project and is never part of it; without it these tests are skipped.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from helpers.files import files_of, real_data

if TYPE_CHECKING:
    from helpers.cli import CommandLine, Result

MAPS = Path(__file__).parent / "maps"


def bring_in(acct: CommandLine, table: Path, name: str) -> Result:
    result = acct(
        "import", "csv", str(table), "--map", str(MAPS / f"{name}.yaml"), "--format", "json"
    )
    assert result.code == 0, result.err
    return result


@pytest.fixture
def maven(book: Path, acct: CommandLine) -> Path:
    folder = real_data("maven")
    bring_in(acct, folder / "accounts.csv", "maven-orgs")
    bring_in(acct, folder / "sales_pipeline.csv", "maven-deals")
    return book


def rows_of(acct: CommandLine, *words: str) -> list[dict[str, Any]]:
    result = acct(*words, "--format", "json")
    assert result.code == 0, result.err
    rows = result.json
    assert isinstance(rows, list)
    return rows


def test_maven_gives_its_figures(maven: Path, acct: CommandLine) -> None:
    accounts = rows_of(acct, "account", "list", "--today", "2018-01-01")
    assert len(accounts) == 85
    assert sum(row["won_count"] for row in accounts) == 4_238
    assert sum(Decimal(str(row["won_value"]["USD"])) for row in accounts) == 10_005_534
    ranked = sorted(accounts, key=lambda row: -row["won_value"]["USD"])
    told = [(row["name"], row["won_value"], row["won_count"]) for row in ranked]
    assert told[:4] == [
        ("Kan-code", {"USD": 341455.00}, 115),
        ("Konex", {"USD": 269245.00}, 108),
        ("Condax", {"USD": 206410.00}, 105),
        ("Cheers", {"USD": 198020.00}, 57),
    ]
    assert told[-3:] == [
        ("Donware", {"USD": 56637.00}, 30),
        ("Zathunicon", {"USD": 55616.00}, 34),
        ("Golddex", {"USD": 51632.00}, 33),
    ]
    assert min(row["first_won"] for row in accounts) == "2017-03-01"
    assert max(row["last_won"] for row in accounts) == "2017-12-31"
    assert {row["bucket"] for row in accounts} == {"none"}


def test_maven_counts_of_deals_and_parents(maven: Path, acct: CommandLine) -> None:
    deals = rows_of(acct, "deal", "list")
    assert len(deals) == 8_800
    statuses = [row["status"] for row in deals]
    assert (statuses.count("won"), statuses.count("lost"), statuses.count("open")) == (
        4_238,
        2_473,
        1_589 + 500,
    )
    nowhere = [row for row in deals if row["org"] is None]
    assert len(nowhere) == 1_425
    assert not any(row["status"] == "won" for row in nowhere)
    orgs = rows_of(acct, "org", "list")
    assert len(orgs) == 85
    assert sum(row["parent"] is not None for row in orgs) == 15
    assert all(row["is_account"] for row in orgs)


def test_every_maven_row_is_there_with_its_own_values(maven: Path, acct: CommandLine) -> None:
    by_key = {row["external_id"]: row for row in rows_of(acct, "deal", "list")}
    names = {row["id"]: row["name"] for row in rows_of(acct, "org", "list")}
    with (real_data("maven") / "sales_pipeline.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            deal = by_key[row["opportunity_id"]]
            assert deal["title"] == row["product"]
            assert deal["owner"] == row["sales_agent"]
            assert names.get(deal["org"], "") == row["account"]
            assert deal["add_time"] == (row["engage_date"] or None)
            closed = {"won": deal["won_time"], "lost": deal["lost_time"]}.get(deal["status"])
            assert closed == (row["close_date"] or None)
            value = Decimal(row["close_value"]) if row["close_value"] else None
            assert (deal["value"] is None) == (value is None)
            if value is not None:
                assert Decimal(str(deal["value"])) == value


def test_a_second_import_of_maven_changes_nothing(maven: Path, acct: CommandLine) -> None:
    before = files_of(maven)
    folder = real_data("maven")
    for table, name, count in (
        ("accounts.csv", "maven-orgs", 85),
        ("sales_pipeline.csv", "maven-deals", 8_800),
    ):
        report = bring_in(acct, folder / table, name).json
        assert isinstance(report, dict)
        assert report["unchanged"] == count
        assert (report["created"], report["updated"], report["skipped"]) == (0, 0, [])
    assert files_of(maven) == before


def test_the_four_kinds_of_revops_come_in_linked(book: Path, acct: CommandLine) -> None:
    folder = real_data("revops_crm")
    for table, name in (
        ("accounts", "revops-orgs"),
        ("contacts", "revops-people"),
        ("deals", "revops-deals"),
        ("activities", "revops-activities"),
    ):
        bring_in(acct, folder / f"{table}.csv", name)
    accounts = rows_of(acct, "account", "list")
    assert len(accounts) == 23
    assert sum(row["won_count"] for row in accounts) == 23
    orgs = rows_of(acct, "org", "list")
    named = {
        row["account_name"]
        for table in ("accounts", "contacts", "deals")
        for row in csv.DictReader((folder / f"{table}.csv").read_text("utf-8").splitlines())
    }
    assert {row["name"] for row in orgs} == named
    assert len(orgs) == 23 + 17 + 1  # of deals and of a contact that accounts.csv does not have
    assert sum(row["lost_count"] for row in orgs) == 17
    deals = {row["id"]: row for row in rows_of(acct, "deal", "list")}
    assert len(deals) == 40
    assert all(row["org"] for row in deals.values())
    with (folder / "deals.csv").open(newline="") as file:
        won = sum(Decimal(row["acv"]) for row in csv.DictReader(file) if row["status"] == "Won")
    assert sum(Decimal(str(row["won_value"]["USD"])) for row in accounts) == won
    activities = rows_of(acct, "activity", "list")
    assert len(activities) == 51
    assert all(row["done"] and row["org"] == deals[row["deal"]]["org"] for row in activities)
    people = rows_of(acct, "person", "list")
    assert len(people) == 24
    assert all(row["org"] for row in people)
    page = acct("account", "show", "Nextera Corp", "--format", "json").json
    assert isinstance(page, dict)
    assert [len(page["people"]), len(page["activities"]["done"])] == [3, 5]
    assert page["last_contact"]["date"] == "2025-10-10"
    assert acct("check").out == ""
