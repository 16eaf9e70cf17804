"""The steps of a walk that are made by hand: records and files as people write and tear them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KIND_NAMES, KINDS, KindName
from helpers.view_comparison import IDS
from helpers.walks import BEGINNING, SOME_SETTINGS, Walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from acctcli.core.model.records import Raw

NAMES = ("Acme", "ACMÉ", "Łódź Öl", "bianchi", "the currency", "eva", "東京", "x" * 130)
_DAYS = ("2026-01-15", "2026-03-09", "2026-03-12", "2026-12-31T23:30:00Z", "2025-07-01")
_MONEY = ("100", "12.50", "-3", "0.005")
_LINKS: dict[str, KindName] = {"org": "orgs", "person": "people", "deal": "deals"}


def fields(walk: Walk, kind: KindName, key: str) -> dict[str, Raw]:
    """Values of a record; few ids, so that links meet and dangle."""
    chance = walk.chance
    made: dict[str, Raw] = {"id": key, KINDS[kind].label: chance.choice(NAMES)}
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
    lambda _: b"",
    lambda _: b"# nothing\n",
    lambda _: b"a: mapping\n",
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
