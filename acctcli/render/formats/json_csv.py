"""Rows as json, ndjson, csv, tsv and ids.

What the rows and columns of a list are is said elsewhere, and the columns never depend on the
rows (rule 12).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from acctcli.core.model.dates import stamp_text, time_text
from acctcli.core.model.money import is_currency, settle, show
from acctcli.render.formats.columns import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMATS = ("json", "ndjson", "yaml", "csv", "tsv", "ids")
_BATCH = 1000  # rows that are held as text at a time
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(
    rows: Iterable[object],
    form: str,
    columns: Sequence[str] = (),
    *,
    header: bool = True,
    texts: bool = False,
) -> Iterator[bytes]:
    r"""The rows in a format, in pieces.

    Args:
        rows: Mappings or structs; values may be text, numbers, yes-no, dates, timestamps with an
            offset, times, money by currency, lists, further mappings or structs, or None.
        form: json (one array), ndjson (an object a line), yaml (one list), csv and tsv (a head,
            then a line a row; tsv has ``\t``, ``\n`` and ``\\`` for a tab, a line end and a
            backslash in a cell), or ids (an id a line).
        columns: Of csv and tsv: paths of keys such as ``next_activity.type``.
        header: Whether csv and tsv begin with the names of the columns.
        texts: Whether money is text in json, ndjson and yaml, with the currency's digits (rule 4).

    Raises:
        ValueError: There is no such format.
    """
    match form:
        case "json":
            return _json(rows, texts=texts)
        case "ndjson":
            return (_encode_json(plain(row, texts=texts)) + b"\n" for row in rows)
        case "yaml":
            from acctcli.render.formats.yaml import yaml_list

            return yaml_list(plain(row, texts=texts) for row in rows)
        case "csv" | "tsv":
            line = _csv_line() if form == "csv" else _tsv_line
            return _lines(rows, columns, line, header=header)
        case "ids":
            return (_bytes(f"{value_at(row, 'id')}\n") for row in rows)
        case _:
            raise ValueError(f'there is no format "{form}"')


def encode_one(
    row: object,
    form: str,
    columns: Sequence[str] = (),
    *,
    header: bool = True,
    texts: bool = False,
) -> Iterator[bytes]:
    """One row, as `encode` gives rows, but in json and yaml an object instead of a list.

    Raises:
        ValueError: There is no such format.
    """
    if form == "json":
        return iter([_pretty(row, texts=texts) + b"\n"])
    if form == "yaml":
        from acctcli.render.formats.yaml import yaml_one

        return yaml_one(plain(row, texts=texts))
    return encode([row], form, columns, header=header, texts=texts)


def _encode_json(value: object) -> bytes:
    """The value as JSON; half a character, which no text in UTF-8 can have, as an escape."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return _encoder.encode(_whole(value))


def _whole(value: object) -> object:
    if isinstance(value, str):
        return _bytes(value).decode()
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


class EncodedRow(msgspec.Struct):
    """A row of which the JSON object is at hand, in the lines that it has in an array."""

    text: bytes


def _json(rows: Iterable[object], *, texts: bool) -> Iterator[bytes]:
    """One array; its brackets and commas are put around batches, so that memory stays small."""
    rest = iter(rows)
    opened = False
    while batch := list(islice(rest, _BATCH)):
        # an array of objects is formatted as "[\n  {...},\n  {...}\n]"
        yield b",\n" if opened else b"[\n"
        if all(isinstance(row, EncodedRow) for row in batch):
            yield b",\n".join([row.text for row in batch if isinstance(row, EncodedRow)])
        else:
            yield _pretty(batch, texts=texts)[2:-2]
        opened = True
    yield b"\n]\n" if opened else b"[]\n"


def object_text(row: Mapping[str, object]) -> bytes:
    """A mapping as a JSON object, in the lines that it has as a value of a row in an array."""
    text = msgspec.json.format(_encode_json([{"": plain(row)}]), indent=2)
    return text.removeprefix(b'[\n  {\n    "": ').removesuffix(b"\n  }\n]")


