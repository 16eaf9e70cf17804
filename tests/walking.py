"""Walks over a book: commands, hand edits, undo, and whatever may befall an index and its files.

After each step the book as its index tells it is compared with the book as its files do.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from conftest import files_of
from dying import Death, Killed

from acctcli.core.errors import AcctcliError, ConflictError, InvalidBookError, InvalidInputError
from acctcli.core.kinds import KIND_NAMES, KINDS, KindName
from acctcli.core.page import page
from acctcli.store.book import Author, Book
from acctcli.store.commit import recover
from acctcli.store.index.opening import Index, is_void
from acctcli.store.undo import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from acctcli.core.records import Raw
    from acctcli.store.change import Change
    from acctcli.store.commit import FileChange
    from acctcli.store.index.view import IndexedView
    from acctcli.store.view import View

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 10)
AUTHOR = Author("anna", ("walk",), NOON)
TRIES = 4  # how often a view is made anew that turns out to be damaged

IDS: dict[KindName, tuple[str, ...]] = {
    "orgs": ("acme", "acme-2", "bianchi", "cole"),
    "people": ("eva", "max", "ida"),
    "deals": ("d1", "d2", "d3", "d4"),
    "activities": ("a1", "a2", "a3", "a4"),
    "notes": ("n1", "n2"),
    "files": ("f1", "f2"),
}
NAMES = ("Acme", "ACMÉ", "Łódź Öl", "bianchi", "a currency: of", "eva", "東京", "x" * 130)
_PLAIN_NAMES = ("Acme", "ACMÉ", "Łódź Öl", "bianchi", "the currency", "eva", "東京", "x" * 130)
_DAYS = ("2026-01-15", "2026-03-09", "2026-03-12", "2026-12-31T23:30:00Z", "2025-07-01")
_MONEY = ("100", "12.50", "-3", "0.005")
_LINKS: dict[str, KindName] = {"org": "orgs", "person": "people", "deal": "deals"}

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


# what is compared


def difference(indexed: View, whole: View, part: int | None = None) -> str | None:  # noqa: PLR0911 - each tells what differs
    """What the two views do not have in common; None when there is nothing.

    With a part, a third of the names and ids that are sought.
    """
    third = slice(None) if part is None else slice(part % 3, None, 3)
    asked = {
        **_ASKED,
        "mentions": _mapped(lambda view, text: view.mention(text), _MENTIONS[third]),
        "what reaches": lambda view: _reaching(view, _ALL_IDS[third]),
        "names": lambda view: _found(view, _SOUGHT[third]),
    }
    for name, ask in asked.items():
        found, right = ask(indexed), ask(whole)
        if found != right:
            return f"{name}: {found!r}\n  and not {right!r}"
    ids = [key for kind in KIND_NAMES for key in whole.data.of(kind)]
    for kind in KIND_NAMES:
        records = whole.data.of(kind)
        if list(indexed.data.of(kind).items()) != list(records.items()):
            return f"{kind}: {dict(indexed.data.of(kind))!r}\n  and not {dict(records)!r}"
        if len(indexed.data.of(kind)) != len(records) or "ghost" in indexed.data.of(kind):
            return f"the number of {kind}"
    spots = [(whole.spot(key), indexed.spot(key)) for key in ids]
    for right_spot, spot in spots:
        assert right_spot is not None
        if spot is None or (spot.kind, spot.file) != (right_spot.kind, right_spot.file):
            return f"{spot} and not {right_spot}"
    if sorted(ids, key=lambda key: _place(indexed, key)) != sorted(
        ids, key=lambda key: _place(whole, key)
    ):
        return "the order of spots"
    for key in ids:
        for each in (_record_facts, _field_places):
            if each(indexed, key) != each(whole, key):
                return f"{key}: {each(indexed, key)}\n  and not {each(whole, key)}"
    for org_id in whole.data.orgs:
        pages = [
            page(org_id, view.around(org_id), view.settings, TODAY, view.zone)
            for view in (indexed, whole)
        ]
        if pages[0] != pages[1]:
            return f"page of {org_id}: {pages[0]!r}\n  and not {pages[1]!r}"
    return None


def _place(view: View, key: str) -> tuple[int, int]:
    spot = view.spot(key)
    assert spot is not None
    return spot.rank, spot.number


def _record_facts(view: View, key: str) -> object:
    return list(view.raw_of(key).items()), view.text_of(key), view.won_count(key)


def _field_places(view: View, key: str) -> object:
    return view.place(key), view.place(key, list(view.raw_of(key))[-1])


_ALL_IDS = ("ghost", "e", "x", "new1", *(key for ids in IDS.values() for key in ids))
_SOUGHT = ("Acme", "acmé", "ac", "a", "d", "łódź öl", "LODZ OL", "x" * 130, "", "eva", "東京", "n1")


_MENTIONS = (*_ALL_IDS, "Acme", "bad")


def _mapped(ask: Callable[[View, str], object], keys: Sequence[str]) -> Callable[[View], object]:
    return lambda view: {key: ask(view, key) for key in keys}


def _files(view: View) -> object:
    names = ["acctcli.yaml", *view.files()]
    found = [view.file(name) for name in [*names, "ghost.yaml"]]
    return names, [(each.data, each.sha) for each in found if each]


def _listed(view: View) -> object:
    return [
        [(each.row, list(each.contacts), dict(each.custom)) for each in rows]
        for rows in (view.listed(TODAY, accounts_only=only) for only in (True, False))
    ]


def _reaching(view: View, ids: Sequence[str]) -> object:
    ones = [view.reaching({key}) for key in ids]
    return ones, view.reaching({"acme", "eva"}), view.reaching(set())


def _found(view: View, names: Sequence[str]) -> object:
    found: list[object] = []
    for kind in KIND_NAMES:
        for name in names:
            try:
                found.append(view.find(kind, name))
            except AcctcliError as error:
                found.append(error.problems)
    return found, view.named("orgs", "acme"), view.named("deals", "d"), view.named("people", "")


_ASKED: dict[str, Callable[[View], object]] = {
    "settings": lambda view: (view.settings, str(view.zone), tuple(view.odd)),
    "files": _files,
    "problems": lambda view: list(view.problems),
    "bad ids": lambda view: set(view.bad_ids()),
    "what is bad": _mapped(lambda view, key: (view.is_bad(key), view.is_taken(key)), _ALL_IDS),
    "broken kinds": lambda view: set(view.broken_kinds()),
    "how many are unread": lambda view: view.unread_count(),
    "unknown keys": lambda view: list(view.unknown_keys()),
    "bare values": lambda view: list(view.bare_values()),
    "lists": _listed,
    "won counts": _mapped(lambda view, key: view.won_count(key), IDS["orgs"]),
}


# a book that is walked over


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
        self.held: list[tuple[IndexedView, object]] = []
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
                assert refused is not None, f"{self.told}: {error}"
                assert (type(error), error.problems) == (type(refused), refused.problems)
                return
            assert whole is not None, f"{self.told}: no {refused}"
            try:
                found = difference(view, whole, self.number)
            except Exception as error:
                if not is_void(error):
                    raise
                index.forget(error)
                continue
            assert found is None, f"{self.told}: {found}"
            if self.chance.random() < 0.1 and not self.is_unfinished():
                self.held = [*self.held[-2:], (view, _held(view))]
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
            touched = set(change._touched())
        except AcctcliError as error:
            expected, touched = type(error), set()
        try:
            Book(self.root, index=Index(self.root, self.cache)).write(plan, AUTHOR)
        except AcctcliError as error:
            assert expected is type(error), f"{self.told}: {error} and not {expected}"
            assert self.state() == before
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
        return {key: view.text_of(key).rstrip() for kind in KIND_NAMES for key in view.data.of(kind)}

    def undo(self, *, redo: bool) -> None:
        """Take the newest commit back, or bring it back."""
        self.finish()
        before = self.state()
        past, other = (self.undone, self.done) if redo else (self.done, self.undone)
        book = Book(self.root, index=Index(self.root, self.cache))
        try:
            undoing = book.undo(Wanted(redo=redo), AUTHOR)
        except AcctcliError as error:
            assert self.state() == before
            # What linked to nothing or was bad before the commit does not come back.
            wrong = isinstance(error, InvalidInputError | InvalidBookError)
            assert not past or past[-1] is None or wrong, f"{self.told}: {error}"
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

    def step(self, name: str) -> None:
        """Do one step."""
        self.number += 1
        self.told.append(name)
        STEPS[name](self)


def _held(view: View) -> object:
    return _listed(view), {kind: list(view.data.of(kind).items()) for kind in KIND_NAMES}


def _sha_of(change: FileChange) -> str | None:
    return _sha(change.data) if change.data is not None else change.new_sha


def _sha(data: bytes | None) -> str | None:
    import hashlib

    return None if data is None else hashlib.sha256(data).hexdigest()


# records


def fields(walk: Walk, kind: KindName, key: str) -> dict[str, Raw]:
    """Values of a record; few ids, so that links meet and dangle."""
    chance = walk.chance
    made: dict[str, Raw] = {"id": key, KINDS[kind].label: chance.choice(_PLAIN_NAMES)}
    for field, target in _LINKS.items():
        if KINDS[kind].field(field) and chance.random() < 0.45:
            made[field] = chance.choice([*IDS[target], "ghost"])
    if kind == "orgs" and chance.random() < 0.3:
        made |= {"parent": chance.choice(IDS["orgs"]), "vat": "12"}
    if kind == "deals":
        made["status"] = chance.choice(["won", "won", "open", "lost"])
        if chance.random() < 0.6:
            made["value"] = chance.choice(_MONEY)
        if chance.random() < 0.3:
            made["currency"] = chance.choice(["EUR", "JPY"])
        if chance.random() < 0.4:
            made["won_time"] = chance.choice(_DAYS)
    if kind == "activities":
        made["type"] = chance.choice(["call", "task", "meeting"])
        if chance.random() < 0.5:
            made["due_date"] = chance.choice(_DAYS[:3])
        if chance.random() < 0.5:
            made |= {"done": "true", "done_time": chance.choice(_DAYS)}
    return made


def some_kind(walk: Walk) -> KindName:
    """A kind; those that add up more often."""
    return walk.chance.choice(("orgs", "people", "deals", "deals", "activities", *KIND_NAMES))


def text(walk: Walk, kind: KindName, key: str) -> bytes:
    """A record as people write it, in any form."""
    chance = walk.chance
    made = fields(walk, kind, key)
    form = chance.choice(("plain", "plain", "plain", "plain", *_FORMS))
    lines = [f"{name}: {value}" for name, value in made.items()]
    lines += _FORMS.get(form, [])
    if form == "mixed":
        chance.shuffle(lines)
    comment = "# above\n" if chance.random() < 0.15 else ""
    after = chance.choice(["", "", "", "\n", "\n# acme, in general\n\n", "  # deeper\n"])
    dash = "-\n  " if form == "alone" else "- "
    return (comment + dash + "\n  ".join(lines) + "\n" + after).encode()


_FORMS: dict[str, list[str]] = {
    "mixed": ["labels: [a, b]"],
    "alone": ["owner: Anna"],
    "block": ["owner: |", "  one: two", "", "  - id: no"],
    "flow": ['owner: "Anna \\u00e9"', "source: {a: 1, b: [c]}"],
    "long": ["owner: Anna", "  Rossi", "source: 'a", "", "  b'"],
    "unknown": ["onwer: Anna", "zip: 007"],
    "comment": ["owner: Anna  # why", "# between", "source: x"],
    "bad value": ["owner: [bad]"],
    "twice": ["owner: a", "owner: b"],
    "tab": ["\towner: a"],
    "torn": ['owner: "bad acme'],
    "long line": ["source: " + "y" * 70],
}


# steps


def add(walk: Walk) -> None:
    """Add records, of one kind or several."""
    made = [fields(walk, kind := some_kind(walk), walk.free_id(kind)) | {"": kind} for _ in range(3)]

    def plan(change: Change) -> None:
        for each in made[: 1 + walk.number % 3]:
            kind: KindName = each[""]  # type: ignore[assignment]
            change.add(kind, {key: value for key, value in each.items() if key})

    walk.write(plan)


def update(walk: Walk) -> None:
    """Change some fields of records; people go to another employer."""
    made = [fields(walk, kind := some_kind(walk), walk.free_id(kind)) | {"": kind} for _ in range(2)]
    unset = walk.chance.random() < 0.4

    def plan(change: Change) -> None:
        for each in made:
            kind: KindName = each[""]  # type: ignore[assignment]
            key = str(each["id"])
            if key in change.after.of(kind):
                new: dict[str, Raw] = {name: value for name, value in each.items() if name}
                if unset:
                    new |= dict.fromkeys(set(_LINKS) - set(new))
                known = {name: value for name, value in new.items() if KINDS[kind].field(name)}
                change.update(kind, key, known)

    walk.write(plan)


def remove(walk: Walk) -> None:
    """Remove records."""
    gone = [(kind := some_kind(walk), walk.free_id(kind)) for _ in range(2)]

    def plan(change: Change) -> None:
        for kind, key in gone:
            if key in change.after.of(kind):
                change.remove(kind, key)

    walk.write(plan)


def replace(walk: Walk) -> None:
    """Edit a record's text in the editor."""
    kind = some_kind(walk)
    key = walk.free_id(kind)
    new = text(walk, kind, key).decode()

    def plan(change: Change) -> None:
        if key in change.after.of(kind):
            change.replace(kind, key, change.view.text_of(key), new)

    walk.write(plan)


