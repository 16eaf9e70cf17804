"""The command `find`: a text in records of all kinds, and where it stands."""

from __future__ import annotations

import click
from msgspec import Struct

from acctcli.cli.commands import Command
from acctcli.cli.output import put_rows
from acctcli.cli.session import Session, open_session
from acctcli.core.find import hits, words_of
from acctcli.core.kinds import KIND_NAMES, KindName


class FindOptions(Struct, frozen=True):
    """What `find` was given; no kinds means all, no limit means every record."""

    texts: tuple[str, ...]
    kinds: tuple[KindName, ...]
    org: str | None
    limit: int | None


@click.command("find", cls=Command)
@click.argument("texts", metavar="TEXT...", nargs=-1, required=True)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KIND_NAMES), help="May be repeated."
)
@click.option("--org", metavar="ORG", help="Only what belongs to it. By id or name.")
@click.option("--limit", type=click.IntRange(1), help="At most so many records.")
@click.pass_context
def find(
    ctx: click.Context,
    texts: tuple[str, ...],
    kinds: tuple[KindName, ...],
    org: str | None,
    limit: int | None,
) -> None:
    """Find texts in records of all kinds, case and accents aside.

    Of several texts a record must have all; put a phrase in quotes. Names come first.
    """
    run_find(FindOptions(texts, kinds, org, limit), open_session(ctx))


def run_find(options: FindOptions, session: Session) -> None:
    """Print the records that hold what is sought, and where they do."""
    from acctcli.render.columns import MACHINE_COLUMNS

    words = words_of(options.texts)
    view = session.read()
    org = None if options.org is None else view.find("orgs", options.org)
    kinds = [kind for kind in KIND_NAMES if kind in (options.kinds or KIND_NAMES)]
    found = hits(view.texts_with(words, kinds), view.data, org=org, limit=options.limit)
    if session.options.format == "table":
        from acctcli.render.find import hits_text

        session.put_text(
            hits_text(found, words, width=session.streams.columns, style=session.style)
        )
        return
    put_rows(session, found, machine_columns=MACHINE_COLUMNS["hits"], table_columns=())
