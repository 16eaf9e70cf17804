"""The command `changes`: what changed with accounts since a day, or since it was last asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.environment import state_home
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import print_list
from acctcli.core.model.errors import (
    AcctcliError,
    NotFoundError,
    StorageError,
    UsageError,
)
from acctcli.core.model.periods import since_day
from acctcli.core.reports.account_changes import AccountChange, AccountState, account_changes, state

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from acctcli.cli.output.writer import Row
    from acctcli.store.files.last_run import RunMemory
    from acctcli.store.views.view import View

_HINT = "say --since 7d, --since 2026-03-01, or --since-last NAME"


class ChangesOptions(Struct, frozen=True, kw_only=True):
    """What `changes` was given; one of the first four, and no more."""

    since: str | None = None
    since_last: str | None = None
    forget: str | None = None
    names: bool = False
    keep: bool = False
    owner: str | None = None


@click.command("changes", cls=ListCommand, listing="changes")
@click.option("--since", metavar="SPAN|DATE", help="Compare with the end of this day, such as 7d.")
@click.option("--since-last", metavar="NAME", help="Compare with the last run under this name.")
@click.option("--keep", is_flag=True, help="Do not remember this run.")
@click.option("--owner", metavar="TEXT", help="Only accounts of this owner.")
@click.option("--names", is_flag=True, help="List the names of earlier runs.")
@click.option("--forget", metavar="NAME", help="Forget the last run under this name.")
@click.pass_context
def changes(ctx: click.Context, /, *, names: bool, keep: bool, **flags: str | None) -> None:
    """Show new accounts, lost ones, value up or down, newly overdue, and moved buckets."""
    options = ChangesOptions(
        since=flags["since"],
        since_last=flags["since_last"],
        forget=flags["forget"],
        names=names,
        keep=keep,
        owner=flags["owner"],
    )
    run_changes(options, open_session(ctx))


def run_changes(options: ChangesOptions, session: Session) -> None:
    """Print the changes, or do what else was asked for."""
    given = [options.since, options.since_last, options.forget, options.names or None]
    if sum(each is not None for each in given) != 1:
        several = "--since, --since-last, --names and --forget do not go together"
        raise UsageError.of(
            "what-since",
            several if any(given) else "changes needs to know since when",
            hint=_HINT,
        )
    if options.keep and options.since_last is None:
        raise UsageError.of("no-name", "--keep is about --since-last", hint=_HINT)
    if options.since is not None:
        _print_since(session, options, options.since)
    elif options.since_last is not None:
        _print_since_last(session, options, options.since_last)
    elif options.forget is not None:
        _forget(session, options.forget)
    else:
        _print_names(session)


def _print_since(session: Session, options: ChangesOptions, since: str) -> None:
    view = session.read()
    today = session.today(view)
    day = since_day(since, today)
    if day > today:
        raise UsageError.of(
            "empty-period",
            f"--since is {day}, which is after today, {today}",
            hint="give a day that is past",
        )
    then = _view_of(session, view, day)
    found = account_changes(_states(then, day), _states(view, today), _loss_reason(view))
    _print_changes(session, view, _of_owner(found, options.owner), f"{day} to {today}")


def _view_of(session: Session, view: View, day: dt.date) -> View:
    """The book as it stood on a day; a win that does not say when is taken for an old one.

    Left out of one side alone, it would be told as a change.
    """
    from acctcli.core.accounts.as_of import as_of
    from acctcli.store.views.derived import DerivedView

    data, undated = as_of(view.data, day, view.zone)
    if undated:
        deals = {each.record: view.data.deals[each.record] for each in undated if each.record}
        data = replace(data, deals={**data.deals, **deals})
        told = (
            "1 won deal does not say when, so it counts"
            if len(deals) == 1
            else f"{len(deals)} won deals do not say when, so they count"
        )
        session.say(f"{told} as won before; see: acctcli check")
    return DerivedView(view, data)


def _print_since_last(session: Session, options: ChangesOptions, name: str) -> None:
    from acctcli.store.files.last_run import check_name

    check_name(name)
    if session.options.as_of is not None:
        raise UsageError.of(
            "as-of",
            "--since-last compares with the book as it is, and --as-of shows it as it was",
            hint="leave out --as-of, or say --since DATE",
        )
    remembered = _run_memory(session)
    last = remembered.load(name)
    view = session.read()
    today = session.today(view)
    now = tuple(_states(view, today))
    if last is None:
        found: list[AccountChange] = []
        session.say(f'there is nothing to compare with yet: this is the first run of "{name}"')
    else:
        found = account_changes(last.accounts, now, _loss_reason(view))
    period = "" if last is None else f"{name}: {last.today} to {today}"
    _print_changes(session, view, _of_owner(found, options.owner), period)
    if options.keep:
        return
    if view.problems:
        session.say(f'the next run of "{name}" compares with the same, for records cannot be read')
        return
    session.after_output(lambda: remembered.keep(name, session.now, today, now))


def _forget(session: Session, name: str) -> None:
    from acctcli.store.files.last_run import check_name

    check_name(name)
    if not _run_memory(session).forget(name):
        raise NotFoundError.of(
            "not-found",
            f'there was no run of "{name}" with this book',
            hint="see: acctcli changes --names",
        )
    session.say(f'forgot what the last run of "{name}" saw')


def _print_names(session: Session) -> None:
    from acctcli.render.account_changes import RUN_COLUMNS

    remembered = _run_memory(session)
    rows = [_remembered_row(remembered, name) for name in remembered.names()]
    print_list(session, rows, Listing(name="remembered", table=RUN_COLUMNS, id_path="name"))


def _remembered_row(remembered: RunMemory, name: str) -> Row:
    try:
        seen = remembered.load(name)
    except AcctcliError:  # told when it is asked for
        seen = None
    return {
        "name": name,
        "time": None if seen is None else seen.time,
        "today": None if seen is None else seen.today,
        "account_count": None if seen is None else len(seen.accounts),
    }


def _run_memory(session: Session) -> RunMemory:
    from acctcli.store.files.last_run import RunMemory

    home = state_home(session.streams.environ)
    if home is None:
        raise StorageError.of(
            "no-state-folder",
            "there is no folder to remember in: neither HOME nor XDG_STATE_HOME says one",
            hint="set HOME, such as HOME=/home/anna at the top of a crontab",
        )
    return RunMemory(home, session.book.root)


def _states(view: View, day: dt.date) -> Iterable[AccountState]:
    return (state(each.row) for each in view.listed_accounts(day, accounts_only=True))


def _loss_reason(view: View) -> Callable[[str], str]:
    """Tells why an organization is no account."""
    orgs = view.data.orgs
    return lambda org: "no deal is won any more" if org in orgs else "the organization is gone"


def _of_owner(found: Sequence[AccountChange], owner: str | None) -> list[AccountChange]:
    return [each for each in found if owner in (None, each.owner)]


def _row(moved: AccountChange) -> Row:
    names = {"before": "from", "after": "to"}
    return {names.get(name, name): getattr(moved, name) for name in moved.__struct_fields__}


def _print_changes(
    session: Session, view: View, found: Sequence[AccountChange], period: str
) -> None:
    from acctcli.render.account_changes import CHANGES, changes_text

    def text(rows: list[Row]) -> str:
        return changes_text(rows, period=period, width=session.streams.columns, style=session.style)

    listing = Listing(name="changes", table=CHANGES, view=view, text=text)
    print_list(session, [_row(each) for each in found], listing)
