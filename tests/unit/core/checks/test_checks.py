from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from helpers.strategies import GHOST, ORG_IDS, PERSON_IDS, SETTINGS, TODAY, ZONE, books, days
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.accounts.totals import account_row, day_numbers, summarize
from acctcli.core.checks.account_care import care
from acctcli.core.checks.context import NOTHING_UNREAD, Unread
from acctcli.core.checks.money import bare_value, value_problem
from acctcli.core.checks.records import check
from acctcli.core.checks.registry import CHECKS
from acctcli.core.model.errors import Problem
from acctcli.core.model.kinds import KIND_NAMES, KINDS
from acctcli.core.model.records import (
    Activity,
    Data,
    Deal,
    File,
    Note,
    Org,
    Person,
    Settings,
)
from acctcli.core.model.settings import Playbook, Step
from acctcli.core.reports.contact_rhythm import contact_due

DAY = dt.date(2026, 3, 2)
ACME = Org(id="acme", name="Acme")


def _check(data: Data, book: Settings = SETTINGS, unread: Unread = NOTHING_UNREAD) -> list[Problem]:
    return check(data, book, ZONE, today=TODAY, unread=unread)


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


def test_a_link_to_what_could_not_be_read_is_no_link_to_nothing() -> None:
    data = Data(
        people={"ben": Person(id="ben", name="Ben", org=GHOST, custom={"first_deal": "d9"})}
    )
    assert _ids(_check(data)) == [
        ("dangling-link", "ben", "org"),
        ("dangling-link", "ben", "first_deal"),
    ]
    for unread in (Unread(ids={GHOST}), Unread(kinds={"orgs"})):
        assert _ids(_check(data, unread=unread)) == [("dangling-link", "ben", "first_deal")]
    assert _check(data, unread=Unread(ids={GHOST}, kinds={"deals"})) == []
    assert len(_check(data, unread=Unread(ids={"other"}, kinds={"notes"}))) == 2


def test_what_may_be_there_unread() -> None:
    unread = Unread(ids={"acme"}, kinds={"people"})
    assert unread.has("orgs", "acme")
    assert unread.has("people", "anna")
    assert not unread.has("orgs", "beta")
    assert not unread.has("people", None)
    assert not NOTHING_UNREAD.has("orgs", "acme")


def test_a_tier_without_a_rhythm_is_an_error() -> None:
    orgs = {
        "a": Org(id="a", name="A", tier="A"),
        "b": Org(id="b", name="B", tier="B"),
        "c": Org(id="c", name="C"),
    }
    assert _ids(_check(Data(orgs=orgs))) == [("unknown-tier", "b", "tier")]


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


def test_a_win_may_count_for_an_organization_that_could_not_be_read() -> None:
    def warned(unread: Unread, **links: str | None) -> bool:
        people = {
            "anna": Person(id="anna", name="Anna", org="lost"),
            "ben": Person(id="ben", name="Ben"),
        }
        data = _deal(**({"org": None} | links))
        found = _check(Data(orgs=data.orgs, deals=data.deals, people=people), unread=unread)
        return "won-without-org" in {problem.id for problem in found}

    lost_org, lost_person = Unread(ids={"lost"}), Unread(ids={"carl"})
    for unread in (lost_org, Unread(kinds={"orgs"})):
        assert not warned(unread, org="lost")
        assert not warned(unread, person="anna")  # who is read, and works there
        assert warned(unread, person="ben")
        assert warned(unread)
    for unread in (lost_person, Unread(kinds={"people"})):
        assert not warned(unread, person="carl")
        assert warned(unread, org="nowhere", person="carl")  # what it names decides
        assert warned(unread, person="ben")
        assert warned(unread)
    assert warned(Unread(kinds={"notes"}), person="ben")


def test_a_win_on_a_day_to_come_is_a_warning() -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    assert _check(_deal(won_time=tomorrow)) == [
        Problem(
            id="done-ahead",
            message="won_time: the deal is won on a day to come",
            level="warning",
            hint="correct the day, if it is not meant so",
            kind="deals",
            record="d1",
            field="won_time",
        )
    ]
    assert _check(_deal(won_time=TODAY)) == []


