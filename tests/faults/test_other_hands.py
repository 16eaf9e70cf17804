"""Editors and git write to the book while commands run (HARDENING row 5)."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from helpers.faults.killing import works
from helpers.faults.refusing import edit_and_replace, edit_in_place, overtake_always, overtake_each
from helpers.faults.scenes import PROGRAM, SCENES, environment, make_base

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ProcessPoolExecutor
    from pathlib import Path

    from helpers.cli import CommandLine
    from helpers.counts import Tell

needs_strace = pytest.mark.skipif(
    not works(), reason="strace is not on this machine, or must not trace"
)


@needs_strace
@pytest.mark.parametrize("edit", [edit_in_place, edit_and_replace])
def test_an_edit_by_hand_in_the_midst_of_a_command_is_kept(
    edit: Callable[[Path], None], tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    base = workers.submit(make_base, SCENES["edit"], tmp_path / "scene").result()
    running = [
        workers.submit(overtake_each, base, call, edit)
        for call in ("write", "fsync", "rename", "unlink", "fchmod")
    ]
    codes = [code for each in running for code in each.result()]
    # The command reads anew and tries again.
    assert codes.count(0) >= 10
    counts = {"edits": len(codes), "both changes there": codes.count(0), "refused": codes.count(6)}
    tell("edits by hand in the midst of a command", edit.__name__.replace("_", " "), counts)


@needs_strace
def test_edits_by_hand_without_end_are_waited_out_and_refused(
    tmp_path: Path, workers: ProcessPoolExecutor
) -> None:
    base = workers.submit(make_base, SCENES["edit"], tmp_path / "scene").result()
    code, said, lines = workers.submit(overtake_always, base).result()
    assert code == 6
    assert "error [changed-meanwhile]: the files of the book kept changing" in said
    assert lines >= 5
    assert b"  status: open   # soon\n" in (base / "deals.yaml").read_bytes()
    assert not [*base.rglob("*.acctcli-tmp")]


def test_an_edit_that_leaves_size_and_time_alone_is_read_at_once(
    book: Path, acct: CommandLine
) -> None:
    deals = book / "deals.yaml"
    deals.write_text("- id: d1\n  title: number 1000\n", "utf-8")
    status = deals.stat()
    for number in range(1001, 1101):
        # Before the clock has moved on, as often as this machine can.
        deals.write_text(f"- id: d1\n  title: number {number}\n", "utf-8")
        os.utime(deals, ns=(status.st_atime_ns, status.st_mtime_ns))
        titles = acct("deal", "list", "--format", "csv", "--color", "never").out
        assert f"number {number}" in titles


def test_so_does_the_installed_program(tmp_path: Path) -> None:
    root = make_base(SCENES["edit"], tmp_path / "scene")
    deals = root / "deals.yaml"
    made = environment(tmp_path)
    for number in range(5):
        status = deals.stat()
        text = deals.read_text("utf-8")
        old = "Training" if not number else f"Trainin{number - 1}"
        deals.write_text(text.replace(old, f"Trainin{number}"), "utf-8")
        os.utime(deals, ns=(status.st_atime_ns, status.st_mtime_ns))
        done = subprocess.run(
            [PROGRAM, "deal", "list", "--format", "json"],
            cwd=root,
            env=made,
            check=True,
            capture_output=True,
            text=True,
        )
        assert f"Trainin{number}" in done.stdout