def attach(walk: Walk) -> None:
    """Copy a file into the book."""
    source = walk.folder / "offer.pdf"
    source.write_bytes(b"offer %d" % walk.number)
    key = walk.free_id("files")

    def plan(change: Change) -> None:
        attached = change.attach(source, "offer.pdf")
        change.add("files", {"id": key, "name": "offer.pdf", "path": attached.path, "org": "acme"})

    walk.write(plan)


def declare(walk: Walk) -> None:
    """Declare a custom field."""
    name = walk.chance.choice(["zip", "onwer", "colour"])
    walk.write(lambda change: change.declare("orgs", {name: "text"}))


def undo(walk: Walk) -> None:
    """Take the newest commit back."""
    walk.undo(redo=False)


def redo(walk: Walk) -> None:
    """Bring the newest undone commit back."""
    walk.undo(redo=True)


def die(walk: Walk) -> None:
    """Let a command die when it has made some of its changes."""
    walk.finish()
    made = [fields(walk, kind, walk.free_id(kind)) for kind in ("orgs", "deals")]

    def plan(change: Change) -> None:
        for kind, each in zip(("orgs", "deals"), made, strict=True):
            if str(each["id"]) in change.after.of(kind):
                change.remove(kind, str(each["id"]))
            else:
                change.add(kind, {"id": each["id"], KINDS[kind].label: "New"})

    with pytest.MonkeyPatch.context() as patch:
        Death(patch, walk.chance.randrange(1, 30), walk.chance.choice(["before", "after"]))
        with suppress(Killed, AcctcliError):
            Book(walk.root, index=Index(walk.root, walk.cache)).write(plan, AUTHOR)
    walk.done = []
    walk.undone = []
    walk.died = walk.lost = True


