"""The noun `note`: texts about organizations, deals and people.

A text is given as an argument, on standard input, or written in the user's editor.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from acctcli.cli.app.click_ext import Command, noun
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.commands.record_verbs import (
    AddOptions,
    add_each,
    edit_command,
    list_verb,
    remove_verb,
    run_add,
    show_verb,
)
from acctcli.cli.input.field_options import field_options
from acctcli.cli.input.record_args import parse_link_each
from acctcli.core.model.errors import AcctcliError, UsageError

if TYPE_CHECKING:
    from typing import TextIO

_PLACEHOLDER = "..."  # stands for the text until it is written


@noun("note", "Notes about organizations, deals and people. `note add -` reads standard input.")
def note() -> None:
    """Hold the verbs below."""


@note.command("add", cls=Command, short_help="Add a note.")
@click.argument("text", metavar="[TEXT]", required=False)
@click.option("--id", "record_id", metavar="ID", help="Use this id instead of a generated one.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Any other field.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    text: str | None,
    record_id: str | None,
    sets: tuple[str, ...],
    **fields: object,
) -> None:
    """Add a note: the text given, with - standard input, without any your editor."""
    session = open_session(ctx)
    each = parse_link_each(session, "notes", fields, text)
    options = AddOptions("notes", text or "", record_id, fields, sets, each=each)
    if text is None:
        add_in_editor(options, session)
    elif text == "-":
        run_add(replace(options, label=_normalize_line_ends(session.streams.stdin.read())), session)
    else:
        run_add(options, session)


field_options("notes")(add)
list_verb(note, "notes")
show_verb(note, "notes")
note.add_command(edit_command("notes"))
remove_verb(note, "notes")


def add_in_editor(options: AddOptions, session: Session) -> None:
    """Let the user write the text in their editor; nothing is added when they write none.

    Raises:
        UsageError: there is neither a terminal nor an editor, or a text is piped in.
    """
    from acctcli.cli.input import sources

    piped = _is_piped(session.streams.stdin)
    if piped or not session.has_editor():
        raise UsageError.of(
            "no-text",
            "no text was given, and standard input is not read without a -"
            if piped
            else "no text was given, and there is no terminal for an editor",
            hint='say "acctcli note add TEXT ...", or "acctcli note add - ..." to read the text'
            " from standard input",
        )
    session.book.refuse_if_read_only()
    # What is wrong with the rest is told before anything is written, not after.
    session.rehearse(lambda change: add_each(replace(options, label=_PLACEHOLDER), change, session))
    draft = sources.new("", ".txt")
    try:
        sources.edit(draft)
        text = _normalize_line_ends(sources.text_of(draft))
        if text.strip():
            run_add(replace(options, label=text), session)
        else:
            session.say("the note is empty, so nothing was added")
    except AcctcliError as error:
        if not draft.read_bytes().strip():
            draft.unlink()
            raise
        raise type(error)(*error.problems, sources.keep_draft(draft)) from error
    draft.unlink()


def _normalize_line_ends(text: str) -> str:
    """The text with plain line ends, and none at its end."""
    return text.replace("\r\n", "\n").rstrip("\n")


def _is_piped(stdin: TextIO) -> bool:
    """Whether text waits on standard input: a pipe or a file, which an editor would not want."""
    try:
        mode = os.fstat(stdin.fileno()).st_mode
    except (OSError, ValueError):  # not a stream of the system
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)
