"""Records as typed structs, and the settings of a book.

A field that is not set is None (or an empty tuple for a list, False for yes-no). Records hold
links as ids. `custom` has the declared custom fields that are set. Keys that are neither built in
nor declared are not here: they stay in the file, which is never rewritten for them (rule 11).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from acctcli.core.model.kinds import Field, KindName
from acctcli.core.model.settings import Health, Playbook, SavedView

Stamp = dt.date | dt.datetime  # a datetime is always aware
Value = (
    str
    | tuple[str, ...]
    | Decimal
    | int
    | bool
    | dt.date
    | dt.datetime
    | dt.time
    | dict[str, Decimal]
)
# A value as text, before it is typed: None for a plain empty scalar. A list or mapping nests.
Raw = str | list["Raw"] | dict[str, "Raw"] | None
RawRecord = Mapping[str, Raw]


class _Base(Struct, frozen=True, kw_only=True):
    id: str
    owner: str | None = None
    add_time: Stamp | None = None
    source: str | None = None
    external_id: str | None = None
    custom: dict[str, Value] = field(default_factory=dict)


class Org(_Base, frozen=True, kw_only=True):
    """An organization."""

    name: str
    parent: str | None = None
    labels: tuple[str, ...] = ()
    tier: str | None = None
    address: str | None = None
    website: str | None = None
    phone: str | None = None
    industry: str | None = None


class Person(_Base, frozen=True, kw_only=True):
    """A person, usually at an organization."""

    name: str
    org: str | None = None
    labels: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    job_title: str | None = None


class Deal(_Base, frozen=True, kw_only=True):
    """A deal; won deals make accounts (rule 1).

    `mrr`, `arr` and `acv` are what it brings a month, a year, and a year of its contract, in its
    currency; `renewal_date` is the day it ends or goes on for another `term`.
    """

    title: str
    org: str | None = None
    person: str | None = None
    labels: tuple[str, ...] = ()
    value: Decimal | None = None
    currency: str | None = None
    status: str = "open"
    stage: str | None = None
    pipeline: str | None = None
    probability: Decimal | None = None
    won_time: Stamp | None = None
    lost_time: Stamp | None = None
    lost_reason: str | None = None
    expected_close_date: dt.date | None = None
    mrr: Decimal | None = None
    arr: Decimal | None = None
    acv: Decimal | None = None
    renewal_date: dt.date | None = None
    term: str | None = None
    archived: bool = False


class Activity(_Base, frozen=True, kw_only=True):
    """Something to do or done: a call, a meeting, a task.

    With `repeat` the next one is planned when it is done, counted `from_` its due date or from
    the day it was done, `until` a day. What a playbook has planned says which `playbook`, in which
    `run` of it and as which `step`, and how long to `wait` once the step before is done.
    """

    subject: str
    type: str | None = None
    org: str | None = None
    deal: str | None = None
    person: str | None = None
    due_date: dt.date | None = None
    due_time: dt.time | None = None
    duration: str | None = None
    done: bool = False
    done_time: Stamp | None = None
    note: str | None = None
    location: str | None = None
    repeat: str | None = None
    from_: str | None = None
    until: dt.date | None = None
    playbook: str | None = None
    run: str | None = None
    step: int | None = None
    wait: str | None = None


class Note(_Base, frozen=True, kw_only=True):
    """A text about an organization, a deal or a person."""

    content: str
    org: str | None = None
    deal: str | None = None
    person: str | None = None
    pinned: bool = False


class File(_Base, frozen=True, kw_only=True):
    """A file about something: a copy in the book (`path`) or a link (`url`)."""

    name: str
    path: str | None = None
    url: str | None = None
    size: int | None = None
    sha256: str | None = None
    org: str | None = None
    deal: str | None = None
    person: str | None = None


Record = Org | Person | Deal | Activity | Note | File
TYPES: dict[KindName, type[Record]] = {
    "orgs": Org,
    "people": Person,
    "deals": Deal,
    "activities": Activity,
    "notes": Note,
    "files": File,
}


class Data(Struct, frozen=True):
    """Records of a book by kind and id, in the order of the files: all there are, or a part.

    They may be read only when they are asked for; nobody changes them through this.
    """

    orgs: Mapping[str, Org] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    deals: Mapping[str, Deal] = field(default_factory=dict)
    activities: Mapping[str, Activity] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)

    def of(self, kind: KindName) -> Mapping[str, Record]:
        """The records of one kind."""
        records: Mapping[str, Record] = getattr(self, kind)
        return records


class Settings(Struct, frozen=True, kw_only=True):
    """What acctcli.yaml says, typed.

    Attributes:
        format: The version of the book's format; 1 is the only one there is.
        currency: For new deals, and for amounts that name none.
        timezone: A name of the tz database, or None for the machine's own zone.
        contact_types: The types of activities that count as contact.
        activity_types: The types of activities that a playbook may plan.
        soon: The first day ahead in the bucket `soon` (`tomorrow` ends before it), 2 or more.
        later: The first day ahead in the bucket `later`, above `soon`.
        tiers: The rhythm of contact of each tier, as `core.model.durations.parse_span` reads it.
        health: How the health of an account is worked out.
        playbooks: The playbooks by name.
        views: The saved views by name.
        holidays: The files that say which days are off, from the book's folder on.
        business_days: Whether what is moved on the board goes to a business day.
        fields: Declared custom fields by kind and name.
        new_records: The file new records of a kind go to, `{year}` in it replaced.
    """

    format: int = 1
    currency: str | None = None
    timezone: str | None = None
    contact_types: tuple[str, ...] = ("call", "meeting", "email", "lunch")
    activity_types: tuple[str, ...] = ("call", "meeting", "email", "lunch", "task", "deadline")
    soon: int = 2
    later: int = 7
    tiers: dict[str, str] = field(default_factory=dict)
    health: Health = field(default_factory=Health)
    playbooks: dict[str, Playbook] = field(default_factory=dict)
    views: dict[str, SavedView] = field(default_factory=dict)
    holidays: tuple[str, ...] = ()
    business_days: bool = False
    fields: dict[KindName, dict[str, Field]] = field(default_factory=dict)
    new_records: dict[KindName, str] = field(default_factory=dict)

    def custom_fields(self, kind: KindName) -> dict[str, Field]:
        """The declared custom fields of a kind, by name."""
        return self.fields.get(kind, {})
