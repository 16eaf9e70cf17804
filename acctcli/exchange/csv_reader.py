"""Rows of CSV files.

What a cell means, the import map says elsewhere. A file that cannot be cut into rows with
certainty is refused as a whole, nothing is guessed.
"""

from __future__ import annotations

import codecs
import csv
import io
from typing import IO, TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import (
    AcctcliError,
    InvalidInputError,
    Place,
    Problem,
)
from acctcli.core.model.names import nearest

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterator, Sequence

    from acctcli.exchange.import_map import ImportMap

_CHUNK = 1 << 16  # bytes
_CELL_LIMIT = 1 << 20  # characters
_LINE_LIMIT = 16 * _CELL_LIMIT
_BOM = "\ufeff"


class TableRow(NamedTuple):
    """A row: the line it starts in, from 1, and its cells by the column's name, as written."""

    line: int
    cells: dict[str, str]


class BadTableRow(NamedTuple):
    """A row that has not the cells of the header: the line it starts in, and why."""

    line: int
    problem: Problem


def read_rows(
    stream: IO[bytes], import_map: ImportMap, *, file: str = "CSV"
) -> Iterator[TableRow | BadTableRow]:
    """The rows below the header, read as they are asked for; blank ones are passed over.

    A later column of the same name is called `name (2)`, one without a name `column 3`.

    Args:
        stream: The file, opened for bytes.
        import_map: For the encoding, the delimiter and the columns that must be there.
        file: The file's name, for messages.

    Raises:
        InvalidInputError: ``wrong-encoding``, ``empty-file``, ``missing-column``,
            ``duplicate-column``, ``broken-quotes``, ``nul-character``, ``cell-too-long``.
    """
    csv.field_size_limit(_CELL_LIMIT)
    lines = _lines(stream, import_map.encoding, file)
    reader = csv.reader(lines, delimiter=import_map.delimiter, strict=True)
    rows = _number_rows(reader, file)
    head = next(rows, None)
    if head is None:
        raise _refusal(
            "empty-file", "the file has no header", file, 0, "its first row must name the columns"
        )
    header = _header(head[1], import_map, file, head[0])
    width = len(header)
    for line, cells in rows:
        if len(cells) == width:
            yield TableRow(line, dict(zip(header, cells, strict=True)))
        else:
            yield BadTableRow(line, _ragged_row(len(cells), width, import_map.delimiter))


