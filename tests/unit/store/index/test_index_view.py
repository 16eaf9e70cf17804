"""What the index tells is what the files tell, in books that are right and in such that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.books import (
    FILES,
    SETTINGS,
    TODAY,
    agree,
    answers,
    change,
    full_book,
    make_book,
    put,
    viewed,
    whole,
)
from helpers.view_scans import bare_values

from acctcli.core.model.errors import Place
from acctcli.store.commit.snapshot import ChangedMeanwhile
from acctcli.store.datafiles.file_editor import WholeEdit, WindowEdit
from acctcli.store.index import index_view as module

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.core.model.kinds import KindName

BAD = {
    "a value": {"orgs": "- id: acme\n  name: [x]\n- id: acme-2\n  name: Acme\n"},
    "two values": {"deals": "- id: d1\n  title: A\n  value: x\n  won_time: y\n  org: cole\n"},
    "syntax": {"people": "- id: eva\n  name: [open\n- id: max\n  name: Max\n  org: acme\n"},
    "no id": {"orgs": "- name: Nobody\n- id: [a]\n  name: Acme\n- nothing: [\n"},
    "documents": {"orgs": "- id: one\n  name: One\n---\n- id: two\n", "notes": "- id: [\n"},
    "no list": {"deals": "title: one\nid: d1\n", "people": "text\n"},
    "a twin": {
        "orgs": "- id: acme\n  name: First\n- id: acme\n  name: Second\n",
        "deals": "- title: Third\n  id: acme\n- id: d1\n  title: One\n  org: acme\n  status: won\n",
    },
    "no currency": {"deals": "- id: d1\n  title: A\n  value: 5\n- id: d2\n  title: B\n"},
    "a mention": {
        "deals": "- id: d1\n  title: [x]\n  org: acme\n", "orgs": "- id: acme\n  name: A\n"
    },
    "an escaped mention": {
        "deals": '- id: d1\n  title: [x]\n  org: "ac\\u006de"\n', "orgs": "- id: acme\n  name: A\n"
    },
    "dangling": {
        "people": "- id: eva\n  name: Eva\n  org: ghost\n",
        "deals": "- id: d1\n  title: A\n  person: eva\n- id: d2\n  title: B\n  person: ghost\n",
        "activities": "- id: a1\n  subject: A\n  deal: d2\n- id: a2\n  subject: B\n  deal: d9\n",
    },
    "odd breaks": {"orgs": '- id: acme\n  name: "A\u2028B"\n- id: cole\n  name: C\n'},
    "indented": {"orgs": "  - id: acme\n    name: Acme\n  - id: cole\n    name: Cole\n"},
    "flow": {"orgs": "[{id: acme, name: Acme}, {id: cole, name: Cole, vat: 7}]\n"},
    "CRLF": {"orgs": "- id: acme\r\n  name: Acme\r\n- id: cole\r\n  name: Cole\r\n"},
}  # fmt: skip


def test_a_book_with_everything(tmp_path: Path) -> None:
    root = full_book(tmp_path / "book")
    agree(root, tmp_path)
    agree(root, None)


@pytest.mark.parametrize("name", BAD)
def test_books_that_are_not_right(tmp_path: Path, name: str) -> None:
    settings = "format: 1\ntimezone: UTC\nfields: {orgs: {vat: text}}\nodd: 1\n"
    root = make_book(tmp_path / "book", settings=settings, **BAD[name])
    agree(root, tmp_path)
    # and when what is wrong came after the index
    other = make_book(tmp_path / "other", settings=settings, **dict.fromkeys(BAD[name], ""))
    agree(other, tmp_path)
    for file, text in BAD[name].items():
        put(other, f"{file}.yaml", text)
    agree(other, tmp_path)


def test_own_fields_are_typed(tmp_path: Path) -> None:
    settings = SETTINGS + "fields: {orgs: {vat: number, since: date, rank: text}}\n"
    orgs = "- id: a\n  name: A\n  vat: 7\n  rank: gold\n- id: b\n  name: B\n  since: 2026-01-02\n"
    root = make_book(tmp_path / "book", settings=settings, orgs=orgs)
    agree(root, tmp_path)
    first, second = viewed(root, tmp_path).listed_accounts(TODAY, accounts_only=False)
    assert {name: str(value) for name, value in first.custom.items()} == {
        "vat": "7",
        "rank": "gold",
    }
    assert {name: str(value) for name, value in second.custom.items()} == {"since": "2026-01-02"}


def test_values_in_the_books_currency(tmp_path: Path) -> None:
    deals = (
        "- id: d1\n  title: A currency\n  value: 5\n"
        "- id: d2\n  title: 'currency: x'\n  value: 6\n"
        "- currency: EUR\n  id: d3\n  title: T\n  value: 7\n"
        "- id: d4\n  title: T\n  value: 8\n  currency: EUR\n"
        "- id: d5\n  title: 'T'\n  value: 8\n  currency: EUR\n"
        "- id: d6\n  title: T\n"
    )
    root = make_book(tmp_path / "book", deals=deals)
    view = viewed(root, tmp_path)
    assert bare_values(view) == ["d1", "d2"]
    agree(root, tmp_path)


def test_long_names_are_found_whole(tmp_path: Path) -> None:
    long = "so long a name " * 20
    orgs = f"- id: a\n  name: {long}end\n- id: b\n  name: {long}other\n"
    root = make_book(tmp_path / "book", orgs=orgs)
    view = viewed(root, tmp_path)
    assert view.ids_of_name("orgs", f"{long}end".upper()) == ["a"]
    assert view.ids_of_name("orgs", long) == []
    agree(root, tmp_path)


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("orgs", "dora's", ["dora"]),
        ("orgs", "co", ["cole"]),
        ("deals", "d", ["d1", "d2", "d3", "d4"]),
        ("deals", "D1", []),
        ("people", "acme", []),
        ("orgs", "", []),
    ],
)
def test_names_are_looked_up(tmp_path: Path, kind: KindName, name: str, found: list[str]) -> None:
    view = viewed(full_book(tmp_path / "book"), tmp_path)
    assert view.ids_of_name(kind, name) == found


# records that are not there


def test_there_is_no_record_of_that_id(tmp_path: Path) -> None:
    view = viewed(full_book(tmp_path / "book"), tmp_path)
    for ask in (view.place, view.text_of, view.raw_of, view.data.orgs.__getitem__):
        with pytest.raises(KeyError):
            ask("nothing")
    assert view.won_count("nothing") == 0
    with pytest.raises(KeyError):
        list(view.listed_accounts_of(["nothing"], TODAY))


# texts that stand twice, and files that are read as a whole to place what is in them

# The last text has no end, and so is the beginning of the first one too.
PREFIX = "- content: C\n  id: ab\n- content: C\n  id: b\n- content: C\n  id: a"
# The second record stands in the first one too, but not where a line begins.
INSIDE = (
    "- id: a\n  steps:\n  - id: b\n  content: B\n- id: b\n  content: B\n- id: c\n  content: C\n"
)


@pytest.mark.parametrize(
    ("notes", "record", "line"), [(PREFIX, "a", 5), (PREFIX, "b", 3), (INSIDE, "b", 5)]
)
def test_a_text_that_stands_in_the_file_twice_is_placed(
    tmp_path: Path, notes: str, record: str, line: int
) -> None:
    root = make_book(tmp_path / "book", notes=notes)
    view = viewed(root, tmp_path)
    assert view.place(record) == Place("notes.yaml", line, 1)
    agree(root, tmp_path)
    edit = view.edit("notes.yaml", [record], {}, adding=False)
    edit.set(record, {"content": "New"})
    new = edit.finish()
    assert new is not None
    lines = (new if isinstance(new, bytes) else b"".join(new)).decode().splitlines()
    at = next(number for number, text in enumerate(lines) if "New" in text)
    assert at - (line - 1) in {0, 1}


def test_a_file_with_a_bad_record_is_read_once_to_place_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_book(
        tmp_path / "book", orgs="- id: a\n  name: [x]\n- id: b\n  name: B\n- id: c\n  name: C\n"
    )
    view = viewed(root, tmp_path)
    from acctcli.store.datafiles import file_reader

    read: list[str] = []
    real = file_reader.read_records

    def counting(file: str, data: bytes, *, lines_before: int = 0) -> file_reader.Reading:
        read.append(file)
        return real(file, data, lines_before=lines_before)

    monkeypatch.setattr(file_reader, "read_records", counting)
    assert [str(view.place(key)) for key in ("b", "c")] == ["orgs.yaml:3:1", "orgs.yaml:5:1"]
    assert view.text_of("c") == "- id: c\n  name: C\n"
    assert read == ["orgs.yaml"]


# what changed since the index was read


def test_a_file_that_is_another_since_is_no_ground_to_place_or_edit(tmp_path: Path) -> None:
    root = full_book(tmp_path / "book")
    view = viewed(root, tmp_path)
    change(root, "orgs.yaml", "Cole Ltd", "Cold Ltd")
    (root / "people.yaml").unlink()
    assert view.data.orgs["cole"].name == "Cole Ltd"
    for ask in (lambda: view.text_of("cole"), lambda: view.place("eva")):
        with pytest.raises(ChangedMeanwhile):
            ask()
    with pytest.raises(ChangedMeanwhile):
        view.edit("people.yaml", ["eva"], {}, adding=False)


def test_a_view_stays_as_it_is_when_the_index_goes_on(tmp_path: Path) -> None:
    root = full_book(tmp_path / "book")
    view = viewed(root, tmp_path)
    change(root, "orgs.yaml", "Cole Ltd", "Cold Ltd")
    later = viewed(root, tmp_path)
    assert later.data.orgs["cole"].name == "Cold Ltd"
    names = [each.row.name for each in view.listed_accounts(TODAY, accounts_only=False)]
    assert names == ["Acme S.r.l.", "Cole Ltd", "Dora's"]


# edits


def test_what_edits_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = full_book(tmp_path / "book")
    put(root, "people.yaml", FILES["people.yaml"] + "- id: bad\n  name: [x]\n")
    view = viewed(root, tmp_path)
    assert isinstance(view.edit("orgs.yaml", ["cole"], {}, adding=False), WindowEdit)
    assert isinstance(view.edit("orgs.yaml", [], {}, adding=True), WindowEdit)
    assert isinstance(view.edit("deals/new.yaml", [], {}, adding=True), WholeEdit)
    # A file that has not the usual form, or of which much is edited, is edited as a whole.
    assert isinstance(view.edit("people.yaml", ["max"], {}, adding=False), WholeEdit)
    monkeypatch.setattr(module, "_MANY_EDITS", 1)
    assert isinstance(view.edit("orgs.yaml", ["cole"], {}, adding=False), WindowEdit)
    edit = view.edit("orgs.yaml", ["cole", "acme"], {}, adding=False)
    assert isinstance(edit, WholeEdit)
    edit.set("cole", {"name": "Cold"})
    new = edit.finish()
    assert isinstance(new, bytes)
    assert new.decode() == FILES["orgs.yaml"].replace("Cole Ltd", "Cold")


def test_around_an_organization_is_what_tells_that_it_belongs_there(tmp_path: Path) -> None:
    root = full_book(tmp_path / "book")
    found = viewed(root, tmp_path).records_of_org("acme")
    assert [*found.orgs] == ["acme"]
    assert [*found.people] == ["eva"]
    assert [*found.deals] == ["d1", "d2"]
    assert [*found.activities] == ["a1", "a2"]
    assert [*found.files] == ["f1"]
    assert [*viewed(root, tmp_path).records_of_org("dora").notes] == ["n1"]
    assert len(whole(root).records_of_org("dora").orgs) == 3


def test_the_answers_of_the_two_are_of_the_same_questions(tmp_path: Path) -> None:
    root = full_book(tmp_path / "book")
    before = answers(whole(root))
    change(root, "deals.yaml", "status: won", "status: lost")
    after = answers(whole(root))
    assert {key for key in before if before[key] != after[key]} >= {
        "all", "file deals.yaml", "listed False", "won acme", "record d1", "raw d1", "text d1"
    }  # fmt: skip
