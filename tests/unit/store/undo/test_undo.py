"""Undo and redo of every kind of commit, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.files import files_of
from helpers.undo import AUTHOR, REDO, UNDO, state, take_back

from acctcli.core.model.errors import (
    AcctcliError,
    AmbiguousError,
    ConflictError,
    InvalidBookError,
    InvalidInputError,
    NotFoundError,
    UsageError,
)
from acctcli.store.book import Book
from acctcli.store.files import filesystem
from acctcli.store.history import history_format
from acctcli.store.history.reader import newest_first
from acctcli.store.undo.rollback import ChangedSinceError
from acctcli.store.undo.undo import UndoRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acctcli.core.model.errors import Problem
    from acctcli.store.changes.change_set import Change


SETTINGS = "format: 1   # the first\ncurrency: EUR\n"
ACME = "# the first\n- id: acme\n  name: Acme   # since 1999\n  owner: Anna\n"
COLE = "- id: cole\n  name: 'Cole'\n"
DORA = "- id: dora\n  name: Dora\n"
D1 = "- id: d1\n  title: One\n  org: acme\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    folder.mkdir()
    files = {"acctcli": SETTINGS, "orgs": f"{ACME}\n{COLE}\n{DORA}", "deals": D1}
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def write(root: Path, plan: Callable[[Change], object]) -> str:
    """Write; gives the commit's id."""
    Book(root).write(plan, AUTHOR)
    return newest(root)


def newest(root: Path) -> str:
    return next(newest_first(root)).closing.commit


def refused(
    root: Path, error: type[AcctcliError], wanted: UndoRequest = UNDO, *, dry_run: bool = False
) -> tuple[Problem, ...]:
    """The problems of an undo that is refused and changes nothing."""
    before = files_of(root)
    with pytest.raises(error) as caught:
        Book(root).undo(wanted, AUTHOR, dry_run=dry_run)
    assert type(caught.value) is error
    assert files_of(root) == before
    return caught.value.problems


def there_and_back(root: Path, plan: Callable[[Change], object]) -> None:
    """A change, its undo and its redo bring every byte back."""
    before = state(root)
    write(root, plan)
    after = state(root)
    assert before != after
    for _ in range(2):
        assert take_back(root)
        assert state(root) == before
        assert take_back(root, REDO)
        assert state(root) == after


def text(root: Path, name: str) -> str:
    return (root / f"{name}.yaml").read_bytes().decode()


def put(root: Path, name: str, content: str) -> None:
    (root / f"{name}.yaml").write_bytes(content.encode())


# every kind of commit


@pytest.mark.parametrize(
    "plan",
    [
        lambda change: change.update("orgs", "acme", {"owner": None, "phone": "1"}),
        lambda change: change.replace("orgs", "cole", COLE, "# new\n" + COLE),
        lambda change: change.remove("orgs", "cole"),
        lambda change: change.remove("deals", "d1"),
        lambda change: change.add("orgs", {"id": "eva", "name": "Eva"}),
        lambda change: change.add("notes", {"id": "n1", "content": "x", "org": "acme"}),
        lambda change: change.declare("orgs", {"vat": "text"}),
    ],
)
def test_there_and_back(root: Path, plan: Callable[[Change], object]) -> None:
    there_and_back(root, plan)


@pytest.mark.parametrize(
    "deals",
    ["[]", "# none yet\n[]   # yet\n# end\n", "\ufeff[]\n", "", "\n# c\n", D1.rstrip(), "[]\n\n\n"],
)
def test_the_first_record_of_a_file_and_the_file_without_it(root: Path, deals: str) -> None:
    put(root, "deals", deals)
    there_and_back(
        root, lambda change: change.add("deals", {"id": "d9", "title": "X", "org": "acme"})
    )


def test_a_scalar_in_a_file_that_is_edited_in_place(root: Path) -> None:
    put(root, "deals", "[{id: d1, title: 'é'}, {id: d2, title: b}]\n")
    there_and_back(root, lambda change: change.update("deals", "d1", {"title": "c"}))


