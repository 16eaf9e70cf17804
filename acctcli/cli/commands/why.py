"""The verb `why`: the records that made a value of an organization, and the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import Command
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.input.currency_option import currency_option
from acctcli.cli.lists.print_rows import print_rows, print_selected_object
from acctcli.cli.output.writer import Row, print_document
from acctcli.core.model.explanation import Explanation
from acctcli.core.reports.explain import VALUES, case, whys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.core.model.records import Org


class WhyOptions(Struct, frozen=True):
    """What `why` was given; no value means all of them."""

    name: str
    value: str | None
    currency: str | None


@click.command("why", cls=Command)
@click.argument("name", metavar="NAME")
@click.argument("value", metavar="[VALUE]", type=click.Choice(list(VALUES)), required=False)
@currency_option
@click.pass_context
def why(ctx: click.Context, name: str, value: str | None, currency: str | None) -> None:
    """Explain a value of an organization: its records and its rule.

    VALUE is membership, won_value, bucket, last_contact or health; without one, all in short.
    """
    run_why(WhyOptions(name, value, currency), open_session(ctx))


def run_why(options: WhyOptions, session: Session) -> None:
    """Print why one value is what it is, or each of them."""
    view = session.read_in(options.currency)
    org_id = view.find("orgs", options.name)
    wins = 0
    if not view.won_count(org_id):
        wins = sum(view.data.deals[key].status == "won" for key in view.deals_without_org())
    asked = case(
        org_id,
        view.records_of_org(org_id),
        view.settings,
        session.today(view),
        view.zone,
        homeless_wins=wins,
    )
    found = whys(asked, VALUES if options.value is None else [options.value])
    if session.is_for_people and session.options.fields is None:
        _print_page(session, view.data.orgs[org_id], found, short=options.value is None)
    elif session.is_nested and options.value is not None:
        print_selected_object(session, _row(found[0]), ())
    elif session.is_nested:
        print_rows(
            session,
            map(_row, found),
            machine_columns=Explanation.__struct_fields__,
            table_columns=(),
        )
    else:
        _print_reasons(session, found)


def _print_page(session: Session, org: Org, found: Sequence[Explanation], *, short: bool) -> None:
    from acctcli.render.explain import why_document, why_text

    if session.options.format != "table":
        print_document(session, why_document(org, found, short=short))
        return
    width, style = session.streams.columns, session.style
    session.print_text(why_text(org, found, width=width, style=style, short=short))


def _row(found: Explanation) -> Row:
    return {name: getattr(found, name) for name in found.__struct_fields__}


def _print_reasons(session: Session, found: Sequence[Explanation]) -> None:
    """A line for each reason; by id, each record that is named, once."""
    from acctcli.render.explain import cell_value
    from acctcli.render.list_columns import MACHINE_COLUMNS

    if session.options.format == "ids":
        records = (reason.record for each in found for reason in each.reasons)
        named = dict.fromkeys(record for record in records if record is not None)
        print_rows(session, ({"id": each} for each in named), machine_columns=(), table_columns=())
        return
    rows: Iterator[Row] = (
        {
            "of": each.of,
            "value": cell_value(each),
            "rule": each.rule,
            "text": reason.text,
            "kind": reason.kind,
            "record": reason.record,
        }
        for each in found
        for reason in each.reasons
    )
    print_rows(session, rows, machine_columns=MACHINE_COLUMNS["why"], table_columns=())
