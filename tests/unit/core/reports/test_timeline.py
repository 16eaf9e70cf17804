from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from helpers.strategies import SETTINGS, TODAY, ZONE, books, days
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.dates import stamp_day
from acctcli.core.model.links import org_of
from acctcli.core.model.records import (
    Activity,
    Data,
    Deal,
    File,
    Note,
    Org,
    Settings,
)
from acctcli.core.reports.timeline import (
    KIND_WORDS,
    Happening,
    of_types,
    since,
    timeline,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

ACME = Org(id="acme", name="Acme")


def _day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


DATA = Data(
    orgs={"acme": ACME, "beta": Org(id="beta", name="Beta", parent="acme")},
    deals={
        "d1": Deal(
            id="d1",
            title="Oven",
            org="acme",
            person="anna",
            owner="mia",
            value=Decimal(5),
            status="won",
            won_time=_day(7),
            add_time=_day(1),
        ),
        "d2": Deal(id="d2", title="Mill", org="acme", status="lost", add_time=_day(2)),
        "d3": Deal(id="d3", title="Not theirs", org="beta", status="won", won_time=_day(3)),
    },
    activities={
        "a1": Activity(
            id="a1", subject="Call", type="call", deal="d1", done=True, done_time=_day(5)
        ),
        "a2": Activity(id="a2", subject="Meet", type="meeting", org="acme", due_date=_day(20)),
        "a3": Activity(id="a3", subject="Old", org="acme", done=True, due_date=_day(4)),
        "a4": Activity(id="a4", subject="Some day", org="acme"),
    },
    notes={"n1": Note(id="n1", content="Text\nmore", org="acme", owner="tom", add_time=_day(6))},
    files={
        "f1": File(id="f1", name="Plan", org="acme", add_time=_day(3)),
        "f2": File(id="f2", name="Undated", org="acme"),
    },
)


def _told(events: Iterable[Happening]) -> list[str]:
    return [f"{each.day or '-'} {each.id} {each.event}" for each in events]


def test_all_that_happened_stands_there_the_newest_first() -> None:
    found = timeline("acme", DATA, SETTINGS, ZONE)
    assert _told(found) == [
        "2026-03-07 d1 won",
        "2026-03-06 n1 added",
        "2026-03-05 a1 done",
        "2026-03-04 a3 done",
        "2026-03-03 f1 added",
        "2026-03-02 d2 added",
        "2026-03-01 d1 added",
        "- d2 lost",
        "- f2 added",
    ]
    assert found[0] == Happening(
        time=_day(7),
        day=_day(7),
        event="won",
        kind="deals",
        id="d1",
        type=None,
        text="Oven",
        value={"EUR": Decimal(5)},
        person="anna",
        owner="mia",
    )
    assert [each.text for each in found[1:5]] == ["Text\nmore", "Call", "Old", "Plan"]
    assert (found[2].type, found[2].value, found[5].value) == ("call", {}, {})


def test_what_is_planned_is_there_when_it_is_asked_for() -> None:
    found = timeline("acme", DATA, SETTINGS, ZONE, planned=True)
    assert _told(found)[0] == "2026-03-20 a2 planned"
    assert _told(found)[8] == "- a4 planned"
    assert [each for each in found if each.event != "planned"] == timeline(
        "acme", DATA, SETTINGS, ZONE
    )


def test_a_bare_value_without_a_currency_is_not_told() -> None:
    assert timeline("acme", DATA, Settings(), ZONE)[0].value == {}


def test_a_deal_that_is_added_and_won_on_a_day_was_added_first() -> None:
    deal = Deal(id="d", title="t", org="acme", status="won", won_time=_day(1), add_time=_day(1))
    found = timeline("acme", Data(orgs={"acme": ACME}, deals={"d": deal}), SETTINGS, ZONE)
    assert [each.event for each in found] == ["won", "added"]


def test_types_are_kinds_of_records_or_types_of_activities() -> None:
    found = timeline("acme", DATA, SETTINGS, ZONE, planned=True)
    assert {each.id for each in of_types(found, {"call", "note"})} == {"a1", "n1"}
    assert {each.id for each in of_types(found, {"activity"})} == set(DATA.activities)
    assert {each.id for each in of_types(found, {"deal", "file"})} == {"d1", "d2", "f1", "f2"}
    assert of_types(found, {"lunch"}) == []
    assert of_types(found, set(KIND_WORDS)) == found


def _due(data: Data, org: str, *, planned: bool) -> list[tuple[str, str, object]]:
    """What must be on the timeline of an organization, each once: id, event and time."""
    found: list[tuple[str, str, object]] = []
    for a in data.activities.values():
        if org_of(a, data) == org and (a.done or planned):
            time = (a.done_time or a.due_date) if a.done else a.due_date
            found.append((a.id, "done" if a.done else "planned", time))
    for d in data.deals.values():
        if org_of(d, data) == org:
            found.append((d.id, "added", d.add_time))
            if d.status in {"won", "lost"}:
                found.append((d.id, d.status, d.won_time if d.status == "won" else d.lost_time))
    notes_and_files: list[Note | File] = [*data.notes.values(), *data.files.values()]
    found += [
        (each.id, "added", each.add_time) for each in notes_and_files if org_of(each, data) == org
    ]
    return found


@given(data=books(), planned=st.booleans(), day=days)
def test_it_is_complete_and_sorted_and_since_is_its_beginning(
    *, data: Data, planned: bool, day: dt.date
) -> None:
    for org in data.orgs:
        found = timeline(org, data, SETTINGS, ZONE, planned=planned)
        told = [(each.id, each.event, each.time) for each in found]
        assert sorted(map(repr, told)) == sorted(map(repr, _due(data, org, planned=planned)))
        known = [each.day for each in found if each.day is not None]
        assert known == sorted(known, reverse=True)
        assert all(each.day is None for each in found[len(known) :])
        assert all(each.time is None or each.day == stamp_day(each.time, ZONE) for each in found)
        moments = [each.time for each in found if isinstance(each.time, dt.datetime)]
        assert moments == sorted(moments, reverse=True)
        later = since(found, day)
        assert later == [each for each in found if each.day and each.day >= day]
        assert later == found[: len(later)]
        assert since(found, TODAY + dt.timedelta(days=15)) == []
