"""With the index and without, records stand in the same order, and the history tells them so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from acctcli.store.book import Book
from acctcli.store.index.index import Index

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

    from acctcli.store.views.view import View


def _grown(book: Path, acct: CommandLine) -> None:
    """Let the index see files come, go and come back, in another order than they are read."""
    people, notes = (book / "people.yaml").read_bytes(), book / "notes"
    assert acct("org", "list").code == 0
    (book / "people.yaml").unlink()
    assert acct("org", "list", "--skip-invalid").code == 0
    notes.mkdir()
    for year in (2027, 2025, 2026):
        text = "".join(f"- id: n{year}{x}\n  content: {x}\n  org: acme\n" for x in "ba")
        (notes / f"{year}.yaml").write_text(text, "utf-8")
        assert acct("org", "list", "--skip-invalid").code == 0
    (book / "people.yaml").write_bytes(people + b"- id: ada\n  name: Ada\n  org: acme\n")
    assert acct("org", "list").code == 0


def _order(view: View, ids: list[str]) -> list[str]:
    spots = [(spot.rank, spot.number, key) for key in ids if (spot := view.location_of(key))]
    return [key for *_, key in sorted(spots)]


def test_spots_sort_alike_with_and_without_the_index(
    small: Path, acct: CommandLine, tmp_path: Path
) -> None:
    _grown(small, acct)
    whole = Book(small).read()
    indexed = Index(small, tmp_path / "home" / ".cache").view()
    ids = sorted(
        key for kind in ("notes", "people", "orgs", "deals") for key in whole.data.of(kind)
    )
    assert len(ids) == 14
    assert _order(indexed, ids) == _order(whole, ids)
    assert indexed.files() == whole.files()


@pytest.mark.parametrize("options", [(), ("--no-index",)])
def test_the_lines_of_a_cascade_stand_as_the_records_do(
    small: Path, acct: CommandLine, options: tuple[str, ...]
) -> None:
    _grown(small, acct)
    assert acct("org", "remove", "acme", "--cascade", *options).code == 0
    lines = [json.loads(line) for line in (small / "history.jsonl").read_text("utf-8").splitlines()]
    told = [(line.get("kind"), line.get("id") or line.get("file")) for line in lines]
    assert told == [
        ("orgs", "acme"),
        ("orgs", "cole"),
        ("people", "ada"),
        ("deals", "d1"),
        ("activities", "a1"),
        *[("notes", f"n{year}{letter}") for year in (2025, 2026, 2027) for letter in "ba"],
        ("file", "orgs.yaml"),
        ("file", "people.yaml"),
        ("file", "deals.yaml"),
        ("file", "activities.yaml"),
        *[("file", f"notes/{year}.yaml") for year in (2025, 2026, 2027)],
        (None, None),
    ]
