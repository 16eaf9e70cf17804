"""The command `digest`: what is to be seen to, as text, markdown, a page of HTML or a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.input.currency_option import currency_option
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import has_query
from acctcli.cli.lists.print_rows import print_rows, print_selected_object
from acctcli.core.model.durations import days_after
from acctcli.core.model.errors import UsageError
from acctcli.core.model.periods import since_day
from acctcli.core.model.records import Data
from acctcli.core.reports import digest as core

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from acctcli.core.reports.agenda import AgendaEntry
    from acctcli.core.reports.renewals import Renewal
    from acctcli.store.views.view import View


class MailOptions(Struct, frozen=True):
    """Whom a mail is for; none when no mail is asked for."""

    to: tuple[str, ...]
    sender: str | None
    subject: str | None


class DigestOptions(Struct, frozen=True, kw_only=True):
    """What `digest` was given."""

    sections: str | None = None
    since: str = "7d"
    within: str = "30d"
    limit: int | None = None
    owner: str | None = None
    currency: str | None = None
    skip_empty: bool = False
    mail: MailOptions | None = None


@click.command("digest", cls=ListCommand, listing="digest", takes=(
    "where", "sort", "mine", "fail_if_empty",
))  # fmt: skip
@click.option(
    "--sections", metavar="NAMES", help="Show only these sections, such as overdue,at-risk."
)
@click.option(
    "--since", metavar="SPAN|DATE", default="7d", help="Show wins since this day; 7d when left out."
)
@click.option(
    "--within",
    metavar="SPAN",
    default="30d",
    help="Show renewals up to this day; 30d when left out.",
)
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="Show at most N items a section."
)
@click.option("--owner", metavar="TEXT", help="Only items of this owner.")
@currency_option
@click.option("--skip-empty", is_flag=True, help="Print nothing when the digest is empty.")
@click.option("--email", is_flag=True, help="Print a mail, ready for sendmail -t.")
@click.option(
    "--to", multiple=True, metavar="ADDRESS", help="The mail's recipient; may be repeated."
)
@click.option("--from", "sender", metavar="ADDRESS", help="The mail's sender.")
@click.option("--subject", metavar="TEXT", help="The mail's subject.")
@click.pass_context
def digest(
    ctx: click.Context,
    /,
    *,
    limit: int | None,
    skip_empty: bool,
    email: bool,
    to: tuple[str, ...],
    since: str,
    within: str,
    **flags: str | None,
) -> None:
    """Show what needs attention: overdue, due today, unplanned, won, renewing, late, at risk."""
    options = DigestOptions(
        sections=flags["sections"],
        since=since,
        within=within,
        limit=limit,
        owner=flags["owner"],
        currency=flags["currency"],
        skip_empty=skip_empty,
        mail=MailOptions(to, flags["sender"], flags["subject"]) if email else None,
    )
    if not email and (to or flags["sender"] or flags["subject"]):
        raise UsageError.of(
            "no-email", "--to, --from and --subject are about a mail", hint="add --email"
        )
    run_digest(options, open_session(ctx))


def run_digest(options: DigestOptions, session: Session) -> None:
    """Print the digest in the form that is asked for; see `core.reports.digest`."""
    if session.options.limit is not None:  # it stood before the command
        options = replace(options, limit=options.limit or session.options.limit)
        session.options = replace(session.options, limit=None)
    if options.mail is not None:
        _check_mail(options.mail, session)
    sections = core.parse_sections(options.sections)
    view = session.read_in(options.currency)
    today = session.today(view)
    since = since_day(options.since, today)
    until = days_after(options.within, today, "--within")
    accounts = [
        core.DigestAccount(each.owner, each.row, each.contacts, each.wins, each.due)
        for each in view.listed_accounts(today, accounts_only=True)
    ]
    given = core.DigestInput(
        accounts=accounts,
        due=_due(view, today) if {"overdue", "today"} & {*sections} else (),
        wins=_wins(view, since, today) if "won" in sections else (),
        renewals=_renewals(view, accounts, today, until) if "renewals" in sections else (),
    )
    items: Iterable[core.Item] = core.items(
        given, view.settings, today, sections=sections, owner=options.owner
    )
    listing = Listing(name="digest", view=view, currency=options.currency)
    if has_query(session):
        from acctcli.cli.lists.query import apply_query

        items, _ = apply_query(session, items, listing)
    values = {each.row.id: each.row.won_value for each in accounts}
    found = core.add_to_sections(items, sections, values, most=options.limit)
    made = core.Digest(
        today=today,
        since=since,
        until=until,
        owner=options.owner,
        summary=core.digest_summary(found),
        sections=tuple(found),
    )
    _print_digest(session, made, options, listing)


def _due(view: View, today: dt.date) -> list[AgendaEntry]:
    """The agenda up to today, of which no more is read than what is due."""
    from acctcli.core.reports.agenda import agenda_entries

    due = {each.id: each for each in view.due_by(today)}
    kinds = {name: getattr(view.data, name) for name in Data.__struct_fields__}
    return agenda_entries(Data(**{**kinds, "activities": due}), view.settings, today, today)


def _wins(view: View, since: dt.date, today: dt.date) -> list[core.Win]:
    return core.wins_of(view.won_between(since, today), view.data, view.settings, view.zone)


def _renewals(
    view: View, accounts: Iterable[core.DigestAccount], today: dt.date, until: dt.date
) -> list[Renewal]:
    from acctcli.cli.commands.report_renewals import renewals_of_accounts
    from acctcli.core.reports.renewals import by_day

    orgs = [
        each.row.id
        for each in accounts
        if each.row.renewal_date is not None and each.row.renewal_date <= until
    ]
    return sorted(renewals_of_accounts(view, orgs, today, until), key=by_day)


def _print_digest(
    session: Session, made: core.Digest, options: DigestOptions, listing: Listing
) -> None:
    form = session.options.format
    session.printed_list = True
    session.printed_items = not made.is_empty
    if made.is_empty and options.skip_empty:
        return
    if options.mail is not None:
        _print_mail(session, made, options.mail)
    elif form in {"csv", "tsv", "ndjson", "ids"} or session.options.fields is not None:
        _print_flat(session, [row for section in made.sections for row in section.rows], listing)
    elif form == "markdown":
        from acctcli.render.digest import digest_markdown

        session.print_text(digest_markdown(made))
    elif form == "html":
        from acctcli.render.digest import digest_html

        session.print_text(digest_html(made))
    elif form == "table":
        session.print_text(_text(made, session))
    else:
        print_selected_object(
            session, {name: getattr(made, name) for name in made.__struct_fields__}, ()
        )


def _print_flat(session: Session, rows: list[core.Item], listing: Listing) -> None:
    """Print the rows of all sections; they are narrowed already."""
    columns: Sequence[str] = listing.paths()
    if session.options.format == "ids":
        columns = ("id",)
        orgs = dict.fromkeys(row.org for row in rows if row.org is not None)
        print_rows(
            session, ({"id": each} for each in orgs), machine_columns=columns, table_columns=()
        )
        return
    print_rows(session, rows, machine_columns=columns, table_columns=())


def _text(made: core.Digest, session: Session) -> str:
    from acctcli.render.digest import digest_text

    return digest_text(made, width=session.streams.columns, style=session.style)


def _check_mail(mail: MailOptions, session: Session) -> None:
    if session.options.format != "table":
        raise UsageError.of(
            "two-formats",
            f"--email is a form by itself, and --format is {session.options.format}",
            hint="leave one of them out; the mail has the digest as text and as HTML",
        )
    if not mail.to:
        raise UsageError.of(
            "no-address", "--email needs to know who gets it", hint="add --to anna@example.com"
        )
    from acctcli.render.formats.mail import check_heads

    check_heads(mail.sender, mail.to, mail.subject)  # also when there will be nothing to send


def _print_mail(session: Session, made: core.Digest, given: MailOptions) -> None:
    from acctcli.render.digest import digest_html, digest_text, title
    from acctcli.render.formats.mail import Letter, mail
    from acctcli.render.formats.style import Style

    sender = given.sender
    if sender is None and "@" in session.actor:
        sender = session.actor
    subject = given.subject
    letter = Letter(
        sender=sender,
        to=given.to,
        subject=f"{title(made)}: {made.summary}" if subject is None else subject,
        date=session.now,
        text=digest_text(made, width=None, style=Style(colour=False)),
        html=digest_html(made),
    )
    session.put([mail(letter)])
