"""Safe names and paths of attached copies.

It writes nothing: a copy is made by the commit.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.errors import (
    InvalidInputError,
    NotFoundError,
    Problem,
    StorageError,
)
from acctcli.store.files import filesystem
from acctcli.store.files.names import ATTACHMENTS

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from acctcli.core.model.records import Data, File

FOLDER = ATTACHMENTS
_LONGEST = 120  # bytes of a name, so that the staged name fits into the 255 of file systems
_LONGEST_SUFFIX = 20
_DROPPED = {"Cf", "Cs", "Cn", "Co"}  # marks that nobody sees, and what is no character
_REPLACED = {"Cc", "Zl", "Zp"}  # control characters and breaks of lines


class DescribedFile(Struct, frozen=True):
    """A file that is to be attached: its size in bytes and its SHA-256."""

    size: int
    sha256: str


def folded_name(name: str) -> str:
    """What is equal for names that some file system takes for the same one."""
    decomposed = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFC", decomposed)


def safe_name(name: str, taken: Container[str]) -> str:
    """A name for a copy in attachments/ that no file system trips over.

    Without folders, control characters and leading dots, in NFC, at most 120 bytes of UTF-8, the
    suffix kept; `taken` has the folded names that are there, and -2, -3 keeps them apart.
    """
    stem, suffix = _split(_clean(name))
    number = 1
    while True:
        mark = f"-{number}" if number > 1 else ""
        room = _LONGEST - len((mark + suffix).encode())
        made = f"{_cut(stem, room)}{mark}{suffix}"
        if folded_name(made) not in taken:
            return made
        number += 1


def _clean(name: str) -> str:
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    text = unicodedata.normalize("NFC", last)
    text = "".join(
        "_" if unicodedata.category(each) in _REPLACED else each
        for each in text
        if unicodedata.category(each) not in _DROPPED
    )
    text = unicodedata.normalize("NFC", text)  # what was dropped may have kept two apart
    while (bare := _strip_ends(text)) != text:
        text = bare
    return text or "file"


def _strip_ends(text: str) -> str:
    text = text.lstrip(".- ").rstrip(". ")
    end = len(text) - len(filesystem.STAGED_SUFFIX)
    return text[:end] if text.casefold().endswith(filesystem.STAGED_SUFFIX) else text


def _split(name: str) -> tuple[str, str]:
    suffix = PurePosixPath(name).suffix
    if not suffix or len(suffix.encode()) > _LONGEST_SUFFIX:
        return name, ""
    return name[: -len(suffix)], suffix


def _cut(text: str, room: int) -> str:
    return text.encode()[:room].decode("utf-8", "ignore").rstrip(". ") or "file"


def names_in(root: Path) -> set[str]:
    """The names in attachments/, folded, that a new copy must not have.

    Raises:
        StorageError: the folder cannot be read.
    """
    try:
        return {folded_name(name) for name in os.listdir(root / FOLDER)}  # noqa: PTH208 - names, no paths
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise filesystem.cannot_read(FOLDER, error) from error


def resolve(root: Path, path: str) -> Path:
    """Where an attachment really stands, from its path in the book.

    Raises:
        InvalidInputError: "outside-book", when that is not inside attachments/ of the book.
    """
    parts = PurePosixPath(path).parts
    if "\0" not in path and parts and not path.startswith("/") and ".." not in parts:
        found = filesystem.resolve_symlinks(root / path)
        base = filesystem.resolve_symlinks(root) / FOLDER
        if found != base and found.is_relative_to(base):
            return found
    raise InvalidInputError.of(
        "outside-book",
        f'"{path}" is not in the folder {FOLDER} of the book',
        hint=f"give a path such as {FOLDER}/offer.pdf, without .. and without symlinks out of it",
    )


def describe_file(source: Path) -> DescribedFile:
    """The size and the SHA-256 of a file that is to be attached. It is read in blocks.

    Raises:
        NotFoundError: it is not there.
        InvalidInputError: it is a folder.
        StorageError: it is no regular file, or cannot be read.
    """
    if source.is_dir():
        raise InvalidInputError.of(
            "not-a-file", f'"{source}" is a folder', hint="add the files in it, one by one"
        )
    found = filesystem.hash_file(source, str(source)) if "\0" not in str(source) else None
    if found is None:
        raise NotFoundError.of(
            "no-file", f'there is no file "{source}"', hint="give the path of a file"
        )
    return DescribedFile(found.size, found.sha)


def sha_of_copy(root: Path, path: str) -> str | None:
    """The SHA-256 of an attachment; None when it is not there.

    Raises:
        InvalidInputError: the path leads out of attachments/.
        StorageError: it is no regular file, or cannot be read.
    """
    found = filesystem.hash_file(resolve(root, path), path)
    return found.sha if found else None


def check_files(root: Path, data: Data) -> list[Problem]:
    """What is wrong with the copies that the records of files name. Contents are not read."""
    found = (check_file(root, file) for file in data.files.values())
    return [problem for problem in found if problem is not None]


def check_file(root: Path, file: File) -> Problem | None:
    """What is wrong with the copy that a record names. Its content is not read."""
    if file.path is None:
        return None
    found = _wrong(root, file.path, file.size)
    if found is None:
        return None
    name, message, hint = found
    return Problem(id=name, message=message, hint=hint, kind="files", record=file.id, field="path")


def _wrong(root: Path, path: str, size: int | None) -> tuple[str, str, str | None] | None:
    try:
        found = resolve(root, path)
        if not found.is_file():
            return (
                "missing-attachment",
                f'there is no file "{path}" in the book',
                "put it back, or remove the record",
            )
        real_size = found.stat().st_size
    except (InvalidInputError, StorageError) as error:
        problem = error.problems[0]
        return problem.id, problem.message, problem.hint
    except OSError as error:
        return "cannot-read", f'cannot read "{path}": {filesystem.reason(error)}', None
    if size is not None and size != real_size:
        return (
            "attachment-changed",
            f'"{path}" has {real_size} bytes, not the {size} it was attached with',
            "put the right file back, or add this one anew",
        )
    return None
