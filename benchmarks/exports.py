"""The same invented book for other programs: as journals, tables and databases.

It knows their forms, and `synthetic` the records. It runs none of these programs, but for the
libraries that fill a database.
"""

from __future__ import annotations

import csv
import sqlite3
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from synthetic import Book, Deal

IMPORTED = 100_000  # rows of the table to import, if the book has as many deals
_MAP = """\
kind: deals
source: bench
key: Number
columns:
  Title: title
  Customer: org
  Owner: owner
  Amount: value
  Currency: currency
  Status: status
  Stage: stage
  Closed: close_time
  Created: add_time
values:
  status: {Won: won, Lost: lost, Open: open}
links:
  org: {match: name}
"""
_COLUMNS = (
    "Number", "Title", "Customer", "Owner", "Amount", "Currency", "Status", "Stage", "Closed",
    "Created",
)  # fmt: skip


class Exports(NamedTuple):
    """The files that hold the book for other programs.

    Attributes:
        wins: A journal of the won deals, a transaction each.
        journal: A journal of all records, a transaction each.
        deals_csv: All deals.
        deals_rec: All deals, for recsel.
        sqlite: All deals, in a table.
        duckdb: The same; not there when DuckDB is not.
        import_csv: Deals as a table of some other program.
        import_map: What its columns mean.
    """

    wins: Path
    journal: Path
    deals_csv: Path
    deals_rec: Path
    sqlite: Path
    duckdb: Path
    import_csv: Path
    import_map: Path


def files(folder: Path) -> Exports:
    """Where the files stand, or will, in a folder."""
    return Exports(
        folder / "wins.journal",
        folder / "all.journal",
        folder / "deals.csv",
        folder / "deals.rec",
        folder / "deals.sqlite",
        folder / "deals.duckdb",
        folder / "import.csv",
        folder / "import-map.yaml",
    )


def write_exports(folder: Path, book: Book) -> Exports:
    """Write all of them into a folder.

    Raises:
        OSError: the system refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = files(folder)
    with made.wins.open("w", encoding="utf-8") as file:
        file.writelines(_posted(deal) for deal in book.deals() if deal.status == "won")
    with made.journal.open("w", encoding="utf-8") as file:
        file.writelines(_journal(book))
    with made.deals_csv.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        deals = book.deals()
        first = next(deals)
        table.writerow(first._fields)
        table.writerow(first)
        table.writerows(deals)
    with made.deals_rec.open("w", encoding="utf-8") as file:
        file.write("%rec: Deal\n\n")
        file.writelines(_rec(deal) for deal in book.deals())
    _write_import(made, book)
    _fill_sqlite(made.sqlite, book)
    _fill_duckdb(made)
    return made


def _posted(deal: Deal) -> str:
    day = deal.won_time or deal.add_time
    account = "Won" if deal.status == "won" else "Deals"
    return (
        f"{day} {deal.title}\n    {account}:{deal.org}    {deal.currency} {deal.value}\n    Sales\n"
    )


def _journal(book: Book) -> Iterator[str]:
    for org in book.orgs():
        yield f"{org.add_time} {org.name}\n    Known:{org.id}    EUR 0.00\n    Sales\n"
    for deal in book.deals():
        yield _posted(deal)
    for activity in book.activities():
        yield (
            f"{activity.due_date} {activity.subject}\n"
            f"    Done:{activity.org}    EUR 1.00\n    Time\n"
        )


def _rec(deal: Deal) -> str:
    pairs = zip(deal._fields, deal, strict=True)
    return "".join(f"{key}: {value}\n" for key, value in pairs if value is not None) + "\n"


def _write_import(made: Exports, book: Book) -> None:
    names = {org.id: org.name for org in book.orgs()}
    with made.import_csv.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(_COLUMNS)
        for number, deal in enumerate(islice(book.deals(), IMPORTED), 1):
            closed = deal.won_time or deal.lost_time
            cells = (names[deal.org], deal.owner, deal.value, deal.currency, deal.status.title())
            table.writerow((number, deal.title, *cells, deal.stage, closed, deal.add_time))
    made.import_map.write_text(_MAP, "utf-8")


def _fill_sqlite(path: Path, book: Book) -> None:
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        # SQLite has no decimals: whole cents are what is exact there.
        database.execute("CREATE TABLE deals (id, org, currency, status, cents INTEGER)")
        database.executemany(
            "INSERT INTO deals VALUES (?, ?, ?, ?, ?)",
            (
                (deal.id, deal.org, deal.currency, deal.status, int(Decimal(deal.value) * 100))
                for deal in book.deals()
            ),
        )
    database.close()


def _fill_duckdb(made: Exports) -> None:
    try:
        import duckdb
    except ImportError:
        return
    made.duckdb.unlink(missing_ok=True)
    with duckdb.connect(str(made.duckdb)) as database:
        database.execute(
            "CREATE TABLE deals AS SELECT id, org, currency, status, "
            "value::DECIMAL(18, 2) AS value FROM read_csv(?, all_varchar = true)",
            [str(made.deals_csv)],
        )
