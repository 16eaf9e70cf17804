"""Kept texts looked through for words, without the typing of records that cannot hold them.

It finds all that may hold the words, and more; what does hold them `core.find` says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from acctcli.core.kinds import KIND_NAMES
from acctcli.store.index.rows import NUMBERS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Sequence

    from acctcli.core.find import Word
    from acctcli.core.kinds import KindName

_KEPT = "coalesce(raw, text)"
_AS_TEXT = f"CAST({_KEPT} AS TEXT)"
_PHONED = (NUMBERS["orgs"], NUMBERS["people"])  # kinds with telephone numbers
_ESCAPED = frozenset('"\\')  # in the kept form of a record that is not plain
# Letters that fold to plain ones, though Unicode takes them for others.
_OTHER_LETTERS = re.compile("[ßẞæÆðÐøØþÞđĐħĦıĸłŁŋŊœŒŧŦƀɃǥǤəƏ]")
_NO_DIGIT = re.compile(b"[^0-9]")


def candidates(
    database: sqlite3.Connection, words: Sequence[Word], kinds: Collection[KindName]
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
    for kind, record_id, text, raw, crc in rows:
        if _may_hold(text if raw is None else raw, words):
            yield KIND_NAMES[kind], record_id, (text, raw, crc)


def _test(word: Word, values: list[object]) -> str:
    """What the database can tell of records in ASCII; `values` get the parts it asks for."""
    if not word.folded.isascii():
        return "0"
    parts = _parts(word)
    values += parts
    tests = [f"instr(lower({_AS_TEXT}), ?)" for _ in parts]
    test = " AND ".join(tests) or "1"
    return f"({test} OR kind IN {_PHONED})" if word.digits else f"({test})"


def _parts(word: Word) -> list[str]:
    """The parts of a word that stand in the kept text as they are."""
    return [part for part in word.folded.split(" ") if _ESCAPED.isdisjoint(part)]


def _may_hold(kept: object, words: Sequence[Word]) -> bool:
    """Whether all the words may stand in a record's kept text."""
    if not isinstance(kept, bytes):
        return True  # damaged, which who reads it will see
    plain = kept
    if not kept.isascii():
        text = kept.decode("utf-8", "replace")
        if _OTHER_LETTERS.search(text):
            return True
        # Its plain letters alone: what stands between them can only keep words apart.
        plain = normalize("NFKD", text).encode("ascii", "ignore")
    elif not all(word.folded.isascii() for word in words):
        return False
    plain = plain.lower()
    return all(_may_stand(word, plain) for word in words)


def _may_stand(word: Word, plain: bytes) -> bool:
    if not word.folded.isascii() or all(part.encode() in plain for part in _parts(word)):
        return True
    return word.digits is not None and word.digits.encode() in _NO_DIGIT.sub(b"", plain)
