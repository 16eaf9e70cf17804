"""The door to a book: reading, writing in one transaction, trying again, and rehearsing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from helpers.files import files_of
from helpers.history import closed_commits
from helpers.random_commits import (
    AUTHOR,
)

from acctcli.cli.app.exit_codes import exit_for
from acctcli.core.model.errors import (
    ConflictError,
    InvalidBookError,
    InvalidInputError,
    UsageError,
)
from acctcli.store.book import Author, Book

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.store.changes.change_set import Change


ORGS = "# ours\n\n- id: acme\n  name: Acme\n- id: cole\n  name: Cole\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "acctcli.yaml").write_text("format: 1\ntimezone: Europe/Rome\n", "utf-8")
    (tmp_path / "orgs.yaml").write_text(ORGS, "utf-8")
    return tmp_path


def set_owner(change: Change) -> str:
    change.update("orgs", "acme", {"owner": "Anna"})
    return "done"


def test_a_write_gives_what_its_plan_gives_and_stands_in_the_history(root: Path) -> None:
    assert Book(root).write(set_owner, AUTHOR) == "done"
    assert Book(root).read().data.orgs["acme"].owner == "Anna"
    (commit,) = closed_commits((root / "history.jsonl").read_bytes())
    closing = commit.closing
    assert (closing.actor, closing.command, closing.time, closing.records) == (
        "anna",
        ["org", "edit", "acme"],
        "2026-03-10T12:00:00Z",
        2,
    )
    assert commit.is_whole()


def test_a_plan_that_changes_nothing_makes_no_commit(root: Path) -> None:
    assert Book(root).write(lambda _: "nothing", AUTHOR) == "nothing"

    def back_and_forth(change: Change) -> str:
        change.update("orgs", "acme", {"owner": "Anna"})
        change.update("orgs", "acme", {"owner": None})
        return "as before"

    before = files_of(root)
    assert Book(root).write(back_and_forth, AUTHOR) == "as before"
    assert files_of(root) == before
    assert not (root / "history.jsonl").exists()


def test_a_read_only_book_is_not_even_locked(root: Path) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(UsageError) as caught:
        Book(root, read_only=True).write(set_owner, AUTHOR)
    assert caught.value.problems[0].id == "read-only"
    assert sorted(root.rglob("*")) == before
    Book(root).refuse_if_read_only()


# others write too


def test_a_file_that_others_change_meanwhile_is_read_again(root: Path) -> None:
    seen: list[str | None] = []

    def plan(change: Change) -> None:
        seen.append(change.view.data.orgs["cole"].owner)
        if len(seen) == 1:
            (root / "orgs.yaml").write_text(ORGS + "  owner: Git\n", "utf-8")
        change.update("orgs", "acme", {"owner": "Anna"})

    Book(root).write(plan, AUTHOR)
    assert seen == [None, "Git"]
    expected = ORGS.replace("Acme\n", "Acme\n  owner: Anna\n") + "  owner: Git\n"
    assert (root / "orgs.yaml").read_text("utf-8") == expected
    (commit,) = closed_commits((root / "history.jsonl").read_bytes())
    assert [line.id for line in commit.lines] == ["acme", None]


def test_files_that_keep_changing_are_given_up_after_five_tries(root: Path) -> None:
    tries = 0

    def plan(change: Change) -> None:
        nonlocal tries
        tries += 1
        (root / "orgs.yaml").write_text(f"{ORGS}  owner: Git {tries}\n", "utf-8")
        change.update("orgs", "acme", {"owner": "Anna"})

    with pytest.raises(ConflictError) as caught:
        Book(root).write(plan, AUTHOR)
    assert tries == 5
    assert exit_for(caught.value) == 6
    assert caught.value.problems[0].id == "changed-meanwhile"
    assert "(5 tries)" in caught.value.problems[0].message
    found = {name: data for name, data in files_of(root).items() if name != "acctcli.yaml"}
    assert found == {"orgs.yaml": f"{ORGS}  owner: Git 5\n".encode()}


# the year of {year}


@pytest.mark.parametrize(
    ("zone", "now", "year"),
    [
        ("Europe/Rome", "2026-12-31T23:30:00+00:00", 2027),
        ("Europe/Rome", "2026-12-31T22:30:00+00:00", 2026),
        ("America/Bogota", "2027-01-01T04:59:00+00:00", 2026),
        ("America/Bogota", "2027-01-01T05:00:00+00:00", 2027),
        ("Asia/Tokyo", "2024-12-31T10:00:00-08:00", 2025),
        ("UTC", "2031-06-01T00:00:00+00:00", 2031),
    ],
)
def test_the_year_of_a_new_records_file_is_the_one_in_the_books_zone(
    root: Path, zone: str, now: str, year: int
) -> None:
    (root / "acctcli.yaml").write_text(
        f"format: 1\ntimezone: {zone}\nnew_records: {{deals: 'deals/{{year}}.yaml'}}\n", "utf-8"
    )
    author = Author("anna", (), dt.datetime.fromisoformat(now))
    Book(root).write(lambda change: change.add("deals", {"id": "d1", "title": "x"}), author)
    made = [path.relative_to(root).as_posix() for path in root.glob("deals/*")]
    assert made == [f"deals/{year}.yaml"]


# rehearsals


def test_a_rehearsal_gives_the_same_and_writes_nothing(root: Path) -> None:
    before = sorted(root.rglob("*")), files_of(root)
    assert Book(root).rehearse(set_owner, AUTHOR) == "done"
    assert Book(root, read_only=True).rehearse(set_owner, AUTHOR) == "done"
    assert (sorted(root.rglob("*")), files_of(root)) == before


def test_a_rehearsal_raises_what_only_comes_out_at_the_end(root: Path) -> None:
    def link_to_nothing(change: Change) -> None:
        change.update("orgs", "acme", {"parent": "nobody"})

    with pytest.raises(InvalidInputError) as caught:
        Book(root).rehearse(link_to_nothing, AUTHOR)
    assert caught.value.problems[0].id == "link-to-nothing"


# random commits over files that were written by hand


def test_settings_are_read_without_any_other_file(book: Path) -> None:
    (book / "orgs.yaml").write_bytes(b"\xff")
    assert Book(book).settings().currency == "EUR"
    (book / "acctcli.yaml").write_text("currency: EUX\n", "utf-8")
    with pytest.raises(InvalidBookError):
        Book(book).settings()
