"""The command `init`: a new book."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import Command
from acctcli.cli.app.session import Session, open_session
from acctcli.core.model.errors import InvalidInputError, UsageError
from acctcli.core.model.money import DIGITS, is_currency
from acctcli.core.model.names import nearest
from acctcli.store.create_book import enclosing_book, make_book, make_sample

_SAMPLE_DAY = "2026-03-10"  # on which the sample book is meant to be read


class InitOptions(Struct, frozen=True):
    """What `init` was given."""

    folder: str | None
    currency: str | None
    timezone: str | None
    sample: bool


@click.command("init", cls=Command)
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--currency", metavar="CODE", help="The currency of new deals, such as EUR.")
@click.option(
    "--timezone",
    metavar="ZONE",
    help="The time zone, such as Europe/Rome; the machine's when left out.",
)
@click.option("--sample", is_flag=True, help="Make a copy of the sample book, to try acctcli on.")
@click.pass_context
def init(
    ctx: click.Context,
    folder: str | None,
    currency: str | None,
    timezone: str | None,
    *,
    sample: bool,
) -> None:
    """Make a new book in a folder (this one when none is named)."""
    run_init(InitOptions(folder, currency, timezone, sample), open_session(ctx))


def run_init(options: InitOptions, session: Session) -> None:
    """Write acctcli.yaml and what git needs to know; nothing that is there is touched."""
    if session.options.read_only:
        raise UsageError.of("read-only", "a new book is a change, and --read-only was given")
    currency = options.currency.upper() if options.currency else None
    if currency is not None and not is_currency(currency):
        close = nearest(currency, DIGITS)
        raise InvalidInputError.of(
            "unknown-currency",
            f'--currency: "{options.currency}" is not a currency code',
            hint=f'did you mean "{close}"?' if close else "write a code such as EUR",
        )
    if options.sample and (options.currency or options.timezone):
        raise UsageError.of(
            "both-given",
            "--sample has a currency and a time zone of its own, so neither goes with it",
        )
    folder = session.streams.cwd / (options.folder or session.options.book or ".")
    around = enclosing_book(folder)
    if options.sample:
        make_sample(folder)
    else:
        make_book(folder, currency=currency, timezone=options.timezone)
    shown = options.folder or session.options.book or "."
    what = "the sample book" if options.sample else "a book"
    here = str(Path(shown)) == "."
    session.say(f"made {what} in {'this folder' if here else Path(shown)}")
    if around is not None:
        session.say(f"it lies inside another book, {around}")
    if session.streams.environ.get("ACCTCLI_BOOK"):
        session.say("commands without --book use $ACCTCLI_BOOK, not this book")
    if not options.sample:
        session.say('next: acctcli org add "Acme"')
        return
    program = "acctcli" if here else f"acctcli --book {quote(shown)}"
    for command in ("account board", "account show northwind"):
        session.say(f"next: {program} {command} --today {_SAMPLE_DAY}")
