"""The edits of one command: what they come to in files and history, and what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.files import files_of
from helpers.history import closed_commits

from acctcli.core.model.errors import (
    ConflictError,
    InvalidBookError,
    InvalidInputError,
    NotFoundError,
    Place,
)
from acctcli.store.book import Author, Book
from acctcli.store.history.history_format import HistoryLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from acctcli.core.model.errors import AcctcliError, Problem
    from acctcli.core.model.kinds import KindName
    from acctcli.store.changes.attachment_changes import AttachedCopy
    from acctcli.store.changes.change_set import Change

AUTHOR = Author("anna", ("test",), dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC))
SETTINGS = "format: 1   # the first\ncurrency: EUR\ntimezone: Europe/Rome\n"
ACME = "# the first\n- id: acme\n  name: Acme   # since 1999\n  owner: Anna\n"
COLE = "- id: cole\n  name: 'Cole'\n  parent: acme\n"
EVA = "- id: eva\n  name: Eva\n  org: acme\n"
D1 = "- id: d1\n  title: One\n  person: eva\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    folder.mkdir()
    files = {"acctcli": SETTINGS, "orgs": ACME + "\n" + COLE, "people": EVA, "deals": D1}
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def do(root: Path, plan: Callable[[Change], object]) -> tuple[HistoryLine, ...]:
    """Write, and give the history's lines about the records, attachments and settings."""
    path = root / "history.jsonl"
    before = len(closed_commits(path.read_bytes())) if path.exists() else 0
    Book(root).write(plan, AUTHOR)
    commits = closed_commits(path.read_bytes())[before:] if path.exists() else []
    assert all(commit.is_whole() for commit in commits)
    return tuple(line for commit in commits for line in commit.lines if line.kind != "file")


def refused(root: Path, plan: Callable[[Change], object], error: type[AcctcliError]) -> Problem:
    """The first problem of a plan that is refused and changes nothing."""
    before = files_of(root)
    with pytest.raises(error) as caught:
        Book(root).write(plan, AUTHOR)
    assert type(caught.value) is error
    assert files_of(root) == before
    return caught.value.problems[0]


def text(root: Path, name: str) -> str:
    return (root / f"{name}.yaml").read_bytes().decode()


# additions


def test_an_added_record_stands_at_the_end_and_in_the_history_by_its_hash(root: Path) -> None:
    fields = {"id": "max", "name": "Max", "org": "cole"}
    (line,) = do(root, lambda change: change.add("people", fields))
    made = "- id: max\n  name: Max\n  org: cole\n"
    assert text(root, "people") == EVA + made
    assert line == HistoryLine(
        commit=line.commit,
        kind="people",
        id="max",
        file="people.yaml",
        position=len(EVA),
        after_sha256=hashlib.sha256(made.encode()).hexdigest(),
    )


def test_records_of_one_kind_go_to_one_file_that_is_made_when_needed(root: Path) -> None:
    def plan(change: Change) -> None:
        for number in range(2):
            change.add("notes", {"id": f"n{number}", "content": "x", "org": "acme"})

    lines = do(root, plan)
    assert [(line.file, line.id) for line in lines] == [("notes.yaml", "n0"), ("notes.yaml", "n1")]
    made = "".join(f"- id: n{number}\n  content: x\n  org: acme\n" for number in range(2))
    assert text(root, "notes") == made


@pytest.mark.parametrize(
    ("bad", "taken"),
    [
        ("- id: d1\n  title: [x]\n", "d1"),  # can be parsed, but is no deal
        ("- id: d1\n  title: [open\n", "d1"),  # cannot be parsed
        ("- title: [open\n  id: 'd1'   # ours\n", "d1"),
        ("- id: d0\n  title: A\n---\n- id: d1\n", "d1"),  # a file that cannot be read
    ],
)
def test_the_id_of_an_unreadable_record_is_given_to_no_other(
    root: Path, bad: str, taken: str
) -> None:
    (root / "deals.yaml").write_text(bad, "utf-8")
    problem = refused(
        root, lambda change: change.add("orgs", {"id": taken, "name": "X"}), InvalidInputError
    )
    assert problem.id == "duplicate-id"
    assert f'"{taken}"' in problem.message
    change = AUTHOR.change(root, Book(root).read())
    assert taken in change.taken_ids()
    assert change.id_from_name("orgs", taken) == f"{taken}-2"


