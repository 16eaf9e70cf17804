"""Search hits with the text around them.

What was sought stands out by its colour on a terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KINDS
from acctcli.core.reports.search import marks
from acctcli.render.formats.cells import label_text
from acctcli.render.formats.text import ELLIPSIS, clip, display_width, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from acctcli.core.reports.search import Hit, SearchWord
    from acctcli.render.formats.style import Style

    _Spot = tuple[int, int]
    _Paint = Callable[[str], str]

_NOUNS = max(len(kind.noun) for kind in KINDS.values()) + 1
_INDENT = " " * _NOUNS
_PIPED_ROOM = 100  # of the text around what was found, when it goes to no terminal
_LEAST_ROOM = 10
_FLAT = str.maketrans("\r\n\t", "   ")


def hits_text(
    hits: Iterable[Hit], words: Sequence[SearchWord], *, width: int | None, style: Style
) -> str:
    """Two lines for a record, or one when it was found in its name; empty when there are none.

    Args:
        hits: What was found.
        words: What was sought.
        width: Of the terminal: texts are cut around what was found. None when there is none.
        style: Colours, or none.
    """
    return "\n".join(line for hit in hits for line in _lines(hit, words, width, style))


def _lines(hit: Hit, words: Sequence[SearchWord], width: int | None, style: Style) -> Iterator[str]:
    kind = KINDS[hit.kind]
    by_name = hit.field == kind.label and hit.kind != "notes"
    # A note has no name but its text.
    name = "" if hit.kind == "notes" else visible(hit.name)
    about = f"({visible(hit.id)})"
    if hit.org_name is not None and hit.kind != "orgs":
        about += f" · {visible(hit.org_name)}"
    head = f"{kind.noun:<{_NOUNS}}"
    room = None if width is None else max(width - _NOUNS, _LEAST_ROOM)
    fits = room is None or display_width(f"{name} {about}" if name else about) <= room
    if name:
        shown = excerpt_around(hit.name, words if by_name else (), room, style, style.bold)
        yield head + (f"{shown} {style.dim(about)}" if fits else shown)
        if not fits:
            yield _INDENT + style.dim(clip(about, room or 0))
    else:
        yield head + style.dim(about if room is None else clip(about, room))
    if not by_name:
        label = visible(hit.field) if kind.field(hit.field) is None else label_text(hit.field)
        space = _PIPED_ROOM if room is None else room
        label = clip(label, space // 2)
        text = excerpt_around(hit.text, words, max(space - display_width(label) - 2, 1), style)
        yield f"{_INDENT}{label}: {text}"


def excerpt_around(
    text: str,
    words: Sequence[SearchWord],
    room: int | None,
    style: Style,
    plain: _Paint = str,
) -> str:
    """A text in one line, cut around the first of the words, which stand out.

    Args:
        text: Any text.
        words: What was sought.
        room: At most so many columns; None cuts nothing.
        style: Colours, or none.
        plain: What decorates the rest of the text.
    """
    flat = text.rstrip().translate(_FLAT)
    spots = marks(flat, words)
    if room is None or display_width(visible(flat)) <= room:
        return "".join(paint(piece) for paint, piece in _pieces(flat, 0, spots, style, plain))
    start = _start(flat, spots[0], room) if spots else 0
    pieces: list[tuple[_Paint, str]] = [(style.dim, ELLIPSIS)] if start else []
    pieces += _pieces(flat, start, spots, style, plain)
    left, shown = room, []
    for number, (paint, piece) in enumerate(pieces):
        size = display_width(piece)
        is_last = number == len(pieces) - 1
        if size > left or (size == left and not is_last):
            shown.append(paint(clip(f"{piece}{ELLIPSIS}", left)))
            break
        left -= size
        shown.append(paint(piece))
    return "".join(shown)


def _pieces(
    flat: str, start: int, spots: Sequence[_Spot], style: Style, plain: _Paint
) -> list[tuple[_Paint, str]]:
    """The text from a place on in pieces: what was sought, and what stands between."""
    pieces: list[tuple[_Paint, str]] = []
    at = start
    for low, high in spots:
        pieces += [(plain, flat[at:low]), (style.match, flat[low:high])]
        at = high
    pieces.append((plain, flat[at:]))
    return [(paint, visible(piece)) for paint, piece in pieces if piece]


def _start(flat: str, first: _Spot, room: int) -> int:
    """Where to begin so that the first spot stands in the first third, if not at its beginning."""
    low, _ = first
    if display_width(visible(flat[:low])) <= room // 3:
        return 0
    start = max(low - room // 3, 0)
    while display_width(visible(flat[start:low])) > room // 3:
        start += 1
    space = flat.find(" ", start, low)
    return start if space < 0 else space + 1
