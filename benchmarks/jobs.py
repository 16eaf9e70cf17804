"""The jobs of the table: what is run for each, in which state of the book and of the cache.

It knows acctcli's commands and the targets. How a process is timed, `timing` knows, and how other
programs are called, `rivals`.
"""

from __future__ import annotations

import re
import shutil
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from report import MEGABYTE, Row, absent, compared, memory
from rivals import (
    DUCKDB_CSV,
    LEDGER,
    POLARS_CSV,
    RIVALS,
    acctcli_totals,
    ledger_command,
    load_yaml_command,
    same_totals,
)
from timing import BenchmarkError, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exports import Exports
    from synthetic import Book, Deal
    from timing import Runner, Taken

PEAK = 400 * MEGABYTE
REFERENCE = 210_000
_LIST = ("account", "list", "--format", "json")
_LISTED = "`account list --format json`"
_START_ROUNDS = 4  # times as many rounds, where a run takes milliseconds
_SLOW = 50_000  # records from which on CSafeLoader is run once, since it takes minutes
_KINDS = ("orgs", "deals", "activities")
_WON_VALUE = re.compile(rb"\n  value: \d+\.(\d\d)\n  currency: \w+\n  status: won\n")
_WINDOW = 1 << 20


class Place(NamedTuple):
    """Where everything is.

    Attributes:
        run: A folder of this run's own, for what is changed.
        cache: Where acctcli keeps what it remembers, in that folder.
        book: A copy of the book, in that folder.
        master: The book as it was generated.
        reference: The same at the size of reference, or the book itself when it is smaller.
        odd: The same records as in the book, in the odd form.
        sample: The sample book of the project.
        exports: The book for other programs.
    """

    run: Path
    cache: Path
    book: Path
    master: Path
    reference: Path
    odd: Path
    sample: Path
    exports: Exports


