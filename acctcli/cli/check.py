"""The command `check`: what is wrong or odd in the book. Silent when there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from acctcli.cli.commands import Command
from acctcli.cli.exits import Exit
from acctcli.cli.output import Row, put_rows
from acctcli.cli.session import Session, open_session
from acctcli.core.checks import Unread, bare_value
from acctcli.core.checks import check as check_records
from acctcli.store.attachments import check_files
from acctcli.store.locate import RATES_FILE, SETTINGS_FILE
from acctcli.store.ratesfile import check_rates

if TYPE_CHECKING:
    from acctcli.core.errors import Problem
    from acctcli.store.view import View


@click.command("check", cls=Command)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Find what is wrong or odd in the book: bad records, unknown keys, links to nothing.

    Prints nothing and exits 0 when all is well, else one line a finding and exits 1.
    """
    session = open_session(ctx)
    found = findings(session.book.read(), session)
    put_findings(session, found)
    if found:
        ctx.exit(Exit.FINDINGS)


def findings(view: View, session: Session) -> list[Problem]:
    """All that `check` finds, each with its place, in the order of the files."""
    found = [*view.odd, *view.problems, *view.unknown_keys(), *_holidays(view, session)]
    found += [
        problem._replace(place=view.place(problem.record, problem.field))
        if problem.record is not None and view.spot(problem.record)
        else problem
        for problem in [
            *check_records(
                view.data,
                view.settings,
                view.zone,
                today=session.today(view),
                unread=Unread(view.bad_ids(), view.broken_kinds()),
            ),
            *(bare_value(record, view.settings) for record in view.bare_values()),
            *check_files(session.book.root, view.data),
            *check_rates(session.book.root),
        ]
    ]
    files = [SETTINGS_FILE, *view.settings.holidays, *view.files(), RATES_FILE]
    order = {name: number for number, name in enumerate(files)}
    return sorted(
        found,
        key=lambda each: (
            (order.get(each.place.file, 0), each.place.line, each.place.column)
            if each.place
            else (0, 0, 0)
        ),
    )


def _holidays(view: View, session: Session) -> list[Problem]:
    if not view.settings.holidays:
        return []
    from acctcli.store.holidays import problems

    return problems(session.book.root, view.settings, session.today(view))


def put_findings(session: Session, found: list[Problem]) -> None:
    """Print findings: lines for people, objects for scripts."""
    if session.options.format == "table" and session.options.fields is None:
        from acctcli.render.record import problems_text

        session.put_text(problems_text(found, session.style) if found else "")
        return
    if session.options.format == "ids":
        # Ids are those of records everywhere, to be handed to the next command.
        records = dict.fromkeys(each.record for each in found if each.record)
        put_rows(
            session, [{"id": key} for key in records], machine_columns=("id",), table_columns=()
        )
        return
    from acctcli.render.columns import MACHINE_COLUMNS, TABLE_COLUMNS

    rows: list[Row] = [
        {
            "id": each.id,
            "level": each.level,
            "message": each.message,
            "hint": each.hint,
            "file": each.place.file if each.place else None,
            "line": each.place.line if each.place else None,
            "column": each.place.column if each.place else None,
            "kind": each.kind,
            "record": each.record,
            "field": each.field,
        }
        for each in found
    ]
    put_rows(
        session,
        rows,
        machine_columns=MACHINE_COLUMNS["findings"],
        table_columns=TABLE_COLUMNS["findings"],
        shown=[{**row, "file": each.place} for row, each in zip(rows, found, strict=True)],
    )
