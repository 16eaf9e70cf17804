"""Records as rows of the index, and back."""

from __future__ import annotations

import datetime as dt
import zlib
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from acctcli.core.accounts.buckets import Bucket, bucket
from acctcli.core.accounts.row_json import read_standing, row_text, standing_text
from acctcli.core.accounts.totals import account_row_on, account_standing, day_numbers
from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import KIND_NAMES, KINDS, KindName
from acctcli.core.model.names import fold
from acctcli.core.model.records import Org
from acctcli.core.model.values import read_value
from acctcli.store.index.database import DamagedError
from acctcli.store.views.view import ListedAccount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acctcli.core.accounts.totals import AccountRow, Summary
    from acctcli.core.model.records import Org, Raw, Record, Settings, Value

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


def second_half_start(file: int) -> int:
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


def search_key(text: str) -> str | bytes:
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


def text_in_raw(text: str) -> bytes:
    """How a text stands in what `encode_raw` gives."""
    return _json.encode(text)[1:-1]


def _crc(text: bytes, raw: bytes | None) -> int:
    return zlib.crc32(raw or b"", zlib.crc32(text))


def verify_crc(text: bytes, raw: bytes | None, crc: int) -> None:
    """See that a row is what was written.

    Raises:
        DamagedError: it is not.
    """
    try:
        same = _crc(text, raw) == crc
    except TypeError:  # SQLite gives what stands there, whatever the column says
        same = False
    if not same:
        raise DamagedError


def raw_of(text: bytes, raw: bytes | None, crc: int) -> Mapping[str, Raw] | None:
    """The values of a row's record as text; None for one that cannot be parsed.

    Raises:
        DamagedError: the row is not what was written.
    """
    verify_crc(text, raw, crc)
    if raw is None:
        from acctcli.store.datafiles.plain_reader import plain_record

        return plain_record(text.decode())
    found: Mapping[str, Raw] = _raw_decoder.decode(raw)  # type: ignore[assignment]  # what `encode_raw` got
    return found


def plain_raws_of(
    rows: Sequence[tuple[bytes, bytes | None, int]],
) -> list[dict[str, str]] | None:
    """The values of the records of several rows at once, from their text, raw and crc.

    None when one of them is not in the plain form.

    Raises:
        DamagedError: a row is not what was written.
    """
    texts = []
    for text, raw, crc in rows:
        if raw is not None:
            return None
        try:
            same = zlib.crc32(text) == crc
        except TypeError:  # SQLite gives what stands there, whatever the column says
            same = False
        if not same:
            raise DamagedError
        texts.append(text.rstrip(b"\n"))
    from acctcli.store.datafiles.plain_reader import plain_records

    return plain_records(b"\n".join(texts).decode(), len(texts))


def record_of(kind: KindName, row: tuple[bytes, bytes | None, int], settings: Settings) -> Record:
    """The record of a row that can be read, from its text, raw and crc.

    Raises:
        DamagedError: the row is not what was written.
    """
    from acctcli.store.datafiles.typed_records import typed_record

    raw = raw_of(*row)
    record = None if raw is None else typed_record(kind, raw, settings)[0]
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
    except (msgspec.DecodeError, TypeError) as error:
        raise DamagedError from error


# accounts


class AccountRecord(NamedTuple):
    """A row of the table of accounts; the names are those of its columns.

    There is one for every organization. `text` is that of `row_json`; the days stand apart,
    since there are many of them and most lists look at few.
    """

    org: str
    sort: str
    owner: str | None
    parent: str | None
    won_count: int
    text: bytes
    custom: bytes | None
    due: bytes
    contacts: bytes
    wins: bytes
    crc: int


# The columns that `AccountReader` reads.
ACCOUNT_COLUMNS = "owner, won_count, text, custom, due, contacts, wins, crc"


def own_fields(raw: Mapping[str, Raw], settings: Settings) -> bytes | None:
    """An organization's own fields as text, as an account's row keeps them."""
    declared = settings.custom_fields("orgs")
    own = {name: raw[name] for name in declared if raw.get(name) is not None} if declared else {}
    return _json.encode(own) if own else None


