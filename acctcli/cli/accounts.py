"""What `account` and `org` share: lists with values, and the page.

They are one record with two names (rule 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.editing import find_record
from acctcli.cli.output import Names, Row, custom_columns, put_one, put_rows, record_row
from acctcli.core.page import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from acctcli.cli.session import Session
    from acctcli.core.accounts import Row as AccountRow
    from acctcli.core.page import Page
    from acctcli.core.records import Value
    from acctcli.store.view import Listed, View


def value_row(view: View, listed: Listed, *, with_membership: bool) -> Row:
    """A row's machine form: the keys of a list, with `is_account` for organizations."""
    return _value_row(view, listed.row, listed.custom, with_membership=with_membership)


def _value_row(
    view: View, row: AccountRow, custom: Mapping[str, Value], *, with_membership: bool
) -> Row:
    found: Row = {
        name: getattr(row, name)
        for name in row.__struct_fields__
        if with_membership or name != "is_account"
    }
    found["custom_fields"] = _own(view, custom)
    return found


def _own(view: View, custom: Mapping[str, Value]) -> dict[str, Value | None]:
    return {name: custom.get(name) for name in view.settings.custom_fields("orgs")}


def _json_rows(view: View, listed: Iterable[Listed], *, with_membership: bool) -> Iterator[object]:
    """As `value_row`, for long lists: texts where there are some."""
    from acctcli.render.machine import Written, object_text

    has_own = bool(view.settings.custom_fields("orgs"))
    for each in listed:
        own = object_text(_own(view, each.custom)) if has_own else b"{}"
        text = each.text(own, with_membership=with_membership)
        if text is None:
            yield value_row(view, each, with_membership=with_membership)
        else:
            yield Written(text)


def put_value_rows(
    session: Session, view: View, listed: Iterable[Listed], *, with_membership: bool
) -> None:
    """Print a list of organizations with their values."""
    from acctcli.render.columns import MACHINE_COLUMNS, TABLE_COLUMNS

    key = "orgs_with_values" if with_membership else "accounts"
    shown = None
    rows: Iterable[object] = ()
    if session.options.format in {"json", "ndjson"}:
        rows = _json_rows(view, listed, with_membership=with_membership)
    else:
        rows = (value_row(view, each, with_membership=with_membership) for each in listed)
    if session.options.format == "table":
        names = Names(view.data)
        shown = [
            {**row, "parent": names.get(str(row["parent"]), row["parent"]) or None}
            for row in rows
            if isinstance(row, dict)
        ]
    put_rows(
        session,
        rows,
        machine_columns=[*MACHINE_COLUMNS[key], *custom_columns(view, "orgs")],
        table_columns=TABLE_COLUMNS[key],
        shown=shown,
        zone=view.zone,
    )


def put_page(
    session: Session, name: str, *, only_accounts: bool, currency: str | None = None
) -> None:
    """Print everything about one organization."""
    view = session.read_in(currency)
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
    listed = _value_row(view, found.row, found.org.custom, with_membership=with_membership)
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
