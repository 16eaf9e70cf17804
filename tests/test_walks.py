"""Random walks over a book: what its index tells is what its files tell (HARDENING row 6)."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from walking import OFTEN, Walk

_FOLDER = "/dev/shm" if Path("/dev/shm").is_dir() else None  # nothing has to be kept
_STEPS = st.sampled_from([name for name, often in OFTEN.items() for _ in range(often)])


@settings(max_examples=200)
@given(
    st.lists(st.tuples(_STEPS, st.integers(0, 1 << 20)), min_size=20, max_size=20),
)
def test_a_book_with_an_index_is_the_book_without(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory(dir=_FOLDER) as folder:
        walk = Walk(Path(folder), random.Random(0))
        walk.compare()
        for name, seed in steps:
            walk.chance.seed(seed)
            walk.step(name)
            walk.compare()
        walk.step("close")
