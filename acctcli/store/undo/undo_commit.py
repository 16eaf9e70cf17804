"""The commit that an undo makes.

It has the texts before and after, so that a redo is the same thing over again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import (
    ConflictError,
    InvalidBookError,
    InvalidInputError,
    Problem,
)
from acctcli.core.model.kinds import KIND_NAMES, KINDS, KindName
from acctcli.core.model.records import Data
from acctcli.store.changes.constraints import (
    check_links,
    check_removals,
    links_to,
)
from acctcli.store.changes.new_accounts import membership_changes
from acctcli.store.commit.staging import ATTIC, FileChange
from acctcli.store.config.settings_reader import read_book_settings
from acctcli.store.datafiles.file_reader import read_records
from acctcli.store.datafiles.splices import reverse_splices
from acctcli.store.datafiles.splitter import regions_around
from acctcli.store.datafiles.typed_records import typed_record
from acctcli.store.files import filesystem
from acctcli.store.files.layout import kind_of_file
from acctcli.store.files.names import RATES_FILE, SETTINGS_FILE
from acctcli.store.history import history_format
from acctcli.store.undo.restore_records import by_id
from acctcli.store.undo.rollback import commit_label
from acctcli.store.views.pending_records import PendingRecords

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from acctcli.core.model.records import Org, RawRecord, Record
    from acctcli.store.datafiles.edited_windows import EditedFile
    from acctcli.store.datafiles.file_reader import PlacedRecord, Reading
    from acctcli.store.history.history_format import Closing
    from acctcli.store.undo.rollback import Rollback, TouchedFile
    from acctcli.store.views.view import View

_MANY_SPLICES = 200  # from so many on a file is read as a whole
_MOST = 10  # how many of the links that stand against it are told


class RecordDiff(NamedTuple):
    """What becomes of one record; None when it was not there, or is there no more."""

    kind: KindName
    id: str
    before: Record | None
    after: Record | None


class _Texts(NamedTuple):
    """A record's text before and after, and what it reads as then."""

    id: str
    position: int
    above: str | None
    before: str | None
    after: str | None
    raw: RawRecord | None


