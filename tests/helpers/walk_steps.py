"""All steps of a walk: commands, what is done by hand, and what befalls the index."""

from __future__ import annotations

import gc
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from acctcli.core.model.errors import AcctcliError
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.store.book import Book
from acctcli.store.index.index import Index
from helpers.faults.dying import Death, Killed
from helpers.walk_edits import (
    change,
    edit,
    fields,
    fresh,
    move,
    rename,
    rest,
    settings,
    some_kind,
    text,
    times,
    unnoticed,
)
from helpers.walks import AUTHOR, Walk, held_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from acctcli.core.model.records import Raw
    from acctcli.store.changes.change_set import Change

_LINKS = ("org", "person", "deal")


# commands


def add(walk: Walk) -> None:
    """Add records, of one kind or several."""
    made = [
        fields(walk, kind := some_kind(walk), walk.free_id(kind)) | {"": kind} for _ in range(3)
    ]

    def plan(change: Change) -> None:
        for each in made[: 1 + walk.number % 3]:
            kind: KindName = each[""]  # type: ignore[assignment]
            change.add(kind, {key: value for key, value in each.items() if key})

    walk.write(plan)


def update(walk: Walk) -> None:
    """Change some fields of records; people go to another employer."""
    made = [
        fields(walk, kind := some_kind(walk), walk.free_id(kind)) | {"": kind} for _ in range(2)
    ]
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
    kinds: tuple[KindName, ...] = ("orgs", "deals")
    made = [fields(walk, kind, walk.free_id(kind)) for kind in kinds]

    def plan(change: Change) -> None:
        for kind, each in zip(kinds, made, strict=True):
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


# the index


def _let_go(walk: Walk) -> None:
    for view, told in walk.held:
        assert held_facts(view) == told
    walk.held = []


def close(walk: Walk) -> None:
    """Let go of the views that are still in use; they must tell what they told."""
    _let_go(walk)
    # A view that an error still refers to holds the database open: what is damaged under it shows
    # only when it is opened anew, as SQLite trusts the memory that those share who have it open.
    gc.collect()


_PAGE = 4096  # what disks lose or confuse is whole blocks


def _index_files(walk: Walk) -> list[Path]:
    folder = walk.cache / "acctcli"
    return sorted(folder.glob("*.sqlite*")) if folder.is_dir() else []


def _kept_files(walk: Walk) -> list[Path]:
    """Without the memory that processes share: who has it open dies when it is cut."""
    return [path for path in _index_files(walk) if not path.name.endswith("-shm")]


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
    for path in _kept_files(walk):
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
        walk.copies.append({path.name: path.read_bytes() for path in _kept_files(walk)})


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
    **dict.fromkeys(("remove", "redo", "fresh"), 2),
    **dict.fromkeys(("add", "undo", "change"), 3),
    "update": 5,
    "edit": 7,
}
