from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from helpers.oracle import org_rows
from helpers.strategies import SETTINGS, TODAY, ZONE, books
from hypothesis import given, settings

from acctcli.core.model.links import kind_of, org_of
from acctcli.core.model.records import (
    Activity,
    Data,
    Deal,
    File,
    Note,
    Org,
    Person,
)
from acctcli.core.reports.account_page import Page, page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.core.model.records import Record

ACME = Org(id="acme", name="Acme", custom={"segment": "A"})


def _day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


def _page(*records: Record) -> Page:
    """The page of Acme, to which all the records belong."""
    data = Data(orgs={"acme": ACME})
    for record in records:
        home: dict[str, Record] = getattr(data, kind_of(record))
        home[record.id] = record
    return page("acme", data, SETTINGS, TODAY, ZONE)


def _ids(records: Iterable[Record]) -> list[str]:
    return [record.id for record in records]


def test_only_what_belongs_to_the_organization_stands_on_its_page() -> None:
    data = Data(
        orgs={"acme": ACME, "beta": Org(id="beta", name="Beta", parent="acme")},
        people={
            "anna": Person(id="anna", name="Anna", org="acme"),
            "ben": Person(id="ben", name="Ben", org="beta"),
        },
        deals={
            "d1": Deal(id="d1", title="t", person="anna", status="won"),
            "d2": Deal(id="d2", title="t", person="ben", status="won"),
        },
        activities={"a1": Activity(id="a1", subject="s", deal="d1", due_date=TODAY)},
        notes={"n1": Note(id="n1", content="c", org="beta", person="anna")},
        files={"f1": File(id="f1", name="n", person="anna")},
    )
    found = page("acme", data, SETTINGS, TODAY, ZONE)
    assert found.org is ACME
    assert (found.row.won_count, found.row.bucket) == (1, "today")
    assert _ids(found.deals) == ["d1"]
    assert _ids(found.people) == ["anna"]
    assert _ids(found.planned) == ["a1"]
    assert _ids(found.files) == ["f1"]
    assert (found.notes, found.done) == ((), ())
    assert _ids(page("beta", data, SETTINGS, TODAY, ZONE).notes) == ["n1"]


def test_an_unknown_organization_has_no_page() -> None:
    with pytest.raises(KeyError):
        page("ghost", Data(), SETTINGS, TODAY, ZONE)


def test_planned_activities_stand_by_due_date_and_time_undated_last() -> None:
    def todo(key: str, subject: str, due: int | None, at: dt.time | None = None) -> Activity:
        day = None if due is None else _day(due)
        return Activity(id=key, subject=subject, org="acme", due_date=day, due_time=at)

    found = _page(
        todo("a", "A", None),
        todo("b", "B", 6),
        todo("c", "C", 5),
        todo("d", "D", 5, dt.time.max),
        todo("e", "E", 5, dt.time(8)),
        todo("f", "á", 6),
    )
    assert _ids(found.planned) == ["e", "d", "c", "f", "b", "a"]


def test_done_activities_stand_newest_first_undated_last() -> None:
    def did(key: str, on: dt.date | None, due: int | None = None) -> Activity:
        day = None if due is None else _day(due)
        return Activity(id=key, subject="s", org="acme", done=True, done_time=on, due_date=day)

    noon = dt.datetime(2026, 3, 5, 12, tzinfo=ZONE)
    found = _page(
        did("a", None),
        did("b", _day(5)),
        did("c", noon),
        did("d", noon + dt.timedelta(hours=1)),
        did("e", None, 9),
        did("f", _day(2), 30),
        did("g", dt.datetime(2026, 3, 5, 23, 30, tzinfo=dt.UTC)),
        did("h", _day(2)),
    )
    assert _ids(found.done) == ["e", "g", "d", "c", "b", "f", "h", "a"]


def test_open_deals_stand_first_then_the_newest_closed() -> None:
    def deal(key: str, status: str, day: int | None, title: str = "t") -> Deal:
        on = None if day is None else _day(day)
        return Deal(
            id=key,
            title=title,
            org="acme",
            status=status,
            won_time=on if status == "won" else _day(31),
            lost_time=on if status == "lost" else _day(31),
            expected_close_date=on if status == "open" else _day(31),
        )

    found = _page(
        deal("a", "won", 3),
        deal("b", "lost", 4),
        deal("c", "won", None),
        deal("d", "open", None),
        deal("e", "open", 9),
        deal("f", "open", 2),
        deal("g", "lost", 3, "a"),
        deal("h", "open", 9, "a"),
    )
    assert _ids(found.deals) == ["f", "h", "e", "d", "b", "g", "a", "c"]


def test_people_and_files_stand_by_name() -> None:
    names = [("a", "zoe"), ("b", "Émile"), ("c", "emile"), ("d", "Anna")]
    found = _page(
        *(Person(id=key, name=name, org="acme") for key, name in names),
        *(File(id=key, name=name, org="acme") for key, name in names),
    )
    assert _ids(found.people) == ["d", "b", "c", "a"]
    assert _ids(found.files) == ["d", "b", "c", "a"]


def test_pinned_notes_stand_first_then_the_newest() -> None:
    def note(key: str, day: int | None, *, pinned: bool = False) -> Note:
        on = None if day is None else _day(day)
        return Note(id=key, content="c", org="acme", add_time=on, pinned=pinned)

    found = _page(
        note("a", 1), note("b", 3), note("c", None), note("d", 2, pinned=True), note("e", 3)
    )
    assert _ids(found.notes) == ["d", "b", "e", "a", "c"]


def test_a_moment_at_the_end_of_the_calendar_has_its_place() -> None:
    west = dt.timezone(dt.timedelta(hours=-12))
    last = dt.datetime(9999, 12, 31, 23, tzinfo=west)
    first = dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14)))
    found = _page(
        Note(id="a", content="c", org="acme", add_time=first),
        Note(id="b", content="c", org="acme", add_time=last),
    )
    assert _ids(found.notes) == ["b", "a"]


@settings(max_examples=50, deadline=None)
@given(books())
def test_every_page_has_the_row_of_the_list_and_all_that_belongs(data: Data) -> None:
    pages = {org: page(org, data, SETTINGS, TODAY, ZONE) for org in data.orgs}
    for row in org_rows(data, SETTINGS, TODAY, ZONE):
        assert pages[row.id].row == row
    shown = [
        record.id
        for each in pages.values()
        for records in (each.deals, each.people, each.notes, each.files, each.planned, each.done)
        for record in records
    ]
    belonging = [
        record.id
        for kind in ("people", "deals", "activities", "notes", "files")
        for record in getattr(data, kind).values()
        if org_of(record, data) is not None
    ]
    assert sorted(shown) == sorted(belonging)
