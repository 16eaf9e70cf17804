"""The file of --output: written whole or not at all, and never one of a book."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli.core.model.errors import (
    AcctcliError,
    StorageError,
    UsageError,
)
from acctcli.core.model.names import nearest
from acctcli.store.files import filesystem
from acctcli.store.files.layout import is_file_of_book
from acctcli.store.files.names import SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from io import BufferedWriter

ENDINGS = {
    ".txt": "table",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".tsv": "tsv",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".ids": "ids",
}
STANDARD = frozenset({"-", "/dev/stdout"})  # not files, but what a shell gives
_DEVICES = ("/dev/", "/proc/")


def format_of(name: str, given: Mapping[str, object]) -> str:
    """The format of a file: the one of --format, else the one that the file's name ends in.

    Args:
        name: As --output gives it; ``-`` is standard output, and has no ending.
        given: The options that were given.

    Raises:
        UsageError: the name ends in none that is known, and there is no --format.
    """
    told = given.get("format")
    if isinstance(told, str):
        return told
    if name in STANDARD or name.startswith(_DEVICES):
        return "table"
    ending = Path(name).suffix.lower()
    found = ENDINGS.get(ending)
    if found is not None:
        return found
    near = nearest(ending, ENDINGS) if ending else None
    hint = f'did you mean "{near}"? ' if near else ""
    raise UsageError.of(
        "unknown-ending",
        f'--output: "{name}" does not say which format it is in',
        hint=f"{hint}end it in one of {', '.join(ENDINGS)}; or give --format",
    )


class OutFile:
    """A file on its way: what was there stays, until all of it is written."""

    def __init__(
        self, cwd: Path, name: str, roots: Sequence[Path] = (), more: Sequence[str] = ()
    ) -> None:
        """Open it.

        Args:
            cwd: The folder that its name starts from.
            name: As the user gave it.
            roots: The books none of whose files it may be; one around it is found here.
            more: Files of these books beside those that every book has.

        Raises:
            UsageError: ``book-file``, when it is a file of a book.
            StorageError: it is a folder, its folder is not there, or the system refuses.
        """
        self._name = name
        self._path = cwd / name
        self._roots = roots
        self._more = more
        self._staged: Path | None = None
        self._target = self._path
        with self._system():
            self._file = self._open()

    def write(self, chunks: Iterable[bytes]) -> None:
        """Write pieces.

        Raises:
            StorageError: the system refuses.
            BrokenPipeError: it is a pipe that nobody reads any more.
        """
        for chunk in chunks:
            with self._system():
                self._file.write(chunk)

    def finish(self) -> None:
        """Put it into place.

        Raises:
            UsageError: it has become a file of a book meanwhile.
            StorageError: the system refuses.
        """
        with self._system():
            self._file.close()
        if self._staged is not None:
            self._refuse_file_of_book()
            with self._system():
                filesystem.rename(self._staged, self._target)
            self._staged = None

    def give_up(self) -> None:
        """Leave everything as it was."""
        with suppress(OSError):
            self._file.close()
        if self._staged is not None:
            with suppress(OSError):
                filesystem.unlink(self._staged)
            self._staged = None

    def _open(self) -> BufferedWriter:
        path = self._path
        status = path.stat() if path.exists() else None
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise self._refusal("it is a folder", "name a file in it")
        is_regular = status is None or stat.S_ISREG(status.st_mode)
        if not is_regular or str(path).startswith(_DEVICES):
            return open(os.open(path, os.O_WRONLY | os.O_CLOEXEC), "wb")  # noqa: PTH123 - of a handle, and closed by its own methods
        self._refuse_file_of_book()
        self._target = filesystem.resolve_symlinks(path)
        if status is not None and not os.access(self._target, os.W_OK):
            raise self._refusal("permission denied", "see who may write to it, such as with ls -l")
        # Not the name under which a change of a book stages files, for a writer clears those away.
        self._staged = self._target.with_name(f".acctcli-output-{os.getpid()}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(self._staged, flags, 0o666 if status is None else 0o600)
        if status is not None:
            os.fchmod(handle, stat.S_IMODE(status.st_mode))
        return open(handle, "wb")  # noqa: PTH123 - as above

    def _refuse_file_of_book(self) -> None:
        above = (each for each in self._path.parents if (each / SETTINGS_FILE).is_file())
        for root in (*self._roots, *above):
            if is_file_of_book(root, self._path, self._more):
                raise UsageError.of(
                    "book-file",
                    f'--output: "{self._name}" is a file of the book, or would be read as one',
                    hint="name another file, such as one outside the book",
                )

    def _refusal(self, why: str, hint: str) -> AcctcliError:
        return StorageError.of("cannot-write", f'cannot write "{self._name}": {why}', hint=hint)

    @contextmanager
    def _system(self) -> Iterator[None]:
        """Let what the system refuses be an error that names the file; a broken pipe stays one."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            hint = "see whether its folder is there, may be written to and has room"
            raise self._refusal(filesystem.reason(error), hint) from error
