from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from strategies import GHOST, SETTINGS, ZONE, books

from acctcli.core.checks import check
from acctcli.core.errors import Problem
from acctcli.core.kinds import KINDS
from acctcli.core.records import Activity, Data, Deal, Org, Person, Settings

DAY = dt.date(2026, 3, 2)
ACME = Org(id="acme", name="Acme")


def _check(data: Data, book: Settings = SETTINGS) -> list[Problem]:
    return check(data, book, ZONE)


def _ids(problems: list[Problem]) -> list[tuple[str, str | None, str | None]]:
    return [(problem.id, problem.record, problem.field) for problem in problems]


def _deal(**fields: Any) -> Data:  # noqa: ANN401 - the fields of a record by name, of every type
    known: dict[str, Any] = {
        "id": "d1",
        "title": "t",
        "org": "acme",
        "status": "won",
        "won_time": DAY,
    }
    return Data(orgs={"acme": ACME}, deals={"d1": Deal(**(known | fields))})


def _activity(**fields: Any) -> Data:  # noqa: ANN401 - the fields of a record by name, of every type
    known: dict[str, Any] = {"id": "a1", "subject": "s", "org": "acme"}
    return Data(orgs={"acme": ACME}, activities={"a1": Activity(**(known | fields))})


def test_a_book_in_order_has_no_findings() -> None:
    assert _check(Data()) == []
    assert _check(_deal(value=Decimal("1.5"), currency="EUR")) == []
    assert _check(_deal(value=Decimal(1))) == []
    assert _check(_deal(status="open", org=None, won_time=None)) == []
    assert _check(_activity(due_date=DAY)) == []
    assert _check(_activity(done=True, type="call", done_time=DAY)) == []
    assert _check(_activity(done=True, type="call", due_date=DAY)) == []
    assert _check(_activity(done=True, type="task")) == []
    assert _check(_activity(done=True)) == []


def test_a_link_to_nothing_is_an_error_that_names_it() -> None:
    data = Data(
        people={"ben": Person(id="ben", name="Ben", org=GHOST, custom={"first_deal": "ben"})}
    )
    first, second = _check(data)
    assert first == Problem(
        id="dangling-link",
        message='org: there is no organization "ghost"',
        hint='add the organization, or correct or remove the line "org: ghost"',
        kind="people",
        record="ben",
        field="org",
    )
    assert second.message == 'first_deal: there is no deal "ben"'


def test_a_circle_of_parents_is_an_error_with_its_path() -> None:
    orgs = {
        "a": Org(id="a", name="A", parent="b"),
        "b": Org(id="b", name="B", parent="a"),
        "c": Org(id="c", name="C", parent="a"),
    }
    assert _check(Data(orgs=orgs)) == [
        Problem(
            id="parent-cycle",
            message='parent: "a" is above itself: a -> b -> a',
            hint='remove "parent" from one of them, such as "a"',
            kind="orgs",
            record="a",
            field="parent",
        )
    ]


def test_a_win_without_a_time_or_an_organization_is_a_warning() -> None:
    problems = _check(_deal(won_time=None, org=None))
    assert _ids(problems) == [
        ("won-without-time", "d1", "won_time"),
        ("won-without-org", "d1", "org"),
    ]
    assert {problem.level for problem in problems} == {"warning"}


def test_a_value_without_any_currency_is_an_error() -> None:
    data = _deal(value=Decimal(5))
    (problem,) = _check(data, Settings())
    assert (problem.id, problem.level, problem.field) == (
        "value-without-currency",
        "error",
        "currency",
    )
    assert _check(_deal(), Settings()) == []


def test_more_digits_than_the_currency_has_are_a_warning() -> None:
    (problem,) = _check(_deal(value=Decimal("1.5"), currency="JPY"))
    assert (problem.id, problem.level, problem.kind) == ("excess-digits", "warning", "deals")
    assert problem.message == 'value: "1.5" has more digits than JPY has'
    (bare,) = _check(_deal(value=Decimal("1.005")))
    assert bare.message == 'value: "1.005" has more digits than EUR has'


def test_declared_amounts_are_looked_at_too() -> None:
    orgs = {
        "acme": Org(
            id="acme",
            name="Acme",
            custom={"partner": "acme", "budget": {"EUR": Decimal("0.001")}},
        ),
        "beta": Org(id="beta", name="Beta", custom={"budget": {"EUR": Decimal("0.01")}}),
    }
    (problem,) = _check(Data(orgs=orgs))
    assert (problem.id, problem.kind, problem.record, problem.field) == (
        "excess-digits",
        "orgs",
        "acme",
        "budget",
    )


def test_an_undone_activity_without_a_day_is_a_warning() -> None:
    (problem,) = _check(_activity(type="task"))
    assert (problem.id, problem.level, problem.kind, problem.field) == (
        "undone-without-due",
        "warning",
        "activities",
        "due_date",
    )


def test_a_contact_without_a_day_is_a_warning() -> None:
    (problem,) = _check(_activity(type="call", done=True))
    assert (problem.id, problem.level, problem.kind, problem.field) == (
        "done-contact-without-day",
        "warning",
        "activities",
        "done_time",
    )


@settings(max_examples=60, deadline=None)
@given(books())
def test_every_finding_names_a_record_and_a_field_there_are(data: Data) -> None:
    for problem in _check(data):
        assert problem.hint
        assert problem.kind is not None
        assert problem.kind in KINDS
        assert problem.record in data.of(problem.kind)
        assert problem.field is not None
        assert KINDS[problem.kind].field(problem.field) or problem.field in SETTINGS.custom_fields(
            problem.kind
        )
        assert problem.message.startswith(f"{problem.field}: ")
