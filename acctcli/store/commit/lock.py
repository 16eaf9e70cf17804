"""The writer lock.

A reader never takes it. A holder that dies, by whatever cause, holds it no longer: the operating
system takes it back. The file stays for ever, since deleting it would let two hold the lock.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import msgspec

from acctcli.core.model.errors import AcctcliError, ConflictError, StorageError
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LOCK_FILE = "lock"
# Who waits holds this one, so that a holder who comes again at once has to queue: without it one
# busy process can keep all others waiting.
QUEUE_FILE = "queue"
_FIRST_PAUSE = 0.001
_LONGEST_PAUSE = 0.02
_HOLDER_LIMIT = 4096
_TELL_AFTER = 1.0  # seconds that nobody minds waiting without a word
_BUSY = {errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK}


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock: process id, what it calls itself, since when (UTC)."""

    pid: int
    who: str
    since: str


class _Wait:
    """The time that one waits for the lock, in both queues together."""

    def __init__(self, lock: Path, timeout: float, waiting: Callable[[str], None] | None) -> None:
        now = time.monotonic()
        self._lock = lock
        self._deadline = now + timeout
        self._tell_at = now + _TELL_AFTER
        self._waiting = waiting

    def rest(self, seconds: float) -> None:
        """Wait so long at most; tell, once, who is waited for; raise when the time is over."""
        now = time.monotonic()
        if now >= self._deadline:
            raise _locked_error(self._lock)
        if self._waiting and now >= self._tell_at:
            self._waiting(_wait_text(self._lock))
            self._waiting = None
        time.sleep(min(seconds, self._deadline - now))


@contextmanager
def hold_lock(
    root: Path, who: str, timeout: float, *, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the book's lock in this block; `who` is shown to those who wait.

    Args:
        root: The book.
        who: The actor and the command.
        timeout: How many seconds to wait for it.
        waiting: Gets one sentence that says who is waited for, when it takes long.

    Raises:
        ConflictError: "locked", with the holder's name.
        StorageError: the lock's file cannot be made, or the file system has no locks.
    """
    with filesystem.naming_errors(str(root), filesystem.OWN_FOLDER):
        folder = filesystem.make_private_folder(root)
    wait = _Wait(folder / LOCK_FILE, timeout, waiting)
    turn = _take(root, folder / QUEUE_FILE, wait)
    try:
        handle = _take(root, folder / LOCK_FILE, wait)
    finally:
        os.close(turn)
    try:
        _sign(handle, who)
        yield
    finally:
        os.close(handle)


def _take(root: Path, path: Path, wait: _Wait) -> int:
    """The open and locked file at a path, which others may delete and make anew meanwhile."""
    name = f"{filesystem.OWN_FOLDER}/{path.name}"
    pause = _FIRST_PAUSE
    while True:
        # The user has never heard of the file: it is the book that cannot be written.
        with filesystem.naming_errors(str(root), name):
            handle = os.open(
                path,
                os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC,
                0o600,
            )
        try:
            if _try_lock(handle, name) and _is_present(handle, path):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        wait.rest(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _try_lock(handle: int, name: str) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise StorageError.of(
            "cannot-lock",
            f'cannot lock "{name}": {filesystem.reason(error)}',
            hint="keep the book on a local file system, which has locks",
        ) from error
    return True


def _is_present(handle: int, path: Path) -> bool:
    key = filesystem.key_at(path)
    return key is not None and key.inode == os.fstat(handle).st_ino


def _sign(handle: int, who: str) -> None:
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    # Names from the operating system may have bytes that are no text.
    name = who.encode("utf-8", "replace").decode()[: _HOLDER_LIMIT // 8]
    text = msgspec.json.encode(Holder(os.getpid(), name, since))
    # A full disk must not keep anyone from working: the name is a courtesy.
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, text + b"\n", 0)


def _wait_text(lock: Path) -> str:
    holder = read_holder(lock)
    if holder is None:
        return "waiting for another process"
    return f"waiting for {holder.who} (process {holder.pid})"


def _locked_error(lock: Path) -> AcctcliError:
    holder = read_holder(lock)
    if holder is None:
        message = "the book is locked by another process"
        hint = "wait until it is done and run the command again"
    else:
        message = (
            f'the book is locked by "{holder.who}" (process {holder.pid}, since {holder.since})'
        )
        hint = (
            "wait until it is done and run the command again; "
            f'if it hangs, end it, such as with "kill {holder.pid}"'
        )
    return ConflictError.of("locked", message, hint=hint)


def read_holder(lock: Path) -> Holder | None:
    """Who signed the lock's file last; None when that cannot be told."""
    try:
        with lock.open("rb") as file:
            return msgspec.json.decode(file.read(_HOLDER_LIMIT), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None
