"""The noun `rates`: rates of exchange, imported and looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import Command, ListCommand, noun
from acctcli.cli.app.date_option import day_option
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.input.currency_option import currency_code, parse_currency_option
from acctcli.cli.input.sources import open_source
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.cli.lists.print_rows import print_rows, print_selected_object
from acctcli.cli.output.writer import Row, print_lines

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from decimal import Decimal

    from acctcli.core.accounts.exchange_rates import MergedRates, Quote
    from acctcli.exchange.ecb_rates import Table
    from acctcli.store.changes.change_set import Change


class RateImportOptions(Struct, frozen=True):
    """What `import` was given."""

    file: str
    since: str | None
    currencies: tuple[str, ...] | None
    dry_run: bool


class RateListOptions(Struct, frozen=True):
    """What `list` was given."""

    date: str | None
    currency: str | None


@noun("rates", "Exchange rates, in rates.yaml.")
def rates() -> None:
    """Hold the verbs below."""


def _codes(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    del ctx, param
    return None if value is None else tuple(map(currency_code, value.split(",")))


@rates.command("import", cls=Command, short_help="Import the European Central Bank's rates.")
@click.argument("file", metavar="FILE")
@click.option("--since", metavar="DATE", help="Only this day and later.")
@click.option(
    "--currencies", metavar="CODES", callback=_codes, help="Only these currencies, such as USD,GBP."
)
@click.option("--dry-run", is_flag=True, help="Report what would be done; write nothing.")
@click.pass_context
def import_rates(
    ctx: click.Context,
    file: str,
    since: str | None,
    currencies: tuple[str, ...] | None,
    *,
    dry_run: bool,
) -> None:
    """Import the European Central Bank's historical rates: its CSV or ZIP file, or - for stdin.

    They are added to rates.yaml; a rate that differs there is told and replaced. A second run of
    the same file changes nothing.
    """
    run_rate_import(RateImportOptions(file, since, currencies, dry_run), open_session(ctx))


def run_rate_import(options: RateImportOptions, session: Session) -> None:
    """Read the file, report, and commit once; a dry run goes as far as it can without writing."""
    from acctcli.exchange.ecb_rates import read_table

    since = None
    if options.since is not None:
        since = day_option(options.since, session.today_in(session.zone), "--since")
    shown = "stdin" if options.file == "-" else options.file
    table = read_table(
        _content(options.file, session), shown, since=since, currencies=options.currencies
    )

    reported: list[MergedRates] = []

    def plan(change: Change) -> Change:
        merged = change.add_rates(table.quotes)
        if not reported:  # a plan that is made again, because a file changed, is told once
            _print_report(session, table, merged)
            reported.append(merged)
        return change

    change = (session.rehearse if options.dry_run else session.write)(plan)
    if options.dry_run:
        session.say("a dry run: nothing was written")
    else:
        session.say("nothing to write" if change.is_empty() else "imported, in one commit")


def _content(name: str, session: Session) -> bytes:
    with open_source(session, name, hint="name the CSV or ZIP file in it") as file:
        return file.read()


def _print_report(session: Session, table: Table, merged: MergedRates) -> None:
    if session.is_for_people and session.options.fields is None:
        from acctcli.render.import_report import rates_text

        print_lines(session, rates_text(merged, len(table.quotes), table.left_out))
        return
    changed = {each[:3]: each for each in merged.changed}
    if session.is_nested or session.is_for_people:
        report: Row = {
            "days": len(table.quotes),
            "new_days": merged.new_days,
            "added": merged.added,
            "changed": [each._asdict() for each in merged.changed],
            "unchanged": merged.unchanged,
            "left_out": list(table.left_out),
        }
        print_selected_object(session, report, ())
        return
    rows = [
        {
            **_row(quote.date, quote.base, currency, rate),
            "action": "changed" if (quote.date, quote.base, currency) in changed else "added",
        }
        for quote in merged.quotes
        for currency, rate in quote.rates.items()
    ]
    from acctcli.render.list_columns import MACHINE_COLUMNS

    print_rows(session, rows, machine_columns=MACHINE_COLUMNS["imported_rates"], table_columns=())


@rates.command(
    "list", cls=ListCommand, listing="rates", short_help="List the rates of a day or of a currency."
)
@click.option("--date", metavar="DATE", help="The rates of this day; today when left out.")
@click.option(
    "--currency",
    metavar="CODE",
    callback=parse_currency_option,
    help="Only this currency; without --date, on all days.",
)
@click.pass_context
def list_rates(ctx: click.Context, date: str | None, currency: str | None) -> None:
    """List the rates that hold on a day, or with --currency alone all rates of a currency."""
    run_rate_list(RateListOptions(date, currency), open_session(ctx))


def run_rate_list(options: RateListOptions, session: Session) -> None:
    """Print the rates that were asked for."""
    today = session.today_in(session.zone)
    day = today if options.date is None else day_option(options.date, today, "--date")
    from acctcli.render.list_columns import TABLE_COLUMNS

    found = session.book.rates()
    if options.date is None and options.currency is not None:
        last = None if session.options.as_of is None else day
        rows = _of_currency(found.quotes, options.currency, last)
    else:
        rows = (
            _row(date, base, currency, rate)
            for base, currency, date, rate in found.latest(day)
            if options.currency in {None, base, currency}
        )
    print_list(session, rows, Listing(name="rates", table=TABLE_COLUMNS["rates"]))


def _of_currency(quotes: list[Quote], wanted: str, last: dt.date | None) -> Iterator[Row]:
    """All rates of a currency, the oldest first, up to a day."""
    for quote in quotes:
        if last is not None and quote.date > last:
            return
        for currency, rate in quote.rates.items():
            if wanted in {quote.base, currency}:
                yield _row(quote.date, quote.base, currency, rate)


def _row(date: dt.date, base: str, currency: str, rate: Decimal) -> Row:
    return {
        "id": f"{base}-{currency}-{date}",
        "date": date,
        "base": base,
        "currency": currency,
        "rate": rate,
    }