def _pretty(value: object, *, texts: bool = False) -> bytes:
    return msgspec.json.format(_encode_json(plain(value, texts=texts)), indent=2)


def plain(value: object, *, texts: bool = False) -> object:
    """The value as msgspec writes it the way we want: times as HH:MM, money settled (rule 4).

    Args:
        value: Of a row, or a whole one.
        texts: Whether money is text.
    """
    if isinstance(value, EncodedRow):
        return msgspec.Raw(msgspec.json.format(value.text, indent=-1))
    if isinstance(value, Mapping):
        return _object(value.items(), texts=texts)
    if isinstance(value, msgspec.Struct):
        return _object(((key, getattr(value, key)) for key in value.__struct_fields__), texts=texts)
    if isinstance(value, list | tuple):
        return [plain(each, texts=texts) for each in value]
    return time_text(value) if isinstance(value, dt.time) else value


def _object(items: Iterable[tuple[str, object]], *, texts: bool) -> dict[str, object]:
    row = {
        key: each if type(each) in _AS_THEY_ARE else plain(each, texts=texts) for key, each in items
    }
    if "currency" in row:  # a record's amounts stand beside it
        currency = row["currency"]
        for key in AMOUNTS:
            each = row.get(key)
            if isinstance(each, Decimal):
                row[key] = _money(each, currency, texts=texts)
    elif isinstance(next(iter(row.values()), None), Decimal):
        for key, each in row.items():
            if isinstance(each, Decimal) and is_currency(key):
                row[key] = _money(each, key, texts=texts)
    return row


def _money(amount: Decimal, currency: object, *, texts: bool) -> object:
    settled = settle(amount, currency) if isinstance(currency, str) else amount
    return f"{settled:f}" if texts else settled


AMOUNTS = ("value", "mrr", "arr", "acv")  # of a record, in the currency beside them
_AS_THEY_ARE = frozenset({str, int, bool, type(None), Decimal, dt.date, dt.datetime})


def _lines(
    rows: Iterable[object],
    columns: Sequence[str],
    line: Callable[[list[str]], str],
    *,
    header: bool,
) -> Iterator[bytes]:
    if header:
        yield _bytes(line(list(columns)))
    paths = [column.split(".") for column in columns]
    for row in rows:
        values = plain(row)
        yield _bytes(line([_cell(values, path) for path in paths]))


def _cell(row: object, path: Sequence[str]) -> str:
    value = row
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return cell_text(value)


def cell_text(value: object) -> str:
    """The text of a value in a cell: a list joined, totals as such, all else nested as JSON."""
    return _TEXTS.get(type(value), str)(value)


def _join_values(values: list[object]) -> str:
    if any(isinstance(each, dict) for each in values):
        return _encode_json(values).decode()
    return "; ".join(map(cell_text, values))


def _mapping(values: dict[str, object]) -> str:
    totals = {key: each for key, each in values.items() if isinstance(each, Decimal)}
    return show(totals) if len(totals) == len(values) else _encode_json(values).decode()


_TEXTS: dict[type, Callable[..., str]] = {
    str: str,
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    Decimal: lambda value: f"{value:f}",
    dt.date: dt.date.isoformat,
    dt.datetime: stamp_text,
    list: _join_values,
    dict: _mapping,
}


class _Echo:
    """What the csv module writes to: it gives each line back."""

    def write(self, text: str) -> str:
        return text


def _csv_line() -> Callable[[list[str]], str]:
    """Makes lines of cells, quoted as RFC 4180 wants it."""
    import csv

    # with this line end the writer also quotes cells that have a lone carriage return
    write_row = csv.writer(_Echo(), lineterminator="\r\n").writerow

    def line(cells: list[str]) -> str:
        return f"{write_row(cells)}"[:-2] + "\n"

    return line


def _tsv_line(cells: list[str]) -> str:
    return "\t".join(cell.translate(_ESCAPES) for cell in cells) + "\n"
