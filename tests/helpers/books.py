"""Books for the tests of the index, and all that a view tells of one: both ways must agree."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.kinds import KIND_NAMES, KINDS
from acctcli.core.model.links import org_of
from acctcli.store.book import Book
from acctcli.store.commit.snapshot import read_all
from acctcli.store.index import database as db
from acctcli.store.index.index import Index
from acctcli.store.views.whole_book import WholeView
from helpers.view_scans import bare_values, met, unknown_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from acctcli.core.model.kinds import KindName
    from acctcli.store.index.index_view import IndexedView
    from acctcli.store.views.view import View

SETTINGS = "format: 1\ncurrency: EUR\ntimezone: Europe/Rome\n"
TODAY = dt.date(2026, 3, 10)

# One record of each kind and more, in every form that is read in its own way.
FILES = {
    "orgs.yaml": (
        "# ours\n- id: acme\n  name: Acme S.r.l.\n  owner: anna   # since May\n  vat: 7\n"
        "- id: cole\n  name: Cole Ltd\n  parent: acme\n"
        "- id: dora\n  name: 'Dora''s'\n  labels: [vip, big]\n"
    ),
    "people.yaml": (
        "- id: eva\n  name: Eva Müller\n  org: acme\n- id: max\n  name: Max\n"
        "- id: ida\n  name: Ida\n  org: dora\n"
    ),
    "deals.yaml": (
        "- id: d1\n  title: ERP\n  org: acme\n  value: 12500.00\n  currency: EUR\n"
        "  status: won\n  won_time: 2026-01-15\n"
        "- id: d2\n  title: Coffee\n  person: eva\n  value: 300\n  status: won\n"
        "  won_time: 2026-02-01\n"
        "- id: d3\n  title: Training\n  person: ida\n  value: 900.50\n  currency: USD\n"
    ),
    "deals/2026.yaml": "- id: d4\n  title: Late\n  org: cole\n  status: won\n",
    "activities.yaml": (
        "- id: a1\n  subject: Ask\n  type: call\n  org: acme\n  due_date: 2026-03-12\n"
        "- id: a2\n  subject: Kick-off\n  type: meeting\n  deal: d2\n  done: true\n"
        "  done_time: 2026-02-20\n"
        "- id: a3\n  subject: Far\n  person: ida\n  due_date: 2026-05-01\n"
    ),
    "notes.yaml": "- id: n1\n  content: |\n    two\n    lines\n  deal: d3\n",
    "files.yaml": "- id: f1\n  name: site\n  url: https://example.com\n  person: eva\n",
}


def make_book(root: Path, *, settings: str = SETTINGS, **texts: str) -> Path:
    """A book of these files; a name has no ending, and two underscores for a slash."""
    root.mkdir(exist_ok=True)
    (root / "acctcli.yaml").write_text(settings, "utf-8")
    for name, text in texts.items():
        put(root, f"{name.replace('__', '/')}.yaml", text)
    return root


def full_book(root: Path) -> Path:
    """A book of all of FILES."""
    make_book(root)
    for name, text in FILES.items():
        put(root, name, text)
    return root


def put(root: Path, name: str, text: str) -> None:
    """Write a file as an editor does, in place of another one."""
    path = root / name
    path.parent.mkdir(exist_ok=True)
    staged = path.with_name(".editing")
    staged.write_bytes(text.encode("utf-8", "surrogateescape"))
    staged.rename(path)


def change(root: Path, name: str, old: str, new: str) -> None:
    """Change a text in a file, which must stand there."""
    text = (root / name).read_bytes().decode()
    assert old in text
    put(root, name, text.replace(old, new, 1))


def index_of(root: Path, cache: Path) -> Path:
    """Where the index of a book lies."""
    return db.database_path(cache / "acctcli", root)


def tables(path: Path, statement: str) -> list[tuple[object, ...]]:
    """What a statement gives, carried out in an index that is at rest."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        return database.execute(statement).fetchall()


