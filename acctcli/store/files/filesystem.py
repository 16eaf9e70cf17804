"""System calls on files, one function each.

A test can so count every change, or let the process die at any of them.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import (
    AcctcliError,
    InvalidBookError,
    Place,
    StorageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    # A file's content: all of it, or its pieces in order, so that a large one need not be copied.
    Content = bytes | Sequence[bytes | memoryview]

OWN_FOLDER = ".acctcli"  # lock, journal and attic of a book; never synced
STAGED_SUFFIX = ".acctcli-tmp"
BLOCK = 1 << 20
LINE_LIMIT = 1 << 20  # the longest line that is read
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP}  # file systems that need none say so
_OWNER_HINT = "see who owns the file and its folder, such as with ls -la, and run it again"
_WRITE_HINTS = {
    **dict.fromkeys(
        (errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "make room on the disk and run the command again"
    ),
    errno.EROFS: "it lies on a read-only file system: let that be written to, such as with "
    "mount -o remount,rw, or work on a copy of the book elsewhere",
}


class FileKey(NamedTuple):
    """What tells that a file was not touched: equal keys, same content (but see `commit`)."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


class HashedFile(NamedTuple):
    """A file's SHA-256, its size, and the key it had when it was opened."""

    sha: str
    size: int
    key: FileKey


def staged_name(name: str) -> str:
    """The name under which the new content of a file waits beside it."""
    return f".{name}{STAGED_SUFFIX}"


def is_staged_name(name: str) -> bool:
    """Whether a name is one that `staged_name` gives."""
    return (
        name.startswith(".") and name.endswith(STAGED_SUFFIX) and len(name) > len(STAGED_SUFFIX) + 1
    )


# errors


def reason(error: OSError) -> str:
    """What the operating system says, as the second half of a sentence."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def cannot_read(name: str, error: OSError) -> AcctcliError:
    """The error of a file that cannot be read."""
    return StorageError.of(
        "cannot-read",
        f'cannot read "{name}": {reason(error)}',
        hint="make it readable for you, such as with chmod u+r, or take it out of the book",
    )


@contextmanager
def naming_errors(name: str, part: str | None = None) -> Iterator[None]:
    """Let what the operating system refuses in this block be an error about the file `name`.

    Where `name` is a folder, `part` says what in it was refused.

    Raises:
        StorageError: "cannot-write", instead of the OSError.
    """
    try:
        yield
    except OSError as error:
        raise StorageError.of(
            "cannot-write",
            f'cannot write "{name}": {reason(error)}' + (f' ("{part}")' if part else ""),
            hint=_WRITE_HINTS.get(error.errno or 0, _OWNER_HINT),
        ) from error


# reading


def exists(path: Path) -> bool:
    """Whether there is anything of that name, a symlink to nothing included."""
    return os.path.lexists(path)


def resolve_symlinks(path: Path) -> Path:
    """The path with every symlink in it followed, as far as it is there."""
    return Path(os.path.realpath(path))


def key_of(status: os.stat_result) -> FileKey:
    """The key of a file from its status."""
    return FileKey(
        status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    )


def key_at(path: Path) -> FileKey | None:
    """The key of the file that stands there now; None when there is none."""
    try:
        return key_of(path.stat())
    except FileNotFoundError:
        return None


def open_to_read(path: Path, name: str) -> int:
    """Open a regular file; `name` is what the user calls it. Never waits, as for a pipe.

    Raises:
        FileNotFoundError: there is none.
        StorageError: it is no regular file, or must not be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise cannot_read(name, error) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StorageError.of(
            "not-a-file",
            f'"{name}" is not a regular file',
            hint="give a file, not a folder, a pipe or a device",
        )
    return handle


def read_file(path: Path, name: str) -> tuple[bytes, FileKey]:
    """The content of a data file, and its key. Stops at a line that is too long.

    A large file is looked through for that first, and then read in one go: put together of blocks
    it would need its size in memory twice.

    Raises:
        FileNotFoundError: there is none.
        InvalidBookError: "too-long", with the line; nothing behind it was read.
        StorageError: it is no regular file, or cannot be read.
    """
    handle = open_to_read(path, name)
    try:
        key = key_of(os.fstat(handle))
        if key.size <= LINE_LIMIT:
            return _read_rest(handle, key.size), key
        _check_lines(handle, name)
        os.lseek(handle, 0, os.SEEK_SET)
        return _read_rest(handle, key.size), key
    except OSError as error:
        raise cannot_read(name, error) from error
    finally:
        os.close(handle)


def _read_rest(handle: int, size: int) -> bytes:
    """What is left to read, in one go when it is as long as is thought."""
    data = os.read(handle, size + 1)
    while more := os.read(handle, BLOCK):
        data += more
    return data


def _check_lines(handle: int, name: str) -> None:
    """Look for a line that is too long; nothing behind one is read."""
    lines = 1
    length = 0  # of the line at the end of what was read
    while block := os.read(handle, BLOCK):
        first = block.find(b"\n")
        length += len(block) if first < 0 else first
        if length > LINE_LIMIT:
            raise InvalidBookError.of(
                "too-long",
                f"a line is longer than {LINE_LIMIT} bytes",
                place=Place(name, lines, 1),
                hint="break the line, or take the file out of the book",
            )
        if first >= 0:
            length = len(block) - block.rfind(b"\n") - 1
        lines += block.count(b"\n")


