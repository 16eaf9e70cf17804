"""Columns of every list, for people and machines.

The columns of a machine format never depend on the rows (rule 12).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.accounts.totals import AccountRow, LastContact, NextActivity
from acctcli.core.model.kinds import KINDS
from acctcli.render.formats.columns import TableColumn

if TYPE_CHECKING:
    from msgspec import Struct

_ID = TableColumn("ID", "id")
_ORG = TableColumn("Organization", "org", breaks=True)
_OWNER = TableColumn("Owner", "owner", breaks=True)
_WON = TableColumn("Won", "won_value", "right")
_BUCKET = TableColumn("Bucket", "bucket")
_CONTACTED = TableColumn("Contacted", "last_contact.date")
_DUE = TableColumn("Due", "due_date due_time")
_TYPE = TableColumn("Type", "type", breaks=True)
_SUBJECT = TableColumn("Subject", "subject", breaks=True)

# Accounts and organizations show no id: their ids are long, and their names name them as well.
TABLE_COLUMNS: dict[str, tuple[TableColumn, ...]] = {
    "accounts": (
        TableColumn("Account", "name", breaks=True),
        _WON,
        _BUCKET,
        TableColumn("Next activity", "next_activity", breaks=True),
        _CONTACTED,
    ),
    "schemas": (
        TableColumn("Name", "id"),
        TableColumn("Files", "files", breaks=True),
        TableColumn("What", "title", breaks=True),
    ),
    "orgs_with_values": (
        TableColumn("Organization", "name", breaks=True),
        TableColumn("Account", "is_account"),
        _WON,
        TableColumn("Open", "open_value", "right"),
        _BUCKET,
        _CONTACTED,
    ),
    "health": (
        TableColumn("Account", "name", breaks=True),
        _WON,
        TableColumn("Points", "points", "right"),
        TableColumn("Health", "word"),
        TableColumn("Weightiest reason", "reason", breaks=True),
        _OWNER,
    ),
    "agenda": (
        _BUCKET,
        _DUE,
        _TYPE,
        _SUBJECT,
        TableColumn("Organization", "org_name", breaks=True),
        _OWNER,
        _ID,
    ),
    "checks": (
        TableColumn("Check", "name"),
        TableColumn("Level", "level"),
        TableColumn("Run", "plain"),
        TableColumn("--fix", "fixable"),
        TableColumn("Finds", "about", breaks=True),
    ),
    "plan": (
        TableColumn("Step", "step", "right"),
        _DUE,
        _TYPE,
        _SUBJECT,
        _OWNER,
        TableColumn("Waits", "wait"),
    ),
    "playbooks": (
        TableColumn("Playbook", "playbook", breaks=True),
        TableColumn("On", "on"),
        TableColumn("Run", "run", breaks=True),
        TableColumn("State", "state"),
        TableColumn("Due", "due_date"),
        TableColumn("Next", "subject", breaks=True),
    ),
    "orgs": (
        _ID,
        TableColumn("Name", "name", breaks=True),
        TableColumn("Parent", "parent", breaks=True),
        _OWNER,
        TableColumn("Labels", "labels", breaks=True),
    ),
    "people": (
        _ID,
        TableColumn("Name", "name", breaks=True),
        _ORG,
        TableColumn("Job title", "job_title", breaks=True),
        TableColumn("Emails", "emails", breaks=True),
        TableColumn("Phones", "phones", breaks=True),
    ),
    "deals": (
        _ID,
        TableColumn("Title", "title", breaks=True),
        _ORG,
        TableColumn("Value", "value", "right"),
        TableColumn("Status", "status"),
        TableColumn("Close", "won_time|lost_time|expected_close_date"),
        _OWNER,
    ),
    "activities": (
        _ID,
        _DUE,
        _TYPE,
        _SUBJECT,
        _ORG,
        TableColumn("Done", "done"),
        _OWNER,
    ),
    "notes": (
        _ID,
        TableColumn("Added", "add_time"),
        TableColumn("Note", "content", breaks=True),
        _ORG,
        _OWNER,
    ),
    "files": (
        _ID,
        TableColumn("Name", "name", breaks=True),
        TableColumn("Bytes", "size", "right"),
        _ORG,
        TableColumn("Where", "path|url", breaks=True),
    ),
    "edits": (
        _ID,
        TableColumn("Record", "name", breaks=True),
        TableColumn("Field", "field"),
        TableColumn("Before", "before", breaks=True),
        TableColumn("After", "after", breaks=True),
    ),
    "removals": (
        _ID,
        TableColumn("Record", "name", breaks=True),
        TableColumn("What", "action"),
    ),
    "views": (
        TableColumn("View", "name", breaks=True),
        TableColumn("What it stands for", "line", breaks=True),
    ),
    # Those that are no tables on a terminal.
    "hits": (
        TableColumn("Kind", "kind"),
        TableColumn("Name", "name", breaks=True),
        TableColumn("Organization", "org_name", breaks=True),
        TableColumn("Field", "field", breaks=True),
        TableColumn("Text", "text", breaks=True),
        _ID,
    ),
    "commits": (
        _ID,
        TableColumn("Time", "time"),
        TableColumn("Actor", "actor", breaks=True),
        TableColumn("Command", "command", breaks=True),
        TableColumn("Undone", "undone"),
        TableColumn("Added", "added", "right"),
        TableColumn("Changed", "changed", "right"),
        TableColumn("Removed", "removed", "right"),
    ),
    "findings": (
        TableColumn("Place", "file"),
        TableColumn("Level", "level"),
        _ID,
        TableColumn("What", "message", breaks=True),
        TableColumn("What to do", "hint", breaks=True),
    ),
    "rates": (
        TableColumn("Date", "date"),
        TableColumn("Base", "base"),
        TableColumn("Currency", "currency"),
        TableColumn("Rate", "rate", "right"),
    ),
}


def _nested_paths(name: str, struct: type[Struct]) -> tuple[str, ...]:
    return tuple(f"{name}.{field}" for field in struct.__struct_fields__)


_FLAT = {
    "next_activity": _nested_paths("next_activity", NextActivity),
    "last_contact": _nested_paths("last_contact", LastContact),
}
_VALUES = tuple(
    column for field in AccountRow.__struct_fields__ for column in _FLAT.get(field, (field,))
)

# What a page has besides the values of a list.
_FAMILY = ("path", "group_value", "group_count", "group_size")

# Custom fields are the book's own: whoever knows the settings adds `custom_fields.NAME`.
MACHINE_COLUMNS: dict[str, tuple[str, ...]] = {
    **{name: tuple(field.name for field in kind.fields) for name, kind in KINDS.items()},
    "accounts": tuple(column for column in _VALUES if column != "is_account"),
    "orgs_with_values": _VALUES,
    # The cards of a board that is not by bucket, with the key of the column each stands in.
    "cards": ("column", *(column for column in _VALUES if column != "is_account")),
    "health": ("id", "name", "owner", "tier", "won_value", "points", "word", "reason"),
    "account_page": (*(column for column in _VALUES if column != "is_account"), *_FAMILY),
    "org_page": (*_VALUES, *_FAMILY),
    "timeline": (
        "time", "day", "event", "kind", "id", "type", "text", "value", "person", "owner",
    ),
    "agenda": (*(field.name for field in KINDS["activities"].fields), "org_name", "bucket"),
    # What `account list --late` tells beside the columns of accounts.
    "late": ("rhythm", "contact_due", "late_by"),
    "coverage": (
        "id", "name", "owner", "tier", "is_account", "coverage", "contact_count",
        *_FLAT["last_contact"], "won_count", "won_value",
    ),
    "repeat": (
        "id", "name", "owner", "win_count", "first_win", "last_win", "usual_days", "next_win",
        "late_by",
    ),
    "customers": (
        "period", "since", "until", "win_count", "customer_count", "new_count",
        "returning_count", "lapsed_count",
    ),
    "renewals": (
        "id", "title", "org", "org_name", "owner", "renewal_date", "days_left", "term", "value",
        "mrr", "arr", "acv", "currency",
    ),
    "plan": tuple(field.name for field in KINDS["activities"].fields),
    "playbooks": (
        "playbook", "on", "run", "deal", "state", "steps", "done", "step",
        "id", "type", "subject", "due_date",
    ),
    # What a dry run shows of many records that would be changed, or removed.
    "edits": ("kind", "id", "name", "field", "before", "after"),
    "removals": ("kind", "id", "name", "action"),
    "findings": (
        "id", "level", "message", "hint", "file", "line", "column", "kind", "record", "field",
    ),
    "checks": (
        "name", "level", "about", "plain", "accounts", "fixable", "fix", "findings",
    ),
    "hits": ("kind", "id", "name", "org", "org_name", "field", "text"),
    "why": ("of", "value", "rule", "text", "kind", "record"),
    "commits": (
        "id", "time", "actor", "command", "undone", "undoes", "redoes",
        "added", "changed", "removed",
    ),
    "digest": (
        "section", "kind", "id", "name", "type", "org", "org_name", "owner", "tier", "day",
        "days_left", "won_value", "points", "reason",
    ),
    "changes": (
        "change", "id", "name", "owner", "tier", "from", "to", "won_value_before", "won_value",
        "difference", "bucket", "reason",
    ),
    # What `changes --since-last` remembers.
    "remembered": ("name", "time", "today", "account_count"),
    "schemas": ("id", "files", "title"),
    "rates": ("id", "date", "base", "currency", "rate"),
    "views": (
        "name", "command", "where", "sort", "fields", "group_by", "limit", "mine", "line",
    ),
    # Groups have the columns they are grouped by, a count, and the sums of their list.
    "groups": (),
    "imported_rates": ("id", "date", "base", "currency", "rate", "action"),
}  # fmt: skip
