"""Search for words in the texts that the index keeps.

It finds all that may hold the words, and more; what does hold them `core.reports.search` says.
"""

from __future__ import annotations

import codecs
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from acctcli.core.model.kinds import KIND_NAMES
from acctcli.core.model.names import fold
from acctcli.store.index.database import DamagedError
from acctcli.store.index.row_codec import NUMBERS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Sequence

    from acctcli.core.model.kinds import KindName
    from acctcli.core.reports.search import SearchWord

_KEPT = "coalesce(raw, text)"
_AS_TEXT = f"CAST({_KEPT} AS TEXT)"
_PHONED = (NUMBERS["orgs"], NUMBERS["people"])  # kinds with telephone numbers
_ESCAPED = frozenset('"\\')  # in the kept form of a record that is not plain
_BATCH = 100  # records
_REMEMBERED = 1 << 12  # runs of letters
_PLAINLY = "acctcli.plainly"
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))


def candidates(
    database: sqlite3.Connection, words: Sequence[SearchWord], kinds: Collection[KindName]
) -> Iterator[tuple[KindName, str, tuple[bytes, bytes | None, int]]]:
    """The records of some kinds that may hold all the words: kind, id, and text, raw and crc."""
    values: list[object] = []
    tests = [_test(word, values) for word in words]
    # A text has fewer characters than bytes when not all of it is ASCII.
    rows = database.execute(
        "SELECT kind, id, text, raw, crc FROM records WHERE id IS NOT NULL"  # noqa: S608 - our own
        f" AND kind IN ({', '.join(str(NUMBERS[kind]) for kind in kinds)})"
        f" AND (({' AND '.join(tests)}) OR length({_AS_TEXT}) <> length({_KEPT}))",
        values,
    )
    while some := rows.fetchmany(_BATCH):
        # Most batches hold nothing, which is sooner seen of all their records at once.
        if _can_hold(b"\n".join([_stored_text(row) for row in some]), words):
            for row in some:
                kind, record_id, text, raw, crc = row
                if _can_hold(_stored_text(row), words):
                    yield KIND_NAMES[kind], record_id, (text, raw, crc)


def _stored_text(row: Sequence[Any]) -> bytes:
    text, raw = row[2:4]
    found = text if raw is None else raw
    if not isinstance(found, bytes):  # SQLite gives what stands there, whatever the column says
        raise DamagedError
    return found


def _test(word: SearchWord, values: list[object]) -> str:
    """What the database can tell of records in ASCII; `values` get the parts it asks for."""
    if not word.folded.isascii():
        return "0"
    parts = _parts(word)
    values += parts
    tests = [f"instr(lower({_AS_TEXT}), ?)" for _ in parts]
    test = " AND ".join(tests) or "1"
    return f"({test} OR kind IN {_PHONED})" if word.digits else f"({test})"


def _parts(word: SearchWord) -> list[str]:
    """The parts of a word that stand in the kept text as they are."""
    return [part for part in word.folded.split(" ") if _ESCAPED.isdisjoint(part)]


def _can_hold(kept: bytes, words: Sequence[SearchWord]) -> bool:
    """Whether all the words may stand in records' kept text."""
    if kept.isascii():
        plain, others = kept.lower(), ""
    else:
        text = kept.decode("utf-8", "replace")
        plain = text.encode("ascii", _PLAINLY).lower()
        others = ""
        if not all(word.folded.isascii() for word in words):
            others = normalize("NFKD", normalize("NFKD", text).casefold())
    return all(_can_contain(word, plain, others) for word in words)


def _can_contain(word: SearchWord, plain: bytes, others: str) -> bool:
    """Whether a word may stand in a text, of which the plain letters and all letters are given."""
    if not word.folded.isascii():
        return all(char.isascii() or char in others for char in word.folded)
    if all(part.encode() in plain for part in _parts(word)):
        return True
    return word.digits is not None and word.digits.encode() in plain.translate(None, _NO_DIGITS)


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """The plain letters that letters which are not ASCII fold to, for `str.encode`.

    What else there is between them can only keep words apart, and is left out.
    """
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - nothing else is encoded with it
    return _plain_letters(error.object[error.start : error.end]), error.end


@lru_cache(_REMEMBERED)
def _plain_letters(text: str) -> str:
    return "".join([char for char in fold(f"x{text}x")[1:-1] if char.isascii()])


codecs.register_error(_PLAINLY, _plainly)
