"""Random walks over a book: what its index tells is what its files tell (HARDENING row 6)."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from helpers.walk_steps import OFTEN, STEPS, close
from helpers.walks import Walk
from hypothesis import given, settings
from hypothesis import strategies as st

_MEMORY = Path("/dev/shm")  # noqa: S108 - where it is there: nothing has to be kept
_FOLDER = _MEMORY if _MEMORY.is_dir() else None
_STEPS = st.sampled_from([name for name, often in OFTEN.items() for _ in range(often)])


@settings(max_examples=200)
@given(
    st.lists(st.tuples(_STEPS, st.integers(0, 1 << 20)), min_size=20, max_size=20),
)
def test_a_book_with_an_index_is_the_book_without(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory(dir=_FOLDER) as folder:
        walk = Walk(Path(folder), random.Random(0))  # noqa: S311 - chance, no secret
        walk.compare()
        for name, seed in steps:
            walk.chance.seed(seed)
            walk.step(STEPS[name])
            walk.compare()
        walk.step(close)