def edit(walk: Walk) -> None:
    """Edit some records of a file by hand."""
    found = walk.pick()
    if found is None:
        return
    name, pieces = found
    kind: KindName = name.split("/")[0].split(".")[0]  # type: ignore[assignment]
    for _ in range(walk.chance.choice([1, 1, 1, 2, 3])):
        at = walk.chance.randrange(1, len(pieces) + 1)
        match walk.chance.choice(["insert", "insert", "replace", "remove", "swap", "twice"]):
            case "insert":
                pieces.insert(at, text(walk, kind, walk.free_id(kind)))
            case "replace" if at < len(pieces):
                pieces[at] = text(walk, kind, walk.free_id(kind))
            case "remove" if at < len(pieces):
                del pieces[at]
            case "swap" if at + 1 < len(pieces):
                pieces[at], pieces[at + 1] = pieces[at + 1], pieces[at]
            case "twice" if at < len(pieces):
                pieces.insert(at, pieces[at])
            case _:
                pieces.append(text(walk, kind, walk.free_id(kind)))
    walk.put(name, b"".join(pieces))


_CHANGES: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    lambda data: data.replace(b"\r\n", b"\n"),
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: data.removeprefix(b"\xef\xbb\xbf"),
    lambda data: b"---\n" + data,
    lambda data: data.removeprefix(b"---\n"),
    lambda data: data.rstrip(b"\n"),
    lambda data: data + b"\n\n# at the end\n",
    lambda data: data + b"- id: [bad\n",
    lambda data: data + b"- d1\n",
    lambda data: data + b"---\n- id: second\n",
    lambda data: b"# head\n\n" + data,
    lambda data: b"# caf\xe9\n\n" + data,
    lambda data: b"# caf\xc2\x85- id: x\n\n" + data,
    lambda data: b"# a\x01b\n\n" + data,
    lambda data: data.replace(b"# caf\xe9\n\n", b"").replace(b"# a\x01b\n\n", b""),
    lambda data: data.replace(b"# caf\xc2\x85- id: x\n\n", b""),
    lambda data: data.replace(b"\n- ", b"\n\n- ", 1),
    lambda data: data.replace(b"\n- ", b"\n# between\n- ", 1),
    lambda data: data.replace(b"\n  ", b"\n  # inside\n  ", 1),
    lambda data: data.replace(b"\n\n", b"\n"),
    lambda data: data.replace(b"\n  ", b"\n\t", 1),
    lambda data: data.replace(b"\n\t", b"\n  "),
    lambda data: data.replace(b": A", b": Z").replace(b": Z", b": A", 1),
    lambda data: data.replace(b"Acme", b"Bcme"),
    lambda data: data.replace(b"acme", b"cole", 1),
    lambda data: b"",
    lambda data: b"# nothing\n",
    lambda data: b"a: mapping\n",
    lambda data: data[: len(data) // 2],
    lambda data: b"  " + data.replace(b"\n", b"\n  ").rstrip(b" "),
    lambda data: data + b"\n<<<<<<< ours\n- id: a4\n=======\n>>>>>>> theirs\n",
)


