"""The command `report renewals`, and what `deal renew` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from acctcli.cli.actions.run_change import carry_out
from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.date_option import day_option
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.input.currency_option import currency_option
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.cli.output.messages import CommandResult, CountedMessage, describe
from acctcli.core.model.durations import days_after
from acctcli.core.reports.renewals import Renewal, by_day, renewal_fields, renewals

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from acctcli.core.model.records import Deal
    from acctcli.store.changes.change_set import Change
    from acctcli.store.views.view import View

_FEW = 200  # organizations that are read one by one


class RenewalsOptions(Struct, frozen=True):
    """What `report renewals` was given."""

    within: str
    late: bool
    owner: str | None
    currency: str | None = None


class RenewOptions(Struct, frozen=True):
    """What `deal renew` was given; the names may be `RecordArgs`."""

    names: tuple[str, ...]
    on: str | None
    term: str | None
    playbooks: bool = True


@click.command("renewals", cls=ListCommand, listing="renewals")
@click.option(
    "--within", metavar="SPAN", default="90d", help="How far ahead to look; 90d when left out."
)
@click.option("--late", is_flag=True, help="Only overdue renewals.")
@click.option("--owner", metavar="TEXT", help="Only the deals of this owner.")
@currency_option
@click.pass_context
def renewals_command(
    ctx: click.Context, within: str, *, late: bool, owner: str | None, currency: str | None
) -> None:
    """Show won deals to renew soon or overdue for renewal, by day."""
    run_renewals(RenewalsOptions(within, late, owner, currency), open_session(ctx))


def run_renewals(options: RenewalsOptions, session: Session) -> None:
    """Print the renewals with their totals, or a row a deal."""
    view = session.read_in(options.currency)
    today = session.today(view)
    until = days_after(options.within, today, "--within")
    found = sorted(
        (
            each
            for each in _due_renewals(view, today, until)
            if options.owner in (None, each.owner) and (each.is_late or not options.late)
        ),
        key=by_day,
    )

    def text(rows: list[Renewal]) -> str:
        from acctcli.render.reports import renewals_text

        return renewals_text(rows, until=until, width=session.streams.columns, style=session.style)

    listing = Listing(
        name="renewals", view=view, types="deals", currency=options.currency, text=text
    )
    if session.is_for_people:
        from acctcli.render.reports import RENEWALS, renewal_row

        listing = replace(listing, table=RENEWALS, display_row=renewal_row)
    print_list(session, found, listing)


def _due_renewals(view: View, today: dt.date, until: dt.date) -> Iterator[Renewal]:
    orgs = [
        row.id
        for row in (listed.row for listed in view.listed_accounts(today, accounts_only=True))
        if row.renewal_date is not None and row.renewal_date <= until
    ]
    return renewals_of_accounts(view, orgs, today, until)


def renewals_of_accounts(
    view: View, orgs: Sequence[str], today: dt.date, until: dt.date
) -> Iterator[Renewal]:
    """The renewals of accounts: looked up around them when they are few, else among all records.

    Args:
        view: The book.
        orgs: The ids of all accounts whose renewal date is not after the last day.
        today: The day from which is counted.
        until: The last day.
    """
    if len(orgs) > _FEW:
        yield from renewals(view.data, view.settings, today, until)
        return
    for org_id in orgs:  # what is around one may reach into another
        for each in renewals(view.records_of_org(org_id), view.settings, today, until):
            if each.org == org_id:
                yield each


def run_renew(options: RenewOptions, session: Session) -> None:
    """Move the renewal dates of deals on by their terms, and say from when to when."""
    carry_out(session, lambda change: renew_in_change(options, change, session))


def renew_in_change(options: RenewOptions, change: Change, session: Session) -> CommandResult:
    """Move renewal dates on in a change, with what follows."""
    from acctcli.cli.input.record_args import resolve_ids

    view = change.view
    today = session.today(view)
    start = day_option(options.on, today, "--on") if options.on else None
    moved: list[tuple[Deal, Deal]] = []
    for record_id in resolve_ids(options.names, view, "deals"):
        before = view.data.deals[record_id]
        change.update("deals", record_id, renewal_fields(before, start=start, term=options.term))
        moved.append((before, change.after.deals[record_id]))
    from acctcli.cli.actions.run_playbooks import run_follow_ups  # start-up: reads plan nothing

    followed = run_follow_ups(change, session, moved, playbooks=options.playbooks)
    said = [_renewal_message(before, after) for before, after in moved]
    return CommandResult("deals", [after for _, after in moved], said, followed)


def _renewal_message(before: Deal, after: Deal) -> str:
    if before.renewal_date == after.renewal_date and before.term == after.term:
        return CountedMessage(
            f"nothing to change: {describe('deals', after)} is like that already",
            "nothing to change: {} deals are like that already",
        )
    old = f"{before.renewal_date} to " if before.renewal_date else ""
    return CountedMessage(
        f"renewed {describe('deals', after)} for {after.term}:"
        f" renewal date {old}{after.renewal_date}",
        "renewed {} deals",
    )
