"""Counts that tests hand in, to be shown when all are done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

Counts = Mapping[str, int]


class Tell(Protocol):
    """Keeps what a test counted, to be shown when all tests are done."""

    def __call__(self, group: str, name: str, counts: Counts) -> None: ...
