"""What lists must show, worked out from all records at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.accounts.totals import AccountRow, account_row, list_place, summarize

if TYPE_CHECKING:
    import datetime as dt

    from acctcli.core.model.records import Data, Settings


def org_rows(data: Data, settings: Settings, today: dt.date, zone: dt.tzinfo) -> list[AccountRow]:
    """A row for every organization, account or not, in the order of lists."""
    summaries = summarize(data, settings, zone)
    orgs = sorted(data.orgs.values(), key=list_place)
    return [account_row(org, summaries[org.id], today, settings) for org in orgs]


def account_rows(
    data: Data, settings: Settings, today: dt.date, zone: dt.tzinfo
) -> list[AccountRow]:
    """A row for every account, in the order of lists."""
    return [each for each in org_rows(data, settings, today, zone) if each.is_account]
