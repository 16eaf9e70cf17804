"""The command `report coverage`: accounts contacted in a period, not contacted in it, never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.date_option import day_option
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.input.currency_option import currency_option
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.cli.lists.record_names import RecordNames
from acctcli.core.model.periods import check_order, since_day
from acctcli.core.reports.coverage import (
    NO_CONTACTS,
    AccountContact,
    Contacts,
    account_contact,
    contacts_of_types,
    coverage_groups,
    parse_types,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from acctcli.store.views.view import View


class CoverageOptions(Struct, frozen=True):
    """What `report coverage` was given; no types means those that count as contact."""

    since: str
    until: str | None
    types: str | None
    all_orgs: bool
    owner: str | None
    currency: str | None = None


@click.command("coverage", cls=ListCommand, listing="coverage")
@click.option(
    "--since", metavar="SPAN|DATE", default="90d", help="The first day; 90d when left out."
)
@click.option("--until", metavar="DATE", help="The last day; today when left out.")
@click.option("--types", metavar="TYPES", help="Count only these types, such as call,meeting.")
@click.option("--all-orgs", is_flag=True, help="Include organizations that are not accounts.")
@click.option("--owner", metavar="TEXT", help="Only accounts of this owner.")
@currency_option
@click.pass_context
def coverage(
    ctx: click.Context, /, since: str, until: str | None, *, all_orgs: bool, **flags: str | None
) -> None:
    """Show which accounts were contacted in a period, which were not, and which never were."""
    options = CoverageOptions(
        since, until, flags["types"], all_orgs, flags["owner"], flags["currency"]
    )
    run_coverage(options, open_session(ctx))


def run_coverage(options: CoverageOptions, session: Session) -> None:
    """Print the groups with what is at stake in each, or a row an account."""
    view = session.read_in(options.currency)
    today = session.today(view)
    since = since_day(options.since, today)
    until = day_option(options.until, today, "--until") if options.until else today
    check_order(since, until)
    types = parse_types(options.types, view.settings) if options.types is not None else ()
    rows = _rows(view, options, types, today, (since, until))

    def text(found: list[AccountContact]) -> str:
        from acctcli.render.reports import coverage_text

        return coverage_text(
            coverage_groups(found),
            since=since,
            until=until,
            types=types,
            names=RecordNames(view.data),
            width=session.streams.columns,
            style=session.style,
        )

    listing = Listing(name="coverage", view=view, currency=options.currency, text=text)
    if session.is_for_people:
        from acctcli.render.reports import COVERAGE_COLUMNS, covered_row

        names = RecordNames(view.data)
        listing = replace(
            listing, table=COVERAGE_COLUMNS, display_row=lambda row: covered_row(row, names)
        )
    print_list(session, rows, listing)


def _rows(
    view: View,
    options: CoverageOptions,
    types: tuple[str, ...],
    today: dt.date,
    days: tuple[dt.date, dt.date],
) -> Iterator[AccountContact]:
    by_org = None
    if types and set(types) != set(view.settings.contact_types):  # those stand in the rows
        by_org = contacts_of_types(view.data, types, view.settings, view.zone)
    for listed in view.listed_accounts(today, accounts_only=not options.all_orgs):
        if options.owner in (None, listed.owner):
            row = listed.row
            found = (
                Contacts(listed.contacts, row.last_contact)
                if by_org is None
                else by_org.get(row.id, NO_CONTACTS)
            )
            yield account_contact(row, found, *days)
