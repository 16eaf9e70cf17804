"""Attached files with every kind of odd name: nothing is written or read outside the book."""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING

import pytest
from helpers.files import files_of

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine

ODD = [
    "../x",
    "../../acctcli.yaml",
    "/etc/passwd",
    "attachments/../../x",
    "x" * 300 + ".txt",
    "é" * 150,
    "Offer.PDF",
    "offer.pdf",
    unicodedata.normalize("NFC", "Café.txt"),
    unicodedata.normalize("NFD", "Café.txt"),
    ".hidden",
    "-rf",
    "a\nb\x1b[31m.txt",
]


@pytest.fixture
def office(book: Path, acct: CommandLine) -> Path:
    """A book with an organization, and a file beside the book that is to be attached."""
    assert acct("org", "add", "Acme").code == 0
    (book.parent / "source.txt").write_text("content")
    return book


def _outside(office: Path) -> dict[str, bytes]:
    """What stands beside the book, but for the index in the cache folder."""
    own = (f"{office.name}/", "home/.cache/")
    found = files_of(office.parent)
    return {name: found[name] for name in found if not name.startswith(own)}


def test_whatever_a_file_is_called_its_copy_stands_in_the_book(
    office: Path, acct: CommandLine
) -> None:
    outside = _outside(office)
    for name in ODD:
        assert acct("file", "add", "../source.txt", "--org", "acme", "--name", name).code == 0
    copies = [path.name for path in (office / "attachments").iterdir()]
    assert len(copies) == len(ODD)
    assert all(len(os.fsencode(name)) <= 120 for name in copies)
    assert _outside(office) == outside
    verified = acct("file", "verify", "--all")
    assert (verified.code, verified.out, verified.err) == (0, "", "")


def test_a_folder_or_a_name_that_leads_out_takes_nothing(office: Path, acct: CommandLine) -> None:
    elsewhere = office.parent / "elsewhere"
    elsewhere.mkdir()
    (office / "attachments").symlink_to(elsewhere)
    before = files_of(office)
    refused = acct("file", "add", "../source.txt", "--org", "acme")
    assert (refused.code, list(elsewhere.iterdir())) == (5, [])
    assert "error [outside-book]" in refused.err
    assert files_of(office) == before
    (office / "attachments").unlink()
    (office / "attachments").mkdir()
    (office / "attachments" / "source.txt").symlink_to(elsewhere / "source.txt")
    assert acct("file", "add", "../source.txt", "--org", "acme").code == 0
    assert list(elsewhere.iterdir()) == []
    assert (office / "attachments" / "source-2.txt").read_text() == "content"
    found = acct("file", "verify", "--all")
    assert found.out.count("unregistered-attachment") == 1
    assert found.out.startswith("attachments/source.txt: warning [unregistered-attachment]")
