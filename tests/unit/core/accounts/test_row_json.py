"""The kept text of a list's row is what would be written of the row, on any day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from helpers.strategies import SETTINGS, books
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.accounts.row_json import read_standing, row_text, standing_text
from acctcli.core.accounts.totals import account_row, account_standing, summarize
from acctcli.core.model.records import Activity, Data, Org
from acctcli.render.formats.json_csv import encode, object_text

if TYPE_CHECKING:
    from acctcli.core.accounts.totals import AccountRow

ZONE = dt.UTC
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))
OWN = {"segment": 'A " \n é', "none": None}


def texts_agree(data: Data, today: dt.date) -> None:
    summaries = summarize(data, SETTINGS, ZONE)
    for org in data.orgs.values():
        summary = summaries[org.id]
        kept = account_standing(org, summary)
        text = standing_text(kept)
        assert read_standing(text) == kept
        shown = account_row(org, summary, today, SETTINGS)
        for membership in (True, False):
            written = row_text(
                text,
                shown.bucket,
                (len(summary.due_dates), shown.overdue_count),
                object_text(OWN),
                is_account=shown.is_account if membership else None,
            )
            assert b"[\n" + written + b"\n]\n" == b"".join(
                encode([mapping(shown, membership)], "json")
            )


def mapping(shown: AccountRow, membership: bool) -> dict[str, object]:  # noqa: FBT001 - a test's own
    keys = [key for key in shown.__struct_fields__ if membership or key != "is_account"]
    return {**{key: getattr(shown, key) for key in keys}, "custom_fields": OWN}


@settings(max_examples=60)
@given(books("orgs", "people", "deals", "activities"), DAYS)
def test_it_is_what_is_written_of_the_row(data: Data, today: dt.date) -> None:
    texts_agree(data, today)


def test_a_text_that_looks_like_a_key_is_none() -> None:
    trap = 'x,\n    "last_contact": null'
    orgs: dict[str, Org] = {"a": Org(id="a", name=trap, owner=trap)}
    planned = Activity(
        id="a1", subject=trap, org="a", due_date=dt.date(2026, 3, 1), due_time=dt.time(9, 5)
    )
    texts_agree(Data(orgs=orgs, activities={"a1": planned}), dt.date(2026, 3, 2))
