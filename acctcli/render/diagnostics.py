"""Problems with their source lines.

The line is given; this module opens no file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.render.formats.text import ELLIPSIS, clip, display_width, graphemes, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from acctcli.core.model.errors import Excerpt, Place, Problem
    from acctcli.render.formats.style import Style

_ROOM = 100  # columns of a line that is shown where there is no terminal
_LEAST = 20  # columns; on a narrower terminal a line is broken by the terminal
_SAID = re.compile(r'"([^"]+)"')
# A quoted text, or what stands between white space and the signs of lists and mappings.
_WORD = re.compile(r""" "(?:[^"\\]|\\.)*" | '(?:[^']|'')*' | [^\s,\]}]+ """, re.VERBOSE)


def problems_text(
    problems: Iterable[Problem],
    style: Style,
    excerpts: Mapping[Place, Excerpt] | None = None,
    *,
    columns: int | None = None,
) -> str:
    """Problems as messages: place, level, id and what happened, the line, and what to do.

    Args:
        problems: What to tell.
        style: Colours, or none.
        excerpts: What stands at the places, for those that are to be shown.
        columns: How wide the terminal is; None when there is none.
    """
    return "\n".join(
        line
        for problem in problems
        for line in _lines(problem, style, excerpts or {}, columns or _ROOM)
    )


def _lines(
    problem: Problem, style: Style, excerpts: Mapping[Place, Excerpt], columns: int
) -> Iterator[str]:
    paint = style.overdue if problem.level == "error" else style.caution
    where = f"{style.bold(visible(str(problem.place)))}: " if problem.place else ""
    yield f"{where}{paint(problem.level)} [{visible(problem.id)}]: {visible(problem.message)}"
    excerpt = excerpts.get(problem.place) if problem.place else None
    if problem.place and excerpt:
        gutter = f"  {problem.place.line} | "
        below = "| ".rjust(len(gutter))
        text, carets = _source_line(excerpt, problem.message, max(columns - len(gutter), _LEAST))
        yield f"{style.dim(gutter)}{text}"
        if carets:
            yield f"{style.dim(below)}{carets[0]}{paint(carets[1])}"
    if problem.hint:
        yield f"  {style.dim('hint:')} {visible(problem.hint)}"


def _source_line(excerpt: Excerpt, message: str, room: int) -> tuple[str, tuple[str, str] | None]:
    """A line, cut to the room there is, and what stands below it: spaces, and what marks."""
    at = max(excerpt.column - 1, 0)
    rest = excerpt.text[at:]
    length = _length(rest, message) if excerpt.column else 0
    before = ("" if excerpt.is_start else ELLIPSIS) + visible(excerpt.text[:at])
    marked = clip(visible(rest[:length]), room)
    after = visible(rest[length:].rstrip()) + ("" if excerpt.is_end else ELLIPSIS)
    left = room - display_width(marked)
    before = _clip_left(before, max(left - display_width(after), left * 2 // 3))
    after = clip(after, left - display_width(before)) if left > display_width(before) else ""
    text = (before + marked + after).rstrip(" ")
    if not excerpt.column:
        return text, None
    return text, (" " * display_width(before), "^" * max(display_width(marked), 1))


def _length(text: str, message: str) -> int:
    """How many characters of a text a message is about: what it quotes, or the first word."""
    for said in _SAID.findall(message):
        for quote in ("", '"', "'"):
            if text.startswith(f"{quote}{said}{quote}"):
                return len(said) + 2 * len(quote)
    if text.startswith("- "):  # a whole record
        return len(text.rstrip())
    word = _WORD.match(text)
    return len(word[0]) if word else 1


def _clip_left(text: str, columns: int) -> str:
    """The text when it fits into so many columns, else an ellipsis and its end."""
    if display_width(text) <= columns:
        return text
    kept, used = "", 0
    for grapheme in reversed(list(graphemes(text))):
        used += display_width(grapheme)
        if used >= columns:
            break
        kept = grapheme + kept
    return ELLIPSIS + kept


def problem_row(problem: Problem) -> dict[str, object]:
    """A problem as its machine form, the same for what `check` finds and for errors (rule 12)."""
    place = problem.place
    return {
        "id": problem.id,
        "level": problem.level,
        "message": problem.message,
        "hint": problem.hint,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "kind": problem.kind,
        "record": problem.record,
        "field": problem.field,
    }