def change(walk: Walk) -> None:
    """Change a file as a whole by hand: line ends, comments, marks, or what is torn."""
    found = walk.pick()
    if found is not None:
        name, pieces = found
        walk.put(name, walk.chance.choice(_CHANGES)(b"".join(pieces)))


def unnoticed(walk: Walk) -> None:
    """Edit a file so that neither its size nor its time tells."""
    found = walk.pick()
    if found is None:
        return
    name, pieces = found
    status = (walk.root / name).stat()
    data = b"".join(pieces)
    old, new = walk.chance.choice(
        [(b"acme", b"cole"), (b"won", b"los"), (b"d1", b"d2"), (b"eva", b"max"), (b"- id", b"  id")]
    )
    walk.put(name, data.replace(old, new, 1))
    os.utime(walk.root / name, ns=(status.st_atime_ns, status.st_mtime_ns))


def move(walk: Walk) -> None:
    """Move a record to another file, by hand."""
    found, other = walk.pick(), walk.pick()
    if found is None or other is None or found[0] == other[0] or len(found[1]) < 2:
        return
    (name, pieces), (target, more) = found, other
    piece = pieces.pop(walk.chance.randrange(1, len(pieces)))
    more.insert(walk.chance.randrange(1, len(more) + 1), piece)
    walk.put(name, b"".join(pieces))
    walk.put(target, b"".join(more))


