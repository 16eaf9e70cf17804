"""XDG folders and the actor, from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_GIT_SECONDS = 2


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


def actor(environ: Mapping[str, str], cwd: Path) -> str:
    """$ACCTCLI_ACTOR, else git's e-mail, else the login, else "unknown"."""
    if environ.get("ACCTCLI_ACTOR"):
        return environ["ACCTCLI_ACTOR"]
    import getpass  # start-up: reads have no actor, and these two take 12 ms
    import subprocess

    try:
        answer = subprocess.run(
            ["git", "config", "user.email"],  # noqa: S607 - the user's own git
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
        if answer.stdout.strip():
            return answer.stdout.strip()
    except (OSError, subprocess.SubprocessError, UnicodeError):
        pass
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
