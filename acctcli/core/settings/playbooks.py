"""The setting `playbooks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.names import nearest_first
from acctcli.core.model.settings import EVENTS, Playbook, Step
from acctcli.core.model.values import quote
from acctcli.core.settings.common import read, under, warn_unknown, wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Raw, RawRecord
    from acctcli.core.model.settings import Event

_KEYS = ("on", "business_days", "steps")
_STEP_KEYS = ("type", "subject", "after", "before", "wait", "owner", "note")
_ANCHORS: tuple[Literal["after", "before", "wait"], ...] = ("after", "before", "wait")
_EXAMPLE = "playbooks: {onboarding: {on: won, steps: [{type: call, subject: Ask, after: 2bd}]}}"
_STEP_EXAMPLE = "{type: call, subject: Ask how it went, after: 2bd}"
_WHEN_HINT = (
    "write one of them, such as after: 2bd or before: 30d the event, or wait: 5bd once the step"
    " before is done"
)


def read_playbooks(
    raw: RawRecord, types: Sequence[str], problems: list[Problem]
) -> dict[str, Playbook]:
    """The playbooks by name; one that has anything wrong is left out.

    Args:
        raw: What acctcli.yaml says.
        types: The types of activities there are.
        problems: Gets what is wrong or odd.
    """
    playbooks: dict[str, Playbook] = {}
    for name, given in under("playbooks", raw.get("playbooks"), problems, _EXAMPLE).items():
        path = f"playbooks.{name}"
        if not name.strip():
            message, hint = "a playbook has no name", "name it, such as onboarding"
            problems.append(wrong("playbook-without-name", path, message, hint))
            continue
        before = _errors(problems)
        body = under(path, given, problems, _EXAMPLE)
        warn_unknown(f"{path}.", body, _KEYS, problems)
        on = _event(path, body, problems)
        steps = _steps(f"{path}.steps", body.get("steps"), types, problems)
        business_days = read(bool, Field(f"{path}.business_days", FieldType.YES_NO), body, problems)
        if _errors(problems) == before:
            playbooks[name] = Playbook(
                name=name, on=on, business_days=bool(business_days), steps=steps
            )
    return playbooks


def _errors(problems: list[Problem]) -> int:
    return sum(problem.level == "error" for problem in problems)


def _event(path: str, body: RawRecord, problems: list[Problem]) -> Event:
    given = read(str, Field(f"{path}.on", FieldType.TEXT), body, problems)
    for event in EVENTS:
        if event == (given or "hand"):
            return event
    there = f"there are {', '.join(EVENTS)}"
    problems.append(
        wrong(
            "unknown-event",
            f"{path}.on",
            f"{quote(given or '')} is not an event",
            nearest_first(given or "", EVENTS, there),
        )
    )
    return "hand"


def _steps(
    path: str, given: Raw, types: Sequence[str], problems: list[Problem]
) -> tuple[Step, ...]:
    if given is not None and not isinstance(given, list):
        message = "something else stands where a list of steps is expected"
        hint = f"write a list of steps, such as - {_STEP_EXAMPLE}"
        problems.append(wrong("bad-type", path, message, hint))
        return ()
    if not given:
        hint = f"write one or more, such as - {_STEP_EXAMPLE}"
        problems.append(wrong("playbook-without-steps", path, "the playbook has no steps", hint))
        return ()
    found = [
        _step(f"{path}.{number}", number, each, types, problems)
        for number, each in enumerate(given, start=1)
    ]
    return tuple(step for step in found if step is not None)


def _step(
    path: str, number: int, given: Raw, types: Sequence[str], problems: list[Problem]
) -> Step | None:
    """A step; None when anything is wrong with it, which is noted."""
    before = _errors(problems)
    body = under(path, given, problems, _STEP_EXAMPLE)
    warn_unknown(f"{path}.", body, _STEP_KEYS, problems)
    texts = {
        name: read(str, Field(f"{path}.{name}", FieldType.TEXT), body, problems)
        for name in ("type", "subject", "owner", "note")
    }
    if _errors(problems) == before:
        _check_texts(path, texts, types, problems)
    anchor, delay = _read_anchor(path, number, body, problems)
    if _errors(problems) > before:
        return None
    return Step(
        type=texts["type"] or "",
        subject=texts["subject"] or "",
        delay=delay,
        anchor=anchor,
        owner=texts["owner"],
        note=texts["note"],
    )


def _check_texts(
    path: str, texts: dict[str, str | None], types: Sequence[str], problems: list[Problem]
) -> None:
    there = f"there are {', '.join(dict.fromkeys(types))}; activity_types in acctcli.yaml adds more"
    kind = texts["type"]
    if kind is None or not kind.strip():
        problems.append(wrong("step-without-type", path, "the step has no type", there))
    elif kind not in types:
        problems.append(
            wrong(
                "unknown-type",
                f"{path}.type",
                f"{quote(kind)} is not a type of activity",
                nearest_first(kind, types, there),
            )
        )
    if not (texts["subject"] or "").strip():
        hint = "say what is to be done, such as subject: Ask how it went"
        problems.append(wrong("step-without-subject", path, "the step has no subject", hint))


def _read_anchor(
    path: str, number: int, body: RawRecord, problems: list[Problem]
) -> tuple[Literal["after", "before", "wait"], str]:
    """What the day of a step counts from, and how long it is from there."""
    said = [anchor for anchor in _ANCHORS if body.get(anchor) is not None]
    if not said:
        message = "the step says neither after, before nor wait"
        problems.append(wrong("step-without-day", path, message, _WHEN_HINT))
        return "after", ""
    anchor = said[0]
    if len(said) > 1:
        message = f"the step says both {' and '.join(said)}"
        problems.append(wrong("step-with-two-days", f"{path}.{said[1]}", message, _WHEN_HINT))
        return anchor, ""
    if anchor == "wait" and number == 1:
        message = "the first step has no step before it to wait for"
        hint = "count from the event: write after instead of wait"
        problems.append(wrong("first-step-waits", f"{path}.wait", message, hint))
        return anchor, ""
    delay = read(str, Field(f"{path}.{anchor}", FieldType.DELAY), body, problems)
    return anchor, delay or ""