def rename(walk: Walk) -> None:
    """Give a file another name, make one, or remove one."""
    found = walk.pick()
    kind = some_kind(walk)
    target = walk.chance.choice(
        [f"{kind}.yaml", f"{kind}/2025.yaml", f"{kind}/a/b.yml", f"{kind}.yml", f"{kind}/2027.yaml"]
    )
    match walk.chance.choice(["rename", "remove", "make", "restore", "restore", "link"]):
        case "rename" if found is not None:
            own = found[0].split("/")[0].split(".")[0]
            walk.put(found[0], None)
            walk.put(target.replace(kind, own, 1), b"".join(found[1]))
        case "remove" if found is not None:
            walk.put(found[0], None)
        case "make":
            walk.put(target, text(walk, kind, walk.free_id(kind)))
        case "link" if found is not None and not (walk.root / found[0]).is_symlink():
            beside = walk.folder / f"beside-{walk.number}.yaml"
            walk.put(found[0], b"".join(found[1]))
            (walk.root / found[0]).rename(beside)
            (walk.root / found[0]).symlink_to(beside)
        case _:
            name = walk.chance.choice([*BEGINNING])
            walk.put(name, BEGINNING[name])


def settings(walk: Walk) -> None:
    """Change acctcli.yaml by hand."""
    walk.put("acctcli.yaml", walk.chance.choice(SOME_SETTINGS))


