"""Width, wrapping and control characters of text.

Texts come from a book that anybody may have written to, so everything that a person sees passes
through `visible` first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ELLIPSIS = "…"
_HARD = "\N{NO-BREAK SPACE}"
_SIGNS = "@/-_.,:"  # a long word may end a line behind one of these: addresses, paths

# Letters that a zero-width joiner or non-joiner may stand between: emoji; after a virama, Indic
# letters; and for the non-joiner, which Persian writes in every second word, Arabic letters.
_EMOJI = r"\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_INDIC = r"\u0900-\u0dff"
_VIRAMA = r"\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
_CURSIVE = rf"\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff{_INDIC}"
_FLAG = (
    r"\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f"  # a flag such as Scotland's is spelled so
)
_HARMFUL = re.compile(
    rf"(?P<fine>{_FLAG}"
    rf"|(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])"
    rf"|(?<=[{_VIRAMA}])\u200d(?=[{_INDIC}])"
    rf"|(?<=[{_CURSIVE}])\u200c(?=[{_CURSIVE}]))"
    r"|[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn the direction of what follows
    r"\u2028\u2029"  # line and paragraph separator
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f"  # unseen
    r"\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 17))
    + "]"
)
_BREAK = re.compile(r"\r?\n")


def visible(text: str, *, one_line: bool = True) -> str:
    r"""The text with everything that could spoil a terminal shown as an escape.

    Controls, turns of direction, characters without width and code points that are none come
    out as ``\x1b``, ``\u202e`` or ``\U000e0001``. A tab is a space.

    Args:
        text: Any text.
        one_line: Whether line breaks become a space; else they stay, as ``\n``.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = [_HARMFUL.sub(_escape, line.replace("\t", " ")) for line in _BREAK.split(text)]
    if one_line and len(lines) > 1:
        return " ".join(line.strip(" ") for line in lines if line.strip(" "))
    return "\n".join(lines)


def _escape(match: re.Match[str]) -> str:
    if match["fine"]:
        return match[0]
    code = ord(match[0])
    if code <= 0xFF:  # noqa: PLR2004 - two hexadecimal digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four digits


def screen(text: str, *, as_json: bool = False) -> str:
    r"""What goes to other programs, as a terminal can be shown it; tabs and line ends stay.

    Args:
        text: Lines of a machine format.
        as_json: Whether the escapes are those of JSON, which change nothing of what it says.
    """
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return _HARMFUL.sub(_json_escape if as_json else _screen_escape, text)


def _screen_escape(match: re.Match[str]) -> str:
    return match[0] if match[0] in "\n\t" else _escape(match)


def _json_escape(match: re.Match[str]) -> str:
    if match["fine"] or match[0] in "\n\t":
        return match[0]
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def display_width(text: str) -> int:
    """How many columns of a terminal a line of text takes, as `visible` gives it."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def graphemes(text: str) -> Iterator[str]:
    """What people call characters: a letter with its marks, a family of emoji."""
    if text.isascii():
        return iter(text)
    from wcwidth import iter_graphemes

    return iter_graphemes(text)


def wrap(text: str, columns: int, *, totals: bool = False) -> list[str]:
    """The text in lines of at most so many columns; at least one line.

    It breaks at line breaks and spaces; a word that is longer than a line breaks between
    graphemes, behind a sign such as ``@`` where it can. A line that fits is kept as it is.
    Only a grapheme that is itself too wide makes a line wider.

    Args:
        text: As `visible` gives it.
        columns: How wide a line may be.
        totals: Whether the text is totals of money: lines then end between amounts only.
    """
    if totals:
        lines = wrap(text.replace(" ", _HARD).replace(f";{_HARD}", "; "), columns)
        return [line.replace(_HARD, " ") for line in lines]
    lines = []
    for line in text.split("\n"):
        if display_width(line) <= columns:
            lines.append(line.rstrip(" "))
        else:
            lines += _wrap_line(line, columns)
    return lines


def _wrap_line(line: str, columns: int) -> list[str]:
    lines: list[str] = []
    held, room = "", columns
    for word in line.split(" "):
        size = display_width(word)
        if not size and not word:
            continue
        if held and size < room:
            held, room = f"{held} {word}", room - size - 1
            continue
        if held:
            lines.append(held)
        *full, held = [word] if size <= columns else _pieces(word, columns)
        lines += full
        room = columns - display_width(held)
    return [*lines, held] if held or not lines else lines


def _pieces(word: str, columns: int) -> list[str]:
    """A long word in pieces that fill the lines, or end behind a sign if that is not far back."""
    pieces: list[str] = []
    held: list[tuple[str, int]] = []
    used = 0
    for grapheme in graphemes(word):
        size = display_width(grapheme)
        while held and used + size > columns:
            cut = _cut(held, columns)
            pieces.append("".join(each for each, _ in held[:cut]))
            held = held[cut:]
            used = sum(each for _, each in held)
        held.append((grapheme, size))
        used += size
    return [*pieces, "".join(each for each, _ in held)]


def _cut(held: list[tuple[str, int]], columns: int) -> int:
    """How many graphemes stand on the line: to the last sign in its second half, else all."""
    after = 0
    for cut in range(len(held), 0, -1):
        grapheme, size = held[cut - 1]
        if grapheme in _SIGNS:
            return cut
        after += size
        if after * 2 > columns:
            break
    return len(held)


def clip(text: str, columns: int) -> str:
    """The text when it fits into so many columns, else its beginning and an ellipsis."""
    if display_width(text) <= columns:
        return text
    kept, used = "", 0
    for grapheme in graphemes(text):
        used += display_width(grapheme)
        if used >= columns:
            break
        kept += grapheme
    return kept.rstrip(" ") + ELLIPSIS


def lines_in(text: str, columns: int | None) -> list[str]:
    """The text in lines of at most so many columns; in one, when there is no limit."""
    return [text] if columns is None else wrap(text, columns)
