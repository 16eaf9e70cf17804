"""The table of rates of the European Central Bank."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.core.accounts.exchange_rates import Quote, rate
from acctcli.core.model.dates import parse_iso
from acctcli.core.model.errors import InvalidInputError, Place, Problem
from acctcli.core.model.money import is_currency

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Sequence
    from decimal import Decimal

BASE = "EUR"
_ZIP = b"PK\x03\x04"
_LARGEST = 64 << 20  # bytes of a table, whatever a ZIP file says; all days since 1999 are 2 MiB
_NOTHING = {"", "N/A"}
_MOST = 10  # bad rows that are told one by one


class Table(Struct, frozen=True):
    """What a table says.

    Attributes:
        quotes: The days that have rates, in the order of the rows.
        left_out: The columns that are no currency of today.
    """

    quotes: tuple[Quote, ...]
    left_out: tuple[str, ...]


def read_table(
    data: bytes,
    file: str,
    *,
    since: dt.date | None = None,
    currencies: Collection[str] | None = None,
) -> Table:
    """The rates in a table.

    Args:
        data: The CSV file, or a ZIP file with one.
        file: Its name, for messages.
        since: The first day wanted; None for all.
        currencies: The currencies wanted; None for all.

    Raises:
        InvalidInputError: it is no such table, or a row is bad; each is told with its line.
    """
    rows = _rows(_text(data, file), file)
    line, header = next(rows, (1, []))
    names = [cell.strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    if names[:1] != ["Date"] or len(names) < 2:  # noqa: PLR2004 - a date and a rate
        raise _refusal(
            "not-rates", 'the first row must read "Date,USD,JPY,..."', file, line,
            hint="give the file of historical reference rates as it was downloaded",
        )  # fmt: skip
    _check_header(names, currencies, file, line)
    wanted = [
        (number, name)
        for number, name in enumerate(names)
        if number and is_currency(name) and (currencies is None or name in currencies)
    ]
    quotes: list[Quote] = []
    problems: list[Problem] = []
    seen: dict[dt.date, int] = {}
    for line, cells in rows:
        try:
            quote = _quote(cells, names, wanted)
        except ValueError as error:
            problems.append(_bad_row(str(error), file, line))
            continue
        first = seen.setdefault(quote.date, line)
        if first != line:
            message = f"the day {quote.date} stands in line {first} too"
            problems.append(_bad_row(message, file, line))
        if quote.rates and (since is None or quote.date >= since):
            quotes.append(quote)
    if problems:
        more = len(problems) - _MOST
        told = [Problem(id="bad-row", message=f"and {more} more rows")] if more > 0 else []
        raise InvalidInputError(*problems[:_MOST], *told)
    return Table(tuple(quotes), tuple(name for name in names[1:] if not is_currency(name)))


def _check_header(
    names: Sequence[str], currencies: Collection[str] | None, file: str, line: int
) -> None:
    for name in names[1:]:
        if names.count(name) > 1:
            raise _refusal("duplicate-column", f'the column "{name}" is there twice', file, line)
    for name in currencies or ():
        if name not in names:
            raise _refusal(
                "missing-column", f'there is no column "{name}"', file, line,
                hint=f"it has: {', '.join(names[1:])}",
            )  # fmt: skip


def _quote(cells: list[str], names: Sequence[str], wanted: Sequence[tuple[int, str]]) -> Quote:
    """What a row says.

    Raises:
        ValueError: it is not as long as the header, or a cell is bad.
    """
    if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
        raise ValueError(f"the row has {len(cells)} cells, the header has {len(names)}")
    date = parse_iso(cells[0].strip())
    found: dict[str, Decimal] = {}
    for number, name in wanted:
        cell = cells[number].strip()
        if cell in _NOTHING:
            continue
        try:
            found[name] = rate(cell)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return Quote(date, BASE, found)


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, and its line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise _refusal(
            "not-rates", f"the table is broken: {error}", file, reader.line_num
        ) from None


def _text(data: bytes, file: str) -> str:
    if data.startswith(_ZIP):
        data = _unzip(data, file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refusal("wrong-encoding", "the table is not in UTF-8", file, line) from None


def _unzip(data: bytes, file: str) -> bytes:
    """The one table in a ZIP file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if len(names) != 1:
                raise _refusal("not-rates", "a ZIP file with one CSV file is needed", file, 0)
            with archive.open(names[0]) as member:
                content = member.read(_LARGEST + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError,
            OSError) as error:  # fmt: skip
        raise _refusal("not-rates", f"the ZIP file cannot be read: {error}", file, 0) from None
    if len(content) > _LARGEST:
        raise _refusal("not-rates", "the table is larger than 64 MiB", file, 0)
    return content


def _bad_row(message: str, file: str, line: int) -> Problem:
    return Problem(id="bad-row", message=message, place=Place(file, line))


def _refusal(
    name: str, message: str, file: str, line: int, hint: str | None = None
) -> InvalidInputError:
    return InvalidInputError(Problem(id=name, message=message, place=Place(file, line), hint=hint))
