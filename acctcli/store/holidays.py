"""The days off of a book, from the files that acctcli.yaml names under `holidays`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from acctcli.core.records import Settings


def days_off(root: Path, settings: Settings) -> frozenset[dt.date]:
    """All days off."""
    del root, settings
    return frozenset()
