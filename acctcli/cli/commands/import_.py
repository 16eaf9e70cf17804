"""The noun `import`: records from other programs' files. One run is one commit, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import Command, noun
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.input.sources import open_source
from acctcli.cli.lists.print_rows import print_rows, print_selected_object
from acctcli.cli.output.messages import say_accounts
from acctcli.cli.output.writer import Row, print_lines
from acctcli.core.model.errors import (
    InvalidBookError,
    InvalidInputError,
    Place,
    Problem,
)
from acctcli.core.model.kinds import KINDS
from acctcli.exchange.csv_reader import read_rows
from acctcli.exchange.import_map import read_map
from acctcli.exchange.import_plan import make_plan
from acctcli.store.config.import_map_reader import read_map_file
from acctcli.store.files.layout import kind_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.core.rules.import_plan import ImportPlan
    from acctcli.exchange.csv_reader import BadTableRow, TableRow
    from acctcli.exchange.import_map import ImportMap
    from acctcli.store.changes.change_set import Change
    from acctcli.store.views.view import View

_Item = TypeVar("_Item")
_MANY = 1_000  # from so many on, a bar is worth its line


class ImportOptions(Struct, frozen=True):
    """What `import csv` was given."""

    file: str
    map: str
    dry_run: bool
    keep_unmapped: bool
    skip_invalid: bool


@noun("import", "Import records from other programs' files.")
def import_() -> None:
    """Hold the formats below."""


@import_.command("csv", cls=Command)
@click.argument("file", metavar="FILE")
@click.option(
    "--map", "map_", metavar="MAP.yaml", required=True, help="The map: what the columns mean."
)
@click.option("--dry-run", is_flag=True, help="Report what would be done; write nothing.")
@click.option("--keep-unmapped", is_flag=True, help="Keep the other columns as custom fields.")
@click.pass_context
def csv(ctx: click.Context, file: str, map_: str, *, dry_run: bool, keep_unmapped: bool) -> None:
    """Import a CSV file by a map. A second run of the same file changes nothing.

    Reports what is created, updated, unchanged and skipped before anything is written, and
    writes nothing when a row is bad, unless --skip-invalid is given.
    """
    session = open_session(ctx)
    skip = session.options.skip_invalid
    run_import(ImportOptions(file, map_, dry_run, keep_unmapped, skip), session)


def run_import(options: ImportOptions, session: Session) -> None:
    """Plan, report, and commit once; a dry run goes as far as can be gone without writing."""
    importmap = _read_map(options, session)
    rows = _read_rows(options, session, importmap)
    reported: list[ImportPlan] = []

    def plan(change: Change) -> Change:
        _refuse_unread(change.view, importmap)
        made = make_plan(
            _progress(session, rows, "comparing"),
            importmap,
            change.view.data,
            change.view.settings,
            now=session.stamp(change.view),
            new_id=change.new_id,
            taken_ids=change.taken_ids(),
            keep_unmapped=options.keep_unmapped,
        )
        if not reported:  # a plan that is made again, because a file changed, is told once
            _print_report(session, made, options)
            reported.append(made)
        if made.bad and not options.skip_invalid:
            raise _refusal(made, options)
        change.declare(importmap.kind, made.declared)
        for created in _progress(session, made.created, "adding"):
            change.add(created.kind, created.fields)
        for updated in _progress(session, made.updated, "updating"):
            change.update(updated.kind, updated.id, updated.changes)
        return change

    if options.dry_run:
        session.rehearse(plan)
        session.say("a dry run: nothing was written")
        return
    change = session.write(plan)
    session.say("nothing to write" if change.is_empty() else "imported, in one commit")
    say_accounts(session, change)


def _refuse_unread(view: View, importmap: ImportMap) -> None:
    """An import compares with all there is: a record that cannot be read would come in twice."""
    links = (KINDS[importmap.kind].field(name) for name in importmap.links)
    kinds = {importmap.kind, *(field.link for field in links if field)}
    unread = [
        problem
        for problem in view.problems
        if problem.place and kind_of_file(problem.place.file) in kinds
    ]
    if unread:
        raise InvalidBookError(*unread)


def _read_map(options: ImportOptions, session: Session) -> ImportMap:
    raw, placed_in_map = read_map_file(session.streams.cwd / options.map, options.map)
    settings = session.book.settings()
    importmap, problems = read_map(raw, default_source=Path(options.file).name, settings=settings)
    placed = [placed_in_map(problem) for problem in problems]
    errors = [problem for problem in placed if problem.level == "error"]
    if importmap is None or errors:
        raise InvalidInputError(*errors)
    session.report(placed)
    return importmap


def _read_rows(
    options: ImportOptions, session: Session, importmap: ImportMap
) -> list[TableRow | BadTableRow]:
    with open_source(session, options.file, hint="name a CSV file in it") as file:
        return list(read_rows(file, importmap, file=_display_path(options)))


def _display_path(options: ImportOptions) -> str:
    """How messages name the file."""
    return "stdin" if options.file == "-" else options.file


def _print_report(session: Session, made: ImportPlan, options: ImportOptions) -> None:
    if session.is_for_people and session.options.fields is None:
        from acctcli.render.import_report import report_text

        print_lines(session, report_text(made, _display_path(options)))
        return
    if session.is_nested or session.is_for_people:
        from acctcli.render.import_report import report_dict

        print_selected_object(session, report_dict(made), ())
        return
    rows: list[Row] = [
        {"id": record.id, "kind": record.kind, "action": action, "line": record.line}
        for action, records in (("created", made.created), ("updated", made.updated))
        for record in records
    ]
    print_rows(session, rows, machine_columns=("id", "kind", "action", "line"), table_columns=())


def _refusal(made: ImportPlan, options: ImportOptions) -> InvalidInputError:
    first = made.bad[0]
    count = len(made.bad)
    return InvalidInputError(
        Problem(
            id="bad-rows",
            message=f"{count} row{'s' if count > 1 else ''} cannot be imported, so nothing was"
            f" written; the first: {first.reason}",
            place=Place(_display_path(options), first.line),
            hint="mend the file or the map, or say --skip-invalid to import the good rows",
        )
    )


def _progress(session: Session, items: Sequence[_Item], label: str) -> Iterator[_Item]:
    """Go through items, with a bar on a terminal when there are many."""
    if not session.is_interactive() or len(items) < _MANY:
        yield from items
        return
    width = session.bar_width(label)
    with click.progressbar(items, label=label, file=session.streams.err, width=width) as bar:
        yield from bar
