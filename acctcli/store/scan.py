"""Reads a record in the plain form, one `key: value` a line, without the parser of YAML.

It is not sure of much: anything but plain and simply quoted texts it leaves to `events`. What it
does read, the parser reads the same; a property test holds it. It knows no file and no schema.
"""

from __future__ import annotations

import re

# Characters that end a line for YAML, that it does not take, or that are better left to it.
_ODD = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
_QUOTED = f'"([^"\\\\{_ODD}]*)"'
_FIRST = rf"(?:[^\s\-?:,\[\]{{}}#&*!|>'\"%@`{_ODD}]|-(?=[0-9]))"
_MORE = f"[^ :#{_ODD}]*"
# Inside a plain text stand a colon that no space follows, a # that no space is before, and spaces
# that are neither its end nor before a comment.
_INNER = r"(?::(?=[^ \n])|(?<! )#| (?! *(?:#|$)))"
_PLAIN = f"({_FIRST}{_MORE}(?:{_INNER}{_MORE})*)"
_KEY = "([A-Za-z_][A-Za-z0-9_]{0,99})"
_LINE = re.compile(rf"^(?:- |  ){_KEY}: (?:{_QUOTED}|{_PLAIN})$", re.MULTILINE)


def plain_record(text: str) -> dict[str, str] | None:
    """The values of a record by key, or None when its form is any other than the plain one.

    The text is one record as `cut` gives it, and its dash stands in the first column.
    """
    if not text.startswith("- "):
        return None
    lines = text.rstrip("\n")
    found = _LINE.findall(lines)
    record = {key: quoted or plain for key, quoted, plain in found}
    if len(record) != lines.count("\n") + 1 or "\n- " in lines:
        return None
    return record
