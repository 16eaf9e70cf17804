"""Days off, from holiday files.

A .yaml file is a list of dates, of dates with names, or a mapping of dates to names; an .ics file
is any calendar program's. They are read when something counts business days, and not before.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING

from acctcli.core.model.dates import parse_iso
from acctcli.core.model.errors import (
    AcctcliError,
    InvalidBookError,
    Place,
    StorageError,
)
from acctcli.core.model.values import quote
from acctcli.store.files import filesystem
from acctcli.store.files.names import SETTINGS_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Settings
    from acctcli.store.datafiles.yaml.nodes import Node

LIMIT = 1 << 20  # bytes of a file; those of a country for twenty years take 100 KiB
_AROUND = 10  # years before and after today in which the rules of an .ics file are followed
_HINT = "write dates such as 2026-12-25, one a line, as a list: - 2026-12-25"


class DaysOff(AbstractSet[dt.date]):
    """Days off that are read from their files when they are first asked for."""

    def __init__(self, read: Callable[[], frozenset[dt.date]]) -> None:
        self._read = read

    @cached_property
    def _days(self) -> frozenset[dt.date]:
        return self._read()

    def __contains__(self, day: object) -> bool:
        return day in self._days

    def __iter__(self) -> Iterator[dt.date]:
        return iter(self._days)

    def __len__(self) -> int:
        return len(self._days)


def days_off(root: Path, settings: Settings, today: dt.date) -> frozenset[dt.date]:
    """All days off; of what comes back every year, those in the ten years around today.

    Raises:
        InvalidBookError: a file is missing or cannot be read as what it should be, with its place.
        StorageError: the operating system refuses to read one.
    """
    years = _years(today)
    return frozenset(day for name in settings.holidays for day in _days_of(root, name, years))


def problems(root: Path, settings: Settings, today: dt.date) -> list[Problem]:
    """What is wrong with the files of days off: of each the first thing."""
    found: list[Problem] = []
    for name in settings.holidays:
        try:
            if not name.endswith(".ics") and is_plainly_valid(_content(root, name)):
                continue  # the parser of YAML takes long to load
            _days_of(root, name, _years(today))
        except (InvalidBookError, StorageError) as error:
            found += (
                problem if problem.place else problem._replace(place=Place(name))
                for problem in error.problems
            )
    return found


def _years(today: dt.date) -> range:
    return range(
        max(today.year - _AROUND, dt.MINYEAR + 1), min(today.year + _AROUND, dt.MAXYEAR) + 1
    )


def _days_of(root: Path, name: str, years: range) -> list[dt.date]:
    data = _content(root, name)
    if name.endswith(".ics"):
        from acctcli.store.config.ics_holidays import whole_days

        return list(whole_days(data, name, years))
    return list(read_days(data, name))


def _content(root: Path, name: str) -> bytes:
    try:
        handle = filesystem.open_to_read(root / name, name)
    except FileNotFoundError as error:
        raise InvalidBookError.of(
            "no-holidays-file",
            f"holidays: there is no file {quote(name)} in the book's folder",
            place=_name_place(root, name),
            hint="put it there, or take its name out of acctcli.yaml",
        ) from error
    try:
        size = os.fstat(handle).st_size
        data = os.read(handle, LIMIT + 1) if size <= LIMIT else b""
    except OSError as error:
        raise filesystem.cannot_read(name, error) from error
    finally:
        os.close(handle)
    if size > LIMIT or len(data) > LIMIT:
        raise InvalidBookError.of(
            "too-long",
            "the file is longer than 1 MiB",
            place=Place(name),
            hint="name one that has days off alone",
        )
    return data


def _name_place(root: Path, name: str) -> Place:
    """Where acctcli.yaml names a file of days off."""
    from acctcli.store.datafiles.yaml.nodes import place_at, raw
    from acctcli.store.datafiles.yaml.reader import read_mapping

    try:
        data, _ = filesystem.read_file(root / SETTINGS_FILE, SETTINGS_FILE)
        node = read_mapping(data, SETTINGS_FILE)
    except (AcctcliError, OSError):  # it was changed since
        return Place(SETTINGS_FILE)
    settings = raw(node) if node is not None else None
    named = settings.get("holidays") if isinstance(settings, dict) else None
    number = named.index(name) + 1 if isinstance(named, list) and name in named else 1
    return place_at(node, f"holidays.{number}", SETTINGS_FILE)


def is_plainly_valid(data: bytes) -> bool:
    """Whether a file is in one of two plain forms, and all of its days are in the calendar.

    `listed` takes every such file.
    """
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        return False
    kept = [each for line in lines if (each := line.removesuffix("\r"))]
    if not all(map(str.isprintable, kept)):
        return False
    entries = [line.partition(" #")[0].rstrip(" ") for line in kept if not line.startswith("#")]
    for day_of in (_of_pair, _of_item):
        days = list(map(day_of, entries))
        if all(map(_is_day, days)):
            return len({*days}) == len(days)
    return False


def _of_pair(line: str) -> str:
    """The day of a line such as `2026-12-25: Christmas`; anything else for any other line."""
    day, _, name = line.partition(":")
    is_plain = not name or (name[0] == " " and name[1].isalnum() and ":" not in name)
    return day if is_plain and len(line) > len(day) else ""


def _of_item(line: str) -> str:
    """The day of a line such as `- 2026-12-25`; anything else for any other line."""
    return line[2:] if line.startswith("- ") else ""


def _is_day(text: str) -> bool:
    try:
        parse_iso(text)
    except ValueError:
        return False
    return True


def read_days(data: bytes, name: str) -> Iterator[dt.date]:
    """The days that a .yaml file lists.

    Raises:
        InvalidBookError: it cannot be read as what it should be, with its place.
    """
    from acctcli.store.datafiles.yaml.nodes import Mapping, Scalar, Sequence, raw
    from acctcli.store.datafiles.yaml.reader import decode, parse_document

    node = parse_document(decode(data, name), name)
    if node is None or (isinstance(node, Scalar) and raw(node) is None):
        return
    if isinstance(node, Mapping):
        for key, _ in node.entries:
            yield _date(key, name)
    elif isinstance(node, Sequence):
        for item in node.items:
            date = item.get("date") if isinstance(item, Mapping) else item
            yield _date(item if date is None else date, name)
    else:
        yield _date(node, name)  # one date alone is as good as a list of one


def _date(node: Node, name: str) -> dt.date:
    from acctcli.store.datafiles.yaml.nodes import Scalar

    place = Place(name, node.start.line + 1, node.start.column + 1)
    if not isinstance(node, Scalar):
        raise InvalidBookError.of("bad-date", "a date should stand here", place=place, hint=_HINT)
    try:
        return parse_iso(node.text)
    except ValueError as error:
        raise InvalidBookError.of("bad-date", str(error), place=place, hint=_HINT) from error
