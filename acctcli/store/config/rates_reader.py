"""rates.yaml read.

What acctcli writes is one line an entry, and read at once; entries in any other form are parsed
one by one, and a file that leaves a doubt as a whole. The two must agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.accounts.exchange_rates import Quote, Rates, rate
from acctcli.core.model.dates import parse_iso
from acctcli.core.model.errors import InvalidBookError, Place, Problem
from acctcli.core.model.money import is_currency
from acctcli.store.commit.snapshot import FileData, read_consistently
from acctcli.store.files import filesystem
from acctcli.store.files.names import RATES_FILE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from acctcli.store.commit.snapshot import FileListing
    from acctcli.store.datafiles.yaml import nodes
    from acctcli.store.datafiles.yaml.nodes import Node

_CODE = "[A-Z]{3}"
_ONE = rf"{_CODE}: [0-9]{{1,9}}(?:\.[0-9]{{1,12}})?"
_LINE = re.compile(
    rf"- \{{date: ([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}), base: ({_CODE}),"
    rf" rates: \{{({_ONE}(?:, {_ONE})*)\}}\}}\r?\n?"
)
# An entry as people write it, a line for each rate.
_BLOCK = re.compile(
    rf"- date: ([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})\r?\n  base: ({_CODE})\r?\n  rates:\r?\n"
    rf"((?:    {_ONE}(?:\r?\n|\Z))+)"
)
_NAMES = re.compile(_CODE)
_ZERO = re.compile(r": 0+(?:\.0+)?(?:,|\Z)")
# What may be a line's end to one reader and not to another, or is not read at all.
_ODD_OF_ASCII = re.compile(r"[^\t\n\r -~]|\r(?!\n)")
_ODD = r"[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|\r(?!\n)"  # slow to compile
_WITHOUT_DIGITS = {ord(each): None for each in "0123456789."}
_KEYS = ("date", "base", "rates")
_FORM = "write an entry as - {date: 2026-03-10, base: EUR, rates: {USD: 1.0815, GBP: 0.86}}"


class PlainRates(Mapping[str, Decimal]):
    """The rates of a line as text; one is read when it is asked for."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __getitem__(self, currency: str) -> Decimal:
        at = self._text.find(f"{currency}: ")
        if at < 0:
            raise KeyError(currency)
        start = at + len(currency) + 2
        end = self._text.find(",", start)
        return Decimal(self._text[start:] if end < 0 else self._text[start:end])

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES.findall(self._text))

    def __len__(self) -> int:
        return self._text.count(":")


class RateEntry(NamedTuple):
    """An entry of the file.

    Attributes:
        quote: What it says.
        text: It as it is written; empty in a file that cannot be cut.
        node: What was parsed of its text; None in the plain form.
        above: The comments and blank lines that belong to it.
    """

    quote: Quote
    text: str
    node: nodes.Mapping | None
    above: str = ""


class RatesText(NamedTuple):
    """The file, cut into what stands above its entries, these, and what stands below.

    Attributes:
        head: What stands above; all of the file when it cannot be cut.
        entries: The entries in their order.
        tail: What stands below.
        is_cut: Whether the entries have their texts.
    """

    head: str
    entries: list[RateEntry]
    tail: str
    is_cut: bool

    @property
    def quotes(self) -> list[Quote]:
        """What the entries say."""
        return [each.quote for each in self.entries]


def load_rates(root: Path) -> Rates:
    """The rates of a book as it is now; none when there is no rates.yaml.

    Raises:
        InvalidBookError: they cannot be read.
        StorageError: the operating system refuses to read.
    """
    found = rates_data(root)
    return Rates([] if found is None else read_rates(found.data).quotes)


def check_rates(root: Path) -> tuple[Problem, ...]:
    """What is wrong with the rates of a book, with places.

    The parser of YAML, which takes long to load, is asked only where there is a doubt.
    """
    found = rates_data(root)
    if found is None or has_plain_rates(found.data):
        return ()
    try:
        read_rates(found.data)
    except InvalidBookError as error:
        return error.problems
    return ()