class UndoCommit:
    """What one undo or redo does to the book.

    Attributes:
        view: The book as it is.
        after: The records as they will be.
        told: The commits that it takes back, or brings back, the newest first.
        became: What becomes of each record, by kind and in the order of the files.
        undoes: The ids of the commits that it takes back.
        redoes: The ids of the undoing commits that it takes back.
        rewritten: The files that were edited in windows: none.
    """

    def __init__(
        self,
        root: Path,
        view: View,
        rollback: Rollback,
        told: Sequence[Closing],
        *,
        undoes: tuple[str, ...] = (),
        redoes: tuple[str, ...] = (),
    ) -> None:
        self.view = view
        self.closings = told
        self.undoes = undoes
        self.redoes = redoes
        self.became: list[RecordDiff] = []
        self.rewritten: Mapping[str, EditedFile] = {}
        self._root = root
        self._files = [each for each in rollback.files.values() if not each.is_same]
        self._copies = {path: two for path, two in rollback.copies.items() if two[0] != two[1]}
        self._settings = rollback.settings
        rates = rollback.rates
        self._rates = None if rates is None or rates.is_same else rates
        self._settings_after = view.settings
        if self._settings is not None:
            self._settings_after, _, _ = read_book_settings(self._settings[1].encode())
        self._texts = {file.name: list(_texts_of(file, view)) for file in self._files}
        self.after = self._data_after()
        self._check()

    def _data_after(self) -> Data:
        kinds = {kind: PendingRecords(self.view.data.of(kind)) for kind in KIND_NAMES}
        for name, texts in self._texts.items():
            kind = kind_of_file(name)
            records = kinds[kind]
            for each in texts:
                before, after = records.get(each.id), None
                if before is not None:
                    records.take(each.id)
                if each.raw is not None:
                    after = self._typed_record(kind, each.raw)
                    records.put(each.id, after)
                self.became.append(RecordDiff(kind, each.id, before, after))
        self.became.sort(key=lambda each: KIND_NAMES.index(each.kind))
        return Data(**kinds)  # type: ignore[arg-type]  # each kind has records of its own type

    def _typed_record(self, kind: KindName, raw: RawRecord) -> Record:
        record, problems, _ = typed_record(kind, raw, self._settings_after)
        if record is None:
            raise InvalidBookError(*problems)
        return record

    # checks

    def _check(self) -> None:
        gone = {each.id: each.kind for each in self.became if each.after is None}
        changed = {each.id: each.kind for each in self.became if each.after is not None}
        self._check_ids(gone)
        self._check_links(gone)
        check_removals(self.view, self.after, self._settings_after, gone)
        check_links(self.view, self.after, self._settings_after, changed)
        self._check_copies()

    def _check_ids(self, gone: Collection[str]) -> None:
        back = (each.id for texts in self._texts.values() for each in texts if each.before is None)
        for record_id in back:
            taken = self.view.location_of(record_id) is not None
            if (taken and record_id not in gone) or self.view.is_bad(record_id):
                raise ConflictError.of(
                    "duplicate-id",
                    f'"{record_id}" cannot come back: the id is taken by another record now',
                    hint="give the other record another id, or remove it, and run this again",
                )

    def _check_links(self, gone: dict[str, KindName]) -> None:
        """Name everything that links to what would go, not only the first."""
        users = [
            Problem(
                id="link",
                level="warning",
                message=f'{KINDS[link.kind].title} "{link.record.id}" links to "{link.target}"'
                f" by {link.field}",
                kind=link.kind,
                record=link.record.id,
                field=link.field,
            )
            for link in (
                links_to(self.view, self.after, self._settings_after, set(gone)) if gone else ()
            )
            if gone.get(link.target) == link.target_kind
        ]
        if users:
            many = "records link" if len(users) > 1 else "record links"
            raise InvalidInputError(
                Problem(
                    id="still-linked",
                    message=f"{len(users)} {many} to what would go with "
                    + ", ".join(commit_label(closing) for closing in self.closings[:_MOST]),
                    hint="take back the later commits too, or remove or unlink these records first",
                ),
                *users[:_MOST],
            )

    def _check_copies(self) -> None:
        for path, (_, wanted) in self._copies.items():
            users = [file.id for file in self.after.files.values() if file.path == path]
            if wanted is None and users:
                raise InvalidInputError.of(
                    "still-linked",
                    f'"{path}" cannot go while "{users[0]}" names it',
                    hint=f"remove it first: acctcli file remove {users[0]}",
                )
            if wanted is not None and filesystem.key_at(self._attic(wanted)) is None:
                raise ConflictError.of(
                    "gone-from-attic",
                    f'"{path}" cannot come back: its content is not in '
                    f"{filesystem.OWN_FOLDER}/{ATTIC} of this machine",
                    hint=f"put a file with the SHA-256 {wanted} there, under that name",
                )

    def _attic(self, sha: str) -> Path:
        return self._root / filesystem.OWN_FOLDER / ATTIC / sha

    # what `Book` commits

    def membership_changes(self) -> tuple[list[Org], list[Org]]:
        """The organizations that become accounts by it, and those that cease to be."""
        return membership_changes(
            self.view, self.after, {each.id: each.kind for each in self.became}
        )

    def other_changes(self) -> list[tuple[str, bool]]:
        """The attachments, settings and rates it is about, each with whether it will be there."""
        found = [(path, wanted is not None) for path, (_, wanted) in self._copies.items()]
        if self._settings:
            found.append((SETTINGS_FILE, True))
        if self._rates:
            found.append((RATES_FILE, self._rates.new is not None))
        return found

    def is_empty(self) -> bool:
        """It is a commit even when nothing differs: it says what is undone."""
        return False

    def finish(self, commit_id: str) -> tuple[list[FileChange], Iterator[bytes]]:
        """What becomes of the files, and the lines for the history."""
        changes = [
            FileChange(path=path, old_sha=now)
            if wanted is None
            else FileChange(path=path, old_sha=now, source=self._attic(wanted), new_sha=wanted)
            for path, (now, wanted) in self._copies.items()
        ]
        changes += [_replacing(each) for each in self._replaced_files()]
        if self._settings:
            old, new = (text.encode() for text in self._settings)
            changes.append(FileChange(path=SETTINGS_FILE, old_sha=filesystem.sha_of(old), data=new))
        return changes, self._lines(commit_id)

    def _replaced_files(self) -> list[TouchedFile]:
        return [*self._files, *([self._rates] if self._rates else [])]

    def _lines(self, commit: str) -> Iterator[bytes]:
        for file in self._files:
            kind = kind_of_file(file.name)
            for each in self._texts[file.name]:
                yield history_format.entry(
                    *(commit, kind, each.id, file.name, each.position, each.before, each.after),
                    above=each.above,
                )
        for path, (now, wanted) in self._copies.items():
            yield history_format.attachment_entry(commit, path, now, wanted)
        for file in self._replaced_files():
            sha = None if file.old is None else filesystem.sha_of(file.old)
            steps = reverse_splices(file.old or b"", file.splices())
            word = history_format.RATES if file.name == RATES_FILE else history_format.FILE
            yield from history_format.file_entries(commit, file.name, sha, file.sha, steps, word)
        if self._settings:
            yield history_format.settings_entry(commit, SETTINGS_FILE, *self._settings)

    def tidy(self) -> None:
        """Remove the folders that are empty now that their last file went."""
        gone = [each.name for each in self._files if each.new is None]
        gone += [path for path, (_, wanted) in self._copies.items() if wanted is None]
        for name in gone:
            for folder in list(PurePosixPath(name).parents)[:-1]:  # the last one is the book
                with suppress(OSError):
                    filesystem.remove_folder(self._root / folder)