def _number_rows(reader: Reader, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, and the line it starts in."""
    start = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise _quote_error(str(error), file, start) from None


def _lines(stream: IO[bytes], encoding: str, file: str) -> Iterator[str]:
    """The lines of the file with their ends (LF, CRLF or CR), without a byte order mark."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    number = 0
    waiting: list[str] = []  # the start of a line whose end has not been read yet
    length = 0
    at_start = True
    final = False
    while not final:
        chunk = stream.read(_CHUNK)
        final = not chunk
        state = decoder.getstate()
        try:
            text = decoder.decode(chunk, final)
        except UnicodeError as error:
            decoder.setstate(state)
            before = "".join((*waiting, decoder.decode(_good_part(chunk, error))))
            line = number + len(_split(before + "."))
            raise _wrong_encoding(encoding, file, line) from None
        if at_start and text:
            text, at_start = text.removeprefix(_BOM), False
        waiting.append(text)
        length += len(text)
        if not final and "\n" not in text and "\r" not in text:
            if length > _LINE_LIMIT:
                raise _too_long(file, number + 1)
            continue
        lines = _split("".join(waiting))
        # A CR at the end of what was read may be half of a CRLF.
        rest = "" if final or lines[-1].endswith("\n") else lines.pop()
        for line_text in lines:
            number += 1
            if "\0" in line_text:
                raise _nul(file, number)
            yield line_text
        waiting, length = [rest], len(rest)


def _good_part(chunk: bytes, error: UnicodeError) -> bytes:
    """What stands in a chunk before the bytes that could not be decoded."""
    if not isinstance(error, UnicodeDecodeError):
        return b""  # such as a file in UTF-16 that lacks its byte order mark
    return chunk[: max(0, error.start - (len(error.object) - len(chunk)))]


def _split(text: str) -> list[str]:
    """The text's lines with their ends, at LF, CRLF and CR only."""
    return list(io.StringIO(text, newline=""))


def _header(cells: Sequence[str], import_map: ImportMap, file: str, line: int) -> list[str]:
    """The names of the columns, every one different.

    Raises:
        InvalidInputError: A column of the map is missing, or is there twice.
    """
    names = [cell.strip() for cell in cells]
    needed = list(dict.fromkeys((*import_map.key, *import_map.columns)))
    problems = [
        *(_missing(name, names, file, line) for name in needed if name not in names),
        *(_twice(name, file, line) for name in needed if names.count(name) > 1),
    ]
    if problems:
        raise InvalidInputError(*problems)
    found: dict[str, None] = {}
    taken = set(names)
    for number, name in enumerate(names, 1):
        base = unique = name or f"column {number}"
        count = 1
        while unique in found or (unique != name and unique in taken):
            count += 1
            unique = f"{base} ({count})"
        found[unique] = None
    return list(found)


def _missing(name: str, names: list[str], file: str, line: int) -> Problem:
    close = nearest(name, [other for other in names if other])
    there = ", ".join(f'"{other}"' for other in names)
    hint = f'did you mean "{close}"?' if close else f"correct the map; the header has {there}"
    message = f'the column "{name}" of the map is not in the header'
    place = Place(file, line)
    return Problem(id="missing-column", message=message, hint=hint, place=place, field=name)


def _twice(name: str, file: str, line: int) -> Problem:
    return Problem(
        id="duplicate-column",
        message=f'the column "{name}" of the map stands twice in the header',
        hint="give the columns different names in the file, such as phone and phone_2",
        place=Place(file, line),
        field=name,
    )


def _ragged_row(count: int, width: int, delimiter: str) -> Problem:
    cells = "1 cell" if count == 1 else f"{count} cells"
    if count > width:
        hint = f'put a cell with "{delimiter}" in it in quotes, such as "a{delimiter} b"'
    else:
        hint = f"write every cell, an empty one too, such as a{delimiter}{delimiter}c"
    return Problem(
        id="ragged-row", message=f"the row has {cells}, the header has {width}", hint=hint
    )


def _refusal(name: str, message: str, file: str, line: int, hint: str) -> AcctcliError:
    return InvalidInputError.of(name, message, place=Place(file, line), hint=hint)


def _wrong_encoding(encoding: str, file: str, line: int) -> AcctcliError:
    hint = "name the file's encoding in the map, such as encoding: cp1252 or utf-16"
    return _refusal("wrong-encoding", f"the line is not {encoding}", file, line, hint)


def _nul(file: str, line: int) -> AcctcliError:
    hint = "name the file's encoding in the map, such as encoding: utf-16, or save it anew as CSV"
    return _refusal("nul-character", "the line has a NUL character", file, line, hint)


def _too_long(file: str, line: int) -> AcctcliError:
    message = f"the row that starts here has a cell of more than {_CELL_LIMIT:,} characters"
    hint = "close its quotes, or shorten it; a mark at the end of a cell is written as a quote"
    return _refusal("cell-too-long", message, file, line, hint)


def _quote_error(message: str, file: str, line: int) -> AcctcliError:
    if "field larger" in message:
        return _too_long(file, line)
    told = "is not closed" if "end of data" in message else "is closed in the middle of a cell"
    hint = (
        'write a quote inside of a quoted cell twice, such as "the ""big"" one"; --skip-invalid'
        " does not help, because the borders of rows are not certain"
    )
    return _refusal(
        "broken-quotes", f"a quote in the row that starts here {told}", file, line, hint
    )
