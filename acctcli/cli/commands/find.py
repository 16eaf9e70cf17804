"""The command `find`: a text in records of all kinds, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.core.model.kinds import KIND_NAMES, KindName
from acctcli.core.reports.search import hits, words_of

if TYPE_CHECKING:
    from acctcli.core.reports.search import Hit


class FindOptions(Struct, frozen=True):
    """What `find` was given; no kinds means all."""

    texts: tuple[str, ...]
    kinds: tuple[KindName, ...]
    org: str | None


@click.command("find", cls=ListCommand, listing="hits")
@click.argument("texts", metavar="TEXT...", nargs=-1, required=True)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KIND_NAMES),
    help="Only records of this kind; may be repeated.",
)
@click.option("--org", metavar="ORG", help="Only records of this organization, by id or name.")
@click.pass_context
def find(
    ctx: click.Context,
    texts: tuple[str, ...],
    kinds: tuple[KindName, ...],
    org: str | None,
) -> None:
    """Find texts in records of all kinds; case and accents do not matter.

    Of several texts a record must have all; put a phrase in quotes. Names come first.
    """
    run_find(FindOptions(texts, kinds, org), open_session(ctx))


def run_find(options: FindOptions, session: Session) -> None:
    """Print the records that hold what is sought, and where they do."""
    words = words_of(options.texts)
    view = session.read()
    org = None if options.org is None else view.find("orgs", options.org)
    kinds = [kind for kind in KIND_NAMES if kind in (options.kinds or KIND_NAMES)]
    found = hits(view.search(words, kinds), view.data, org=org)

    def text(shown: list[Hit]) -> str:
        from acctcli.render.search_hits import hits_text

        return hits_text(shown, words, width=session.streams.columns, style=session.style)

    from acctcli.render.list_columns import TABLE_COLUMNS

    listing = Listing(name="hits", table=TABLE_COLUMNS["hits"], view=view, text=text)
    print_list(session, found, listing)
