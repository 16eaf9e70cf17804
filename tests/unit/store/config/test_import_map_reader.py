"""Import maps as files: their content as text, their places, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acctcli.core.model.errors import (
    InvalidInputError,
    NotFoundError,
    Place,
    Problem,
    StorageError,
)
from acctcli.store.config.import_map_reader import read_map_file

if TYPE_CHECKING:
    from pathlib import Path


def test_a_map_is_text_and_every_key_has_a_place(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("# deals\nkind: deals\ncolumns:\n  Value: value\nskip: 007\n", "utf-8")
    content, placed = read_map_file(path, "maps/m.yaml")
    assert content == {"kind": "deals", "columns": {"Value": "value"}, "skip": "007"}
    for name, field, line, column in (
        ("bad", "columns.Value", 4, 10),
        ("bad", "kind", 2, 7),
        ("unknown-key", "kind", 2, 1),  # the key, not its value
    ):
        problem = placed(Problem(id=name, message="", field=field))
        assert problem.place == Place("maps/m.yaml", line, column)


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_map_is_an_empty_mapping(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, "utf-8")
    content, placed = read_map_file(path, "m.yaml")
    assert content == {}
    assert placed(Problem(id="bad", message="", field="kind")).place == Place("m.yaml")


def test_a_map_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(NotFoundError) as caught:
            read_map_file(path, "as/named.yaml")
        assert caught.value.problems[0].id == "no-file"
        assert '"as/named.yaml"' in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("data", "name", "line"),
    [
        (b"kind: [deals\n", "yaml-syntax", 2),
        (b"kind: deals\nkey: !!str id\n", "yaml-tag", 2),
        (b"kind: deals\nkind: orgs\n", "duplicate-key", 2),
        (b"kind: deals\nkey: \xff\n", "not-utf8", 2),
    ],
)
def test_a_map_that_is_not_the_safe_yaml_is_bad_input_with_its_place(
    tmp_path: Path, data: bytes, name: str, line: int
) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(data)
    with pytest.raises(InvalidInputError) as caught:  # not a bad book: exit 5, not 4
        read_map_file(path, "m.yaml")
    (problem,) = caught.value.problems
    assert problem.id == name
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("m.yaml", line)


def test_a_list_is_no_map(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("- kind: deals\n", "utf-8")
    with pytest.raises(InvalidInputError) as caught:
        read_map_file(path, "m.yaml")
    assert caught.value.problems[0].place == Place("m.yaml", 1, 1)


def test_a_map_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from acctcli.store.files import filesystem

    path = tmp_path / "m.yaml"
    path.write_text("kind: deals\n", "utf-8")

    def fail(*_: object) -> None:
        raise filesystem.cannot_read("m.yaml", PermissionError(13, "Permission denied"))

    monkeypatch.setattr(filesystem, "read_file", fail)
    with pytest.raises(StorageError) as caught:
        read_map_file(path, "m.yaml")
    assert "m.yaml" in caught.value.problems[0].message
