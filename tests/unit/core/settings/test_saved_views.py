"""Saved views in acctcli.yaml: what they say, and that a wrong one makes nothing else wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acctcli.core.model.settings import SavedView
from acctcli.core.settings.reader import read_settings

if TYPE_CHECKING:
    from acctcli.core.model.records import Raw


def test_a_view_is_a_command_and_what_it_is_asked() -> None:
    read, problems = read_settings(
        {
            "views": {
                "at-risk": {
                    "command": "acctcli  account  list",
                    "where": ["health=at risk", "won_value>10000"],
                    "sort": "-won_value",
                    "fields": ["name", "won_value"],
                    "group_by": ["owner", "tier"],
                    "limit": "20",
                    "mine": "yes",
                },
                "all": {"command": "deal list", "where": "status=open"},
            }
        }
    )
    assert problems == []
    assert read.views == {
        "at-risk": SavedView(
            name="at-risk",
            command="account list",
            where=("health=at risk", "won_value>10000"),
            sort="-won_value",
            fields="name,won_value",
            group_by="owner,tier",
            limit=20,
            mine=True,
        ),
        "all": SavedView(name="all", command="deal list", where=("status=open",)),
    }


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ({}, "views.x: the view has no command"),
        ({"command": ""}, "views.x: the view has no command"),
        ({"command": ["a"]}, "views.x.command: a list stands where one text is expected"),
        (["a"], "views.x: a list stands where keys and values are expected"),
        ({"command": "a", "limit": "0"}, 'views.x.limit: "0" is no limit'),
        ({"command": "a", "limit": "few"}, 'views.x.limit: "few" is not a whole number'),
        (
            {"command": "a", "where": {"b": "c"}},
            "views.x.where: a mapping stands where a list of text is expected",
        ),
        ({"command": "a", "mine": "perhaps"}, 'views.x.mine: "perhaps" is not yes or no'),
    ],
)
def test_a_wrong_view_says_so_and_is_no_error_of_the_book(view: Raw, message: str) -> None:
    read, problems = read_settings({"views": {"x": view}})
    (problem,) = problems
    assert (problem.level, problem.message) == ("warning", message)
    assert problem.hint
    assert read.views["x"] == SavedView(name="x", fault=message)


@pytest.mark.parametrize(
    ("views", "message"),
    [
        ("at-risk", "views: a text stands where keys and values are expected"),
        ({" ": {"command": "deal list"}}, "views. : a view has no name"),
    ],
)
def test_what_is_no_view_is_left_out(views: Raw, message: str) -> None:
    read, problems = read_settings({"views": views})
    assert [(each.level, each.message) for each in problems] == [("warning", message)]
    assert read.views == {}


def test_an_unknown_key_leaves_the_view_usable() -> None:
    read, problems = read_settings({"views": {"x": {"command": "deal list", "wher": "a"}}})
    assert read.views["x"].fault is None
    assert [(each.id, each.level, each.field) for each in problems] == [
        ("unknown-key", "warning", "views.x.wher")
    ]
    read, problems = read_settings({"views": {"x": {"wher": "a"}}})
    assert read.views["x"].fault == "views.x: the view has no command"
