"""Records in plain layout, read without a YAML parser.

It is not sure of much: anything but plain and simply quoted texts it leaves to `yaml_parser`.
What it does read, the parser reads the same; a property test holds it.
"""

from __future__ import annotations

import re

# Characters that end a line for YAML, that it does not take, or that are better left to it.
_ODD = "\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
_KEY = "([A-Za-z_][A-Za-z0-9_]{0,99})"
_QUOTED = rf'"([^"\\\n{_ODD}]*)"'
# A value begins with no indicator; a minus before a digit is none.
_PLAIN = rf"([^\s\-?:,\[\]{{}}#&*!|>'\"%@`{_ODD}][^\n{_ODD}]*|-[0-9][^\n{_ODD}]*)"
# A line of another form, or one with an odd character, is not found, and then there are too few.
_LINE = re.compile(rf"^(- |  ){_KEY}: (?:{_QUOTED}|{_PLAIN})$", re.MULTILINE)


def plain_record(text: str) -> dict[str, str] | None:
    """The values of a record by key, or None when its form is any other than the plain one.

    The text is one record as `cut` gives it, and its dash stands in the first column.
    """
    found = plain_records(text.rstrip("\n"), 1)
    return found[0] if found else None


def plain_records(text: str, count: int) -> list[dict[str, str]] | None:
    """The values of several records at once, each as `plain_record` gives it.

    None when one of them is in another form, or when they are not `count`.
    """
    text = text.removesuffix("\n")
    lines = text.count("\n") + 1 - text.count("\n\n")
    if not text.startswith("- ") or ":\n" in text or " \n" in text or text.endswith((" ", ":")):
        return None
    found = _LINE.findall(text)
    if len(found) != lines:
        return None
    records: list[dict[str, str]] = []
    record: dict[str, str] = {}
    pairs = comments = 0  # in quotes, where they are neither
    for dash, key, quoted, plain in found:
        if dash == "- ":
            record = {}
            records.append(record)
        if quoted:
            pairs += quoted.count(": ")
            comments += quoted.count(" #")
            record[key] = quoted
        else:
            record[key] = plain
    # One pair a line; a key that stands twice makes fewer of them.
    if text.count(": ") != lines + pairs or text.count(" #") != comments:
        return None
    return records if len(records) == count and sum(map(len, records)) == lines else None
