"""Playbooks: what a run plans, how it goes on, and what a change of a deal means."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from typing import TYPE_CHECKING

import pytest
from helpers.files import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from acctcli.core.model.dates import add_business_days
from acctcli.core.model.durations import parse_delay
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.records import Activity, Deal, Org
from acctcli.core.model.schema import read_record
from acctcli.core.model.settings import Playbook, Step
from acctcli.core.rules import playbooks as core

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from helpers.cli import CommandLine


TODAY = dt.date(2026, 3, 10)  # a Tuesday
ZONE = dt.timezone(dt.timedelta(hours=1))
ACME = Org(id="acme", name="Acme", owner="Marco")
OVENS = Deal(
    id="d1", title="Ovens", org="acme", person="eva", owner="Ines", status="won",
    won_time=dt.date(2026, 3, 6),
)  # fmt: skip
ONBOARDING = Playbook(
    name="onboarding",
    on="won",
    steps=(
        Step(type="call", subject="Ask", delay="2bd", anchor="after"),
        Step(type="meeting", subject="Train", delay="5d", anchor="wait", owner="Anna", note="Go"),
        Step(type="email", subject="Thank", delay="1m", anchor="wait"),
    ),
)


def day(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def activities(
    playbook: Playbook,
    occasion: core.PlaybookTrigger,
    today: dt.date = TODAY,
    holidays: frozenset[dt.date] = frozenset(),
) -> list[Activity]:
    """The activities of a run, as the book would have them."""
    found = []
    planned = core.plan_steps(playbook, occasion, today, holidays)
    for number, fields in enumerate(planned, start=1):
        kept = {"id": f"a{number}", **{k: v for k, v in fields.items() if v is not None}}
        record, problems = read_record(KINDS["activities"], kept, {})
        assert isinstance(record, Activity)
        assert problems == []
        found.append(record)
    return found


def finish(run: list[Activity], number: int, on: dt.date, **kwargs: object) -> list[Activity]:
    """The run after one of its steps is marked done."""
    run = [
        structs.replace(each, done=True, done_time=on) if each.step == number else each
        for each in run
    ]
    (finished,) = [each for each in run if each.step == number]
    holidays = kwargs.get("holidays", frozenset())
    assert isinstance(holidays, frozenset)
    moved = {each.id: to for each, to in core.rescheduled_steps(finished, run, ZONE, holidays)}
    return [structs.replace(each, due_date=moved.get(each.id, each.due_date)) for each in run]


# what happens


def test_a_deal_that_is_won_is_an_occasion() -> None:
    before = structs.replace(OVENS, status="open", won_time=None)
    for was in (None, before):
        (won,) = core.deal_triggers(was, OVENS, ACME, ZONE, TODAY)
        assert won == core.PlaybookTrigger(
            event="won", day=dt.date(2026, 3, 6), run="d1", org="acme", deal="d1", person="eva",
            owner="Marco",
        )  # fmt: skip
    assert core.deal_triggers(OVENS, OVENS, ACME, ZONE, TODAY) == []
    assert core.deal_triggers(OVENS, before, ACME, ZONE, TODAY) == []


def test_a_win_is_on_its_day_in_the_zone_or_today() -> None:
    late = structs.replace(OVENS, won_time=dt.datetime(2026, 3, 6, 23, 30, tzinfo=dt.UTC))
    assert core.win_trigger(late, ACME, ZONE, TODAY).day == dt.date(2026, 3, 7)
    assert core.win_trigger(structs.replace(OVENS, won_time=None), ACME, ZONE, TODAY).day == TODAY


def test_whoever_looks_after_it_is_the_accounts_owner_else_the_deals() -> None:
    assert core.win_trigger(OVENS, structs.replace(ACME, owner=None), ZONE, TODAY).owner == "Ines"
    alone = core.win_trigger(OVENS, None, ZONE, TODAY)
    assert (alone.org, alone.owner, alone.deal) == (None, "Ines", "d1")


def test_a_renewal_date_is_an_occasion_when_it_is_new() -> None:
    dated = structs.replace(OVENS, renewal_date=day(90))

    def events(before: Deal | None, after: Deal) -> list[str]:
        return [each.event for each in core.deal_triggers(before, after, ACME, ZONE, TODAY)]

    (renewal,) = core.deal_triggers(OVENS, dated, ACME, ZONE, TODAY)
    assert (renewal.event, renewal.day, renewal.run) == ("renewal", day(90), f"d1@{day(90)}")
    assert events(None, dated) == ["won", "renewal"]
    assert events(structs.replace(dated, status="open"), dated) == ["won", "renewal"]
    assert events(dated, structs.replace(dated, renewal_date=day(91))) == ["renewal"]
    assert events(dated, structs.replace(dated, title="Two ovens")) == []
    assert events(dated, OVENS) == []
    assert events(OVENS, structs.replace(dated, status="lost")) == []
    assert events(OVENS, structs.replace(dated, archived=True)) == []


def test_a_new_account_has_its_own_run_each_day() -> None:
    assert core.new_account_trigger(ACME, TODAY) == core.PlaybookTrigger(
        event="new_account", day=TODAY, run="acme@2026-03-10", org="acme", owner="Marco"
    )


def test_by_hand_a_run_is_of_the_day_or_of_the_deals_event() -> None:
    def by_hand(
        playbook: Playbook, deal: Deal | None = None, on: dt.date | None = None
    ) -> tuple[str, str, dt.date]:
        found = core.manual_trigger(playbook, ACME, deal, on, zone=ZONE, today=TODAY)
        assert (found.org, found.deal) == ("acme", None if deal is None else "d1")
        return found.event, found.run, found.day

    renewal = structs.replace(ONBOARDING, on="renewal")
    visit = structs.replace(ONBOARDING, on="hand")
    dated = structs.replace(OVENS, renewal_date=day(90))
    assert by_hand(ONBOARDING) == ("hand", "acme@2026-03-10", TODAY)
    assert by_hand(ONBOARDING, on=day(3)) == ("hand", "acme@2026-03-13", day(3))
    assert by_hand(ONBOARDING, OVENS) == ("won", "d1", dt.date(2026, 3, 6))
    assert by_hand(ONBOARDING, OVENS, day(3)) == ("won", "d1", day(3))
    assert by_hand(ONBOARDING, structs.replace(OVENS, status="open")) == (
        "hand", "acme@2026-03-10", TODAY,
    )  # fmt: skip
    assert by_hand(renewal, dated) == ("renewal", f"d1@{day(90)}", day(90))
    assert by_hand(renewal, dated, day(3)) == ("renewal", f"d1@{day(90)}", day(3))
    assert by_hand(renewal, OVENS) == ("hand", "acme@2026-03-10", TODAY)
    assert by_hand(visit, OVENS, day(3)) == ("hand", "acme@2026-03-13", day(3))


# what is planned


def test_a_run_plans_each_step_with_what_it_needs() -> None:
    first, second, third = core.plan_steps(
        ONBOARDING, core.win_trigger(OVENS, ACME, ZONE, TODAY), TODAY
    )
    assert first == {
        "subject": "Ask", "type": "call", "org": "acme", "deal": "d1", "person": "eva",
        "owner": "Marco", "due_date": "2026-03-10", "note": None, "playbook": "onboarding",
        "run": "d1", "step": "1", "wait": None,
    }  # fmt: skip
    assert (second["owner"], second["note"], second["wait"]) == ("Anna", "Go", "5d")
    assert (second["due_date"], third["due_date"]) == ("2026-03-15", "2026-04-15")


def test_what_has_passed_is_for_today() -> None:
    renewal = Playbook(
        name="renewal",
        steps=(
            Step(type="call", subject="Talk", delay="60d", anchor="before"),
            Step(type="email", subject="Offer", delay="30d", anchor="before"),
            Step(type="call", subject="Ask", delay="1w", anchor="wait"),
        ),
    )
    assert core.due_dates(renewal, day(40), TODAY) == [TODAY, day(10), day(17)]
    assert core.due_dates(renewal, day(-100), TODAY) == [TODAY, TODAY, day(7)]
    saturday = dt.date(2026, 3, 14)
    assert core.due_dates(renewal, TODAY, saturday)[0] == saturday
    workdays = structs.replace(renewal, business_days=True)
    assert core.due_dates(workdays, TODAY, saturday)[0] == dt.date(2026, 3, 16)


def test_business_days_before_an_event_leave_out_holidays() -> None:
    step = Step(type="call", subject="Talk", delay="2bd", anchor="before")
    pack = Playbook(name="pack", steps=(step,))
    assert core.due_dates(pack, day(9), TODAY) == [day(7)]
    assert core.due_dates(pack, day(9), TODAY, frozenset({day(8)})) == [day(6)]


@pytest.mark.parametrize(
    ("anchor", "days"), [("after", dt.date.max), ("before", dt.date(1, 1, 5)), ("wait", TODAY)]
)
def test_a_step_beyond_the_calendar_is_refused(anchor: str, days: dt.date) -> None:
    delay = "99999y" if anchor == "wait" else "1w"
    steps = (
        Step(type="call", subject="Ask", delay="0d", anchor="after"),
        Step(type="call", subject="Ask", delay=delay, anchor=anchor),  # type: ignore[arg-type]
    )
    with pytest.raises(InvalidInputError) as caught:
        core.due_dates(Playbook(name="far", steps=steps), days, TODAY)
    (problem,) = caught.value.problems
    assert problem.id == "bad-span"
    assert problem.message == (
        f'step 2 of playbook "far" is due on no day of the calendar: {anchor} {delay}, {days}'
    )


# how it goes on


def test_a_step_that_waits_is_counted_from_the_day_the_one_before_is_done() -> None:
    run = activities(ONBOARDING, core.win_trigger(OVENS, ACME, ZONE, TODAY))
    run = finish(run, 1, day(2))
    assert [each.due_date for each in run] == [TODAY, day(7), dt.date(2026, 4, 17)]
    assert finish(run, 2, day(7)) == [
        run[0], structs.replace(run[1], done=True, done_time=day(7)), run[2]
    ]  # fmt: skip
    done_late = finish(run, 3, day(60))
    assert finish(done_late, 2, day(8))[2].due_date == dt.date(2026, 4, 17)


def test_nothing_else_moves() -> None:
    run = activities(ONBOARDING, core.win_trigger(OVENS, ACME, ZONE, TODAY))
    finished = structs.replace(run[0], done=True, done_time=day(2))
    assert core.rescheduled_steps(finished, [run[0]], ZONE) == []
    fixed = structs.replace(run[1], wait=None)
    assert core.rescheduled_steps(finished, [finished, fixed, run[2]], ZONE) == []
    others = [structs.replace(run[1], run="d2"), structs.replace(run[2], playbook="care")]
    assert core.rescheduled_steps(finished, others, ZONE) == []
    for unset in ({"step": None}, {"run": None}, {"done_time": None, "due_date": None}):
        assert core.rescheduled_steps(structs.replace(finished, **unset), run, ZONE) == []


def test_a_wait_beyond_the_calendar_is_refused() -> None:
    run = activities(ONBOARDING, core.win_trigger(OVENS, ACME, ZONE, TODAY))
    far = structs.replace(run[1], wait="99999y")
    with pytest.raises(InvalidInputError, match="due on no day of the calendar: 99999y after"):
        core.rescheduled_steps(structs.replace(run[0], done=True), [far], ZONE)


# the runs of an account


def test_runs_tell_how_far_they_have_come() -> None:
    run = activities(ONBOARDING, core.win_trigger(OVENS, ACME, ZONE, TODAY))
    visit = structs.replace(ONBOARDING, name="visit", on="hand")
    gone = structs.replace(run[0], playbook="gone", run="x", step=None, done=True, deal=None)
    other = Activity(id="a9", subject="Other")
    declared = {"visit": visit, "onboarding": ONBOARDING}
    after = finish(run, 1, TODAY)
    found = core.playbook_runs([other, gone, *after], declared)
    assert found == [
        core.PlaybookRun(playbook="visit", on="hand", steps=3),
        core.PlaybookRun(
            playbook="onboarding", on="won", run="d1", deal="d1", steps=3, done=1, step=2,
            next=after[1],
        ),
        core.PlaybookRun(playbook="gone", on=None, run="x", steps=1, done=1),
    ]  # fmt: skip
    assert [each.state for each in found] == ["none", "open", "done"]
    (rest,) = core.playbook_runs(after[2:], {})
    assert (rest.steps, rest.step) == (3, 3)
    same_day = [structs.replace(each, due_date=TODAY, id=f"b{9 - i}") for i, each in enumerate(run)]
    assert core.playbook_runs(same_day, {})[0].step == 1


# laws

days = st.integers(-400, 400).map(day)
holidays = st.frozensets(st.integers(-20, 60).map(day), max_size=8)
_counts = st.integers(0, 40).map(str)
delays = st.tuples(_counts, st.sampled_from(["d", "w", "m", "bd", "y"])).map("".join)


@st.composite
def playbooks(draw: st.DrawFn, *, waiting: bool = False) -> Playbook:
    """A playbook; with `waiting` each step but the first waits for the one before."""
    steps = []
    for number in range(draw(st.integers(1, 5))):
        anchors = ["wait"] if waiting else ["after", "before", "wait"]
        anchor = draw(st.sampled_from(anchors if number else ["after", "before"]))
        steps.append(
            Step(type="call", subject=f"{number}", delay=draw(delays), anchor=anchor)  # type: ignore[arg-type]
        )
    return Playbook(name="care", steps=tuple(steps), business_days=draw(st.booleans()))


@given(playbook=playbooks(), on=days, off=holidays)
def test_each_step_is_planned_once_and_none_in_the_past(
    playbook: Playbook, on: dt.date, off: frozenset[dt.date]
) -> None:
    run = activities(playbook, core.new_account_trigger(ACME, on), TODAY, off)
    assert [each.step for each in run] == list(range(1, len(playbook.steps) + 1))
    assert [each.subject for each in run] == [step.subject for step in playbook.steps]
    assert {(each.playbook, each.run) for each in run} == {("care", f"acme@{on}")}
    assert all(each.due_date is not None and each.due_date >= TODAY for each in run)
    assert core.is_planned("care", f"acme@{on}", run)
    assert not core.is_planned("care", "acme@other", run)
    assert not core.is_planned("other", f"acme@{on}", run)


@given(playbook=playbooks(), on=days, off=holidays, today=days, done=st.lists(days, max_size=5))
def test_with_business_days_nothing_is_due_on_a_day_off(
    playbook: Playbook,
    on: dt.date,
    off: frozenset[dt.date],
    today: dt.date,
    done: list[dt.date],
) -> None:
    playbook = structs.replace(playbook, business_days=True)
    run = activities(playbook, core.new_account_trigger(ACME, on), today, off)
    for number, finished in enumerate(done[: len(run)], start=1):
        run = finish(run, number, finished, holidays=off)
    for each in run:
        assert each.due_date is not None
        assert each.due_date.weekday() < 5
        assert each.due_date not in off


@given(
    playbook=playbooks(waiting=True),
    on=days,
    off=holidays,
    late=st.lists(st.integers(0, 30), min_size=5, max_size=5),
)
def test_steps_done_in_order_lead_through_all(
    playbook: Playbook, on: dt.date, off: frozenset[dt.date], late: list[int]
) -> None:
    run = activities(playbook, core.new_account_trigger(ACME, on), TODAY, off)
    for number in range(1, len(run) + 1):
        (found,) = core.playbook_runs(run, {})
        assert (found.step, found.done, found.state) == (number, number - 1, "open")
        due = run[number - 1].due_date
        assert due is not None
        finished = due + dt.timedelta(days=late[number - 1])
        run = finish(run, number, finished, holidays=off)
        if number < len(run):
            step = playbook.steps[number]
            expected = parse_delay(step.delay).add_to(finished, off)
            if playbook.business_days:
                expected = add_business_days(expected, 0, off)
            assert run[number].due_date == expected
    (found,) = core.playbook_runs(run, {})
    assert found.state == "done"


# whole commands

_SETTINGS = """
playbooks:
  onboarding:
    on: won
    steps:
      - {type: call, subject: Ask, after: 2bd}
      - {type: meeting, subject: Train, wait: 5bd}
  renewal:
    on: renewal
    steps: [{type: call, subject: Renew, before: 30d}]