def test_an_id_is_given_once(root: Path) -> None:
    def twice(change: Change) -> None:
        change.add("notes", {"id": "n1", "content": "x"})
        assert "n1" in change.taken_ids()
        change.add("orgs", {"id": "n1", "name": "x"})

    assert refused(root, twice, InvalidInputError).id == "duplicate-id"
    taken: Callable[[Change], object] = lambda change: change.add(  # noqa: E731 - it is used once
        "notes", {"id": "acme", "content": "x"}
    )
    assert refused(root, taken, InvalidInputError).message == 'the id "acme" is taken'


def test_made_ids_differ_from_all_there_are_and_were_made(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = AUTHOR.change(root, Book(root).read())
    chance = iter([b"\x0a" * 8, b"\x2a" * 8, b"\x0b" * 8])
    monkeypatch.setattr(os, "urandom", lambda _: next(chance))
    assert change.new_id("deals") == "daaaaaaaa"
    assert change.new_id("deals") == "dbbbbbbbb"
    assert all(made in change.taken_ids() for made in ("daaaaaaaa", "dbbbbbbbb"))


def test_ids_are_made_of_names_where_there_are_letters(root: Path) -> None:
    change = AUTHOR.change(root, Book(root).read())
    assert change.id_from_name("orgs", "Müller & Co") == "muller-co"
    assert change.id_from_name("people", "Muller Co") == "muller-co-2"
    assert change.id_from_name("orgs", "Eva") == "eva-2"
    made = change.id_from_name("orgs", "東京")
    assert (made[0], len(made)) == ("o", 9)


def test_a_removed_addition_leaves_nothing(root: Path) -> None:
    def plan(change: Change) -> None:
        change.add("notes", {"id": "n1", "content": "x", "org": "acme"})
        change.update("notes", "n1", {"content": "y"})
        change.remove("notes", "n1")
        assert change.is_empty()
        assert "n1" not in change.after.notes

    before = files_of(root)
    assert do(root, plan) == ()
    assert files_of(root) == before


def test_a_removed_addition_leaves_nothing_beside_other_edits(root: Path) -> None:
    def plan(change: Change) -> None:
        change.add("notes", {"id": "n1", "content": "x", "org": "acme"})
        change.remove("notes", "n1")
        change.update("orgs", "acme", {"owner": "Bea"})

    (line,) = do(root, plan)
    assert line.id == "acme"
    assert not (root / "notes.yaml").exists()


def test_an_addition_may_be_updated_before_it_is_written(root: Path) -> None:
    def plan(change: Change) -> None:
        change.add("notes", {"id": "n1", "content": "x", "owner": "A", "org": "acme"})
        note = change.update("notes", "n1", {"content": "z", "owner": None})
        assert change.after.notes["n1"] is note

    (line,) = do(root, plan)
    made = "- id: n1\n  content: z\n  org: acme\n"
    assert text(root, "notes") == made
    assert line.after_sha256 == hashlib.sha256(made.encode()).hexdigest()


# updates


def test_an_update_changes_its_line_and_the_history_has_both_texts(root: Path) -> None:
    before = text(root, "orgs")
    (line,) = do(root, lambda change: change.update("orgs", "cole", {"name": "Cole Ltd"}))
    after = COLE.replace("'Cole'", "Cole Ltd")
    assert text(root, "orgs") == before.replace(COLE, after)
    assert (line.kind, line.id, line.file) == ("orgs", "cole", "orgs.yaml")
    assert (line.before, line.after, line.position) == (COLE, after, before.index(COLE))
    assert (line.before_sha256, line.after_sha256) == (None, None)


def test_updates_of_one_record_add_up(root: Path) -> None:
    def plan(change: Change) -> None:
        change.update("orgs", "acme", {"owner": "Bea", "website": "a.example"})
        org = change.update("orgs", "acme", {"website": None, "phone": "1"})
        assert (org.id, change.after.orgs["acme"]) == ("acme", org)

    (line,) = do(root, plan)
    assert line.after == ACME.replace("Anna", "Bea") + '  phone: "1"\n'
    assert Book(root).read().text_of("acme") == line.after


def test_what_is_equal_already_is_left_alone(root: Path) -> None:
    def plan(change: Change) -> None:
        change.update("orgs", "acme", {"owner": "Anna", "name": "Acme", "website": None})
        change.update("orgs", "cole", {"name": "Cole"})  # in quotes that would not be needed
        assert change.is_empty()

    before = files_of(root)
    assert do(root, plan) == ()
    assert files_of(root) == before


def test_only_what_differs_is_written(root: Path) -> None:
    update = {"name": "Cole", "owner": "Bea", "parent": "acme"}
    (line,) = do(root, lambda change: change.update("orgs", "cole", update))
    assert line.after == COLE.replace("  parent: acme\n", "  parent: acme\n  owner: Bea\n")


def test_an_edit_that_ends_where_it_began_writes_nothing(root: Path) -> None:
    def plan(change: Change) -> None:
        change.update("orgs", "acme", {"owner": "Bea"})
        change.update("orgs", "acme", {"owner": "Anna"})
        assert not change.is_empty()

    before = files_of(root)
    assert do(root, plan) == ()
    assert files_of(root) == before


def test_an_edit_that_ends_where_it_began_has_no_line_beside_others(root: Path) -> None:
    def plan(change: Change) -> None:
        for owner in ("Bea", "Anna"):
            change.update("orgs", "acme", {"owner": owner})
        change.update("people", "eva", {"owner": "Bea"})

    before = text(root, "orgs")
    assert [line.id for line in do(root, plan)] == ["eva"]
    assert text(root, "orgs") == before


def test_history_lines_come_in_the_order_of_the_files(root: Path) -> None:
    def plan(change: Change) -> None:
        change.update("orgs", "cole", {"owner": "X"})
        change.update("people", "eva", {"owner": "X"})
        change.remove("deals", "d1")
        change.update("orgs", "acme", {"owner": "X"})

    assert [line.id for line in do(root, plan)] == ["acme", "cole", "eva", "d1"]


def test_a_written_record_that_names_no_organization_gets_the_one_it_belongs_to(
    root: Path,
) -> None:
    do(root, lambda change: change.update("deals", "d1", {"owner": "Bea"}))
    assert text(root, "deals") == D1.replace("  person", "  org: acme\n  person") + "  owner: Bea\n"
    do(root, lambda change: change.update("deals", "d1", {"org": None, "owner": "Cid"}))
    assert text(root, "deals") == D1 + "  owner: Cid\n"  # it was said to be unset


@pytest.mark.parametrize(("settings", "currency"), [(SETTINGS, "EUR"), ("format: 1\n", None)])
def test_a_written_value_gets_the_books_currency(
    root: Path, settings: str, currency: str | None
) -> None:
    (root / "acctcli.yaml").write_text(settings, "utf-8")
    (root / "deals.yaml").write_text(D1 + "  value: 5\n" * (currency is not None), "utf-8")
    do(root, lambda change: change.update("deals", "d1", {"title": "Other"}))
    lines = text(root, "deals").splitlines()
    assert ("  currency: EUR" in lines) == (currency is not None)
    assert Book(root).read().data.deals["d1"].currency == currency


def test_an_id_is_never_changed(root: Path) -> None:
    def update(change: Change) -> None:
        change.update("orgs", "acme", {"id": "other"})

    assert refused(root, update, InvalidInputError).id == "id-is-fixed"
    assert do(root, lambda change: change.update("orgs", "acme", {"id": "acme"})) == ()


def test_what_is_removed_or_unreadable_is_not_updated(root: Path) -> None:
    def gone(change: Change) -> None:
        change.remove("deals", "d1")
        change.update("deals", "d1", {"owner": "Bea"})

    assert refused(root, gone, NotFoundError).id == "not-found"
    (root / "people.yaml").write_text(EVA + "- id: bad\n  name: [x]\n", "utf-8")
    bad: KindName = "people"
    problem = refused(root, lambda change: change.update(bad, "bad", {}), InvalidBookError)
    assert problem.place == Place("people.yaml", 5, 9)


@pytest.mark.parametrize("again", ["eva", '"e\\x76a"'])
def test_the_record_of_an_id_used_twice_is_not_edited_or_removed(root: Path, again: str) -> None:
    (root / "people.yaml").write_text(EVA + f"- id: {again}\n  name: Other\n", "utf-8")
    plans: list[Callable[[Change], object]] = [
        lambda change: change.update("people", "eva", {"owner": "Bea"}),
        lambda change: change.remove("people", "eva"),
    ]
    for plan in plans:
        problem = refused(root, plan, InvalidBookError)
        assert (problem.id, problem.place) == ("duplicate-id", Place("people.yaml", 4, 7))


# replacing the text


def test_replacing_and_updating_one_record_both_stand(root: Path) -> None:
    new = COLE.replace("'Cole'", "Coles  # renamed")

    def plan(change: Change) -> None:
        change.replace("orgs", "cole", COLE, new)
        org = change.update("orgs", "cole", {"owner": "Bea"})
        assert change.after.orgs["cole"] == org
        assert change.after.orgs["cole"].name == "Coles"

    (line,) = do(root, plan)
    after = new + "  owner: Bea\n"
    assert (line.before, line.after) == (COLE, after)
    assert text(root, "orgs") == ACME + "\n" + after


def test_replacing_alone_keeps_the_users_bytes(root: Path) -> None:
    new = "# mine\n- id:   acme\n  name:   'Acme'\n"
    (line,) = do(root, lambda change: change.replace("orgs", "acme", ACME, new))
    assert (line.before, line.after) == (ACME, new)
    assert text(root, "orgs") == new + "\n" + COLE
    assert do(root, lambda change: change.replace("orgs", "acme", new, new)) == ()


def test_an_update_after_replacing_builds_on_the_new_text(root: Path) -> None:
    new = ACME.replace("Anna", "Bea")

    def plan(change: Change) -> None:
        change.replace("orgs", "acme", ACME, new)
        change.update("orgs", "acme", {"owner": "Bea"})  # equal to the new text
        change.update("orgs", "acme", {"phone": "x"})

    (line,) = do(root, plan)
    assert line.after == new + "  phone: x\n"


def test_a_record_that_cannot_be_read_is_not_replaced(root: Path) -> None:
    bad = EVA.replace("name: Eva", "name: [x]")
    (root / "people.yaml").write_text(bad, "utf-8")
    problem = refused(
        root, lambda change: change.replace("people", "eva", bad, EVA), InvalidBookError
    )
    assert problem.place == Place("people.yaml", 2, 9)


@pytest.mark.parametrize("record", ["acme", "nobody"])
def test_a_record_that_was_changed_meanwhile_is_not_replaced(root: Path, record: str) -> None:
    old = ACME.replace("Anna", "Bea")

    def plan(change: Change) -> None:
        change.replace("orgs", record, old, old + "  phone: x\n")

    problem = refused(root, plan, ConflictError)
    assert problem.id == "changed-meanwhile"
    assert f'"{record}"' in problem.message


@pytest.mark.parametrize(
    ("new", "name"),
    [
        (ACME.replace("acme", "other"), "id-is-fixed"),
        (ACME + "  name: twice\n", "duplicate-key"),
        (ACME.replace("name", "nane"), "missing-field"),
        (ACME + "  parent: nobody\n", "link-to-nothing"),
        (ACME + COLE.replace("cole", "dora"), "not-one-record"),
        ("", "not-one-record"),
    ],
)
def test_a_text_that_is_no_such_record_is_refused(root: Path, new: str, name: str) -> None:
    def plan(change: Change) -> None:
        change.replace("orgs", "acme", ACME, new)

    assert refused(root, plan, InvalidInputError).id == name


# removal


def test_a_removed_record_stands_in_the_history(root: Path) -> None:
    before = text(root, "orgs")
    (line,) = do(root, lambda change: change.remove("orgs", "cole"))
    assert (line.id, line.before, line.after) == ("cole", COLE, None)
    assert (line.position, line.after_sha256) == (before.index(COLE), None)
    assert text(root, "orgs") == before.removesuffix(COLE)


def test_an_updated_record_that_is_removed_is_gone(root: Path) -> None:
    def plan(change: Change) -> None:
        change.update("orgs", "cole", {"owner": "Bea"})
        change.replace("deals", "d1", D1, D1 + "  owner: Bea\n")
        change.remove("orgs", "cole")
        change.remove("deals", "d1")

    lines = do(root, plan)
    assert [(line.before, line.after) for line in lines] == [(COLE, None), (D1, None)]


def test_a_record_that_others_link_to_stays(root: Path) -> None:
    problem = refused(root, lambda change: change.remove("orgs", "acme"), InvalidInputError)
    assert (problem.id, problem.kind, problem.record, problem.field) == (
        "still-linked",
        "orgs",
        "cole",
        "parent",
    )


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ("- id: n1\n  content: [x]\n  org: cole\n", Place("notes.yaml", 2, 12)),
        ("- id: n1\n  content: [open\n  org: cole\n", None),
        ("- id: n1\n  content: x\n---\n- org: cole\n", Place("notes.yaml", 3, 1)),
    ],
)
def test_a_record_that_something_unreadable_mentions_stays(
    root: Path, bad: str, place: Place | None
) -> None:
    (root / "notes.yaml").write_text(bad, "utf-8")
    problem = refused(root, lambda change: change.remove("orgs", "cole"), InvalidBookError)
    assert problem.place is not None
    assert problem.place.file == "notes.yaml"
    assert place in (None, problem.place)
    (line,) = do(root, lambda change: change.remove("deals", "d1"))  # which it does not mention
    assert line.id == "d1"


