"""Tables of rates in the form of the European Central Bank's, with numbers that are made up."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

from hypothesis import strategies as st

from acctcli.core.accounts.exchange_rates import (
    Quote,
)
from helpers.strategies import days

TABLE = """\
Date,USD,JPY,GBP,EEK,CHF,
2026-03-10,1.0815,161.30,0.8600,N/A,0.9512,
2026-03-09,1.0790,160.90,N/A,N/A,0.9501,
2026-03-06,1.0802,,0.8590,15.6466,0.9498,
"""
PLAIN = """\
- {date: 2026-03-06, base: EUR, rates: {USD: 1.0802, GBP: 0.8590, CHF: 0.9498}}
- {date: 2026-03-09, base: EUR, rates: {USD: 1.0790, JPY: 160.90, CHF: 0.9501}}
- {date: 2026-03-10, base: EUR, rates: {USD: 1.0815, JPY: 161.30, GBP: 0.8600, CHF: 0.9512}}
"""


def zipped(**files: bytes) -> bytes:
    """A ZIP file with these CSV files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.csv", data)
    return made.getvalue()


CODES = ("EUR", "USD", "JPY", "TND", "GBP")


numbers = st.decimals(Decimal("0.0001"), 2000, places=4)


@st.composite
def quotes(draw: st.DrawFn) -> list[Quote]:
    """Rates of some days and bases, in any order, each day and base once."""
    keys = st.tuples(days, st.sampled_from(CODES[:3]))
    found = []
    for date, base in draw(st.lists(keys, unique=True, max_size=8)):
        others = [code for code in CODES if code != base]
        rates = draw(st.dictionaries(st.sampled_from(others), numbers, min_size=1))
        found.append(Quote(date, base, rates))
    return found