def test_a_file_that_a_commit_made_goes_with_its_folders(root: Path) -> None:
    put(root, "acctcli", SETTINGS + "new_records: {notes: notes/a/b.yaml}\n")
    there_and_back(
        root, lambda change: change.add("notes", {"id": "n1", "content": "x", "org": "acme"})
    )
    take_back(root)
    assert not (root / "notes").exists()
    take_back(root, REDO)
    (root / "notes" / "mine.txt").write_text("x", "utf-8")
    take_back(root)
    assert [path.name for path in (root / "notes").iterdir()] == ["mine.txt"]


def calling(number: str) -> Callable[[Change], object]:
    """A change that gives Cole a phone."""
    return lambda change: change.update("orgs", "cole", {"phone": number})


def test_several_in_one_commit_all_or_nothing(root: Path) -> None:
    states = [state(root)]
    for number in ("1", "2", "3"):
        write(root, calling(number))
        states.append(state(root))
    undoing = take_back(root, UndoRequest(count=2))
    assert undoing
    assert state(root) == states[1]
    assert len(undoing.closings) == 2
    assert take_back(root)
    assert state(root) == states[0]
    assert take_back(root) is None
    assert take_back(root, REDO)
    assert take_back(root, REDO)
    assert state(root) == states[3]
    assert take_back(root, REDO) is None
    assert refused(root, InvalidInputError, UndoRequest(count=4))[0].id == "too-few-commits"
    assert take_back(root, UndoRequest(count=3))
    assert state(root) == states[0]


def test_what_comes_to_nothing_is_undone_too(root: Path) -> None:
    before = state(root)
    write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    write(root, lambda change: change.update("orgs", "cole", {"phone": None}))
    undoing = take_back(root, UndoRequest(count=2))
    assert undoing
    assert undoing.became == []
    assert state(root) == before
    assert take_back(root) is None
    assert take_back(root, REDO)
    assert state(root) == before


def test_another_command_clears_redo(root: Path) -> None:
    write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    take_back(root)
    write(root, lambda change: change.update("orgs", "dora", {"phone": "1"}))
    assert take_back(root, REDO) is None


def test_one_commit_by_its_id(root: Path) -> None:
    first = write(root, lambda change: change.update("orgs", "acme", {"owner": "Bea"}))
    second = write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    undoing = take_back(root, UndoRequest(commit=first[:6]))
    assert undoing
    assert undoing.undoes == (first,)
    assert text(root, "orgs") == f'{ACME}\n{COLE}  phone: "1"\n\n{DORA}'
    assert refused(root, InvalidInputError, UndoRequest(commit=first))[0].id == "undone-already"
    assert (
        refused(root, InvalidInputError, UndoRequest(commit=newest(root)))[0].id == "not-a-change"
    )
    assert refused(root, NotFoundError, UndoRequest(commit="x"))[0].id == "not-found"
    (ambiguous,) = refused(root, AmbiguousError, UndoRequest(commit="c"))
    assert first in ambiguous.message
    assert second in ambiguous.message
    assert take_back(root, REDO)
    assert take_back(root, UndoRequest(commit=second))
    assert text(root, "orgs") == ACME.replace("Anna", "Bea") + f"\n{COLE}\n{DORA}"


def test_a_dry_run_writes_nothing(root: Path) -> None:
    write(root, lambda change: change.update("orgs", "acme", {"owner": "Bea"}))
    before = files_of(root)
    undoing = Book(root, read_only=True).undo(UNDO, AUTHOR, dry_run=True)
    assert undoing
    assert [(each.kind, each.id) for each in undoing.became] == [("orgs", "acme")]
    assert files_of(root) == before
    with pytest.raises(UsageError):
        Book(root, read_only=True).undo(UNDO, AUTHOR)
    filesystem.make_private_folder(root)
    (root / ".acctcli" / "journal").write_bytes(b"?")
    assert refused(root, ConflictError, dry_run=True)[0].id == "busy"


