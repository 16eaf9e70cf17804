"""Writes an invented book of any size: in the form acctcli writes, or as odd hands would.

    python benchmarks/generate.py DIR --size 210000 --seed 1 --form plain

It knows the files and their two forms; which records there are, `synthetic` knows. Same size, seed
and form: the same bytes. Records are written as they are made, so memory does not grow with size.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TextIO

from synthetic import Book, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FORMS = ("plain", "odd")
KINDS = ("orgs", "deals", "activities")
# What stands in quotes wherever it is written, since a reader of YAML would take it for a number.
_NUMBER_LIKE = frozenset({"phone", "due_time", "duration"})
_TYPED = frozenset(
    {"id", "org", "deal", "value", "done", "due_date", "expected_close_date"}
    | {"add_time", "won_time", "lost_time", "done_time"}
)
_SETTINGS = "currency: EUR\ntimezone: Europe/Rome\n"
_ODD_SETTINGS = """\
# A book that many hands have written in.
"currency": 'EUR'   # for new deals
timezone: Europe/Rome

new_records: {deals: "deals/{year}.yaml"}
"""


def write_book(folder: Path, book: Book, form: str) -> None:
    """Write the files of a book into a folder, which is made when it is not there.

    Raises:
        FileExistsError: there is a book already.
        OSError: the system refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "acctcli.yaml").exists():
        raise FileExistsError(f"there is a book in {folder} already")
    if form == "plain":
        for kind in KINDS:
            with _create(folder / f"{kind}.yaml") as file:
                for record in _records(book, kind):
                    file.write(plain_text(record))
    else:
        _write_odd(folder, book)
    # Last, for it is what makes the folder a book.
    with _create(folder / "acctcli.yaml") as file:
        file.write(_SETTINGS if form == "plain" else _ODD_SETTINGS)


def _create(path: Path) -> TextIO:
    return path.open("x", encoding="utf-8", newline="\n")


def _records(book: Book, kind: str) -> Iterable[Record]:
    records: Callable[[], Iterable[Record]] = getattr(book, kind)
    return records()


def plain_text(record: Record) -> str:
    """A record as acctcli writes it: a key a line, quotes only where a reader needs them."""
    lines = [
        f"{key}: {_plain(key, value)}\n"
        for key, value in zip(record._fields, record, strict=True)
        if value is not None
    ]
    return "- " + "  ".join(lines)


def _plain(key: str, value: str) -> str:
    return f'"{value}"' if key in _NUMBER_LIKE or ": " in value else value


# The odd form


def _write_odd(folder: Path, book: Book) -> None:
    for kind in ("orgs", "activities"):
        random = Random(f"{book.seed} odd {kind}")
        # Saved once by an editor of another system.
        end = "\r\n" if kind == "activities" else "\n"
        with _create(folder / f"{kind}.yaml") as file:
            file.write(f"# The {kind} of this book.{end}{end}")
            for record in _records(book, kind):
                file.write(odd_text(record, random).replace("\n", end))
    (folder / "deals").mkdir(exist_ok=True)
    random = Random(f"{book.seed} odd deals")
    with ExitStack() as stack:
        years: dict[str, TextIO] = {}
        for deal in book.deals():
            year = deal.add_time[:4]
            if year not in years:
                years[year] = stack.enter_context(_create(folder / "deals" / f"{year}.yaml"))
                years[year].write(f"# {year}. New deals are added at the end of this file.\n\n")
            years[year].write(odd_text(deal, random))


def odd_text(record: Record, random: Random) -> str:
    """A record as odd hands write it: with comments, blank lines and any quoting there is.

    It reads as the record, with labels and a key more now and then.
    """
    keys = [(key, value) for key, value in zip(record._fields, record, strict=True) if value]
    if random.random() < 0.1:
        first, *rest = keys
        random.shuffle(rest)
        keys = [first, *rest]
    lines: list[str] = []
    for key, value in keys:
        lines += _odd_lines(key, value, random)
        if random.random() < 0.02:
            lines.append("# as agreed on the phone")
    lines += _odd_extras(record, random)
    before = "# see the folder on the shelf: 'B 12'\n" if random.random() < 0.05 else ""
    after = "\n" if random.random() < 0.5 else ""
    return before + "- " + "".join(f"{line}\n" for line in _indented(lines)) + after


def _indented(lines: list[str]) -> Iterator[str]:
    yield lines[0]
    for line in lines[1:]:
        yield f"  {line}" if line else ""


def _odd_lines(key: str, value: str, random: Random) -> list[str]:
    if key in _TYPED:
        comment = "   # checked" if random.random() < 0.03 else ""
        return [f"{key}: {value}{comment}"]
    form = random.choices(("plain", "single", "double", "escaped", "block", "folded"), _SHARES)[0]
    if form == "single":
        doubled = value.replace("'", "''")
        return [f"{key}: '{doubled}'"]
    if form == "double":
        return [f'{key}:   "{value}"']
    if form == "escaped":
        return [f'"{key}": "{_escaped(value)}"']
    if form in {"block", "folded"}:
        return [f"{key}: {'|-' if form == 'block' else '>-'}", f"  {value}"]
    return [f"{key}: {_plain(key, value)}"]


_SHARES = (70, 10, 10, 4, 3, 3)


def _escaped(text: str) -> str:
    return "".join(
        char if char.isascii() and char not in "aeiou" else f"\\u{ord(char):04x}" for char in text
    )


def _odd_extras(record: Record, random: Random) -> list[str]:
    lines: list[str] = []
    if "subject" not in record._fields and random.random() < 0.1:
        lines.append(
            random.choice(("labels: [vip, 'by post']", "labels: [ export ]", "labels: []"))
        )
    if random.random() < 0.05:
        lines.append('old_number: "00417"')
    if random.random() < 0.02:
        lines += [
            "memo: |",
            "  First line: as it was told.",
            "",
            "  Third line, after a blank one.",
        ]
    return lines


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Write an invented book of any size.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--size", type=int, default=210_000, metavar="N", help="records in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", choices=FORMS, default="plain")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> int:
    """The command: write the book and say what is in it; gives the exit code."""
    arguments = _arguments(words)
    try:
        book = Book(arguments.size, arguments.seed)
        write_book(arguments.folder, book, arguments.form)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    orgs, deals, activities = book.counts
    print(f"{orgs} organizations, {deals} deals, {activities} activities in {arguments.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
