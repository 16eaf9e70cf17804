"""The command `apply`: many commands, a line of JSON each, in one commit or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import Command
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.commands.apply_commands import NOT_IN_BATCH, SPECS, TABLE
from acctcli.cli.input.sources import open_source
from acctcli.cli.lists.print_rows import print_rows, refuse_unknown_columns
from acctcli.cli.output.messages import CommandResult, membership_messages, say_accounts, say_all
from acctcli.cli.output.writer import Row
from acctcli.core.batch.arguments import bind
from acctcli.core.batch.lines import LIMIT, read_lines
from acctcli.core.model.errors import (
    AcctcliError,
    AmbiguousError,
    InvalidInputError,
    NotFoundError,
    Problem,
    UsageError,
)
from acctcli.core.model.kinds import KINDS
from acctcli.store.changes.batch import BatchSteps, StepResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from acctcli.core.batch.command_spec import BoundCommand
    from acctcli.core.batch.lines import BatchLine
    from acctcli.core.model.errors import Place
    from acctcli.core.model.records import Settings
    from acctcli.store.changes.change_set import Change

COLUMNS = ("line", "command", "as", "id", "made", "changed", "removed")
_MOST = 40  # messages that are told one by one
_OPTION = re.compile(r"(?<![^ ])--(?:set )?([a-z][a-z_-]*)")
# Of these errors the batch is the cause; a lock or a full disk is not.
_OURS = (AmbiguousError, NotFoundError, UsageError)


class ApplyOptions(Struct, frozen=True):
    """What `apply` was given."""

    file: str
    dry_run: bool


class _Answer(Struct, frozen=True):
    """What came of a line: its row, and what is told of it."""

    row: Row
    messages: list[str]


@click.command("apply", cls=Command)
@click.argument("file", metavar="FILE|-")
@click.option("--dry-run", is_flag=True, help="Do everything but write; print the same.")
@click.pass_context
def apply(ctx: click.Context, file: str, *, dry_run: bool) -> None:
    """Run many commands, one a line of JSON, in one commit or not at all.

    A line is {"command": ["deal", "add"], "args": {"title": "ERP", "org": "acme"}, "as": "x"}; in
    later lines $x is that deal. Each line is answered with one, with the ids that it made.
    """
    run_apply(ApplyOptions(file, dry_run), open_session(ctx))


def run_apply(options: ApplyOptions, session: Session) -> None:
    """Read all lines, run them in one commit, and answer each."""
    book = session.book
    if not options.dry_run:
        book.refuse_if_read_only()
    refuse_unknown_columns(session, COLUMNS)
    lines, problems = _read(options, session)
    if problems:
        # A name that a broken line gives is not known, which is no further fault.
        more = [each for each in _bind(lines, book.settings())[1] if each.id != "unknown-name"]
        raise _refusal([*problems, *more])
    if not lines:
        print_rows(session, [], machine_columns=COLUMNS, table_columns=())
        return

    def plan(change: Change) -> tuple[list[_Answer], Change]:
        bound, wrong = _bind(lines, change.view.settings)
        if wrong:
            raise _refusal(wrong)
        return _take_steps(bound, change, session), change

    answers, change = (session.rehearse if options.dry_run else session.write)(plan)
    _tell(answers, change, session)
    if options.dry_run:
        session.say("a dry run: nothing was written, and ids made by it will be other ones")
    _print_answers(answers, session)


def _refusal(problems: Sequence[Problem]) -> InvalidInputError:
    """The error of lines that are wrong, as they stand."""
    return InvalidInputError(*sorted(problems, key=lambda each: each.place or ("", 0, 0)))


# reading


def _read(options: ApplyOptions, session: Session) -> tuple[list[BatchLine], list[Problem]]:
    if options.file == "-" and session.streams.stdin.isatty():
        session.say("reading commands from the terminal, one a line; end with Ctrl-D")
    shown = "stdin" if options.file == "-" else options.file
    with open_source(session, options.file, hint="name a file of commands in it") as file:
        return read_lines(_lines(file), shown)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long no more than shows it."""
    longest = LIMIT + 3  # with a line end of two bytes, and one byte more
    while line := file.readline(longest):
        yield line
        while len(line) == longest and not line.endswith(b"\n"):
            line = file.readline(longest)


def _bind(
    lines: Sequence[BatchLine], settings: Settings
) -> tuple[list[BoundCommand], list[Problem]]:
    return bind(lines, SPECS, NOT_IN_BATCH, settings)


# running


