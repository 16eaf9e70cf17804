"""The program: table of commands, errors to exit codes."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import click

from acctcli import __version__
from acctcli.cli.app.click_ext import CommandGroup, LazyCommand
from acctcli.cli.app.exit_codes import Exit, exit_for
from acctcli.core.model.errors import (
    AcctcliError,
    ConflictError,
    Problem,
    StorageError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TRIES = 3

COMMANDS: dict[str, LazyCommand] = {
    "init": LazyCommand("acctcli.cli.commands.init", "init", "Make a new book."),
    "account": LazyCommand(
        "acctcli.cli.commands.account", "account", "Organizations with a won deal."
    ),
    "org": LazyCommand("acctcli.cli.commands.org", "org", "Organizations."),
    "person": LazyCommand("acctcli.cli.commands.person", "person", "People at organizations."),
    "deal": LazyCommand("acctcli.cli.commands.deal", "deal", "Deals: open, won and lost."),
    "activity": LazyCommand(
        "acctcli.cli.commands.activity", "activity", "Activities: planned and done."
    ),
    "agenda": LazyCommand("acctcli.cli.commands.agenda", "agenda", "What is due, day by day."),
    "note": LazyCommand("acctcli.cli.commands.note", "note", "Notes about records."),
    "file": LazyCommand("acctcli.cli.commands.file", "file", "Files about records."),
    "report": LazyCommand("acctcli.cli.commands.report", "report", "Reports over all accounts."),
    "digest": LazyCommand(
        "acctcli.cli.commands.digest", "digest", "What needs attention, as text or a mail."
    ),
    "changes": LazyCommand(
        "acctcli.cli.commands.changes", "changes", "Changes of accounts since a day or a run."
    ),
    "find": LazyCommand("acctcli.cli.commands.find", "find", "Find texts in records of all kinds."),
    "check": LazyCommand(
        "acctcli.cli.commands.check", "check", "Find what is wrong or odd in the book."
    ),
    "views": LazyCommand("acctcli.cli.commands.views", "views", "Saved views of lists."),
    "import": LazyCommand(
        "acctcli.cli.commands.import_", "import_", "Import records from other programs."
    ),
    "apply": LazyCommand("acctcli.cli.commands.apply", "apply", "Run many commands in one commit."),
    "rates": LazyCommand("acctcli.cli.commands.rates", "rates", "Exchange rates."),
    "log": LazyCommand(
        "acctcli.cli.commands.log", "log", "What commands changed, when, and by whom."
    ),
    "undo": LazyCommand("acctcli.cli.commands.undo", "undo", "Undo what commands changed."),
    "redo": LazyCommand("acctcli.cli.commands.undo", "redo", "Redo what was undone."),
    "schema": LazyCommand(
        "acctcli.cli.commands.schema", "schema", "JSON Schemas of the files, for editors."
    ),
    "help": LazyCommand("acctcli.cli.commands.help", "help_", "Explain a command or a topic."),
    "completion": LazyCommand(
        "acctcli.cli.commands.completion", "completion", "Completion for your shell."
    ),
}


@click.group(
    name="acctcli",
    cls=CommandGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", prog_name="acctcli", message="%(prog)s %(version)s")
def cli() -> None:
    """Keep customers after the sale, in YAML files of your own.

    An account is an organization with a won deal. See them as a list (acctcli account list), as a
    board by next activity (acctcli account board), and one with all that is known of it (acctcli
    account show NAME).
    """


def run(words: Sequence[str]) -> int:
    """Run one command line and give its exit code."""
    code: int = Exit.DONE
    try:
        code = _invoke_with_retry(words)
        if sys.stdout is not None:  # a shell can close it
            sys.stdout.flush()
    except BrokenPipeError:
        from acctcli.cli.app.diagnostics import close_quietly

        close_quietly()
    except (KeyboardInterrupt, click.Abort):
        code = Exit.INTERRUPTED
        _tell_interrupted(words)
    except OSError as error:
        code = _fail(_refused_by_system(error), words)
        _give_up_output()
    return code


def _give_up_output() -> None:
    """Do not let the interpreter try again in the end what cannot be printed: it would exit 120."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        from acctcli.cli.app.diagnostics import close_quietly

        close_quietly()