def hash_file(path: Path, name: str) -> HashedFile | None:
    """Hash a file in blocks; None when there is none.

    Raises:
        StorageError: it is no regular file, or cannot be read.
    """
    import hashlib

    try:
        handle = open_to_read(path, name)
    except FileNotFoundError:
        return None
    digest = hashlib.sha256()
    size = 0
    try:
        key = key_of(os.fstat(handle))
        while block := os.read(handle, BLOCK):
            digest.update(block)
            size += len(block)
    except OSError as error:
        raise cannot_read(name, error) from error
    finally:
        os.close(handle)
    return HashedFile(digest.hexdigest(), size, key)


def pieces_of(content: Content) -> Sequence[bytes | memoryview]:
    """The pieces of a content, in order."""
    return (content,) if isinstance(content, bytes) else content


def sha_of(content: Content) -> str:
    """The SHA-256 of a content, in hexadecimal digits."""
    import hashlib

    digest = hashlib.sha256()
    for piece in pieces_of(content):
        digest.update(piece)
    return digest.hexdigest()


# changing: each of these is one change that a crash may come before or after


def open_new(path: Path, mode: int) -> int:
    """Make a file that must not be there yet, also not as a symlink, and open it to write."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, mode)


def open_to_append(path: Path) -> int:
    """Open a file to read and to add to; it is made when it is not there."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    return os.open(path, flags, 0o666)


def write(handle: int, data: bytes | memoryview) -> None:
    """Write all of the data."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def sync(handle: int) -> None:
    """Wait until an open file's content is on the disk itself."""
    if sys.platform == "darwin":  # pragma: no cover - its fsync stops at the disk's own cache
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk itself."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def rename(source: Path, target: Path) -> None:
    """Let a file have another name, in place of what had it."""
    source.replace(target)


def link(source: Path, target: Path) -> None:
    """Give a file a second name, that must not be there yet."""
    target.hardlink_to(source)


def unlink(path: Path) -> None:
    """Remove a file's name, if it is there."""
    path.unlink(missing_ok=True)


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder, if it is not there."""
    path.mkdir(mode, exist_ok=True)


def remove_folder(path: Path) -> None:
    """Remove an empty folder."""
    path.rmdir()


def truncate(handle: int, size: int) -> None:
    """Cut an open file to a size."""
    os.ftruncate(handle, size)


def copy_mode(handle: int, status: os.stat_result) -> None:
    """Give an open file the owner (where that is allowed) and the mode bits of another."""
    own = os.fstat(handle)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        with suppress(PermissionError):
            os.fchown(handle, status.st_uid, status.st_gid)
    os.fchmod(handle, stat.S_IMODE(status.st_mode))


# made of the above


def copy(source: Path, target: Path, mode: int, name: str) -> HashedFile:
    """Copy a file in blocks to one that must not be there yet, and wait until it is on the disk.

    Raises:
        FileNotFoundError: there is no source.
        StorageError: the source, which the user calls `name`, cannot be read.
        OSError: the target cannot be written; what was made of it is left.
    """
    import hashlib

    digest = hashlib.sha256()
    size = 0
    reading = open_to_read(source, name)
    try:
        key = key_of(os.fstat(reading))
        handle = open_new(target, mode)
        try:
            while block := _read_block(reading, name):
                digest.update(block)
                size += len(block)
                write(handle, block)
            sync(handle)
        finally:
            os.close(handle)
    finally:
        os.close(reading)
    return HashedFile(digest.hexdigest(), size, key)


def _read_block(handle: int, name: str) -> bytes:
    try:
        return os.read(handle, BLOCK)
    except OSError as error:
        raise cannot_read(name, error) from error


@contextmanager
def _staged_beside(path: Path, data: bytes) -> Iterator[Path]:
    """A file beside another with its new content, safe on the disk, to be renamed in the block.

    Raises:
        OSError: it cannot be written, or the block raises it; nothing is left of it. The error
            names the file that was meant.
    """
    staged = path.with_name(staged_name(path.name))
    try:
        unlink(staged)
        handle = open_new(staged, 0o666)
        try:
            write(handle, data)
            sync(handle)
        finally:
            os.close(handle)
        yield staged
    except OSError as error:
        error.filename = str(path)
        with suppress(OSError):
            unlink(staged)
        raise


def write_new(path: Path, data: bytes) -> None:
    """Make a file with this content, whole or not at all, and wait until it is on the disk.

    Raises:
        FileExistsError: it is there already.
        OSError: it cannot be written; nothing is left of it. The error names the file.
    """
    with _staged_beside(path, data) as staged:
        if exists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        rename(staged, path)
        sync_folder(path.parent)


def write_over(path: Path, data: bytes) -> None:
    """Make a file with this content, whole or not at all, in place of one that may be there.

    Its name is safe on the disk once its folder is.

    Raises:
        OSError: it cannot be written; what was there stays. The error names the file.
    """
    with _staged_beside(path, data) as staged:
        rename(staged, path)


def make_private_folder(root: Path) -> Path:
    """The folder .acctcli of a book, made when it is not there; a commit makes its name safe.

    Raises:
        StorageError: it is something else, such as a symlink that leads out of the book.
        OSError: it cannot be made.
    """
    folder = root / OWN_FOLDER
    if not exists(folder):
        make_folder(folder, 0o700)
    if folder.is_symlink() or not folder.is_dir():
        raise StorageError.of(
            "not-a-folder",
            f'"{OWN_FOLDER}" is not a folder',
            hint=f'move it away; acctcli makes a folder "{OWN_FOLDER}" of its own there',
        )
    return folder