def test_a_file_that_changes_meanwhile_is_read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, lambda change: change.update("orgs", "acme", {"owner": "Bea"}))
    real = filesystem.rename
    changed: list[bool] = []

    def renamed(source: Path, target: Path) -> None:
        real(source, target)
        if not changed:
            changed.append(True)
            put(root, "orgs", text(root, "orgs") + "# by hand\n")

    monkeypatch.setattr(filesystem, "rename", renamed)
    assert take_back(root)
    assert text(root, "orgs") == f"{ACME}\n{COLE}\n{DORA}# by hand\n"


def test_who_becomes_an_account_and_who_ceases_to_be_one(root: Path) -> None:
    write(root, lambda change: change.update("deals", "d1", {"status": "won"}))
    undoing = take_back(root)
    assert undoing
    assert [org.id for org in undoing.membership_changes()[1]] == ["acme"]
    again = take_back(root, REDO)
    assert again
    assert [org.id for org in again.membership_changes()[0]] == ["acme"]


# attachments


@pytest.fixture
def attached(root: Path, tmp_path: Path) -> Path:
    """A book into which a file was attached."""
    source = tmp_path / "offer.pdf"
    source.write_bytes(b"an offer")

    def plan(change: Change) -> None:
        path = change.attach(source, "offer.pdf").path
        change.add("files", {"id": "f1", "name": "offer.pdf", "path": path, "org": "acme"})

    write(root, plan)
    return root


def test_an_attachment_goes_and_comes_back(attached: Path) -> None:
    copy = attached / "attachments" / "offer.pdf"
    for _ in range(2):
        take_back(attached)
        assert not copy.exists()
        assert not (attached / "files.yaml").exists()
        take_back(attached, REDO)
        assert copy.read_bytes() == b"an offer"
    there_and_back(attached, lambda change: change.remove("files", "f1"))
    assert not copy.exists()
    assert take_back(attached, UndoRequest(count=2))
    assert not copy.exists()
    assert take_back(attached, REDO)
    assert take_back(attached)
    assert copy.read_bytes() == b"an offer"


def test_an_attachment_that_was_changed_since_stays(attached: Path) -> None:
    copy = attached / "attachments" / "offer.pdf"
    copy.write_bytes(b"another")
    error = clashes_of(attached)
    (clash,) = error.clashes
    assert clash.title == "attachments/offer.pdf"
    assert clash.old == f"SHA-256 {filesystem.sha_of(b'an offer')}\n"
    assert clash.new == f"SHA-256 {filesystem.sha_of(b'another')}\n"
    copy.unlink()
    assert clashes_of(attached).clashes[0].new == ""


def test_an_attachment_that_is_lost_is_told(attached: Path) -> None:
    write(attached, lambda change: change.remove("files", "f1"))
    for path in (attached / ".acctcli" / "attic").iterdir():
        path.unlink()
    (problem,) = refused(attached, ConflictError)
    assert problem.id == "gone-from-attic"
    assert filesystem.sha_of(b"an offer") in (problem.hint or "")


def test_an_attachment_that_another_record_names_stays(attached: Path) -> None:
    with (attached / "files.yaml").open("a", encoding="utf-8") as file:
        file.write("- id: f2\n  name: x\n  path: attachments/offer.pdf\n  org: acme\n")
    (problem,) = refused(attached, InvalidInputError)
    assert (problem.id, '"f2"' in problem.message) == ("still-linked", True)


# what was changed since


def clashes_of(root: Path, wanted: UndoRequest = UNDO) -> ChangedSinceError:
    before = files_of(root)
    with pytest.raises(ChangedSinceError) as caught:
        take_back(root, wanted)
    assert files_of(root) == before
    assert caught.value.problems[0].id == "changed-since"
    return caught.value


def test_a_record_that_changed_since_is_shown_in_both_texts(root: Path) -> None:
    first = write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    write(root, lambda change: change.update("orgs", "cole", {"phone": "2"}))
    error = clashes_of(root, UndoRequest(commit=first))
    assert [tuple(clash)[:3] for clash in error.clashes] == [
        ('"cole"', COLE + '  phone: "1"\n', COLE + '  phone: "2"\n')
    ]
    assert first in error.problems[0].message
    put(root, "orgs", ACME)
    assert clashes_of(root).clashes[0].new == ""
    (root / "orgs.yaml").unlink()
    assert clashes_of(root).clashes[0].new == ""


