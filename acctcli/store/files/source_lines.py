"""Source lines that messages show.

It is bounded, whatever the file: of a line, a stretch around the column is kept. It never fails:
where a file is gone, shorter, or not certain to be the one that was meant, there is no excerpt.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from contextlib import suppress
from typing import TYPE_CHECKING

from acctcli.core.model.errors import AcctcliError, Excerpt
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from acctcli.core.model.errors import Place

_AROUND = 200  # characters on each side of a column; no terminal line has more
_WIDEST = 4  # bytes of a character in UTF-8
_BOM = "\ufeff"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, whose lines end otherwise


def excerpts(places: Iterable[Place], folders: Iterable[Path]) -> dict[Place, Excerpt]:
    """What stands at places, where that can be told.

    Args:
        places: The places; those without a line have no excerpt.
        folders: Where their files may lie, such as the book's folder and the current one. A name
            that means different files in two of them has no excerpt.
    """
    wanted: dict[str, dict[int, list[Place]]] = {}
    for place in places:
        if place.line:
            wanted.setdefault(place.file, {}).setdefault(place.line, []).append(place)
    found: dict[Place, Excerpt] = {}
    if wanted:
        folders = list(dict.fromkeys(folders))
    for file, by_line in wanted.items():
        path = _intended_file(file, folders)
        if path is None:
            continue
        most = {line: max(place.column for place in each) for line, each in by_line.items()}
        with suppress(AcctcliError, OSError):
            for line, text in _lines(path, file, most).items():
                for place in by_line[line]:
                    if excerpt := _excerpt(text, place):
                        found[place] = excerpt
    return found


def _intended_file(file: str, folders: Iterable[Path]) -> Path | None:
    """The file of that name; None when there is none, or there are two."""
    found: Path | None = None
    with suppress(OSError, ValueError):  # a name that cannot be one
        for path in (folder / file for folder in folders):
            if not path.is_file():
                continue
            if found is not None and not path.samefile(found):
                return None
            found = found or path
    return found


def _lines(path: Path, name: str, columns: Mapping[int, int]) -> dict[int, bytes]:
    """The lines with these numbers, each as far as its column asks for, without their ends."""
    found: dict[int, bytes] = {}
    handle = filesystem.open_to_read(path, name)
    try:
        number, order = 1, sorted(columns)
        while number <= order[-1] and (block := os.read(handle, filesystem.BLOCK)):
            # A lone CR ends a line for some readers and not for others.
            if block.startswith(_OTHER_ENCODINGS) or _has_lone_cr(block):
                break
            breaks = block.count(b"\n")
            inside = order[bisect_left(order, number) : bisect_right(order, number + breaks)]
            parts = block.split(b"\n") if inside else []
            for line in inside:
                most = (columns[line] + _AROUND) * _WIDEST
                before = found.get(line, b"")
                found[line] = before + parts[line - number][: max(0, most - len(before))]
            number += breaks
    finally:
        os.close(handle)
    return found


def _has_lone_cr(block: bytes) -> bool:
    return b"\r" in block.replace(b"\r\n", b"").removesuffix(b"\r")


def _excerpt(line: bytes, place: Place) -> Excerpt | None:
    """The stretch of a line around a place; None when the line ends before it."""
    text = line.decode("utf-8", "replace").removesuffix("\r")
    if place.line == 1:
        text = text.removeprefix(_BOM)
    if place.column > len(text) + 1 or not text.strip():
        return None
    start = max(0, place.column - 1 - _AROUND)
    end = max(place.column - 1, 0) + _AROUND
    return Excerpt(
        text[start:end],
        max(0, place.column - start),
        is_start=not start,
        is_end=end >= len(text),
    )