def has_plain_rates(data: bytes) -> bool:
    """Whether a file is in plain forms and nothing is wrong with it; `read_rates` takes it then."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return _read_plain(text, _block) is not None


def rates_data(root: Path) -> FileData | None:
    """The content of rates.yaml, of a commit that stands even if it is not finished."""

    def read(look: FileListing) -> FileData | None:
        path, key = look.content(RATES_FILE)
        try:
            data = None if path is None else filesystem.read_file(path, RATES_FILE)[0]
        except FileNotFoundError:
            data = None
        look.check({RATES_FILE: key})
        return None if data is None else FileData(data)

    return read_consistently(root, read)


def read_rates(data: bytes) -> RatesText:
    """What rates.yaml says.

    Raises:
        InvalidBookError: it is not valid; every bad entry is told, with its place.
    """
    from acctcli.store.datafiles.yaml.reader import decode

    text = decode(data, RATES_FILE)
    return _read_plain(text, _read_entry) or _read_whole(text)


# entry by entry


def _read_plain(text: str, one: Callable[[str], RateEntry | None]) -> RatesText | None:
    """The file cut at its lines; None when anything may be wrong or is not certain.

    `one` reads an entry that is not in the plain form.
    """
    if _ODD_OF_ASCII.search(text) if text.isascii() else re.search(_ODD, text):
        return None
    cut = _Cut(one)
    if not all(map(cut.take, text.splitlines(keepends=True))) or not cut.close():
        return None
    if _has_twice(cut.entries):
        return None
    return RatesText("".join(cut.head), cut.entries, "".join(cut.above), is_cut=True)


class _Cut:
    """The entries of a file, line by line; what says no has met a doubt.

    Attributes:
        head: The lines above the first entry.
        above: Comments and blank lines, which belong to the entry below them.
        entries: The entries so far.
    """

    def __init__(self, one: Callable[[str], RateEntry | None]) -> None:
        self._one = one
        self.head: list[str] = []
        self.above: list[str] = []
        self.entries: list[RateEntry] = []
        self._waiting: list[str] = []  # the lines of an entry in another form
        self._forms: dict[str, bool] = {}

    def take(self, line: str) -> bool:
        """Take the next line."""
        if found := _LINE.fullmatch(line):
            day, base, rates = found.groups()
            if not self.close() or not _is_right(day, base, rates, self._forms):
                return False
            self._add(RateEntry(Quote(parse_iso(day), base, PlainRates(rates)), line, None))
        elif line.startswith("- "):
            if not self.close():
                return False
            self._waiting.append(line)
        elif line.startswith("#") or not line.strip(" \r\n"):
            if not self.close():
                return False
            (self.above if self.entries else self.head).append(line)
        elif self._waiting and line.startswith(" "):
            self._waiting.append(line)
        else:
            return False
        return True

    def close(self) -> bool:
        """Read the entry whose lines wait."""
        if not self._waiting:
            return True
        entry = self._one("".join(self._waiting))
        if entry is None:
            return False
        self._add(entry)
        self._waiting.clear()
        return True

    def _add(self, entry: RateEntry) -> None:
        self.entries.append(entry._replace(above="".join(self.above)))
        self.above.clear()


def _is_right(day: str, base: str, rates: str, forms: dict[str, bool]) -> bool:
    """Whether a line in the plain form says something that can be.

    Nearly all lines of a file have the same currencies, which are looked at once.
    """
    try:
        parse_iso(day)
    except ValueError:
        return False
    if _ZERO.search(rates):
        return False
    form = f"{base} {rates.translate(_WITHOUT_DIGITS)}"
    known = forms.get(form)
    if known is None:
        names = [base, *_NAMES.findall(rates)]
        known = forms[form] = len({*names}) == len(names) and all(map(is_currency, names))
    return known


def _block(text: str) -> RateEntry | None:
    """An entry in a plain block, to be looked at and not edited; None for any other form."""
    found = _BLOCK.fullmatch(text)
    if found is None:
        return None
    day, base, lines = found.groups()
    rates = ", ".join(line.strip() for line in lines.splitlines())
    if not _is_right(day, base, rates, {}):
        return None
    return RateEntry(Quote(parse_iso(day), base, PlainRates(rates)), text, None)


def _read_entry(text: str) -> RateEntry | None:
    """An entry in another form; None when it is not certain that it is right."""
    from acctcli.store.datafiles.yaml import nodes
    from acctcli.store.datafiles.yaml.reader import parse_document

    try:
        node = parse_document(text, RATES_FILE)
    except InvalidBookError:
        return None
    items = node.items if isinstance(node, nodes.Sequence) else []
    if len(items) != 1 or not isinstance(items[0], nodes.Mapping):
        return None
    quote, _ = _quote(items[0])
    return None if quote is None else RateEntry(quote, text, items[0])


def _has_twice(entries: list[RateEntry]) -> bool:
    return len({(each.quote.date, each.quote.base) for each in entries}) < len(entries)


# as a whole


def _read_whole(text: str) -> RatesText:
    from acctcli.store.datafiles.yaml import nodes
    from acctcli.store.datafiles.yaml.reader import parse_document

    node = parse_document(text, RATES_FILE)
    if node is None or nodes.raw(node) is None:
        return RatesText(text, [], "", is_cut=True)
    if not isinstance(node, nodes.Sequence):
        raise InvalidBookError(_problem("not-a-list", "rates.yaml is no list of entries", node))
    entries: list[RateEntry] = []
    problems: list[Problem] = []
    seen: dict[tuple[dt.date, str], Node] = {}
    for item in node.items:
        quote, found = _quote(item)
        problems += found
        if quote is None:
            continue
        first = seen.setdefault((quote.date, quote.base), item)
        if first is not item:
            problems.append(
                _problem(
                    "duplicate-rates",
                    f"the rates of {quote.base} on {quote.date} stand in line"
                    f" {first.start.line + 1} too",
                    item,
                    hint="leave one of the two",
                )
            )
        entries.append(RateEntry(quote, "", None))
    if problems:
        raise InvalidBookError(*problems)
    return RatesText(text, entries, "", is_cut=False)


def _quote(node: Node) -> tuple[Quote | None, list[Problem]]:
    """What an entry says, and what is wrong with it. Other keys than the known are left alone."""
    from acctcli.store.datafiles.yaml import nodes

    if not isinstance(node, nodes.Mapping):
        return None, [_problem("not-an-entry", "an entry has a date, a base and rates", node)]
    missing = [key for key in _KEYS if node.get(key) is None]
    if missing:
        return None, [_problem("not-an-entry", f"{missing[0]}: is missing", node)]
    problems: list[Problem] = []
    day, base, rates = (node.get(key) for key in _KEYS)
    date = None
    try:
        date = parse_iso(_text(day))
    except ValueError as error:
        problems.append(_problem("bad-date", f"date: {error}", day))
    problems += _code_problems("base", _text(base), base)
    if not isinstance(rates, nodes.Mapping) or not rates.entries:
        problems.append(_problem("bad-rate", "rates: they are written as CODE: NUMBER", rates))
        return None, problems
    found: dict[str, Decimal] = {}
    for key, value in rates.entries:
        problems += _code_problems("rates", key.text, key)
        if key.text == _text(base):
            message = f'rates: "{key.text}" is the base itself'
            problems.append(_problem("bad-rate", message, key, hint="take it out"))
        try:
            found[key.text] = rate(_text(value))
        except ValueError as error:
            hint = "write a number above zero, such as 1.0815"
            problems.append(_problem("bad-rate", f"rates.{key.text}: {error}", value, hint=hint))
    if problems or date is None:
        return None, problems
    return Quote(date, _text(base), found), []


def _text(node: Node | None) -> str:
    from acctcli.store.datafiles.yaml import nodes

    return node.text if isinstance(node, nodes.Scalar) else ""


def _code_problems(field: str, code: str, node: Node | None) -> list[Problem]:
    if is_currency(code):
        return []
    hint = "write an ISO 4217 code in upper case, such as USD"
    return [_problem("bad-currency", f'{field}: "{code}" is not a currency', node, hint=hint)]


def _problem(name: str, message: str, node: Node | None, *, hint: str = _FORM) -> Problem:
    start = None if node is None else node.start
    place = (
        Place(RATES_FILE) if start is None else Place(RATES_FILE, start.line + 1, start.column + 1)
    )
    return Problem(id=name, message=message, place=place, hint=hint)
