"""Files and folders of a book."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli.core.model.errors import AcctcliError, InvalidBookError, Place
from acctcli.core.model.kinds import KIND_NAMES, KindName
from acctcli.store.files import filesystem
from acctcli.store.files.names import ATTACHMENTS, RATES_FILE, SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.core.model.records import Settings


_SUFFIXES = (".yaml", ".yml")


def kind_of_file(name: str) -> KindName:
    """The kind of the records in a file of a book.

    Raises:
        ValueError: it is no file of records.
    """
    for kind in KIND_NAMES:
        if is_file_of(kind, name):
            return kind
    raise ValueError(name)


def is_file_of(kind: KindName, name: str) -> bool:
    """Whether a path in the book is one that records of a kind are read from."""
    first, *rest = name.split("/")
    if not rest:
        return first in {f"{kind}{suffix}" for suffix in _SUFFIXES}
    return (
        first == kind
        and name.endswith(_SUFFIXES)
        and all(part and not part.startswith(".") for part in rest)
    )


def is_file_of_book(root: Path, path: Path, more: Sequence[str] = ()) -> bool:
    """Whether a path is, or would be, a file that a book consists of.

    Names are compared without case, as some systems do, and symlinks are followed.

    Args:
        root: The folder of the book.
        path: The file; it need not be there.
        more: Paths in the book of files that its settings name, such as those of holidays.

    Raises:
        InvalidBookError, StorageError: as for `kind_files`, when the path is there.
    """
    from acctcli.store.files.names import HISTORY_FILE

    own = {SETTINGS_FILE, RATES_FILE, HISTORY_FILE, ".gitignore", ".gitattributes", *more}
    folders = {ATTACHMENTS, filesystem.OWN_FOLDER, ".git"}
    top = filesystem.resolve_symlinks(root)
    for place in (
        filesystem.resolve_symlinks(path),
        filesystem.resolve_symlinks(path.parent) / path.name,
    ):
        if not place.is_relative_to(top):
            continue
        name = place.relative_to(top).as_posix().casefold()
        if name.partition("/")[0] in folders or name in {each.casefold() for each in own}:
            return True
        if any(is_file_of(kind, name) for kind in KIND_NAMES):
            return True
    if not path.exists():
        return False
    # A file of the book may be a symlink that leads out of it.
    names = [*own, *(name for kind in KIND_NAMES for name in kind_files(root, kind))]
    return any(
        filesystem.resolve_symlinks(root / name) == filesystem.resolve_symlinks(path)
        for name in names
    )


def in_order(names: set[str]) -> list[str]:
    """Files of a kind in the order they are read: those in the root first, then by name."""
    return sorted(names, key=lambda name: ("/" in name, name))


def kind_files(root: Path, kind: KindName) -> list[str]:
    """The files with the records of a kind, as paths in the book, in the order they are read.

    `kind.yaml` and `kind.yml`, then the files of the folder `kind` at any depth, by name. Hidden
    ones are left out.

    Raises:
        InvalidBookError: a name is not UTF-8.
        StorageError: a folder cannot be read.
    """
    found = {f"{kind}{end}" for end in _SUFFIXES if filesystem.exists(root / f"{kind}{end}")}
    found.update(_files_below(root, kind))
    return in_order(found)


def _files_below(root: Path, kind: KindName) -> Iterator[str]:
    for folder, entries in _walk(root, kind):
        for entry in entries:
            if entry.name.endswith(_SUFFIXES):
                name = f"{folder}/{entry.name}"
                _check_name(name)
                yield name


def _check_name(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "backslashreplace").decode()
        raise InvalidBookError.of(
            "bad-file-name",
            f'the name of the file "{shown}" is not UTF-8',
            hint="rename the file, or take it out of the book",
        ) from None


def _walk(
    root: Path, folder: str, above: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """A folder and those below it that are not hidden, each with the files in it.

    Symlinks are followed, but not in a circle.
    """
    try:
        status = (root / folder).stat()
        with os.scandir(root / folder) as scan:
            entries = list(scan)
        own = (status.st_dev, status.st_ino)
        if own in above:
            return
        folders = [entry.name for entry in entries if entry.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise filesystem.cannot_read(folder, error) from error
    yield (
        folder,
        [each for each in entries if each.name not in folders and not each.name.startswith(".")],
    )
    for name in folders:
        if not name.startswith("."):
            yield from _walk(root, f"{folder}/{name}", above | {own})


def target_for_new(
    root: Path, kind: KindName, settings: Settings, year: int, existing: Sequence[str]
) -> str:
    """The file that new records of a kind go to, as a path in the book.

    Where `new_records` of acctcli.yaml says; else `kind.yaml`; else the last file of the folder
    by name; else a `kind.yaml` that is to be made. `existing` is what `kind_files` gives.

    Raises:
        InvalidBookError: "bad-setting", when new_records names no file of the kind in the book.
    """
    told = settings.new_records.get(kind)
    if told is not None:
        name = told.replace("{year}", f"{year:04}")
        if "{" in name or "}" in name or "\0" in name or not is_file_of(kind, name):
            raise _bad_target(kind, told)
        # A file that is there may be the user's symlink to anywhere; a new one is made in the book.
        if not (root / name).exists() and not _is_inside(root, root / name):
            raise _bad_target(kind, told)
        return name
    in_root = [name for name in existing if "/" not in name]
    return in_root[0] if in_root else existing[-1] if existing else f"{kind}.yaml"


def _is_inside(root: Path, path: Path) -> bool:
    return filesystem.resolve_symlinks(path).is_relative_to(filesystem.resolve_symlinks(root))


def _bad_target(kind: KindName, told: str) -> AcctcliError:
    return InvalidBookError.of(
        "bad-setting",
        f'new_records.{kind}: "{told}" is not a file of {kind} in the book',
        place=Place(SETTINGS_FILE),
        hint=f"write {kind}.yaml, or a file in the folder {kind}, such as {kind}/{{year}}.yaml",
    )


def staged_leftovers(root: Path) -> Iterator[Path]:
    """What a writer that died may have staged: only in folders acctcli writes to, by exact name.

    Raises:
        StorageError: a folder cannot be read.
    """
    folders = [root, *_folders_for_records(root), *_folders_below(root / ATTACHMENTS)]
    folders += _folders_below(root / filesystem.OWN_FOLDER)
    seen: set[Path] = set()
    for folder in map(filesystem.resolve_symlinks, folders):
        if folder not in seen:
            seen.add(folder)
            yield from _staged_in(folder, root)
    records = (name for kind in KIND_NAMES for name in kind_files(root, kind))
    for name in (SETTINGS_FILE, RATES_FILE, *records):
        if (root / name).is_symlink():
            target = filesystem.resolve_symlinks(root / name)
            staged = target.with_name(filesystem.staged_name(target.name))
            if target.parent not in seen and filesystem.exists(staged):
                yield staged


def _folders_for_records(root: Path) -> list[Path]:
    return [root / folder for kind in KIND_NAMES for folder, _ in _walk(root, kind)]


def _folders_below(folder: Path) -> list[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    return [Path(name) for name, _, _ in os.walk(folder)]


def _staged_in(folder: Path, root: Path) -> list[Path]:
    try:
        with os.scandir(folder) as scan:
            return [
                Path(entry.path)
                for entry in scan
                if filesystem.is_staged_name(entry.name) and not entry.is_dir(follow_symlinks=False)
            ]
    except OSError as error:
        name = str(folder.relative_to(root)) if folder.is_relative_to(root) else str(folder)
        raise filesystem.cannot_read(name, error) from error
