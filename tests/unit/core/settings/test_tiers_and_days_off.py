"""Tiers and days off in acctcli.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acctcli.core.model.records import Settings
from acctcli.core.settings.reader import read_settings

if TYPE_CHECKING:
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Raw


def only(**raw: Raw) -> Problem:
    """The one problem; what it is about has stayed at its default."""
    read, problems = read_settings(raw)
    assert read == Settings()
    (problem,) = problems
    return problem


def test_tiers_keep_their_order_and_rhythm() -> None:
    read, problems = read_settings({"tiers": {"B": "3m", "A": "30d"}})
    assert problems == []
    assert list(read.tiers.items()) == [("B", "3m"), ("A", "30d")]


@pytest.mark.parametrize(
    ("tiers", "id_", "message"),
    [
        ({"A": None}, "tier-without-rhythm", "tiers.A: the tier has no rhythm"),
        ({"A": ""}, "tier-without-rhythm", "tiers.A: the tier has no rhythm"),
        ({" ": "30d"}, "bad-value", "tiers. : a tier has no name"),
        ({"A": "often"}, "bad-span", 'tiers.A: "often" is no rhythm of contact'),
        ({"A": "0d"}, "bad-span", 'tiers.A: "0d" is no rhythm of contact'),
        ({"A": ["30d"]}, "bad-type", "tiers.A: a list stands where one text is expected"),
        ("A", "bad-type", "tiers: a text stands where keys and values are expected"),
    ],
)
def test_a_tier_needs_a_rhythm(tiers: Raw, id_: str, message: str) -> None:
    problem = only(tiers=tiers)
    assert (problem.id, problem.message) == (id_, message)
    assert problem.hint


def test_days_off_stand_in_files() -> None:
    read, problems = read_settings(
        {"holidays": ["days/italy.ics", "ours.yaml"], "business_days": "yes"}
    )
    assert problems == []
    assert read.holidays == ("days/italy.ics", "ours.yaml")
    assert read.business_days is True


@pytest.mark.parametrize("name", ["../x.ics", "/etc/x.yaml", "italy.txt", ".x.ics", "a/.b/x.ics"])
def test_files_of_days_off_stand_in_the_book(name: str) -> None:
    problem = only(holidays=[name])
    assert problem.id == "bad-value"
    assert problem.message == f'holidays: "{name}" is no file of days off'


def test_types_of_activities_are_the_books_own() -> None:
    read, problems = read_settings({"activity_types": ["visit"]})
    assert problems == []
    assert read.activity_types == ("visit",)
    assert read.contact_types == Settings().contact_types
