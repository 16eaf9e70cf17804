"""To whom records belong that do not say, and what accounts add up to, kept up as they change."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from helpers.books import agree, change, index_of, make_book, put, tables, viewed

from acctcli.store.index.update import account_rows
from acctcli.store.index.update.account_rows import AccountRows, _parts

if TYPE_CHECKING:
    from pathlib import Path

ORGS = "".join(f"- id: o{n}\n  name: Org {n}\n" for n in range(5))
PEOPLE = "- id: p1\n  name: P1\n  org: o1\n- id: p2\n  name: P2\n- id: p3\n  name: P3\n  org: o3\n"
DEALS = (
    "- id: d1\n  title: D1\n  person: p1\n  status: won\n"
    "- id: d2\n  title: D2\n  person: p2\n  status: won\n"
    "- id: d3\n  title: D3\n  org: o4\n  person: p3\n"
)
ACTIVITIES = (
    "- id: a1\n  subject: A1\n  deal: d1\n  due_date: 2026-03-01\n"
    "- id: a2\n  subject: A2\n  deal: d2\n  person: p3\n  due_date: 2026-03-01\n"
    "- id: a3\n  subject: A3\n  deal: d3\n  due_date: 2026-03-01\n"
    "- id: a4\n  subject: A4\n"
)
NOTES = "- id: n1\n  content: N1\n  deal: d1\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_book(
        tmp_path / "book", orgs=ORGS, people=PEOPLE, deals=DEALS, activities=ACTIVITIES, notes=NOTES
    )


def orgs_of(root: Path, cache: Path) -> dict[object, object]:
    """The organization that the index keeps of each record."""
    viewed(root, cache)
    gc.collect()
    rows = tables(index_of(root, cache), "SELECT id, org FROM records WHERE kind > 1")
    return dict(rows)  # type: ignore[arg-type]  # pairs


def test_records_belong_by_way_of_others(root: Path, tmp_path: Path) -> None:
    assert orgs_of(root, tmp_path) == {
        "d1": "o1", "d2": None, "d3": "o4",
        "a1": "o1", "a2": "o3", "a3": "o4", "a4": None, "n1": "o1",
    }  # fmt: skip
    agree(root, tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "moved"),
    [
        # a person comes to another organization, and with it a deal and what belongs to that
        ("people.yaml", "  org: o1\n", "  org: o2\n", {"d1": "o2", "a1": "o2", "n1": "o2"}),
        ("people.yaml", "  org: o1\n", "", {"d1": None, "a1": None, "n1": None}),
        ("people.yaml", "  name: P2\n", "  name: P2\n  org: o0\n", {"d2": "o0", "a2": "o0"}),
        ("people.yaml", "- id: p3", "- id: p9", {"a2": None}),
        # a deal comes to another one
        ("deals.yaml", "  person: p1\n", "  org: o0\n", {"d1": "o0", "a1": "o0", "n1": "o0"}),
        ("deals.yaml", "  person: p1\n", "  person: p3\n", {"d1": "o3", "a1": "o3", "n1": "o3"}),
        ("deals.yaml", "  person: p2\n", "  person: p3\n", {"d2": "o3"}),
        ("deals.yaml", "- id: d1\n", "- id: d9\n", {"a1": None, "n1": None, "d9": "o1"}),
        # an organization goes
        ("orgs.yaml", "- id: o1\n", "- id: o9\n", {"d1": None, "a1": None, "n1": None}),
        ("activities.yaml", "  deal: d1\n", "  deal: d3\n", {"a1": "o4"}),
        ("activities.yaml", "  deal: d1\n", "", {"a1": None}),
    ],
)
def test_what_belongs_to_others_follows_them(
    root: Path, name: str, old: str, new: str, moved: dict[object, object]
) -> None:
    cache = root.parent
    before, text = orgs_of(root, cache), (root / name).read_text("utf-8")
    change(root, name, old, new)
    after = orgs_of(root, cache)
    assert {key: org for key, org in after.items() if before.get(key, "") != org} == moved
    agree(root, cache)
    put(root, name, text)
    assert orgs_of(root, cache) == before
    agree(root, cache)


def test_a_deal_that_comes_later_brings_what_waits_for_it(tmp_path: Path) -> None:
    root = make_book(
        tmp_path / "book", orgs=ORGS, people=PEOPLE, activities=ACTIVITIES, notes=NOTES
    )
    assert {*orgs_of(root, tmp_path).values()} == {None, "o3"}
    (root / "deals.yaml").write_text(DEALS, "utf-8")
    found = orgs_of(root, tmp_path)
    assert (found["a1"], found["n1"], found["a3"]) == ("o1", "o1", "o4")
    agree(root, tmp_path)
    (root / "deals.yaml").unlink()
    assert orgs_of(root, tmp_path)["a1"] is None
    agree(root, tmp_path)


def test_the_accounts_of_those_alone_are_worked_out_that_something_came_to_or_left(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(root, tmp_path)
    worked: set[str] = set()
    real = AccountRows._worked_out

    def working(self: AccountRows, org_id: str) -> object:
        worked.add(org_id)
        return real(self, org_id)

    monkeypatch.setattr(AccountRows, "_worked_out", working)
    change(root, "people.yaml", "  org: o1\n", "  org: o2\n")
    viewed(root, tmp_path)
    assert worked == {"o1", "o2"}
    worked.clear()
    change(root, "orgs.yaml", "- id: o4\n", "- id: o9\n")
    viewed(root, tmp_path)
    assert worked == {"o4", "o9"}
    worked.clear()
    change(root, "notes.yaml", "N1", "N2")
    viewed(root, tmp_path)
    assert worked == set()
    agree(root, tmp_path)


def test_many_at_once_are_looked_for_in_parts(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_rows, "_MANY", 2)
    assert list(_parts({"c", "a", "b"})) == [["a", "b"], ["c"]]
    assert list(_parts([])) == []
    agree(root, tmp_path)
    text = (root / "people.yaml").read_text("utf-8").replace("name: P", "name: Q")
    (root / "people.yaml").write_text(text.replace("org: o1", "org: o2"), "utf-8")
    agree(root, tmp_path)