def test_a_record_that_was_added_and_changed_since(root: Path) -> None:
    fields = {"id": "eva", "name": "Eva"}
    first = write(root, lambda change: change.add("orgs", fields))
    made = "- id: eva\n  name: Eva\n"
    put(root, "orgs", text(root, "orgs").replace("Eva", "Ava"))
    assert clashes_of(root).clashes[0].old is None  # the history has its hash alone
    put(root, "orgs", text(root, "orgs").replace("Ava", "Eva"))
    write(root, lambda change: change.update("orgs", "eva", {"name": "Ava"}))
    (clash,) = clashes_of(root, UndoRequest(commit=first)).clashes
    assert (clash.old, clash.new) == (made, made.replace("Eva", "Ava"))


def test_several_changed_records_are_counted(root: Path) -> None:
    def plan(change: Change) -> None:
        for record in ("acme", "cole", "dora"):
            change.update("orgs", record, {"phone": "1"})

    write(root, plan)
    put(root, "orgs", text(root, "orgs").replace('"1"', '"2"'))
    error = clashes_of(root)
    assert len(error.clashes) == 3
    assert '"acme" and 2 more' in error.problems[0].message


def test_a_removed_record_whose_id_is_there_again(root: Path) -> None:
    write(root, lambda change: change.remove("orgs", "cole"))
    put(root, "orgs", text(root, "orgs") + COLE)
    assert clashes_of(root).clashes[0].old == ""
    put(root, "orgs", text(root, "orgs").replace(COLE, "# by hand\n"))
    put(root, "people", COLE)
    assert refused(root, ConflictError)[0].id == "duplicate-id"
    put(root, "people", "- id: cole\n  name: [x]\n")
    assert refused(root, ConflictError)[0].id == "duplicate-id"
    (root / "orgs").mkdir()
    (root / "people.yaml").unlink()
    put(root, "orgs/more", COLE)
    assert refused(root, ConflictError)[0].id == "duplicate-id"


def test_settings_that_changed_since(root: Path) -> None:
    write(root, lambda change: change.declare("orgs", {"vat": "text"}))
    left = text(root, "acctcli")
    put(root, "acctcli", left + "# by hand\n")
    (clash,) = clashes_of(root).clashes
    assert (clash.title, clash.old, clash.new) == ("acctcli.yaml", left, left + "# by hand\n")


def test_links_hold(root: Path) -> None:
    write(root, lambda change: change.add("orgs", {"id": "eva", "name": "Eva"}))
    first = newest(root)
    for number in range(2):
        fields = {"id": f"n{number}", "content": "x", "org": "eva"}
        write(root, lambda change, fields=fields: change.add("notes", fields))  # type: ignore[misc]  # the default is bound early
    linked, *users = refused(root, InvalidInputError, UndoRequest(commit=first))
    assert linked.id == "still-linked"
    assert "2 records link" in linked.message
    assert [user.record for user in users] == ["n0", "n1"]
    assert take_back(root)
    assert (
        "1 record links" in refused(root, InvalidInputError, UndoRequest(commit=first))[0].message
    )
    assert take_back(root, UndoRequest(count=2))
    # and what comes back leads somewhere
    removal = write(root, lambda change: change.remove("deals", "d1"))
    write(root, lambda change: change.remove("orgs", "acme"))
    problem = refused(root, InvalidInputError, UndoRequest(commit=removal))[0]
    assert (problem.id, problem.record) == ("link-to-nothing", "d1")


def test_a_record_that_is_not_valid_any_more_does_not_come_back(root: Path) -> None:
    put(root, "deals", D1 + "  value: 5\n")
    write(root, lambda change: change.remove("deals", "d1"))
    put(root, "acctcli", "format: 1\n")
    assert refused(root, InvalidBookError)[0].record == "d1"  # its value has no currency now
    put(root, "acctcli", SETTINGS)
    assert take_back(root)
    put(root, "acctcli", SETTINGS + "fields: {deals: {seats: number}}\n")
    put(root, "deals", D1 + "  seats: 5\n")
    write(root, lambda change: change.remove("deals", "d1"))
    put(root, "acctcli", SETTINGS + "fields: {deals: {seats: date}}\n")
    assert refused(root, InvalidBookError)[0].field == "seats"


