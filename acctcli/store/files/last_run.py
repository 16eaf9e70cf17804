"""What `changes --since-last` remembers of its last run.

It lies in the folder of states of the user, apart from the book, a file a name. A file is
replaced whole: who reads it meanwhile, and who is left when a writer dies, has the old one or the
new one.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import msgspec

from acctcli.core.model.errors import InvalidInputError, StorageError
from acctcli.core.model.values import quote
from acctcli.core.reports.account_changes import AccountState
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_END = ".json"
_HASH = 16  # digits: enough for all books of a user
_PRIVATE = 0o700


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """What a run saw.

    Attributes:
        format: The form of the file.
        book: The path of the book, for people who look into the file.
        time: When it was.
        today: The day that the buckets are of.
        accounts: All accounts.
    """

    format: int = FORMAT
    book: str
    time: dt.datetime
    today: dt.date
    accounts: tuple[AccountState, ...]


class _Head(msgspec.Struct):
    format: int


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(LastRun)
_head_decoder = msgspec.json.Decoder(_Head)


def check_name(name: str) -> None:
    """Refuse what cannot name what is remembered.

    Raises:
        InvalidInputError: ``bad-name``.
    """
    if _NAME.fullmatch(name) is None:
        raise InvalidInputError.of(
            "bad-name",
            f"--since-last: {quote(name)} is no name",
            hint="write up to 64 of the letters a to z, digits and hyphens, such as daily",
        )


class RunMemory:
    """What is remembered of one book."""

    def __init__(self, home: Path, root: Path) -> None:
        """Prepare for a book.

        Args:
            home: The folder of states of all programs.
            root: The book; what counts is where it really stands.
        """
        import hashlib

        self._book = str(filesystem.resolve_symlinks(root))
        name = hashlib.sha256(os.fsencode(self._book)).hexdigest()[:_HASH]
        self.folder = home / "acctcli" / name

    def names(self) -> list[str]:
        """The names under which something is remembered, in order."""
        try:
            found = [each.name for each in self.folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise filesystem.cannot_read(str(self.folder), error) from error
        ends = [each.removesuffix(_END) for each in found if each.endswith(_END)]
        return sorted(each for each in ends if _NAME.fullmatch(each))

    def load(self, name: str) -> LastRun | None:
        """What was remembered under a name; None when nothing was.

        Raises:
            StorageError: ``damaged-state``, ``newer-state``, or it cannot be read.
        """
        path = self._path(name)
        try:
            handle = filesystem.open_to_read(path, str(path))
        except FileNotFoundError:
            return None
        try:
            with os.fdopen(handle, "rb") as file:
                data = file.read()
        except OSError as error:
            raise filesystem.cannot_read(str(path), error) from error
        return self._read(name, data)

    def _read(self, name: str, data: bytes) -> LastRun:
        hint = f"forget it, and begin anew: acctcli changes --forget {name}"
        try:
            if _head_decoder.decode(data).format > FORMAT:
                raise StorageError.of(
                    "newer-state",
                    f'"{self._path(name)}" was written by a newer acctcli',
                    hint=f"use that one, or {hint}",
                )
            return _decoder.decode(data)
        except (msgspec.DecodeError, ValueError) as error:
            raise StorageError.of(
                "damaged-state",
                f'"{self._path(name)}" is damaged, so there is nothing to compare with: {error}',
                hint=hint,
            ) from error

    def keep(
        self, name: str, time: dt.datetime, today: dt.date, accounts: tuple[AccountState, ...]
    ) -> None:
        """Remember the accounts under a name, in place of what was remembered.

        Of two who do so at once, one comes last; its file stands, whole.

        Raises:
            StorageError: it cannot be written; what was remembered stands.
        """
        seen = LastRun(book=self._book, time=time, today=today, accounts=accounts)
        path = self._path(name)
        staged = path.with_name(filesystem.staged_name(path.name))
        with filesystem.naming_errors(str(path)):
            self._make_folder()
            with _alone(self.folder):
                filesystem.unlink(staged)  # of one who died
                try:
                    _write(staged, _encoder.encode(seen))
                    filesystem.rename(staged, path)
                except OSError:
                    with suppress(OSError):
                        filesystem.unlink(staged)
                    raise
                filesystem.sync_folder(self.folder)

    def forget(self, name: str) -> bool:
        """Forget what was remembered under a name; whether there was something.

        Raises:
            StorageError: it cannot be removed.
        """
        path = self._path(name)
        was_there = filesystem.exists(path)
        with filesystem.naming_errors(str(path)):
            filesystem.unlink(path)
        return was_there

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_END}"

    def _make_folder(self) -> None:
        """Make the folder and what is missing above it, for nobody else to look into."""
        missing = [each for each in (self.folder, *self.folder.parents) if not each.exists()]
        for each in reversed(missing):
            filesystem.make_folder(each, _PRIVATE)


def _write(path: Path, data: bytes) -> None:
    handle = filesystem.open_new(path, 0o600)
    try:
        filesystem.write(handle, data)
        filesystem.sync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process writes into a folder; where nothing locks, do not."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