def test_a_closing_day_of_another_status_is_a_warning() -> None:
    for status, name in (("open", "won_time"), ("lost", "won_time"), ("open", "lost_time")):
        (problem,) = _check(_deal(status=status, **{"won_time": None, name: TODAY}))
        assert (problem.id, problem.level, problem.field) == ("stray-closing-time", "warning", name)
        assert problem.message == f"{name}: the deal is {status}"
    assert _check(_deal(status="lost", won_time=None, lost_time=TODAY)) == []


def test_a_value_in_the_books_currency_is_told() -> None:
    problem = bare_value(Deal(id="d1", title="t", value=Decimal(1)), Settings(currency="JPY"))
    assert (problem.id, problem.level, problem.record) == (
        "value-in-book-currency",
        "warning",
        "d1",
    )
    assert "JPY" in problem.message
    assert problem.hint == 'write it down, as "currency: JPY"'


def test_what_was_done_on_a_day_to_come_is_a_warning() -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    for kind in ("call", "task"):
        (problem,) = _check(_activity(type=kind, done=True, done_time=tomorrow))
        assert (problem.id, problem.level, problem.kind, problem.record, problem.field) == (
            "done-ahead",
            "warning",
            "activities",
            "a1",
            "done_time",
        )
    assert problem.message == "done_time: the activity was done on a day to come"
    assert _check(_activity(type="call", done=True, done_time=TODAY)) == []
    assert _check(_activity(due_date=tomorrow, done_time=tomorrow)) == []


def test_the_day_to_come_is_one_of_the_books_zone() -> None:
    late = dt.datetime(2026, 3, 4, 22, 59, tzinfo=dt.UTC)  # 23:59 in the book's zone
    night = dt.datetime(2026, 3, 4, 23, 0, tzinfo=dt.UTC)  # 00:00 of the day after
    assert _check(_deal(won_time=late)) == []
    assert _check(_activity(done=True, done_time=late)) == []
    assert _ids(_check(_deal(won_time=night))) == [("done-ahead", "d1", "won_time")]
    assert _ids(_check(_activity(done=True, done_time=night))) == [
        ("done-ahead", "a1", "done_time")
    ]


def test_a_value_must_have_a_currency_of_its_own_or_the_books() -> None:
    bare = Deal(id="d1", title="t", value=Decimal(5))
    assert value_problem(bare, Settings()) == Problem(
        id="value-without-currency",
        message="value: the deal has a value without a currency, and the book has none either",
        hint='write its currency, such as "currency: EUR", or set one in acctcli.yaml',
        kind="deals",
        record="d1",
        field="value",
    )
    assert value_problem(bare, Settings(currency="EUR")) is None
    assert value_problem(
        Deal(id="d1", title="t", value=Decimal(5), currency="EUR"), Settings()
    ) is (None)
    assert value_problem(Deal(id="d1", title="t"), Settings()) is None
    # It is told when the record is read, and not once more among the findings.
    assert _check(_deal(value=Decimal("5.123")), Settings()) == []


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


@settings(max_examples=60, deadline=None)
@given(
    books(),
    st.frozensets(st.sampled_from([GHOST, *ORG_IDS, *PERSON_IDS])),
    st.frozensets(st.sampled_from(KIND_NAMES)),
)
def test_what_is_unread_only_takes_findings_away(
    data: Data, ids: frozenset[str], kinds: frozenset[str]
) -> None:
    everything = _check(data)
    found = _check(data, unread=Unread(ids, kinds))
    gone = [problem for problem in everything if problem not in found]
    assert [problem for problem in everything if problem in found] == found
    assert {problem.id for problem in gone} <= {"dangling-link", "won-without-org"}
    if not ids and not kinds:
        assert found == everything
    every_kind = _check(data, unread=Unread(kinds=frozenset(KIND_NAMES)))
    assert not any(problem.id == "dangling-link" for problem in every_kind)


def _named(data: Data, *names: str, book: Settings = SETTINGS) -> list[tuple[str, str, str]]:
    found = check(data, book, ZONE, today=TODAY, names=names)
    assert {problem.level for problem in found} <= {"warning"}
    assert all(problem.hint for problem in found)
    return [(str(each.record), str(each.field), each.message) for each in found]


def test_checks_that_are_not_named_find_nothing() -> None:
    data = _deal(won_time=None, org="nobody")
    assert _ids(check(data, SETTINGS, ZONE, today=TODAY, names=["won-without-time"])) == [
        ("won-without-time", "d1", "won_time")
    ]
    assert check(data, SETTINGS, ZONE, today=TODAY, names=["next-step"]) == []