def test_a_person_that_leaves_leaves_the_records_with_the_organization(root: Path) -> None:
    lines = do(root, lambda change: change.update("people", "eva", {"org": "cole"}))
    assert [line.id for line in lines] == ["eva", "d1"]
    assert Book(root).read().data.deals["d1"].org == "acme"


def test_a_person_that_is_removed_leaves_the_records_with_the_organization(root: Path) -> None:
    def plan(change: Change) -> None:
        change.update("deals", "d1", {"person": None, "org": None})
        change.remove("people", "eva")

    do(root, plan)
    assert Book(root).read().data.deals["d1"].org == "acme"


# links


def test_a_link_to_nothing_is_refused_and_one_that_was_there_is_kept(root: Path) -> None:
    problem = refused(
        root, lambda change: change.update("deals", "d1", {"org": "nobody"}), InvalidInputError
    )
    assert (problem.id, problem.kind, problem.record, problem.field) == (
        "link-to-nothing",
        "deals",
        "d1",
        "org",
    )
    assert problem.message == 'org: there is no organization with the id "nobody"'
    dangling = D1.replace("  person", "  org: nobody\n  person")
    (root / "deals.yaml").write_text(dangling, "utf-8")
    do(root, lambda change: change.update("deals", "d1", {"owner": "Bea"}))
    assert text(root, "deals") == dangling + "  owner: Bea\n"


