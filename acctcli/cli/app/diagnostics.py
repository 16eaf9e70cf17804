"""Errors and notes on stderr, as text or JSON."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from acctcli.core.model.errors import Problem

_MOST = 50  # a book of a million bad records is told by its first ones and a count
_AS_JSON = frozenset({"json", "ndjson"})


def has_json_messages(form: str) -> bool:
    """Whether a format of data is one with which messages are JSON too, an object a line."""
    return form in _AS_JSON


def show_problems(
    problems: Sequence[Problem],
    err: TextIO,
    color: str = "auto",
    *,
    as_json: bool = False,
    code: int | None = None,
    folders: Sequence[Path] = (),
) -> None:
    """Print problems to stderr, each with its place, the line, its id and its hint.

    Args:
        problems: What to tell.
        err: Where to.
        color: What --color says.
        as_json: Whether to print an object a line.
        code: The exit code that comes of them; None when the command goes on.
        folders: Where the files of the places may lie.
    """
    if not problems:
        return
    told = problems[:_MOST]
    if as_json:
        from acctcli.render.diagnostics import problem_row

        for problem in told:
            _print_row(problem_row(problem) | {"exit_code": code}, err)
    else:
        from acctcli.render.diagnostics import problems_text
        from acctcli.render.formats.style import Style
        from acctcli.store.files.source_lines import excerpts

        style = Style(colour=has_colour(color, os.environ, on_terminal=err.isatty()))
        found = excerpts((each.place for each in told if each.place), folders)
        print(problems_text(told, style, found, columns=columns_of(err)), file=err)
    if len(problems) > _MOST:
        show_note(f"... and {len(problems) - _MOST} more", err, as_json=as_json)


def show_note(message: str, err: TextIO, *, as_json: bool = False) -> None:
    """Print a message that is no problem to stderr."""
    if as_json:
        _print_row({"level": "note", "message": message}, err)
        return
    from acctcli.render.formats.text import visible

    print(visible(message), file=err, flush=True)


def _print_row(row: Mapping[str, object], err: TextIO) -> None:
    import json

    print(json.dumps(row), file=err, flush=True)  # in ASCII, which every terminal's encoding has


def columns_of(stream: TextIO) -> int | None:
    """How wide the terminal is that a stream goes to; None when it goes to none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def has_colour(color: str, environ: Mapping[str, str], *, on_terminal: bool) -> bool:
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


def close_quietly(*streams: TextIO | None) -> None:
    """After a closed pipe: leave nothing for the interpreter to flush and complain about.

    Without streams, standard output and standard error.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams or (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
