"""The search for the book's folder.

It opens no file. It loads next to nothing, for completion asks it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import AcctcliError, NotFoundError
from acctcli.store.files.names import SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def find_book(
    explicit: Path | None, environ: Mapping[str, str], cwd: Path, data_home: Path
) -> Path:
    """The folder of the book that a command is about.

    The one that was named (`--book`), else ACCTCLI_BOOK, else the nearest folder with an
    acctcli.yaml from `cwd` upwards, else `data_home` if it has one.

    Raises:
        NotFoundError: "no-book", with the places that were looked at.
    """
    named = explicit if explicit is not None else environ.get("ACCTCLI_BOOK") or None
    if named is not None:
        root = cwd / named
        if _is_book(root):
            return root
        by = "" if explicit is not None else ", which ACCTCLI_BOOK names"
        raise _no_book(f'there is no {SETTINGS_FILE} in "{root}"{by}')
    for folder in (cwd, *cwd.parents, data_home):
        if _is_book(folder):
            return folder
    raise _no_book(f'no {SETTINGS_FILE} in "{cwd}", nor above it, nor in "{data_home}"')


def _no_book(message: str) -> AcctcliError:
    return NotFoundError.of(
        "no-book",
        message,
        hint='run "acctcli init" to make a book, or name one, such as with --book ~/book',
    )


def _is_book(folder: Path) -> bool:
    try:
        return (folder / SETTINGS_FILE).is_file()
    except OSError:  # a folder that must not be looked into
        return False
