"""Rows, one object, a document: in the chosen format."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.render.formats.columns import TableColumn
    from acctcli.render.formats.document import Document


Row = dict[str, object]


def print_grid(
    session: Session,
    rows: Sequence[object],
    columns: Sequence[TableColumn],
    zone: dt.tzinfo | None = None,
) -> None:
    """Print a table for people: in columns of a terminal, or as a document with a table in it."""
    if session.options.format != "table":
        from acctcli.render.formats.document import Document, Grid

        print_document(session, Document("", [Grid(rows, columns, zone)]))
        return
    from acctcli.render.formats.table import table

    text = table(
        rows,
        columns,
        width=session.streams.columns,
        style=session.style,
        zone=zone,
        header=not session.options.no_header,
    )
    session.print_text(text)


def print_document(session: Session, document: Document) -> None:
    """Print a document as Markdown or HTML."""
    if session.options.format == "html":
        from acctcli.render.formats.html import html_text

        session.print_text(html_text(document, session.title))
        return
    from acctcli.render.formats.markdown import markdown_text

    session.print_text(markdown_text(document))


def print_lines(session: Session, text: str) -> None:
    """Print lines for people, that are no table."""
    if session.options.format == "table":
        session.print_text(text)
        return
    from acctcli.render.formats.document import Document, Prose

    print_document(session, Document("", [Prose(text)]))


def print_encoded(session: Session, chunks: Iterable[bytes]) -> None:
    """Print lines of a machine format; on a terminal, what could spoil that as escapes."""
    if session.streams.columns is None:
        session.put(chunks)
        return
    from acctcli.render.formats.text import screen

    as_json = session.options.format in {"json", "ndjson"}
    session.put(screen(chunk.decode(), as_json=as_json).encode() for chunk in chunks)


def print_object(session: Session, row: Row, machine_columns: Sequence[str] = ()) -> None:
    """Print one object in a machine format, all of it."""
    options = session.options
    from acctcli.render.formats.json_csv import encode_one

    print_encoded(
        session,
        encode_one(
            row,
            options.format,
            machine_columns,
            header=not options.no_header,
            texts=options.money == "text",
        ),
    )