def test_an_added_link_to_nothing_is_refused_but_may_point_ahead(root: Path) -> None:
    def ahead(change: Change) -> None:
        change.add("notes", {"id": "n1", "content": "x", "org": "new"})
        change.add("orgs", {"id": "new", "name": "New"})

    def nowhere(change: Change) -> None:
        change.add("notes", {"id": "n2", "content": "x", "org": "newer"})

    assert [line.id for line in do(root, ahead)] == ["n1", "new"]
    assert refused(root, nowhere, InvalidInputError).id == "link-to-nothing"


def test_a_tier_without_a_rhythm_is_refused_and_one_that_was_there_is_kept(root: Path) -> None:
    (root / "acctcli.yaml").write_text(SETTINGS + "tiers: {A: 30d}\n", "utf-8")
    do(root, lambda change: change.update("orgs", "acme", {"tier": "A"}))
    do(root, lambda change: change.add("orgs", {"id": "dora", "name": "Dora", "tier": "A"}))
    (root / "acctcli.yaml").write_text(SETTINGS + "tiers: {B: 30d}\n", "utf-8")
    before = text(root, "orgs")
    plans: list[Callable[[Change], object]] = [
        lambda change: change.update("orgs", "cole", {"tier": "A"}),
        lambda change: change.update("orgs", "acme", {"tier": "C"}),
        lambda change: change.add("orgs", {"id": "ed", "name": "Ed", "tier": "A"}),
    ]
    for plan in plans:
        problem = refused(root, plan, InvalidInputError)
        assert (problem.id, problem.kind, problem.field) == ("unknown-tier", "orgs", "tier")
    assert text(root, "orgs") == before
    do(root, lambda change: change.update("orgs", "acme", {"owner": "Eva"}))
    do(root, lambda change: change.update("orgs", "acme", {"tier": "B"}))
    do(root, lambda change: change.update("orgs", "dora", {"tier": None}))
    assert "tier: B" in text(root, "orgs")
    assert "tier: A" not in text(root, "orgs")


