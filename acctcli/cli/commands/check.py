"""The command `check`: what is wrong or odd in the book. Silent when there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.exit_codes import Exit
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import has_query, print_list
from acctcli.cli.lists.print_rows import refuse_unknown_columns
from acctcli.core.checks.registry import (
    CHECKS,
    LEVELS,
    Check,
    Level,
    names_of,
    pick,
)
from acctcli.core.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from acctcli.cli.output.writer import Row
    from acctcli.core.model.errors import Problem
    from acctcli.store.views.view import ListedAccount, View


class CheckOptions(Struct, frozen=True, kw_only=True):
    """What `check` was given; no names mean the checks of a plain run."""

    names: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    level: Level = "warning"
    owner: str | None = None
    fix: bool = False
    dry_run: bool = False


@click.command("check", cls=ListCommand, listing="accounts", kind="orgs", takes=("where", "mine"))
@click.argument("names", metavar="[CHECK...]", nargs=-1)
@click.option(
    "--only", multiple=True, metavar="CHECKS", help="Run only these checks, separated by commas."
)
@click.option(
    "--skip", multiple=True, metavar="CHECKS", help="Skip these checks, separated by commas."
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="warning",
    metavar="LEVEL",
    help="Find errors only, or warnings too.",
)
@click.option("--owner", metavar="TEXT", help="Only accounts of this owner.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, in one commit.")
@click.option("--dry-run", is_flag=True, help="With --fix: show what would be mended.")
@click.option("--list", "listed", is_flag=True, help="List the checks; run none.")
@click.pass_context
def check(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    *,
    level: Level,
    owner: str | None,
    listed: bool,
    **flags: bool,
) -> None:
    """Find what is wrong or odd in the book: bad records, unknown keys, links to nothing.

    Prints nothing and exits 0 when all is well, else one line a finding and exits 1. Some checks
    are run only when they are named, such as next-step: see acctcli check --list.
    """
    session = open_session(ctx)
    options = CheckOptions(
        names=(*names, *_split(only)), skip=_split(skip), level=level, owner=owner, **flags
    )
    if listed:
        print_checks(session, pick(options.names or CHECKS, skip=options.skip, level=level))
    elif run_check(options, session):
        ctx.exit(Exit.FINDINGS)


def _split(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for text in given for part in text.split(",") if (name := part.strip()))


def run_check(options: CheckOptions, session: Session) -> bool:
    """Print what the checks find, having mended what was to be mended; whether there is anything.

    Raises:
        UsageError: there is no such check, or options do not go together.
        InvalidBookError: records cannot be read, and only checks are run that do not tell so.
    """
    from acctcli.cli.actions.run_checks import findings

    if options.dry_run and not options.fix:
        raise UsageError.of(
            "dry-run-without-fix",
            "--dry-run tells what --fix would do, and --fix was not given",
            hint="say --fix --dry-run, or leave it out: check changes nothing by itself",
        )
    picked = pick(options.names, skip=options.skip, level=options.level)
    names = names_of(picked)
    narrow = has_query(session) or options.owner is not None
    if narrow:
        _refuse_unknown_checks(picked)
    view = session.book.read()
    if any(each.care for each in picked) and "unreadable" not in names:
        # What is asked of customers has no answer without all of their records.
        session.refuse_or_report(view.problems)
    if options.fix:
        from acctcli.cli.actions.fix_findings import fix_findings
        from acctcli.render.list_columns import MACHINE_COLUMNS

        refuse_unknown_columns(session, MACHINE_COLUMNS["findings"])
        fix_findings(session, picked, dry_run=options.dry_run)
        view = session.book.read()
    found = findings(session, view, names, _narrowing(session, view, options) if narrow else None)
    print_findings(session, found)
    return bool(found)


def _refuse_unknown_checks(picked: Sequence[Check]) -> None:
    """Refuse to narrow accounts for checks that are about something else."""
    others = [each.name for each in picked if not each.accounts]
    if others:
        known = ", ".join(each.name for each in CHECKS.values() if each.accounts)
        raise UsageError.of(
            "not-about-accounts",
            f'--where, --owner and --mine pick accounts, and "{others[0]}" is not about those',
            hint=f"name checks about accounts alone: {known}",
        )


def _narrowing(
    session: Session, view: View, options: CheckOptions
) -> Callable[[Iterable[ListedAccount]], Iterable[ListedAccount]]:
    """What leaves out the accounts that nobody asked about."""

    def narrow(listed: Iterable[ListedAccount]) -> Iterable[ListedAccount]:
        mine = (each for each in listed if options.owner in {None, each.owner})
        if not has_query(session):
            return mine
        from acctcli.cli.lists.account_list import value_listing
        from acctcli.cli.lists.query import filter_items

        listing = value_listing(session, view, with_membership=False)
        found: Iterable[ListedAccount] = filter_items(session, mine, listing)
        return found

    return narrow


def print_findings(session: Session, found: Sequence[Problem]) -> None:
    """Print findings: lines for people, objects for scripts; and say how many there are."""
    print_list(session, found, _findings(session), narrow=False)
    errors = sum(each.level == "error" for each in found)
    counts = (_count(errors, "error"), _count(len(found) - errors, "warning"))
    if found:
        session.say(", ".join(each for each in counts if each))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}" if number else ""


def _findings(session: Session) -> Listing:
    from acctcli.render.diagnostics import problem_row
    from acctcli.render.list_columns import TABLE_COLUMNS

    return Listing(
        name="findings",
        table=TABLE_COLUMNS["findings"],  # of a page of them; in a terminal they have their lines
        row=problem_row,
        display_row=_with_place,
        text=lambda found: _text(session, found),
        get=_value,
        id_path="record",  # ids are those of records everywhere, for the next command
    )


def _text(session: Session, found: Sequence[Problem]) -> str:
    from acctcli.render.diagnostics import problems_text
    from acctcli.store.files.source_lines import excerpts

    lines = excerpts((each.place for each in found if each.place), [session.book.root])
    return problems_text(found, session.style, lines, columns=session.streams.columns)


def _with_place(row: Row) -> Row:
    file, line, column = row["file"], row["line"], row["column"]
    return {**row, "file": ":".join(str(each) for each in (file, line, column) if each)}


def _value(problem: Problem, path: str) -> object:
    from acctcli.render.diagnostics import problem_row

    return problem_row(problem).get(path)


def print_checks(session: Session, checks: Sequence[Check]) -> None:
    """Print the table of checks."""
    from acctcli.render.list_columns import TABLE_COLUMNS

    def shown(row: Row) -> Row:
        when = "always" if row["plain"] else "when named"
        return {**row, "plain": when}

    rows = (
        {
            "name": each.name,
            "level": each.level,
            "about": each.about,
            "plain": each.plain,
            "accounts": each.accounts,
            "fixable": each.fixable,
            "fix": each.fix,
            "findings": each.ids,
        }
        for each in checks
    )
    listing = Listing(
        name="checks", table=TABLE_COLUMNS["checks"], display_row=shown, id_path="name"
    )
    print_list(session, rows, listing, narrow=False)
