"""Commands for the fault tests, each with the book it is run on, and the state of a book after."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from acctcli.cli.main import COMMANDS, run
from acctcli.core.model.kinds import KIND_NAMES, KINDS
from acctcli.store.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PROGRAM = str(Path(sys.executable).parent / "acctcli")
# The command of the next writer, after a fault.
NEXT = ("note", "add", "what the next one says", "--id", "nnext", "--org", "keep", "--quiet")
_NOT_COMPARED = {".acctcli/lock", ".acctcli/queue"}


def environment(folder: Path) -> dict[str, str]:
    """What a command finds in its environment: nothing of this machine's user."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "TZ": "Europe/Rome",
        "ACCTCLI_ACTOR": "anna@example.com",
        "ACCTCLI_NOW": "2026-03-10T09:00:00+01:00",
        # What Python itself would write is not what is counted.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def enter(environ: dict[str, str]) -> None:
    """Make this process's environment this one."""
    os.environ.clear()
    os.environ.update(environ)


# books


_SETTINGS = "format: 1\ncurrency: EUR\ntimezone: Europe/Rome\n"
_OFFER = b"%PDF the offer\n" * 500


def _empty(root: Path) -> None:
    root.mkdir()
    (root / "acctcli.yaml").write_text(_SETTINGS, "utf-8")
    (root / "orgs.yaml").write_text("# ours\n- id: keep\n  name: Keep Ltd   # stays\n", "utf-8")


def _full(root: Path) -> None:
    """Two organizations with records of every kind, in files and in folders, and a copy."""
    _empty(root)
    with (root / "orgs.yaml").open("a", encoding="utf-8") as file:
        file.write("\n- id: acme\n  name: Acme S.r.l.\n  labels: [vip]\n")
        file.writelines(f"- id: other-{n}\n  name: Other {n}\n" for n in range(20))
    files = {
        "people.yaml": "- id: eva\n  name: Eva Müller\n  org: acme\n",
        "deals.yaml": (
            "- id: d1\n  title: ERP rollout\n  org: acme\n  value: 12500.00\n  currency: EUR\n"
            "  status: open   # soon\n"
            "# one that stays\n- id: d2\n  title: Training\n  org: keep\n  value: 900.50\n"
            "  currency: EUR\n  status: won\n  won_time: 2026-01-15\n"
        ),
        "activities/2026.yaml": (
            "- id: a1\n  subject: Ask\n  type: call\n  org: acme\n  due_date: 2026-03-12\n"
            "- id: a2\n  subject: Stay\n  type: call\n  org: keep\n  due_date: 2026-03-13\n"
        ),
        "notes/2026.yaml": "- id: n1\n  content: hello\n  org: acme\n",
        "files.yaml": (
            "- id: f1\n  name: offer.pdf\n  path: attachments/offer.pdf\n"
            f"  size: {len(_OFFER)}\n  sha256: {hashlib.sha256(_OFFER).hexdigest()}\n  org: acme\n"
        ),
    }
    for name in ("activities", "notes", "attachments"):
        (root / name).mkdir()
    for name, text in files.items():
        (root / name).write_text(text, "utf-8")
    (root / "attachments" / "offer.pdf").write_bytes(_OFFER)
    _must(root, "activity", "done", "a2")  # the history and .acctcli are there


def _with_yearly_deals(root: Path) -> None:
    _empty(root)
    _must(root, "org", "edit", "keep", "--set", "owner=anna")
    with (root / "acctcli.yaml").open("a", encoding="utf-8") as file:
        file.write('new_records: {deals: "deals/{year}.yaml"}\n')


def _with_a_folder_left(root: Path) -> None:
    """A command died when it had made a folder, and nobody knows whether that is on the disk."""
    from helpers.faults.killing import killed_at

    _with_yearly_deals(root)
    assert killed_at(root, _ADD_DEAL, "openat", 1, [root / "deals" / ".2026.yaml.acctcli-tmp"])
    assert (root / "deals").is_dir()


def _removed_before(root: Path) -> None:
    """A book with a copy whose content is in the attic already."""
    _full(root)
    _must(root, *_REMOVE_COPY)
    copy = root.parent / "offer.pdf"
    copy.write_bytes(_OFFER)
    _must(root, "file", "add", str(copy), "--org", "keep")


