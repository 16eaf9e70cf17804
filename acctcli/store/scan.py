"""Reads a record in the plain form, one `key: value` a line, without the parser of YAML.

It is not sure of much: anything but plain and simply quoted texts it leaves to `events`. What it
does read, the parser reads the same; a property test holds it. It knows no file and no schema.
"""

from __future__ import annotations

import re

# Characters that end a line for YAML, that it does not take, or that are better left to it.
_ODD = "\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
# A value begins with no indicator; a minus before a digit is none. A line of another form, or one
# with an odd character, is not found, and then there are too few of them.
_LINE = re.compile(
    rf"^  ([A-Za-z_][A-Za-z0-9_]{{0,99}}): "
    rf"([^\s\-?:,\[\]{{}}#&*!|>'\"%@`{_ODD}][^\n{_ODD}]*|-[0-9][^\n{_ODD}]*)$",
    re.MULTILINE,
)
_QUOTED_LINE = re.compile(
    rf'^(  ([A-Za-z_][A-Za-z0-9_]{{0,99}}): )"([^"\\{_ODD}\n]*)"$', re.MULTILINE
)
_STAND_IN = "x"


def plain_record(text: str) -> dict[str, str] | None:
    """The values of a record by key, or None when its form is any other than the plain one.

    The text is one record as `cut` gives it, and its dash stands in the first column.
    """
    if not text.startswith("- "):
        return None
    lines = "  " + text[2:].rstrip("\n")
    record = _plain_lines(lines)
    return _with_quotes(lines) if record is None and '"' in lines else record


def _plain_lines(lines: str) -> dict[str, str] | None:
    """The record of these lines, if each is a key and a value without quotes."""
    count = lines.count("\n") + 1
    if (
        lines.count(": ") != count  # one a line: what is more, or less, is not the plain form
        or " #" in lines
        or ":\n" in lines
        or " \n" in lines
        or lines.endswith((" ", ":"))
    ):
        return None
    record = dict(_LINE.findall(lines))
    # A key that stands twice makes fewer of them too.
    return record if len(record) == count else None


def _with_quotes(lines: str) -> dict[str, str] | None:
    """A record in which texts stand in double quotes; without these it must be a plain one."""
    record = _plain_lines(_QUOTED_LINE.sub(rf"\1{_STAND_IN}", lines))
    if record is not None:
        record |= {found[2]: found[3] for found in _QUOTED_LINE.finditer(lines)}
    return record