def viewed(root: Path, cache: Path | None) -> IndexedView:
    """The book by way of its index."""
    return Index(root, cache).view()


def whole(root: Path) -> WholeView:
    """The book without an index."""
    return WholeView(read_all(root))


def agree(root: Path, cache: Path | None) -> None:
    """The index tells what the files tell, whatever is asked."""
    said, expected = answers(viewed(root, cache)), answers(whole(root))
    assert said.keys() == expected.keys()
    for what, answer in expected.items():
        assert said[what] == answer, what


class _Told(NamedTuple):
    row: object
    contacts: tuple[int, ...]
    custom: object


def answers(view: View) -> dict[str, object]:
    """All that a view tells of a book."""
    data = view.data
    ids = {key: kind for kind in KIND_NAMES for key in data.of(kind)}
    found: dict[str, object] = {
        "settings": view.settings,
        "zone": str(view.zone),
        "odd": view.odd,
        "problems": list(view.problems),
        "bad ids": view.bad_ids(),
        "broken kinds": view.broken_kinds(),
        "unread count": view.unread_count(),
        "unknown keys": unknown_keys(view),
        "all that is met": met(view),
        "bare values": bare_values(view),
        "files": view.files(),
        "lengths": [len(data.of(kind)) for kind in KIND_NAMES],
        "all": [list(data.of(kind).values()) for kind in KIND_NAMES],
        "none": [view.location_of("nothing"), view.is_bad("nothing"), view.file("nothing.yaml")],
        "links": sorted(view.links()),
        "rank": sorted(ids, key=lambda key: _spot(view, key)),
    }
    for name in ["acctcli.yaml", *view.files()]:
        file = view.file(name)
        assert file is not None
        found[f"file {name}"] = file.data, file.sha
    for key in sorted({*ids, *view.bad_ids()}):
        found[f"bad {key}"] = view.is_bad(key), view.is_taken(key)
        found[f"mention {key}"] = view.unreadable_mention(key)
        found[f"reaching {key}"] = view.records_owned_through({key})
    for key, kind in ids.items():
        found |= {f"{what} {key}": answer for what, answer in _of_record(view, kind, key)}
    for accounts_only in (False, True):
        found[f"listed {accounts_only}"] = [
            _Told(each.row, tuple(each.contacts), each.custom)
            for each in view.listed_accounts(TODAY, accounts_only=accounts_only)
        ]
    for org in data.orgs:
        found[f"won {org}"] = view.won_count(org)
        found[f"around {org}"] = _around(view, org)
    for kind in KIND_NAMES:
        for name in ("", "a", "d", "acme", *(getattr(each, KINDS[kind].label) for each in
                     data.of(kind).values())):  # fmt: skip
            found[f"named {kind} {name}"] = view.ids_of_name(kind, name)
    return found


def _spot(view: View, key: str) -> tuple[int, int]:
    spot = view.location_of(key)
    assert spot is not None
    return spot.rank, spot.number


def _of_record(view: View, kind: KindName, key: str) -> Iterator[tuple[str, object]]:
    spot = view.location_of(key)
    assert spot is not None
    raw = view.raw_of(key)
    yield "spot", spot[:3]
    yield "raw", dict(raw)
    yield "record", view.data.of(kind)[key]
    yield "text", view.text_of(key)
    yield "place", [view.place(key), *(view.place(key, field) for field in [*raw, "none"])]


def _around(view: View, org: str) -> list[tuple[KindName, str]]:
    """The records that belong to an organization."""
    found = view.records_of_org(org)
    return [
        (kind, key)
        for kind in KIND_NAMES
        for key, record in found.of(kind).items()
        if key == org or org_of(record, found) == org
    ]


def shift_clock(monkeypatch: pytest.MonkeyPatch, seconds: float = 10) -> None:
    """Let indexes be made so much later than the files, which are not racy then."""
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + int(seconds * 1e9))


def sole_book(root: Path, cache: Path) -> Book:
    """A book that keeps its index in a cache of its own."""
    return Book(root, index=Index(root, cache))
