"""One value as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from acctcli.core.accounts.totals import NextActivity
from acctcli.core.model.dates import stamp_day, stamp_text, time_text
from acctcli.core.model.money import show
from acctcli.render.formats.text import visible

if TYPE_CHECKING:
    from acctcli.core.model.records import Stamp
    from acctcli.core.reports.health import Assessment

_LABELS = {
    "id": "ID",
    "url": "URL",
    "sha256": "SHA-256",
    "external_id": "External ID",
    "mrr": "MRR",
    "arr": "ARR",
    "acv": "ACV",
}


def value_text(value: object) -> str:
    """A value in one line; nothing when it is not set.

    Dates are ISO 8601, yes-no is yes or no, lists are joined by commas, totals read
    ``EUR 1.00; USD 2.00``.
    """
    match value:
        case None:
            text = ""
        case str():
            text = value
        case bool():
            text = "yes" if value else "no"
        case Decimal():
            text = f"{value:f}"
        case dt.date():
            text = stamp_text(value)
        case dt.time():
            text = time_text(value)
        case NextActivity():
            text = activity_text(value)
        case Mapping():
            text = show(value)
        case tuple() | list():
            text = ", ".join(map(value_text, value))
        case _:
            text = str(value)
    return visible(text)


def long_text(value: object) -> str:
    """As `value_text`, but the line breaks of a text stay."""
    return visible(value, one_line=False) if isinstance(value, str) else value_text(value)


def amount_text(amount: object, currency: object) -> str:
    """One amount such as ``EUR 1.00``; the bare digits when no currency is known."""
    if isinstance(currency, str) and isinstance(amount, Decimal):
        return value_text({currency: amount})
    return value_text(amount)


def link_text(record_id: str, names: Mapping[str, str]) -> str:
    """A linked record such as ``Anna Rossi (anna-rossi)``; the id alone when it has no name."""
    name = names.get(record_id)
    return visible(f"{name} ({record_id})" if name else record_id)


def label_text(name: str) -> str:
    """What people read for a built-in field's name, such as ``Due date``."""
    return _LABELS.get(name) or name.replace("_", " ").capitalize()


def custom_texts(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """The custom fields that are set, by the names the book gives them, and their texts."""
    return [
        (visible(name), long_text(value))
        for name, value in values.items()
        if value not in (None, "", ())
    ]


def activity_text(activity: NextActivity) -> str:
    """An activity in one line, such as ``2026-03-12 09:30 call: Ask about the renewal``."""
    when = [value_text(activity.due_date), value_text(activity.due_time)]
    return " ".join([*filter(None, when), activity_phrase(activity.type, activity.subject)])


def health_text(health: Assessment) -> str:
    """Health in one line, such as ``62 watch: contact 20/30, overdue 20/20``."""
    parts = (f"{label_text(part.input).lower()} {part.points}/{part.most}" for part in health.parts)
    return f"{health.points} {health.word}: {', '.join(parts)}"


def activity_phrase(kind: str | None, subject: str) -> str:
    """What an activity is, such as ``call: Ask about the renewal``."""
    return visible(f"{kind}: {subject}" if kind else subject)


def day_text(stamp: Stamp, zone: dt.tzinfo | None) -> str:
    """The day of a timestamp in a zone; None means by its own offset (rule 6)."""
    if zone is None and isinstance(stamp, dt.datetime):
        return stamp.date().isoformat()
    return stamp_day(stamp, zone or dt.UTC).isoformat()