def _invoke_with_retry(words: Sequence[str]) -> int:
    """Run the command, anew when what it read turns out not to hold and nothing was printed yet."""
    # Nothing is told twice, and standard input can be read once.
    kept: dict[str, Any] = {"acctcli.reported": set(), "acctcli.piped": []}
    for _ in range(_TRIES):
        meta: dict[str, Any] = {"acctcli.words": list(words), **kept}
        try:
            return _invoke(words, meta)
        except Exception as error:
            from acctcli.store.index.index import is_stale_reading

            session = meta.get("acctcli.session")
            if session is None or not is_stale_reading(error):
                raise
            if session.has_printed:
                break
            session.forget(error)
    return _fail(
        ConflictError.of(
            "changed-meanwhile",
            "the files of the book, or its index, changed while they were read",
            hint="run the command again",
        ),
        words,
    )


def _invoke(words: Sequence[str], meta: dict[str, Any]) -> int:
    """Run the command, and tell what it cannot do."""
    try:
        return _invoke_once(words, meta)
    except click.exceptions.NoArgsIsHelpError as help_:
        if _has_json_messages(words):
            return _fail(_no_command(help_), words)
        help_.show()
        return Exit.USAGE
    except click.ClickException as error:
        from acctcli.cli.app.usage_errors import usage_error

        return _fail(usage_error(error), words)
    except AcctcliError as error:
        session = meta.get("acctcli.session")
        return _fail(error, words, session.folders if session is not None else ())
    finally:
        session = meta.get("acctcli.session")
        if session is not None:
            session.discard_output_file()  # of a file that was not finished


def _invoke_once(words: Sequence[str], meta: dict[str, Any]) -> int:
    """Run the command and put what it wrote to a file into place; its exit code."""
    code: int = Exit.DONE
    try:
        with cli.make_context("acctcli", list(words), obj=meta) as ctx:
            cli.invoke(ctx)
    except click.exceptions.Exit as done:
        code = done.exit_code
    session = meta.get("acctcli.session")
    if session is None:
        return code
    session.finish()
    if code == Exit.DONE:
        session.run_after_output()
    return Exit.FINDINGS if session.is_refused_empty() and code == Exit.DONE else code


def _option_value(words: Sequence[str], option: str, otherwise: str) -> str:
    """What a global option says, read by itself, for errors that come before Click looks at it."""
    found = otherwise
    for number, word in enumerate(words):
        if word == "--":
            break
        name, sign, value = word.partition("=")
        if name == option:
            found = value if sign else "".join(words[number + 1 : number + 2])
    return found


def _has_json_messages(words: Sequence[str]) -> bool:
    from acctcli.cli.app.diagnostics import has_json_messages

    return has_json_messages(_option_value(words, "--format", "table"))


def _no_command(error: click.exceptions.NoArgsIsHelpError) -> AcctcliError:
    hint = f'see "{error.ctx.command_path} --help"'
    return UsageError.of("usage", "no command was given", hint=hint)


def _refused_by_system(error: OSError) -> AcctcliError:
    reason = error.strerror or str(error)
    name = f'"{error.filename}"' if error.filename else "the output"
    return StorageError.of("io", f"{name}: {reason[:1].lower()}{reason[1:]}")


def _fail(error: AcctcliError, words: Sequence[str], folders: Sequence[Path] = ()) -> Exit:
    """Tell an error as the command line asks for, and give its exit code.

    Where standard error cannot take it, the exit code tells it alone.
    """
    from acctcli.cli.app.diagnostics import show_problems

    code = exit_for(error)
    if sys.stderr is not None:
        color, as_json = _option_value(words, "--color", "auto"), _has_json_messages(words)
        try:
            show_problems(
                error.problems, sys.stderr, color, as_json=as_json, code=code, folders=folders
            )
            sys.stderr.flush()
        except OSError:
            from acctcli.cli.app.diagnostics import close_quietly

            close_quietly(sys.stderr)
    return code


def _tell_interrupted(words: Sequence[str]) -> None:
    from acctcli.cli.app.diagnostics import show_note, show_problems

    told = "interrupted; a change is in the book whole or not at all"
    if sys.stderr is None:
        return
    if _has_json_messages(words):
        problem = Problem(id="interrupted", message=told)
        show_problems([problem], sys.stderr, as_json=True, code=Exit.INTERRUPTED)
    else:
        show_note(told, sys.stderr)


def main() -> None:
    """Run the command line of the process; `start` comes before it."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        # Whatever encoding messages are to be in, one that has a letter too many is told all the
        # same. Data is UTF-8 wherever it goes.
        sys.stderr.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
