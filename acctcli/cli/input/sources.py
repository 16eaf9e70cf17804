"""Text from a file, stdin or the editor."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acctcli.core.model.errors import InvalidInputError, NotFoundError, Problem, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from acctcli.cli.app.session import Session


@contextmanager
def open_source(session: Session, name: str, *, hint: str) -> Iterator[BinaryIO]:
    """The content of the file of that name, seen from the current folder; `-` is standard input.

    Args:
        session: The run.
        name: As it was given.
        hint: What to do instead of naming a folder.

    Raises:
        NotFoundError: ``no-file``.
        InvalidInputError: ``not-a-file``: it is a folder.
    """
    if name == "-":
        yield session.streams.stdin.buffer
        return
    try:
        file = (session.streams.cwd / name).open("rb")
    except FileNotFoundError as error:
        raise NotFoundError.of("no-file", f'there is no file "{name}"') from error
    except IsADirectoryError as error:
        raise InvalidInputError.of("not-a-file", f'"{name}" is a folder', hint=hint) from error
    with file:
        yield file


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


def keep_draft(draft: Path) -> Problem:
    """Where the user finds what could not be stored."""
    return Problem(
        id="kept",
        level="warning",
        message=f"nothing was changed in the book; what you wrote is kept in {draft}",
    )
