"""The noun `file`: copies in the book's folder attachments/, or links to where a file is."""

from __future__ import annotations

from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from msgspec import Struct

from acctcli.cli.actions.run_change import add_record, carry_out
from acctcli.cli.app.click_ext import Command, noun
from acctcli.cli.app.exit_codes import Exit
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.commands.record_verbs import edit_command, list_verb, remove_verb, show_verb
from acctcli.cli.input.field_options import assignments, typed_options
from acctcli.cli.input.record_args import parse_link_each, parse_names
from acctcli.cli.output.messages import CommandResult, CountedMessage, describe
from acctcli.core.model.errors import InvalidInputError, NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.cli.input.record_args import LinkEach  # noqa: TC004 - to be loaded when something is piped
    from acctcli.core.model.records import File, Raw
    from acctcli.store.changes.change_set import Change


class AddFileOptions(Struct, frozen=True):
    """What `add` was given; `path` may be a web address when it is linked.

    With `each` there is one record for each of several, of the same copy.
    """

    path: str
    link: bool
    name: str | None
    fields: dict[str, object]
    sets: tuple[str, ...]
    id: str | None = None
    each: LinkEach | None = None


class VerifyOptions(Struct, frozen=True):
    """What `verify` was given; no names mean every file. The names may be `RecordArgs`."""

    names: tuple[str, ...] | None
    everything: bool


@noun("file", "Files about organizations, deals and people.")
def file() -> None:
    """Hold the verbs below."""


@file.command("add", cls=Command)
@click.argument("path", metavar="PATH")
@click.option("--org", metavar="ORG", help="By id or name.")
@click.option("--deal", metavar="DEAL", help="By id or name.")
@click.option("--person", metavar="PERSON", help="By id or name.")
@click.option("--owner", metavar="TEXT")
@click.option("--name", metavar="TEXT", help="Instead of the file's own.")
@click.option("--link", is_flag=True, help="Keep its path or address instead of a copy.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Any other field.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    path: str,
    name: str | None,
    sets: tuple[str, ...],
    *,
    link: bool,
    **fields: str | None,
) -> None:
    """Add a file: a copy goes to attachments/, with its size and checksum."""
    session = open_session(ctx)
    given: dict[str, object] = dict(fields)
    each = parse_link_each(session, "files", given)
    run_add_file(AddFileOptions(path, link, name, given, sets, each=each), session)


def run_add_file(options: AddFileOptions, session: Session) -> None:
    """Copy or link a file, and record what it is about."""
    carry_out(session, lambda change: add_file_in_change(options, change, session))


def add_file_in_change(options: AddFileOptions, change: Change, session: Session) -> CommandResult:
    """Copy or link a file in a change, and record what it is about."""
    view = change.view
    today = session.today(view)
    given = typed_options("files", options.fields, view, today)
    given |= assignments("files", options.sets, (), view, today)
    each = options.each
    if each is None:
        what = (
            _link_fields(options, session)
            if options.link
            else _attach_copy(options, session, change)
        )
        records = [add_record(change, session, "files", {**what, **given}, options.id)]
    else:
        from acctcli.cli.input.record_args import expand_each

        wanted = list(expand_each(each, "files", given, view, options.id))
        what = {}
        if wanted:  # a copy that no record names would stay for ever
            what = (
                _link_fields(options, session)
                if options.link
                else _attach_copy(options, session, change)
            )
        records = [add_record(change, session, "files", {**what, **one}) for one in wanted]
    said = [
        CountedMessage(f"added {describe('files', record)}", "added {} files") for record in records
    ]
    return CommandResult("files", records, said, is_single=each is None)


def _attach_copy(options: AddFileOptions, session: Session, change: Change) -> dict[str, Raw]:
    if urlsplit(options.path).scheme in {"http", "https"}:
        raise InvalidInputError.of(
            "not-a-file",
            f'"{options.path}" is an address, not a file that can be copied',
            hint="say --link to keep the address",
        )
    source = session.streams.cwd / options.path
    name = options.name or source.name
    attached = change.attach(source, name)
    return {
        "name": name,
        "path": attached.path,
        "size": str(attached.size),
        "sha256": attached.sha256,
    }


def _link_fields(options: AddFileOptions, session: Session) -> dict[str, Raw]:
    parts = urlsplit(options.path)
    if parts.scheme and parts.netloc:
        last = Path(parts.path).name
        return {"name": options.name or last or options.path, "url": options.path}
    source = Path(normpath(session.streams.cwd / options.path))
    if not source.exists():
        raise NotFoundError.of(
            "no-file", f'there is no file "{options.path}"', hint="give a path or an address"
        )
    return {"name": options.name or source.name, "url": source.as_uri()}


@file.command("open", cls=Command)
@click.argument("name", metavar="NAME")
@click.option("--print", "only_print", is_flag=True, help="Print where it is; open nothing.")
@click.pass_context
def open_file(ctx: click.Context, name: str, *, only_print: bool) -> None:
    """Open a file: the copy in the book, or its link ($ACCTCLI_OPENER)."""
    from acctcli.cli.commands.file_open import OpenOptions, run_open

    run_open(OpenOptions(name, only_print), open_session(ctx))


@file.command("verify", cls=Command)
@click.argument("names", metavar="[NAME...]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Find copies without a record too.")
@click.pass_context
def verify(ctx: click.Context, names: tuple[str, ...], *, everything: bool) -> None:
    """Compare the copies in the book with their records.

    Prints nothing and exits 0 when each is there and has its size and checksum, else one line a
    finding and exits 1.
    """
    if names and everything:
        raise UsageError.of("both-given", "--all looks at every file, so no names go with it")
    session = open_session(ctx)
    given = parse_names(session, names) if names else None
    if run_verify(VerifyOptions(given, everything), session):
        ctx.exit(Exit.FINDINGS)


def run_verify(options: VerifyOptions, session: Session) -> bool:
    """Print what is wrong with copies; whether anything is."""
    from acctcli.cli.commands.check import print_findings
    from acctcli.store.files.attachment_check import verify, without_record

    view = session.read()
    files = view.data.files
    wanted: Iterable[File] = files.values()
    if options.names is not None:
        from acctcli.cli.input.record_args import resolve_ids

        wanted = [files[key] for key in resolve_ids(options.names, view, "files")]
        for each in wanted:
            if each.path is None:
                session.say(f"{describe('files', each)} is a link, so there is no copy to verify")
    found = [
        problem._replace(place=view.place(str(problem.record), problem.field))
        for problem in verify(session.book.root, wanted)
    ]
    if options.everything:
        found += without_record(session.book.root, files.values())
    print_findings(session, found)
    return bool(found)


list_verb(file, "files")
show_verb(file, "files")
file.add_command(edit_command("files"))
remove_verb(file, "files")
