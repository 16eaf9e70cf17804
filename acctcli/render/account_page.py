"""The page of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from acctcli.core.accounts.hierarchy import GroupMember
from acctcli.core.accounts.totals import RECURRING
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.records import Activity, Deal
from acctcli.core.reports.account_page import PAGE_SECTIONS
from acctcli.core.reports.overdue import OverdueItem, RecurringDeal, days_late
from acctcli.render.formats.cells import (
    activity_phrase,
    activity_text,
    custom_texts,
    day_text,
    health_text,
    label_text,
    link_text,
    long_text,
    value_text,
)
from acctcli.render.formats.columns import TableColumn
from acctcli.render.formats.document import Document, Fields, Grid, Prose, Section
from acctcli.render.formats.key_values import fields_text
from acctcli.render.formats.table import cell, table
from acctcli.render.formats.text import display_width, visible, wrap
from acctcli.render.reports import due_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from msgspec import Struct

    from acctcli.core.accounts.totals import AccountRow, LastContact
    from acctcli.core.model.records import Note
    from acctcli.core.reports.account_page import Page
    from acctcli.core.reports.timeline import Happening
    from acctcli.render.formats.document import Block
    from acctcli.render.formats.style import Style

_INDENT = "  "
_READABLE = 100  # lines of prose are no longer than this, however wide the terminal
_PERSON = TableColumn("Person", "person", breaks=True)
_OWNER = TableColumn("Owner", "owner", breaks=True)
_WHAT = TableColumn("Activity", "what", breaks=True)
_ID = TableColumn("ID", "id")
_SERIES = TableColumn("Series", "series", breaks=True)
_LATE = (
    TableColumn("Due", "due"),
    TableColumn("Days late", "days", "right"),
    TableColumn("What", "what", breaks=True),
    _OWNER,
    _ID,
)
_PLANNED = (
    TableColumn("Due", "due_date due_time bucket"),
    _WHAT,
    _SERIES,
    _PERSON,
    _OWNER,
    _ID,
)
_DONE = (
    TableColumn("Done", "done_time|due_date"),
    _WHAT,
    _SERIES,
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
_RENEWALS = (
    TableColumn("Renewal", "renewal_date bucket"),
    TableColumn("Term", "term"),
    TableColumn("Deal", "title", breaks=True),
    TableColumn("Status", "state"),
    TableColumn("Brings", "brings", breaks=True),
    _OWNER,
    _ID,
)
_BRANCHES = (
    TableColumn("Branch", "name", breaks=True),
    TableColumn("Won", "won_value", "right"),
    TableColumn("Group", "group", "right"),
    TableColumn("Bucket", "bucket"),
    TableColumn("Next activity", "next_activity", breaks=True),
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
    sections: AbstractSet[str] = frozenset(),
) -> str:
    """The page of an organization; sections without anything in them are left out.

    Args:
        page: What the core found.
        names: The names of organizations, people and deals by id.
        width: No line is wider; None when there is no terminal, then nothing wraps.
        style: Colours, or none.
        today: The day the page is for, to mark what is overdue and what is due that day.
        zone: Where the day of a timestamp is taken; None means by its own offset (rule 6).
        sections: Of `SECTIONS`: only these are shown, empty ones too. No one means
            all that have something in them.
    """
    parts = _parts(page, names, today, zone, sections)
    texts = [part_text(part, width, style) for part in parts]
    return "\n\n".join(filter(None, [_title(page.row, width, style), *texts]))


def page_document(
    page: Page,
    *,
    names: Mapping[str, str],
    today: dt.date,
    zone: dt.tzinfo | None = None,
    sections: AbstractSet[str] = frozenset(),
) -> Document:
    """The same page, to be shown as Markdown or HTML."""
    row = page.row
    about = f"{visible(row.id)} · {_standing(row)}"
    return Document(visible(row.name), list(_parts(page, names, today, zone, sections)), about)


def _parts(
    page: Page,
    names: Mapping[str, str],
    today: dt.date,
    zone: dt.tzinfo | None,
    sections: AbstractSet[str],
) -> Iterator[Fields | Section]:
    """The summary and the sections that are shown, in order."""

    def listed(title: str, columns: Sequence[TableColumn], found: Sequence[Struct]) -> Section:
        rows = [_row(each, names, today, zone) for each in found]
        filled = [each for each in columns if any(cell(row, each.key, zone) for row in rows)]
        return Section(title, [Grid(rows, filled, zone)] if rows else [], len(rows))

    def fields() -> Section:
        custom = custom_texts(page.org.custom)
        return Section("Custom fields", [Fields(custom)] if custom else [], len(custom))

    family = page.family
    parts: dict[str, Callable[[], Fields | Section]] = {
        "summary": lambda: Fields(list(_summary(page, names, today))),
        "late": lambda: listed("Late", _LATE, page.late),
        "planned": lambda: listed("Planned", _PLANNED, page.planned),
        "done": lambda: listed("Done", _DONE, page.done),
        "deals": lambda: listed("Deals", _DEALS, page.deals),
        "renewals": lambda: listed("Renewals", _RENEWALS, page.renewals),
        "branches": lambda: listed("Branches", _BRANCHES, family.branches if family else ()),
        "people": lambda: listed("People", _PEOPLE, page.people),
        "notes": lambda: Section("Notes", [_note(n, zone) for n in page.notes], len(page.notes)),
        "files": lambda: listed("Files", _FILES, page.files),
        "fields": fields,
    }
    for name in PAGE_SECTIONS:
        if sections and name not in sections:
            continue
        part = parts[name]()
        is_empty = isinstance(part, Section) and not part.number
        if not is_empty or (sections and not (name == "branches" and family is None)):
            yield part


def part_text(part: Fields | Section, width: int | None, style: Style) -> str:
    """A part of a page as text, no line wider than that."""
    if isinstance(part, Fields):
        return fields_text(part.pairs, width=width, style=style)
    inner = None if width is None else width - len(_INDENT)
    text = "\n\n".join(_block_text(block, inner, style) for block in part.blocks)
    lines = [_INDENT + line if line else line for line in text.split("\n")] if text else []
    return "\n".join([style.bold(part.heading), *lines])


def _block_text(block: Block, width: int | None, style: Style) -> str:
    match block:
        case Grid():
            return table(block.rows, block.columns, width=width, style=style, zone=block.zone)
        case Fields():
            return fields_text(block.pairs, width=width, style=style)
        case Prose():
            return _prose(block, width, style)
        case _:
            raise TypeError(block)


def _title(row: AccountRow, width: int | None, style: Style) -> str:
    name, record_id = visible(row.name), f"({visible(row.id)})"
    word = _standing(row)
    room = display_width(f"{name} {record_id} · {word}")
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


def _standing(row: AccountRow) -> str:
    word = _BUCKET_WORDS.get(row.bucket, row.bucket)
    return word if row.is_account else f"no account, {word}"


def _summary(page: Page, names: Mapping[str, str], today: dt.date) -> Iterator[tuple[str, str]]:
    row = page.row
    yield from _values(page, today)
    yield "Next activity", _next(row)
    yield "Last contact", _contact(row.last_contact, names)
    if page.contact_due is not None:
        yield "Contact due", due_text(page.contact_due)
    if page.health is not None:
        yield "Health", health_text(page.health)
    if row.owner:
        yield "Owner", visible(row.owner)
    if row.tier:
        yield "Tier", visible(row.tier)
    if row.labels:
        yield "Labels", value_text(row.labels)
    if row.parent:
        above = page.family.path[:-1] if page.family else ()
        yield "Parent", " > ".join(link_text(each, names) for each in above or (row.parent,))
    for name in _CONTACT_DETAILS:
        text = long_text(getattr(page.org, name))
        if text:
            yield label_text(name), text


def _values(page: Page, today: dt.date) -> Iterator[tuple[str, str]]:
    """What it won and may win, alone and with its branches, and what comes again."""
    row, kin = page.row, page.family
    if row.won_count:
        days = [
            f"{word} {day}"
            for word, day in (("first", row.first_won), ("last", row.last_won))
            if day
        ]
        yield "Won", ", ".join([_deals(row.won_value, row.won_count), *days])
    if kin and kin.branches:
        yield "Group", f"{_deals(kin.group_value, kin.group_count)}, {kin.group_size} organizations"
    if row.open_count:
        yield "Open", _deals(row.open_value, row.open_count)
    if row.lost_count:
        yield "Lost", _deals({}, row.lost_count)
    for name in RECURRING:
        if value := getattr(row, name):
            yield label_text(name), value_text(value)
    if row.renewal_date:
        yield "Renewal", _renewal(row.renewal_date, page, today)


def _deals(value: Mapping[str, Decimal], count: int) -> str:
    deals = "1 deal" if count == 1 else f"{count} deals"
    return f"{value_text(value)} in {deals}" if value else deals


def _renewal(date: dt.date, page: Page, today: dt.date) -> str:
    """The first renewal; when that is late, how late, and the first one that is not."""
    late = days_late(date, today)
    if not late:
        return date.isoformat()
    coming = page.next_renewal
    days = "1 day late" if late == 1 else f"{late} days late"
    return f"{date}, {days}" + (f"; next {coming}" if coming else "")


def _next(row: AccountRow) -> str:
    if row.next_activity is None:
        return "nothing planned"
    owner = row.next_activity.owner
    who = f" ({visible(owner)})" if owner and owner != row.owner else ""
    more = f"; {row.overdue_count} overdue in all" if row.overdue_count > 1 else ""
    return f"{activity_text(row.next_activity)}{who}{more}"


def _contact(contact: LastContact | None, names: Mapping[str, str]) -> str:
    if contact is None:
        return "none"
    what = activity_phrase(contact.type, contact.subject)
    who = f" with {names.get(contact.person, contact.person)}" if contact.person else ""
    by = f" ({contact.owner})" if contact.owner else ""
    return visible(f"{contact.date} {what}{who}{by}")


def _row(
    record: Struct, names: Mapping[str, str], today: dt.date, zone: dt.tzinfo | None
) -> dict[str, object]:
    row: dict[str, object] = asdict(record)
    person = row.get("person")
    if isinstance(person, str):
        row["person"] = names.get(person, person)
    match record:
        case Activity():
            row["what"] = activity_phrase(record.type, record.subject)
            row["bucket"] = _due_word(record.due_date, today)
            row["series"] = _series(record)
        case Deal():
            row["state"] = _state(record, zone)
        case RecurringDeal():
            row["state"] = f"{record.status}, archived" if record.archived else record.status
            row["bucket"] = "overdue" if record.days_late else ""
            row["brings"] = ", ".join(
                f"{label_text(name)} {value_text(row[name])}" for name in RECURRING if row[name]
            )
        case OverdueItem():
            row["what"] = activity_phrase(record.type or record.what, record.text)
        case GroupMember() if record.group_size > 1:
            row["group"] = record.group_value
    return row


def _series(activity: Activity) -> str:
    """The playbook and step that planned it, and how often it comes again."""
    parts = []
    if activity.playbook:
        step = "" if activity.step is None else f" {activity.step}"
        parts.append(f"{activity.playbook}{step}")
    if activity.repeat:
        until = f" until {activity.until}" if activity.until else ""
        parts.append(f"{activity.repeat}{until}")
    return ", ".join(parts)


def _state(deal: Deal, zone: dt.tzinfo | None) -> str:
    if deal.status == "open":
        expected = deal.expected_close_date
        return f"open, expected {expected}" if expected else "open"
    closed = deal.won_time if deal.status == "won" else deal.lost_time
    return f"{deal.status} {day_text(closed, zone)}" if closed else deal.status


def _due_word(due: dt.date | None, today: dt.date) -> str:
    if due is None:
        return "no date"
    if due < today:
        return "overdue"
    return "today" if due == today else ""


def _note(note: Note, zone: dt.tzinfo | None) -> Prose:
    about = [
        day_text(note.add_time, zone) if note.add_time else "",
        visible(note.owner or ""),
        "pinned" if note.pinned else "",
        visible(note.id),
    ]
    text = visible(note.content.strip("\n"), one_line=False)
    return Prose(text, "  ".join(filter(None, about)))


def _prose(prose: Prose, width: int | None, style: Style) -> str:
    if width is None:
        heads, lines = [prose.about], prose.text.split("\n")
    else:
        heads = wrap(prose.about, width)
        lines = wrap(prose.text, min(width, _READABLE) - len(_INDENT))
    return "\n".join([*map(style.dim, heads), *((_INDENT + line).rstrip() for line in lines)])


COLUMNS = (
    TableColumn("Day", "day"),
    TableColumn("What", "what", breaks=True),
    TableColumn("Person", "person", breaks=True),
    TableColumn("Owner", "owner", breaks=True),
    TableColumn("ID", "id"),
)


def event_row(event: Happening, names: Mapping[str, str], today: dt.date) -> dict[str, object]:
    """The row of an event, with the keys of `COLUMNS`.

    Args:
        event: What happened.
        names: The names of people by id.
        today: The day, to mark what is overdue.
    """
    return {
        "day": event.day,
        "what": f"{_word(event, today)}: {_event_text(event)}",
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


def _event_text(event: Happening) -> str:
    """What it is about, in a line: of a long note its first, of a deal with its value."""
    first, _, rest = event.text.strip().partition("\n")
    if event.kind == "notes":
        return f"{first.rstrip()} …" if rest.strip() else first
    return f"{event.text}, {value_text(event.value)}" if event.value else event.text
