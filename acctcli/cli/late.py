"""What `account list --late` prints: accounts late to be contacted, the latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.accounts import value_row
from acctcli.cli.output import custom_columns, put_rows
from acctcli.core.tiers import contact_due, most_late

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from acctcli.cli.session import Session
    from acctcli.store.view import Listed, View


def put_late(session: Session, view: View, listed: Iterable[Listed], today: dt.date) -> None:
    """Print those whose tier's rhythm has passed since the last contact, with nothing in time."""
    from acctcli.render.columns import MACHINE_COLUMNS
    from acctcli.render.reports import LATE

    if not view.settings.tiers:
        session.say("no tier has a rhythm, so no account is late; see tiers in acctcli.yaml")
    found = []
    for each in listed:
        row = each.row
        due = contact_due(row, each.contacts, each.wins, each.due, view.settings, today)
        if due is not None and due.is_late:
            found.append((due, row.id, each))
    found.sort(key=lambda late: most_late(late[0]))
    if session.options.format == "ids":
        put_rows(
            session,
            [{"id": org_id} for _, org_id, _ in found],
            machine_columns=("id",),
            table_columns=(),
        )
        return
    rows = []
    for due, _, each in found:
        shown = value_row(view, each, with_membership=False)
        own = shown.pop("custom_fields")
        late = {"rhythm": due.rhythm, "contact_due": due.day, "late_by": due.late_by}
        rows.append({**shown, **late, "custom_fields": own})
    put_rows(
        session,
        rows,
        machine_columns=[
            *MACHINE_COLUMNS["accounts"],
            *MACHINE_COLUMNS["late"],
            *custom_columns(view, "orgs"),
        ],
        table_columns=LATE,
        zone=view.zone,
    )
