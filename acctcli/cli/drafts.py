"""A text that the user writes in their editor, in a file of their own until it is stored."""

from __future__ import annotations

from pathlib import Path

import click

from acctcli.core.model.errors import InvalidInputError, Problem, StorageError


def new(text: str, suffix: str) -> Path:
    """A file of the user's own to edit the text in."""
    import tempfile

    handle, name = tempfile.mkstemp(prefix="acctcli-", suffix=suffix)
    with open(handle, "wb") as file:  # noqa: PTH123 - an open handle has no path
        file.write(text.encode())
    return Path(name)


def edit(draft: Path) -> None:
    """Let the user edit it.

    Raises:
        StorageError: the editor cannot be run, or did not end well.
    """
    try:
        click.edit(filename=str(draft))
    except click.ClickException as error:
        raise StorageError.of(
            "editor-failed",
            "the editor did not end well, so nothing was changed",
            hint="set EDITOR to a program that ends well, such as EDITOR=nano",
        ) from error


def text_of(draft: Path) -> str:
    """What stands in it.

    Raises:
        InvalidInputError: it is not UTF-8.
    """
    try:
        return draft.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError.of(
            "not-utf8", "the text is not UTF-8", hint="save it in the encoding UTF-8"
        ) from error


def kept(draft: Path) -> Problem:
    """Where the user finds what could not be stored."""
    return Problem(
        id="kept",
        level="warning",
        message=f"nothing was changed in the book; what you wrote is kept in {draft}",
    )