def test_a_link_to_an_unreadable_record_is_refused_with_its_place(root: Path) -> None:
    (root / "orgs.yaml").write_text(ACME + "- id: bad\n  name: [x]\n", "utf-8")
    problem = refused(
        root, lambda change: change.update("deals", "d1", {"org": "bad"}), InvalidBookError
    )
    assert (problem.id, problem.place) == ("bad-type", Place("orgs.yaml", 6, 9))


def test_a_declared_link_is_checked_too(root: Path) -> None:
    (root / "acctcli.yaml").write_text(
        SETTINGS + "fields: {orgs: {partner: {link: people}}}\n", "utf-8"
    )
    problem = refused(
        root, lambda change: change.update("orgs", "acme", {"partner": "cole"}), InvalidInputError
    )
    assert (problem.id, problem.field) == ("link-to-nothing", "partner")
    do(root, lambda change: change.update("orgs", "acme", {"partner": "eva"}))
    assert text(root, "orgs").count("partner: eva") == 1


def test_a_circle_of_parents_is_refused_unless_it_was_there(root: Path) -> None:
    plan: Callable[[Change], object] = lambda change: change.update(  # noqa: E731 - it is used twice
        "orgs", "acme", {"parent": "cole"}
    )
    problem = refused(root, plan, InvalidInputError)
    assert (problem.id, problem.message.rpartition(": ")[2]) == (
        "parent-cycle",
        "acme -> cole -> acme",
    )
    (root / "orgs.yaml").write_text(ACME + "  parent: cole\n" + COLE, "utf-8")
    (line,) = do(root, lambda change: change.update("orgs", "acme", {"owner": "Bea"}))
    assert line.id == "acme"


