"""The records of a book as they stood on a day (rule 7).

All else is as it is today: it reads no history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from acctcli.core.accounts.totals import done_day
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.errors import Problem
from acctcli.core.model.records import Data, Record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from acctcli.core.model.records import Activity, Deal, Stamp

_Found = TypeVar("_Found", bound=Record)


def as_of(data: Data, day: dt.date, zone: dt.tzinfo) -> tuple[Data, list[Problem]]:
    """The records as they stood on a day, and the wins that are left out for want of a day.

    What was added later is not there, and links to it lead nowhere. What was won or lost later was
    open, what was done later was still to be done. A won deal that does not say when it was won is
    left out, for it would be wrong as won and as open. What is lost or done and does not say since
    when always was.

    Args:
        data: The records as they are today; those of a kind are looked through when they are
            asked for, but for deals, which are looked through now.
        day: The day, which it was until its end.
        zone: Where the day of a timestamp is taken (rule 6).
    """

    def there(record: _Found) -> _Found | None:
        return None if _is_later(record.add_time, day, zone) else record

    def activity_then(activity: Activity) -> Activity | None:
        return None if there(activity) is None else _activity_on(activity, day, zone)

    deals: dict[str, Deal] = {}
    undated: list[Problem] = []
    for key, deal in data.deals.items():
        if there(deal) is None:
            continue
        if deal.status == "won" and deal.won_time is None:
            undated.append(_undated_win(deal))
        else:
            deals[key] = _deal_on(deal, day, zone)
    then = Data(
        orgs=_PastRecords(data.orgs, there),
        people=_PastRecords(data.people, there),
        deals=deals,
        activities=_PastRecords(data.activities, activity_then),
        notes=_PastRecords(data.notes, there),
        files=_PastRecords(data.files, there),
    )
    return then, undated


class _PastRecords(Mapping[str, _Found]):
    """The records of a kind as they were, made when the first of them is asked for."""

    def __init__(
        self, today: Mapping[str, _Found], then: Callable[[_Found], _Found | None]
    ) -> None:
        self._today = today
        self._then = then
        self._made: dict[str, _Found] | None = None

    def _load(self) -> dict[str, _Found]:
        if self._made is None:
            pairs = ((key, self._then(record)) for key, record in self._today.items())
            self._made = {key: record for key, record in pairs if record is not None}
        return self._made

    def __getitem__(self, record_id: str) -> _Found:
        return self._load()[record_id]

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._load()

    def __iter__(self) -> Iterator[str]:
        return iter(self._load())

    def __len__(self) -> int:
        return len(self._load())


def _is_later(stamp: Stamp | None, day: dt.date, zone: dt.tzinfo) -> bool:
    return stamp is not None and stamp_day(stamp, zone) > day


def _deal_on(deal: Deal, day: dt.date, zone: dt.tzinfo) -> Deal:
    closed = {"won": deal.won_time, "lost": deal.lost_time}.get(deal.status)
    if not _is_later(closed, day, zone):
        return deal
    return replace(deal, status="open", won_time=None, lost_time=None, lost_reason=None)


def _activity_on(activity: Activity, day: dt.date, zone: dt.tzinfo) -> Activity:
    if activity.done and _is_later(done_day(activity, zone), day, zone):
        return replace(activity, done=False, done_time=None)
    return activity


def _undated_win(deal: Deal) -> Problem:
    return Problem(
        id="won-without-time",
        level="warning",
        message=f'deal "{deal.title}" ({deal.id}) is won, but nothing says when, so it is left out',
        hint=f"write the day it was won: acctcli deal edit {deal.id} --set won_time=2026-03-02",
        kind="deals",
        record=deal.id,
        field="won_time",
    )
