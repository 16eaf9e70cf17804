"""What `account list --late` prints: accounts late to be contacted, the latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from acctcli.cli.lists.account_list import value_listing, value_row
from acctcli.cli.lists.print_list import print_list
from acctcli.core.reports.contact_rhythm import contact_due, most_late

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from acctcli.cli.app.session import Session
    from acctcli.cli.output.writer import Row
    from acctcli.core.reports.contact_rhythm import ContactDue
    from acctcli.store.views.view import ListedAccount, View


def print_late(
    session: Session,
    view: View,
    listed: Iterable[ListedAccount],
    today: dt.date,
    *,
    currency: str | None = None,
) -> None:
    """Print those whose tier's rhythm has passed since the last contact, with nothing in time."""
    from acctcli.render.list_columns import MACHINE_COLUMNS
    from acctcli.render.reports import LATE

    def row(late: tuple[ContactDue, ListedAccount]) -> Row:
        due, each = late
        shown = value_row(view, each, with_membership=False)
        own = shown.pop("custom_fields")
        told = {"rhythm": due.rhythm, "contact_due": due.day, "late_by": due.late_by}
        return {**shown, **told, "custom_fields": own}

    if not view.settings.tiers:
        session.say("no tier has a rhythm, so no account is late; see tiers in acctcli.yaml")
    found = []
    for each in listed:
        due = contact_due(each.row, each.contacts, each.wins, each.due, view.settings, today)
        if due is not None and due.is_late:
            found.append((due, each))
    found.sort(key=lambda late: most_late(late[0]))
    accounts = value_listing(session, view, with_membership=False, currency=currency)

    def get(late: tuple[ContactDue, ListedAccount], path: str) -> object:
        return late[0].rhythm if path == "rhythm" else accounts.get(late[1], path)

    listing = replace(
        accounts,
        table=LATE,
        more=MACHINE_COLUMNS["late"],
        get=get,
        row=row,
        json_row=None,
        display_row=None,
    )
    print_list(session, found, listing)
