"""The account page as text: a summary first, then what belongs to the account, by sections.

It knows the core's page and how it is laid out; it computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from acctcli.core.records import Activity, Deal
from acctcli.render.columns import TableColumn
from acctcli.render.fields import fields_text
from acctcli.render.reports import due_text
from acctcli.render.table import cell, table
from acctcli.render.text import visible, wrap
from acctcli.render.text import width as width_of
from acctcli.render.values import (
    activity_text,
    custom_texts,
    day_text,
    health_text,
    label_text,
    link_text,
    long_text,
    value_text,
    what_text,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from acctcli.core.accounts import LastContact, Row
    from acctcli.core.page import Page
    from acctcli.core.records import Note, Record
    from acctcli.render.style import Style

_INDENT = "  "
_READABLE = 100  # lines of prose are no longer than this, however wide the terminal
_PERSON = TableColumn("Person", "person", breaks=True)
_OWNER = TableColumn("Owner", "owner", breaks=True)
_WHAT = TableColumn("Activity", "what", breaks=True)
_ID = TableColumn("ID", "id")
_PLANNED = (
    TableColumn("Due", "due_date due_time bucket"),
    _WHAT,
    _PERSON,
    _OWNER,
    _ID,
)
_DONE = (
    TableColumn("Done", "done_time|due_date"),
    _WHAT,
    TableColumn("Note", "note", breaks=True),
    _PERSON,
    _OWNER,
    _ID,
)
_DEALS = (
    TableColumn("Deal", "title", breaks=True),
    TableColumn("Value", "value", "right"),
    TableColumn("Status", "state"),
    _OWNER,
    _ID,
)
_PEOPLE = (
    TableColumn("Name", "name", breaks=True),
    TableColumn("Job title", "job_title", breaks=True),
    TableColumn("Emails", "emails", breaks=True),
    TableColumn("Phones", "phones", breaks=True),
    _ID,
)
_FILES = (
    TableColumn("Name", "name", breaks=True),
    TableColumn("Bytes", "size", "right"),
    TableColumn("Where", "path|url", breaks=True),
    _ID,
)
_CONTACT_DETAILS = ("address", "website", "phone", "industry")


_BUCKET_WORDS = {"none": "nothing planned"}  # the others say it themselves


def page_text(
    page: Page,
    *,
    names: Mapping[str, str],
    width: int | None,
    style: Style,
    today: dt.date,
    zone: dt.tzinfo | None = None,
) -> str:
    """The page of an organization; sections without anything in them are left out.

    Args:
        page: What the core found.
        names: The names of organizations, people and deals by id.
        width: No line is wider; None when there is no terminal, then nothing wraps.
        style: Colours, or none.
        today: The day the page is for, to mark what is overdue and what is due that day.
        zone: Where the day of a timestamp is taken; None means by its own offset (rule 6).
    """
    inner = None if width is None else width - len(_INDENT)

    def listed(title: str, columns: Sequence[TableColumn], records: Sequence[Record]) -> str:
        rows = [_row(record, names, today, zone) for record in records]
        filled = [each for each in columns if any(cell(row, each.key, zone) for row in rows)]
        text = table(rows, filled, width=inner, style=style, zone=zone)
        return _section(title, len(rows), text, style)

    custom = custom_texts(page.org.custom)
    parts = [
        _title(page.row, width, style),
        fields_text(list(_summary(page, names)), width=width, style=style),
        listed("Planned", _PLANNED, page.planned),
        listed("Done", _DONE, page.done),
        listed("Deals", _DEALS, page.deals),
        listed("People", _PEOPLE, page.people),
        _section("Notes", len(page.notes), _notes(page.notes, inner, style, zone), style),
        listed("Files", _FILES, page.files),
        _section(
            "Custom fields", len(custom), fields_text(custom, width=inner, style=style), style
        ),
    ]
    return "\n\n".join(filter(None, parts))


def _section(title: str, count: int, text: str, style: Style) -> str:
    if not count:
        return ""
    lines = (_INDENT + line if line else line for line in text.split("\n"))
    return "\n".join([style.bold(f"{title} ({count})"), *lines])


def _title(row: Row, width: int | None, style: Style) -> str:
    name, record_id = visible(row.name), f"({visible(row.id)})"
    word = _BUCKET_WORDS.get(row.bucket, row.bucket)
    if not row.is_account:
        word = f"no account, {word}"
    room = width_of(f"{name} {record_id} · {word}")
    if width is None or room <= width:
        painted = style.bucket(row.bucket, word)
        return f"{style.bold(name)} {style.dim(record_id)} · {painted}"
    return "\n".join(
        [
            *(style.bold(line) for line in wrap(name, width)),
            *(style.dim(line) for line in wrap(record_id, width)),
            *(style.bucket(row.bucket, line) for line in wrap(word, width)),
        ]
    )


def _summary(page: Page, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    row, org = page.row, page.org
    if row.won_count:
        days = [
            f"{word} {day}"
            for word, day in (("first", row.first_won), ("last", row.last_won))
            if day
        ]
        yield "Won", ", ".join([_deals(row.won_value, row.won_count), *days])
    if row.open_count:
        yield "Open", _deals(row.open_value, row.open_count)
    if row.lost_count:
        yield "Lost", _deals({}, row.lost_count)
    yield "Next activity", _next(row)
    yield "Last contact", _contact(row.last_contact, names)
    if page.contact_due is not None:
        yield "Contact due", due_text(page.contact_due)
    if page.health is not None:
        yield "Health", health_text(page.health)
    if row.owner:
        yield "Owner", visible(row.owner)
    if row.labels:
        yield "Labels", value_text(row.labels)
    if row.parent:
        yield "Parent", link_text(row.parent, names)
    for name in _CONTACT_DETAILS:
        text = long_text(getattr(org, name))
        if text:
            yield label_text(name), text


def _deals(value: Mapping[str, Decimal], count: int) -> str:
    deals = "1 deal" if count == 1 else f"{count} deals"
    return f"{value_text(value)} in {deals}" if value else deals


def _next(row: Row) -> str:
    if row.next_activity is None:
        return "nothing planned"
    owner = row.next_activity.owner
    who = f" ({visible(owner)})" if owner and owner != row.owner else ""
    more = f"; {row.overdue_count} overdue in all" if row.overdue_count > 1 else ""
    return f"{activity_text(row.next_activity)}{who}{more}"


def _contact(contact: LastContact | None, names: Mapping[str, str]) -> str:
    if contact is None:
        return "none"
    what = what_text(contact.type, contact.subject)
    who = f" with {names.get(contact.person, contact.person)}" if contact.person else ""
    by = f" ({contact.owner})" if contact.owner else ""
    return visible(f"{contact.date} {what}{who}{by}")


def _row(
    record: Record, names: Mapping[str, str], today: dt.date, zone: dt.tzinfo | None
) -> dict[str, object]:
    row: dict[str, object] = asdict(record)
    person = row.get("person")
    if isinstance(person, str):
        row["person"] = names.get(person, person)
    if isinstance(record, Activity):
        row["what"] = what_text(record.type, record.subject)
        row["bucket"] = _when(record.due_date, today)
    if isinstance(record, Deal):
        row["state"] = _state(record, zone)
    return row


def _state(deal: Deal, zone: dt.tzinfo | None) -> str:
    if deal.status == "open":
        expected = deal.expected_close_date
        return f"open, expected {expected}" if expected else "open"
    closed = deal.won_time if deal.status == "won" else deal.lost_time
    return f"{deal.status} {day_text(closed, zone)}" if closed else deal.status


def _when(due: dt.date | None, today: dt.date) -> str:
    if due is None:
        return "no date"
    if due < today:
        return "overdue"
    return "today" if due == today else ""


def _notes(notes: Sequence[Note], width: int | None, style: Style, zone: dt.tzinfo | None) -> str:
    return "\n\n".join(_note(note, width, style, zone) for note in notes)


def _note(note: Note, width: int | None, style: Style, zone: dt.tzinfo | None) -> str:
    about = [
        day_text(note.add_time, zone) if note.add_time else "",
        visible(note.owner or ""),
        "pinned" if note.pinned else "",
        visible(note.id),
    ]
    head = "  ".join(filter(None, about))
    text = visible(note.content.strip("\n"), one_line=False)
    if width is None:
        heads, lines = [head], text.split("\n")
    else:
        heads = wrap(head, width)
        lines = wrap(text, min(width, _READABLE) - len(_INDENT))
    return "\n".join([*map(style.dim, heads), *((_INDENT + line).rstrip() for line in lines)])
