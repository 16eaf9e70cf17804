"""How errors reach the user: problems on stderr, an exit code for the shell."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from acctcli.render.record import problems_text
from acctcli.render.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from acctcli.core.errors import Problem

_MOST = 50  # a book of a million bad records is told by its first ones and a count


def show_problems(problems: Sequence[Problem], err: TextIO, color: str = "auto") -> None:
    """Print problems to stderr, each with its place, id and hint."""
    if not problems:
        return
    style = Style(colour=wants_colour(color, os.environ, on_terminal=err.isatty()))
    print(problems_text(problems[:_MOST], style), file=err)
    if len(problems) > _MOST:
        print(f"... and {len(problems) - _MOST} more", file=err)


def wants_colour(color: str, environ: Mapping[str, str], *, on_terminal: bool) -> bool:
    """Whether to colour; the first of these that says anything decides.

    That is --color; NO_COLOR, which says no; FORCE_COLOR, which says yes unless it is 0; then a
    terminal is coloured, unless TERM is dumb, and nothing else is.
    """
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return on_terminal and environ.get("TERM") != "dumb"


def close_quietly() -> None:
    """After a closed pipe: leave nothing for the interpreter to flush and complain about."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
