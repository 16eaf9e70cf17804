"""The lines of messages, read again: the right one, bounded, and none where there is a doubt."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.errors import Excerpt, Place
from acctcli.store.files import filesystem
from acctcli.store.files.source_lines import excerpts

if TYPE_CHECKING:
    from pathlib import Path

LINES = b"- id: acme\n  name: Acme\n\n  owner: Anna\n"


def of(path: Path, line: int, column: int = 1) -> Excerpt | None:
    place = Place(path.name, line, column)
    return excerpts([place], [path.parent]).get(place)


@pytest.fixture
def orgs(tmp_path: Path) -> Path:
    path = tmp_path / "orgs.yaml"
    path.write_bytes(LINES)
    return path


def test_the_line_of_a_place(orgs: Path) -> None:
    assert of(orgs, 1, 7) == Excerpt("- id: acme", 7)
    assert of(orgs, 2, 3) == Excerpt("  name: Acme", 3)
    assert of(orgs, 4, 0) == Excerpt("  owner: Anna", 0)
    assert of(orgs, 2, 13) == Excerpt("  name: Acme", 13)  # right behind the last character


def test_there_is_none_where_the_file_is_shorter_gone_or_nothing_to_read(orgs: Path) -> None:
    assert of(orgs, 5) is None
    assert of(orgs, 3) is None
    assert of(orgs, 900) is None
    assert of(orgs, 2, 14) is None
    assert of(orgs, 0) is None
    assert of(orgs.parent / "gone.yaml", 1) is None
    assert of(orgs.parent, 1) is None
    assert excerpts([Place("standard input", 1), Place("a\0b", 1)], [orgs.parent]) == {}
    assert excerpts([], [orgs.parent]) == {}


def test_there_is_none_where_the_system_refuses(
    orgs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, name: str) -> int:
        raise filesystem.cannot_read(name, PermissionError(13, "Permission denied"))

    monkeypatch.setattr(filesystem, "open_to_read", refuse)
    assert of(orgs, 1) is None


def test_two_files_of_that_name_are_a_doubt(orgs: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    place = Place("orgs.yaml", 1, 1)
    assert set(excerpts([place], [other, tmp_path])) == {place}
    assert set(excerpts([place], [tmp_path, tmp_path])) == {place}
    (other / "orgs.yaml").symlink_to(orgs)
    assert set(excerpts([place], [other, tmp_path])) == {place}
    (other / "orgs.yaml").unlink()
    (other / "orgs.yaml").write_bytes(LINES)
    assert excerpts([place], [other, tmp_path]) == {}


def test_what_other_editors_write(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfid,name\r\nd1,Caf\xe9\r\n")
    assert of(path, 1, 1) == Excerpt("id,name", 1)
    assert of(path, 2, 0) == Excerpt("d1,Caf\ufffd", 0)
    path.write_bytes("id\nd1\n".encode("utf-16"))
    assert of(path, 2) is None
    path.write_bytes(b"a\rb\nc\n")  # line 2 or 3?
    assert of(path, 2) is None


def test_of_a_long_line_a_stretch_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("é" * 5000 + "!" + "z" * 3_000_000 + "\nnext\n", "utf-8")
    found = of(path, 1, 5001)
    assert found == Excerpt("é" * 200 + "!" + "z" * 199, 201, is_start=False, is_end=False)
    assert of(path, 1, 1) == Excerpt("é" * 200, 1, is_end=False)
    assert of(path, 2, 1) == Excerpt("next", 1)
    path.write_text("a" * 300 + "!", "utf-8")
    assert of(path, 1, 301) == Excerpt("a" * 200 + "!", 201, is_start=False)


def test_a_huge_line_is_never_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    tracemalloc.start()
    try:
        assert of(path, 1, 1) is not None
        assert of(path, 2, 1) is None
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


@given(
    st.lists(st.text(st.characters(exclude_characters="\n\r\x00"), max_size=12), min_size=1),
    st.integers(1, 9),
    st.data(),
)
def test_every_line_is_found_however_it_is_read(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], size: int, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.yaml"
    path.write_bytes("\r\n".join(["head", *lines]).encode("utf-8", "surrogatepass"))
    wanted = data.draw(st.lists(st.integers(2, len(lines) + 1), min_size=1))
    places = [Place(path.name, line, 1) for line in wanted]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filesystem, "BLOCK", size)
        found = excerpts(places, [path.parent])
    for place in places:
        line = lines[place.line - 2]
        told = line.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        if told.strip():
            assert found[place].text == told
        else:
            assert place not in found
