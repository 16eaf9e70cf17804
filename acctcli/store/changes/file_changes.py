"""Edited files and history lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.store.commit.commit import FileChange
from acctcli.store.datafiles.edited_windows import EditedFile
from acctcli.store.files import filesystem
from acctcli.store.files.layout import kind_of_file
from acctcli.store.history import history_format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Settings
    from acctcli.store.changes.pending_edits import PendingEdits
    from acctcli.store.datafiles.file_editor import FileEdit
    from acctcli.store.views.view import Location, View


class _AddedRecord(NamedTuple):
    """A new record as it is written: its id, file, place and text."""

    id: str
    file: str
    position: int
    text: str


class FileChanges:
    """The files that a change rewrites.

    Attributes:
        changes: What becomes of them.
    """

    def __init__(
        self,
        view: View,
        edits: PendingEdits,
        targets: Mapping[KindName, str],
        settings: Settings,
        head: Callable[[str], str],
    ) -> None:
        """Make the edits; the new contents are read again.

        Args:
            view: The book as it is.
            edits: What to do.
            targets: The files that new records go to, by kind.
            settings: As they will be.
            head: What a file begins with that is to be made, by its name.

        Raises:
            InvalidBookError: a record stands where it cannot be edited safely.
        """
        self._view = view
        self._edits = edits
        self._targets = targets
        self._spots = self._edited_spots()
        self._files = self._open(settings)
        for name in {targets[kind] for kind, _ in edits.added.values()}:
            if view.file(name) is None:
                self._files[name].begin_with(head(name))
        self._after = [(key, spot, self._edit(key, spot)) for key, spot in self._spots]
        self._added = [
            _AddedRecord(key, targets[kind], *self._files[targets[kind]].append(fields))
            for key, (kind, fields) in edits.added.items()
        ]
        self.changes = list(self._finish())

    def _edited_spots(self) -> list[tuple[str, Location]]:
        """The records that are edited or removed and where they stand, as they stand there."""
        edits = self._edits
        touched = {*edits.updated, *edits.replaced, *edits.removed} - edits.added.keys()
        found = [(key, spot) for key in touched if (spot := self._view.location_of(key))]
        return sorted(found, key=lambda each: (each[1].rank, each[1].number))

    def _open(self, settings: Settings) -> dict[str, FileEdit]:
        """What edits each file, edited ones in their order, then those that are added to."""
        edited: dict[str, list[str]] = {}
        for record_id, spot in self._spots:
            edited.setdefault(spot.file, []).append(record_id)
        targets = dict.fromkeys(self._targets[kind] for kind, _ in self._edits.added.values())
        return {
            name: self._view.edit(
                name,
                edited.get(name, ()),
                settings.custom_fields(kind_of_file(name)),
                adding=name in targets,
            )
            for name in dict.fromkeys([*edited, *targets])
        }

    def _edit(self, record_id: str, spot: Location) -> str | None:
        """Edit a record; gives its new text, None when it goes."""
        file, edits = self._files[spot.file], self._edits
        if record_id in edits.removed:
            file.remove(record_id)
            return None
        after = None
        if record_id in edits.replaced:
            after = file.replace(record_id, edits.replaced[record_id])
        if record_id in edits.updated:
            after = file.set(record_id, edits.updated[record_id])
        return after

    def _finish(self) -> Iterator[FileChange]:
        for name, file in self._files.items():
            data = file.finish()
            if data is not None:
                old = self._view.file(name)
                yield FileChange(
                    path=name,
                    old_sha=old.sha if old else None,
                    data=data,
                    new_sha=filesystem.sha_of(data),
                )

    def rewritten(self) -> dict[str, EditedFile]:
        """What was made of the files that were edited in windows, by name."""
        return {
            change.path: EditedFile(change.old_sha, change.new_sha, parts)
            for change in self.changes
            if change.old_sha and change.new_sha and (parts := self._files[change.path].parts())
        }

    def lines(self, commit: str) -> Iterable[bytes]:
        """The lines about records, then those about files, made as they are asked for."""
        for record_id, spot, after in self._after:
            file = self._files[spot.file]
            position, before = file.before(record_id)
            if after != before:
                yield history_format.entry(
                    *(commit, spot.kind, record_id, spot.file, position, before, after),
                    above=file.previous_id(record_id) if after is None else None,
                )
        for added in self._added:
            kind = self._edits.added[added.id][0]
            yield history_format.entry(commit, kind, *added[:3], None, added.text)
        for change in self.changes:
            steps = self._files[change.path].backs()
            yield from history_format.file_entries(
                commit, change.path, change.old_sha, change.new_sha, steps
            )
