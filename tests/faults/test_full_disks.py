"""Commands on a disk that is full (HARDENING row 2)."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from helpers.faults.dying import leftovers
from helpers.faults.killing import works
from helpers.faults.refusing import refuse_each
from helpers.faults.scenes import NEXT, PROGRAM, SCENES, environment, make_base, prepare
from helpers.files import files_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import ProcessPoolExecutor
    from pathlib import Path

    from helpers.counts import Tell

needs_strace = pytest.mark.skipif(
    not works(), reason="strace is not on this machine, or must not trace"
)


_SCENES = ["edit", "many files", "copy added", "import"]


# The index alone writes to places in a file, once the commit stands, again and again the same way.
@needs_strace
@pytest.mark.parametrize(
    ("name", "step"),
    [*((name, 6) for name in _SCENES)]
    + [pytest.param(name, 1, marks=pytest.mark.long) for name in _SCENES],
)
def test_a_full_disk_leaves_the_book_as_before_or_as_after(
    name: str, step: int, tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    folder = tmp_path / "scene"
    expected = workers.submit(prepare, SCENES[name], folder).result()
    steps = {"write": 1, "pwrite64": step, "fsync": 1, "mkdir": 1}
    running = {
        call: workers.submit(refuse_each, name, folder, call, "ENOSPC", expected, step=each)
        for call, each in steps.items()
    }
    outcomes = {call: each.result() for call, each in running.items()}
    # The rest is the output, and what is done once the commit stands.
    assert outcomes["write"].before >= 3
    assert outcomes["fsync"].before >= 3
    for call, outcome in outcomes.items():
        if sum(outcome):
            tell("disk full", f"{name}, {call}", outcome.counts())


def _run(
    root: Path, *words: str, limit: str = "unlimited", to: str = os.devnull
) -> tuple[int, str]:
    """Run the program with a limit of file size in blocks of 512 bytes; exit code and errors."""
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f "$0"; exec "$@" >"$TO"', limit, PROGRAM, *words],
        cwd=root,
        env={**environment(root.parent), "TO": to},
        check=False,
        stderr=subprocess.PIPE,
        text=True,
    )
    return done.returncode, done.stderr


def test_a_limit_of_file_size_leaves_the_book_as_before(tmp_path: Path) -> None:
    root = make_base(SCENES["import"], tmp_path / "scene")
    before = files_of(root)
    code, said = _run(root, *SCENES["import"].words, limit="16")
    assert code == 7
    assert 'error [cannot-write]: cannot write "deals.yaml": file too large' in said
    assert files_of(root) == before
    assert _run(root, *NEXT, limit="16") == (0, "")
    assert leftovers(root) == []


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB."""
    if os.geteuid():
        pytest.skip("only root may mount a file system")
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_tiny_disk_leaves_the_book_as_before(tiny: Path) -> None:
    base = make_base(SCENES["first commit"], tiny.parent / "scene")
    root = tiny / "book"
    shutil.copytree(base, root)
    for name in ("deals.csv", "map.yaml"):
        (tiny / name).symlink_to(base.parent / name)
    before = files_of(root)
    code, said = _run(root, *SCENES["import"].words)
    assert code == 7
    assert "error [cannot-write]: cannot write " in said
    assert "no space left on device" in said
    assert "make room on the disk" in said
    assert files_of(root) == before
    assert leftovers(root) == []
    assert _run(root, *NEXT) == (0, "")


def test_a_cache_on_a_full_disk_does_not_matter(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_base(SCENES["edit"], tmp_path / "scene")
    monkeypatch.chdir(root)
    for name, value in {**environment(tmp_path), "XDG_CACHE_HOME": str(tiny / "cache")}.items():
        monkeypatch.setenv(name, value)

    def lists() -> bytes:
        return subprocess.check_output([PROGRAM, "deal", "list", "--format", "json"])

    before = lists()
    with suppress(OSError), (tiny / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024))
    assert lists() == before
    subprocess.run([PROGRAM, "deal", "won", "d1", "--quiet"], check=True)
    assert lists() != before
    shutil.rmtree(tiny / "cache", ignore_errors=True)
    assert lists() != before


def test_a_full_output_is_told_and_what_is_stored_stays(tmp_path: Path) -> None:
    root = make_base(SCENES["edit"], tmp_path / "scene")
    before = files_of(root)
    for words in (
        ("org", "list"),
        ("account", "list", "--format", "json"),
        ("org", "show", "acme"),
    ):
        code, said = _run(root, *words, to="/dev/full")
        assert (code, said.count("\n")) == (7, 1)
        assert "no space left on device" in said
        assert files_of(root) == before
    code, said = _run(root, "deal", "won", "d1", "--format", "json", to="/dev/full")
    assert code == 7
    assert "no space left on device" in said
    assert b"  status: won   # soon\n" in (root / "deals.yaml").read_bytes()
    assert leftovers(root) == []
