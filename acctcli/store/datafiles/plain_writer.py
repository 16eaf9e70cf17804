"""Values written as YAML that every reader reads alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.schema import plain_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acctcli.core.model.kinds import Field, Kind
    from acctcli.core.model.records import Raw

# Most texts: these need no closer look unless they are one of the words.
_SIMPLE = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_ ./()&+'@-]*[A-Za-z0-9_./()&+'@-])?")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# Numbers, dates, times and base 60 in any reader's form, and much that only looks like them.
_NUMBER_LIKE = re.compile(r"[-+.0-9][-+.0-9_:,a-fA-FxXoOtTzZ ]*|[-+.].*|=|<<")
_TYPED = re.compile(r"(?!.*: )-?[0-9A-Za-z](?:[0-9A-Za-z.:+ -]*[0-9A-Za-z])?")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`~")
_FLOW_UNSAFE = re.compile(r"""[,\[\]{}:?#"'&*!|>%@`]""")
# What is written as an escape: what YAML does not call printable, the line breaks of YAML 1.1, the
# byte order mark, and code points that are no characters.
_ESCAPED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(1, 17))
    + "]"
)
_ESCAPED_IN_QUOTES = re.compile(_ESCAPED.pattern[:-1] + r'"\\]')
_ESCAPED_IN_BLOCK = re.compile(_ESCAPED.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_text_field(kind: Kind, custom: Mapping[str, Field], name: str) -> bool:
    """Whether the values of a field are text to readers of YAML; unknown keys count as text."""
    field = kind.field(name) or custom.get(name)
    return field is None or field.type not in plain_types


def scalar(text: str, *, is_text: bool = True, flow: bool = False) -> str:
    """A text on one line, plain where all readers read it as the same text, else quoted.

    With `is_text` false also where they read the number, date or yes and no that it is. `flow` is
    for places inside brackets.

    Raises:
        InvalidInputError: it has a lone surrogate, which is no character.
    """
    if _SIMPLE.fullmatch(text) and not (flow and _FLOW_UNSAFE.search(text)):
        return f'"{text}"' if is_text and text.lower() in _WORDS else text
    if not is_text and _TYPED.fullmatch(text) and not (flow and ":" in text):
        return text
    if _SURROGATE.search(text):
        raise InvalidInputError.of(
            "not-text",
            f"{text!a} is not text: it has half of a character",
            hint="give the text in the encoding UTF-8",
        )
    if _is_plain(text, flow=flow):
        return text
    if ('"' in text or "\\" in text) and "'" not in text and not _ESCAPED.search(text):
        return f"'{text}'"
    return '"' + _ESCAPED_IN_QUOTES.sub(_escape, text) + '"'


def _is_plain(text: str, *, flow: bool) -> bool:
    return not (
        not text
        or text[0] in _INDICATORS
        or text != text.strip()
        or text.endswith(":")
        or ": " in text
        or " #" in text
        or text.lower() in _WORDS
        or _NUMBER_LIKE.fullmatch(text)
        or _ESCAPED.search(text)
        or (flow and _FLOW_UNSAFE.search(text))
    )


def _escape(found: re.Match[str]) -> str:
    return '\\"' if found[0] == '"' else ascii(found[0])[1:-1]


def block_text(text: str) -> tuple[str, list[str]] | None:
    """A text of several lines as a literal block: its header and its lines, not yet indented.

    None when it is one line, or when a block would not give the same text back in every place.
    """
    body = text.removesuffix("\n")
    if "\n" not in body or body.endswith("\n") or _SURROGATE.search(text):
        return None
    lines = body.split("\n")
    if _ESCAPED_IN_BLOCK.search(text) or lines[0] != lines[0].lstrip() or not lines[0]:
        return None
    if any(line != line.rstrip() for line in lines):
        return None
    return ("|" if text.endswith("\n") else "|-"), lines


def flow(value: Raw, *, is_text: bool = True, inside: bool = False) -> str:
    """A value on one line: a text as `scalar` writes it, lists and mappings in brackets.

    Raises:
        InvalidInputError: a text that is none, or nothing at all inside a list.
    """
    if isinstance(value, str):
        return scalar(value, is_text=is_text, flow=inside)
    if isinstance(value, dict):
        items = (
            f"{scalar(key, flow=True)}: {'' if item is None else flow(item, inside=True)}"
            for key, item in value.items()
        )
        return "{" + ", ".join(items) + "}"
    if isinstance(value, Sequence) and None not in value:
        return "[" + ", ".join(flow(item, is_text=is_text, inside=True) for item in value) + "]"
    raise InvalidInputError.of(
        "not-text", "a list cannot hold nothing", hint="leave the empty item out of the list"
    )


def key_lines(key: str, value: Raw, *, is_text: bool, indent: int, newline: str) -> str:
    """The lines of a key and its value, with their line breaks; `indent` is the key's column."""
    name = _key(key)
    if isinstance(value, str) and "\n" in value and (made := block_text(value)):
        header, lines = made
        margin = " " * (indent + 2)
        body = "".join(f"{margin}{line}{newline}" if line else newline for line in lines)
        return f"{' ' * indent}{name}: {header}{newline}{body}"
    text = "" if value is None else " " + flow(value, is_text=is_text)
    return f"{' ' * indent}{name}:{text}{newline}"


@lru_cache(256)
def _key(key: str) -> str:
    return scalar(key)


def record_text(
    fields: Iterable[tuple[str, Raw, bool]], *, indent: int, offset: int, newline: str
) -> str:
    """A record: each field is key, value and whether the value is text.

    `indent` is the column of the dash; `offset` how much further right the keys stand, 2 or more.
    """
    lines = "".join(
        key_lines(key, value, is_text=is_text, indent=indent + offset, newline=newline)
        for key, value, is_text in fields
    )
    dash = " " * indent + "-" + " " * (offset - 1)
    return dash + lines[indent + offset :]