def test_a_series_that_ends_before_it_is_due_is_a_warning() -> None:
    series = {"repeat": "every week", "due_date": DAY}
    before, after = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
    assert _ids(_check(_activity(**series, until=before))) == [("until-before-due", "a1", "until")]
    for until in (DAY, after, None):
        assert _check(_activity(**series, until=until)) == []
    assert _check(_activity(**series, until=before, done=True, done_time=DAY)) == []
    no_day = _check(_activity(repeat="every week", until=before))
    assert [each.id for each in no_day] == ["undone-without-due"]


def test_what_goes_on_but_does_not_repeat_is_a_warning() -> None:
    until = DAY - dt.timedelta(days=1)
    for fields, name in (
        ({"from_": "done"}, "from"),
        ({"until": until}, "until"),
        ({"from_": "due", "until": until}, "from"),
    ):
        (problem,) = _check(_activity(due_date=DAY, **fields))
        assert (problem.id, problem.field) == ("series-without-repeat", name)
        assert _check(_activity(due_date=DAY, repeat="every week", **{**fields, "until": DAY})) == (
            []
        )
        assert _check(_activity(due_date=DAY, done=True, **fields)) == []


def test_a_step_of_a_playbook_that_is_not_there_is_a_warning() -> None:
    step = Step(type="call", subject="Hello", delay="1d", anchor="after")
    book = Settings(playbooks={"onboarding": Playbook(name="onboarding", steps=(step,))})
    (problem,) = _check(_activity(due_date=DAY, playbook="onbording"), book)
    assert (problem.id, problem.field) == ("unknown-playbook", "playbook")
    assert problem.message.endswith('; did you mean "onboarding"?')
    assert _check(_activity(due_date=DAY, playbook="onboarding"), book) == []
    assert _check(_activity(due_date=DAY, playbook="other", done=True), book) == []


def test_a_copy_without_size_or_checksum_is_a_warning() -> None:
    def found(**fields: Any) -> list[tuple[str, str | None, str | None]]:  # noqa: ANN401 - fields
        return _ids(_check(Data(files={"f1": File(id="f1", name="F", **fields)})))

    path = "attachments/f.txt"
    assert found(path=path) == [("unverified-attachment", "f1", "size")]
    assert found(path=path, size=1) == [("unverified-attachment", "f1", "sha256")]
    assert found(path=path, sha256="0") == [("unverified-attachment", "f1", "size")]
    assert found(path=path, size=1, sha256="0") == found(url="https://x.example/") == []


def test_organizations_of_one_name_are_told_when_asked_for() -> None:
    orgs = {
        key: Org(id=key, name=name)
        for key, name in (("a", "Café Bär"), ("b", "Other"), ("c", "CAFE BAR"), ("d", "cafe bar"))
    }
    assert _check(Data(orgs=orgs)) == []
    assert _named(Data(orgs=orgs), "same-name") == [
        ("c", "name", 'name: "CAFE BAR" is the name of "a" too'),
        ("d", "name", 'name: "cafe bar" is the name of "a" too'),
    ]


def test_people_without_an_organization_are_told_when_asked_for() -> None:
    people = {
        "ann": Person(id="ann", name="Ann", org="acme"),
        "ben": Person(id="ben", name="Ben"),
        "cas": Person(id="cas", name="Cas", org=GHOST),
    }
    data = Data(orgs={"acme": ACME}, people=people)
    assert [key for key, _, _ in _named(data, "person-without-org")] == ["ben", "cas"]
    unread = Unread(ids={GHOST})
    found = check(data, SETTINGS, ZONE, today=TODAY, unread=unread, names=["person-without-org"])
    assert [each.record for each in found] == ["ben"]


def test_what_hangs_on_a_person_is_told_when_asked_for() -> None:
    data = Data(
        orgs={"acme": ACME},
        people={
            "ann": Person(id="ann", name="Ann", org="acme"),
            "ben": Person(id="ben", name="Ben"),
        },
        deals={
            "d1": Deal(id="d1", title="By Ann", person="ann"),
            "d2": Deal(id="d2", title="Named", org="acme", person="ann"),
            "d3": Deal(id="d3", title="Nowhere", person="ben"),
            "d4": Deal(id="d4", title="Alone"),
        },
        activities={
            "a1": Activity(id="a1", subject="By a deal", deal="d2", person="ann", due_date=DAY),
            "a2": Activity(id="a2", subject="By a deal by Ann", deal="d1", due_date=DAY),
            "a3": Activity(id="a3", subject="By Ann", deal="d4", person="ann", due_date=DAY),
        },
        notes={"n1": Note(id="n1", content="By Ann", person="ann")},
    )
    found = _named(data, "org-through-person")
    assert [key for key, _, _ in found] == ["d1", "a3", "n1"]
    assert {name for _, name, _ in found} == {"org"}


