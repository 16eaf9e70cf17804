"""Says from the system calls of a command whether a power cut at any of them leaves a whole book.

A content counts as safe once its file is synced, a name once its folder is. What the calls show
must be in an order in which whatever is lost of what is not safe does no harm.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from acctcli.store.commit import journal
from acctcli.store.config import editor_schemas
from acctcli.store.files import filesystem
from helpers.faults.killing import run_traced
from helpers.faults.scenes import copied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.faults.scenes import Scene

_WRITES = {"write", "pwrite64", "writev", "pwritev", "ftruncate", "copy_file_range", "sendfile"}
_RENAMES = {"rename", "renameat", "renameat2"}
_UNLINKS = {"unlink", "unlinkat", "rmdir"}
_FOLDERS_GONE = re.compile(r"rmdir\(|unlinkat\(.*AT_REMOVEDIR")
_MAKES = {"mkdir", "mkdirat"}
_SYNCS = {"fsync", "fdatasync"}
# The mark lets pass what this machine's system does not have.
_TRACED = ",".join(
    f"?{call}" for call in ["openat", *_WRITES, *_RENAMES, *_UNLINKS, *_MAKES, *_SYNCS]
)
_NEVER_SAFE = {"lock", "queue"}  # of .acctcli: they matter to living processes alone


class Call(NamedTuple):
    """A system call that changed something in a book: its name and the paths it is about."""

    name: str
    paths: tuple[Path, ...]
    text: str


class Start(NamedTuple):
    """What is there when a command begins, and what of it may not be on the disk.

    Attributes:
        there: The names of files and folders.
        unsafe: Files whose content may not be safe.
        loose: Names that may not be safe, and the folders they stand in.
        stands: Whether a dead writer's commit waits to be finished.
    """

    there: frozenset[Path]
    unsafe: frozenset[Path]
    loose: dict[Path, Path]
    stands: bool


def start_of(root: Path) -> Start:
    """The worst that may be true of a book: processes died in it and synced nothing in the end."""
    own = root / filesystem.OWN_FOLDER
    there = frozenset(root.rglob("*"))
    empty = [path for path in there if path.is_dir() and not any(map(_is_kept, path.iterdir()))]
    loose = {path: path.parent for path in (own, *empty) if path in there}
    found = journal.header(root)
    if found is None:
        return Start(there, frozenset(), loose, stands=False)
    # It wrote the history, put its journal in place and replaced some files.
    for name in (".acctcli/journal", "history.jsonl", *(entry.path for entry in found.files)):
        loose[root / name] = (root / name).parent
    if any(entry.new is None for entry in found.files):
        loose[own / "attic" / "removed"] = own / "attic"
    return Start(there, frozenset({root / "history.jsonl"}), loose, stands=True)


def _is_kept(path: Path) -> bool:
    return not path.name.endswith(filesystem.STAGED_SUFFIX)


# the trace


def trace(root: Path, words: Sequence[str], left_out: int = 0) -> list[Call]:
    """What a command did to the book; the sync of that number (from 1) is not done."""
    log = root.with_name(f"{root.name}.trace")
    code, said = run_traced(
        root,
        words,
        ["-y", "-s", "0", "-o", str(log), "-e", f"trace={_TRACED}"],
        lambda: _leave_out(root, left_out),
    )
    assert code == 0, said
    calls = [_call(line, root) for line in log.read_text("utf-8").splitlines()]
    return [call for call in calls if call]


def _leave_out(root: Path, number: int) -> None:
    """Let this process's sync of that number in the book do nothing."""
    done = 0
    real = os.fsync

    def fsync(handle: int) -> None:
        nonlocal done
        inside = Path(f"/proc/self/fd/{handle}").readlink().is_relative_to(root)
        done += inside
        if not (inside and done == number):
            real(handle)

    os.__dict__["fsync"] = fsync


_LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (\d+)")


def _call(line: str, root: Path) -> Call | None:
    """A line of the trace, when it is about a change that was made in the book."""
    found = _LINE.match(line)
    if not found:
        return None  # a call that failed, or none
    name, words = found[1], found[2]
    if name == "openat" and "O_CREAT" not in words:
        return None
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', words)
    paths = quoted if name in {"openat", *_RENAMES, *_UNLINKS, *_MAKES} else []
    if name in _WRITES | _SYNCS:
        paths = re.findall(r"^\d+<(.*?)>", words)
    inside = tuple(Path(path) for path in paths)
    if not inside or not all(path == root or path.is_relative_to(root) for path in inside):
        return None
    if inside[0].name in _NEVER_SAFE:
        return None
    return Call(name, inside, line)


# the rules


class PowerCut(AssertionError):  # noqa: N818 - no mistake of a test: what it looks for
    """A power cut at this moment may leave half a commit."""