# settings


def test_declared_fields_stand_in_the_settings_and_in_the_history(root: Path) -> None:
    (line,) = do(root, lambda change: change.declare("orgs", {"vat": "text"}))
    after = text(root, "acctcli")
    assert after.startswith(SETTINGS)
    assert (line.kind, line.file) == ("settings", "acctcli.yaml")
    assert (line.before, line.after) == (SETTINGS, after)
    assert list(Book(root).read().settings.custom_fields("orgs")) == ["vat"]


def test_declaring_twice_in_one_change_keeps_both(root: Path) -> None:
    def plan(change: Change) -> None:
        change.declare("orgs", {"vat": "text"})
        change.declare("orgs", {"seats": "number"})
        change.declare("deals", {"channel": "text"})

    (line,) = do(root, plan)
    settings = Book(root).read().settings
    assert list(settings.custom_fields("orgs")) == ["vat", "seats"]
    assert list(settings.custom_fields("deals")) == ["channel"]
    assert (line.before, line.after) == (SETTINGS, text(root, "acctcli"))


def test_declaring_what_is_declared_or_nothing_writes_nothing(root: Path) -> None:
    do(root, lambda change: change.declare("orgs", {"vat": "text"}))
    before = files_of(root)

    def plan(change: Change) -> None:
        change.declare("orgs", {})
        change.declare("orgs", {"vat": "text"})
        assert change.is_empty()

    assert do(root, plan) == ()
    assert files_of(root) == before


