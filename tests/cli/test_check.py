"""`acctcli check`: its parts make the whole, what it mends is mended and comes back by an undo."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from helpers.files import PROJECT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acctcli.core.checks.registry import CHECKS, PLAIN

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

TODAY = ("--today", "2026-03-10")
FIXABLE = [name for name, each in CHECKS.items() if each.fixable]
# Something for every check of a plain run and most of the others.
FAULTS = {
    "acctcli.yaml": "currency: EUR\ntimezone: Europe/Rome\nbukets: {}\nholidays: [none.yaml]\n"
    "tiers: {A: 30d}\nviews: {late: {command: account list, where: 'nmae=x'}}\n",
    "orgs.yaml": "- id: acme\n  name: Acme\n  parent: beta\n  tier: B\n"
    "- id: beta\n  name: ACME\n  parent: acme\n  tier: A\n- id: celo\n  name: Celo\n",
    "people.yaml": "- id: eva\n  name: Eva\n  org: acme\n- id: ben\n  name: Ben\n",
    "deals.yaml": "- id: d1\n  title: Won\n  status: won\n  value: 5.123\n  lost_time: 2026-01-01\n"
    "- id: d2\n  title: Ahead\n  org: ghost\n  status: won\n  won_time: 2026-09-01\n"
    "- id: d3\n  title: By Eva  # says Ben\n  person: eva\n  value: 7\n  onwer: Ben\n"
    "- id: d3\n  title: Twin\n"
    "- id: d4\n  title: Bad\n  value: much\n"
    "- id: d5\n  title: Renews\n  org: beta\n  status: won\n  won_time: 2025-01-01\n"
    "  renewal_date: 2026-03-01\n"
    "- id: d7\n  title: Pilot\n  org: celo\n  status: won\n  won_time: 2025-01-01\n"
    "- id: d6\n  title: Open\n  org: beta\n  expected_close_date: 2026-01-01\n",
    "activities.yaml": "- id: a1\n  subject: Some day\n"
    "- id: a2\n  subject: Call\n  type: call\n  done: true\n"
    "- id: a3\n  subject: Ends\n  repeat: every week\n  due_date: 2026-03-09\n  until: 2026-03-01\n"
    "  org: beta\n"
    "- id: a4\n  subject: Once\n  due_date: 2026-03-09\n  from: done\n  playbook: none\n",
    "files.yaml": "- id: f1\n  name: There\n  path: attachments/there.txt\n"
    "- id: f2\n  name: Gone\n  path: attachments/gone.txt\n  size: 1\n"
    "- id: f3\n  name: Longer\n  path: attachments/longer.txt\n  size: 1\n  sha256: '0'\n"
    "- id: f4\n  name: Other\n  path: attachments/other.txt\n  size: 5\n  sha256: '0'\n",
    "rates.yaml": "- {date: 2026-03-01, base: EUR, rates: {USD: 0}}\n",
}


@pytest.fixture
def faulty(folder: Path) -> Path:
    (folder / "attachments").mkdir()
    for name, text in FAULTS.items():
        (folder / name).write_text(text, "utf-8")
    for name in ("there", "longer", "other", "nobody's"):
        (folder / "attachments" / f"{name}.txt").write_text("text\n", "utf-8")
    return folder


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


def _found(acct: CommandLine, *words: str) -> list[dict[str, Any]]:
    result = acct("check", *words, *TODAY, "--format", "json")
    found: list[dict[str, Any]] = json.loads(result.out)
    assert result.code == bool(found), result.err
    return found


def _keys(found: list[dict[str, Any]]) -> list[str]:
    return sorted(map(str, found))


@pytest.mark.usefixtures("faulty")
def test_each_check_finds_its_part_of_the_whole(acct: CommandLine) -> None:
    whole = _found(acct, *CHECKS, "--skip-invalid")
    parts = {name: _found(acct, "--only", name, "--skip-invalid") for name in CHECKS}
    assert _keys([each for part in parts.values() for each in part]) == _keys(whole)
    for name, part in parts.items():
        assert part, name
        assert {each["id"] for each in part} <= set(CHECKS[name].ids)
        assert {each["level"] for each in part} == {CHECKS[name].level}
        assert _found(acct, *CHECKS, "--skip", name, "--skip-invalid") == [
            each for each in whole if each not in part
        ]
    plain = _found(acct)
    assert _keys(plain) == _keys([each for name in PLAIN for each in parts[name]])
    assert _found(acct, "--level", "error") == [e for e in plain if e["level"] == "error"]


@pytest.mark.usefixtures("faulty")
def test_the_order_is_that_of_the_files(acct: CommandLine) -> None:
    places = [(each["file"], each["line"], each["column"]) for each in _found(acct)]
    files = list(dict.fromkeys(file for file, _, _ in places))
    assert files == [
        *("acctcli.yaml", "orgs.yaml", "deals.yaml", "activities.yaml", "files.yaml"),
        *("rates.yaml", "attachments/nobody's.txt"),
    ]
    assert places == sorted(places, key=lambda place: (files.index(place[0]), place[1:]))


@pytest.mark.usefixtures("faulty")
def test_the_index_finds_what_the_files_say(acct: CommandLine) -> None:
    for words in ((), tuple(CHECKS)):
        with_index = _found(acct, *words, "--skip-invalid")
        assert with_index == _found(acct, *words, "--skip-invalid", "--no-index")


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("day", ["2026-03-10", "2025-06-01", "2026-09-15"])
def test_next_step_and_overdue_are_buckets(acct: CommandLine, day: str) -> None:
    for check, bucket in (("next-step", "none"), ("overdue", "overdue")):
        listed = acct(
            "account", "list", "--today", day, "--where", f"bucket={bucket}", "--format", "ids"
        )
        found = acct("check", check, "--today", day, "--format", "ids")
        assert sorted(found.out.split()) == sorted(listed.out.split())
        assert found.code == bool(listed.out)
    late = acct("account", "list", "--late", "--today", day, "--format", "ids").out.split()
    found = acct("check", "late-tiers", "--today", day, "--format", "ids")
    assert sorted(found.out.split()) == sorted(late)


@pytest.mark.usefixtures("sample")
def test_filters_pick_accounts(acct: CommandLine) -> None:
    rows = json.loads(acct("account", "list", *TODAY, "--format", "json").out)
    both = ("--where", "tier=A,B", "--where", "won_value>5000")
    listed = acct("account", "list", *both, *TODAY, "--format", "ids").out.split()
    for words, wanted in (
        (("--where", "tier=B"), [row["id"] for row in rows if row["tier"] == "B"]),
        (both, listed),
        (("--owner", "Ines"), [row["id"] for row in rows if row["owner"] == "Ines"]),
    ):
        everywhere = {each["record"] for each in _found(acct, "next-step", "late-tiers")}
        found = {each["record"] for each in _found(acct, "next-step", "late-tiers", *words)}
        assert found == everywhere & set(wanted)
    mine = acct("check", "next-step", "--mine", *TODAY, "--format", "ids", ACCTCLI_ACTOR="INES")
    assert mine.out == acct("check", "next-step", "--owner", "Ines", *TODAY, "--format", "ids").out


_VALUES = st.sampled_from(["", "  value: 5\n", "  value: 7.50 # said Eva\n", "  mrr: 3\n"])
_LINKS = st.sampled_from(
    ["", "  org: acme\n", "  person: eva\n", "  person: ben\n", "  org: ghost\n"]
)
_REST = st.sampled_from(
    ["", "  currency: USD\n", "  odd: x\n", "\n# a comment\n", "  status: won\n"]
)
_DEAL = st.tuples(_LINKS, _VALUES, _REST).map("".join)
_FLOW = st.sampled_from(["{title: A, value: 5}", "{title: B, person: eva}", "[1]", "{title: [}"])


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.tuples(st.booleans(), _DEAL, _FLOW), min_size=1, max_size=5))
def test_what_is_mended_is_mended_and_comes_back(
    book: Path, acct: CommandLine, deals: list[tuple[bool, str, str]]
) -> None:
    (book / "orgs.yaml").write_text("- id: acme\n  name: Acme\n", "utf-8")
    (book / "people.yaml").write_text(
        "- id: eva\n  name: Eva\n  org: acme\n- id: ben\n  name: Ben\n", "utf-8"
    )
    texts = []
    for number, (is_flow, block, flow) in enumerate(deals):
        if is_flow:
            texts.append("- " + flow.replace("{", f"{{id: d{number}, ", 1) + "\n")
        else:
            texts.append(f"- id: d{number}\n  title: T{number}\n{block}")
    path = book / "deals.yaml"
    path.write_text("".join(texts), "utf-8")
    before, commits = path.read_bytes(), len(json.loads(acct("log", "--format", "json").out))

    foreseen = acct("check", *FIXABLE, "--fix", "--dry-run", *TODAY)
    assert path.read_bytes() == before
    found = _found(acct, *FIXABLE)
    others = _found(acct, "--skip", ",".join(FIXABLE[:2]))
    done = acct("check", *FIXABLE, "--fix", *TODAY)
    left = _found(acct, *FIXABLE)
    assert done.code == bool(left)
    assert [line for line in done.err.splitlines() if line.startswith("wrote ")] == [
        line.replace("would write ", "wrote ", 1)
        for line in foreseen.err.splitlines()
        if line.startswith("would write ")
    ]
    # What is left could not be written, and says so.
    for each in left:
        assert f"left {each['record']} alone: " in done.err
    assert {e["id"] for e in _found(acct, "--skip", ",".join(FIXABLE[:2]))} == {
        each["id"] for each in others
    }
    changed = path.read_bytes() != before
    assert changed == (len(left) < len(found))
    log = json.loads(acct("log", "--format", "json").out)
    assert len(log) == commits + changed
    if changed:
        assert acct("undo").code == 0
    assert path.read_bytes() == before
    assert _found(acct, *FIXABLE) == found


def test_a_copy_that_is_another_one_by_now_is_not_written_down(
    book: Path, acct: CommandLine
) -> None:
    (book / "attachments").mkdir()
    (book / "attachments" / "f.txt").write_text("text\n", "utf-8")
    for fields in ("  size: 4\n", "  sha256: '0'\n"):
        text = f"- id: f1\n  name: F\n  path: attachments/f.txt\n{fields}"
        (book / "files.yaml").write_text(text, "utf-8")
        result = acct("check", "unverified-attachment", "--fix", "--format", "ids")
        assert (result.code, result.out) == (1, "f1\n")
        assert (book / "files.yaml").read_text("utf-8") == text


def test_of_a_copy_that_is_gone_nothing_is_to_be_written_down(
    book: Path, acct: CommandLine
) -> None:
    gone = "- id: f1\n  name: F\n  path: attachments/f.txt\n"
    outside = "- id: f2\n  name: G\n  path: ../f.txt\n"
    (book / "files.yaml").write_text(gone + outside, "utf-8")
    found = json.loads(acct("check", "--format", "json").out)
    assert [each["id"] for each in found] == ["missing-attachment", "outside-book"]


def test_nothing_is_mended_in_a_book_that_is_not_to_be_changed(
    book: Path, acct: CommandLine
) -> None:
    (book / "deals.yaml").write_text("- id: d1\n  title: T\n  value: 5\n", "utf-8")
    before = (book / "deals.yaml").read_bytes()
    refused = acct("check", "--fix", "--read-only")
    assert (refused.code, refused.out) == (2, "")
    shown = acct("check", "--fix", "--dry-run", "--read-only")
    assert shown.code == 1
    assert "would write" in shown.err
    assert (book / "deals.yaml").read_bytes() == before


def test_findings_are_a_table_on_a_page(book: Path, acct: CommandLine) -> None:
    (book / "deals.yaml").write_text("- id: d1\n  title: T\n  onwer: Ann|a\n", "utf-8")
    result = acct("check", "--format", "markdown")
    assert result.code == 1
    assert result.out.splitlines() == [
        "| Place | Level | ID | What | What to do |",
        "| --- | --- | --- | --- | --- |",
        (
            '| deals.yaml:3:3 | warning | unknown-key | "onwer" is not a field of deals |'
            ' did you mean "owner"? declare own fields under fields: in acctcli.yaml |'
        ),
    ]
    assert "<td>deals.yaml:3:3</td>" in acct("check", "--format", "html").out
    (book / "deals.yaml").unlink()
    (book / "attachments").mkdir()
    (book / "attachments" / "left.txt").write_text("", "utf-8")
    assert "| attachments/left.txt | warning |" in acct("check", "--format", "markdown").out
