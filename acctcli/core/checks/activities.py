"""Checks of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.accounts.totals import done_day
from acctcli.core.checks.context import future_problem, warning
from acctcli.core.model.dates import stamp_day
from acctcli.core.model.names import or_nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.checks.context import CheckContext
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Activity


def undone_without_due(activity: Activity, known: CheckContext) -> Sequence[Problem]:
    """That what is to be done has no day, so is not planned (rule 5)."""
    del known
    if activity.done or activity.due_date is not None:
        return ()
    return (
        warning(
            "undone-without-due",
            "the activity is not done and has no day, so is not planned",
            'write the day it is due, such as "due_date: 2026-03-02"',
            activity,
            "due_date",
        ),
    )


def done_in_future(activity: Activity, known: CheckContext) -> Sequence[Problem]:
    """That it was done on a day to come."""
    if not _is_in_future(activity, known):
        return ()
    return (future_problem("the activity was done on a day to come", activity, "done_time"),)


def _is_in_future(activity: Activity, known: CheckContext) -> bool:
    return (
        activity.done
        and activity.done_time is not None
        and stamp_day(activity.done_time, known.zone) > known.today
    )


def contact_without_day(activity: Activity, known: CheckContext) -> Sequence[Problem]:
    """That a contact has no day, so can be nobody's last (rule 8)."""
    if (
        not activity.done
        or activity.type not in known.settings.contact_types
        or done_day(activity, known.zone) is not None
    ):
        return ()
    return (
        warning(
            "done-contact-without-day",
            "the contact has no day, so is no last contact",
            'write the day it was done, such as "done_time: 2026-03-02"',
            activity,
            "done_time",
        ),
    )


def until_before_due(activity: Activity, known: CheckContext) -> Sequence[Problem]:
    """That a series ends before what is still to be done of it."""
    del known
    if activity.done or activity.until is None or activity.due_date is None:
        return ()
    if activity.repeat is None or activity.until >= activity.due_date:
        return ()
    return (
        warning(
            "until-before-due",
            f"the series ends on {activity.until}, and this one is due on {activity.due_date}",
            "give it a later end or an earlier due date",
            activity,
            "until",
        ),
    )


def series_without_repeat(activity: Activity, known: CheckContext) -> Sequence[Problem]:
    """That something says how a series goes on, and nothing says how often it repeats."""
    del known
    if activity.done or activity.repeat is not None:
        return ()
    name = "from" if activity.from_ is not None else "until"
    if activity.from_ is None and activity.until is None:
        return ()
    return (
        warning(
            "series-without-repeat",
            "the activity does not repeat, so there is no series",
            f'write how often it does, such as "repeat: every month", or remove "{name}"',
            activity,
            name,
        ),
    )


def unknown_playbook(activity: Activity, known: CheckContext) -> Sequence[Problem]:
    """That what is to be done is a step of a playbook that is not there."""
    playbook = activity.playbook
    if activity.done or playbook is None or playbook in known.settings.playbooks:
        return ()
    return (
        warning(
            "unknown-playbook",
            f'there is no playbook "{playbook}"' + or_nearest(playbook, known.settings.playbooks),
            "correct it, or put the playbook into acctcli.yaml",
            activity,
            "playbook",
        ),
    )