def times(walk: Walk) -> None:
    """Set the times of files into the past or the future, as a clock that was wrong does."""
    for name in walk.names():
        if walk.chance.random() < 0.6:
            seconds = walk.chance.choice([0, 10**9, 2 * 10**9])
            os.utime(walk.root / name, (seconds, seconds))


def fresh(walk: Walk) -> None:
    """Start over with the files of the beginning."""
    for name in walk.names():
        walk.put(name, None)
    for name, data in BEGINNING.items():
        walk.put(name, data)


def rest(walk: Walk) -> None:
    """Do nothing."""


def close(walk: Walk) -> None:
    """Let go of the views that are still in use; they must tell what they told."""
    for view, told in walk.held:
        assert _held(view) == told
    walk.held = []


_PAGE = 4096  # what disks lose or confuse is whole blocks


def _index_files(walk: Walk) -> list[Path]:
    folder = walk.cache / "acctcli"
    return sorted(folder.glob("*.sqlite*")) if folder.is_dir() else []


def forget(walk: Walk) -> None:
    """Remove the index, all of it or a part."""
    close(walk)
    if walk.chance.random() < 0.3:
        shutil.rmtree(walk.cache, ignore_errors=True)
    for path in _index_files(walk):
        if path.name.endswith(("-wal", "-shm")) or walk.chance.random() < 0.6:
            path.unlink()


def damage(walk: Walk) -> None:
    """Damage the index: cut it off, or write into it."""
    close(walk)
    for path in _index_files(walk):
        data = bytearray(path.read_bytes())
        if not data:
            continue
        match walk.chance.choice(["cut", "garbage", "zeros", "head"]):
            case "cut":
                data = data[: walk.chance.randrange(len(data))]
            case "garbage":
                at = _PAGE * walk.chance.randrange(1 + len(data) // _PAGE)
                data[at : at + _PAGE] = walk.chance.randbytes(len(data[at : at + _PAGE]))
            case "zeros":
                at = _PAGE * walk.chance.randrange(1 + len(data) // _PAGE)
                data[at:] = bytes(len(data) - at)
            case "head":
                data[:100] = walk.chance.randbytes(100)
        path.write_bytes(data)


def older(walk: Walk) -> None:
    """Put back the index as it was some time ago, or keep it for that."""
    close(walk)
    if walk.copies and walk.chance.random() < 0.5:
        for path in _index_files(walk):
            path.unlink()
        for name, data in walk.chance.choice(walk.copies).items():
            (walk.cache / "acctcli").mkdir(parents=True, exist_ok=True)
            (walk.cache / "acctcli" / name).write_bytes(data)
    else:
        walk.copies.append({path.name: path.read_bytes() for path in _index_files(walk)})


def blocked(walk: Walk) -> None:
    """Let the cache's folder be none for one look."""
    close(walk)
    shutil.rmtree(walk.cache, ignore_errors=True)
    walk.cache.write_bytes(b"no folder")
    walk.compare()
    walk.cache.unlink()


STEPS: dict[str, Callable[[Walk], None]] = {
    each.__name__: each
    for each in (
        *(rest, add, update, remove, replace, attach, declare, undo, redo, die, edit, change),
        *(unnoticed, move, rename, settings, times, fresh, close, forget, damage, older, blocked),
    )
}
# How often each is taken.
OFTEN: Mapping[str, int] = {
    **dict.fromkeys(STEPS, 1),
    **{"add": 3, "update": 5, "remove": 2, "undo": 3, "redo": 2, "edit": 7, "change": 3, "fresh": 2},
}
