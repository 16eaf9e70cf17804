"""Time zones of books."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from acctcli.core.model.errors import Problem

if TYPE_CHECKING:
    from acctcli.core.model.records import Settings

_LOCAL = Path("/etc/localtime")


def zone_of(settings: Settings) -> dt.tzinfo | None:
    """The book's time zone, or the machine's when the book names none (rule 6).

    None when there is no zone of the name that the settings have.
    """
    import os
    from zoneinfo import ZoneInfo

    if settings.timezone == "UTC":
        return dt.UTC
    if settings.timezone is not None:
        try:
            return ZoneInfo(settings.timezone)
        except (KeyError, ValueError, OSError):
            return None
    try:
        return ZoneInfo(os.environ["TZ"].lstrip(":"))
    except (KeyError, ValueError, OSError):
        pass
    try:
        with _LOCAL.open("rb") as file:
            return ZoneInfo.from_file(file, key="localtime")
    except (ValueError, OSError, struct.error):
        return dt.UTC


def zone_key(settings: Settings) -> str:
    """What is another one when days may be others, though the settings are the same."""
    import os

    if settings.timezone is not None:
        return settings.timezone
    told = os.environ.get("TZ", "")
    try:
        status = _LOCAL.stat()
    except OSError:
        return f"{told}|"
    return f"{told}|{os.path.realpath(_LOCAL)}|{status.st_mtime_ns}|{status.st_size}"


def no_zone(settings: Settings) -> Problem:
    """That there is no time zone of the name in the settings."""
    return Problem(
        id="bad-setting",
        message=f'timezone: there is no time zone "{settings.timezone}"',
        hint="write a name of the tz database, such as Europe/Rome",
        field="timezone",
    )
