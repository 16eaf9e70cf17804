"""The book, the only door to the store.

What only writes need is loaded when something is written.

What a crash or a concurrent reader may see: a read is one whole commit or the one before; a write
stands completely or not at all (docs/architecture.md).
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import Struct

from acctcli.core.model.dates import stamp_text
from acctcli.core.model.errors import ConflictError, UsageError
from acctcli.store.files import filesystem
from acctcli.store.files.names import SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from acctcli.core.accounts.exchange_rates import Rates
    from acctcli.core.model.records import Settings
    from acctcli.store.changes.change_set import Change
    from acctcli.store.commit.commit import FileChange
    from acctcli.store.datafiles.edited_windows import EditedFile
    from acctcli.store.index.index import Index
    from acctcli.store.undo.undo import UndoRequest
    from acctcli.store.undo.undo_commit import UndoCommit
    from acctcli.store.views.view import View

_Result = TypeVar("_Result")
_TRIES = 5  # how often a write starts over when others changed a file under it
LOCK_SECONDS = 60.0


class Author(Struct, frozen=True):
    """Who changes the book, by which command, and when: for the history.

    Attributes:
        actor: An e-mail address or a login.
        command: The command's words.
        now: The time it is, with an offset.
    """

    actor: str
    command: tuple[str, ...]
    now: dt.datetime

    def change(self, root: Path, view: View) -> Change:
        """A change of the book by this author; its year is the one in the book's zone (rule 6)."""
        from acctcli.store.changes.change_set import Change

        return Change(root, view, self.now.astimezone(view.zone).year)


class _Writable(Protocol):
    """What can be committed: a Change, or an Undoing."""

    undoes: tuple[str, ...]
    redoes: tuple[str, ...]
    rewritten: Mapping[str, EditedFile]

    def is_empty(self) -> bool: ...

    def finish(self, commit_id: str) -> tuple[Sequence[FileChange], Iterable[bytes]]: ...

    def tidy(self) -> None: ...


