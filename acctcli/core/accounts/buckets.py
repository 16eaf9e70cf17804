"""Columns of the board by due date (rule 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    import datetime as dt

    from acctcli.core.model.records import Settings

Bucket = Literal["none", "overdue", "today", "tomorrow", "soon", "later"]
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)


def bucket(due: dt.date | None, today: dt.date, settings: Settings) -> Bucket:
    """The bucket of an account whose earliest undone due date is `due` (rule 5).

    None means that nothing is planned.
    """
    if due is None:
        return "none"
    ahead = (due - today).days
    if ahead < 0:
        return "overdue"
    if ahead == 0:
        return "today"
    if ahead < settings.soon:
        return "tomorrow"
    return "soon" if ahead < settings.later else "later"


def title(bucket: Bucket, settings: Settings) -> str:
    """What people read above the bucket's column; it follows the bounds of the settings."""
    titles: dict[Bucket, str] = {
        "none": "Nothing planned",
        "overdue": "Overdue",
        "today": "Today",
        "tomorrow": "Tomorrow" if settings.soon == 2 else _days(1, settings.soon - 1),  # noqa: PLR2004 - the day after tomorrow
        "soon": _days(settings.soon, settings.later - 1),
        "later": f"In {settings.later} days or more",
    }
    return titles[bucket]


def _days(first: int, last: int) -> str:
    return f"In {first} days" if first == last else f"In {first} to {last} days"
