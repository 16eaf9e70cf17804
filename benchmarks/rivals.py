"""The other programs that sum won value by organization: how each is called, and what it says.

It knows their commands and the form of their answers. It starts none of them.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exports import Exports

Totals = dict[tuple[str, str], Decimal]  # by organization and currency
SCRIPTS = Path(__file__).with_name("scripts")

_RECSEL = (
    "recsel -t Deal -e \"status = 'won'\" -p org,currency,value {file}"
    " | recsel -G org,currency -p 'org,currency,Sum(value)'"
)
_SQL = (
    "SELECT org, currency, sum(cents) FROM deals WHERE status = 'won'"
    " GROUP BY org, currency ORDER BY org, currency"
)


class Rival(NamedTuple):
    """A program that does the same job.

    Attributes:
        name: What the table calls it, with where it reads from.
        program: The program or the Python package that must be there.
        is_package: Which of the two.
        command: Its words.
        totals: Reads its answer.
        digits: To how many digits it prints sums; 0 for all of them.
    """

    name: str
    program: str
    is_package: bool
    command: Callable[[Exports], Sequence[str]]
    totals: Callable[[str], Totals]
    digits: int = 0

    def version(self) -> str | None:
        """Its version, None when it is not installed."""
        if self.is_package:
            return package_version(self.program)
        path = shutil.which(self.program)
        if path is None:
            return None
        told = subprocess.run(
            [path, "--version"], capture_output=True, text=True, check=False
        ).stdout
        words = (told.splitlines() or ["?"])[0].replace(",", " ").split()
        return next((word for word in words if word[0].isdigit()), "?")


def package_version(name: str) -> str | None:
    """The version of an installed Python package, None when it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def acctcli_totals(text: str) -> Totals:
    """What `account list --format json` says."""
    return {
        (account["id"], currency): amount
        for account in json.loads(text, parse_float=Decimal, parse_int=Decimal)
        for currency, amount in account["won_value"].items()
    }


def _ledger_totals(text: str) -> Totals:
    totals: Totals = {}
    waiting: list[tuple[str, str]] = []  # the amounts above the line that names the account
    for line in text.splitlines():
        if line.startswith("---"):
            break
        currency, amount, *account = line.split()
        waiting.append((currency, amount))
        if account:
            org = account[0].removeprefix("Won:")
            totals |= {(org, currency): Decimal(amount) for currency, amount in waiting}
            waiting = []
    return totals


def _hledger_totals(text: str) -> Totals:
    return {
        (row["account"].removeprefix("Won:"), row["commodity"]): Decimal(row["balance"])
        for row in csv.DictReader(text.splitlines())
        if row["account"] != "total"
    }


def _recsel_totals(text: str) -> Totals:
    totals: Totals = {}
    for record in text.strip().split("\n\n"):
        row = dict(line.split(": ", 1) for line in record.splitlines())
        totals[row["org"], row["currency"]] = Decimal(row["Sum_value"])
    return totals


def _sqlite_totals(text: str) -> Totals:
    rows = (line.split("|") for line in text.splitlines())
    return {(org, currency): Decimal(cents) / 100 for org, currency, cents in rows}


def _csv_totals(text: str) -> Totals:
    return {(org, currency): Decimal(total) for org, currency, total in csv.reader(text.split())}


def same_totals(ours: Totals, theirs: Totals, digits: int) -> bool:
    """Whether two answers agree, to the last cent or, with `digits`, as far as those reach."""
    if ours.keys() != theirs.keys():
        return False
    if not digits:
        return ours == theirs
    return all(abs(ours[key] - theirs[key]) <= abs(ours[key]) / 10 ** (digits - 1) for key in ours)


def _script(name: str, *words: object) -> list[str]:
    return [sys.executable, str(SCRIPTS / name), *map(str, words)]


LEDGER = Rival(
    "`ledger bal --flat`, the same wins",
    "ledger",
    is_package=False,
    command=lambda made: ledger_command(made.wins),
    totals=_ledger_totals,
)
DUCKDB_CSV = Rival(
    "DuckDB, the deals as CSV",
    "duckdb",
    is_package=True,
    command=lambda made: _script("sum_duckdb.py", made.deals_csv),
    totals=_csv_totals,
)
POLARS_CSV = Rival(
    "polars, the deals as CSV",
    "polars",
    is_package=True,
    command=lambda made: _script("sum_polars.py", made.deals_csv),
    totals=_csv_totals,
)
HLEDGER = Rival(
    "`hledger bal --flat`, the same wins",
    "hledger",
    is_package=False,
    command=lambda made: [
        *("hledger", "-f", str(made.wins), "bal", "--flat", "-O", "csv", "--layout=bare"),
        "^Won:",
    ],
    totals=_hledger_totals,
)
RECSEL = Rival(
    "recsel, the deals",
    "recsel",
    is_package=False,
    command=lambda made: ["sh", "-c", _RECSEL.format(file=made.deals_rec)],
    totals=_recsel_totals,
    digits=6,
)
SQLITE = Rival(
    "sqlite3, a table loaded before",
    "sqlite3",
    is_package=False,
    command=lambda made: ["sqlite3", "-readonly", str(made.sqlite), _SQL],
    totals=_sqlite_totals,
)
DUCKDB_TABLE = Rival(
    "DuckDB, a table loaded before",
    "duckdb",
    is_package=True,
    command=lambda made: _script("sum_duckdb.py", made.duckdb),
    totals=_csv_totals,
)
RIVALS = (LEDGER, DUCKDB_CSV, POLARS_CSV, HLEDGER, RECSEL, SQLITE, DUCKDB_TABLE)


def ledger_command(journal: Path) -> list[str]:
    """Ledger's balances of the won deals in a journal, without what a user's own files set."""
    return ["ledger", "--args-only", "-f", str(journal), "bal", "--flat", "^Won:"]


def load_yaml_command(paths: Sequence[Path]) -> list[str]:
    """Reading YAML files with CSafeLoader."""
    return _script("load_yaml.py", *paths)
