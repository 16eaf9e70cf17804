"""A book that is walked over, with its index, and how commands and editors change it.

After each step the book as its index tells it is compared with the book as its files do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import (
    AcctcliError,
    ConflictError,
    InvalidBookError,
    InvalidInputError,
)
from acctcli.core.model.kinds import KIND_NAMES, KindName
from acctcli.store.book import Author, Book
from acctcli.store.commit.commit import recover
from acctcli.store.index.index import Index, is_stale_reading
from acctcli.store.undo.undo import UndoRequest
from helpers.files import files_of
from helpers.view_comparison import IDS, difference, listed

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from acctcli.store.changes.change_set import Change
    from acctcli.store.commit.commit import FileChange
    from acctcli.store.views.view import View

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
AUTHOR = Author("anna", ("walk",), NOON)
TRIES = 4  # how often a view is made anew that turns out to be damaged

SETTINGS = b"format: 1\ncurrency: EUR\ntimezone: Europe/Rome\nfields: {orgs: {vat: text}}\n"
SOME_SETTINGS = (
    SETTINGS,
    b"format: 1\ncurrency: EUR\ntimezone: America/Bogota\n",
    b"format: 1\ntimezone: Asia/Tokyo\ncontact_types: [task]\n",
    b"format: 1\ncurrency: USD\nfields: {orgs: {vat: number, partner: org}, deals: {tax: money}}\n",
    b'format: 1\ncurrency: EUR\nnew_records: {deals: "deals/{year}.yaml"}\nodd: 1\n',
    SETTINGS + b"# a comment\n",
    b"format: 1\ncurrency: EUX\n",
)
BEGINNING = {
    "acctcli.yaml": SETTINGS,
    "orgs.yaml": (
        "# ours\n\n# the first\n- id: acme\n  name: Acme\n  owner: Anna   # since\n"
        "  vat: '12'\n\n- id: bianchi\n  name: Łódź Öl\n  labels: [vip]\n- id: cole\n  name: Cole\n"
    ).encode(),
    "people.yaml": b"- id: eva\n  name: Eva\n  org: acme\n- id: max\n  name: Max\n",
    "deals.yaml": (
        b"- id: d1\n  title: ERP\n  org: acme\n  value: 100\n  status: won\n"
        b"  won_time: 2026-01-15\n- id: d2\n  title: The currency\n  person: eva\n  value: 7.50\n"
        b"  status: won\n"
    ),
    "deals/2026.yaml": b"- id: d3\n  title: Training\n  org: ghost\n  status: open\n",
    "activities.yaml": (
        b"- id: a1\n  subject: Call\n  type: call\n  deal: d2\n  done: true\n"
        b"  done_time: 2026-03-01\n- id: a2\n  subject: Ask\n  type: call\n  person: eva\n"
        b"  deal: d3\n  due_date: 2026-03-12\n"
    ),
}


class Past(NamedTuple):
    """The files before and after a commit, while nothing else has changed them."""

    before: dict[str, bytes]
    after: dict[str, bytes]


class Walk:
    """A book, and its index."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.root = folder / "book"
        self.cache = folder / "cache"
        self.folder = folder
        self.chance = chance
        self.done: list[Past | None] = []
        self.undone: list[Past | None] = []
        self.copies: list[dict[str, bytes]] = []  # of the index as it was
        self.held: list[tuple[View, object]] = []
        self.told: list[str] = []  # what was done, for a walk that failed
        self.number = 0
        self.died = False  # a command, and nobody has cleared up behind it
        self.lost = False  # whether a command has died, of which nobody knows what became
        for name, data in BEGINNING.items():
            self.put(name, data)

    # the two ways

    def compare(self) -> None:
        """Compare what the index tells with what the files do."""
        try:
            whole: View | None = Book(self.root).read()
            refused = None
        except AcctcliError as error:
            whole, refused = None, error
        for _ in range(TRIES):
            index = Index(self.root, self.cache)
            try:
                view = index.view()
            except AcctcliError as error:
                told = type(error), error.problems
                right = refused and (type(refused), refused.problems)
                self.must(told == right, f"{error} and not {refused}")
                return
            assert whole is not None, f"{self.told}: no {refused}"
            try:
                found = difference(view, whole, self.number)
            except Exception as error:
                if not is_stale_reading(error):
                    raise
                index.forget(error)
                continue
            assert found is None, f"{self.told}: {found}"
            if self.chance.random() < 0.1 and not self.is_unfinished():
                self.held = [*self.held[-2:], (view, held_facts(view))]
            return
        raise AssertionError(f"{self.told}: the index stays damaged")

    def is_unfinished(self) -> bool:
        """Whether a command has died in the midst of its commit."""
        return (self.root / ".acctcli" / "journal").exists()

    def finish(self) -> None:
        """Finish what a command has left, or take it back, as the next one does."""
        if self.died:
            try:
                recover(self.root)
            except ConflictError:  # edited since: the user takes back by hand what was begun
                for path in [*self.root.rglob("*.acctcli-tmp"), self.root / ".acctcli/journal"]:
                    path.unlink(missing_ok=True)
            self.died = False
            self.told.append("finished")
            self.compare()

    def state(self) -> dict[str, bytes]:
        """Every file of the book but the history and acctcli's own."""
        return {
            name: data
            for name, data in files_of(self.root).items()
            if name != "history.jsonl" and not name.startswith(".acctcli/")
        }

    def must(self, holds: bool, message: str) -> None:  # noqa: FBT001 - as assert
        """Fail with what was done so far."""
        assert holds, f"{self.told}: {message}"

    # commands

    def write(self, plan: Callable[[Change], object]) -> None:
        """Change the book by a plan, and hold it beside what is done without an index."""
        expected: dict[str, str | None] | type[Exception]
        self.finish()
        before = self.state()
        texts = self.texts()
        try:
            change = AUTHOR.change(self.root, Book(self.root).read())
            plan(change)
            expected = {each.path: _sha_of(each) for each in change.finish("x")[0]}
            touched = set(change.edits().touched_kinds())
        except AcctcliError as error:
            expected, touched = type(error), set()
        try:
            Book(self.root, index=Index(self.root, self.cache)).write(plan, AUTHOR)
        except AcctcliError as error:
            self.must(expected is type(error), f"{error} and not {expected}")
            self.must(self.state() == before, "a refused change has changed something")
            return
        assert isinstance(expected, dict), f"{self.told}: done, and not {expected}"
        after = self.state()
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        assert changed == {
            name for name, sha in expected.items() if sha != _sha(before.get(name))
        }, self.told
        assert {name: _sha(after.get(name)) for name in changed} == {
            name: expected[name] for name in changed
        }, self.told
        now = self.texts()
        for key in texts.keys() - touched:
            assert now.get(key) == texts[key], f"{self.told}: {key}"
        if changed:
            self.done.append(Past(before, after))
            self.undone.clear()

    def texts(self) -> dict[str, str]:
        """The text of each record by its id."""
        try:
            view = Book(self.root).read()
        except AcctcliError:
            return {}
        return {
            key: view.text_of(key).rstrip() for kind in KIND_NAMES for key in view.data.of(kind)
        }

    def undo(self, *, redo: bool) -> None:
        """Take the newest commit back, or bring it back."""
        self.finish()
        before = self.state()
        past, other = (self.undone, self.done) if redo else (self.done, self.undone)
        book = Book(self.root, index=Index(self.root, self.cache))
        try:
            undoing = book.undo(UndoRequest(redo=redo), AUTHOR)
        except AcctcliError as error:
            self.must(self.state() == before, "a refused undo has changed something")
            # What linked to nothing or was bad before the commit does not come back.
            wrong = isinstance(error, InvalidInputError | InvalidBookError)
            self.must(not past or past[-1] is None or wrong, str(error))
            return
        if undoing is None:
            assert not past or self.lost, f"{self.told}: nothing to undo"
            return
        known = past.pop() if past else None
        other.append(known)
        if known is not None:
            assert self.state() == (known.after if redo else known.before), self.told

    # by hand

    def put(self, name: str, data: bytes | None) -> None:
        """Write a file as an editor does."""
        path = self.root / name
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self.edited()

    def edited(self) -> None:
        """Forget what an undo would lead back to, since something else has changed."""
        self.done = [None for _ in self.done]
        self.undone = [None for _ in self.undone]

    def names(self) -> list[str]:
        """The files with records."""
        return [name for name in self.state() if name.split("/")[0].split(".")[0] in KIND_NAMES]

    def pick(self) -> tuple[str, list[bytes]] | None:
        """A file in pieces: what stands above, and its records, as its lines tell them."""
        names = self.names()
        if not names:
            return None
        name = self.chance.choice(names)
        return name, re.split(rb"(?m)^(?=- )", (self.root / name).read_bytes())

    def free_id(self, kind: KindName) -> str:
        """An id, mostly of no record."""
        return self.chance.choice(IDS[kind])

    def step(self, step: Callable[[Walk], None]) -> None:
        """Do one step."""
        self.number += 1
        self.told.append(step.__name__)
        step(self)


def held_facts(view: View) -> object:
    """What a view tells for as long as it is held, whatever others do."""
    return listed(view), {kind: list(view.data.of(kind).items()) for kind in KIND_NAMES}


def _sha_of(change: FileChange) -> str | None:
    data = change.data
    if data is None:
        return change.new_sha
    return _sha(data if isinstance(data, bytes) else b"".join(data))


def _sha(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()
