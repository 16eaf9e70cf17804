"""Bad input of every kind: what is said, how it ends, and that no byte is touched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.files import files_of

if TYPE_CHECKING:
    from helpers.cli import CommandLine

DEAL = "- id: d9\n  title: New\n"


def refused(
    acct: CommandLine, folder: Path, words: tuple[str, ...], code: int, *, said: tuple[str, ...]
) -> None:
    """The command ends with the code, says all of it on stderr, and touches nothing."""
    before = files_of(folder)
    result = acct(*words)
    assert (result.code, result.out) == (code, "")
    for part in said:
        assert part in result.err
    assert files_of(folder) == before


BAD_FILES = {
    "bad yaml": ("- id: d9\n  title: [open\n", "deals.yaml:", "yaml-syntax"),
    "a tag": (DEAL + "  owner: !!str Anna\n", "deals.yaml:3:10", "yaml-tag"),
    "an anchor": (DEAL + "  owner: &who Anna\n", "deals.yaml:3:10", "yaml-anchor"),
    "an alias": (DEAL + "  owner: *who\n", "deals.yaml:3:10", "yaml-alias"),
    "a merge key": (DEAL + "  <<: {owner: Anna}\n", "deals.yaml:3:3", "yaml-merge"),
    "a duplicate key": (DEAL + "  title: Other\n", "deals.yaml:3:3", "duplicate-key"),
    "brackets behind a long text": (
        DEAL + "  source: " + "a" * 5_000 + "\n  owner: " + "[" * 2_000 + "\n",
        "4:",
        "yaml-depth",
    ),
    "brackets behind a long list": (
        DEAL + "  owner: [" + "a, " * 2000 + "[" * 2_000 + "\n",
        "3:",
        "yaml-depth",
    ),
    "30,000 nested brackets": (DEAL + "  owner: " + "[" * 30_000 + "\n", "3:", "yaml-depth"),
    "a bad date": (DEAL + "  won_time: soon\n", "deals.yaml:3:13", "bad-date"),
    "no day of the calendar": (
        DEAL + "  expected_close_date: 2026-13-45\n",
        "deals.yaml:3:24",
        '"2026-13-45"',
    ),
    "a value with a comma": (DEAL + "  value: 12,500\n", "deals.yaml:3:10", '"12,500"'),
    "an unknown currency": (DEAL + "  currency: EUX\n", "deals.yaml:3:13", "unknown-currency"),
    "a status of its own": (DEAL + "  status: sold\n", "deals.yaml:3:11", "bad-choice"),
    "an id used twice": (DEAL + DEAL, "deals.yaml:3:7", "duplicate-id"),
    "no name": ("- id: d9\n", "deals.yaml:1", "missing-field"),
    "no list": ("id: d9\n", "deals.yaml:1", "a list of records"),
    "two documents": (DEAL + "---\n" + DEAL, "deals.yaml:3", "several-documents"),
    "conflict markers": (
        "<<<<<<< HEAD\n" + DEAL + "=======\n",
        "deals.yaml:1:1",
        "error [conflict-marker]",
    ),
    "a NUL": (DEAL + "  owner: A\0B\n", "deals.yaml:3:11", "error [control-character]"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("command", [("account", "list"), ("deal", "list", "--format", "csv")])
def test_a_read_of_a_bad_file_tells_the_place_and_prints_no_data(
    book: Path, acct: CommandLine, name: str, command: tuple[str, ...]
) -> None:
    text, *said = BAD_FILES[name]
    (book / "deals.yaml").write_text(text, "utf-8")
    refused(acct, book, command, 4, said=tuple(said))


def test_not_utf8(book: Path, acct: CommandLine) -> None:
    (book / "deals.yaml").write_bytes(DEAL.encode() + "  owner: Zoë\n".encode("latin-1"))
    refused(acct, book, ("account", "list"), 4, said=("deals.yaml:3:12", "not-utf8"))


@pytest.mark.parametrize(
    "name", sorted(set(BAD_FILES) - {"no list", "two documents", "a NUL", "conflict markers"})
)
def test_skip_invalid_goes_on_and_still_tells(book: Path, acct: CommandLine, name: str) -> None:
    (book / "orgs.yaml").write_text("- id: acme\n  name: Acme\n", "utf-8")
    good = "- id: d1\n  title: Good\n  org: acme\n  value: 5\n  currency: EUR\n  status: won\n"
    (book / "deals.yaml").write_text(good + BAD_FILES[name][0], "utf-8")
    result = acct("--skip-invalid", "account", "list", "--format", "ids")
    assert (result.code, result.out) == (0, "acme\n")
    assert "deals.yaml:" in result.err


def test_a_write_does_not_need_records_it_does_not_touch(book: Path, acct: CommandLine) -> None:
    bad = "# mend me\n- id: d1\n  title: Bad\n  value: 12,500\n"
    (book / "deals.yaml").write_text(bad + "- id: d2\n  title: Good\n  status: open\n", "utf-8")
    assert acct("deal", "won", "d2").code == 0
    text = (book / "deals.yaml").read_text("utf-8")
    assert text == bad + "- id: d2\n  title: Good\n  status: won\n  won_time: 2026-03-10\n"


def test_a_write_refuses_the_bad_record_it_would_touch(book: Path, acct: CommandLine) -> None:
    (book / "deals.yaml").write_text("- id: d1\n  title: Bad\n  value: 12,500\n", "utf-8")
    refused(acct, book, ("deal", "won", "d1"), 4, said=("deals.yaml:3:10", '"12,500"'))


def test_a_write_refuses_a_link_to_a_bad_record(book: Path, acct: CommandLine) -> None:
    (book / "orgs.yaml").write_text("- id: acme\n  name: [Acme]\n", "utf-8")
    refused(acct, book, ("deal", "add", "x", "--org", "acme"), 4, said=("orgs.yaml:2:9",))


def test_an_unknown_key_is_kept_and_named_with_the_nearest(book: Path, acct: CommandLine) -> None:
    (book / "deals.yaml").write_text(DEAL + "  onwer: Anna\n", "utf-8")
    before = files_of(book)
    result = acct("check")
    assert result.code == 1
    assert "deals.yaml:3:3" in result.out
    assert '"onwer"' in result.out
    assert '"owner"' in result.out
    assert files_of(book) == before
    assert acct("deal", "list").code == 0


COMMANDS = {
    "a bad date": (("deal", "won", "d3", "--on", "next week"), 5, ("next week", "+3d")),
    "no such day": (("deal", "won", "d3", "--on", "2026-13-45"), 5, ("2026-13-45", "calendar")),
    "a value with a comma": (("deal", "add", "x", "--value", "12,500"), 5, ("12,500", "12500")),
    "another script's digits": (("deal", "add", "x", "--value", "١٢"), 5, ("bad-value",)),
    "NaN": (("deal", "add", "x", "--value", "NaN"), 5, ("bad-value",)),
    "an unknown currency": (
        ("deal", "add", "x", "--value", "1", "--currency", "EUX"),
        5,
        ("unknown-currency", "EUX"),
    ),
    "an unknown field": (("org", "edit", "acme", "--set", "onwer=x"), 5, ("onwer", "owner")),
    "a link to nothing": (("deal", "add", "x", "--org", "nobody"), 3, ("nobody",)),
    "a field that links to nothing": (
        ("deal", "edit", "d1", "--set", "org=nobody"),
        3,
        ("nobody",),
    ),
    "an ambiguous name": (("deal", "show", "d"), 3, ("d1", "d2", "d3")),
    "a name of nothing": (("account", "show", "nobody"), 3, ("nobody",)),
    "an organization without a win": (("account", "show", "cole"), 3, ("cole", "org show")),
    "its own parent": (("org", "edit", "acme", "--set", "parent=acme"), 5, ("acme -> acme",)),
    "a circle of parents": (
        ("org", "edit", "acme", "--set", "parent=cole"),
        5,
        ("acme -> cole -> acme",),
    ),
    "another id": (("org", "edit", "acme", "--set", "id=other"), 5, ("id",)),
    "no assignment": (("org", "edit", "acme", "--set", "owner"), 2, ("key=value",)),
    "set and unset": (
        ("org", "edit", "acme", "--set", "owner=x", "--unset", "owner"),
        2,
        ("both",),
    ),
    "still linked": (("org", "remove", "acme"), 5, ("d1", "a1", "cole", "--cascade")),
    "a taken id": (("org", "add", "Acme", "--id", "d1"), 5, ("d1", "taken")),
    "read only": (("org", "add", "Acme", "--read-only"), 2, ("read-only",)),
    "an unknown command": (("acount", "list"), 2, ("account",)),
    "an unknown verb": (("account", "lst"), 2, ("account list",)),
    "an unknown format": (("account", "list", "--format", "xml"), 2, ("xml", "json")),
    "no file": (("file", "add", "none.pdf", "--org", "acme"), 3, ("none.pdf",)),
    "a folder": (("file", "add", ".", "--org", "acme"), 5, ("folder",)),
    "no time": (("activity", "move", "a1", "today", "--time", "25:00"), 5, ("25:00",)),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bad_command_is_refused(small: Path, acct: CommandLine, name: str) -> None:
    words, code, said = COMMANDS[name]
    refused(acct, small, words, code, said=said)


def test_an_ambiguous_name_lists_its_candidates(small: Path, acct: CommandLine) -> None:
    assert acct("org", "add", "ACME s.r.l.").code == 0
    result = acct("account", "show", "Acme S.R.L.")
    assert result.code == 3
    assert "acme (Acme S.r.l.)" in result.err
    assert "acme-srl (ACME s.r.l.)" in result.err


def test_a_book_that_is_not_there(folder: Path, acct: CommandLine) -> None:
    result = acct("account", "list")
    assert (result.code, result.out) == (3, "")
    assert "no-book" in result.err
    assert "acctcli init" in result.err
    result = acct("--book", "elsewhere", "account", "list")
    assert result.code == 3
    assert "elsewhere" in result.err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("format: 2\n", 4, "newer"),
        ("format: 1\ncurrency: EUX\n", 4, "acctcli.yaml:2:11"),
        ("format: 1\ntimezone: Rome\n", 4, "Rome"),
        ("format: 1\nbuckets: {soon: 7, later: 2}\n", 4, "acctcli.yaml:2"),
        ("format: [1\n", 4, "acctcli.yaml"),
    ],
)
def test_bad_settings(book: Path, acct: CommandLine, text: str, code: int, said: str) -> None:
    (book / "acctcli.yaml").write_text(text, "utf-8")
    refused(acct, book, ("account", "list"), code, said=(said,))


MAP = "kind: deals\nkey: id\ncolumns: {title: title, value: value, close: close_time}\n"
MAP += "defaults: {currency: EUR}\n"

TABLES: dict[str, tuple[bytes, int, tuple[str, ...]]] = {
    "wrong encoding": ("id,title,value,close\n1,Zoë,5,\n".encode("latin-1"), 5, ("encoding", "2")),
    "a ragged row": (b"id,title,value,close\n1,a,5,\n2,b\n", 5, ("in.csv:3", "cells")),
    "a value with a comma": (b'id,title,value,close\n1,a,"1,054",\n', 5, ("in.csv:2", "1,054")),
    "a bad date": (b"id,title,value,close\n1,a,5,03/04/2026\n", 5, ("in.csv:2", "03/04/2026")),
    "a missing column": (b"id,title,valeu,close\n1,a,5,\n", 5, ("value",)),
    "the same key twice": (b"id,title,value,close\n1,a,5,\n1,b,6,\n", 5, ("in.csv:3", "2")),
    "no key": (b"id,title,value,close\n,a,5,\n", 5, ("in.csv:2",)),
    "an empty file": (b"", 5, ("header",)),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_bad_table_is_refused_whole(book: Path, acct: CommandLine, name: str) -> None:
    table, code, said = TABLES[name]
    (book / "in.csv").write_bytes(table)
    (book / "map.yaml").write_text(MAP, "utf-8")
    before = files_of(book)
    result = acct("import", "csv", "in.csv", "--map", "map.yaml")
    assert result.code == code
    for part in said:
        assert part in result.err
    assert files_of(book) == before


def test_skip_invalid_imports_the_good_rows_and_tells_of_the_bad(
    book: Path, acct: CommandLine
) -> None:
    (book / "in.csv").write_bytes(TABLES["a ragged row"][0])
    (book / "map.yaml").write_text(MAP, "utf-8")
    result = acct("import", "csv", "in.csv", "--map", "map.yaml", "--skip-invalid")
    assert result.code == 0
    assert "line 3" in result.out
    assert acct("deal", "list", "--format", "ndjson").out.count('"external_id":"1"') == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: deal\nkey: id\ncolumns: {a: title}\n", "map.yaml:1:7"),
        ("kind: deals\nkey: id\ncolumns: {a: titel}\n", '"title"'),
        ("kind: deals\ncolumns: {a: title}\n", "key"),
        ("kind: deals\nkey: id\ncolumns: {a: title}\nlink: {}\n", '"links"'),
        ("kind: [deals\n", "map.yaml"),
    ],
)
def test_a_bad_map_is_refused(book: Path, acct: CommandLine, text: str, said: str) -> None:
    (book / "in.csv").write_text("id,a\n1,x\n")
    (book / "map.yaml").write_text(text, "utf-8")
    refused(acct, book, ("import", "csv", "in.csv", "--map", "map.yaml"), 5, said=(said,))


# what an editor leaves


def edited(acct: CommandLine, folder: Path, script: str) -> tuple[int, str, bytes]:
    """Edit acme by a script for sed: the code, what was said, and the text that was kept."""
    before = files_of(folder)
    result = acct("org", "edit", "acme", EDITOR=f"sed -i {script}")
    assert files_of(folder) == before
    assert result.out == ""
    kept = Path(result.err.rpartition("is kept in ")[2].strip())
    text = kept.read_bytes()
    kept.unlink()
    return result.code, result.err, text


def test_an_editors_link_to_nothing_is_refused_and_the_text_kept(
    small: Path, acct: CommandLine
) -> None:
    code, said, kept = edited(acct, small, "'s/owner:.*/parent: nobody/'")
    assert code == 5
    assert "error [link-to-nothing]" in said
    assert "parent: nobody\n" in kept.decode()


def test_an_editors_text_that_is_not_utf8_is_refused_and_kept(
    small: Path, acct: CommandLine
) -> None:
    code, said, kept = edited(acct, small, "'s/Anna/\\xff/'")
    assert code == 5
    assert "error [not-utf8]" in said
    assert b"owner: \xff   # since January\n" in kept


# records that cannot be read, when more than themselves is at stake

UNREADABLE = {
    "its own kind": ("deals.yaml", "- id: bad\n  title: [x]\n", "deals.yaml:2:10"),
    "the linked kind": ("orgs.yaml", "- id: bad\n  name: [x]\n", "orgs.yaml:2:9"),
    "not even parsed": ("orgs.yaml", "- id: bad\n  name: [open\n", "orgs.yaml:"),
}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_an_import_needs_all_it_compares_with(
    book: Path, acct: CommandLine, name: str, more: tuple[str, ...]
) -> None:
    file, text, said = UNREADABLE[name]
    (book / file).write_text(text, "utf-8")
    (book / "in.csv").write_text("id,title,org\n1,a,Acme\n")
    (book / "map.yaml").write_text(
        "kind: deals\nkey: id\ncolumns: {title: title, org: org}\n"
        "links: {org: {match: name, create: true}}\n"
    )
    words = ("import", "csv", "in.csv", "--map", "map.yaml", *more)
    refused(acct, book, words, 4, said=(said,))
    (book / file).unlink()
    (book / "notes.yaml").write_text("- id: bad\n  content: [x]\n", "utf-8")  # no part of it
    assert acct(*words).code == 0


@pytest.mark.parametrize("more", [(), ("--cascade",)])
def test_a_removal_is_refused_while_something_unreadable_mentions_the_record(
    book: Path, acct: CommandLine, more: tuple[str, ...]
) -> None:
    (book / "orgs.yaml").write_text("- id: acme\n  name: Acme\n", "utf-8")
    (book / "deals.yaml").write_text("- id: d1\n  title: [x]\n  org: acme\n", "utf-8")
    refused(acct, book, ("org", "remove", "acme", *more), 4, said=("deals.yaml:2:10",))


def test_values_without_any_currency_are_told_with_their_places(
    folder: Path, acct: CommandLine
) -> None:
    assert acct("init", "-q").code == 0
    text = "- id: d1\n  title: A\n  value: 5\n- id: d2\n  title: B\n  value: 6.50\n"
    (folder / "deals.yaml").write_text(text, "utf-8")
    said = ("value-without-currency", "deals.yaml:3:10", "deals.yaml:6:10")
    for words in (("deal", "list"), ("account", "list"), ("deal", "show", "d1")):
        refused(acct, folder, words, 4, said=said)


@pytest.mark.parametrize("path", ["../../x", "/etc/passwd", "attachments/../orgs.yaml"])
def test_a_path_out_of_the_book_is_refused(small: Path, acct: CommandLine, path: str) -> None:
    (small / "files.yaml").write_text("- id: f1\n  name: a\n  path: attachments/a.txt\n", "utf-8")
    refused(acct, small, ("file", "edit", "f1", "--set", f"path={path}"), 5, said=("outside-book",))
