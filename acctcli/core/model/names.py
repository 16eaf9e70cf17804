"""Names: folded, made into ids, compared and looked up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_SLUG_LENGTH = 40
_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc]")
_ABBREVIATION = re.compile(r"\b(?:[^\W\d_]\.)+[^\W\d_]\b")  # S.r.l, which reads better as srl
_BETWEEN = re.compile(r"[^a-z0-9]+")
# Letters that Unicode does not take apart into a plain letter and an accent.
_LETTERS = str.maketrans(
    {
        "\u00e6": "ae",
        "\u00f0": "d",
        "\u00f8": "o",
        "\u00fe": "th",
        "\u0111": "d",
        "\u0127": "h",
        "\u0131": "i",
        "\u0138": "k",
        "\u0142": "l",
        "\u014b": "ng",
        "\u0153": "oe",
        "\u0167": "t",
        "\u0180": "b",
        "\u01e5": "g",
        "\u0259": "e",
    }
)


def fold(text: str) -> str:
    """The text to compare by: without case, accents and the width of white space.

    Texts that are the same in Unicode, composed or not, fold to the same. Marks that make another
    letter rather than an accent (in kana, or the scripts of India and Thailand) stay. Letters with
    a stroke and the like are compared by the plain letter that stands for them: Łódź is Lodz.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    # Folding the case can bring up letters that come apart again, so it is done in between.
    return " ".join(_bare(_bare(text).casefold()).translate(_LETTERS).split())


def _bare(text: str) -> str:
    """The text taken apart (NFKD), without the marks that are accents or points of vowels."""
    parts = normalize("NFKD", text)
    if parts.isascii():
        return parts
    # Combining classes: 1 strokes; 10 to 36 points of Hebrew, Arabic and Syriac; from 200 accents.
    return "".join(
        [
            char
            for char in parts
            if not (mark := combining(char)) or not (mark >= 200 or mark == 1 or 10 <= mark <= 36)  # noqa: PLR2004 - explained above
        ]
    )


def slug(name: str) -> str:
    """A readable id made of a name: ASCII letters, digits and single hyphens, at most 40.

    Empty when the name has no letter that ASCII can stand for.
    """
    text = _APOSTROPHES.sub("", fold(name))
    text = _ABBREVIATION.sub(lambda found: found[0].replace(".", ""), text)
    words = _BETWEEN.sub("-", text).strip("-")
    if len(words) <= _SLUG_LENGTH:
        return words
    whole = words[: _SLUG_LENGTH + 1].rpartition("-")[0]  # cut between words, if not too short
    return whole if len(whole) > _SLUG_LENGTH // 2 else words[:_SLUG_LENGTH].rstrip("-")


def unique_slug(base: str, taken: Container[str]) -> str:
    """The slug itself if it is free, else a free one of base-2, base-3 and so on.

    It is the first free one where the numbers have no gaps; it is found in few steps among many.
    The base is not empty; it is cut where the number would make the whole longer than 40.
    """

    def numbered(number: int) -> str:
        suffix = f"-{number}"
        return base[: _SLUG_LENGTH - len(suffix)].rstrip("-") + suffix

    if base not in taken:
        return base
    last_taken, free = 1, 2
    while numbered(free) in taken:
        last_taken, free = free, free * 2
    while free - last_taken > 1:
        middle = (last_taken + free) // 2
        if numbered(middle) in taken:
            last_taken = middle
        else:
            free = middle
    return numbered(free)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known key that was probably meant, or None when none is near.

    Case, accents, hyphens and underscores do not count. About one slip in three letters is
    forgiven, three at most; of keys equally near the first by the alphabet is given.
    """
    meant = _key(word)
    limit = min(3, (len(meant) + 1) // 3)
    found = [
        (slips, key)
        for key in known
        if abs(len(other := _key(key)) - len(meant)) <= limit
        and (slips := _distance(meant, other)) <= limit
    ]
    return min(found)[1] if found else None


def or_nearest(word: str, known: Iterable[str]) -> str:
    """What a message about an unknown word ends in: the nearest known one; empty for none."""
    near = nearest(word, known)
    return f'; did you mean "{near}"?' if near else ""


def nearest_first(word: str, known: Iterable[str], hint: str) -> str:
    """A hint about an unknown word, with the nearest known one before it where there is one."""
    near = nearest(word, known)
    return f'did you mean "{near}"? {hint}' if near else hint


def _key(word: str) -> str:
    return fold(word).replace("-", "_").replace(" ", "_")


def _distance(one: str, two: str) -> int:
    """How many letters to add, drop, change or swap with their neighbour to make two of one."""
    before: list[int] = []
    above = list(range(len(two) + 1))
    for row, left in enumerate(one):
        current = [row + 1]
        for column, right in enumerate(two):
            cost = min(above[column] + (left != right), above[column + 1] + 1, current[column] + 1)
            if row and column and left == two[column - 1] and one[row - 1] == right:
                cost = min(cost, before[column - 1] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1]


def find(text: str, items: Iterable[tuple[str, str]]) -> list[str]:
    """The ids that a text names, out of (id, label) pairs, in their order.

    That is the exact id; else every exact label, case and accents aside; else every id the text
    is a prefix of. More than one means that the text is ambiguous, none that it names nothing.
    """
    if not text:
        return []
    folded = fold(text)
    named: list[str] = []
    begun: list[str] = []
    for record, label in items:
        if record == text:
            return [record]
        if fold(label) == folded:
            named.append(record)
        elif record.startswith(text):
            begun.append(record)
    return named or begun