class Book:
    """A book: the folder with acctcli.yaml in it."""

    def __init__(
        self,
        root: Path,
        *,
        read_only: bool = False,
        waiting: Callable[[str], None] | None = None,
        index: Index | None = None,
    ) -> None:
        self.root = root
        self.read_only = read_only
        self.waiting = waiting  # gets a sentence when another writer keeps us waiting
        self.index = index  # without one, every file is read and every record held

    def read(self) -> View:
        """The book as it is now. Takes no lock, writes nothing, never waits.

        Raises:
            InvalidBookError: acctcli.yaml cannot be read; bad records are in `View.problems`.
            StorageError: the operating system refuses to read.
        """
        if self.index is not None:
            return self.index.view()
        from acctcli.store.commit.snapshot import read_all
        from acctcli.store.views.whole_book import WholeView

        return WholeView(read_all(self.root))

    def settings(self) -> Settings:
        """What acctcli.yaml says; no other file is read.

        Raises:
            InvalidBookError: it cannot be read.
        """
        return self._settings()[0]

    def zone(self) -> dt.tzinfo:
        """The time zone that acctcli.yaml names; no other file is read.

        Raises:
            InvalidBookError: it cannot be read.
        """
        return self._settings()[1]

    def rates(self) -> Rates:
        """The rates of exchange in rates.yaml; no other file is read.

        Raises:
            InvalidBookError: they cannot be read.
        """
        from acctcli.store.config.rates_reader import load_rates

        return load_rates(self.root)

    def _settings(self) -> tuple[Settings, dt.tzinfo]:
        from acctcli.store.config.settings_reader import read_book_settings

        content, _ = filesystem.read_file(self.root / SETTINGS_FILE, SETTINGS_FILE)
        return read_book_settings(content)[:2]

    def refuse_if_read_only(self) -> None:
        """Raise a UsageError when the book must not be changed."""
        if self.read_only:
            raise UsageError.of(
                "read-only",
                "this command would change the book, and --read-only was given",
                hint="leave out --read-only",
            )

    def write(self, plan: Callable[[Change], _Result], author: Author) -> _Result:
        """Change the book in one transaction and give what the plan gives.

        The plan gets a fresh reading, under the lock, and may be called again when somebody
        else changed a file meanwhile; so it does nothing but edit the Change it is given.

        Raises:
            ConflictError: the lock is held too long, or files keep changing; nothing was changed.
            InvalidInputError, InvalidBookError: the plan's edits; nothing was changed.
            StorageError: the operating system refuses to write; nothing was changed.
        """

        def attempt() -> tuple[Change, _Result]:
            change = author.change(self.root, self.read())
            return change, plan(change)

        return self._transact(attempt, author)

    def undo(
        self, wanted: UndoRequest, author: Author, *, dry_run: bool = False
    ) -> UndoCommit | None:
        """Take commits back, or bring them back, in one new commit; None when there are none.

        Raises:
            ConflictError: what they left was changed since, and with it what `write` raises;
                nothing was changed.
        """
        from acctcli.store.undo.undo import prepare, prepare_dry

        if dry_run:
            return prepare_dry(self.root, self.read, wanted)

        def attempt() -> tuple[UndoCommit | None, UndoCommit | None]:
            undoing = prepare(self.root, self.read, wanted)
            return undoing, undoing

        return self._transact(attempt, author)

    def _transact(
        self, attempt: Callable[[], tuple[_Writable | None, _Result]], author: Author
    ) -> _Result:
        """Commit what an attempt makes, and try again when others changed a file meanwhile."""
        from acctcli.store.commit.commit import ChangedMeanwhile, commit, recover
        from acctcli.store.commit.lock import hold_lock
        from acctcli.store.config import editor_schemas
        from acctcli.store.history import history_format

        self.refuse_if_read_only()
        who = f"{author.actor}: {' '.join(author.command)}"
        with hold_lock(self.root, who, LOCK_SECONDS, waiting=self.waiting):
            for _ in range(_TRIES):
                recover(self.root)
                try:
                    change, result = attempt()
                    if change is None or change.is_empty():
                        return result
                    commit_id = history_format.new_commit_id()
                    changes, lines = change.finish(commit_id)
                    if not (changes or change.undoes or change.redoes):
                        return result
                    close = partial(
                        history_format.closing,
                        commit_id,
                        stamp_text(author.now),
                        author.actor,
                        list(author.command),
                        undoes=change.undoes,
                        redoes=change.redoes,
                    )
                    commit(self.root, changes, history_format.with_closing(lines, close), commit_id)
                except ChangedMeanwhile:
                    continue
                except Exception as error:
                    if self.index is None or not self.index.is_damage(error):
                        raise
                    self.index.forget(error)
                    continue
                change.tidy()
                if self.index is not None:
                    self.index.refresh(change.rewritten)
                editor_schemas.refresh(self.root)
                return result
        raise ConflictError.of(
            "changed-meanwhile",
            f"the files of the book kept changing while they were written ({_TRIES} tries)",
            hint="wait until the other program is done, then run the command again",
        )

    def write_schemas(self) -> None:
        """Write the JSON Schemas for editors into the book, as its settings are now.

        Raises:
            UsageError: the book must not be changed.
            InvalidBookError: acctcli.yaml cannot be read.
            ConflictError: the lock is held too long.
            StorageError: the operating system refuses.
        """
        from acctcli.store.commit.lock import hold_lock
        from acctcli.store.config import editor_schemas

        self.refuse_if_read_only()
        with hold_lock(self.root, "acctcli schema --write", LOCK_SECONDS, waiting=self.waiting):
            editor_schemas.write_now(self.root)

    def rehearse(self, plan: Callable[[Change], _Result], author: Author) -> _Result:
        """What `write` would give, and every error it would raise, with nothing written."""
        change = author.change(self.root, self.read())
        result = plan(change)
        change.finish("rehearsal")
        return result
