"""The table of checks: complete, consistent, and picked from by name."""

from __future__ import annotations

import ast
import re

import pytest
from helpers.files import PROJECT

from acctcli.core.checks.registry import CHECKS, LEVELS, PLAIN, names_of, pick
from acctcli.core.model.errors import UsageError

# Where the findings of `check` are made.
SOURCES = (
    "core/model/values.py",
    "core/model/schema.py",
    "core/reports/contact_rhythm.py",
    "core/model/links.py",
    "core/model/dates.py",
    "core/model/durations.py",
    "core/checks/records.py",
    "core/checks/deals.py",
    "core/checks/account_care.py",
    "core/checks/activities.py",
    "core/checks/money.py",
    "core/checks/context.py",
    "store/datafiles/yaml/parser.py",
    "store/datafiles/yaml/reader.py",
    "store/datafiles/file_reader.py",
    "store/datafiles/splitter.py",
    "store/datafiles/typed_records.py",
    "store/config/rates_reader.py",
    "store/config/holidays.py",
    "store/config/ics_holidays.py",
    "store/files/attachments.py",
    "store/files/attachment_check.py",
    "store/files/filesystem.py",
    "store/index/update/duplicate_ids.py",
    "core/settings/saved_views.py",
    "core/query/columns.py",
    "core/query/conditions.py",
    "core/query/term_values.py",
    "core/query/grouping.py",
    "core/query/term_values.py",
    "core/query/sorting.py",
    "core/query/parser.py",
    "cli/actions/view_checks.py",
    "store/views/view.py",
)
# What stands there too, and is no finding of `check`.
ELSEWHERE = {
    "cannot-write": "nothing is written by looking",
    "no-file": "of what is attached now",
    "not-a-folder": "of the folder that the book is in",
    "not-a-mapping": "of acctcli.yaml, without which nothing is read",
    "unknown-field": "of what a user types",
    "utf-8": "an encoding",
}
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def _made(source: str) -> set[str]:
    """What may be the id of a problem in a module: a text that is an argument or given back."""
    found: list[ast.expr] = []
    for node in ast.walk(ast.parse((PROJECT / "acctcli" / source).read_text("utf-8"))):
        if isinstance(node, ast.Call):
            found += [*node.args[:2], *(each.value for each in node.keywords if each.arg == "id")]
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            found += node.value.elts[:1]
    texts = (each.value for each in found if isinstance(each, ast.Constant))
    return {text for text in texts if isinstance(text, str) and _ID.fullmatch(text)}


def test_every_finding_there_can_be_belongs_to_a_check() -> None:
    made = {name for source in SOURCES for name in _made(source)}
    known = {name for each in CHECKS.values() for name in each.ids}
    assert made - ELSEWHERE.keys() - known == set()
    assert ELSEWHERE.keys() <= made
    assert known - made == {"ambiguous", "overdue"}  # of one word


def test_each_check_says_what_it_is() -> None:
    for name, each in CHECKS.items():
        assert each.name == name
        assert re.fullmatch("[a-z]+(-[a-z]+)*", name)
        assert each.level in LEVELS
        assert not each.about.endswith(".")
        assert each.about[0].islower()
        assert each.fix.startswith("no: ") != each.fixable
        assert each.ids
        assert each.care or not each.accounts
        assert not (each.care and each.plain)
    assert [name for name, each in CHECKS.items() if each.fixable] == [
        "value-in-book-currency",
        "unverified-attachment",
        "org-through-person",
    ]


def test_the_plain_ones_are_picked_when_none_is_named() -> None:
    assert tuple(each.name for each in pick()) == PLAIN
    assert names_of(pick(skip=["unreadable"])) == set(PLAIN) - {"unreadable"}
    assert {each.level for each in pick(level="error")} == {"error"}
    assert [each.name for each in pick(["next-step", "unreadable"])] == ["unreadable", "next-step"]
    assert [each.name for each in pick(["next-step", "overdue"], skip=["overdue"])] == ["next-step"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("next-stp", 'there is no check "next-stp"; did you mean "next-step"?'),
        ("anything else", 'there is no check "anything else"'),
        (
            "yaml-depth",
            '"yaml-depth" is no check, but an id of what these find: unreadable, bad-rates',
        ),
    ],
)
def test_a_check_that_is_none_is_refused_with_the_nearest(name: str, message: str) -> None:
    for names, skip in (([name], []), ([], [name])):
        with pytest.raises(UsageError) as caught:
            pick(names, skip=skip)
        assert caught.value.problems[0].id == "unknown-check"
        assert caught.value.problems[0].message.startswith(message)


def test_nothing_to_run_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        pick(["unknown-key"], level="error")
    assert caught.value.problems[0].id == "no-check"
    with pytest.raises(UsageError):
        pick(["next-step"], skip=["next-step"])