class Bench:
    """One run over one book. Each method measures some rows of the table."""

    def __init__(self, book: Book, place: Place, runner: Runner, rounds: int) -> None:
        self._invented = book
        self._place = place
        self._runner = runner
        self._rounds = rounds
        self._peaks: dict[str, Taken] = {}
        self._acctcli = str(Path(sys.executable).with_name("acctcli"))
        shutil.copytree(place.master, place.book)

    def _words(self, book: Path, *words: str) -> list[str]:
        return [self._acctcli, "--book", str(book), *words]

    def _warm(self, book: Path) -> None:
        self._runner.run("warm", self._words(book, *_LIST))

    def _cool(self) -> None:
        shutil.rmtree(self._place.cache, ignore_errors=True)
        self._place.cache.mkdir(parents=True)

    def _warm_task(self, book: Path, *words: str, rounds: int | None = None) -> Task:
        """A command before which the cache is made warm."""
        return Task(self._words(book, *words), lambda _: self._warm(book), rounds)

    # the rows

    def start_up(self) -> list[Row]:
        """What starting costs, and a small book."""
        sample = self._place.run / "sample"
        shutil.copytree(self._place.sample, sample)
        self._warm(sample)
        listing = ("account", "list", "--format")
        taken = self._runner.in_turns(
            {
                "pass": Task([sys.executable, "-c", "pass"]),
                "version": Task([self._acctcli, "--version"]),
                "sample-json": Task(self._words(sample, *listing, "json")),
                "sample-table": Task(self._words(sample, *listing, "table")),
            },
            self._rounds * _START_ROUNDS,
        )
        jobs = (
            ("version", "`acctcli --version`", 5),
            ("sample-json", f"{_LISTED} of sample-data", 8),
            ("sample-table", "`account list` of sample-data, as table", 12),
        )
        return [
            compared(job, taken[name], "`python -c pass`", taken["pass"], target=target)
            for name, job, target in jobs
        ]

    def warm_list(self) -> list[Row]:
        """All accounts when the cache is warm, beside all others that can sum won value."""
        book, made = self._place.book, self._place.exports
        self._warm(book)
        there = [rival for rival in RIVALS if rival.version()]
        tasks = {"list": Task(self._words(book, *_LIST))}
        tasks |= {rival.name: Task(rival.command(made)) for rival in there}
        names = {name: f"job-{number}" for number, name in enumerate(tasks)}
        taken = self._runner.in_turns(
            {names[name]: task for name, task in tasks.items()}, self._rounds
        )
        ours = self._peaks["warm list of accounts"] = taken["job-0"]
        totals = acctcli_totals(ours.out.read_text("utf-8"))
        rows: list[Row] = []
        for rival in RIVALS:
            target = {LEDGER: 0.3, DUCKDB_CSV: 1, POLARS_CSV: 1}.get(rival)
            below = target == 1
            job = f"{_LISTED}, warm"
            if rival not in there:
                rows.append(absent(job, ours, rival.name, target, below=below))
                continue
            theirs = taken[names[rival.name]]
            found = rival.totals(theirs.out.read_text("utf-8"))
            if not same_totals(totals, found, rival.digits):
                raise BenchmarkError(f"{rival.name} has other totals than acctcli")
            rows.append(compared(job, ours, rival.name, theirs, target=target, below=below))
        return rows

    def first_run(self) -> list[Row]:
        """All accounts when nothing is remembered, beside others that read as much."""
        size, place = self._invented.size, self._place
        whole = size <= REFERENCE
        read = place.master if whole else place.reference
        tasks = {
            "first": Task(self._words(place.book, *_LIST), lambda _: self._cool()),
            "yaml": Task(
                load_yaml_command([read / f"{kind}.yaml" for kind in _KINDS]),
                rounds=1 if size >= _SLOW else None,
            ),
        }
        ledger = LEDGER.version() is not None
        if ledger:
            tasks["ledger-all"] = Task(ledger_command(place.exports.journal))
        taken = self._runner.in_turns(tasks, self._rounds)
        ours = self._peaks["first read"] = taken["first"]
        job, name = f"{_LISTED}, first run ever", f"ledger, {size:,} transactions"
        load = taken["yaml"].seconds
        loader = "`CSafeLoader`, the same files"
        if not whole:
            load *= size / REFERENCE
            loader += f" (reckoned from {REFERENCE:,} records)"
        return [
            compared(job, ours, name, taken["ledger-all"], target=1.5)
            if ledger
            else absent(job, ours, name, 1.5),
            compared(job, ours, loader, load, target=0.1),
        ]

    def odd_form(self) -> list[Row]:
        """All accounts of the same records as odd hands write them, when nothing is remembered."""
        odd = self._place.run / "odd"
        shutil.copytree(self._place.odd, odd)
        taken = self._runner.in_turns(
            {
                "plain": Task(self._words(self._place.book, *_LIST), lambda _: self._cool()),
                "odd": Task(self._words(odd, *_LIST), lambda _: self._cool()),
            },
            min(self._rounds, 3),
        )
        shutil.rmtree(odd)
        self._peaks["first read, odd form"] = taken["odd"]
        job = f"{_LISTED}, first run ever, odd form"
        return [compared(job, taken["odd"], "the plain form", taken["plain"], target=None)]

    def edited_by_hand(self) -> list[Row]:
        """All accounts after one record was changed in an editor."""
        book = self._place.book
        deals = book / "deals.yaml"
        taken = self._runner.in_turns(
            {
                "before": self._warm_task(book, *_LIST),
                "edited": Task(self._words(book, *_LIST), lambda _: edit_by_hand(deals)),
            },
            self._rounds,
        )
        job = f"{_LISTED}, a deal edited by hand"
        self._peaks["list after an edit by hand"] = taken["edited"]
        return [compared(job, taken["edited"], "warm", taken["before"], target=6)]

    def one_record(self) -> list[Row]:
        """One record read or written, here and in the small book."""
        book, sample = self._place.book, self._place.run / "small"
        shutil.copytree(self._place.sample, sample)
        rounds = self._rounds
        here = [deal.id for deal in islice(self._open_deals(), rounds)]
        listed = self._runner.run(
            "open", self._words(sample, "deal", "list", "--status", "open", "--format", "ids")
        )
        there = listed.out.read_text("utf-8").split()
        rounds = min(rounds, len(here), len(there))  # a deal can be won once
        org, small_org = self._invented.org_id(0), "northwind"
        tasks: dict[str, Task] = {}
        for name, root, deals, account in (
            ("book", book, here, org),
            ("small", sample, there, small_org),
        ):
            add = ("activity", "add", "Call about the order", "--org", account, "--due", "+3d")
            tasks[f"show-{name}"] = self._warm_task(root, "account", "show", account)
            tasks[f"won-{name}"] = self._won(root, deals)
            tasks[f"add-{name}"] = self._warm_task(root, *add)
        turns = sorted(tasks, key=lambda name: name.split("-")[0])
        taken = self._runner.in_turns({name: tasks[name] for name in turns}, rounds)
        rows: list[Row] = []
        for name, job, target in (
            ("show", "account show", 2),
            ("won", "deal won", 4),
            ("add", "activity add", 4),
        ):
            ours = self._peaks[job] = taken[f"{name}-book"]
            other = taken[f"{name}-small"]
            rows.append(compared(f"`{job}`", ours, "in sample-data", other, target=target))
        return rows

    def _won(self, root: Path, deals: Sequence[str]) -> Task:
        return Task(
            lambda number: self._words(root, "deal", "won", deals[number]),
            lambda _: self._warm(root),
        )

    def _open_deals(self) -> Iterator[Deal]:
        return (deal for deal in self._invented.deals() if deal.status == "open")

    def ten_times(self) -> list[Row]:
        """A book of ten times the size of reference, beside that one."""
        if self._invented.size <= REFERENCE:
            return []
        small = self._place.run / "reference"
        shutil.copytree(self._place.reference, small)
        self._warm(small)
        self._warm(self._place.book)
        taken = self._runner.in_turns(
            {
                "reference": Task(self._words(small, *_LIST)),
                "large": Task(self._words(self._place.book, *_LIST)),
            },
            self._rounds,
        )
        shutil.rmtree(small)
        job, name = f"{_LISTED}, warm", f"the same of {REFERENCE:,} records"
        return [compared(job, taken["large"], name, taken["reference"], target=12)]

    def imported(self) -> list[Row]:
        """Deals from a table, beside reading what came of it."""
        made, target = self._place.exports, self._place.run / "imported"
        with made.import_csv.open(encoding="utf-8") as file:
            count = sum(1 for _ in file) - 1

        def fresh(_: int) -> None:
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            for name in ("orgs.yaml", "acctcli.yaml"):
                shutil.copy(self._place.master / name, target)
            self._warm(target)

        words = ("import", "csv", str(made.import_csv), "--map", str(made.import_map))
        rounds = min(self._rounds, 3)
        load = load_yaml_command([target / "deals.yaml"])
        taken = self._runner.in_turns(
            {
                "import": Task(self._words(target, *words), fresh),
                "yaml": Task(load, rounds=1 if count >= _SLOW else None),
            },
            rounds,
        )
        job = f"import of {count:,} deals from CSV"
        self._peaks[job] = taken["import"]
        name = "`CSafeLoader` over what it writes"
        return [compared(job, taken["import"], name, taken["yaml"], target=0.6)]

    def peaks(self) -> list[Row]:
        """The peak memory of all that was measured, and of some commands more."""
        book, name = self._place.book, next(self._invented.orgs()).name
        more = {
            "org list, ndjson": ("org", "list", "--format", "ndjson"),
            "deal list, ndjson": ("deal", "list", "--format", "ndjson"),
            "agenda": ("agenda",),
            "check": ("check",),
            "find by name": ("org", "show", name),
        }
        self._warm(book)
        for number, (job, words) in enumerate(more.items()):
            self._peaks[job] = self._runner.run(f"peak-{number}", self._words(book, *words))
        # The limit is for reads and for writes of one record.
        return [
            memory(job, taken, None if job.startswith("import") else PEAK)
            for job, taken in self._peaks.items()
        ]


def edit_by_hand(path: Path) -> None:
    """Change the cents of one won deal in the middle of a file, as an editor might.

    Raises:
        BenchmarkError: no won deal in the plain form stands there.
    """
    start = max(0, path.stat().st_size // 2 - _WINDOW // 2)
    with path.open("r+b") as file:
        file.seek(start)
        found = _WON_VALUE.search(file.read(_WINDOW))
        if found is None:
            raise BenchmarkError(f"there is no won deal in the middle of {path.name}")
        file.seek(start + found.start(1))
        file.write(b"%02d" % ((int(found[1]) + 1) % 100))
