"""A record is edited in a window around it, when its place in the file is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.books import agree, make_book, viewed, whole

from acctcli.store.datafiles.file_editor import WholeEdit, WindowEdit
from acctcli.store.datafiles.splices import PieceTable
from acctcli.store.index.positions import find_window, windows

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.store.datafiles.file_editor import FileEdit
    from acctcli.store.index.index_view import IndexedView

HEAD = "# all of them\n\n"
RECORDS = [f"- id: o{number}\n  name: O {number}\n" for number in range(12)]


@pytest.fixture
def view(tmp_path: Path) -> IndexedView:
    return viewed(make_book(tmp_path / "book", orgs=HEAD + "".join(RECORDS)), tmp_path)


def spans(view: IndexedView, ids: list[str], *, adding: bool = False) -> list[tuple[str, str]]:
    """The first and the last line of each window."""
    data = (view._root / "orgs.yaml").read_bytes()
    found = windows(view._database, 1, data, ids, adding=adding)
    assert found is not None
    lines = [data[each.start : each.end].decode().splitlines() for each in found]
    return [(each[0], each[-1]) for each in lines]


def at(first: int, last: int) -> tuple[str, str]:
    return f"- id: o{first}", f"  name: O {last}"


@pytest.mark.parametrize(
    ("ids", "adding", "expected"),
    [
        (["o5"], False, [at(3, 7)]),
        (["o2"], False, [at(0, 4)]),
        (["o1"], False, [("# all of them", "  name: O 3")]),
        (["o0"], False, [("# all of them", "  name: O 2")]),
        (["o9"], False, [at(7, 11)]),
        (["o10"], False, [at(8, 11)]),
        (["o11"], False, [at(9, 11)]),
        ([], True, [at(10, 11)]),
        (["o2", "o9"], False, [at(0, 4), at(7, 11)]),
        (["o9", "o2"], True, [at(0, 4), at(7, 11)]),
        (["o3", "o5", "o6"], False, [at(1, 8)]),
        (["o3", "o7"], False, [at(1, 9)]),  # they meet in one record
        (["o2", "o7"], False, [at(0, 4), at(5, 9)]),
        (["o1", "o5", "o9"], True, [("# all of them", "  name: O 11")]),
    ],
)
def test_windows_around_records(
    view: IndexedView, ids: list[str], expected: list[tuple[str, str]], *, adding: bool
) -> None:
    assert spans(view, ids, adding=adding) == expected


def test_of_many_windows_the_places_are_counted_out(tmp_path: Path) -> None:
    records = [f"- id: o{number}\n  name: O {number}\n" for number in range(200)]
    view = viewed(make_book(tmp_path / "book", orgs=HEAD + "".join(records)), tmp_path)
    data = (view._root / "orgs.yaml").read_bytes()
    ids = [f"o{number}" for number in range(10, 190, 15)]
    found = windows(view._database, 1, data, ids, adding=True)
    assert found is not None
    singly = [windows(view._database, 1, data, [key], adding=False) for key in ids]
    assert found[:-1] == [each[0] for each in singly if each]
    assert data[found[-1].start :].decode() == "".join(records[198:])
    other = data.replace(b"O 100", b"O 10")
    assert windows(view._database, 1, other, ids, adding=False) is None
    assert windows(view._database, 1, data[-100:], ids, adding=False) is None


def test_the_whole_of_a_small_file_is_one_window(tmp_path: Path) -> None:
    for count in (0, 1, 2):
        orgs = HEAD + "".join(RECORDS[:count])
        view = viewed(make_book(tmp_path / "book", orgs=orgs), tmp_path)
        data = orgs.encode()
        for ids in ([], [f"o{n}" for n in range(count)]):
            found, *none = windows(view._database, 1, data, ids, adding=True) or []
            assert not none
            # With two records in front of it, what is added needs not what stands above them.
            assert found.start == (len(HEAD) if count == 2 and not ids else 0)
            assert found.end == len(data)
            assert found.numbers == {f"o{number}": number for number in range(count)}


def test_a_file_that_is_another_one_has_no_windows(view: IndexedView) -> None:
    other = (HEAD + "".join(RECORDS)).replace("O 11", "O 12").encode()
    assert windows(view._database, 1, other, ["o2"], adding=False) is not None
    assert windows(view._database, 1, other, ["o2"], adding=True) is None
    assert windows(view._database, 1, other, ["o10"], adding=False) is None
    assert windows(view._database, 1, other[:50], ["o5"], adding=False) is None


@pytest.mark.parametrize(
    ("data", "texts", "start"),
    [
        (b"aa\nb\n", [b"aa\n", b"b\n"], 0),
        (b"x\nb\n", [b"b\n"], 2),
        (b"xb\n", [b"b\n"], None),
        (b"xb\nb\n", [b"b\n"], 3),
        (b"b\nxb\n", [b"b\n"], 0),
        (b"b\nb\n", [b"b\n"], None),
        (b"b\nbc\n", [b"b"], None),
        (b"b\n", [b"c\n"], None),
    ],
)
def test_where_records_stand(data: bytes, texts: list[bytes], start: int | None) -> None:
    assert find_window(data, texts) == start


# edits


def edited(edit: FileEdit) -> str:
    edit.set("o2", {"name": "Two"})
    edit.remove("o9")
    assert edit.previous_id("o9") == "o8"
    position, text = edit.append({"id": "new", "name": "New"})
    new = edit.finish()
    assert new is not None
    joined = new if isinstance(new, bytes) else b"".join(new)
    assert (text, position) == ("- id: new\n  name: New\n", len(HEAD + "".join(RECORDS)))
    back = PieceTable(joined)
    back.change(list(edit.backs()))
    assert back.content().decode() == HEAD + "".join(RECORDS)
    before = [edit.before(key) for key in ("o2", "o9")]
    assert before == [(len(HEAD) + 2 * len(RECORDS[0]), RECORDS[2]),
                      (len(HEAD) + 9 * len(RECORDS[0]), RECORDS[9])]  # fmt: skip
    return joined.decode()


def test_edits_in_windows_are_those_of_the_whole(view: IndexedView, tmp_path: Path) -> None:
    there = view.edit("orgs.yaml", ["o2", "o9"], {}, adding=True)
    assert isinstance(there, WindowEdit)
    here = whole(tmp_path / "book").edit("orgs.yaml", ["o2", "o9"], {}, adding=True)
    assert isinstance(here, WholeEdit)
    expected = [*RECORDS, "- id: new\n  name: New\n"]
    expected[2] = "- id: o2\n  name: Two\n"
    del expected[9]
    assert edited(there) == edited(here) == HEAD + "".join(expected)


def test_an_edit_of_nothing_leaves_the_file(view: IndexedView) -> None:
    edit = view.edit("orgs.yaml", ["o2"], {}, adding=False)
    assert edit.set("o2", {"name": "O 2"}) == RECORDS[2]
    assert edit.finish() is None


def test_a_replaced_text(view: IndexedView, tmp_path: Path) -> None:
    edit = view.edit("orgs.yaml", ["o5"], {}, adding=False)
    assert edit.replace("o5", "- id: o5\n  name: Five\n") == "- id: o5\n  name: Five\n"
    new = edit.finish()
    assert not isinstance(new, bytes | None)
    assert b"".join(new).decode() == (HEAD + "".join(RECORDS)).replace("O 5", "Five")
    agree(tmp_path / "book", tmp_path)


def test_when_the_index_is_damaged_the_file_is_edited_as_a_whole(view: IndexedView) -> None:
    view._database.execute("UPDATE records SET text = x'00' WHERE id = 'o4'")
    edit = view.edit("orgs.yaml", ["o5"], {}, adding=False)
    assert isinstance(edit, WholeEdit)
    assert edit.before("o5")[1] == RECORDS[5]
