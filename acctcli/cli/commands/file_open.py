"""The verb `file open`: hands the copy in the book, or a link, to the program that opens it.

A book may come from anybody, so only copies inside it and links of a few kinds are handed on.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from acctcli.cli.lists.print_rows import print_selected_object
from acctcli.cli.output.messages import describe
from acctcli.cli.output.writer import Row, print_lines
from acctcli.core.model.errors import InvalidInputError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.cli.app.session import Session
    from acctcli.core.model.records import File

_WITH_HOST = ("http", "https", "ftp")
_OPENED = (*_WITH_HOST, "mailto")
_HINT = f"only links that begin with {', '.join(_OPENED)} are opened"


class OpenOptions(Struct, frozen=True):
    """What `open` was given."""

    name: str
    only_print: bool


def run_open(options: OpenOptions, session: Session) -> None:
    """Open a file, or print where it is.

    Raises:
        InvalidInputError: it is outside the book, a link that is not opened, or nowhere.
        NotFoundError: the copy is not there.
        StorageError: nothing opens it, or what does failed.
    """
    view = session.read()
    record = view.data.files[view.find("files", options.name)]
    target = _target(record, session, only_print=options.only_print)
    if not options.only_print:
        _hand_over(target, session.streams.environ)
        session.say(f"opened {describe('files', record)}")
    elif session.is_for_people and session.options.fields is None:
        from acctcli.render.formats.text import visible

        print_lines(session, visible(target))
    else:
        row: Row = {"id": record.id, "name": record.name, "target": target}
        print_selected_object(session, row, tuple(row))


def _target(record: File, session: Session, *, only_print: bool) -> str:
    if record.path is not None:
        from acctcli.store.files.attachment_check import copy_of

        return str(copy_of(session.book.root, record))
    if record.url is None:
        raise InvalidInputError.of(
            "nothing-to-open",
            f"{describe('files', record)} has neither a copy nor a link",
            hint=f"give it one: acctcli file edit {record.id} --set url=https://...",
        )
    return _link(record.url, only_print=only_print)


def _link(url: str, *, only_print: bool) -> str:
    """A link that may be handed to another program."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    # Any other character ends a link for some program, or begins another.
    plain = url.isprintable() and not set(url) & set(' "<>\\`')
    if plain and parts.scheme in _OPENED and (parts.netloc or parts.scheme not in _WITH_HOST):
        return url
    if plain and parts.scheme == "file" and not parts.netloc:
        if only_print:
            return unquote(parts.path)
        raise InvalidInputError.of(
            "link-not-opened",
            f'"{url}" is a file outside the book',
            hint="say --print to see its path, and open it yourself",
        )
    raise InvalidInputError.of("link-not-opened", f'"{url}" is not opened', hint=_HINT)


def _hand_over(target: str, environ: Mapping[str, str]) -> None:
    """Run the program that opens it, and wait for that."""
    import subprocess

    words = _opener(environ)
    try:
        code = subprocess.run([*words, target], check=False).returncode  # noqa: S603 - the user's own
    except (OSError, ValueError) as error:
        raise StorageError.of(
            "opener-failed",
            f'"{words[0]}" cannot be run: {error}',
            hint="set ACCTCLI_OPENER to a program that opens files, or say --print",
        ) from error
    if code:
        raise StorageError.of(
            "opener-failed",
            f'"{words[0]}" could not open "{target}": it ended with {code}',
            hint="set ACCTCLI_OPENER to a program that opens it, or say --print",
        )


def _opener(environ: Mapping[str, str]) -> list[str]:
    given = environ.get("ACCTCLI_OPENER")
    if given:
        try:
            words = shlex.split(given)
        except ValueError:  # a quote that does not end
            words = []
        if words:
            return words
        raise UsageError.of(
            "bad-opener",
            f'ACCTCLI_OPENER: "{given}" is no command',
            hint="write a program and maybe options, such as: less -R",
        )
    usual = "open" if sys.platform == "darwin" else "xdg-open"
    if shutil.which(usual, path=environ.get("PATH")) is None:
        raise StorageError.of(
            "no-opener",
            f'there is no program "{usual}" to open files',
            hint="set ACCTCLI_OPENER to one, or say --print to see where the file is",
        )
    return [usual]
