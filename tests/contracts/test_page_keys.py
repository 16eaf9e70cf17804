"""The machine form of pages and timelines: keys may be added, none is renamed or removed."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from acctcli.core.reports.account_page import PAGE_SECTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

_SUMMARY = """
    id name owner labels parent tier won_value won_count open_value open_count lost_count first_won
    last_won mrr arr acv renewal_date next_activity last_contact bucket planned_count overdue_count
    address website phone industry add_time source external_id path group_value group_count
    group_size health contact_due
"""
SUMMARY = _SUMMARY.split()
KEYS = {
    "summary": SUMMARY,
    "late": ["late"],
    "planned": ["activities"],
    "done": ["activities"],
    "deals": ["deals"],
    "renewals": ["renewals"],
    "branches": ["branches"],
    "people": ["people"],
    "notes": ["notes"],
    "files": ["files"],
    "fields": ["custom_fields"],
}
LATE = "what due days kind id type text owner"
RENEWAL = """
    id title status archived counts renewal_date term days_late mrr arr acv owner
"""
BRANCH = """
    id name owner tier is_account won_value won_count group_value group_count group_size
    next_activity bucket
"""
EVENT = "time day event kind id type text value person owner"


@pytest.fixture
def cared(small: Path, acct: CommandLine) -> Path:
    """The small book with something late and something to renew."""
    assert acct("deal", "edit", "d1", "--set", "renewal_date=2026-03-01").code == 0
    return small


def keys_of(acct: CommandLine, *words: str) -> list[str]:
    found = acct(*words, "--format", "json").json
    assert isinstance(found, dict)
    return list(found)


def test_the_keys_of_a_page(cared: Path, acct: CommandLine) -> None:
    everything = {*SUMMARY, *(key for keys in KEYS.values() for key in keys)}
    assert set(keys_of(acct, "account", "show", "acme")) == everything
    assert set(keys_of(acct, "org", "show", "cole")) == everything | {"is_account"}


def test_the_keys_of_a_section_are_those_of_the_page_and_what_names_it(
    cared: Path, acct: CommandLine
) -> None:
    assert list(KEYS) == list(PAGE_SECTIONS)
    whole = acct("account", "show", "acme", "--format", "json").json
    assert isinstance(whole, dict)
    for section, keys in KEYS.items():
        found = acct("account", "show", "acme", "--section", section, "--format", "json").json
        assert isinstance(found, dict)
        assert set(found) == {"id", "name", *keys}
        if keys == ["activities"]:
            assert found["activities"] == {section: whole["activities"][section]}
        else:
            assert found == {key: each for key, each in whole.items() if key in found}


def test_the_keys_of_what_stands_on_a_page(cared: Path, acct: CommandLine) -> None:
    page = json.loads(acct("account", "show", "acme", "--format", "json").out)
    assert list(page["late"][0]) == LATE.split()
    assert list(page["renewals"][0]) == RENEWAL.split()
    assert list(page["branches"][0]) == BRANCH.split()
    assert list(page["activities"]) == ["planned", "done"]


def test_the_keys_of_a_timeline(cared: Path, acct: CommandLine) -> None:
    events = json.loads(acct("account", "timeline", "acme", "--planned", "--format", "json").out)
    assert [(each["id"], each["event"]) for each in events] == [
        ("a1", "planned"),
        ("d1", "won"),
        ("d1", "added"),
    ]
    assert all(list(each) == EVENT.split() for each in events)
    head = acct("account", "timeline", "acme", "--format", "csv").out.partition("\n")[0]
    assert head.split(",") == EVENT.split()
    lines = acct("account", "timeline", "acme", "--format", "ndjson").out.splitlines()
    assert [json.loads(line) for line in lines] == events[1:]
    assert acct("account", "timeline", "acme", "--format", "ids").out == "d1\n"


def test_csv_has_columns_that_no_row_changes(cared: Path, acct: CommandLine) -> None:
    def columns(*words: str) -> list[str]:
        (head, row) = csv.reader(io.StringIO(acct(*words, "--format", "csv").out))
        assert len(head) == len(row)
        return head

    whole = columns("account", "show", "acme")
    assert whole == columns("account", "show", "bianchi")
    assert whole[-4:] == ["path", "group_value", "group_count", "group_size"]
    assert columns("org", "show", "cole") == [
        *(each for each in whole[:-4]),
        "is_account",
        *whole[-4:],
    ]
    assert columns("account", "show", "acme", "--section", "notes") == ["id", "name"]


def test_the_same_with_and_without_an_index(cared: Path, acct: CommandLine) -> None:
    for words in (
        ("account", "show", "acme"),
        ("org", "show", "cole"),
        ("account", "timeline", "bianchi"),
    ):
        for form in ("json", "table"):
            found = [acct(*words, "--format", form, *more) for more in ([], ["--no-index"])]
            assert found[0] == found[1]
            assert found[0].code == 0


def test_a_circle_of_parents_is_told_once_and_what_it_touches_is_not_told(
    cared: Path, acct: CommandLine
) -> None:
    orgs = cared / "orgs.yaml"
    orgs.write_text(orgs.read_text().replace("name: Acme S.r.l.\n", "name: Acme\n  parent: cole\n"))
    for more in ([], ["--no-index"]):
        refused = acct("account", "show", "acme", "--format", "json", *more)
        assert (refused.code, refused.out) == (4, "")
        (told,) = (json.loads(line) for line in refused.err.splitlines())
        assert (told["id"], told["file"], told["line"]) == ("parent-cycle", "orgs.yaml", 4)
        assert "acme -> cole -> acme" in refused.err
    skipped = acct("account", "show", "acme", "--format", "json", "--skip-invalid")
    page = json.loads(skipped.out)
    assert (page["path"], page["group_value"], page["group_size"], page["branches"]) == (
        [],
        None,
        None,
        [],
    )
    assert skipped.err.count("parent-cycle") == 1
    assert acct("account", "timeline", "acme").code == 0