def test_a_declared_field_is_written_by_its_type_at_once(root: Path) -> None:
    def plan(change: Change) -> None:
        change.update("orgs", "cole", {"owner": "Bea"})  # before the fields are declared
        change.declare("orgs", {"vat": "text", "seats": "number"})
        change.update("orgs", "acme", {"vat": "007", "seats": "12"})
        change.add("orgs", {"id": "new", "name": "New", "vat": "008", "seats": "9"})

    do(root, plan)
    assert '  vat: "007"\n  seats: 12\n' in text(root, "orgs")
    assert '  vat: "008"\n  seats: 9\n' in text(root, "orgs")
    with pytest.raises(InvalidInputError):
        Book(root).write(lambda change: change.update("orgs", "acme", {"seats": "many"}), AUTHOR)


# attachments


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "offer.pdf"
    path.write_bytes(b"an offer")
    return path


def put(root: Path, *paths: str) -> None:
    """Records of files f1, f2... that name copies, and the copies that are in the book."""
    records = "".join(
        f"- id: f{number}\n  name: x\n  path: {path}\n  org: acme\n"
        for number, path in enumerate(paths, 1)
    )
    (root / "files.yaml").write_text(records, "utf-8")
    (root / "attachments").mkdir()
    for name in ("b.txt", "c.txt"):
        (root / "attachments" / name).write_bytes(name.encode())


def test_an_attached_file_is_copied_and_told_in_the_history(root: Path, source: Path) -> None:
    found: list[AttachedCopy] = []
    (line,) = do(root, lambda change: found.append(change.attach(source, "Offer.pdf")))
    sha = hashlib.sha256(b"an offer").hexdigest()
    (attached,) = found
    assert (attached.path, attached.size, attached.sha256) == ("attachments/Offer.pdf", 8, sha)
    assert (root / "attachments" / "Offer.pdf").read_bytes() == b"an offer"
    assert (line.kind, line.file) == ("attachment", "attachments/Offer.pdf")
    assert (line.before_sha256, line.after_sha256) == (None, sha)


def test_files_attached_in_one_change_get_names_of_their_own(root: Path, source: Path) -> None:
    (root / "attachments").mkdir()
    (root / "attachments" / "A.pdf").write_bytes(b"old")

    def plan(change: Change) -> list[str]:
        return [change.attach(source, name).path for name in ("a.pdf", "a.PDF", "b.pdf", "b.pdf")]

    made = Book(root).write(plan, AUTHOR)
    assert made == [f"attachments/{name}" for name in ("a-2.pdf", "a-3.PDF", "b.pdf", "b-2.pdf")]
    assert {path.name for path in (root / "attachments").iterdir()} == {
        "A.pdf",
        *(Path(name).name for name in made),
    }
    assert (root / "attachments" / "A.pdf").read_bytes() == b"old"