class _Disk:
    """What is safe on the disk while a command runs."""

    def __init__(self, root: Path, start: Start) -> None:
        self.root = root
        self.own = root / filesystem.OWN_FOLDER
        self.journal = self.own / "journal"
        self.history = root / "history.jsonl"
        self.there = set(start.there)
        self.unsafe = set(start.unsafe)
        self.loose = dict(start.loose)
        self.stands = start.stands

    def do(self, call: Call) -> None:
        path = call.paths[0]
        if call.name in _SYNCS:
            self.unsafe.discard(path)
            self.loose = {each: folder for each, folder in self.loose.items() if folder != path}
        elif call.name in _RENAMES:
            self._rename(path, call.paths[1])
        elif _FOLDERS_GONE.search(call.text):
            # The system removes empty folders alone, and one that is back after a power cut is
            # empty too: it has no record in it, and the next writer that needs it takes it.
            self.there.discard(path)
            self.loose.pop(path, None)
        elif call.name in _UNLINKS:
            self._unlink(path)
        else:
            if call.name not in _MAKES and (path not in self.there or call.name in _WRITES):
                self.unsafe.add(path)
            if path not in self.there:
                # A journal that comes back would take what is staged now for its own.
                gone = self.journal not in self.loose or self.stands
                self._must(gone, "the end of the journal is not safe")
                self.there.add(path)
                self.loose[path] = path.parent

    def _rename(self, source: Path, target: Path) -> None:
        self._must(source not in self.unsafe, "the content is not safe")
        if target == self.journal:
            # What stands beside the journal is made safe with its name.
            beside = {*self.loose.values()} <= {self.own}
            self._must(beside, f"names are not safe: {self.loose}")
            self._must(not self.unsafe, f"contents are not safe: {self.unsafe}")
            self.stands = True
        else:
            self._must_stand()
        self._gone(source)
        self.there.add(target)
        self.loose[target] = target.parent

    def _unlink(self, path: Path) -> None:
        if path == self.journal:
            self._must(not self.loose, f"names are not safe when the journal goes: {self.loose}")
            self._must(not self.unsafe, f"contents are not safe: {self.unsafe}")
            self.stands = False
        elif not _is_kept(path):
            # Of a dead writer, or given up: whether it is there again does not matter.
            self.there.discard(path)
            self.unsafe.discard(path)
            self.loose.pop(path, None)
            return
        else:
            self._must_stand()
            # Its content is in the attic, where a process that died may have put it.
            attic = self.own / "attic"
            self.loose[attic / path.name] = attic
        self._gone(path)
        self.loose[path] = path.parent

    def _gone(self, path: Path) -> None:
        self.there.discard(path)
        self.unsafe.discard(path)
        self.loose.pop(path, None)
        if _is_kept(path):
            self.loose[path] = path.parent

    def _must_stand(self) -> None:
        """Before a file is replaced or removed, the commit is safe."""
        self._must(self.stands, "no journal stands")
        self._must(self.own not in self.loose.values(), "the journal's name is not safe")
        self._must(self.history not in self.unsafe, "the history is not safe")

    def end(self) -> None:
        self._must(not self.stands, "the journal is left")
        self._must(not self.loose, f"names are not safe in the end: {self.loose}")
        self._must(not self.unsafe, f"contents are not safe in the end: {self.unsafe}")

    @staticmethod
    def _must(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not holds:
            raise PowerCut(what)


def check_order(root: Path, start: Start, calls: Sequence[Call]) -> None:
    """Raise PowerCut when a power cut could leave half of what a command did."""
    now = _Disk(root, start)
    for call in calls:
        try:
            now.do(call)
        except PowerCut as error:
            raise PowerCut(f"{error}\nat: {call.text}") from None
    now.end()


def calls_without(
    scene: Scene, base: Path, left_out: int = 0
) -> tuple[Path, Start, Sequence[Call]]:
    """What a scene's command does in a copy of its book; the sync of that number is left out."""
    root = copied(base, f"without-{left_out}")
    return root, start_of(root), trace(root, scene.words, left_out)


def breaks_without(scene: Scene, base: Path, left_out: int) -> str:
    """What check_order says when a scene's command leaves one sync out; nothing if all is well."""
    try:
        check_order(*calls_without(scene, base, left_out))
    except PowerCut as cut:
        return str(cut)
    return ""


def syncs_of(scene: Scene, base: Path) -> int:
    """How many syncs a scene's command makes in its book."""
    calls = calls_without(scene, base)[2]
    return sum(call.name in _SYNCS for call in calls)


def init_breaks_without(folder: Path, words: Sequence[str], left_out: int) -> str:
    """The same for the making of a book, which has no journal: acctcli.yaml comes last."""
    root = folder / f"without-{left_out}"
    root.mkdir()
    settings = root / "acctcli.yaml"
    folders = {root, root / filesystem.OWN_FOLDER, root / editor_schemas.FOLDER}
    safe: set[Path] = set()
    renamed = root
    for call in trace(root, words, left_out):
        if call.name in _SYNCS:
            safe.add(call.paths[0])
        elif call.name in _MAKES:
            safe.discard(call.paths[0].parent)
        elif call.name in _RENAMES:
            source, renamed = call.paths
            if source not in safe:
                return f"the content is not safe\nat: {call.text}"
            safe.discard(renamed.parent)
    assert renamed == settings
    return "" if settings.exists() and folders <= safe else "a name is not safe in the end"
