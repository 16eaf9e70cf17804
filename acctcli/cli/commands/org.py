"""The noun `org`: organizations, accounts or not. Lists carry the value keys of `account`."""

from __future__ import annotations

import click

from acctcli.cli.app.click_ext import WHY, Command, ListCommand, noun
from acctcli.cli.app.session import open_session
from acctcli.cli.commands.record_verbs import add_verb, edit_command, remove_verb
from acctcli.cli.commands.timeline import timeline_verb
from acctcli.cli.input.currency_option import currency_option
from acctcli.cli.input.record_args import parse_names
from acctcli.cli.lists.account_list import print_value_rows, section_option


@noun("org", "Organizations, whether accounts or not.", lazy={"why": WHY})
def org() -> None:
    """Hold the verbs below."""


@org.command("list", cls=ListCommand, listing="orgs_with_values", kind="orgs")
@click.option("--owner", metavar="TEXT", help="Only accounts of this owner.")
@currency_option
@click.pass_context
def list_orgs(ctx: click.Context, owner: str | None, currency: str | None) -> None:
    """List organizations with their values; is_account tells which are accounts."""
    session = open_session(ctx)
    view = session.read_in(currency)
    listed = view.listed_accounts(session.today(view), accounts_only=False)
    found = (each for each in listed if owner in (None, each.owner))
    print_value_rows(session, view, found, with_membership=True, currency=currency)


@org.command("show", cls=Command)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@section_option
@currency_option
@click.pass_context
def show(
    ctx: click.Context, names: tuple[str, ...], sections: tuple[str, ...], currency: str | None
) -> None:
    """Show everything about organizations."""
    from acctcli.cli.commands.account_page import print_account_pages

    session = open_session(ctx)
    given = parse_names(session, names)
    print_account_pages(session, given, only_accounts=False, sections=sections, currency=currency)


timeline_verb(org)
add_verb(org, "orgs")
org.add_command(edit_command("orgs"))
remove_verb(org, "orgs")
