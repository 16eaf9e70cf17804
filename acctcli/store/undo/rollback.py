"""Files without the commits that are taken back.

Where a file is as the commit left it, its bytes are brought back by the commit's own splices, and
their hash is compared. Where it was changed elsewhere since, each record is found by its id, and
must be as the commit left it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.core.model.errors import (
    AcctcliError,
    ConflictError,
    InvalidBookError,
    Place,
    Problem,
)
from acctcli.core.model.kinds import KIND_NAMES, KINDS
from acctcli.store.commit import journal
from acctcli.store.datafiles.splices import PieceTable, ReverseSplice
from acctcli.store.files import attachments, filesystem
from acctcli.store.files.layout import is_file_of
from acctcli.store.files.names import HISTORY_FILE, RATES_FILE, SETTINGS_FILE
from acctcli.store.history import history_format
from acctcli.store.history.reader import about_record, newest_first
from acctcli.store.undo.restore_records import RestoreConflict, restore_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from acctcli.store.datafiles.splices import Splice
    from acctcli.store.history.history_format import Closing, HistoryLine
    from acctcli.store.history.reader import PastCommit


_SHA = re.compile(r"[0-9a-f]{64}")


class ChangedSinceError(ConflictError):
    """What a commit left was changed since; nothing was changed now.

    Attributes:
        clashes: What it left and what stands now.
    """

    def __init__(self, *problems: Problem, clashes: Sequence[RestoreConflict] = ()) -> None:
        super().__init__(*problems)
        self.clashes = tuple(clashes)


def commit_label(closing: Closing) -> str:
    """A commit as a message names it."""
    return f'"{" ".join(closing.command)}" ({closing.commit})'


class TouchedFile:
    """A data file that commits are taken back from.

    Attributes:
        name: Its path in the book.
        old: Its bytes as they are on disk; None when it is not there.
        new: Its bytes as they will be, in pieces; None when it goes.
        ids: The ids of the records that may have changed.
    """

    def __init__(self, name: str, old: bytes | None) -> None:
        self.name = name
        self.old = old
        self.new: Sequence[bytes | memoryview] | None = None if old is None else [old]
        self.ids: dict[str, None] = {}
        self.sha = None if old is None else filesystem.sha_of(old)
        self._pieces = PieceTable(old or b"")

    def restore_bytes(self, lines: Sequence[HistoryLine]) -> bool:
        """Bring the bytes from before a commit back; whether that is certain, else nothing is done.

        `lines` are those about the file's bytes.
        """
        if not lines or lines[0].after_sha256 != self.sha:
            return False
        before = lines[0].before_sha256
        pieces = self._pieces.copy()
        try:
            pieces.change(
                [
                    ReverseSplice(at, size, text.encode())
                    for each in lines
                    for at, size, text in each.splices
                ]
            )
        except ValueError:
            return False
        content = pieces.parts()
        if filesystem.sha_of(content) != (before or filesystem.sha_of(b"")):
            return False
        self._take(pieces, None if before is None else content, before)
        return True

    def by_records(self, lines: Sequence[HistoryLine], closing: Closing, *, made: bool) -> None:
        """Put each record back as it was before a commit; `made` if the commit made the file.

        Raises:
            ChangedSinceError: a record is not as the commit left it.
            InvalidBookError: the file cannot be read, or not be edited safely.
        """
        content = self._pieces.content()
        steps, clashes = restore_records(self.name, content, lines)
        if clashes:
            raise changed_since(closing, clashes, Place(self.name))
        pieces = self._pieces.copy()
        pieces.change(steps)
        content = pieces.content()
        if made and not content.strip():
            pieces.change([ReverseSplice(0, len(content), b"")])
            self._take(pieces, None, None)
        else:
            self._take(pieces, [content], filesystem.sha_of(content))

    def _take(
        self, pieces: PieceTable, content: Sequence[bytes | memoryview] | None, sha: str | None
    ) -> None:
        self._pieces, self.new, self.sha = pieces, content, sha

    @property
    def is_same(self) -> bool:
        """Whether nothing differs in the end."""
        if self.old is None or self.new is None:
            return self.old is None and self.new is None
        return self.sha == filesystem.sha_of(self.old)

    def read_new(self, start: int, end: int) -> bytes:
        """A part of the new bytes."""
        made, at = [], 0
        for piece in self.new or ():
            made.append(bytes(piece[max(start - at, 0) : max(end - at, 0)]))
            at += len(piece)
        return b"".join(made)

    def splices(self) -> Iterable[Splice]:
        """Where the new bytes differ from those on disk."""
        return self._pieces.splices()


def changed_since(
    closing: Closing, clashes: Sequence[RestoreConflict], place: Place
) -> ChangedSinceError:
    """The error of things that were changed since a commit."""
    what = clashes[0].title
    more = f" and {len(clashes) - 1} more" if len(clashes) > 1 else ""
    return ChangedSinceError(
        Problem(
            id="changed-since",
            message=(
                f"{what}{more} changed after {commit_label(closing)}, so that cannot be taken back"
            ),
            place=place,
            hint="nothing was changed; take the later change back first, or bring the text that "
            "you want into the file by hand",
        ),
        clashes=clashes,
    )


class Rollback:
    """The book as it would be without some commits, taken back one after the other.

    Attributes:
        files: The data files that change, by name.
        copies: SHA-256 on disk and SHA-256 wanted of each attachment; None when there is none.
        settings: The content of acctcli.yaml on disk and the one wanted, when a commit changed it.
        rates: The file rates.yaml, likewise.
    """

    def __init__(self, root: Path) -> None:
        self.files: dict[str, TouchedFile] = {}
        self.copies: dict[str, tuple[str | None, str | None]] = {}
        self.settings: tuple[str, str] | None = None
        self.rates: TouchedFile | None = None
        self._root = root

    def take_back(self, past: PastCommit) -> None:
        """Take a commit back; the newer ones come first.

        Raises:
            ChangedSinceError: what it left was changed since.
            InvalidBookError: the history is damaged there, or a file is.
            StorageError: a file cannot be read.
        """
        by_file: dict[str, list[HistoryLine]] = {}
        for line in _lines_of(past):
            by_file.setdefault(line.file or "", []).append(line)
        for name, lines in by_file.items():
            if lines[0].kind == history_format.ATTACHMENT:
                self._copy(name, lines[0], past.closing)
            elif lines[0].kind == history_format.SETTINGS:
                self._settings(lines[0], past.closing)
            elif lines[0].kind == history_format.RATES:
                self._rates(lines, past.closing)
            else:
                self._file(name, lines, past.closing)

    def _file(self, name: str, lines: Sequence[HistoryLine], closing: Closing) -> None:
        file = self.files.get(name)
        if file is None:
            if not any(is_file_of(kind, name) for kind in KIND_NAMES):
                raise _damaged_error(closing)
            journal.locate(self._root, name)  # what is no path in the book is not even read
            file = self.files[name] = TouchedFile(name, _content(self._root, name))
        whole = [line for line in lines if line.kind == history_format.FILE]
        records = [line for line in lines if line.kind in KINDS]
        file.ids.update((line.id, None) for line in records if line.id is not None)
        if not file.restore_bytes(whole):
            made = bool(whole) and whole[0].before_sha256 is None
            try:
                file.by_records(records, closing, made=made)
            except ChangedSinceError as error:
                clashes = [_with_text(self._root, clash) for clash in error.clashes]
                raise ChangedSinceError(*error.problems, clashes=clashes) from error

    def _settings(self, line: HistoryLine, closing: Closing) -> None:
        if self.settings is None:
            now = (_content(self._root, SETTINGS_FILE) or b"").decode("utf-8", "replace")
            self.settings = (now, now)
        disk_text, now = self.settings
        if now != line.after or line.before is None:
            clash = RestoreConflict(SETTINGS_FILE, line.after, now)
            raise changed_since(closing, [clash], Place(SETTINGS_FILE))
        self.settings = (disk_text, line.before)

    def _rates(self, lines: Sequence[HistoryLine], closing: Closing) -> None:
        if self.rates is None:
            self.rates = TouchedFile(RATES_FILE, _content(self._root, RATES_FILE))
        if lines[0].file != RATES_FILE or not self.rates.restore_bytes(lines):
            clash = RestoreConflict(
                RATES_FILE, _sha_text(lines[0].after_sha256), _sha_text(self.rates.sha)
            )
            raise changed_since(closing, [clash], Place(RATES_FILE))

    def _copy(self, path: str, line: HistoryLine, closing: Closing) -> None:
        shas = (line.before_sha256, line.after_sha256)
        if not all(sha is None or _SHA.fullmatch(sha) for sha in shas):
            raise _damaged_error(closing)  # it is going to be a name in the attic
        if path not in self.copies:
            now = attachments.sha_of_copy(self._root, path)
            self.copies[path] = (now, now)
        on_disk, now = self.copies[path]
        if now != line.after_sha256:
            clash = RestoreConflict(path, _sha_text(line.after_sha256), _sha_text(now))
            raise changed_since(closing, [clash], Place(path))
        self.copies[path] = (on_disk, line.before_sha256)


def _with_text(root: Path, clash: RestoreConflict) -> RestoreConflict:
    """The text of an addition, of which there is only a hash: a later commit may have it."""
    if clash.old is not None or clash.id is None:
        return clash
    later = newest_first(root, about_record(clash.id))
    texts = (line.before for past in later for line in past.readable_lines() if line.before)
    left = next((text for text in texts if filesystem.sha_of(text.encode()) == clash.sha), None)
    return clash._replace(old=left)


def _sha_text(sha: str | None) -> str:
    return f"SHA-256 {sha}\n" if sha else ""


def _content(root: Path, name: str) -> bytes | None:
    try:
        return filesystem.read_file(root / name, name)[0]
    except FileNotFoundError:
        return None


def _lines_of(past: PastCommit) -> list[HistoryLine]:
    """All lines of a commit.

    Raises:
        InvalidBookError: "history-damaged", when they are not all there.
    """
    try:
        lines = list(past.lines())
        if past.is_whole:
            return lines
    except ValueError:
        pass
    raise _damaged_error(past.closing)


def _damaged_error(closing: Closing) -> AcctcliError:
    return InvalidBookError.of(
        "history-damaged",
        f"{commit_label(closing)} cannot be taken back: its lines cannot all be read",
        place=Place(HISTORY_FILE),
        hint="bring the lines back, such as from git or a backup",
    )
