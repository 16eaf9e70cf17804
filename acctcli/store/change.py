"""The edits of one command, collected and checked before any byte is written.

A Change works on one fresh reading of the book. Each edit is typed by the schema when it is made,
so what reaches the files is valid; links are checked at the end, since an import may point ahead.
It stages nothing itself: `Book.write` commits what it collected.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from acctcli.core.changes import left_behind, membership, resolved
from acctcli.core.defaults import with_currency
from acctcli.core.errors import (
    ConflictError,
    InvalidBookError,
    InvalidInputError,
    NotFoundError,
)
from acctcli.core.kinds import KINDS, KindName
from acctcli.core.names import slug, unique_slug
from acctcli.core.records import Data, Deal, File
from acctcli.core.schema import read_record
from acctcli.store import attachments, disk, history
from acctcli.store.commit import FileChange
from acctcli.store.copies import Copies
from acctcli.store.filetext import FileText
from acctcli.store.guards import check_links, check_removals
from acctcli.store.locate import SETTINGS_FILE, kind_of_file, target_for_new
from acctcli.store.parse import parse_record
from acctcli.store.splices import backs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from acctcli.core.records import Org, Raw, Record
    from acctcli.store.copies import Attached
    from acctcli.store.view import View

# 32 characters that are not mistaken for one another; with the kind's letter in front an id
# never looks like a number.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 8


class Change:
    """What one command does to the book.

    Attributes:
        view: The book as it is on disk, read under the lock.
        after: The records as they will be.
        undoes: The commits that it takes back: none.
        redoes: The undoing commits that it takes back: none.
    """

    undoes: tuple[str, ...] = ()
    redoes: tuple[str, ...] = ()

    def __init__(self, root: Path, view: View, year: int) -> None:
        self.view = view
        self.after = Data(
            orgs=dict(view.data.orgs),
            people=dict(view.data.people),
            deals=dict(view.data.deals),
            activities=dict(view.data.activities),
            notes=dict(view.data.notes),
            files=dict(view.data.files),
        )
        self._root = root
        self._year = year
        self._settings = view.settings
        self._ids = view.ids()
        self._texts: dict[str, FileText] = {}
        self._targets: dict[KindName, str] = {}
        self._added: dict[str, tuple[KindName, Mapping[str, Raw]]] = {}
        self._updated: dict[str, dict[str, Raw]] = {}
        self._replaced: dict[str, str] = {}
        self._contents: dict[str, Mapping[str, Raw]] = {}  # of the replaced ones
        self._removed: dict[str, KindName] = {}
        self._copies = Copies(root)
        self._new_settings: bytes | None = None

    # what a command may do

    def new_id(self, kind: KindName) -> str:
        """A new id, unique across the book and among those already handed out."""
        while True:
            tail = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
            made = KINDS[kind].letter + tail
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

    def taken_ids(self) -> set[str]:
        """The ids that a new record must not have; a plan that makes ids adds its own."""
        return self._ids

    def add(self, kind: KindName, fields: Mapping[str, Raw]) -> Record:
        """Add a record; `fields` has its id and everything else in the order to be written.

        Raises:
            InvalidInputError: a value is not valid, or the id is taken.
        """
        record = self._typed(kind, fields)
        if record.id in self.view.spots or record.id in self._added or self.view.is_bad(record.id):
            raise InvalidInputError.of(
                "duplicate-id",
                f'the id "{record.id}" is taken',
                hint="ids are unique across the book; choose another",
            )
        self._ids.add(record.id)
        self._added[record.id] = (kind, fields)
        getattr(self.after, kind)[record.id] = record
        return record

    def update(self, kind: KindName, record_id: str, changes: Mapping[str, Raw]) -> Record:
        """Change fields of a record; None unsets. What is equal already is left alone.

        Raises:
            InvalidBookError: the record cannot be read.
            InvalidInputError: a value is not valid, or the id would change.
        """
        before = self._raw_of(record_id)
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
            wanted |= self._resolved(kind, {**before, **wanted})
        if wanted and "currency" not in wanted and before.get("currency") is None:
            wanted |= self._currency(kind, {**before, **wanted})
        merged = {**before, **wanted}
        record = self._typed(
            kind, {key: value for key, value in merged.items() if value is not None}
        )
        if record_id in self._added:
            self._added[record_id] = (kind, {k: v for k, v in merged.items() if v is not None})
        elif wanted:
            self._updated.setdefault(record_id, {}).update(wanted)
        getattr(self.after, kind)[record_id] = record
        return record

    def _currency(self, kind: KindName, fields: Mapping[str, Raw]) -> dict[str, Raw]:
        """The book's currency, for a deal that is written and whose value names none (rule 4)."""
        if kind != "deals" or fields.get("value") is None or self._settings.currency is None:
            return {}
        return {"currency": self._settings.currency}

    def _resolved(self, kind: KindName, fields: Mapping[str, Raw]) -> dict[str, Raw]:
        """The organization to store in what names none, now that it is written (rule 2)."""
        kept = {key: value for key, value in fields.items() if value is not None}
        return resolved(self._typed(kind, kept), self.after)

    def replace(self, kind: KindName, record_id: str, old_text: str, new_text: str) -> Record:
        """Replace the text of a record by what the user made of it in the editor.

        Raises:
            InvalidBookError: the record cannot be read, or its id stands twice.
            ConflictError: the record was changed meanwhile.
            InvalidInputError: the new text is not a valid record.
        """
        if problem := self.view.is_bad(record_id):
            raise InvalidBookError(problem)
        if record_id not in self.view.spots or self.view.text_of(record_id) != old_text:
            raise ConflictError.of(
                "changed-meanwhile",
                f'"{record_id}" was changed by others while it was in the editor',
                hint="run the command again and put your changes in anew",
            )
        try:
            content = parse_record(new_text, f"{record_id}.yaml")
        except InvalidBookError as error:
            raise InvalidInputError(*error.problems) from error
        record = self._typed(kind, content)
        if record.id != record_id:
            raise InvalidInputError.of(
                "id-is-fixed",
                f'the id "{record_id}" is never changed, since other records link to it',
                hint="leave the line of the id as it was",
            )
        self._replaced[record_id] = new_text
        self._contents[record_id] = content
        getattr(self.after, kind)[record_id] = record
        return record

    def remove(self, kind: KindName, record_id: str) -> None:
        """Remove a record, and the copy in the book of a removed file."""
        record = self.after.of(kind)[record_id]
        if record_id in self.view.spots and (problem := self.view.is_bad(record_id)):
            raise InvalidBookError(problem)
        path = getattr(record, "path", None)
        if isinstance(path, str):
            named = [file.path for file in self.after.files.values() if file.path is not None]
            self._copies.detach(path, named, self.view)
        if self._added.pop(record_id, None) is None:
            self._removed[record_id] = kind
        del getattr(self.after, kind)[record_id]

    def attach(self, source: Path, name: str) -> Attached:
        """Copy a file into the book when the change is committed.

        Raises:
            NotFoundError: it is not there.
            StorageError: it is no regular file, or cannot be read.
        """
        return self._copies.attach(source, name)

    def declare(self, kind: KindName, names: Mapping[str, str]) -> None:
        """Declare custom fields in acctcli.yaml: their names and types."""
        from acctcli.store.settingstext import declare_fields

        if not names:
            return
        content = self._new_settings or self.view.snapshot.files[SETTINGS_FILE].data
        declared = declare_fields(content, SETTINGS_FILE, kind, names)
        if declared != content:
            self._new_settings = declared
            self._settings = self.view.settings_from(declared)

    # what came of it

    def tidy(self) -> None:
        """Do nothing: no change of this kind leaves a folder empty."""

    def accounts_made(self) -> tuple[list[Org], list[Org]]:
        """The organizations that become accounts by this change, and those that cease to be."""
        return membership(self.view.data, self.after)

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (
            self._added
            or self._updated
            or self._replaced
            or self._removed
            or self._copies.changes
            or self._new_settings
        )

    def finish(self, commit_id: str) -> tuple[list[FileChange], Iterator[bytes]]:
        """The new files, verified, and the lines for the history, made as they are asked for.

        Raises:
            InvalidInputError: a link to nothing, or a cycle of parents.
            InvalidBookError: a record stands where it cannot be edited safely.
        """
        self._keep_what_people_leave()
        check_links(self.view, self.after, self._settings, self._changed())
        check_removals(self.view, self.after, self._settings, self._removed)
        edits = self._apply_edits()
        additions = self._apply_additions()
        changes = list(self._copies.changes)
        for name, text in self._texts.items():
            old = self.view.snapshot.files.get(name)
            data = text.finish()
            if old is None or data != old.data:
                changes.append(
                    FileChange(
                        path=name,
                        old_sha=old.sha if old else None,
                        data=data,
                        new_sha=disk.sha_of(data),
                    )
                )
        if self._new_settings is not None:
            old_sha = self.view.snapshot.files[SETTINGS_FILE].sha
            changes.append(FileChange(path=SETTINGS_FILE, old_sha=old_sha, data=self._new_settings))
        return changes, self._lines(commit_id, edits, additions, changes)

    def _lines(
        self,
        commit: str,
        edits: Sequence[tuple[str, str | None]],
        additions: Sequence[tuple[str, str, int, bytes]],
        changes: Sequence[FileChange],
    ) -> Iterator[bytes]:
        for record_id, after in edits:
            spot = self.view.spots[record_id]
            text = self._texts[spot.file]
            before = text.records[spot.number].text.decode()
            if after != before:
                yield history.entry(
                    *(commit, spot.kind, record_id, spot.file, text.record_span(spot.number)),
                    *(before, after),
                    above=text.id_above(spot.number) if after is None else None,
                )
        for record_id, name, position, made in additions:
            kind = self._added[record_id][0]
            yield history.entry(commit, kind, record_id, name, position, None, made.decode())
        for change in changes:
            yield from self._lines_of_file(commit, change)

    def _lines_of_file(self, commit: str, change: FileChange) -> Iterator[bytes]:
        name = change.path
        if name == SETTINGS_FILE and change.data is not None:
            before = self.view.snapshot.files[SETTINGS_FILE].data.decode()
            yield history.settings_entry(commit, name, before, change.data.decode())
        elif name in self._texts:
            text = self._texts[name]
            yield from history.file_entries(
                commit, name, change.old_sha, change.new_sha, backs(text.data, text.splices)
            )
        else:
            new = change.new_sha if change.source else None
            yield history.attachment_entry(commit, name, change.old_sha, new)

    def _keep_what_people_leave(self) -> None:
        before = self.view.data.people
        moved = {
            key
            for key in {*self._updated, *self._replaced, *self._removed}
            if key in before and self._org_of_person(key) != before[key].org
        }
        for kind, key, org in left_behind(moved, self.view.data, self.after):
            self.update(kind, key, {"org": org})

    def _org_of_person(self, key: str) -> str | None:
        person = self.after.people.get(key)
        return person.org if person else None

    def _apply_edits(self) -> list[tuple[str, str | None]]:
        """Edit the texts; gives the new text of each record, None for one that goes."""
        made: list[tuple[str, str | None]] = []
        touched = {*self._updated, *self._replaced, *self._removed} - set(self._added)
        for record_id in sorted(touched, key=lambda key: self.view.spots[key]):
            spot = self.view.spots[record_id]
            text = self._text(spot.file)
            after: str | None = None
            if record_id in self._removed:
                text.remove(spot.number)
            elif record_id in self._replaced:
                after = text.replace(spot.number, self._replaced[record_id]).decode()
                if record_id in self._updated:
                    after = text.set(spot.number, self._updated[record_id]).decode()
            else:
                after = text.set(spot.number, self._updated[record_id]).decode()
            made.append((record_id, after))
        return made

    def _apply_additions(self) -> list[tuple[str, str, int, bytes]]:
        """Add the texts of new records; gives id, file, place and text of each."""
        made: list[tuple[str, str, int, bytes]] = []
        for record_id, (kind, fields) in self._added.items():
            name = self._target(kind)
            made.append((record_id, name, *self._text(name).append(fields)))
        return made

    def _target(self, kind: KindName) -> str:
        if kind not in self._targets:
            existing = [name for name in self.view.readings if kind_of_file(name) == kind]
            name = target_for_new(self._root, kind, self._settings, self._year, existing)
            self._targets[kind] = name
        return self._targets[kind]

    def _text(self, name: str) -> FileText:
        """The text of a file that is edited; a file that is not there yet is empty."""
        if name not in self._texts:
            kind = KINDS[kind_of_file(name)]
            # What is edited are the bytes whose hash the commit checks, so that a file can never
            # be replaced by one that was made from anything else.
            old = self.view.snapshot.files.get(name)
            self._texts[name] = FileText(
                name,
                old.data if old else b"",
                kind,
                self._settings.custom_fields(kind.name),
                reading=self.view.readings.get(name),
            )
        return self._texts[name]

    # checks

    def _raw_of(self, record_id: str) -> Mapping[str, Raw]:
        if record_id in self._added:
            return self._added[record_id][1]
        if problem := self.view.is_bad(record_id):
            raise InvalidBookError(problem)
        if record_id in self._removed:
            raise NotFoundError.of("not-found", f'"{record_id}" is being removed')
        content = self._contents.get(record_id)
        if content is None:
            spot = self.view.spots[record_id]
            content = self.view.readings[spot.file].records[spot.number].raw or {}
        return {**content, **self._updated.get(record_id, {})}

    def _typed(self, kind: KindName, fields: Mapping[str, Raw]) -> Record:
        record, problems = read_record(KINDS[kind], fields, self._settings.custom_fields(kind))
        if record is None:
            raise InvalidInputError(*problems)
        if isinstance(record, Deal):
            record = with_currency(record, self._settings)
        if isinstance(record, File) and record.path is not None:
            attachments.resolve(self._root, record.path)
        return record

    def _changed(self) -> dict[str, KindName]:
        """The kind of each record that was edited or added, by id."""
        edited = [key for key in (*self._updated, *self._replaced) if key in self.view.spots]
        return {key: self.view.spots[key].kind for key in edited} | {
            key: kind for key, (kind, _) in self._added.items()
        }
