"""The schemas in a book are those of its settings, and nothing ever fails because of them."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from acctcli.core.json_schema.catalog import NAMES, schema
from acctcli.core.model.errors import InvalidBookError, StorageError, UsageError
from acctcli.store.book import Author, Book
from acctcli.store.config import editor_schemas
from acctcli.store.config.editor_schemas import (
    FOLDER,
    comment,
    has_schemas,
    lacking,
    refresh,
)
from acctcli.store.create_book import make_book
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.store.changes.change_set import Change

NOW = dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)
OWN = "fields: {orgs: {vat_number: text}}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_book(tmp_path, currency="EUR", timezone=None)
    return tmp_path


def schemas(root: Path) -> dict[str, object]:
    return {
        path.stem: json.loads(path.read_text("utf-8")) for path in (root / FOLDER).glob("*.json")
    }


def add_org(root: Path, record_id: str = "acme") -> None:
    def plan(change: Change) -> None:
        change.add("orgs", {"id": record_id, "name": "Acme"})

    Book(root).write(plan, Author("anna", ("org", "add"), NOW))


def add_line(root: Path, text: str) -> None:
    with (root / "acctcli.yaml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_new_book_has_those_of_its_settings(root: Path) -> None:
    settings = Book(root).settings()
    assert schemas(root) == {name: schema(name, settings) for name in NAMES}
    assert (
        (root / "acctcli.yaml").read_text("utf-8").startswith(comment("acctcli.yaml", "settings"))
    )
    before = (root / FOLDER / "orgs.json").stat().st_mtime_ns
    refresh(root)
    assert (root / FOLDER / "orgs.json").stat().st_mtime_ns == before


def test_the_path_of_a_schema_leads_there_from_its_file() -> None:
    assert comment("orgs.yaml", "orgs") == (
        "# yaml-language-server: $schema=.acctcli/schema/orgs.json\n"
    )
    assert comment("deals/2026/q1.yaml", "deals") == (
        "# yaml-language-server: $schema=../../.acctcli/schema/deals.json\n"
    )


def test_a_change_makes_them_anew_when_the_settings_are_others(root: Path) -> None:
    add_line(root, OWN)
    old = (root / FOLDER / "deals.json").stat().st_mtime_ns
    add_org(root)
    assert schemas(root) == {name: schema(name, Book(root).settings()) for name in NAMES}
    assert "vat_number" in (root / FOLDER / "orgs.json").read_text("utf-8")
    assert (root / FOLDER / "deals.json").stat().st_mtime_ns == old  # it is the same


def test_a_change_makes_them_anew_for_another_version(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = editor_schemas.schema_stamp(b"format: 1\n")
    (root / FOLDER / "orgs.json").write_text("{}", "utf-8")
    add_org(root)
    assert schemas(root)["orgs"] == {}  # nobody looks into the files
    monkeypatch.setattr(editor_schemas, "__version__", "999")
    assert editor_schemas.schema_stamp(b"format: 1\n") != before
    add_org(root, "beta")
    assert schemas(root)["orgs"] != {}


def test_a_clone_has_them_with_its_first_change(root: Path) -> None:
    for path in (root / FOLDER).iterdir():
        path.unlink()
    (root / FOLDER).rmdir()
    assert has_schemas(root)  # its settings say so
    add_org(root)
    assert set(schemas(root)) == set(NAMES)
    assert (root / "orgs.yaml").read_text("utf-8").startswith(comment("orgs.yaml", "orgs") + "\n- ")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A book without schemas."""
    (tmp_path / "acctcli.yaml").write_text("format: 1\ncurrency: EUR\n", "utf-8")
    return tmp_path


def test_a_book_without_them_gets_none_by_itself(old: Path) -> None:
    assert not has_schemas(old)
    add_org(old)
    assert not (old / FOLDER).exists()
    assert (old / "orgs.yaml").read_text("utf-8") == "- id: acme\n  name: Acme\n"
    refresh(old / "nowhere")


def test_they_are_written_on_demand_and_what_lacks_the_comment_is_told(old: Path) -> None:
    add_org(old)
    (old / "deals").mkdir()
    (old / "deals" / "a.yaml").write_text(
        "# our deals\n#yaml-language-server: $schema=x\n", "utf-8"
    )
    (old / "deals" / "b.yml").write_text("", "utf-8")
    (old / "rates.yaml").write_text("", "utf-8")
    (old / "days.yaml").write_text("", "utf-8")
    Book(old).write_schemas()
    assert set(schemas(old)) == set(NAMES)
    assert has_schemas(old)
    told = lacking(old, ("days.yaml", "gone.yaml", "office.ics"))
    assert [file for file, _ in told] == [
        "acctcli.yaml", "orgs.yaml", "deals/b.yml", "rates.yaml", "days.yaml",
    ]  # fmt: skip
    assert dict(told)["deals/b.yml"] == (
        "# yaml-language-server: $schema=../.acctcli/schema/deals.json"
    )
    assert dict(told)["days.yaml"].endswith("/holidays.json")


def test_a_read_only_book_is_not_written_to(old: Path) -> None:
    with pytest.raises(UsageError):
        Book(old, read_only=True).write_schemas()
    assert not (old / FOLDER).exists()


def test_on_demand_what_is_wrong_is_told(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(filesystem, "write_over", full)
        with pytest.raises(StorageError) as caught:
            Book(old).write_schemas()
        assert caught.value.problems[0].message.startswith(f'cannot write "{FOLDER}": no space')
    (old / "acctcli.yaml").write_text("format: none\n", "utf-8")
    with pytest.raises(InvalidBookError):
        Book(old).write_schemas()


def test_a_change_does_not_fail_because_of_them(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    add_line(root, OWN)
    with monkeypatch.context() as patch:
        patch.setattr(filesystem, "write_over", full)
        add_org(root)
    assert "acme" in Book(root).read().data.orgs
    assert "vat_number" not in (root / FOLDER / "orgs.json").read_text("utf-8")
    add_org(root, "beta")  # another try
    assert "vat_number" in (root / FOLDER / "orgs.json").read_text("utf-8")


def test_a_file_is_written_over_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    filesystem.write_over(path, b"one")
    filesystem.write_over(path, b"two")
    assert path.read_bytes() == b"two"

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(filesystem, "sync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        filesystem.write_over(path, b"three")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
