"""What follows from deals and activities that change: runs of playbooks, and steps that wait.

It looks up the records that this bears on and adds to the change; which events there are, what is
planned and what moves is known to the core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.messages import named
from acctcli.cli.records import add_record
from acctcli.core import playbooks
from acctcli.core.dates import stamp_day
from acctcli.core.links import org_of
from acctcli.core.records import Activity, Deal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from acctcli.cli.session import Session
    from acctcli.core.declared import Playbook
    from acctcli.core.playbooks import Occasion
    from acctcli.core.records import Org, Record
    from acctcli.store.change import Change


def followed_by(
    change: Change,
    session: Session,
    changed: Sequence[tuple[Record | None, Record]],
    *,
    playbooks: bool,
) -> list[str]:
    """What was planned and moved after records were changed, one line each.

    Args:
        change: Has the changes, and gets what follows from them.
        session: The run.
        changed: The records as they were, None for new ones, and as they are.
        playbooks: Whether playbooks are run.
    """
    told: list[str] = []
    if playbooks:
        deals = [
            (before if isinstance(before, Deal) else None, after)
            for before, after in changed
            if isinstance(after, Deal)
        ]
        told += _run_playbooks(change, session, deals)
    for before, after in changed:
        if isinstance(after, Activity):
            told += _move_on(change, session, before, after)
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
    # Several playbooks look for runs among the same activities, which takes long in a large book.
    about = {(each.org, each.deal) for each in occasions if each.event in wanted}
    known = {(org, deal): known_runs(change, org, deal) for org, deal in about}
    return [
        line
        for occasion in occasions
        for playbook in change.view.settings.playbooks.values()
        if playbook.on == occasion.event
        for line in told(
            change,
            playbook,
            occasion,
            run_playbook(change, session, playbook, occasion, known[occasion.org, occasion.deal]),
        )
    ]


def _occasions(
    change: Change, session: Session, deals: list[tuple[Deal | None, Deal]]
) -> list[Occasion]:
    view = change.view
    today = session.today(view)
    return [
        occasion
        for before, after in deals
        for occasion in playbooks.deal_occasions(
            before, after, _org(change, after), view.zone, today
        )
    ]


def _new_accounts(change: Change, session: Session, deals: list[Deal]) -> list[Occasion]:
    """Who becomes an account, on the day of the first of the wins that make it one."""
    zone = change.view.zone
    became, _ = change.accounts_made()
    won = [deal for deal in deals if deal.status == "won" and deal.won_time is not None]
    days = [(_org(change, deal), stamp_day(deal.won_time, zone)) for deal in won if deal.won_time]
    today = session.today(change.view)
    return [
        playbooks.new_account(org, min((day for at, day in days if at == org), default=today))
        for org in became
    ]


def _org(change: Change, deal: Deal) -> Org | None:
    org_id = org_of(deal, change.after)
    return None if org_id is None else change.after.orgs[org_id]


# runs


def run_playbook(
    change: Change,
    session: Session,
    playbook: Playbook,
    occasion: Occasion,
    known: Iterable[Activity],
) -> list[Record] | None:
    """Plan what a playbook says; None when one of the `known_runs` is of this."""
    view = change.view
    if playbooks.is_planned(playbook.name, occasion.run, known):
        return None
    planned = playbooks.steps_planned(
        playbook, occasion, session.today(view), session.days_off(view)
    )
    return [add_record(change, session, "activities", fields) for fields in planned]


def known_runs(change: Change, org: str | None, deal: str | None) -> list[Activity]:
    """The activities in which a run for an organization or a deal of it may stand already."""
    found = (*around(change, org, deal), *_elsewhere(change, deal))
    return [each for each in found if each.run is not None]


def around(change: Change, org: str | None, deal: str | None) -> Iterable[Activity]:
    """The activities of an organization; of a deal that reaches none, its own."""
    if org is None:
        reached = change.view.reaching({deal}) if deal is not None else []
        ids = [key for kind, key in reached if kind == "activities"]
    else:
        ids = list(change.view.around(org).activities) if org in change.view.data.orgs else []
    return [change.after.activities[key] for key in ids if key in change.after.activities]


def _elsewhere(change: Change, deal: str | None) -> Iterator[Activity]:
    """The activities of a deal, with an organization that it belonged to before too."""
    if deal is None or deal not in change.view.data.deals:
        return
    for kind, key in change.view.linking({deal}):
        if kind == "activities" and key in change.after.activities:
            yield change.after.activities[key]


def told(
    change: Change, playbook: Playbook, occasion: Occasion, planned: list[Record] | None
) -> list[str]:
    """What a run planned, or that it was planned before, one line each."""
    if planned is None:
        about = _about(change, occasion)
        return [f'nothing to plan: playbook "{playbook.name}" is planned already for {about}']
    return [
        f"planned {activity.type} {quoted_subject(activity)} for {activity.due_date}"
        for activity in planned
        if isinstance(activity, Activity)
    ]


def quoted_subject(activity: Activity) -> str:
    """An activity by its subject and id, where its type stands before it."""
    return named("activities", activity).removeprefix("activity ")


def _about(change: Change, occasion: Occasion) -> str:
    after = change.after
    day = occasion.run.rpartition("@")[2]
    if occasion.event in {"won", "renewal"} and occasion.deal is not None:
        deal = named("deals", after.deals[occasion.deal])
        return deal if occasion.event == "won" else f"the renewal of {deal} on {day}"
    org = named("orgs", after.orgs[occasion.org or ""])
    return f"{org} on {day}"


# steps that wait


def _move_on(change: Change, session: Session, before: Record | None, after: Activity) -> list[str]:
    """Give the steps that waited for this one their new day, when it is done."""
    if after.run is None or not after.done:
        return []
    if isinstance(before, Activity) and before.done and before.done_time == after.done_time:
        return []
    view = change.view
    org = org_of(after, change.after)
    moved = playbooks.moved_on(
        after, around(change, org, after.deal), view.zone, session.days_off(view)
    )
    for step, day in moved:
        change.update("activities", step.id, {"due_date": day.isoformat()})
    return [f"{named('activities', step)} is due on {day} now" for step, day in moved]
