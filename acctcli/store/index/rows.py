"""Records as rows of the index, and rows as records again.

It knows what stands in a row; it does not know when a row is made or which of them are asked for.
"""

from __future__ import annotations

import zlib
from array import array
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from acctcli.core.accounts import Standing, day_numbers, row_on, standing
from acctcli.core.errors import Problem
from acctcli.core.kinds import KIND_NAMES, KINDS, KindName
from acctcli.core.names import fold
from acctcli.core.records import Org
from acctcli.core.values import read_value
from acctcli.store.index.database import DamagedError
from acctcli.store.scan import plain_record
from acctcli.store.typed import typed
from acctcli.store.view import Listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from acctcli.core.accounts import Summary
    from acctcli.core.records import Org, Raw, Record, Settings, Value

NUMBERS: dict[KindName, int] = {kind: number for number, kind in enumerate(KIND_NAMES)}
_LABELS: dict[KindName, str] = {name: kind.label for name, kind in KINDS.items()}
_LONGEST_LABEL = 120  # a note's whole text is its label; of a long one the hash is kept
# Files have numbers; a record's place is its file's number and its position in it, with room
# between two of them for what is put there later.
_POSITIONS = 44
STEP = 1 << 16

_encoder = msgspec.msgpack.Encoder()
_json = msgspec.json.Encoder()
_raw_decoder = msgspec.json.Decoder(dict[str, object])
_problem_decoder = msgspec.msgpack.Decoder(Problem)


# A row of the table of records: place, kind, id, label, org, text, raw, crc.
Row = tuple[int, int, str | None, str | None, str | None, bytes, bytes | None, int]


def first_place(file: int) -> int:
    """Where the records of a file begin, by its number; those of the next one begin behind them."""
    return file << _POSITIONS


def middle_place(file: int) -> int:
    """Where the second part of a file begins that is read in two parts at once."""
    return first_place(file) + (1 << _POSITIONS - 1)


def file_of(place: int) -> int:
    """The number of the file that a record stands in."""
    return place >> _POSITIONS


def label_key(label: str) -> str:
    """What a name is looked up by: itself, case and accents aside, or its hash when it is long."""
    folded = fold(label)
    if len(folded) <= _LONGEST_LABEL:
        return folded
    import hashlib

    return "\0" + hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()


def sought(text: str) -> str | bytes:
    """What finds the rows of a text; one that is not UTF-8, as a shell may give it, has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")  # bytes equal no text
    return text


def good_row(place: int, kind: KindName, record: Record, text: bytes, raw: bytes | None) -> Row:
    """The row of a record that can be read, with the organization it names."""
    label = label_key(getattr(record, _LABELS[kind]))
    org: str | None = getattr(record, "org", None)
    crc = zlib.crc32(text) if raw is None else _crc(text, raw)
    return place, NUMBERS[kind], record.id, label, org, text, raw, crc


def bad_row(place: int, kind: KindName, text: bytes, raw: Mapping[str, Raw] | None) -> Row:
    """The row of a record that cannot be read."""
    encoded = encode_raw(raw) if raw is not None else None
    return place, NUMBERS[kind], None, None, None, text, encoded, _crc(text, encoded)


def encode_raw(raw: Mapping[str, Raw]) -> bytes:
    """A record's values as text, for a row whose text is not in the plain form."""
    return _json.encode(raw)


def _crc(text: bytes, raw: bytes | None) -> int:
    return zlib.crc32(raw or b"", zlib.crc32(text))


def raw_of(text: bytes, raw: bytes | None, crc: int) -> Mapping[str, Raw] | None:
    """The values of a row's record as text; None for one that cannot be parsed.

    Raises:
        DamagedError: the row is not what was written.
    """
    if _crc(text, raw) != crc:
        raise DamagedError
    if raw is None:
        return plain_record(text.decode())
    found: Mapping[str, Raw] = _raw_decoder.decode(raw)  # type: ignore[assignment]  # what `encode_raw` got
    return found


def record_of(kind: KindName, row: tuple[bytes, bytes | None, int], settings: Settings) -> Record:
    """The record of a row that can be read, from its text, raw and crc.

    Raises:
        DamagedError: the row is not what was written.
    """
    raw = raw_of(*row)
    record = None if raw is None else typed(kind, raw, settings)[0]
    if record is None:
        raise DamagedError
    return record


def encode_problem(problem: Problem) -> bytes:
    """A problem as it is kept."""
    return _encoder.encode(problem)


def decode_problem(data: bytes) -> Problem:
    """The problem that was kept.

    Raises:
        DamagedError: it is not what was written.
    """
    try:
        return _problem_decoder.decode(data)
    except msgspec.DecodeError as error:
        raise DamagedError from error


# accounts


class Account(NamedTuple):
    """A row of the table of accounts; the names are those of its columns.

    There is one for every organization. The days stand apart from the rest, since there are many
    of them and most lists look at few.
    """

    org: str
    sort: str
    won_count: int
    standing: bytes
    custom: bytes | None
    due: bytes
    contacts: bytes
    crc: int


_standing_decoder = msgspec.msgpack.Decoder(Standing)


def own_fields(raw: Mapping[str, Raw], settings: Settings) -> bytes | None:
    """An organization's own fields as text, as an account's row keeps them."""
    declared = settings.custom_fields("orgs")
    own = {name: raw[name] for name in declared if raw.get(name) is not None} if declared else {}
    return _json.encode(own) if own else None


def account(org: Org, custom: bytes | None, summary: Summary) -> Account:
    """The row of an organization, with what `own_fields` gave."""
    kept = _encoder.encode(standing(org, summary))
    due = array("i", day_numbers(summary.due_dates)).tobytes()
    contacts = array("i", day_numbers(summary.contact_days)).tobytes()
    crc = _account_crc(kept, custom, due, contacts)
    return Account(org.id, fold(org.name), summary.won_count, kept, custom, due, contacts, crc)


def _account_crc(kept: bytes, custom: bytes | None, due: bytes, contacts: bytes) -> int:
    return zlib.crc32(kept, zlib.crc32(due, zlib.crc32(contacts, zlib.crc32(custom or b""))))


class AccountReader:
    """Makes lists of accounts' rows, on one day."""

    def __init__(self, today: dt.date, settings: Settings) -> None:
        self._today = today
        self._settings = settings
        self._custom = settings.custom_fields("orgs")

    def read(self, columns: tuple[bytes, bytes | None, bytes, bytes, int]) -> Listed:
        """The organization of a row, from its standing, custom, due, contacts and crc.

        Raises:
            DamagedError: the row is not what was written.
        """
        kept, custom, due, contacts, crc = columns
        if _account_crc(kept, custom, due, contacts) != crc:
            raise DamagedError
        found = _standing_decoder.decode(kept)
        own: dict[str, Value] = {}
        if custom is not None:
            for name, text in _raw_decoder.decode(custom).items():
                value = read_value(self._custom[name], text)  # type: ignore[arg-type]  # what `own_fields` got
                if value is not None:
                    own[name] = value
        row = row_on(self._today, found, memoryview(due).cast("i"), self._settings)
        return Listed(row, memoryview(contacts).cast("i"), own)
