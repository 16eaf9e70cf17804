"""The verb `timeline` of accounts and organizations: what happened, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.session import open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.cli.lists.record_names import RecordNames
from acctcli.core.model.errors import UsageError
from acctcli.core.model.names import or_nearest
from acctcli.core.model.periods import since_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.core.reports.timeline import Happening
    from acctcli.store.views.view import View


class TimelineOptions(Struct, frozen=True):
    """What `timeline` was given; no types means every type."""

    name: str
    since: str | None
    types: tuple[str, ...]
    planned: bool
    only_accounts: bool


def timeline_verb(group: click.Group, *, only_accounts: bool = False) -> None:
    """Give a noun the verb `timeline`."""

    @group.command("timeline", cls=ListCommand, listing="timeline")
    @click.argument("name", metavar="NAME")
    @click.option("--since", metavar="DAY", help="Since this day, or for this long, such as 90d.")
    @click.option(
        "--types",
        multiple=True,
        metavar="TYPES",
        help="Only activity, deal, note or file, or types of activities, such as call,note.",
    )
    @click.option(
        "--planned", is_flag=True, help="Include planned activities, on the day they are due."
    )
    @click.pass_context
    def timeline(
        ctx: click.Context,
        /,
        name: str,
        since: str | None,
        types: tuple[str, ...],
        *,
        planned: bool,
    ) -> None:
        """Show what happened: activities, notes, files, deals, newest first."""
        words = tuple(word.strip() for text in types for word in text.split(",") if word.strip())
        options = TimelineOptions(name, since, words, planned, only_accounts)
        run_timeline(options, open_session(ctx))


def run_timeline(options: TimelineOptions, session: Session) -> None:
    """Print the timeline of an organization."""
    from acctcli.cli.input.record_args import find_record
    from acctcli.core.reports.timeline import of_types, since, timeline

    view = session.read()
    today = session.today(view)
    org_id = find_record(
        view, "orgs", options.name, only_accounts=options.only_accounts, verbs=("timeline",)
    )
    data = view.records_of_org(org_id)
    events = timeline(org_id, data, view.settings, view.zone, planned=options.planned)
    if options.types:
        _check_types(options.types, events, view)
        events = of_types(events, options.types)
    if options.since is not None:
        events = since(events, since_day(options.since, today))
    listing = Listing(name="timeline", view=view)
    if session.is_for_people:
        from acctcli.render.account_page import COLUMNS, event_row

        names = RecordNames(view.data)
        listing = replace(
            listing, table=COLUMNS, display_row=lambda event: event_row(event, names, today)
        )
    print_list(session, events, listing)


def _check_types(types: Sequence[str], events: Iterable[Happening], view: View) -> None:
    from acctcli.core.reports.timeline import KIND_WORDS

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