def _take_steps(bound: Sequence[BoundCommand], change: Change, session: Session) -> list[_Answer]:
    """Take each line as a step."""
    steps = BatchSteps(change, _link_targets(bound, change.view.settings))
    ids: dict[str, str] = {}
    gone: dict[str, Place] = {}
    answers: list[_Answer] = []
    for each in bound:
        line = each.line
        try:
            _refuse_removed(each, ids, gone)
            values = each.with_ids(ids)
            run = TABLE[line.command].plan
            done = steps.take(lambda step: run(values, step, session), line.place)  # noqa: B023 - called at once
        except AcctcliError as error:
            raise _with_place(error, line) from error
        about = _single_id(values, done)
        if line.name is not None and about is not None:
            ids[line.name] = about
        gone |= dict.fromkeys(done.removed, line.place)
        for key in done.made:
            gone.pop(key, None)
        answers.append(_answer(line, about, done))
    return answers


def _link_targets(bound: Sequence[BoundCommand], settings: Settings) -> set[str] | None:
    """The ids to which links are asked for: of what goes, and of deals that playbooks look at.

    None, which is all, when what links to it goes too.
    """
    found: set[str] = set()
    for each in bound:
        shape = SPECS[each.line.command]
        if each.values.get("cascade"):
            return None
        if not shape.leaves or (settings.playbooks and shape.kind == "deals"):
            found.update(each.record_ids())
    return found


def _refuse_removed(bound: BoundCommand, ids: Mapping[str, str], gone: Mapping[str, Place]) -> None:
    for name in bound.references():
        if ids[name] in gone:
            raise InvalidInputError.of(
                "name-of-removed",
                f'the record "${name}" is removed by {gone[ids[name]]}',
            )


def _single_id(values: Mapping[str, object], done: StepResult[CommandResult]) -> str | None:
    """The id of the one record that a line is about; None when it is about several."""
    given = values.get("id")
    if given is None:
        return done.result.records[0].id
    if isinstance(given, tuple):
        return str(given[0]) if len(given) == 1 else None
    return str(given)


def _answer(line: BatchLine, about: str | None, done: StepResult[CommandResult]) -> _Answer:
    row: Row = {
        "line": line.place.line,
        "command": line.command,
        "as": line.name,
        "id": about,
        "made": done.made,
        "changed": done.changed,
        "removed": done.removed,
    }
    accounts = membership_messages(done.became, done.ceased)
    return _Answer(row, [*done.result.messages, *accounts, *done.result.follow_ups])


def _with_place(error: AcctcliError, line: BatchLine) -> AcctcliError:
    """The error of a line, with its place, in the words of its arguments."""
    first, *rest = error.problems
    message = first.message if first.place is None else f"{first.place}: {first.message}"
    hint = None if first.hint is None else _as_json(first.hint, line)
    placed = first._replace(place=line.place, message=_as_json(message, line), hint=hint)
    made = InvalidInputError if isinstance(error, _OURS) else type(error)
    return made(placed, *rest)


def _as_json(text: str, line: BatchLine) -> str:
    """What a message says of the options of a command, said of its arguments."""
    shape = SPECS[line.command]
    names = {name for each in shape.arguments for name in (each.name, *each.aliases)}
    names |= {field.name for field in KINDS[shape.kind].fields}

    def said(found: re.Match[str]) -> str:
        name = found[1].replace("-", "_")
        if name not in names and not found[0].startswith("--set "):
            return found[0]
        return name if found.start() == 0 else f'"{name}"'

    return _OPTION.sub(said, text)


# answering


def _tell(answers: Sequence[_Answer], change: Change, session: Session) -> None:
    """Say what the commands say, or how much there would be to say."""
    if sum(len(each.messages) for each in answers) <= _MOST:
        say_all(session, (message for each in answers for message in each.messages))
        return
    counts = {key: sum(len(_keys(each.row, key)) for each in answers) for key in COLUMNS[4:]}
    session.say(
        f"{len(answers)} commands: {counts['made']} records added, {counts['changed']} changed,"
        f" {counts['removed']} removed"
    )
    say_accounts(session, change)


def _keys(row: Row, key: str) -> Sequence[object]:
    found = row[key]
    return found if isinstance(found, tuple) else ()


def _print_answers(answers: Sequence[_Answer], session: Session) -> None:
    """Print the answers: a line each unless another format was asked for."""
    form = session.options.format
    rows: list[Row] = [each.row for each in answers]
    if form == "table":
        from acctcli.render.formats.json_csv import encode

        session.put(encode(_select_fields(session, rows), "ndjson"))
        return
    if form == "ids":
        rows = [{"id": key} for row in rows for key in _keys(row, "made")]
    print_rows(session, rows, machine_columns=COLUMNS, table_columns=())


def _select_fields(session: Session, rows: Sequence[Row]) -> Iterable[Row]:
    """The rows, or with --fields what is picked of them."""
    if session.options.fields is None:
        return rows
    from acctcli.cli.lists.field_selection import catalog_of_columns, selected_fields

    return selected_fields(session, rows, catalog_of_columns(COLUMNS))
