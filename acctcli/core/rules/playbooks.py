"""Playbooks: the events that start them, their runs and their steps.

All of a run stands in its activities, so a playbook that is changed later changes no run. Nothing
here writes: what is to be planned is given as fields, what moves as days.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from acctcli.core.accounts.totals import done_day
from acctcli.core.model.dates import add_business_days, stamp_day
from acctcli.core.model.durations import parse_delay
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.records import Activity
from acctcli.core.model.settings import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.records import Deal, Org, Raw
    from acctcli.core.model.settings import Playbook, Step


class PlaybookTrigger(Struct, frozen=True, kw_only=True):
    """What a playbook is run for.

    Attributes:
        event: What happened; `hand` when somebody asks for it.
        day: The day the steps count from.
        run: What tells this run from others of the same playbook.
        org: The organization it is about.
        deal: The deal it is about.
        person: Whom the deal is with.
        owner: Who looks after it, where a step does not say.
    """

    event: Event
    day: dt.date
    run: str
    org: str | None = None
    deal: str | None = None
    person: str | None = None
    owner: str | None = None


def deal_triggers(
    before: Deal | None, after: Deal, org: Org | None, zone: dt.tzinfo, today: dt.date
) -> list[PlaybookTrigger]:
    """What happens to a deal by a change: that it is won, and that it is to be renewed on a day.

    Args:
        before: The deal as it was; None for a new one.
        after: The deal as it is.
        org: The organization it belongs to.
        zone: In which the day of a timestamp is taken.
        today: The day of a win that has none.
    """
    if after.status != "won":
        return []
    was_won = before is not None and before.status == "won"
    same_day = before is not None and before.renewal_date == after.renewal_date
    found = [] if was_won else [win_trigger(after, org, zone, today)]
    if after.renewal_date is not None and not after.archived and not (was_won and same_day):
        found.append(renewal_trigger(after, after.renewal_date, org))
    return found


def win_trigger(deal: Deal, org: Org | None, zone: dt.tzinfo, today: dt.date) -> PlaybookTrigger:
    """That a deal is won: on the day of the win, today when it has none."""
    day = today if deal.won_time is None else stamp_day(deal.won_time, zone)
    return _deal_trigger(deal, org, "won", day, deal.id)


def renewal_trigger(deal: Deal, day: dt.date, org: Org | None) -> PlaybookTrigger:
    """That a deal is to be renewed on a day."""
    return _deal_trigger(deal, org, "renewal", day, f"{deal.id}@{day}")


def new_account_trigger(org: Org, day: dt.date) -> PlaybookTrigger:
    """That an organization becomes an account."""
    return PlaybookTrigger(
        event="new_account", day=day, run=f"{org.id}@{day}", org=org.id, owner=org.owner
    )


def manual_trigger(
    playbook: Playbook,
    org: Org,
    deal: Deal | None,
    day: dt.date | None,
    *,
    zone: dt.tzinfo,
    today: dt.date,
) -> PlaybookTrigger:
    """What somebody asks for: the event of the deal where the playbook has one, else that day.

    So what was planned when the deal was won is not planned again by hand.

    Args:
        playbook: The playbook that is asked for.
        org: The account.
        deal: The deal it is about, if any.
        day: The day to count from, instead of the event's, or today.
        zone: In which the day of a timestamp is taken.
        today: The day it is.
    """
    if deal is None:
        asked = day or today
        return PlaybookTrigger(
            event="hand", day=asked, run=f"{org.id}@{asked}", org=org.id, owner=org.owner
        )
    if playbook.on == "won" and deal.status == "won":
        event = win_trigger(deal, org, zone, today)
        return _deal_trigger(deal, org, "won", day or event.day, event.run)
    if playbook.on == "renewal" and deal.renewal_date is not None:
        event = renewal_trigger(deal, deal.renewal_date, org)
        return _deal_trigger(deal, org, "renewal", day or event.day, event.run)
    asked = day or today
    return _deal_trigger(deal, org, "hand", asked, f"{org.id}@{asked}")


def _deal_trigger(
    deal: Deal, org: Org | None, event: Event, day: dt.date, run: str
) -> PlaybookTrigger:
    return PlaybookTrigger(
        event=event,
        day=day,
        run=run,
        org=None if org is None else org.id,
        deal=deal.id,
        person=deal.person,
        owner=(org.owner if org is not None else None) or deal.owner,
    )


def plan_steps(
    playbook: Playbook,
    occasion: PlaybookTrigger,
    today: dt.date,
    holidays: AbstractSet[dt.date] = frozenset(),
) -> list[dict[str, Raw]]:
    """The activities that a run of a playbook plans, one for each step, as fields.

    Raises:
        InvalidInputError: ``bad-span``: a step would be due on no day of the calendar.
    """
    days = due_dates(playbook, occasion.day, today, holidays)
    return [
        {
            "subject": step.subject,
            "type": step.type,
            "org": occasion.org,
            "deal": occasion.deal,
            "person": occasion.person,
            "owner": step.owner or occasion.owner,
            "due_date": day.isoformat(),
            "note": step.note,
            "playbook": playbook.name,
            "run": occasion.run,
            "step": str(number),
            "wait": _delay(playbook, step) if step.anchor == "wait" else None,
        }
        for number, (step, day) in enumerate(zip(playbook.steps, days, strict=True), start=1)
    ]


def due_dates(
    playbook: Playbook,
    day: dt.date,
    today: dt.date,
    holidays: AbstractSet[dt.date] = frozenset(),
) -> list[dt.date]:
    """When the steps of a run are due: on their day, today when that has passed.

    A step that waits is reckoned from the due date of the step before, until that is done.

    Raises:
        InvalidInputError: ``bad-span``: a step would be due on no day of the calendar.
    """
    found: list[dt.date] = []
    for number, step in enumerate(playbook.steps, start=1):
        span = parse_delay(_delay(playbook, step))
        try:
            if step.anchor == "before":
                due = span.subtract_from(day, holidays)
            else:
                due = span.add_to(found[-1] if step.anchor == "wait" else day, holidays)
            if due < today:
                due = add_business_days(today, 0, holidays) if playbook.business_days else today
        except OverflowError:
            raise InvalidInputError.of(
                "bad-span",
                f'step {number} of playbook "{playbook.name}" is due on no day of the calendar:'
                f" {step.anchor} {step.delay}, {day}",
                hint="mend it in acctcli.yaml",
            ) from None
        found.append(due)
    return found


def _delay(playbook: Playbook, step: Step) -> str:
    """How long a step waits, business days of its playbook included, as it is kept in a run."""
    if not playbook.business_days or step.delay.endswith("bd"):
        return step.delay
    return f"{step.delay}+0bd"


def is_planned(playbook: str, run: str, activities: Iterable[Activity]) -> bool:
    """Whether there is anything of a run yet, done or not."""
    return any(each.playbook == playbook and each.run == run for each in activities)


def rescheduled_steps(
    finished: Activity,
    activities: Iterable[Activity],
    zone: dt.tzinfo,
    holidays: AbstractSet[dt.date] = frozenset(),
) -> list[tuple[Activity, dt.date]]:
    """The steps of a run that are due on another day now that one is done, each with that day.

    The next step, where it waits and is undone, is counted from the day this one was done; those
    that wait behind it are reckoned from there.

    Args:
        finished: The step that is done.
        activities: Those among which the run's are.
        zone: In which the day of a timestamp is taken.
        holidays: The days off.

    Raises:
        InvalidInputError: ``bad-span``: a step would be due on no day of the calendar.
    """
    day = done_day(finished, zone)
    if day is None or finished.run is None or finished.step is None:
        return []
    run = {
        each.step: each
        for each in activities
        if (each.playbook, each.run) == (finished.playbook, finished.run)
    }
    moved: list[tuple[Activity, dt.date]] = []
    number = finished.step + 1
    while (step := run.get(number)) is not None and step.wait is not None and not step.done:
        try:
            day = parse_delay(step.wait).add_to(day, holidays)
        except OverflowError:
            raise InvalidInputError.of(
                "bad-span",
                f'"{step.subject}" ({step.id}) is due on no day of the calendar: {step.wait} after'
                f" {day}",
                hint="give the activity another wait, or none",
            ) from None
        if step.due_date != day:
            moved.append((step, day))
        number += 1
    return moved


def _place(step: Activity) -> tuple[dt.date, int, str]:
    """Where a step stands among those of its run that are to be done: by day, then by number."""
    return step.due_date or dt.date.max, step.step or 0, step.id


class PlaybookRun(Struct, frozen=True, kw_only=True):
    """A run of a playbook with an account, or a playbook that was not run there yet.

    Attributes:
        playbook: The name of the playbook.
        on: The event that plans it; None when it is declared no more.
        run: What tells the run from others; None when there is none.
        deal: The deal it is about.
        steps: How many steps the run has, or would have.
        done: How many of them are done.
        step: The number of the step that is next; None when all are done.
        next: That step.
    """

    playbook: str
    on: Event | None
    run: str | None = None
    deal: str | None = None
    steps: int
    done: int = 0
    step: int | None = None
    next: Activity | None = None

    @property
    def state(self) -> Literal["none", "open", "done"]:
        """Whether there is no such run, something of it is to be done, or all is done."""
        if self.run is None:
            return "none"
        return "done" if self.next is None else "open"


def playbook_runs(
    activities: Iterable[Activity], playbooks: Mapping[str, Playbook]
) -> list[PlaybookRun]:
    """The playbooks and their runs among the activities of an account.

    They come in the order of the settings, then of the activities, those that are declared no more
    at the end.
    """
    found: dict[str, dict[str, list[Activity]]] = {name: {} for name in playbooks}
    for each in activities:
        if each.playbook is not None and each.run is not None:
            found.setdefault(each.playbook, {}).setdefault(each.run, []).append(each)
    listed: list[PlaybookRun] = []
    for name, by_run in found.items():
        declared = playbooks.get(name)
        on = None if declared is None else declared.on
        if declared is not None and not by_run:
            listed.append(PlaybookRun(playbook=name, on=on, steps=len(declared.steps)))
        listed += [_run(name, on, run, steps) for run, steps in by_run.items()]
    return listed


def _run(playbook: str, on: Event | None, run: str, steps: list[Activity]) -> PlaybookRun:
    waiting = min((each for each in steps if not each.done), key=_place, default=None)
    return PlaybookRun(
        playbook=playbook,
        on=on,
        run=run,
        deal=next((each.deal for each in steps if each.deal is not None), None),
        steps=max(len(steps), *(each.step or 0 for each in steps)),
        done=sum(each.done for each in steps),
        step=None if waiting is None else waiting.step,
        next=waiting,
    )
