"""Signals that raise in the test that sends them."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ended(BaseException):
    """What SIGTERM becomes here."""


def _ended(number: int, frame: object) -> None:
    raise Ended


@contextmanager
def signals_raise() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt and SIGTERM raises Ended, until the block ends."""
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
        signal.SIGTERM: signal.signal(signal.SIGTERM, _ended),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
