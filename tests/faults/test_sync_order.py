"""A power cut at any moment of a command, told from its system calls (HARDENING row 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.faults.killing import INIT, SAMPLE, works
from helpers.faults.poweroff import breaks_without, init_breaks_without, syncs_of
from helpers.faults.scenes import SCENES, make_base

from acctcli.core.json_schema.catalog import NAMES

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from pathlib import Path

    from helpers.counts import Tell

pytestmark = pytest.mark.skipif(
    not works(), reason="strace is not on this machine, or must not trace"
)


@pytest.mark.parametrize("name", SCENES)
def test_a_power_cut_leaves_a_whole_book_and_no_sync_is_too_much(
    name: str, tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    # An index is no part of the book: when it is lost, it is made anew.
    scene = SCENES[name].without_index()
    base = workers.submit(make_base, scene, tmp_path / "scene").result()
    syncs = workers.submit(syncs_of, scene, base).result()
    assert syncs >= 7
    said = [workers.submit(breaks_without, scene, base, gone) for gone in range(1, syncs + 1)]
    assert workers.submit(breaks_without, scene, base, syncs + 1).result() == ""
    for gone, each in enumerate(said, 1):
        assert each.result(), f"without the sync number {gone} all seems well"
    tell("syncs left out", name, {"syncs": syncs, "missed when left out": syncs})


def test_a_power_cut_leaves_a_new_book_whole_or_none(
    tmp_path: Path, workers: ProcessPoolExecutor, tell: Tell
) -> None:
    def breaks(left_out: int) -> str:
        return workers.submit(init_breaks_without, tmp_path, INIT, left_out).result()

    # Of each schema and of what they were made of, of acctcli.yaml, and of three folders.
    syncs = len(NAMES) + 5
    for gone in range(1, syncs + 1):
        assert breaks(gone), gone
    assert breaks(syncs + 1) == ""
    tell("syncs left out", "init", {"syncs": syncs, "missed when left out": syncs})


def test_so_does_the_making_of_the_sample_book(
    tmp_path: Path, workers: ProcessPoolExecutor
) -> None:
    none = 1 << 20
    assert workers.submit(init_breaks_without, tmp_path, SAMPLE, none).result() == ""
