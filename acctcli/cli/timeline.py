"""The verb `timeline` of accounts and organizations: what happened, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.commands import Command
from acctcli.cli.editing import find_record
from acctcli.cli.output import Names, put_rows
from acctcli.cli.session import open_session
from acctcli.core.errors import UsageError
from acctcli.core.names import or_nearest
from acctcli.core.periods import since_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.cli.session import Session
    from acctcli.core.timeline import Happening
    from acctcli.render.columns import TableColumn
    from acctcli.store.view import View


class TimelineOptions(Struct, frozen=True):
    """What `timeline` was given; no limit means every event, no types every type."""

    name: str
    since: str | None
    limit: int | None
    types: tuple[str, ...]
    planned: bool
    only_accounts: bool


def timeline_verb(group: click.Group, *, only_accounts: bool = False) -> None:
    """Give a noun the verb `timeline`."""

    @group.command("timeline", cls=Command)
    @click.argument("name", metavar="NAME")
    @click.option("--since", metavar="DAY", help="From this day on, or for so long, as 90d.")
    @click.option("--limit", type=click.IntRange(1), metavar="N", help="At most so many events.")
    @click.option(
        "--types",
        multiple=True,
        metavar="TYPES",
        help="Only activity, deal, note or file, or types of activities, such as call,note.",
    )
    @click.option("--planned", is_flag=True, help="What is planned as well, on the day it is due.")
    @click.pass_context
    def timeline(
        ctx: click.Context,
        /,
        name: str,
        since: str | None,
        limit: int | None,
        types: tuple[str, ...],
        *,
        planned: bool,
    ) -> None:
        """Show what happened: activities, notes, files, deals, newest first."""
        words = tuple(word.strip() for text in types for word in text.split(",") if word.strip())
        options = TimelineOptions(name, since, limit, words, planned, only_accounts)
        run_timeline(options, open_session(ctx))


def run_timeline(options: TimelineOptions, session: Session) -> None:
    """Print the timeline of an organization."""
    from acctcli.core.timeline import of_types, since, timeline
    from acctcli.render.columns import MACHINE_COLUMNS

    view = session.read()
    today = session.today(view)
    org_id = find_record(view, "orgs", options.name, only_accounts=options.only_accounts)
    data = view.around(org_id)
    events = timeline(org_id, data, view.settings, view.zone, planned=options.planned)
    if options.types:
        _check_types(options.types, events, view)
        events = of_types(events, options.types)
    if options.since is not None:
        events = since(events, since_day(options.since, today))
    events = events[: options.limit]
    rows: Sequence[object] = events
    shown = None
    columns: Sequence[TableColumn] = ()
    if session.options.format == "table":
        from acctcli.render.timeline import COLUMNS, shown_events

        columns = COLUMNS
        shown = shown_events(events, Names(view.data), today)
    if session.options.format == "ids":  # a deal has more than one event, and one id
        rows = [{"id": key} for key in dict.fromkeys(each.id for each in events)]
    put_rows(
        session,
        rows,
        machine_columns=MACHINE_COLUMNS["timeline"],
        table_columns=columns,
        shown=shown,
        zone=view.zone,
    )


def _check_types(types: Sequence[str], events: Iterable[Happening], view: View) -> None:
    from acctcli.core.timeline import KIND_WORDS

    settings = view.settings
    known = dict.fromkeys([*KIND_WORDS, *settings.activity_types, *settings.contact_types])
    known |= dict.fromkeys(each.type for each in events if each.type)
    for word in types:
        if word not in known:
            raise UsageError.of(
                "unknown-type",
                f'--types: there is no type "{word}"' + or_nearest(word, known),
                hint=f"the types are {', '.join(known)}",
            )
