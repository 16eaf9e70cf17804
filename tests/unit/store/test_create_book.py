"""New books: what is written into the folder, what is kept, and what is refused."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import yaml
from helpers.files import PROJECT, files_of

from acctcli.core.model.errors import InvalidInputError, StorageError
from acctcli.store import create_book
from acctcli.store.book import Book
from acctcli.store.create_book import enclosing_book, make_book, make_sample
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from pathlib import Path


def own_files(root: Path) -> set[str]:
    """The files of a book, but for what only editors read."""
    return {name for name in files_of(root) if not name.startswith(".acctcli/schema/")}


def test_a_new_book_is_read_as_it_was_asked_for(tmp_path: Path) -> None:
    root = tmp_path / "some" / "book"
    make_book(root, currency="USD", timezone="America/Bogota")
    view = Book(root).read()
    assert (view.settings.currency, view.settings.timezone) == ("USD", "America/Bogota")
    assert str(view.zone) == "America/Bogota"
    assert view.settings.contact_types == ("call", "meeting", "email", "lunch")
    assert view.problems == []
    assert view.odd == ()
    assert own_files(root) == {".gitattributes", ".gitignore", "acctcli.yaml"}


def test_what_was_not_asked_for_stands_as_a_comment(tmp_path: Path) -> None:
    make_book(tmp_path, currency=None, timezone=None)
    settings = Book(tmp_path).read().settings
    assert (settings.currency, settings.timezone) == (None, None)
    text = (tmp_path / "acctcli.yaml").read_text("utf-8")
    assert "# currency: EUR " in text
    assert "# timezone: Europe/Rome " in text
    # The comments are ready to be used: without their marks they are settings.
    used = text.replace("# currency", "currency").replace("# timezone", "timezone")
    used = used.replace("# fields:\n#   orgs", "fields:\n   orgs")
    (tmp_path / "acctcli.yaml").write_text(used, "utf-8")
    view = Book(tmp_path).read()
    assert (view.settings.currency, view.settings.timezone) == ("EUR", "Europe/Rome")
    assert set(view.settings.custom_fields("orgs")) == {"vat_number", "segment"}
    assert yaml.safe_load(text) == {
        "format": 1,
        "contact_types": ["call", "meeting", "email", "lunch"],
    }


def test_git_is_told_what_is_not_the_books_and_how_histories_merge(tmp_path: Path) -> None:
    make_book(tmp_path, currency=None, timezone=None)
    assert (tmp_path / ".gitignore").read_bytes() == b".acctcli/\n.*.acctcli-tmp\n"
    assert (tmp_path / ".gitattributes").read_bytes() == b"history.jsonl merge=union\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b".acctcli/\n.*.acctcli-tmp\n"),
        (b"*.swp\n", b"*.swp\n.acctcli/\n.*.acctcli-tmp\n"),
        (b"*.swp", b"*.swp\n.acctcli/\n.*.acctcli-tmp\n"),
        (b".acctcli/\nZo\xeb\n", b".acctcli/\nZo\xeb\n.*.acctcli-tmp\n"),
        (b".*.acctcli-tmp\r\n.acctcli/", b".*.acctcli-tmp\r\n.acctcli/"),
    ],
)
def test_lines_are_added_below_what_is_there_and_only_once(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    (tmp_path / ".gitignore").write_bytes(before)
    make_book(tmp_path, currency=None, timezone=None)
    assert (tmp_path / ".gitignore").read_bytes() == after


def test_a_book_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "acctcli.yaml").write_text("format: 1\n", "utf-8")
    before = files_of(tmp_path)
    with pytest.raises(InvalidInputError) as caught:
        make_book(tmp_path, currency="EUR", timezone=None)
    assert caught.value.problems[0].id == "book-exists"
    assert files_of(tmp_path) == before


def test_a_time_zone_that_is_none_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        make_book(tmp_path / "book", currency=None, timezone="Rome")
    assert '"Rome"' in caught.value.problems[0].message
    assert not (tmp_path / "book").exists()


def test_a_folder_that_cannot_be_made_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError) as caught:
        make_book(tmp_path / "file" / "book", currency=None, timezone=None)
    (problem,) = caught.value.problems
    assert problem.id == "cannot-write"
    assert problem.message == f"{tmp_path / 'file' / 'book'}: Not a directory"


def test_acctcli_yaml_comes_last_so_that_a_failure_leaves_no_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(filesystem, "write_new", full)
    with pytest.raises(StorageError) as caught:
        make_book(tmp_path, currency=None, timezone=None)
    assert caught.value.problems[0].message == f"{tmp_path}: No space left on device"
    assert own_files(tmp_path) == {".gitattributes", ".gitignore"}


def test_the_nearest_book_around_a_folder_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "a" / "inner" / "b"
    inner.mkdir(parents=True)
    assert enclosing_book(inner) is None
    (tmp_path / "outer" / "acctcli.yaml").write_text("format: 1\n", "utf-8")
    assert enclosing_book(inner) == (tmp_path / "outer").resolve()
    (tmp_path / "outer" / "a" / "inner" / "acctcli.yaml").write_text("format: 1\n", "utf-8")
    assert enclosing_book(inner) == (tmp_path / "outer" / "a" / "inner").resolve()
    # its own acctcli.yaml does not count, nor does a folder of that name
    assert enclosing_book(inner.parent) == (tmp_path / "outer").resolve()
    (tmp_path / "outer" / "a" / "acctcli.yaml").mkdir()
    assert enclosing_book(inner.parent) == (tmp_path / "outer").resolve()


def sample() -> dict[str, bytes]:
    """The files of the sample book, as they lie in the project."""
    return {
        name: data
        for name, data in files_of(PROJECT / "sample-data").items()
        if not name.startswith(".acctcli/")
    }


def made_files(root: Path) -> dict[str, bytes]:
    return {name: data for name, data in files_of(root).items() if name in own_files(root)}


def test_the_sample_book_is_a_copy_of_what_comes_with_acctcli(tmp_path: Path) -> None:
    root = tmp_path / "some" / "demo"
    make_sample(root)
    assert made_files(root) == sample()
    view = Book(root).read()
    assert view.problems == []
    schema = (root / ".acctcli" / "schema" / "orgs.json").read_text("utf-8")
    assert all(name in schema for name in view.settings.custom_fields("orgs"))


def test_an_installed_acctcli_has_it_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "acctcli"
    shutil.copytree(PROJECT / "sample-data", package / "sample")
    (package / "sample" / ".DS_Store").write_bytes(b"")
    (package / "sample" / "deals" / ".2025.yaml.swp").write_bytes(b"")
    (package / "sample" / "notes.yaml").write_bytes(b"# none\n")
    monkeypatch.setattr(create_book, "__file__", str(package / "store" / "create_book.py"))
    make_sample(tmp_path / "demo")
    assert made_files(tmp_path / "demo") == {**sample(), "notes.yaml": b"# none\n"}


@pytest.mark.parametrize("name", ["acctcli.yaml", "orgs.yaml", "deals/2025.yaml"])
def test_a_sample_overwrites_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"# mine\n")
    with pytest.raises(InvalidInputError) as caught:
        make_sample(tmp_path)
    assert caught.value.problems[0].id == "book-exists"
    assert files_of(tmp_path) == {name: b"# mine\n"}


def test_a_sample_that_was_broken_off_is_no_book_and_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = filesystem.write_new
    for count in range(len(sample()) - 2):  # those that git reads are written otherwise
        root = tmp_path / str(count)
        left = count

        def failing(path: Path, data: bytes) -> None:
            nonlocal left
            if not left:
                raise OSError(28, "No space left on device", str(path))
            left -= 1
            write(path, data)

        with monkeypatch.context() as patch:
            patch.setattr(filesystem, "write_new", failing)
            with pytest.raises(StorageError):
                make_sample(root)
        assert not (root / "acctcli.yaml").exists()
        make_sample(root)
        assert made_files(root) == sample()
