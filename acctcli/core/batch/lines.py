"""Lines of JSON read as commands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.model.errors import Place, Problem
from acctcli.core.model.names import or_nearest
from acctcli.core.model.values import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIMIT = 1 << 20  # bytes of a line
_BOM = b"\xef\xbb\xbf"
_KEYS = ("command", "args", "as")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", re.ASCII)
_FORM = '{"command": ["deal", "add"], "args": {"title": "ERP", "org": "acme"}, "as": "x"}'


class Number(str):
    """A number with the digits it was written with, so that money stays exact (rule 4)."""

    __slots__ = ()


class BatchLine(Struct, frozen=True):
    """A command as it stands in a line.

    Attributes:
        place: Where it stands.
        command: Its words, such as ``("deal", "add")``.
        args: What it is given: texts, numbers as `Number`, yes-no, lists, mappings and None.
        name: What later lines call the record it is about, when they may.
    """

    place: Place
    command: tuple[str, ...]
    args: dict[str, object]
    name: str | None = None


class _RefusalError(Exception):
    """What is wrong with a line: an id, a message, a hint, and the column where, if known."""

    def __init__(self, name: str, message: str, hint: str | None = None, column: int = 0) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.hint = hint
        self.column = column


def read_lines(lines: Iterable[bytes], file: str) -> tuple[list[BatchLine], list[Problem]]:
    """The commands of all lines that are right, and what is wrong with the others.

    Blank lines are passed over, and so is a byte order mark before the first one.

    Args:
        lines: As they stand in the file, with their ends. Of one that is longer than `LIMIT` no
            more need be given than shows that.
        file: What messages call the file.
    """
    found: list[BatchLine] = []
    problems: list[Problem] = []
    for number, text in enumerate(lines, 1):
        line = text.removeprefix(_BOM) if number == 1 else text
        if not line.strip():
            continue
        try:
            found.append(_read_line(line, Place(file, number)))
        except _RefusalError as error:
            problems.append(
                Problem(
                    id=error.name,
                    message=error.message,
                    place=Place(file, number, error.column),
                    hint=error.hint,
                )
            )
    return found, problems


def _read_line(line: bytes, place: Place) -> BatchLine:
    given = _object(line)
    for key in given:
        if key not in _KEYS:
            raise _RefusalError(
                "unknown-key",
                f"{quote(key)} is no key of a command{or_nearest(key, _KEYS)}",
                f"a command has {', '.join(_KEYS)}; what it takes stands under args",
            )
    args = given.get("args", {})
    if not isinstance(args, dict):
        raise _RefusalError("bad-args", '"args" is no object', f"write it as {_FORM}")
    return BatchLine(place, _command(given.get("command")), args, _name(given.get("as")))


def _object(line: bytes) -> dict[str, object]:
    """The object of a line.

    Raises:
        _RefusalError: it is none, or not to be read.
    """
    if len(line.rstrip(b"\r\n")) > LIMIT:
        raise _RefusalError("line-too-long", "the line is longer than 1 MiB")
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        before = line[: error.start].decode()
        raise _RefusalError(
            "not-utf8", "the line is not UTF-8", "save the file as UTF-8", len(before) + 1
        ) from None
    try:
        found = _decoder.decode(text.rstrip("\r\n"))  # so that no place is in a line below
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        raise _RefusalError(
            "not-json", f"the line is not JSON: {what}", f"a line is {_FORM}", error.colno
        ) from None
    except RecursionError:
        raise _RefusalError("not-json", "the line is nested too deep") from None
    if not isinstance(found, dict):
        raise _RefusalError("not-a-command", "the line is no object", f"a line is {_FORM}")
    if "\\u" in text and not all(map(_is_text, _texts(found))):
        raise _RefusalError(
            "not-text",
            "the line has half of a character: an escape such as \\ud83d without its other half",
            "write the character itself",
        )
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _RefusalError("duplicate-key", f"the key {quote(twice)} stands twice in one object")
    return found


def _no_number(text: str) -> object:
    raise _RefusalError("not-json", f"the line is not JSON: {text} is no number")


_decoder = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=Number, parse_int=Number, parse_constant=_no_number
)


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _command(given: object) -> tuple[str, ...]:
    if isinstance(given, list) and given and all(type(word) is str for word in given):
        return tuple(given)
    raise _RefusalError(
        "bad-command",
        '"command" is missing' if given is None else '"command" is no list of words',
        'write it as a list of words, such as ["deal", "add"]',
    )


def _name(given: object) -> str | None:
    if given is None:
        return None
    if type(given) is str and _NAME.fullmatch(given):
        return given
    shown = quote(given) if isinstance(given, str) else "what stands there"
    hint = 'a name is letters, digits, "_" and "-", such as x; later lines say $x'
    raise _RefusalError("bad-name", f'"as": {shown} is no name', hint)
