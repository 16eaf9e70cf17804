"""Playbooks and waiting steps that a change sets off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.actions.run_change import add_record
from acctcli.cli.output.messages import CountedMessage, describe
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.links import org_of
from acctcli.core.model.records import Activity, Deal, Record
from acctcli.core.rules import playbooks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from acctcli.cli.app.session import Session
    from acctcli.core.model.records import Org, Record
    from acctcli.core.model.settings import Playbook
    from acctcli.core.rules.playbooks import PlaybookTrigger
    from acctcli.store.changes.change_set import Change

    _ByRun = dict[str, list[Activity]]


def run_follow_ups(
    change: Change,
    session: Session,
    changed: Iterable[tuple[Record | None, Record]],
    *,
    playbooks: bool = True,
) -> list[str]:
    """Plan and move what follows from changes, in the same commit, and tell it, a line each.

    Args:
        change: Has the changes, and gets what follows from them.
        session: The run.
        changed: The records as they were, None for new ones, and as they are.
        playbooks: Whether playbooks are run.
    """
    followed = [pair for pair in changed if isinstance(pair[1], Activity | Deal)]
    if not followed:
        return []
    told: list[str] = []
    if playbooks:
        deals = [
            (before if isinstance(before, Deal) else None, after)
            for before, after in followed
            if isinstance(after, Deal)
        ]
        told += _run_playbooks(change, session, deals)
    runs = PlaybookRuns(change)
    for before, after in followed:
        if isinstance(after, Activity):
            told += _reschedule(change, session, before, after, runs)
    return told


# events


def _run_playbooks(
    change: Change, session: Session, deals: list[tuple[Deal | None, Deal]]
) -> list[str]:
    wanted = {playbook.on for playbook in change.view.settings.playbooks.values()} - {"hand"}
    if not wanted:
        return []
    occasions = _occasions(change, session, deals) if wanted & {"won", "renewal"} else []
    if "new_account" in wanted:
        occasions += _new_accounts(change, session, [after for _, after in deals])
    runs = PlaybookRuns(change, (each.deal for each in occasions if each.event in wanted))
    return [
        line
        for occasion in occasions
        for playbook in change.view.settings.playbooks.values()
        if playbook.on == occasion.event
        for line in playbook_messages(
            change,
            playbook,
            occasion,
            run_playbook(change, session, playbook, occasion, runs.activities_of_run(occasion)),
        )
    ]


def _occasions(
    change: Change, session: Session, deals: list[tuple[Deal | None, Deal]]
) -> list[PlaybookTrigger]:
    view = change.view
    today = session.today(view)
    return [
        occasion
        for before, after in deals
        for occasion in playbooks.deal_triggers(
            before, after, _org(change, after), view.zone, today
        )
    ]


def _new_accounts(change: Change, session: Session, deals: list[Deal]) -> list[PlaybookTrigger]:
    """Who becomes an account, on the day of the first of the wins that make it one."""
    zone = change.view.zone
    became, _ = change.membership_changes()
    first: dict[str | None, dt.date] = {}
    for deal in deals:
        if deal.status == "won" and deal.won_time is not None:
            org, day = org_of(deal, change.after), stamp_day(deal.won_time, zone)
            first[org] = min(first.get(org, day), day)
    today = session.today(change.view)
    return [playbooks.new_account_trigger(org, first.get(org.id, today)) for org in became]


def _org(change: Change, deal: Deal) -> Org | None:
    org_id = org_of(deal, change.after)
    return None if org_id is None else change.after.orgs[org_id]


# runs


def run_playbook(
    change: Change,
    session: Session,
    playbook: Playbook,
    occasion: PlaybookTrigger,
    known: Iterable[Activity],
) -> list[Record] | None:
    """Plan what a playbook says; None when one of the known activities is of this."""
    view = change.view
    if playbooks.is_planned(playbook.name, occasion.run, known):
        return None
    planned = playbooks.plan_steps(playbook, occasion, session.today(view), session.days_off(view))
    return [add_record(change, session, "activities", fields) for fields in planned]


class PlaybookRuns:
    """The activities in which runs and their steps stand already, looked up once for all of them.

    Several deals and playbooks look among the same activities, which takes long in a large book.
    """

    def __init__(self, change: Change, deals: Iterable[str | None] = ()) -> None:
        """Prepare for the runs of some deals."""
        self._change = change
        self._deals = {
            each for each in deals if each is not None and each in change.view.data.deals
        }
        self._around: dict[str, list[str]] = {}
        self._runs: dict[str, _ByRun] = {}
        self._elsewhere: _ByRun | None = None

    def activities_of_run(self, occasion: PlaybookTrigger) -> list[Activity]:
        """What is there of a run."""
        key = _place(occasion.org, occasion.deal)
        if key not in self._runs:
            self._runs[key] = _group_by_run(self.activities_of(occasion.org, occasion.deal))
        found = self._runs[key].get(occasion.run, ())
        return [*found, *self._linking().get(occasion.run, ())]

    def activities_of(self, org: str | None, deal: str | None) -> list[Activity]:
        """The activities of an organization; of a deal that reaches none, its own."""
        key = _place(org, deal)
        if key not in self._around:
            self._around[key] = list(self._ids_around(org, deal))
        activities = self._change.after.activities
        return [activities[each] for each in self._around[key] if each in activities]

    def _ids_around(self, org: str | None, deal: str | None) -> Iterable[str]:
        view = self._change.view
        if org is None:
            reached = view.records_owned_through({deal}) if deal is not None else []
            return [key for kind, key in reached if kind == "activities"]
        return view.records_of_org(org).activities if org in view.data.orgs else ()

    def _linking(self) -> _ByRun:
        """The activities of the deals, with organizations that they belonged to before too."""
        if self._elsewhere is None:
            activities = self._change.after.activities
            found = self._change.view.may_link_to(self._deals) if self._deals else ()
            keys = {key for kind, key in found if kind == "activities"}
            self._elsewhere = _group_by_run(activities[key] for key in keys if key in activities)
        return self._elsewhere


def _place(org: str | None, deal: str | None) -> str:
    return f"org {org}" if org is not None else f"deal {deal}"


def _group_by_run(activities: Iterable[Activity]) -> _ByRun:
    found: _ByRun = {}
    for each in activities:
        if each.run is not None:
            found.setdefault(each.run, []).append(each)
    return found


def playbook_messages(
    change: Change, playbook: Playbook, occasion: PlaybookTrigger, planned: list[Record] | None
) -> list[str]:
    """What a run planned, or that it was planned before, one line each."""
    if planned is None:
        about = _trigger_text(change, occasion)
        return [
            CountedMessage(
                f'nothing to plan: playbook "{playbook.name}" is planned already for {about}',
                "nothing to plan: {} runs of playbooks are planned already",
            )
        ]
    return [
        CountedMessage(
            f"planned {activity.type} {quoted_subject(activity)} for {activity.due_date}",
            "planned {} activities by playbooks",
        )
        for activity in planned
        if isinstance(activity, Activity)
    ]


def quoted_subject(activity: Activity) -> str:
    """An activity by its subject and id, where its type stands before it."""
    return describe("activities", activity).removeprefix("activity ")


def _trigger_text(change: Change, occasion: PlaybookTrigger) -> str:
    after = change.after
    day = occasion.run.rpartition("@")[2]
    if occasion.event in {"won", "renewal"} and occasion.deal is not None:
        deal = describe("deals", after.deals[occasion.deal])
        return deal if occasion.event == "won" else f"the renewal of {deal} on {day}"
    org = describe("orgs", after.orgs[occasion.org or ""])
    return f"{org} on {day}"


# steps that wait


def _reschedule(
    change: Change, session: Session, before: Record | None, after: Activity, runs: PlaybookRuns
) -> list[str]:
    """Give the steps that waited for this one their new day, when it is done."""
    if after.run is None or not after.done:
        return []
    if isinstance(before, Activity) and before.done and before.done_time == after.done_time:
        return []
    view = change.view
    org = org_of(after, change.after)
    moved = playbooks.rescheduled_steps(
        after, runs.activities_of(org, after.deal), view.zone, session.days_off(view)
    )
    for step, day in moved:
        change.update("activities", step.id, {"due_date": day.isoformat()})
    return [
        CountedMessage(
            f"{describe('activities', step)} is due on {day} now",
            "{} activities that waited have a day now",
        )
        for step, day in moved
    ]