def test_a_file_added_and_removed_in_one_change_is_not_copied(root: Path, source: Path) -> None:
    def plan(change: Change) -> None:
        path = change.attach(source, "a.pdf").path
        change.add("files", {"id": "f1", "name": "a", "path": path, "org": "acme"})
        change.remove("files", "f1")
        assert change.is_empty()

    before = files_of(root)
    assert do(root, plan) == ()
    assert files_of(root) == before


def test_a_removed_file_takes_its_copy_along(root: Path) -> None:
    put(root, "attachments/b.txt", "attachments/c.txt")
    lines = do(root, lambda change: change.remove("files", "f1"))
    assert sorted(path.name for path in (root / "attachments").iterdir()) == ["c.txt"]
    assert [line.kind for line in lines] == ["files", "attachment"]
    sha = hashlib.sha256(b"b.txt").hexdigest()
    assert (lines[1].file, lines[1].before_sha256, lines[1].after_sha256) == (
        "attachments/b.txt",
        sha,
        None,
    )


@pytest.mark.parametrize(
    "other", ["attachments/b.txt", "attachments/./b.txt", "attachments//b.txt"]
)
def test_a_copy_that_two_records_name_goes_with_the_last(root: Path, other: str) -> None:
    put(root, "attachments/b.txt", other, "../outside.txt")
    do(root, lambda change: change.remove("files", "f1"))
    assert (root / "attachments" / "b.txt").read_bytes() == b"b.txt"
    do(root, lambda change: change.remove("files", "f2"))
    assert not (root / "attachments" / "b.txt").exists()


def test_a_copy_goes_when_all_that_name_it_go_together(root: Path) -> None:
    put(root, "attachments/b.txt", "attachments/./b.txt")

    def plan(change: Change) -> None:
        change.remove("files", "f1")
        change.remove("files", "f2")

    lines = do(root, plan)
    assert [line.kind for line in lines] == ["files", "files", "attachment"]
    assert not (root / "attachments" / "b.txt").exists()
    assert (root / "attachments" / "c.txt").exists()


def test_a_copy_that_something_unreadable_mentions_stays(root: Path) -> None:
    put(root, "attachments/b.txt")
    with (root / "files.yaml").open("a", encoding="utf-8") as file:
        file.write("- id: f9\n  name: [x]\n  path: attachments/b.txt\n")
    problem = refused(root, lambda change: change.remove("files", "f1"), InvalidBookError)
    assert problem.place == Place("files.yaml", 6, 9)


@pytest.mark.parametrize("path", ["../outside.txt", "attachments/gone.txt"])
def test_a_copy_that_is_outside_or_gone_is_left_alone(root: Path, path: str) -> None:
    put(root, path)
    (root.parent / "outside.txt").write_bytes(b"not ours")
    (line,) = do(root, lambda change: change.remove("files", "f1"))
    assert line.kind == "files"
    assert (root.parent / "outside.txt").read_bytes() == b"not ours"
    assert {each.name for each in (root / "attachments").iterdir()} == {"b.txt", "c.txt"}


def test_a_path_out_of_the_book_is_not_stored(root: Path) -> None:
    put(root, "attachments/b.txt")
    problem = refused(
        root, lambda change: change.update("files", "f1", {"path": "../../x"}), InvalidInputError
    )
    assert problem.id == "outside-book"


# what it tells


def test_who_becomes_an_account_and_who_ceases_to_be_one(root: Path) -> None:
    change = AUTHOR.change(root, Book(root).read())
    change.update("deals", "d1", {"status": "won", "won_time": "2026-03-01"})
    assert [org.id for org in change.membership_changes()[0]] == ["acme"]
    assert change.membership_changes()[1] == []