"""


def test_a_playbook_that_is_changed_touches_no_run(small: Path, acct: CommandLine) -> None:
    settings = small / "acctcli.yaml"
    plain = settings.read_text("utf-8")
    settings.write_text(plain + _SETTINGS, "utf-8")
    assert acct("deal", "won", "d3").code == 0
    before = acct("activity", "list", "--format", "json").out
    changed = _SETTINGS.replace("wait: 5bd", "wait: 9bd").replace("Ask, after", "Beg, after")
    settings.write_text(plain + changed, "utf-8")
    assert acct("activity", "list", "--format", "json").out == before
    again = acct("account", "plan", "cole", "--playbook", "onboarding", "--deal", "d3")
    assert "nothing to plan" in again.err
    assert acct("activity", "list", "--format", "json").out == before
    settings.write_text(plain, "utf-8")
    ask = acct("account", "plan", "cole", "--format", "ids").out.strip()
    assert "is due on 2026-03-18 now" in acct("activity", "done", ask, "--on", "tomorrow").err
    train = acct("account", "plan", "cole", "--format", "ids").out.strip()
    assert acct("account", "plan", "cole", "--format", "json").json == [
        {
            "playbook": "onboarding", "on": None, "run": "d3", "deal": "d3", "state": "open",
            "steps": 2, "done": 1, "step": 2, "type": "meeting", "subject": "Train",
            "due_date": "2026-03-18", "id": train,
        }
    ]  # fmt: skip


def test_several_steps_marked_done_at_once_move_what_follows_the_last(
    small: Path, acct: CommandLine
) -> None:
    settings = small / "acctcli.yaml"
    longer = "      - {type: email, subject: Thank, wait: 1d}\n  renewal:"
    settings.write_text(
        settings.read_text("utf-8") + _SETTINGS.replace("  renewal:", longer, 1), "utf-8"
    )
    said = acct("deal", "won", "d3").err
    ids = [line.partition("(")[2].partition(")")[0] for line in said.splitlines()[2:]]
    assert len(ids) == 3
    done = acct("activity", "done", *ids[:2])
    assert [line for line in done.err.splitlines() if "due on" in line] == [
        f'activity "Thank" ({ids[2]}) is due on 2026-03-11 now'
    ]
    again = acct("activity", "done", ids[1])
    assert "due on" not in again.err
    later = acct("activity", "done", ids[1], "--on", "2026-03-12")
    assert f'activity "Thank" ({ids[2]}) is due on 2026-03-13 now' in later.err


def test_a_deal_that_is_won_already_plans_nothing(small: Path, acct: CommandLine) -> None:
    settings = small / "acctcli.yaml"
    settings.write_text(settings.read_text("utf-8") + _SETTINGS, "utf-8")
    before = acct("activity", "list", "--format", "json").out
    for words in (
        ("edit", "d1", "--set", "title=ERP"),
        ("won", "d1"),
        ("won", "d1", "--on", "-1d"),
    ):
        result = acct("deal", *words)
        assert result.code == 0, result.err
        assert "plan" not in result.err
    assert acct("activity", "list", "--format", "json").out == before


def test_several_playbooks_look_for_runs_of_a_deal_once(
    small: Path, acct: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from acctcli.cli.actions import run_playbooks

    asked: list[str | None] = []
    ids_around = run_playbooks.PlaybookRuns._ids_around

    def counted(
        runs: run_playbooks.PlaybookRuns, org: str | None, deal: str | None
    ) -> Iterable[str]:
        asked.append(deal)
        return ids_around(runs, org, deal)

    monkeypatch.setattr(run_playbooks.PlaybookRuns, "_ids_around", counted)
    settings = small / "acctcli.yaml"
    settings.write_text(settings.read_text("utf-8") + _SETTINGS, "utf-8")
    words = ("deal", "edit", "d3", "--set", "status=won", "--set", "renewal_date=2026-12-01")
    assert acct(*words).err.count("planned ") == 3
    assert asked == ["d3"]


def test_one_undo_takes_a_win_and_its_run_back(small: Path, acct: CommandLine) -> None:
    settings = small / "acctcli.yaml"
    settings.write_text(settings.read_text("utf-8") + _SETTINGS, "utf-8")
    before = {path.name: path.read_bytes() for path in small.glob("*.yaml")}
    acct("deal", "edit", "d3", "--set", "status=won", "--set", "renewal_date=2026-12-01")
    planned = acct("activity", "list", "--deal", "d3", "--format", "ids").out.split()
    assert len(planned) == 3
    assert acct("undo").code == 0
    assert {path.name: path.read_bytes() for path in small.glob("*.yaml")} == before


def test_the_editor_runs_playbooks_too(small: Path, acct: CommandLine, tmp_path: Path) -> None:
    settings = small / "acctcli.yaml"
    settings.write_text(settings.read_text("utf-8") + _SETTINGS, "utf-8")
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\nsed -i "s/status: open/status: won\\n  renewal_date: 2026-12-01/" "$1"\n'
    )
    editor.chmod(0o755)
    edited = acct("deal", "edit", "d3", EDITOR=str(editor))
    assert edited.code == 0, edited.err
    assert [line.split(" (")[0] for line in edited.err.splitlines()[-3:]] == [
        'planned call "Ask"', 'planned meeting "Train"', 'planned call "Renew"',
    ]  # fmt: skip
    empty = acct("account", "plan", "acme", "--format", "ids")
    assert (empty.code, empty.out) == (0, "")


def test_an_import_plans_nothing(small: Path, acct: CommandLine) -> None:
    settings = small / "acctcli.yaml"
    settings.write_text(settings.read_text("utf-8") + _SETTINGS, "utf-8")
    (small / "won.csv").write_text("Title,Org,Status\nMixer,acme,won\n", "utf-8")
    (small / "map.yaml").write_text(
        "kind: deals\nsource: shop\nkey: Title\ncolumns: {Title: title, Org: org, Status: status}\n"
        "links: {org: {match: id}}\n",
        "utf-8",
    )
    count = len(acct("activity", "list", "--format", "ids").out.split())
    imported = acct("import", "csv", "won.csv", "--map", "map.yaml")
    assert imported.code == 0, imported.err
    assert len(acct("activity", "list", "--format", "ids").out.split()) == count


def test_a_book_without_playbooks_says_so(small: Path, acct: CommandLine) -> None:
    result = acct("account", "plan", "acme")
    assert (result.code, result.out) == (0, "")
    assert result.err == "acctcli.yaml has no playbooks\n"
    assert "acctcli.yaml has no playbooks" in acct("account", "plan", "acme", "--playbook", "x").err
    assert acct("account", "plan", "acme", "--format", "json").out == "[]\n"


def test_the_manual_tells_what_happens(book: Path, acct: CommandLine) -> None:
    page = (PROJECT / "docs" / "playbooks.md").read_text("utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    (settings,) = [text for language, text in blocks if language]
    text = (book / "acctcli.yaml").read_text("utf-8")
    (book / "acctcli.yaml").write_text(text + settings, "utf-8")
    shown = [text for language, text in blocks if not language and text[:7] != "acctcli"]
    commands = [line for _, text in blocks for line in text.splitlines() if line[:7] == "acctcli"]
    results = [acct(*shlex.split(line)[1:]) for line in commands]
    assert [result.code for result in results] == [0] * 7
    ids = re.compile(r"\(a[0-9a-z]{8}\)")
    planned = [ids.sub("", line) for line in results[2].err.splitlines() if line[:7] == "planned"]
    assert planned == [ids.sub("", line) for line in shown[0].splitlines()]
    assert results[-1].out == shown[1]
