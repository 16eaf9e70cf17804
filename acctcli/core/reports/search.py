"""Texts found in records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from acctcli.core.model.errors import UsageError
from acctcli.core.model.kinds import KIND_NAMES, KINDS, FieldType, KindName
from acctcli.core.model.links import org_of
from acctcli.core.model.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from acctcli.core.model.kinds import Field
    from acctcli.core.model.records import Data, Raw, RawRecord

# What a link leads to is found itself; yes and no are no texts.
_NOT_SEARCHED = frozenset({FieldType.LINK, FieldType.YES_NO})
_PHONES = frozenset({"phone", "phones"})
_PHONE_LIKE = re.compile(r"[0-9+()./ -]+")
_FEWEST_DIGITS = 4  # of a telephone number: fewer stand in every second one
_NO_DIGIT = re.compile("[^0-9]")


class SearchWord(NamedTuple):
    """Something sought: it has to stand in one text of a record, as a whole.

    Attributes:
        folded: As texts are compared, case and accents aside.
        digits: Of what may be a telephone number its digits, without zeros for abroad.
    """

    folded: str
    digits: str | None


class Match(NamedTuple):
    """Where in a record it was found: the field with the most of it, and that field's text."""

    field: str
    text: str


class SearchResult(NamedTuple):
    """A record that holds all that is sought."""

    kind: KindName
    id: str
    raw: RawRecord
    match: Match


class Hit(Struct, frozen=True, kw_only=True):
    """A record that was found, as it is told; the names are the machine keys.

    Attributes:
        kind: Its kind.
        id: Its id.
        name: What names it to people; of a note its text.
        org: The organization it belongs to (rule 2).
        org_name: The name of that.
        field: The field it was found in.
        text: The text of that field, or of a list the one item.
    """

    kind: KindName
    id: str
    name: str
    org: str | None
    org_name: str | None
    field: str
    text: str


def words_of(texts: Iterable[str]) -> tuple[SearchWord, ...]:
    """What is sought, each text for itself.

    Raises:
        UsageError: there is nothing in a text to be found.
    """
    return tuple(map(_word, texts))


def _word(text: str) -> SearchWord:
    folded = fold(text)
    if not folded:
        raise UsageError.of(
            "nothing-to-find",
            f'"{text}" has nothing to be found',
            hint='give a text, such as acctcli find "Anna Rossi"',
        )
    digits = _digits(folded).removeprefix("00") if _PHONE_LIKE.fullmatch(folded) else ""
    return SearchWord(folded, digits if len(digits) >= _FEWEST_DIGITS else None)


def _digits(text: str) -> str:
    return _NO_DIGIT.sub("", text)


def searched_fields(kind: KindName, custom: Mapping[str, Field]) -> tuple[str, ...]:
    """The fields of a kind that are searched: what names a record first, then in their order."""
    spec = KINDS[kind]
    names = [field.name for field in (*spec.fields, *custom.values()) if _is_searched(field)]
    return spec.label, *(name for name in names if name != spec.label)


def _is_searched(field: Field) -> bool:
    return field.type not in _NOT_SEARCHED


def match(raw: RawRecord, fields: Sequence[str], words: Sequence[SearchWord]) -> Match | None:
    """Where the words stand in a record, as it is written; None when one of them does not.

    Args:
        raw: The record's values as text.
        fields: What `searched_fields` gives for its kind.
        words: One or more.
    """
    missing = set(words)
    best: tuple[int, Match | None] = 0, None
    for name in fields:
        for text in _texts(raw.get(name)):
            found = _standing(name, fold(text), words)
            missing.difference_update(found)
            if len(found) > best[0]:
                best = len(found), Match(name, text)
                if len(found) == len(words):
                    return best[1]
    return None if missing else best[1]


def _texts(value: Raw) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))


def _standing(field: str, folded: str, words: Sequence[SearchWord]) -> list[SearchWord]:
    found = [word for word in words if word.folded in folded]
    if field in _PHONES:
        digits = _digits(folded)
        found += [
            word for word in words if word.digits and word not in found and word.digits in digits
        ]
    return found


def hits(found: Iterable[SearchResult], data: Data, *, org: str | None = None) -> Iterator[Hit]:
    """What was found, in order: names first, then by kind, then by name.

    Args:
        found: The records.
        data: All records, to tell what belongs where.
        org: Only what belongs to this organization.
    """
    placed = sorted(
        (_place(each), each) for each in found if org is None or _org_of(each, data) == org
    )
    return (_hit(each, data) for _, each in placed)


def _place(found: SearchResult) -> tuple[bool, int, str, str]:
    named = found.kind != "notes" and found.match.field == KINDS[found.kind].label
    return not named, KIND_NAMES.index(found.kind), fold(_name(found)), found.id


def _name(found: SearchResult) -> str:
    return str(found.raw[KINDS[found.kind].label])


def _org_of(found: SearchResult, data: Data) -> str | None:
    if found.kind == "orgs":
        return found.id
    given = found.raw.get("org")
    if isinstance(given, str):
        return given if given in data.orgs else None
    return org_of(data.of(found.kind)[found.id], data)


def _hit(found: SearchResult, data: Data) -> Hit:
    org = _org_of(found, data)
    return Hit(
        kind=found.kind,
        id=found.id,
        name=_name(found),
        org=org,
        org_name=None if org is None else data.orgs[org].name,
        field=found.match.field,
        text=found.match.text,
    )


# where in a text


def marks(text: str, words: Sequence[SearchWord]) -> list[tuple[int, int]]:
    """Where words stand in a text: where each begins and ends, in order, none over another.

    Empty when they stand there by their digits alone.
    """
    folded, origins = _fold_with_origins(text)
    spots = [(at.start(), at.end()) for word in words for at in re.finditer(
        re.escape(word.folded), folded)]  # fmt: skip
    joined: list[tuple[int, int]] = []
    for start, end in sorted((origins[low], origins[high - 1] + 1) for low, high in spots):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _fold_with_origins(text: str) -> tuple[str, list[int]]:
    """The text folded, and of each of its characters which one of the text it comes from."""
    chars: list[str] = []
    origins: list[int] = []
    for number, char in enumerate(text):
        # Between letters, where white space stays.
        for part in fold(f"x{char}x")[1:-1]:
            if part != " " or (chars and chars[-1] != " "):
                chars.append(part)
                origins.append(number)
    return "".join(chars), origins
