"""Who is at work, for the history: asked of the environment, git and the system, in that order."""

from __future__ import annotations

import getpass
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_GIT_SECONDS = 2


def actor(environ: Mapping[str, str], cwd: Path) -> str:
    """$ACCTCLI_ACTOR, else git's e-mail, else the login, else "unknown"."""
    if environ.get("ACCTCLI_ACTOR"):
        return environ["ACCTCLI_ACTOR"]
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