# files that changed elsewhere since: record by record


def by_hand(root: Path, name: str, old: str, new: str) -> None:
    before = text(root, name)
    assert old in before
    put(root, name, before.replace(old, new))


def test_an_edit_is_taken_back_beside_a_change_by_hand(root: Path) -> None:
    write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    by_hand(root, "orgs", "Anna", "Bea")
    assert take_back(root)
    assert text(root, "orgs") == ACME.replace("Anna", "Bea") + f"\n{COLE}\n{DORA}"
    assert take_back(root, REDO)
    assert '  phone: "1"\n' in text(root, "orgs")


def test_an_addition_is_taken_back_beside_a_change_by_hand(root: Path) -> None:
    write(root, lambda change: change.add("orgs", {"id": "eva", "name": "Eva"}))
    by_hand(root, "orgs", "Anna", "Bea")
    assert take_back(root)
    assert text(root, "orgs") == ACME.replace("Anna", "Bea") + f"\n{COLE}\n{DORA}\n"
    write(root, lambda change: change.add("notes", {"id": "n1", "content": "x", "org": "acme"}))
    put(root, "notes", "\n" + text(root, "notes"))
    assert take_back(root)
    assert not (root / "notes.yaml").exists()
    write(root, lambda change: change.add("notes", {"id": "n1", "content": "x", "org": "acme"}))
    put(root, "notes", "# mine\n\n" + text(root, "notes"))
    assert take_back(root)
    assert text(root, "notes") == "# mine\n\n"


def test_blank_lines_that_meet_are_one(root: Path) -> None:
    def plan(change: Change) -> None:
        change.add("orgs", {"id": "eva", "name": "Eva"})

    write(root, plan)
    by_hand(root, "orgs", "  name: Eva\n", "  name: Eva\n\n- id: fox\n  name: Fox\n")
    assert take_back(root)
    assert text(root, "orgs") == f"{ACME}\n{COLE}\n{DORA}\n- id: fox\n  name: Fox\n"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("acme", f"{ACME}\n{COLE}\n{DORA}# x\n"),
        ("cole", f"{ACME}\n{COLE}\n{DORA}# x\n"),
        ("dora", f"{ACME}\n{COLE}\n# x\n\n{DORA}"),
    ],
)
def test_a_removed_record_comes_back_where_it_stood(root: Path, record: str, expected: str) -> None:
    put(root, "deals", "")
    write(root, lambda change: change.remove("orgs", record))
    put(root, "orgs", text(root, "orgs") + "# x\n")
    assert take_back(root)
    assert text(root, "orgs") == expected


def test_removed_records_come_back_one_below_the_other(root: Path) -> None:
    put(root, "deals", "")

    def plan(change: Change) -> None:
        change.remove("orgs", "cole")
        change.remove("orgs", "dora")

    write(root, plan)
    put(root, "orgs", text(root, "orgs") + "- id: eva\n  name: Eva\n")
    assert take_back(root)
    assert text(root, "orgs") == f"{ACME}\n{COLE}\n{DORA}\n- id: eva\n  name: Eva\n"


def test_a_removed_record_whose_neighbour_is_gone_comes_back_at_the_end(root: Path) -> None:
    put(root, "deals", "")
    write(root, lambda change: change.remove("orgs", "cole"))
    put(root, "orgs", DORA.rstrip("\n"))
    assert take_back(root)
    assert text(root, "orgs") == DORA + COLE
    take_back(root, REDO)
    put(root, "orgs", "# ours\n")
    assert take_back(root)
    assert text(root, "orgs") == "# ours\n\n" + COLE
    take_back(root, REDO)
    (root / "orgs.yaml").unlink()
    assert take_back(root)
    assert text(root, "orgs") == COLE


