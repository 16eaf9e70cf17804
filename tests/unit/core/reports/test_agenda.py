from __future__ import annotations

import datetime as dt

from helpers.strategies import SETTINGS, TODAY, books, days
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from acctcli.core.model.links import org_of
from acctcli.core.model.records import Activity, Data, Deal, Org
from acctcli.core.reports.agenda import AgendaEntry, agenda_entries, due_place

WEEK = TODAY + dt.timedelta(days=7)


def _book(*activities: Activity) -> Data:
    return Data(
        orgs={"acme": Org(id="acme", name="Acme")},
        deals={"d1": Deal(id="d1", title="t", org="acme")},
        activities={each.id: each for each in activities},
    )


def _todo(key: str, ahead: int | None, at: dt.time | None = None, subject: str = "s") -> Activity:
    due = None if ahead is None else TODAY + dt.timedelta(days=ahead)
    return Activity(id=key, subject=subject, due_date=due, due_time=at)


def _ids(found: list[AgendaEntry]) -> list[str]:
    return [entry.id for entry in found]


def test_what_is_due_stands_by_day_time_subject_and_id() -> None:
    data = _book(
        _todo("a", 2),
        _todo("b", 0),
        _todo("c", 0, dt.time(9)),
        _todo("d", -3),
        _todo("e", 0, dt.time(8)),
        _todo("f", 7),
        _todo("g", 8),
        _todo("h", None),
        _todo("i", 2, subject="É"),
        _todo("j", 2, subject="e"),
        _todo("k", 0, dt.time(0)),
    )
    found = agenda_entries(data, SETTINGS, TODAY, WEEK)
    assert _ids(found) == ["d", "k", "e", "c", "b", "i", "j", "a", "f"]
    buckets = {entry.id: entry.bucket for entry in found}
    assert (buckets["d"], buckets["b"], buckets["a"], buckets["f"]) == (
        "overdue",
        "today",
        "soon",
        "later",
    )


def test_an_entry_is_the_activity_with_its_organization() -> None:
    activity = Activity(
        id="a",
        subject="Call",
        type="call",
        deal="d1",
        owner="mia",
        due_date=TODAY,
        due_time=dt.time(9),
        note="bring slides",
        custom={"room": "12"},
    )
    (entry,) = agenda_entries(_book(activity), SETTINGS, TODAY, WEEK)
    assert structs.asdict(entry) == structs.asdict(activity) | {
        "org": "acme",
        "org_name": "Acme",
        "bucket": "today",
    }


def test_an_activity_of_no_organization_is_on_the_agenda_too() -> None:
    stray = Activity(id="a", subject="s", org="ghost", due_date=TODAY)
    (entry,) = agenda_entries(_book(stray), SETTINGS, TODAY, WEEK)
    assert (entry.org, entry.org_name) == (None, None)


def test_the_agenda_of_one_owner() -> None:
    data = _book(
        Activity(id="a", subject="s", owner="mia", due_date=TODAY),
        Activity(id="b", subject="s", due_date=TODAY),
        Activity(id="c", subject="s", owner="tom", due_date=TODAY),
    )
    assert _ids(agenda_entries(data, SETTINGS, TODAY, WEEK, owner="mia")) == ["a"]
    assert _ids(agenda_entries(data, SETTINGS, TODAY, WEEK)) == ["a", "b", "c"]


@settings(max_examples=60, deadline=None)
@given(
    books("orgs", "people", "deals", "activities"), days, st.sampled_from([None, "mia@example.com"])
)
def test_the_agenda_is_what_is_undone_and_due(
    data: Data, until: dt.date, owner: str | None
) -> None:
    found = agenda_entries(data, SETTINGS, TODAY, until, owner=owner)
    due = {
        key
        for key, each in data.activities.items()
        if not each.done and each.due_date and each.due_date <= until
        if owner is None or each.owner == owner
    }
    assert len(found) == len(due)
    assert {entry.id for entry in found} == due
    dates = [entry.due_date for entry in found if entry.due_date]
    assert dates == sorted(dates)
    for entry in found:
        assert entry.org == org_of(data.activities[entry.id], data)


def test_a_list_stands_by_day_time_and_id_and_without_a_day_last() -> None:
    nine = dt.time(9)
    given = [_todo("a", None), _todo("b", 1), _todo("c", 1, nine), _todo("e", 0), _todo("d", 0)]
    assert [each.id for each in sorted(given, key=due_place)] == ["d", "e", "c", "b", "a"]
