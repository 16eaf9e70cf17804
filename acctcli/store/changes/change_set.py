"""The change set of one command.

A Change works on one fresh reading of the book. Each edit is typed by the schema when it is made,
so what reaches the files is valid; links are checked at the end, since an import may point ahead.
It stages nothing itself: `Book.write` commits what it collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import (
    ConflictError,
    InvalidBookError,
    InvalidInputError,
    NotFoundError,
)
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.names import slug, unique_slug
from acctcli.core.model.records import Data, Deal, File
from acctcli.core.model.schema import read_record
from acctcli.core.rules.defaults import MONEY, with_currency
from acctcli.core.rules.record_changes import records_to_detach, resolved_org
from acctcli.store.changes.attachment_changes import Copies
from acctcli.store.changes.constraints import (
    Link,
    check_links,
    check_removals,
    check_tiers,
    links_to,
    removal_closure,
)
from acctcli.store.changes.file_changes import FileChanges
from acctcli.store.changes.new_accounts import membership_changes
from acctcli.store.changes.pending_edits import PendingEdits
from acctcli.store.changes.taken_ids import TakenIds
from acctcli.store.commit.commit import FileChange
from acctcli.store.config import editor_schemas
from acctcli.store.config.settings_reader import read_book_settings
from acctcli.store.datafiles.yaml.reader import parse_record
from acctcli.store.files import attachments
from acctcli.store.files.layout import kind_of_file, target_for_new
from acctcli.store.files.names import SETTINGS_FILE
from acctcli.store.history import history_format
from acctcli.store.ids import random_id
from acctcli.store.views.pending_records import PendingRecords

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from acctcli.core.accounts.exchange_rates import MergedRates, Quote
    from acctcli.core.model.records import Org, Raw, Record
    from acctcli.store.changes.attachment_changes import AttachedCopy
    from acctcli.store.changes.rates_editor import RatesEdit
    from acctcli.store.commit.snapshot import FileData
    from acctcli.store.datafiles.edited_windows import EditedFile
    from acctcli.store.views.view import View

_ID_LENGTH = 8  # behind the kind's letter


class Change:
    """What one command does to the book.

    Attributes:
        view: The book as it is on disk, read under the lock.
        after: The records as they will be.
        undoes: The commits that it takes back: none.
        redoes: The undoing commits that it takes back: none.
        rewritten: The files that `finish` edited in windows.
    """

    undoes: tuple[str, ...] = ()
    redoes: tuple[str, ...] = ()

    def __init__(self, root: Path, view: View, year: int, copies: Copies | None = None) -> None:
        self.view = view
        self._after: dict[KindName, PendingRecords[Record]] = {
            kind: PendingRecords(view.data.of(kind)) for kind in KINDS
        }
        self.after = Data(**self._after)  # type: ignore[arg-type]  # each kind has its records
        self._root = root
        self._year = year
        self._settings = view.settings
        self._ids = TakenIds(view)
        self._targets: dict[KindName, str] = {}
        self._edits = PendingEdits()
        self._contents: dict[str, Mapping[str, Raw]] = {}  # of the replaced ones
        self._copies = copies or Copies(root)
        self._is_settled = False
        self._new_settings: bytes | None = None
        self._rates: RatesEdit | None = None
        self.rewritten: Mapping[str, EditedFile] = {}

    # what a command may do

    def new_id(self, kind: KindName) -> str:
        """A new id, unique across the book and among those already handed out."""
        while True:
            made = random_id(KINDS[kind].letter, _ID_LENGTH)
            if made not in self._ids:
                self._ids.add(made)
                return made

    def id_from_name(self, kind: KindName, name: str) -> str:
        """A readable id for an organization or a person; a made one when no letter is left."""
        base = slug(name)
        if not base:
            return self.new_id(kind)
        made = unique_slug(base, self._ids)
        self._ids.add(made)
        return made

    def taken_ids(self) -> Container[str]:
        """The ids that a new record must not have."""
        return self._ids

    def add(self, kind: KindName, fields: Mapping[str, Raw]) -> Record:
        """Add a record; `fields` has its id and everything else in the order to be written.

        Raises:
            InvalidInputError: a value is not valid, or the id is taken.
        """
        record = self._typed_record(kind, fields)
        if record.id in self._edits.added or self._ids.is_in_book(record.id):
            raise InvalidInputError.of(
                "duplicate-id",
                f'the id "{record.id}" is taken',
                hint="ids are unique across the book; choose another",
            )
        self._ids.add(record.id)
        self._edits.added[record.id] = (kind, fields)
        self._after[kind].put(record.id, record)
        return record

    def update(self, kind: KindName, record_id: str, changes: Mapping[str, Raw]) -> Record:
        """Change fields of a record; None unsets. What is equal already is left alone.

        Raises:
            InvalidBookError: the record cannot be read.
            InvalidInputError: a value is not valid, or the id would change.
        """
        before = self.raw_of(record_id)
        if "id" in changes and changes["id"] != record_id:
            raise InvalidInputError.of(
                "id-is-fixed",
                "an id is never changed, since other records link to it",
                hint="add a record with the id you want and remove this one",
            )
        wanted = {
            key: value
            for key, value in changes.items()
            if (value is not None or key in before) and before.get(key) != value
        }
        if wanted and "org" not in changes:
            wanted |= self._resolve_org(kind, {**before, **wanted})
        if wanted and "currency" not in wanted and before.get("currency") is None:
            wanted |= self._currency(kind, {**before, **wanted})
        merged = {**before, **wanted}
        record = self._typed_record(
            kind, {key: value for key, value in merged.items() if value is not None}
        )
        self._edits.update(kind, record_id, wanted)
        self._after[kind].put(record_id, record)
        return record

    def _currency(self, kind: KindName, fields: Mapping[str, Raw]) -> dict[str, Raw]:
        """The book's currency, for a deal that is written and whose value names none (rule 4)."""
        if kind != "deals" or self._settings.currency is None:
            return {}
        if all(fields.get(name) is None for name in MONEY):
            return {}
        return {"currency": self._settings.currency}

    def _resolve_org(self, kind: KindName, fields: Mapping[str, Raw]) -> dict[str, Raw]:
        """The organization to store in what names none, now that it is written (rule 2)."""
        kept = {key: value for key, value in fields.items() if value is not None}
        return resolved_org(self._typed_record(kind, kept), self.after)

    def replace(self, kind: KindName, record_id: str, old_text: str, new_text: str) -> Record:
        """Replace the text of a record by what the user made of it in the editor.

        Raises:
            InvalidBookError: the record cannot be read, or its id stands twice.
            ConflictError: the record was changed meanwhile.
            InvalidInputError: the new text is not a valid record.
        """
        if problem := self.view.is_bad(record_id):
            raise InvalidBookError(problem)
        if self.view.location_of(record_id) is None or self.view.text_of(record_id) != old_text:
            raise ConflictError.of(
                "changed-meanwhile",
                f'"{record_id}" was changed by others while it was in the editor',
                hint="run the command again and put your changes in anew",
            )
        try:
            content = parse_record(new_text, f"{record_id}.yaml")
        except InvalidBookError as error:
            raise InvalidInputError(*error.problems) from error
        record = self._typed_record(kind, content)
        if record.id != record_id:
            raise InvalidInputError.of(
                "id-is-fixed",
                f'the id "{record_id}" is never changed, since other records link to it',
                hint="leave the line of the id as it was",
            )
        self._edits.replace(kind, record_id, new_text)
        self._contents[record_id] = content
        self._after[kind].put(record_id, record)
        return record

    def remove(self, kind: KindName, record_id: str) -> None:
        """Remove a record, and the copy in the book of a removed file."""
        record = self.after.of(kind)[record_id]
        if record_id not in self._edits.added and (problem := self.view.is_bad(record_id)):
            raise InvalidBookError(problem)
        path = getattr(record, "path", None)
        if isinstance(path, str):
            named = [file.path for file in self.after.files.values() if file.path is not None]
            self._copies.detach(path, named, self.view)
        self._edits.remove(kind, record_id)
        self._after[kind].take(record_id)

    def attach(self, source: Path, name: str) -> AttachedCopy:
        """Copy a file into the book when the change is committed.

        Raises:
            NotFoundError: it is not there.
            StorageError: it is no regular file, or cannot be read.
        """
        return self._copies.attach(source, name)

    def declare(self, kind: KindName, names: Mapping[str, str]) -> None:
        """Declare custom fields in acctcli.yaml: their names and types."""
        from acctcli.store.config.settings_editor import declare_fields

        if not names:
            return
        content = self._new_settings or self._old_settings().data
        declared = declare_fields(content, SETTINGS_FILE, kind, names)
        if declared != content:
            self._new_settings = declared
            self._settings, _, _ = read_book_settings(declared)

    def add_rates(self, quotes: Sequence[Quote]) -> MergedRates:
        """Add rates of exchange to rates.yaml, and replace those that differ there.

        Raises:
            InvalidBookError: the file cannot be read, or not be edited safely.
        """
        from acctcli.store.changes.rates_editor import edit_rates

        edited = edit_rates(self._root, quotes)
        self._rates = edited if edited.merged.quotes else None
        return edited.merged

    def _old_settings(self) -> FileData:
        found = self.view.file(SETTINGS_FILE)
        assert found is not None  # noqa: S101 - a book without it is none, and cannot be read
        return found

    # what came of it

    def tidy(self) -> None:
        """Do nothing: no change of this kind leaves a folder empty."""

    def membership_changes(self) -> tuple[list[Org], list[Org]]:
        """The organizations that become accounts by this change, and those that cease to be."""
        return membership_changes(self.view, self.after, self._edits.touched_kinds())

    def edits(self) -> PendingEdits:
        """What is done to records."""
        return self._edits

    def referrers(self, kind: KindName, ids: Iterable[str]) -> list[Link]:
        """The links to some records that there will be."""
        found = links_to(self.view, self.after, self._settings, set(ids))
        return [link for link in found if link.target_kind == kind]

    def removal_closure(self, ids: Iterable[str]) -> Data:
        """Records with all that links to them, through others too."""
        return removal_closure(self.view, self.after, self._settings, set(ids))

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        others = self._copies.changes or self._new_settings or self._rates
        return self._edits.is_empty() and not others

    def settle(self) -> None:
        """Store what must not move along with people, and check all links.

        Raises:
            InvalidInputError: a link to nothing, a cycle of parents, or a tier without a rhythm.
            InvalidBookError: what cannot be read may link to what goes.
        """
        self._detach_records()
        check_links(self.view, self.after, self._settings, self._edits.changed_kinds())
        check_tiers(self.view, self.after, self._settings, self._edits.changed_kinds())
        check_removals(self.view, self.after, self._settings, self._edits.removed)

    # changes in steps

    def step(self, view: View) -> Change:
        """A change of what this one made of the book so far; `view` is a view of that.

        Attachments are shared, all else becomes part of this change by `take_in`.
        """
        return Change(self._root, view, self._year, self._copies)

    def take_in(self, step: Change) -> None:
        """Take over the edits of a step, which must be settled.

        Raises:
            InvalidInputError: ``id-of-removed``: an id that a record of another kind had.
        """
        self._is_settled = True
        edits = step.edits()
        for key, kind in edits.removed.items():
            self._after[kind].take(key)
            self._edits.remove(kind, key)
        for key, kind in edits.changed_kinds().items():
            record = step.after.of(kind).get(key)
            if record is None:
                continue  # it was changed, then removed
            self._after[kind].put(key, record)
            fields = edits.added[key][1] if key in edits.added else edits.updated[key]
            if key not in edits.added:
                self._edits.update(kind, key, fields)
            elif key in self._edits.removed:
                self._edits.restore(kind, key, fields, self.view.raw_of(key))
            else:
                self._edits.added[key] = (kind, fields)

    def finish(self, commit_id: str) -> tuple[list[FileChange], Iterator[bytes]]:
        """The new files, verified, and the lines for the history, made as they are asked for.

        Raises:
            InvalidInputError: as for `settle`.
            InvalidBookError: likewise, or a record stands where it cannot be edited safely.
        """
        if not self._is_settled:
            self.settle()
        edits = self._edits
        targets = {kind: self._target(kind) for kind, _ in self._edits.added.values()}
        rewrite = FileChanges(self.view, edits, targets, self._settings, self._head)
        self.rewritten = rewrite.rewritten()
        changes = [*self._copies.changes, *rewrite.changes]
        if self._new_settings is not None:
            old = self._old_settings()
            changes.append(FileChange(path=SETTINGS_FILE, old_sha=old.sha, data=self._new_settings))
        if self._rates is not None:
            changes.append(self._rates.change)
        return changes, self._lines(commit_id, rewrite)

    def _head(self, file: str) -> str:
        return editor_schemas.head_for_new(self._root, file, kind_of_file(file))

    def _lines(self, commit: str, rewrite: FileChanges) -> Iterator[bytes]:
        yield from rewrite.lines(commit)
        for change in self._copies.changes:
            new = change.new_sha if change.source else None
            yield history_format.attachment_entry(commit, change.path, change.old_sha, new)
        if self._new_settings is not None:
            before, after = self._old_settings().data.decode(), self._new_settings.decode()
            yield history_format.settings_entry(commit, SETTINGS_FILE, before, after)
        if self._rates is not None:
            yield from self._rates.lines(commit)

    def _detach_records(self) -> None:
        before = self.view.data.people
        moved = {
            key
            for key, kind in self._edits.touched_kinds().items()
            if kind == "people" and key in before and self._org_of_person(key) != before[key].org
        }
        if not moved:
            return
        reached = self.view.records_owned_through(moved)
        for kind, key, org in records_to_detach(moved, reached, self.view.data, self.after):
            self.update(kind, key, {"org": org})

    def _org_of_person(self, key: str) -> str | None:
        person = self.after.people.get(key)
        return person.org if person else None

    def _target(self, kind: KindName) -> str:
        if kind not in self._targets:
            existing = [name for name in self.view.files() if kind_of_file(name) == kind]
            name = target_for_new(self._root, kind, self._settings, self._year, existing)
            self._targets[kind] = name
        return self._targets[kind]

    # checks

    def raw_of(self, record_id: str) -> Mapping[str, Raw]:
        """The fields of a record as they will be written; None for one that is unset.

        Raises:
            InvalidBookError: the record cannot be read.
            NotFoundError: it is being removed.
        """
        if record_id in self._edits.added:
            return self._edits.added[record_id][1]
        if problem := self.view.is_bad(record_id):
            raise InvalidBookError(problem)
        if record_id in self._edits.removed:
            raise NotFoundError.of("not-found", f'"{record_id}" is being removed')
        content = self._contents.get(record_id)
        if content is None:
            content = self.view.raw_of(record_id)
        return {**content, **self._edits.updated.get(record_id, {})}

    def _typed_record(self, kind: KindName, fields: Mapping[str, Raw]) -> Record:
        record, problems = read_record(KINDS[kind], fields, self._settings.custom_fields(kind))
        if record is None:
            raise InvalidInputError(*problems)
        if isinstance(record, Deal):
            record = with_currency(record, self._settings)
        if isinstance(record, File) and record.path is not None:
            attachments.resolve(self._root, record.path)
        return record