def test_line_ends_stay_what_they_are(root: Path) -> None:
    put(root, "deals", "")
    put(root, "orgs", f"{ACME}{COLE}{DORA}".replace("\n", "\r\n").removesuffix("\r\n"))
    write(root, lambda change: change.remove("orgs", "dora"))
    put(root, "orgs", text(root, "orgs").replace("Anna", "Bea").removesuffix("\r\n"))
    assert take_back(root)
    assert text(root, "orgs") == f"{ACME}{COLE}{DORA}".replace("\n", "\r\n").replace("Anna", "Bea")


def test_above_a_record_without_an_id_it_comes_back_at_the_end(root: Path) -> None:
    put(root, "orgs", "- name: x\n" + COLE + DORA)
    put(root, "deals", "")
    write(root, lambda change: change.remove("orgs", "cole"))
    undone = take_back(root)
    assert undone
    assert text(root, "orgs") == "- name: x\n" + COLE + DORA  # by the bytes
    take_back(root, REDO)
    by_hand(root, "orgs", "Dora", "Doris")
    assert take_back(root)
    assert text(root, "orgs") == "- name: x\n" + DORA.replace("Dora", "Doris") + COLE
    put(root, "orgs", "- name: [\n" + COLE)
    write(root, lambda change: change.remove("orgs", "cole"))
    assert take_back(root)


def test_where_it_cannot_be_put_back_safely_it_is_refused(root: Path) -> None:
    put(root, "deals", "")
    write(root, lambda change: change.remove("orgs", "cole"))
    put(root, "orgs", "[{id: dora, name: Dora}]\n")
    assert refused(root, InvalidBookError)[0].id == "unsafe-edit"
    put(root, "orgs", "- id: a\n...\n- id: b\n")
    assert refused(root, InvalidBookError)[0].id == "yaml-syntax"


def test_a_text_that_would_run_into_the_next_record_is_refused(root: Path) -> None:
    put(root, "orgs", "- id: a\n  name: A\n- id: b\n  name: B\n  address: |+\n    x\n\n")
    put(root, "deals", "")
    write(root, lambda change: change.remove("orgs", "a"))
    put(root, "orgs", text(root, "orgs") + "# end\n")
    assert take_back(root)
    assert text(root, "orgs").startswith("- id: a\n  name: A\n- id: b\n")


# old and damaged histories


def without(root: Path, kind: str) -> None:
    """Take lines of a kind out of the history, as an acctcli that did not know them wrote it."""
    path = root / "history.jsonl"
    kept = [
        line.replace(b'"records":2', b'"records":1')
        for line in path.read_bytes().splitlines(keepends=True)
        if b'"kind":"%s"' % kind.encode() not in line
    ]
    path.write_bytes(b"".join(kept))


def test_a_history_without_the_way_back_is_undone_record_by_record(root: Path) -> None:
    put(root, "deals", "")
    write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    without(root, "file")
    assert take_back(root)
    assert text(root, "orgs") == f"{ACME}\n{COLE}\n{DORA}"
    write(root, lambda change: change.remove("orgs", "cole"))
    without(root, "file")
    assert take_back(root)
    assert text(root, "orgs") == f"{ACME}\n{COLE}\n{DORA}"


@pytest.mark.parametrize(
    "damage",
    [
        (b'"splices":[[', b'"splices":[[9'),
        (b'"splices":[[', b'"splices":[[0,0,"x"],['),
    ],
)
def test_a_way_back_that_leads_elsewhere_is_not_taken(
    root: Path, damage: tuple[bytes, bytes]
) -> None:
    put(root, "deals", "")
    write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    path = root / "history.jsonl"
    path.write_bytes(path.read_bytes().replace(*damage))
    assert take_back(root)
    assert text(root, "orgs") == f"{ACME}\n{COLE}\n{DORA}"


def test_a_history_with_lines_lost_is_told(root: Path) -> None:
    write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    path = root / "history.jsonl"
    whole = path.read_bytes()
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[1:]))
    assert refused(root, InvalidBookError)[0].id == "history-damaged"
    path.write_bytes(whole.replace(b'"position":', b'"position":"x","p":'))
    assert refused(root, InvalidBookError)[0].id == "history-damaged"