def account(org: Org, custom: bytes | None, summary: Summary) -> AccountRecord:
    """The row of an organization, with what `own_fields` gave."""
    text = standing_text(account_standing(org, summary))
    due = array("i", day_numbers(summary.due_dates)).tobytes()
    contacts = array("i", day_numbers(summary.contact_days)).tobytes()
    wins = array("i", day_numbers(summary.win_days)).tobytes()
    return AccountRecord(
        org=org.id,
        sort=fold(org.name),
        owner=org.owner,
        parent=org.parent,
        won_count=summary.won_count,
        text=text,
        custom=custom,
        due=due,
        contacts=contacts,
        wins=wins,
        crc=zlib.crc32(b"\0".join((text, custom or b"", due, contacts, wins))),
    )


class AccountReader:
    """Makes lists of accounts' rows, on one day."""

    def __init__(self, today: dt.date, settings: Settings) -> None:
        self.today = today
        self.settings = settings
        self._custom = settings.custom_fields("orgs")
        self._day = today.toordinal()
        self._buckets: dict[int | None, Bucket] = {None: "none"}

    def read(self, columns: Sequence[Any]) -> IndexedAccount:
        """The organization of a row, from its columns `ACCOUNT_COLUMNS`.

        Raises:
            DamagedError: the row is not what was written.
        """
        owner, won_count, text, custom, due, contacts, wins, crc = columns
        try:
            found = zlib.crc32(b"\0".join((text, custom or b"", due, contacts, wins)))
        except TypeError:  # SQLite gives what stands there, whatever the column says
            raise DamagedError from None
        if found != crc:
            raise DamagedError
        return IndexedAccount(self, owner, won_count, text, custom, (due, contacts, wins))

    def custom_values(self, custom: bytes | None) -> dict[str, Value]:
        """An organization's own fields, typed."""
        if custom is None:
            return {}
        given: dict[str, Raw] = _raw_decoder.decode(custom)  # type: ignore[assignment]  # what `own_fields` got
        read = {name: read_value(self._custom[name], text) for name, text in given.items()}
        return {name: value for name, value in read.items() if value is not None}

    def bucket(self, due: int | None) -> Bucket:
        """The bucket of the earliest due date, by its number."""
        found = self._buckets.get(due)
        if found is None:
            day = None if due is None else dt.date.fromordinal(due)
            found = self._buckets[due] = bucket(day, self.today, self.settings)
        return found

    def overdue(self, due: Sequence[int]) -> int:
        """How many of these due dates lie before the day."""
        return bisect_left(due, self._day) if due and due[0] < self._day else 0


class IndexedAccount(ListedAccount):
    """A row of the index: what lists need as text is there, the rest is made when asked for."""

    __slots__ = (
        "_contacts",
        "_custom",
        "_due",
        "_owner",
        "_reader",
        "_text",
        "_wins",
        "_won_count",
    )

    def __init__(  # noqa: PLR0917 - there are a hundred thousand of them
        self,
        reader: AccountReader,
        owner: str | None,
        won_count: int,
        text: bytes,
        custom: bytes | None,
        days: tuple[bytes, bytes, bytes],
    ) -> None:
        self._reader = reader
        self._owner = owner
        self._won_count = won_count
        self._text = text
        self._custom = custom
        due, self._contacts, self._wins = days
        self._due = memoryview(due).cast("i")

    @property
    def row(self) -> AccountRow:
        """What the list shows, on its day."""
        reader = self._reader
        return account_row_on(reader.today, read_standing(self._text), self._due, reader.settings)

    @property
    def owner(self) -> str | None:
        """Its owner."""
        return self._owner

    @property
    def contacts(self) -> Sequence[int]:
        """The days of its contacts."""
        return memoryview(self._contacts).cast("i")

    @property
    def wins(self) -> Sequence[int]:
        """The days of its wins."""
        return memoryview(self._wins).cast("i")

    @property
    def due(self) -> Sequence[int]:
        """The due dates of its undone activities."""
        return self._due

    @property
    def custom(self) -> Mapping[str, Value]:
        """Its own fields, typed."""
        return self._reader.custom_values(self._custom)

    def text(self, custom: bytes, *, with_membership: bool) -> bytes:
        """The machine form as a JSON object."""
        reader, due = self._reader, self._due
        told = self._won_count > 0 if with_membership else None
        where = reader.bucket(due[0] if due else None)
        counts = len(due), reader.overdue(due)
        return row_text(self._text, where, counts, custom, is_account=told)
