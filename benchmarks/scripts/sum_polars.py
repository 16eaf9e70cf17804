"""Sums the won deals of a CSV file by organization and currency with polars."""

import sys

import polars as pl

totals = (
    pl.scan_csv(sys.argv[1])
    .filter(pl.col("status") == "won")
    .group_by("org", "currency")
    .agg(pl.col("value").sum())
    .sort("org", "currency")
    .collect()
)
totals.write_csv(sys.stdout, include_header=False, float_precision=2)
