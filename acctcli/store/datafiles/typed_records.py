"""Record texts typed by the schema, with placed problems.

Both ways of reading a book call this, so that they cannot differ.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acctcli.core.checks.money import value_problem
from acctcli.core.model.errors import Place, Problem
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.records import Deal, Record, Settings
from acctcli.core.model.schema import plain_reader, read_record
from acctcli.core.rules.defaults import MONEY, has_money, with_currency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from acctcli.core.model.records import Raw, RawRecord
    from acctcli.store.datafiles.file_reader import PlacedRecord

# Where an id stands in a record that cannot be parsed: enough to give the id to no other record.
_AN_ID = re.compile(r"""(?m)^\s*(?:-\s+)?["']?id["']?\s*:\s*["']?([^\s"'#]+)""")


def typed_record(
    kind: KindName, raw: RawRecord, settings: Settings
) -> tuple[Record | None, list[Problem], bool]:
    """The record, or all that is wrong with it; and whether its value has the book's currency."""
    record, problems = read_record(KINDS[kind], raw, settings.custom_fields(kind))
    if isinstance(record, Deal) and record.currency is None and has_money(record):
        if problem := value_problem(record, settings):
            return None, [problem], False
        return with_currency(record, settings), problems, True
    return record, problems, False


def typed_plain_record(
    kind: KindName, settings: Settings
) -> Callable[[Mapping[str, str]], Record | None]:
    """What reads many records in the plain form as `typed` does, but quicker.

    It gives None for what it leaves to that.
    """
    read = plain_reader(KINDS[kind], settings.custom_fields(kind))
    if kind != "deals":
        return read

    def read_deal(raw: Mapping[str, str]) -> Record | None:
        # A value without a currency of its own is not read by the kind alone.
        bare = "currency" not in raw and any(name in raw for name in MONEY)
        return None if bare else read(raw)

    return read_deal


def ids_in(content: bytes) -> Iterator[str]:
    """What may be the ids of the records in a text that cannot be parsed."""
    for found in _AN_ID.finditer(content.decode("utf-8", "replace")):
        yield found[1]


def placed_problem(problem: Problem, placed: PlacedRecord) -> Problem:
    """The problem with its place, which is that of the field it is about."""
    return problem._replace(place=placed.place(problem.field))


def duplicate(kind: KindName, record_id: str, place: Place, first: Place) -> Problem:
    """That a record has the id of another one, which stands before it in the book."""
    return Problem(
        id="duplicate-id",
        message=f'the id "{record_id}" is taken by the record at {first}',
        place=place,
        hint="give one of the two records another id; ids are unique across the book",
        kind=kind,
        record=record_id,
        field="id",
    )


def has_mention(content: bytes, raw: RawRecord | None, text: str) -> bool:
    """Whether a text stands in something that cannot be read, by itself or as one of its values."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])".encode())
    return pattern.search(content) is not None or text in _texts(raw)


def _texts(value: Raw | RawRecord) -> Iterator[str]:
    """Every text in a value, however deep; an id can be spelled with escapes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None:
        for item in value.values():
            yield from _texts(item)
