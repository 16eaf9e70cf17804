"""The folders of the user, as the XDG rules name them: where a book and caches lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def data_home(environ: Mapping[str, str]) -> Path:
    """Where a book stands when no other is named: acctcli in the XDG data folder."""
    folder = Path(environ.get("XDG_DATA_HOME") or "")
    if folder.is_absolute():  # the XDG rules say to ignore any other
        return folder / "acctcli"
    return Path(environ.get("HOME") or "/", ".local", "share", "acctcli")


def cache_home(environ: Mapping[str, str]) -> Path | None:
    """The XDG cache folder; None when there is no home to have one in."""
    folder = Path(environ.get("XDG_CACHE_HOME") or "")
    if folder.is_absolute():
        return folder
    home = Path(environ.get("HOME") or "")
    return home / ".cache" if home.is_absolute() else None


def state_home(environ: Mapping[str, str]) -> Path | None:
    """The XDG folder of states; None when there is no home to have one in."""
    folder = Path(environ.get("XDG_STATE_HOME") or "")
    if folder.is_absolute():
        return folder
    home = Path(environ.get("HOME") or "")
    return home / ".local" / "state" if home.is_absolute() else None
