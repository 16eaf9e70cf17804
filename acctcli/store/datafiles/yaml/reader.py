"""YAML text read as nodes and records, within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidBookError, Place, Problem
from acctcli.store.datafiles.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    position,
    raw,
)
from acctcli.store.datafiles.yaml.parser import BOM, RefusalError, document

if TYPE_CHECKING:
    from acctcli.core.model.records import Raw

LIMIT = 1 << 20  # bytes in a line and in a record


def parse_document(text: str, file: str, first_line: int = 0) -> Node | None:
    """The one document of a text, or None when there is none.

    `first_line` is the number of lines before the text in its file, for the places of messages.

    Raises:
        InvalidBookError: it is not valid, or not in the part of YAML that is read.
    """
    text = text.removeprefix(BOM)
    try:
        check_size(text.encode("utf-8", "surrogatepass"))
        return document(text)
    except RefusalError as refusal:
        raise refusal_error(refusal, text, file, first_line) from refusal


def parse_record(text: str, file: str, first_line: int = 0) -> dict[str, Raw]:
    """The one record of a text, which is a list of one mapping.

    Raises:
        InvalidBookError: it is not valid, or is not one record.
    """
    text = text.removeprefix(BOM)
    try:
        check_size(text.encode("utf-8", "surrogatepass"), whole=True)
        return record_raw(only_record(document(text)))
    except RefusalError as refusal:
        raise refusal_error(refusal, text, file, first_line) from refusal


def read_mapping(data: bytes, file: str) -> Mapping | None:
    """The mapping that a settings file or an import map holds, or None when it is empty.

    Raises:
        InvalidBookError: it is not valid, or is no mapping.
    """
    node = parse_document(decode(data, file), file)
    if node is None or (isinstance(node, Scalar) and raw(node) is None):
        return None
    if not isinstance(node, Mapping):
        raise InvalidBookError.of(
            "not-a-mapping",
            "keys and their values should stand here",
            place=Place(file, node.start.line + 1, node.start.column + 1),
            hint='write one key a line, such as "currency: EUR"',
        )
    return node


def refusal_error(refusal: RefusalError, text: str, file: str, first_line: int) -> InvalidBookError:
    """The error for a refusal, with its place in the file."""
    where = position(text, refusal.index)
    return InvalidBookError(
        Problem(
            id=refusal.name,
            message=refusal.message,
            place=Place(file, first_line + where.line + 1, where.column + 1),
            hint=refusal.hint,
        )
    )


def decode(data: bytes, file: str) -> str:
    """The text of a file.

    Raises:
        InvalidBookError: it is not UTF-8; the place is that of the first bad byte.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode().removeprefix(BOM))
        raise InvalidBookError.of(
            "not-utf8",
            f"the byte 0x{data[error.start]:02x} is not UTF-8",
            place=Place(file, before.count(b"\n") + 1, column + 1),
            hint="save the file in the encoding UTF-8",
        ) from error


def check_size(data: bytes, *, whole: bool = False) -> None:
    """Refuse a line over the limit, or with `whole` also a text over it, which is one record."""
    if len(data) <= LIMIT:
        return
    start = 0
    while len(data) - start > LIMIT:
        found = data.rfind(b"\n", start, start + LIMIT + 1)
        if found < 0:
            raise RefusalError(
                "too-long",
                "this line is longer than 1 MiB",
                len(data[:start].decode("utf-8", "surrogatepass")),
                "keep long texts in a file of their own and attach it",
            )
        start = found + 1
    if whole:
        raise RefusalError(
            "too-long",
            "this record is longer than 1 MiB",
            0,
            "keep long texts in a file of their own and attach it",
        )


def only_record(node: Node | None) -> Mapping:
    """The mapping in a list of one that is not in flow style."""
    if not isinstance(node, Sequence) or node.flow or len(node.items) != 1:
        raise RefusalError(
            "not-one-record",
            'this is not one record that begins with "- "',
            node.start.index if node else 0,
            'write "- " before its first key, and nothing else as far to the left',
        )
    return as_record(node.items[0])


def as_record(node: Node) -> Mapping:
    """The mapping that a record must be."""
    if isinstance(node, Mapping):
        return node
    found = "a list" if isinstance(node, Sequence) else "a text" if raw(node) else "nothing"
    raise RefusalError(
        "not-a-record",
        f"a record is a mapping of keys to values; here stands {found}",
        node.start.index,
        'write a record as "- id: acme" with one key a line below it',
    )


def record_raw(node: Mapping) -> dict[str, Raw]:
    """The text of a record, by key."""
    return {key.text: raw(value) for key, value in node.entries}
