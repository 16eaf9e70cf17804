"""Attachments that a change adds and removes.

It plans them as file changes for the commit, and copies nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.errors import InvalidBookError, InvalidInputError
from acctcli.store.commit.commit import FileChange
from acctcli.store.files import attachments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from acctcli.store.views.view import View


class AttachedCopy(Struct, frozen=True):
    """A file that will be copied into the book: where to, and what it is."""

    path: str
    size: int
    sha256: str


class Copies:
    """The copies that come and go with one change.

    Attributes:
        changes: What the commit does with them.
    """

    def __init__(self, root: Path) -> None:
        self.changes: list[FileChange] = []
        self._root = root
        self._names: set[str] | None = None

    def attach(self, source: Path, name: str) -> AttachedCopy:
        """Bring a copy of a file in, under a safe name that no other copy has.

        Raises:
            NotFoundError: it is not there.
            InvalidInputError: it is a folder.
            StorageError: it is no regular file, or cannot be read.
        """
        described = attachments.describe_file(source)
        if self._names is None:
            self._names = attachments.names_in(self._root)
        safe = attachments.safe_name(name, self._names)
        self._names.add(attachments.folded_name(safe))
        path = f"{attachments.FOLDER}/{safe}"
        change = FileChange(path=path, old_sha=None, source=source, new_sha=described.sha256)
        self.changes.append(change)
        return AttachedCopy(path, described.size, described.sha256)

    def detach(self, path: str, named: Iterable[str], view: View) -> None:
        """Take a copy out, unless another record names it too.

        Args:
            path: The path that the record that goes has.
            named: The paths of all records of files, its own among them.
            view: For what may name it in records that cannot be read.

        Raises:
            InvalidBookError: a record that cannot be read mentions it.
        """
        try:
            copy = attachments.resolve(self._root, path)
        except InvalidInputError:
            return  # what stands outside the book is none of ours
        if sum(self._is_copy(copy, other) for other in named) > 1:
            return  # it goes with the last of the records that name it
        staged = next((each for each in self.changes if each.path == path), None)
        if staged is not None:
            if staged.source is not None:
                self.changes.remove(staged)
            return
        if problem := view.unreadable_mention(copy.name):
            raise InvalidBookError(problem)
        sha = attachments.sha_of_copy(self._root, path)
        if sha is not None:
            self.changes.append(FileChange(path=path, old_sha=sha))

    def _is_copy(self, copy: Path, path: str) -> bool:
        try:
            return attachments.resolve(self._root, path) == copy
        except InvalidInputError:
            return False
