"""Ctrl-C held back while a commit is under way."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HELD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def hold_signals() -> Iterator[None]:
    """Let SIGINT and SIGTERM reach this thread only before or after this block.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed before, and nothing of the block is done; or
            meanwhile, and all of it is.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    # Each call also lets Python see to signals that have come, and so may raise.
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
