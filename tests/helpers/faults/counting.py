"""A process that adds one to two records again and again, and says each time what is stored.

Run as: python counting.py BOOK WHO UNTIL. It ends when its own record has reached UNTIL.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli.store.book import Author, Book

if TYPE_CHECKING:
    from acctcli.core.model.records import Data
    from acctcli.store.changes.change_set import Change

SHARED = "shared"  # the organization whose number all of them count up
_FIELD = "number"


def counting_book(root: Path, names: list[str]) -> Path:
    """A book with a shared record in one file and one of each process's own in another."""
    root.mkdir()
    fields = "fields: {orgs: {number: number}, people: {number: number}}\n"
    (root / "acctcli.yaml").write_text(f"format: 1\n{fields}", "utf-8")
    (root / "orgs.yaml").write_text(f"# all\n- id: {SHARED}\n  name: All\n  number: 0\n", "utf-8")
    own = "".join(f"- id: {name}\n  name: {name}\n  number: 0   # own\n" for name in names)
    (root / "people.yaml").write_text(own, "utf-8")
    return root


def shared_number(data: Data) -> int:
    return _whole(data.orgs[SHARED].custom[_FIELD])


def own_number(data: Data, name: str) -> int:
    return _whole(data.people[name].custom[_FIELD])


def _whole(number: object) -> int:
    return int(str(number))


def count(root: Path, who: str) -> int:
    """One change of both records; the own number, which is stored."""

    def plan(change: Change) -> int:
        own = own_number(change.view.data, who) + 1
        shared = shared_number(change.view.data) + 1
        change.update("people", who, {_FIELD: str(own)})
        change.update("orgs", SHARED, {_FIELD: str(shared)})
        return own

    return Book(root).write(plan, Author(who, ("count",), dt.datetime.now(dt.UTC)))


if __name__ == "__main__":
    while (stored := count(Path(sys.argv[1]), sys.argv[2])) < int(sys.argv[3]):
        sys.stdout.write(f"{stored}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{stored}\n")
