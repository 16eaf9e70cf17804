"""A look through all records of the index meets what a look through the files meets."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from helpers.books import agree, index_of, make_book, viewed
from helpers.view_scans import met

from acctcli.core.model.kinds import KIND_NAMES
from acctcli.store.index import scans
from acctcli.store.index.database import DamagedError

if TYPE_CHECKING:
    from pathlib import Path

DEALS = (
    "- id: d1\n  title: Plain\n  value: 5\n"
    "- id: d2\n  title: 'Quoted: so'\n  value: 6\n  currency: EUR\n  odd: x\n"
    "# about the third\n- {id: d3, title: Flow, value: 7}\n\n"
    "- id: d4\n  title: Bad\n  value: much\n  other: y\n"
    "- id: d1\n  title: Twin\n"
    "- id: d5\n  title: [\n"
    "- id: d6\n  title: Last\n"
)

PLAIN = "".join(f"- id: a{n}\n  subject: Call\n  due_date: 2026-03-0{n}\n" for n in range(1, 6))
MORE = (
    "- id: d7\n  title: Bare\n  value: 5\n"
    "\n# by hand\n- id: d8\n  title: 'Commented'\n  value: 5\n  currency: EUR\n"
)


@pytest.mark.parametrize("batch", [1, 2, 3, 200])
def test_all_is_met_as_in_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(scans, "_BATCH", batch)
    root = make_book(tmp_path / "book", deals=DEALS, deals__more=MORE, activities=PLAIN)
    agree(root, tmp_path)
    found = met(viewed(root, tmp_path))
    deals = [each for each in found if each[0] == "deals"]
    assert [record.id if record else None for _, record, *_ in deals] == [
        *("d1", "d2", "d3", None, None, None, "d6", "d7", "d8")
    ]
    assert [is_bare for *_, is_bare, _ in deals] == [True, False, True, *[False] * 4, True, False]
    assert list(viewed(root, tmp_path).scan([])) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET text = replace(text, 'Plain', 'Plane') WHERE id = 'd1'",
        "UPDATE records SET text = 7 WHERE id = 'd1'",
        "UPDATE records SET id = 'd9' WHERE id = 'd1'",
        "UPDATE records SET id = 'd9' WHERE id IS NULL AND instr(text, 'much')",
    ],
)
def test_damage_is_noticed(tmp_path: Path, statement: str) -> None:
    root = make_book(tmp_path / "book", deals=DEALS.replace("- id: d5\n  title: [\n", ""))
    viewed(root, tmp_path)
    with closing(sqlite3.connect(index_of(root, tmp_path))) as database:
        database.execute(statement + " AND kind = 2")
        database.commit()
    view = viewed(root, tmp_path)
    with pytest.raises(DamagedError):
        list(view.scan(KIND_NAMES))