def _removed(root: Path) -> None:
    _full(root)
    _must(root, *_REMOVE)


def _undone(root: Path) -> None:
    _removed(root)
    _must(root, "undo")


def _imported(root: Path) -> None:
    _full(root)
    _must(root, *_IMPORT)


def _interrupted(root: Path) -> None:
    """A book with the journal of a command that died when it had replaced two of its files."""
    from helpers.faults.killing import killed_at

    _full(root)
    assert killed_at(root, _REMOVE, "rename", 1, [root / ".files.yaml.acctcli-tmp"])
    assert (root / ".acctcli" / "journal").exists()


def _must(root: Path, *words: str) -> None:
    subprocess.run([PROGRAM, *words], cwd=root, check=True, capture_output=True)


# what the commands take from outside of the book: it stands beside it

_ROWS = (
    "No,Title,Firm,Amount,Colour\n",
    *(f"{n},Deal {n},Firm {n % 60},{n}.50,red\n" for n in range(300)),
)


_BATCH = """\
{"command": ["deal", "add"], "args": {"title": "ERP", "org": "acme", "value": 10}, "as": "erp"}
{"command": ["deal", "won"], "args": {"id": "$erp", "on": "2026-03-01"}}
{"command": ["note", "edit"], "args": {"id": "n1", "set": {"content": "bye"}}}
{"command": ["file", "remove"], "args": {"id": "f1"}}
{"command": ["file", "add"], "args": {"path": "../contract.pdf", "deal": "$erp"}}
"""


def _beside(folder: Path) -> None:
    (folder / "contract.pdf").write_bytes(b"a contract\n" * 40_000)
    (folder / "deals.csv").write_text("".join(_ROWS), "utf-8")
    (folder / "few.csv").write_text("".join(_ROWS[:20]), "utf-8")
    (folder / "batch.jsonl").write_text(_BATCH, "utf-8")
    (folder / "map.yaml").write_text(
        "kind: deals\nsource: shop\nkey: No\n"
        "columns: {Title: title, Firm: org, Amount: value}\n"
        "links: {org: {match: name, create: true}}\n",
        "utf-8",
    )


# scenes

_REMOVE = ("org", "remove", "acme", "--cascade")
_EDIT_MANY = ("deal", "edit", "--where", "title", "--set", "owner=Eva", "--yes")
_REMOVE_COPY = ("file", "remove", "offer.pdf")
_ADD_DEAL = ("deal", "add", "ERP", "--org", "keep")
_MAP = ("--map", "../map.yaml")
_IMPORT = ("import", "csv", "../deals.csv", *_MAP)


class Scene(NamedTuple):
    """A command, and how the book is made that it is run on."""

    name: str
    make: Callable[[Path], None]
    words: tuple[str, ...]

    def without_index(self) -> Scene:
        """The same where all is worked out from the files: the system calls are the book's own."""
        return self._replace(words=(*self.words, "--no-index"))


_ALL = (
    Scene("edit", _full, ("deal", "won", "d1", "--on", "2026-03-01")),
    Scene("many edited", _full, _EDIT_MANY),
    Scene("many files", _full, _REMOVE),
    Scene("copy added", _full, ("file", "add", "../contract.pdf", "--org", "acme")),
    Scene("copy removed", _full, _REMOVE_COPY),
    Scene("copy removed again", _removed_before, _REMOVE_COPY),
    Scene("edit in a folder", _full, ("note", "edit", "n1", "--set", "content=bye")),
    Scene("import", _full, _IMPORT),
    Scene("batch", _full, ("apply", "../batch.jsonl")),
    Scene("settings", _full, ("import", "csv", "../few.csv", *_MAP, "--keep-unmapped")),
    Scene("first commit", _empty, ("person", "add", "Eva", "--org", "keep")),
    Scene("folder made", _with_yearly_deals, _ADD_DEAL),
    Scene("folder left", _with_a_folder_left, _ADD_DEAL),
    Scene("after a crash", _interrupted, ("deal", "reopen", "d2")),
    Scene("undo", _removed, ("undo",)),
    Scene("undo of an import", _imported, ("undo",)),
    Scene("redo", _undone, ("redo",)),
)
# A command that this version does not have makes no scene.
_THERE = {"undo", "redo"} & {*COMMANDS}
SCENES = {
    scene.name: scene
    for scene in _ALL
    if scene.words[0] not in {"undo", "redo"} or scene.words[0] in _THERE
}


