"""What `account` and `org` share: lists with values, and the page.

They are one record with two names (rule 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.editing import find_record
from acctcli.cli.output import Names, Row, custom_columns, put_one, put_rows, record_row
from acctcli.core.page import page
from acctcli.store.view import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acctcli.cli.session import Session
    from acctcli.core.page import Page
    from acctcli.core.records import Value
    from acctcli.store.view import View


def value_row(view: View, listed: Listed, *, with_membership: bool) -> Row:
    """A row's machine form: the keys of a list, with `is_account` for organizations."""
    row = listed.row
    found: Row = {
        name: getattr(row, name)
        for name in row.__struct_fields__
        if with_membership or name != "is_account"
    }
    found["custom_fields"] = _own(view, listed)
    return found


def _own(view: View, listed: Listed) -> dict[str, Value | None]:
    return {name: listed.custom.get(name) for name in view.settings.custom_fields("orgs")}


def _ready_rows(view: View, listed: Iterable[Listed], *, with_membership: bool) -> Iterator[object]:
    """As `value_row`, for long lists: rows that are written as they are."""
    from acctcli.render.machine import plain
    from acctcli.render.valuerows import ACCOUNT, ORG

    form = ORG if with_membership else ACCOUNT
    has_own = bool(view.settings.custom_fields("orgs"))
    for each in listed:
        upcoming = each.row.next_activity
        timed = upcoming is not None and upcoming.due_time is not None
        own = plain(_own(view, each)) if has_own else {}
        yield form.make(each.row, plain(upcoming) if timed else upcoming, own)


def put_value_rows(
    session: Session, view: View, listed: Iterable[Listed], *, with_membership: bool
) -> None:
    """Print a list of organizations with their values."""
    from acctcli.render.columns import MACHINE_COLUMNS, TABLE_COLUMNS

    key = "orgs_with_values" if with_membership else "accounts"
    shown = None
    rows: Iterable[object] = ()
    if session.options.format == "table":
        names = Names(view.data)
        found = (value_row(view, each, with_membership=with_membership) for each in listed)
        shown = [
            {**row, "parent": names.get(str(row["parent"]), row["parent"]) or None} for row in found
        ]
    else:
        rows = _ready_rows(view, listed, with_membership=with_membership)
    put_rows(
        session,
        rows,
        machine_columns=[*MACHINE_COLUMNS[key], *custom_columns(view, "orgs")],
        table_columns=TABLE_COLUMNS[key],
        shown=shown,
        zone=view.zone,
    )


def put_page(session: Session, name: str, *, only_accounts: bool) -> None:
    """Print everything about one organization."""
    view = session.read()
    org_id = find_record(view, "orgs", name, only_accounts=only_accounts)
    today = session.today(view)
    found = page(org_id, view.around(org_id), view.settings, today, view.zone)
    if session.options.format == "table":
        from acctcli.render.page import page_text

        session.put_text(
            page_text(
                found,
                names=Names(view.data),
                width=session.streams.columns,
                style=session.style,
                today=today,
                zone=view.zone,
            )
        )
        return
    from acctcli.render.columns import MACHINE_COLUMNS

    row = page_row(view, found, with_membership=not only_accounts)
    key = "accounts" if only_accounts else "orgs_with_values"
    put_one(session, row, [*MACHINE_COLUMNS[key], *custom_columns(view, "orgs")])


def page_row(view: View, found: Page, *, with_membership: bool) -> Row:
    """The page's machine form: the list's keys, the organization's own, and what belongs to it."""
    org = record_row(view, "orgs", found.org)
    own = {name: value for name, value in org.items() if name != "custom_fields"}
    listed = value_row(
        view, Listed(found.row, (), found.org.custom), with_membership=with_membership
    )
    del listed["custom_fields"]  # they stand at the end of a page
    return {
        **listed,
        **{name: value for name, value in own.items() if name not in found.row.__struct_fields__},
        "deals": [record_row(view, "deals", each) for each in found.deals],
        "people": [record_row(view, "people", each) for each in found.people],
        "notes": [record_row(view, "notes", each) for each in found.notes],
        "files": [record_row(view, "files", each) for each in found.files],
        "activities": {
            "planned": [record_row(view, "activities", each) for each in found.planned],
            "done": [record_row(view, "activities", each) for each in found.done],
        },
        "custom_fields": org["custom_fields"],
    }
