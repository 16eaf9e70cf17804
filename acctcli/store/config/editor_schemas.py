"""JSON Schemas kept in the book for editors.

They stand in .acctcli/schema, are made of acctcli.yaml and this version of acctcli, and are made
anew when one of the two changed. Nothing reads them but editors, so nothing here is part of a
commit, and the book is the same without them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from acctcli import __version__
from acctcli.core.model.errors import AcctcliError
from acctcli.store.files import filesystem
from acctcli.store.files.layout import kind_files
from acctcli.store.files.names import RATES_FILE, SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acctcli.core.model.records import Settings

FOLDER = f"{filesystem.OWN_FOLDER}/schema"
_MADE_OF = "made-of"  # tells what the schemas were made of
_HEAD = 4096  # bytes at the start of a file in which its comment stands
_COMMENT = re.compile(rb"^#\s*yaml-language-server\s*:\s*\$schema=", re.MULTILINE)
_OURS = re.compile(rb"^#\s*yaml-language-server\s*:\s*\$schema=\.acctcli/schema/", re.MULTILINE)


def comment(file: str, name: str) -> str:
    """The line that tells an editor which schema a file of a book has.

    Args:
        file: Its path in the book; editors follow the path of a schema from there.
        name: The name of the schema.
    """
    up = "../" * file.count("/")
    return f"# yaml-language-server: $schema={up}{FOLDER}/{name}.json\n"


def has_schemas(root: Path) -> bool:
    """Whether a book has schemas: on this machine, or as its settings say."""
    return (root / FOLDER).is_dir() or _OURS.search(_head(root / SETTINGS_FILE)) is not None


def head_for_new(root: Path, file: str, name: str) -> str:
    """What a new file of a book begins with: the comment, if the book has schemas.

    With a blank line below, for a comment right above a record belongs to the record.
    """
    return f"{comment(file, name)}\n" if has_schemas(root) else ""


def write_schemas(root: Path, settings: Settings, made_of: str) -> None:
    """Write the schemas of a book that are not there yet, or are other ones.

    Args:
        root: The folder of the book.
        settings: What acctcli.yaml says.
        made_of: What `schema_stamp` gives for it.

    Raises:
        OSError, StorageError: the operating system refuses.
    """
    from acctcli.core.json_schema.catalog import NAMES, schema_text

    filesystem.make_private_folder(root)
    folder = root / FOLDER
    if not filesystem.exists(folder):
        filesystem.make_folder(folder)
        filesystem.sync_folder(folder.parent)
    for name in NAMES:
        _write(folder / f"{name}.json", schema_text(name, settings).encode())
    # Last: without it, all are made anew.
    _write(folder / _MADE_OF, made_of.encode())
    filesystem.sync_folder(folder)


def schema_stamp(content: bytes) -> str:
    """What tells the schemas of these settings and this version from all others."""
    return filesystem.sha_of(b"%s\n%s" % (__version__.encode(), content))


def write_now(root: Path) -> None:
    """Write the schemas of a book as its settings are now.

    Raises:
        InvalidBookError: acctcli.yaml cannot be read.
        StorageError: the operating system refuses to read or write.
    """
    from acctcli.store.config.settings_reader import read_book_settings

    content, _ = filesystem.read_file(root / SETTINGS_FILE, SETTINGS_FILE)
    with filesystem.naming_errors(FOLDER):
        write_schemas(root, read_book_settings(content)[0], schema_stamp(content))


def refresh(root: Path) -> None:
    """Write the schemas anew where they are out of date; a change does not fail because of them."""
    with suppress(OSError, AcctcliError):
        if not has_schemas(root):
            return
        content, _ = filesystem.read_file(root / SETTINGS_FILE, SETTINGS_FILE)
        if _head(root / FOLDER / _MADE_OF) != schema_stamp(content).encode():
            write_now(root)


def lacking(root: Path, holidays: Sequence[str]) -> list[tuple[str, str]]:
    """The files of a book that have no such comment, and the one each could have.

    Args:
        root: The folder of the book.
        holidays: The files of days off.

    Raises:
        StorageError: a folder cannot be read.
    """
    from acctcli.core.model.kinds import KIND_NAMES

    files = [
        (SETTINGS_FILE, "settings"),
        *((file, kind) for kind in KIND_NAMES for file in kind_files(root, kind)),
        (RATES_FILE, "rates"),
        *((file, "holidays") for file in holidays if file.endswith(".yaml")),
    ]
    return [
        (file, comment(file, name).rstrip("\n"))
        for file, name in files
        if (root / file).is_file() and _COMMENT.search(_head(root / file)) is None
    ]


def _head(path: Path) -> bytes:
    """How a file begins; empty when it cannot be read."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(_HEAD)
    return b""


def _write(path: Path, content: bytes) -> None:
    if _read(path) != content:
        filesystem.write_over(path, content)


def _read(path: Path) -> bytes | None:
    with suppress(OSError):
        return path.read_bytes()
    return None