# the state of a book


_NOUNS = (*(KINDS[kind].noun for kind in KIND_NAMES), "account")


class State(NamedTuple):
    """A book, with the ids that were made at random written as numbers.

    Attributes:
        lists: What the commands that list records print, as JSON.
        files: Every file: records, settings, copies, history, attic.
    """

    lists: str
    files: dict[str, bytes]


class Expected(NamedTuple):
    """The states in which a scene may leave its book, before and after the next command."""

    known: frozenset[str]
    before: State
    after: State
    before_next: State
    after_next: State


def state_of(root: Path, known: frozenset[str], nouns: Sequence[str] = _NOUNS) -> State:
    """The state of a book, with the lists of these nouns; what is known keeps its id."""
    data = Book(root).read().data
    made = [name for kind in KIND_NAMES for name in data.of(kind) if name not in known]
    files = {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and str(path.relative_to(root)) not in _NOT_COMPARED
    }
    history = files.get("history.jsonl", b"").decode()
    made += [name for name in re.findall(r'"commit":"(\w+)"', history) if name not in known]
    # The hash of a record that was added is one of a text with its id.
    hashes = re.findall(r'"kind":"(?!attachment).*"after_sha256":"(\w+)"', history)
    made += [name for name in hashes if name not in known]
    numbers = {name: f"made-{number}" for number, name in enumerate(dict.fromkeys(made))}

    def numbered(text: str) -> str:
        if not numbers:
            return text
        return re.sub(r"[\w-]+", lambda found: numbers.get(found[0], found[0]), text)

    return State(
        numbered("".join(printed(root, noun, "list", "--format", "json") for noun in nouns)),
        {name: numbered(content.decode("latin-1")).encode() for name, content in files.items()},
    )


class Printed(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def printed(root: Path, *words: str) -> str:
    """What a command prints, run in this process; it must succeed."""
    code, out, err = run_here(root, *words)
    assert code == 0, f"{words} ended with {code}: {err}"
    return out


def run_here(root: Path, *words: str) -> Printed:
    """How a command ends, run in this process, and what it prints."""
    before, streams = Path.cwd(), (sys.stdout, sys.stderr)
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    os.chdir(root)
    sys.stdout, sys.stderr = out, err
    try:
        code = run(words)
    finally:
        os.chdir(before)
        sys.stdout, sys.stderr = streams
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
    return Printed(code, out.read(), err.read())


def make_base(scene: Scene, folder: Path) -> Path:
    """Make a scene's book in `folder / "base"`."""
    folder.mkdir(parents=True)
    _beside(folder)
    base = folder / "base"
    scene.make(base)
    return base


def prepare(scene: Scene, folder: Path) -> Expected:
    """Make a scene's book in `folder / "base"`, and work out where its command may lead."""
    base = make_base(scene, folder)
    known = _known(base)
    before = copied(base, "before")
    after = copied(base, "after")
    first = state_of(before, known)
    _must(after, *scene.words)
    second = state_of(after, known)
    for root in (before, after):
        _must(root, *NEXT)
    return Expected(known, first, second, files_after(before, known), files_after(after, known))


def files_after(root: Path, known: frozenset[str]) -> State:
    """The state of a book when all is done: its files, and the accounts."""
    return state_of(root, known, ("account",))


def _known(base: Path) -> frozenset[str]:
    data = Book(base).read().data
    history = base / "history.jsonl"
    told = history.read_text("utf-8") if history.exists() else ""
    ids = {name for kind in KIND_NAMES for name in data.of(kind)}
    return frozenset(ids | set(re.findall(r'"(?:commit|after_sha256)":"(\w+)"', told)))


def copied(base: Path, name: str) -> Path:
    """A copy of the book beside it, with an index of it as far as one is kept."""
    root = base.with_name(name)
    shutil.copytree(base, root)
    printed(root, "account", "list", "--format", "json")
    return root