def test_what_is_to_be_renewed_or_closed_is_told_when_asked_for() -> None:
    yesterday, tomorrow = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
    for day, due in ((yesterday, True), (TODAY, True), (tomorrow, False), (None, False)):
        found = _named(_deal(renewal_date=day), "renewals-due")
        assert [(key, name) for key, name, _ in found] == [("d1", "renewal_date")] * due
    assert _named(_deal(renewal_date=yesterday, archived=True), "renewals-due") == []
    assert _named(_deal(renewal_date=yesterday, status="open"), "renewals-due") == []
    for day, late in ((yesterday, True), (TODAY, False), (None, False)):
        found = _named(_deal(status="open", expected_close_date=day), "close-date-past")
        assert [(key, name) for key, name, _ in found] == [("d1", "expected_close_date")] * late
    for fields in ({"status": "lost"}, {"status": "open", "archived": True}):
        assert _named(_deal(expected_close_date=yesterday, **fields), "close-date-past") == []


@settings(max_examples=60, deadline=None)
@given(books())
def test_each_check_alone_finds_its_part_of_the_whole(data: Data) -> None:
    whole = check(data, SETTINGS, ZONE, today=TODAY, names=CHECKS)
    parts = [
        problem
        for name in CHECKS
        for problem in check(data, SETTINGS, ZONE, today=TODAY, names=[name])
    ]
    assert sorted(parts, key=str) == sorted(whole, key=str)
    for name in CHECKS:
        found = check(data, SETTINGS, ZONE, today=TODAY, names=[name])
        assert {each.id for each in found} <= set(CHECKS[name].ids)
        assert {each.level for each in found} <= {CHECKS[name].level}


@settings(max_examples=80, deadline=None)
@given(books(), days)
def test_care_finds_the_accounts_of_a_bucket(data: Data, today: dt.date) -> None:
    names = ["next-step", "overdue", "late-tiers"]
    for summary in summarize(data, SETTINGS, ZONE).values():
        row = account_row(data.orgs[summary.org], summary, today, SETTINGS)
        contacts, wins, planned = (
            day_numbers(each)
            for each in (summary.contact_days, summary.win_days, summary.due_dates)
        )

        def found_by(*picked: str) -> list[Problem]:
            return list(
                care(row, contacts, wins, planned, settings=SETTINGS, today=today, names=picked)  # noqa: B023 - called at once
            )

        found = {each.id: each for each in found_by(*names)}
        due = contact_due(row, contacts, wins, planned, SETTINGS, today)
        assert ("next-step" in found) == (row.bucket == "none")
        assert ("overdue" in found) == (row.bucket == "overdue")
        assert ("late-tiers" in found) == (due is not None and due.is_late)
        for each in found.values():
            assert (each.kind, each.record, each.level) == ("orgs", row.id, "warning")
            assert each.hint
            assert each.message.startswith(f"{row.name}: ")
        assert found_by() == []


def test_late_to_be_contacted_by_the_rhythm_of_a_tier() -> None:
    org = Org(id="acme", name="Acme", tier="A")

    def told(won: dt.date | None) -> list[str]:
        deals = {"d1": Deal(id="d1", title="t", org="acme", status="won", won_time=won)}
        summary = summarize(Data(orgs={"acme": org}, deals=deals), SETTINGS, ZONE)["acme"]
        row = account_row(org, summary, TODAY, SETTINGS)
        wins = day_numbers(summary.win_days)
        found = care(row, [], wins, [], settings=SETTINGS, today=TODAY, names=["late-tiers"])
        return [each.message for each in found]

    assert told(TODAY) == []
    assert told(TODAY - dt.timedelta(days=6)) == [
        "Acme: was to be contacted by 2026-03-03, by the rhythm of tier A, 5d"
    ]
    assert told(None) == ["Acme: was never contacted, by the rhythm of tier A, 5d"]
