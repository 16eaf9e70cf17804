"""The noun `file`: copies in the book's folder attachments/, or links to where a file is."""

from __future__ import annotations

from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from msgspec import Struct

from acctcli.cli.commands import Command, noun
from acctcli.cli.fields import assignments, typed_options
from acctcli.cli.messages import named
from acctcli.cli.records import (
    add_record,
    edit_verb,
    list_verb,
    put_written,
    remove_verb,
    show_verb,
)
from acctcli.cli.session import Session, open_session
from acctcli.core.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from acctcli.core.records import Raw, Record
    from acctcli.store.change import Change


class AddOptions(Struct, frozen=True):
    """What `add` was given; `path` may be a web address when it is linked."""

    path: str
    link: bool
    name: str | None
    fields: dict[str, object]
    sets: tuple[str, ...]


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
@click.option("--link", is_flag=True, help="Keep where it is (a path or an address), copy nothing.")
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
    run_add(AddOptions(path, link, name, dict(fields), sets), open_session(ctx))


def run_add(options: AddOptions, session: Session) -> None:
    """Copy or link a file, and record what it is about."""

    def plan(change: Change) -> tuple[Record, Change]:
        view = change.view
        today = session.today(view)
        given = typed_options("files", options.fields, view, today)
        given |= assignments("files", options.sets, (), view, today)
        what = _linked(options, session) if options.link else _copied(options, session, change)
        return add_record(change, session, "files", {**what, **given}), change

    record, change = session.write(plan)
    session.say(f"added {named('files', record)}")
    put_written(session, change.view, "files", [record], one=True)


def _copied(options: AddOptions, session: Session, change: Change) -> dict[str, Raw]:
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


def _linked(options: AddOptions, session: Session) -> dict[str, Raw]:
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


list_verb(file, "files")
show_verb(file, "files")
edit_verb(file, "files")
remove_verb(file, "files")
