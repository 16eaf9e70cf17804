"""Measures acctcli and writes down what it found: what `make bench` runs.

    python benchmarks/run.py --size 210000

It prints one table and writes the section of that size in docs/benchmarks.md. Nothing is asserted:
a target that is not met is a word in the table.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from exports import Exports, files, write_exports
from generate import write_book
from jobs import REFERENCE, Bench, Place
from report import section, table, with_section
from rivals import RIVALS, package_version
from synthetic import SMALLEST, TODAY, Book
from timing import BenchmarkError, Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from report import Row

HERE = Path(__file__).parent
PROJECT = HERE.parent
PAGE = PROJECT / "docs" / "benchmarks.md"
JOBS: dict[str, Callable[[Bench], list[Row]]] = {
    "start": Bench.start_up,
    "list": Bench.warm_list,
    "first": Bench.first_run,
    "odd": Bench.odd_form,
    "edit": Bench.edited_by_hand,
    "record": Bench.one_record,
    "large": Bench.ten_times,
    "import": Bench.imported,
    "peak": Bench.peaks,
}


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure acctcli, as ratios to other programs.")
    parser.add_argument(
        "--size", type=int, default=REFERENCE, metavar="N", help="10000, 210000 or 2100000 records"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5, help="how often each job is run")
    parser.add_argument(
        "--work", type=Path, metavar="DIR", help="keep the books there, and use them"
    )
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md alone")
    parser.add_argument(
        "--only", action="append", choices=JOBS, help="only these jobs; nothing is written"
    )
    arguments = parser.parse_args(words)
    if arguments.size < SMALLEST:
        parser.error(f"--size is {SMALLEST} or more")
    if arguments.rounds < 1:
        parser.error("--rounds is 1 or more")
    return arguments


@contextmanager
def _folders(work: Path | None) -> Iterator[tuple[Path, Path]]:
    """The folder for books that are kept, and one for this run; what was not asked for goes."""
    if work:
        work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="acctcli-bench-", dir=work) as run:
        yield (work or Path(run) / "made"), Path(run)


def _kept(work: Path, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that is made once, and again when what makes it has changed."""
    sources = b"".join(
        (HERE / f"{one}.py").read_bytes() for one in ("synthetic", "generate", "exports")
    )
    folder = work / name
    mark = folder / "made-by"
    made_by = hashlib.sha256(sources).hexdigest()
    if not mark.is_file() or mark.read_text("utf-8") != made_by:
        shutil.rmtree(folder, ignore_errors=True)
        make(folder / "data")
        mark.write_text(made_by, "utf-8")
    return folder / "data"


def _book(work: Path, book: Book, form: str = "plain") -> Path:
    name = f"{form}-{book.size}-{book.seed}"
    return _kept(work, name, lambda to: write_book(to, book, form))


def _exports(work: Path, book: Book) -> Exports:
    # With DuckDB or without: a table for it is there or not.
    name = f"exports-{book.size}-{book.seed}-{package_version('duckdb') or 'plain'}"
    return files(_kept(work, name, lambda to: write_exports(to, book)))


def _environ(run: Path) -> dict[str, str]:
    """An environment without surprises: a day, a zone, a home and a cache of its own."""
    (run / "home").mkdir()
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(run / "home"),
        "LANG": "C.UTF-8",
        "TZ": "Europe/Rome",
        "XDG_CACHE_HOME": str(run / "cache"),
        "ACCTCLI_TODAY": TODAY.isoformat(),
        "ACCTCLI_ACTOR": "bench@example.com",
    }


def _versions() -> dict[str, str | None]:
    packages = {"acctcli": "acctcli", "PyYAML": "pyyaml"}
    found: dict[str, str | None] = {"Python": platform.python_version()}
    found |= {name: package_version(package) for name, package in packages.items()}
    return found | {rival.program: rival.version() for rival in RIVALS}


def main(words: list[str] | None = None) -> int:
    """The command; gives the exit code."""
    arguments = _arguments(words)
    book = Book(arguments.size, arguments.seed)
    reference = book if book.size <= REFERENCE else Book(REFERENCE, book.seed)
    with _folders(arguments.work) as (work, run):
        place = Place(
            run=run,
            cache=run / "cache",
            book=run / "book",
            master=_book(work, book),
            reference=_book(work, reference),
            odd=_book(work, book, "odd"),
            sample=PROJECT / "sample-data",
            exports=_exports(work, book),
        )
        runner = Runner(run / "out", _environ(run))
        bench = Bench(book, place, runner, arguments.rounds)
        rows: list[Row] = []
        try:
            for name, job in JOBS.items():
                if not arguments.only or name in arguments.only:
                    rows += job(bench)
        except BenchmarkError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        print(table(rows))
        if not arguments.no_write and not arguments.only:
            text = section(
                book.size, f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", _versions(), rows, place=run
            )
            page = PAGE.read_text("utf-8") if PAGE.exists() else None
            PAGE.write_text(with_section(page, book.size, text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
