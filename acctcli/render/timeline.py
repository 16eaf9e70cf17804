"""The events of a timeline as the cells of a table. It knows words, and computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.kinds import KINDS
from acctcli.render.columns import TableColumn
from acctcli.render.values import value_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from acctcli.core.reports.timeline import Happening

COLUMNS = (
    TableColumn("Day", "day"),
    TableColumn("What", "what", breaks=True),
    TableColumn("Person", "person", breaks=True),
    TableColumn("Owner", "owner", breaks=True),
    TableColumn("ID", "id"),
)


def shown_event(event: Happening, names: Mapping[str, str], today: dt.date) -> dict[str, object]:
    """The row of an event, with the keys of `COLUMNS`.

    Args:
        event: What happened.
        names: The names of people by id.
        today: The day, to mark what is overdue.
    """
    return {
        "day": event.day,
        "what": f"{_word(event, today)}: {_about(event)}",
        "person": names.get(event.person, event.person) if event.person else None,
        "owner": event.owner,
        "id": event.id,
    }


def _word(event: Happening, today: dt.date) -> str:
    """What happened: `call`, `call planned`, `deal won`, `note`."""
    word = event.type or KINDS[event.kind].noun
    if event.event == "planned":
        late = event.day is not None and event.day < today
        return f"{word} {'overdue' if late else 'planned'}"
    return f"{word} {event.event}" if event.kind == "deals" else word


def _about(event: Happening) -> str:
    """What it is about, in a line: of a long note its first, of a deal with its value."""
    first, _, rest = event.text.strip().partition("\n")
    if event.kind == "notes":
        return f"{first.rstrip()} …" if rest.strip() else first
    return f"{event.text}, {value_text(event.value)}" if event.value else event.text