def _replacing(file: TouchedFile) -> FileChange:
    return FileChange(
        path=file.name,
        old_sha=None if file.old is None else filesystem.sha_of(file.old),
        data=file.new,
        new_sha=file.sha,
    )


class _LocatedRecord(NamedTuple):
    """A record in a part of a file that was read, and where that part begins."""

    placed: PlacedRecord
    reading: Reading
    start: int


def _texts_of(file: TouchedFile, view: View) -> Iterator[_Texts]:
    """The records of a file whose text differs, in the order of the file."""
    before, after = (
        _records_around(file) if view.has_plain_layout(file.name) else _all_records(file)
    )
    found: list[_Texts] = []
    for key in file.ids:
        was, will = before.get(key), after.get(key)
        if _text(was) == _text(will):
            continue
        place = was or will
        found.append(
            _Texts(
                key,
                place.start + place.placed.chunk.start if place else 0,
                _previous_id(was.reading.records, was.placed) if was and will is None else None,
                _text(was),
                _text(will),
                will.placed.raw if will else None,
            )
        )
    return iter(sorted(found, key=lambda each: (each.before is None, each.position)))


def _records_around(
    file: TouchedFile,
) -> tuple[dict[str, _LocatedRecord], dict[str, _LocatedRecord]]:
    """The records before and after, of the stretches of the file that differ."""
    before: dict[str, _LocatedRecord] = {}
    after: dict[str, _LocatedRecord] = {}
    splices = list(file.splices())
    if file.old is None or file.new is None or len(splices) > _MANY_SPLICES:
        return _all_records(file)
    for start, end, at, to in regions_around(file.old, splices):
        old = read_records(file.name, file.old[start:end])
        new = read_records(file.name, file.read_new(at, to))
        if old.problem or new.problem or old.whole or new.whole:
            return _all_records(file)
        before |= {key: _LocatedRecord(placed, old, start) for key, placed in by_id(old).items()}
        after |= {key: _LocatedRecord(placed, new, at) for key, placed in by_id(new).items()}
    return before, after


def _all_records(file: TouchedFile) -> tuple[dict[str, _LocatedRecord], dict[str, _LocatedRecord]]:
    """The records before and after, of all of the file."""
    old = read_records(file.name, file.old or b"")
    new = read_records(file.name, b"".join(file.new or ()))
    return (
        {key: _LocatedRecord(placed, old, 0) for key, placed in by_id(old).items()},
        {key: _LocatedRecord(placed, new, 0) for key, placed in by_id(new).items()},
    )


def _text(where: _LocatedRecord | None) -> str | None:
    return where.placed.text.decode() if where else None


def _previous_id(records: list[PlacedRecord], placed: PlacedRecord) -> str | None:
    if not placed.index:
        return history_format.FIRST
    raw = records[placed.index - 1].raw
    found = raw.get("id") if raw else None
    return found if isinstance(found, str) else None
