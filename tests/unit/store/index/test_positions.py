"""Where records stand, told of many of them one after the other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from helpers.books import make_book, viewed, whole

from acctcli.store.index import positions

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.store.views.view import View

COUNT = 30
END = {"\n": "LF", "\r\n": "CRLF"}


def orgs(end: str) -> str:
    """A file of organizations, some with comments and blank lines around them."""
    lines = ["# Our own", ""]
    for number in range(COUNT):
        lines += ["# good"] if number % 3 == 0 else []
        lines += [f"- id: o{number}", "  # öl", f"  name: Org {number % 4}"]
        lines += ["", "# of nobody", ""] if number % 5 == 0 else []
    return end.join(lines)


def places(view: View, keys: list[str]) -> list[object]:
    return [(view.place(key), view.place(key, "name"), view.text_of(key)) for key in keys]


@pytest.mark.parametrize("end", END, ids=END.values())
@pytest.mark.parametrize("block", [1, 7, 1 << 16])
def test_many_records_stand_where_they_do_without_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, block: int
) -> None:
    monkeypatch.setattr(positions, "_BLOCK", block)
    root = make_book(tmp_path / "book", orgs=orgs(end))
    keys = [f"o{number * 7 % COUNT}" for number in range(COUNT)]  # back and forth
    assert places(viewed(root, tmp_path), keys) == places(whole(root), keys)


def test_no_more_than_a_few_records_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought: list[int] = []
    find = positions.find_window

    def counted(data: bytes, texts: list[bytes]) -> int | None:
        sought.append(len(texts))
        return find(data, texts)

    monkeypatch.setattr(positions, "find_window", counted)
    view = viewed(make_book(tmp_path / "book", orgs=orgs("\n")), tmp_path)
    places(view, [f"o{number}" for number in range(COUNT)])
    assert len(sought) == 8


@pytest.mark.parametrize("other", ["- id: o9\n", "- id: o8\n  name: Other\n"])
def test_a_file_is_read_when_the_index_knows_other_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    monkeypatch.setattr(positions, "_FEW", 0)
    root = make_book(tmp_path / "book", orgs="# head\n- id: o9\n  name: Last\n")
    view = viewed(root, tmp_path)
    (place,) = view._database.execute("SELECT place FROM records").fetchone()
    found = positions.Placing(view._database, view._names, lambda _: other.encode()).at(place)
    assert found.text.decode() == other


def test_a_text_that_stands_elsewhere_has_no_lines_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        positions,
        "Starts",
        lambda _database, _number, _size: SimpleNamespace(of=lambda place: place),
    )
    with closing(sqlite3.connect(":memory:")) as database:
        lines = positions._Lines(database, 1, b"# ours\n- id: a\n- id: b\n")
    assert lines.lines_before(7, b"- id: a\n") == 1
    assert lines.lines_before(7, b"- id: b\n") is None
    assert lines.lines_before(-1, b"") is None
