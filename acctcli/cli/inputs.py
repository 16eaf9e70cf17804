"""A file that a command is given to read, or standard input."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from acctcli.cli.session import Session


@contextmanager
def given_file(session: Session, name: str, *, hint: str) -> Iterator[BinaryIO]:
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
