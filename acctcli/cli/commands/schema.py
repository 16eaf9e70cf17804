"""The command `schema`: JSON Schemas of the files of a book, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import Command
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.lists.print_rows import print_rows
from acctcli.core.json_schema.catalog import NAMES, SCHEMA_INFO, schema_text
from acctcli.core.model.errors import NotFoundError, UsageError
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.names import or_nearest

if TYPE_CHECKING:
    from acctcli.cli.output.writer import Row
    from acctcli.core.model.records import Settings


_OUTPUT = "output"  # what stands before the words of a command


class SchemaOptions(Struct, frozen=True):
    """What `schema` was given."""

    names: tuple[str, ...]
    write: bool


@click.command("schema", cls=Command)
@click.argument("names", nargs=-1, metavar="[NAME | output [COMMAND...]]")
@click.option("--write", is_flag=True, help="Write all schemas into the book, for editors.")
@click.pass_context
def schema(ctx: click.Context, names: tuple[str, ...], *, write: bool) -> None:
    """Print the JSON Schema of a book's file, or list the schemas.

    With output, print that of what a command prints as JSON, such as: acctcli schema output account
    list. Without a command, list those that print some.

    With a book, its own fields are in it. For example: acctcli schema deals > deals.schema.json
    """
    run_schema(SchemaOptions(names, write), open_session(ctx))


def run_schema(options: SchemaOptions, session: Session) -> None:
    """List the schemas, print one, or write all."""
    first, *rest = options.names or ("",)
    if options.write:
        if first:
            raise UsageError.of("usage", "--write writes all schemas", hint="leave out the name")
        _write(session)
    elif first == _OUTPUT:
        _print_output(" ".join(rest), session)
    elif rest:
        raise UsageError.of(
            "usage", "one schema is printed at a time", hint=f"leave out {' '.join(rest)}"
        )
    elif first:
        _print(first, session)
    else:
        _list(session)


def _print_output(command: str, session: Session) -> None:
    """Print the schema of a command's output, or list the commands that have one."""
    from acctcli.render.formats.columns import TableColumn
    from acctcli.render.output_schemas import commands_with_schema, output_schema

    if command:
        from acctcli.render.formats.json_csv import encode_one

        session.put(encode_one(output_schema(command), "json"))
        return
    rows: list[Row] = [{"id": each} for each in commands_with_schema()]
    columns = (TableColumn("Command", "id"),)
    print_rows(session, rows, machine_columns=("id",), table_columns=columns)


def _list(session: Session) -> None:
    from acctcli.render.list_columns import MACHINE_COLUMNS, TABLE_COLUMNS

    rows: list[Row] = [
        {"id": name, "files": about.files, "title": about.title}
        for name, about in SCHEMA_INFO.items()
    ]
    print_rows(
        session,
        rows,
        machine_columns=MACHINE_COLUMNS["schemas"],
        table_columns=TABLE_COLUMNS["schemas"],
    )


def _print(name: str, session: Session) -> None:
    if name not in NAMES:
        raise UsageError.of(
            "usage",
            f'there is no schema "{name}"{or_nearest(name, NAMES)}',
            hint=f"there are {', '.join(NAMES)}",
        )
    settings = _settings(session) if name in KINDS else None
    session.put([schema_text(name, settings).encode()])


def _settings(session: Session) -> Settings | None:
    """Those of the book; None where there is none around, and none was named."""
    try:
        return session.book.settings()
    except NotFoundError:
        if session.options.book or session.streams.environ.get("ACCTCLI_BOOK"):
            raise
        return None


def _write(session: Session) -> None:
    from acctcli.store.config.editor_schemas import FOLDER, lacking

    book = session.book
    book.write_schemas()
    session.say(f"wrote {len(NAMES)} schemas to {FOLDER}")
    missing = lacking(book.root, book.settings().holidays)
    if missing:
        session.say("these files do not name theirs yet; add the line at the top of each:")
    for file, line in missing:
        session.say(f"  {file}: {line}")
