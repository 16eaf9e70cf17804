"""The care of accounts in acctcli.yaml: the rhythm of contact of each tier, and days off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.core.kinds import Field, FieldType
from acctcli.core.settings.parts import read, under, wrong
from acctcli.core.spans import SPAN_HINT, is_span
from acctcli.core.values import quoted

if TYPE_CHECKING:
    from acctcli.core.errors import Problem
    from acctcli.core.records import RawRecord

_PART = r"[^\x00-\x1f\x7f-\x9f/\\.][^\x00-\x1f\x7f-\x9f/\\]*"
_CALENDAR = re.compile(rf"({_PART}/)*{_PART}\.(yaml|ics)")


def read_tiers(raw: RawRecord, problems: list[Problem]) -> dict[str, str]:
    """The tiers, each with how often its accounts are to be contacted."""
    tiers: dict[str, str] = {}
    for name, given in under("tiers", raw.get("tiers"), problems, "tiers: {A: 30d}").items():
        path = f"tiers.{name}"
        if given is None or given == "":
            problems.append(wrong("tier-without-rhythm", path, "the tier has no rhythm", SPAN_HINT))
            continue
        if not name.strip():
            problems.append(wrong("bad-value", path, "a tier has no name", "name it, such as A"))
            continue
        span = read(str, Field(path, FieldType.TEXT), {name: given}, problems)
        if span is None:
            continue
        if not is_span(span) or not int(span[:-1]):
            message = f"{quoted(span)} is no rhythm of contact"
            problems.append(wrong("bad-span", path, message, SPAN_HINT))
            continue
        tiers[name] = span
    return tiers


def read_holidays(raw: RawRecord, problems: list[Problem]) -> tuple[str, ...]:
    """The files that say which days are off."""
    files: tuple[str, ...] | None = read(tuple, Field("holidays", FieldType.TEXTS), raw, problems)
    found = []
    for name in files or ():
        if _CALENDAR.fullmatch(name):
            found.append(name)
            continue
        problems.append(
            wrong(
                "bad-value",
                "holidays",
                f"{quoted(name)} is no file of days off",
                "write the name of a .yaml or .ics file in the book's folder, such as"
                " holidays.yaml",
            )
        )
    return tuple(found)
