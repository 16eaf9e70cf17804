"""What the transcripts do not show of `log`, `undo` and `redo`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from acctcli.store.book import Author, Book

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

# Keys may be added, never renamed or removed (rule 12).
SHORT = ["id", "time", "actor", "command"]
KEYS = [*SHORT, "undone", "undoes", "redoes", "added", "changed", "removed", "changes"]


def rows(result: object) -> list[dict[str, object]]:
    assert isinstance(result, list)
    return result


@pytest.fixture
def changed(small: Path, acct: CommandLine) -> Path:
    assert acct("deal", "won", "d3", "-q").code == 0
    return small


def test_the_keys_of_log_undo_and_redo(changed: Path, acct: CommandLine) -> None:
    (row,) = rows(acct("log", "--format", "json").json)
    assert list(row) == KEYS
    undo = acct("undo", "--format", "json", "-q")
    assert [list(each) for each in rows(undo.json)] == [SHORT]
    assert rows(undo.json)[0]["id"] == row["id"]
    assert rows(acct("redo", "--format", "json").json)[0]["id"] == row["id"]
    assert acct("redo", "--format", "json").json == []
    assert acct("undo", "--dry-run", "--format", "ids", "-q").out == f"{row['id']}\n"


def test_nothing_to_undo_is_no_failure(book: Path, acct: CommandLine) -> None:
    assert acct("undo") == (0, "", "nothing to undo\n")
    assert acct("redo") == (0, "", "nothing to redo\n")
    assert acct("log") == (0, "", "")
    assert acct("log", "--format", "json").json == []


def test_read_only(changed: Path, acct: CommandLine) -> None:
    assert acct("undo", "--read-only").code == 2
    assert acct("undo", "--read-only", "--dry-run").code == 0


def test_many_records_are_counted(small: Path, acct: CommandLine) -> None:
    names = "".join(f"Org {number}\n" for number in range(20))
    (small / "t.csv").write_text("Name\n" + names, "utf-8")
    (small / "m.yaml").write_text("kind: orgs\nkey: Name\ncolumns: {Name: name}\n", "utf-8")
    assert acct("import", "csv", "t.csv", "--map", "m.yaml", "-q").code == 0
    assert "\n  20 organizations removed\n" in acct("undo").err
    assert "\n  20 organizations restored\n" in acct("redo").err


def test_many_attachments_are_counted(small: Path, acct: CommandLine) -> None:
    for number in range(13):
        (small / f"{number}.txt").write_text("x", "utf-8")
        assert acct("file", "add", f"{number}.txt", "--org", "bianchi", "-q").code == 0
    told = acct("undo", "13").err
    assert "\n  13 files removed\n  13 attachments changed\n" in told


def test_a_declared_field_is_told(small: Path, acct: CommandLine) -> None:
    before = (small / "acctcli.yaml").read_bytes()
    now = dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)
    author = Author("anna", ("test",), now)
    Book(small).write(lambda change: change.declare("orgs", {"vat": "text"}), author)
    assert before != (small / "acctcli.yaml").read_bytes()
    assert "\n  acctcli.yaml restored\n" in acct("undo").err
    assert before == (small / "acctcli.yaml").read_bytes()


def test_what_is_known_by_its_hash_alone(small: Path, acct: CommandLine) -> None:
    acct("org", "add", "Eva Ltd", "-q")
    path = small / "orgs.yaml"
    path.write_text(path.read_text("utf-8").replace("Eva Ltd", "Eva Inc"), "utf-8")
    result = acct("undo")
    assert result.code == 6
    assert '"eva-ltd" as it was left is known by its hash alone\n' in result.err
    path.write_text(path.read_text("utf-8").partition("- id: eva-ltd")[0], "utf-8")
    assert '"eva-ltd" now is nothing\n' in acct("undo").err


def test_the_record_that_a_log_is_of(changed: Path, acct: CommandLine) -> None:
    assert acct("log", "d3").out == acct("log", "Training").out != ""
    assert acct("log", "acme").code == 0  # it is there, though no command has touched it
    assert acct("log", "acme").out == ""
    with (changed / "people.yaml").open("a", encoding="utf-8") as file:
        file.write("- id: tr\n  name: Training\n")
    result = acct("log", "Training")
    assert result.code == 3
    assert "[ambiguous]" in result.err


def test_a_removed_records_id_comes_before_the_beginning_of_another(
    small: Path, acct: CommandLine
) -> None:
    acct("org", "add", "Eva", "--id", "zeta", "-q")
    acct("org", "remove", "zeta", "-q")
    acct("org", "add", "Fox", "--id", "zeta-2", "-q")
    assert acct("log", "zeta", "--format", "ids").out.count("\n") == 2
    assert acct("log", "zeta-", "--format", "ids").out.count("\n") == 1


def test_a_time_that_is_none_is_shown_as_it_stands(changed: Path, acct: CommandLine) -> None:
    path = changed / "history.jsonl"
    path.write_bytes(path.read_bytes().replace(b"2026-03-10T09:00:00+01:00", b"long ago"))
    assert "  long ago  anna@example.com  " in acct("log").out
    assert acct("log", "--since", "2020-01-01").out == ""
    path.write_bytes(path.read_bytes().replace(b"long ago", b"2026-03-10"))
    assert "  2026-03-10  anna@example.com  " in acct("log").out


def test_log_works_where_records_cannot_be_read(changed: Path, acct: CommandLine) -> None:
    (changed / "orgs.yaml").write_text("- id: [\n", "utf-8")
    assert acct("log").code == 0
    assert acct("log", "d3").out
