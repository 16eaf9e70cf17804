"""Sums the won deals by organization and currency with DuckDB, from a CSV file or its own table."""

import sys

import duckdb

path = sys.argv[1]
if path.endswith(".csv"):
    database = duckdb.connect()
    source = "read_csv(?, types = {'value': 'DECIMAL(18, 2)'})"
    given = [path]
else:
    database = duckdb.connect(path, read_only=True)
    source, given = "deals", []
query = (
    f"SELECT org, currency, sum(value) FROM {source} WHERE status = 'won' "  # noqa: S608 - one of the two above
    "GROUP BY ALL ORDER BY ALL"
)
rows = database.execute(query, given).fetchall()
sys.stdout.writelines(f"{org},{currency},{total}\n" for org, currency, total in rows)
