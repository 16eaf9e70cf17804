"""Rows as YAML.

Written here and not by a library, so that numbers keep their digits, and nothing is loaded that
reads a book.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from acctcli.core.model.dates import stamp_text
from acctcli.render.formats.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What needs no quotes: letters first, then nothing that means something to YAML.
_PLAIN = re.compile(r"[^\W\d_](?:[\w.,;/()@+?!%&*'-]| (?! ))*")
# What a reader of YAML 1.1 or 1.2 takes for no text, in any case.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_NAMES = {None: "null", True: "true", False: "false"}
_LONGEST_KEY = 200  # a longer one would have to be marked as a key
_MOST_OF_BYTE, _MOST_OF_PLANE = 0xFF, 0xFFFF


def yaml_list(rows: Iterable[object]) -> Iterator[bytes]:
    """The rows as one list, row by row; ``[]`` when there are none."""
    some = False
    for row in rows:
        some = True
        yield _bytes(_item(row, ""))
    if not some:
        yield b"[]\n"


def yaml_one(row: object) -> Iterator[bytes]:
    """One value as a document."""
    yield _bytes(_block(row, "").removeprefix("\n").lstrip(" ") + "\n")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _item(value: object, indent: str) -> str:
    """An item of a list, from its dash to its line end."""
    text = _block(value, f"{indent}  ")
    if text.startswith("\n"):  # its first line stands behind the dash
        text = " " + text.lstrip("\n").removeprefix(f"{indent}  ")
    return f"{indent}-{text}\n"


def _block(value: object, indent: str) -> str:
    """A value behind a colon or dash: a space and a scalar, or the lines below."""
    if isinstance(value, dict) and value:
        lines = (
            f"{indent}{_key(str(key), indent)}:{_nested_block(each, indent)}"
            for key, each in value.items()
        )
        return "\n" + "\n".join(lines)
    if isinstance(value, list) and value:
        return "\n" + "".join(_item(each, indent) for each in value).removesuffix("\n")
    if isinstance(value, str):
        return " " + (_literal(value, indent) or _quote(value))
    return " " + _scalar(value)


def _nested_block(value: object, indent: str) -> str:
    return _block(value, f"{indent}  ")


def _scalar(value: object) -> str:
    if isinstance(value, dt.date):
        # Quoted: one reader would make a date of it, and another a text.
        return f"'{stamp_text(value)}'"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    return _NAMES[value] if value is None or isinstance(value, bool) else str(value)


def _key(name: str, indent: str) -> str:
    return _quote(name) if len(name) <= _LONGEST_KEY else f"? {_quote(name)}\n{indent}"


def _quote(text: str) -> str:
    """A text in one line, in the lightest quotes that keep it as it is."""
    if _PLAIN.fullmatch(text) and text[-1] != " " and text.lower() not in _WORDS:
        return text
    if visible(text) == text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_character, text)) + '"'


def _character(each: str) -> str:
    if each in _SHORT:
        return _SHORT[each]
    if each.isascii() and each.isprintable():
        return each
    code = ord(each)
    if "\ud800" <= each <= "\udfff":  # half a character: no text in UTF-8 can have it
        return f"\\\\u{code:04x}"
    if visible(each) == each:
        return each
    if code <= _MOST_OF_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _MOST_OF_PLANE else f"\\U{code:08x}"


def _literal(text: str, indent: str) -> str:
    """A text of more lines as they are, below a bar; nothing when they would not stay so."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if len(lines) == 1 or not indent or lines[0][:1] in {"", " "} or lines[-1] == "":
        return ""
    if any(line.endswith(" ") or visible(line) != line for line in lines):
        return ""
    shown = "\n".join(f"{indent}{line}" if line else "" for line in lines)
    return f"{'|' if text.endswith(chr(10)) else '|-'}\n{shown}"
