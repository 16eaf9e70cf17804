"""Edits of rates.yaml.

Lines that say nothing new keep every byte. The new text is parsed and must say what was meant. It
commits nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.accounts.exchange_rates import Quote, merge
from acctcli.core.model.errors import InvalidBookError, Place
from acctcli.store.commit.staging import FileChange
from acctcli.store.config.editor_schemas import comment, has_schemas
from acctcli.store.config.rates_reader import (
    RateEntry,
    RatesText,
    rates_data,
    read_rates,
)
from acctcli.store.datafiles.splices import difference, reverse_splices
from acctcli.store.datafiles.yaml import nodes
from acctcli.store.files import filesystem
from acctcli.store.files.names import RATES_FILE
from acctcli.store.history import history_format

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from acctcli.core.accounts.exchange_rates import MergedRates

_HEAD = "# What one unit of the base is in other currencies, by day.\n"


class RatesEdit(NamedTuple):
    """A change of rates.yaml.

    Attributes:
        merged: What is new in it.
        old: The content before; None when there was no file.
        new: The content after.
    """

    merged: MergedRates
    old: bytes | None
    new: bytes

    @property
    def change(self) -> FileChange:
        """What becomes of the file."""
        return FileChange(path=RATES_FILE, old_sha=self._old_sha, data=self.new)

    def lines(self, commit: str) -> Iterator[bytes]:
        """The lines for the history."""
        old = self.old or b""
        steps = reverse_splices(old, difference(old, self.new))
        sha = filesystem.sha_of(self.new)
        yield from history_format.file_entries(
            commit, RATES_FILE, self._old_sha, sha, steps, history_format.RATES
        )

    @property
    def _old_sha(self) -> str | None:
        return None if self.old is None else filesystem.sha_of(self.old)


def edit_rates(root: Path, quotes: Sequence[Quote]) -> RatesEdit:
    """What comes of rates that are added to those of a book.

    Raises:
        InvalidBookError: rates.yaml cannot be read, or not be edited safely.
    """
    found = rates_data(root)
    old = None if found is None else found.data
    text = read_rates(old or b"")
    merged = merge(text.quotes, quotes)
    new = old or b""
    if merged.quotes:
        new = edited_rates(text, merged.quotes).encode()
        if old is None and has_schemas(root):
            new = comment(RATES_FILE, "rates").encode() + new
        _verify(new, text.quotes, merged.quotes)
    return RatesEdit(merged, old, new)


def edited_rates(text: RatesText, wanted: Sequence[Quote]) -> str:
    """The text of a file with rates that are new or differ; `wanted` is sorted.

    Raises:
        InvalidBookError: it cannot be edited safely.
    """
    if not text.is_cut:
        raise _cannot_edit()
    first = text.entries[0].text if text.entries else ""
    end = "\r\n" if first.endswith("\r\n") else "\n"
    rest = {(quote.date, quote.base): quote.rates for quote in wanted}
    old: list[tuple[dt.date, str]] = []
    for entry in text.entries:
        rates = rest.pop((entry.quote.date, entry.quote.base), {})
        own = _with_rates(entry, rates, end) if rates else entry.text
        old.append((entry.quote.date, _with_line_end(entry.above + own, end)))
    new = [
        (date, plain_line(Quote(date, base, rates), end)) for (date, base), rates in rest.items()
    ]
    head = text.head if text.head or text.entries else _HEAD
    return "".join((_with_line_end(head, end), *_merge_in_order(old, new), text.tail))


def plain_line(quote: Quote, end: str = "\n") -> str:
    """An entry in the form that is read at once."""
    return (
        f"- {{date: {quote.date}, base: {quote.base}, rates: {{{_rates_text(quote.rates)}}}}}{end}"
    )


def _rates_text(rates: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{currency}: {value:f}" for currency, value in rates.items())


def _with_line_end(text: str, end: str) -> str:
    return text if not text or text.endswith("\n") else text + end


def _merge_in_order(old: list[tuple[dt.date, str]], new: list[tuple[dt.date, str]]) -> list[str]:
    """The texts with the new ones in the order of the old: oldest first, newest first, or none."""
    days = [date for date, _ in old]
    newest_first = len(days) > 1 and days == sorted(days, reverse=True) and days[0] > days[-1]
    found = [*old, *new]
    if newest_first or days == sorted(days):
        found.sort(key=lambda each: each[0], reverse=newest_first)
    return [text for _, text in found]


def _with_rates(entry: RateEntry, rates: Mapping[str, Decimal], end: str) -> str:
    """The text of an entry with some rates in place of, or after, those it has."""
    if entry.node is None:
        return plain_line(
            Quote(entry.quote.date, entry.quote.base, {**entry.quote.rates, **rates}), end
        )
    held = entry.node.get("rates")
    assert isinstance(held, nodes.Mapping)  # noqa: S101 - the reader has seen to it
    values = {key.text: value for key, value in held.entries}
    edits = [
        (*_span(values[currency]), f"{value:f}")
        for currency, value in rates.items()
        if currency in values
    ]
    added = {currency: value for currency, value in rates.items() if currency not in values}
    if added:
        key, last = held.entries[-1]
        at = _span(last)[1]
        if held.flow:
            edits.append((at, at, f", {_rates_text(added)}"))
        else:
            at = nodes.line_end(entry.text, at)
            lines = (
                f"{' ' * key.start.column}{name}: {each:f}{end}" for name, each in added.items()
            )
            before = "" if entry.text[:at].endswith("\n") else end
            edits.append((at, at, before + "".join(lines)))
    text = entry.text
    for start, stop, part in sorted(edits, reverse=True):
        text = text[:start] + part + text[stop:]
    return text


def _span(node: nodes.Node) -> tuple[int, int]:
    """Where a rate stands in its entry's text."""
    if not isinstance(node, nodes.Scalar) or node.style in {"|", ">"}:
        raise _cannot_edit()
    return node.start.index, node.end.index


def _verify(new: bytes, old: Sequence[Quote], wanted: Sequence[Quote]) -> None:
    """The new text must say what the old one said, and what is wanted, and nothing else."""
    meant = {(quote.date, quote.base): dict(quote.rates) for quote in old}
    for quote in wanted:
        meant.setdefault((quote.date, quote.base), {}).update(quote.rates)
    try:
        said = {(each.date, each.base): dict(each.rates) for each in read_rates(new).quotes}
    except InvalidBookError as error:
        raise _cannot_edit() from error
    if said != meant:
        raise _cannot_edit()


def _cannot_edit() -> Exception:
    return InvalidBookError.of(
        "cannot-edit",
        f"{RATES_FILE} is written in a form that cannot be edited safely",
        place=Place(RATES_FILE),
        hint="write each entry in a line of its own that begins in the first column, as"
        " - {date: 2026-03-10, base: EUR, rates: {USD: 1.0815}}",
    )
