"""Who becomes an account by a change, and who ceases to be one, by way of people and deals."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from helpers.books import make_book, sole_book

from acctcli.store.book import Author, Book

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw

AUTHOR = Author("anna", ("test",), dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC))


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(
    ("kind", "record", "fields", "made", "lost"),
    [
        ("people", "eva", {"org": "b"}, ["b"], ["a"]),
        ("people", "max", {"org": "c"}, ["c"], []),
        ("people", "eva", {"name": "Eve"}, [], []),
        ("deals", "d1", {"status": "lost"}, [], ["a"]),
        ("deals", "d1", {"person": None, "org": "c"}, ["c"], ["a"]),
        ("orgs", "a", {"name": "Other"}, [], []),
    ],
)
def test_who_becomes_and_who_ceases(  # noqa: PLR0917 - what is given and what comes of it
    tmp_path: Path,
    kind: KindName,
    record: str,
    fields: dict[str, Raw],
    made: list[str],
    lost: list[str],
    *,
    indexed: bool,
) -> None:
    root = make_book(
        tmp_path / "book",
        orgs="- id: a\n  name: A\n- id: b\n  name: B\n- id: c\n  name: C\n",
        people="- id: eva\n  name: Eva\n  org: a\n- id: max\n  name: Max\n",
        deals="- id: d1\n  title: One\n  person: eva\n  status: won\n"
        "- id: d2\n  title: Two\n  person: max\n  status: won\n",
    )
    book = sole_book(root, tmp_path) if indexed else Book(root)

    def plan(change: object) -> tuple[list[str], list[str]]:
        from acctcli.store.changes.change_set import Change

        assert isinstance(change, Change)
        change.update(kind, record, fields)
        came, went = change.membership_changes()
        return [org.id for org in came], [org.id for org in went]

    assert book.write(plan, AUTHOR) == (made, lost)
