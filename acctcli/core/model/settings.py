"""What settings declare: playbooks, health, saved views.

Only the types stand here, so that settings can be kept and loaded without what uses them.
"""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct, field

Event = Literal["won", "new_account", "renewal", "hand"]
EVENTS: tuple[Event, ...] = get_args(Event)
Input = Literal["contact", "overdue", "next_step", "wins", "open_value"]
INPUTS: tuple[Input, ...] = get_args(Input)


class Step(Struct, frozen=True, kw_only=True):
    """A step of a playbook: an activity to plan.

    Attributes:
        type: The type of the activity.
        subject: Its subject.
        delay: How long after (or before) its anchor it is due, as `parse_delay` reads.
        anchor: What the delay counts from: `after` the event, `before` it, or from when the
            step before is done (`wait`).
        owner: Its owner; the account's when none is given.
        note: Its note.
    """

    type: str
    subject: str
    delay: str
    anchor: Literal["after", "before", "wait"]
    owner: str | None = None
    note: str | None = None


class Playbook(Struct, frozen=True, kw_only=True):
    """A named list of activities to plan after an event.

    Attributes:
        name: Its key in acctcli.yaml.
        on: The event that plans it; `hand` is none.
        business_days: Whether a step that falls on a day off moves to the next business day.
        steps: In order, one or more.
    """

    name: str
    on: Event = "hand"
    business_days: bool = False
    steps: tuple[Step, ...]


class Health(Struct, frozen=True, kw_only=True):
    """How the health of an account is worked out, from 0 to 100 points.

    Attributes:
        weights: The inputs that count, and how much each does beside the others; 1 or more.
        healthy: From so many points on an account is healthy.
        watch: From so many on it is to be watched; below, it is at risk.
    """

    weights: dict[Input, int] = field(
        default_factory=lambda: {
            "contact": 3,
            "overdue": 2,
            "next_step": 2,
            "wins": 2,
            "open_value": 1,
        }
    )
    healthy: int = 70
    watch: int = 40


class SavedView(Struct, frozen=True, kw_only=True):
    """What a list is asked for, under a name; the texts are those that the options take.

    Attributes:
        name: Its key in acctcli.yaml.
        command: The list that it is a view of, such as ``account list``.
        where: The terms that must hold.
        sort: The order.
        fields: The fields that are shown.
        group_by: What it is grouped by.
        limit: How many there are at most.
        mine: Whether only those count whose owner is at work.
        fault: What is wrong with it, so that it cannot be used; None when nothing is.
    """

    name: str
    command: str = ""
    where: tuple[str, ...] = ()
    sort: str | None = None
    fields: str | None = None
    group_by: str | None = None
    limit: int | None = None
    mine: bool = False
    fault: str | None = None