def test_a_redo_whose_commits_are_forgotten(root: Path) -> None:
    write(root, lambda change: change.update("orgs", "cole", {"phone": "1"}))
    write(root, lambda change: change.update("orgs", "cole", {"phone": "2"}))
    take_back(root, UndoRequest(count=2))
    path = root / "history.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[3:]))  # the first commit is gone
    undoing = take_back(root, REDO)
    assert undoing
    assert len(undoing.closings) == 1
    assert '  phone: "2"\n' in text(root, "orgs")


def test_the_line_of_an_undo_has_what_a_redo_needs(root: Path) -> None:
    write(root, lambda change: change.add("orgs", {"id": "eva", "name": "Eva"}))
    take_back(root)
    undo = next(newest_first(root))
    lines = list(undo.lines())
    assert [line.kind for line in lines] == ["orgs", history_format.FILE]
    assert (lines[0].id, lines[0].above) == ("eva", "dora")
    assert lines[0].before == "- id: eva\n  name: Eva\n"
    assert lines[1].splices[0][2] == "\n- id: eva\n  name: Eva\n"


def test_settings_that_two_commits_changed(root: Path) -> None:
    write(root, lambda change: change.declare("orgs", {"vat": "text"}))
    write(root, lambda change: change.declare("deals", {"go_live": "date"}))
    undoing = take_back(root, UndoRequest(count=2))
    assert undoing
    assert undoing.other_changes() == [("acctcli.yaml", True)]
    assert text(root, "acctcli") == SETTINGS


def test_a_history_that_was_tampered_with_puts_no_other_record_in(root: Path) -> None:
    write(root, lambda change: change.remove("orgs", "cole"))
    without(root, "file")
    path = root / "history.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"before":"- id: cole', b'"before":"- id: other'))
    assert refused(root, InvalidBookError)[0].id == "unsafe-edit"


def test_what_something_unreadable_mentions_does_not_go(root: Path) -> None:
    write(root, lambda change: change.add("orgs", {"id": "eva", "name": "Eva"}))
    put(root, "notes", "- id: n1\n  content: [open\n  org: eva\n")
    problem = refused(root, InvalidBookError)[0]
    assert problem.place is not None
    assert problem.place.file == "notes.yaml"


def hostile(root: Path, line: bytes) -> None:
    """A history that somebody else sent along with a book."""
    closing = history_format.closing("cevil", "2026-03-10T09:00:00Z", "eve", ["x"], 1)
    (root / "history.jsonl").write_bytes(line + closing)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("../secret.yaml", "history-damaged"),
        ("/etc/hostname", "history-damaged"),
        ("acctcli.yaml", "history-damaged"),
        ("attachments/a", "history-damaged"),
        ("", "history-damaged"),
        ("orgs/../../secret.yaml", "history-damaged"),
        ("orgs/a\0.yaml", "outside-book"),
    ],
)
def test_a_history_leads_to_no_file_outside(root: Path, file: str, name: str) -> None:
    (root.parent / "secret.yaml").write_text("- id: s\n  name: Secret\n", "utf-8")
    hostile(root, history_format.entry("cevil", "orgs", "s", file, 0, "- id: s\n", "- id: t\n"))
    assert refused(root, InvalidBookError)[0].id == name
    hostile(root, b"".join(history_format.file_entries("cevil", file, None, "ab", [])))
    assert refused(root, InvalidBookError)[0].id == name


def test_a_history_brings_no_file_from_outside_in(root: Path) -> None:
    (root.parent / "secret.yaml").write_text("secret", "utf-8")
    (root / ".acctcli" / "attic").mkdir(parents=True)
    hostile(
        root,
        history_format.attachment_entry("cevil", "attachments/a", "../../../secret.yaml", None),
    )
    assert refused(root, InvalidBookError)[0].id == "history-damaged"
    hostile(root, history_format.attachment_entry("cevil", "../a", filesystem.sha_of(b""), None))
    assert refused(root, InvalidInputError)[0].id == "outside-book"
