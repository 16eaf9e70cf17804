"""Playbooks in acctcli.yaml: what is read, and what is refused with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.settings import Playbook, Step
from acctcli.core.settings.reader import read_settings
from acctcli.store.config.settings_reader import read_book_settings

if TYPE_CHECKING:
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Raw

CALL: dict[str, Raw] = {"type": "call", "subject": "Ask", "after": "2bd"}


def problems_of(**playbooks: Raw) -> list[Problem]:
    read, problems = read_settings({"playbooks": playbooks})
    assert read.playbooks == {}
    return problems


def refused(steps: Raw, **more: Raw) -> Problem:
    """What is wrong with the steps of a playbook; the playbook is left out."""
    (problem,) = problems_of(onboarding={"steps": steps, **more})
    assert problem.level == "error"
    assert problem.hint
    return problem


def test_a_playbook_is_read() -> None:
    read, problems = read_settings(
        {
            "playbooks": {
                "onboarding": {
                    "on": "won",
                    "business_days": "yes",
                    "steps": [
                        CALL,
                        {
                            "type": "meeting", "subject": "Train", "wait": "5bd", "owner": "Anna",
                            "note": "On site",
                        },
                    ],
                },
                "visit": {"steps": [{"type": "task", "subject": "Pack", "before": "1w"}]},
            }
        }
    )  # fmt: skip
    assert problems == []
    assert read.playbooks == {
        "onboarding": Playbook(
            name="onboarding",
            on="won",
            business_days=True,
            steps=(
                Step(type="call", subject="Ask", delay="2bd", anchor="after"),
                Step(
                    type="meeting", subject="Train", delay="5bd", anchor="wait", owner="Anna",
                    note="On site",
                ),
            ),
        ),
        "visit": Playbook(
            name="visit",
            steps=(Step(type="task", subject="Pack", delay="1w", anchor="before"),),
        ),
    }  # fmt: skip


def test_types_are_those_of_activities_and_of_contact() -> None:
    step = {**CALL, "type": "visit"}
    for key in ("activity_types", "contact_types"):
        read, problems = read_settings({key: ["visit"], "playbooks": {"care": {"steps": [step]}}})
        assert problems == []
        assert read.playbooks["care"].steps[0].type == "visit"
    problem = refused([{**CALL, "type": "cal"}])
    assert (problem.id, problem.field) == ("unknown-type", "playbooks.onboarding.steps.1.type")
    assert (problem.hint or "").startswith('did you mean "call"? there are call, meeting')
    assert (refused([{**CALL, "type": "xyzxyz"}]).hint or "").startswith("there are call")


@pytest.mark.parametrize(
    ("steps", "name", "path"),
    [
        (None, "playbook-without-steps", ""),
        ([], "playbook-without-steps", ""),
        ("call", "bad-type", ""),
        (["call"], "bad-type", ".1"),
        ([CALL, {"subject": "Ask", "after": "1d"}], "step-without-type", ".2"),
        ([CALL, {**CALL, "type": " "}], "step-without-type", ".2"),
        ([{"type": "call", "after": "1d"}], "step-without-subject", ".1"),
        ([{**CALL, "subject": " "}], "step-without-subject", ".1"),
        ([{**CALL, "subject": ["a"]}], "bad-type", ".1.subject"),
        ([{**CALL, "owner": {"a": "b"}}], "bad-type", ".1.owner"),
        ([{"type": "call", "subject": "Ask"}], "step-without-day", ".1"),
        ([{**CALL, "after": None}], "step-without-day", ".1"),
        ([{**CALL, "before": "1d"}], "step-with-two-days", ".1.before"),
        ([CALL, {**CALL, "wait": "1d"}], "step-with-two-days", ".2.wait"),
        ([{"type": "call", "subject": "Ask", "wait": "1d"}], "first-step-waits", ".1.wait"),
        ([{**CALL, "after": "soon"}], "bad-span", ".1.after"),
        ([{**CALL, "after": "-1d"}], "bad-span", ".1.after"),
        ([{**CALL, "after": "2 bd"}], "bad-span", ".1.after"),
    ],
)
def test_what_no_step_can_be(steps: Raw, name: str, path: str) -> None:
    found = problems_of(onboarding={"steps": steps})
    assert (found[0].id, found[0].field) == (name, f"playbooks.onboarding.steps{path}")
    assert all(problem.hint for problem in found)
    assert {problem.level for problem in found} == {"error"}


def test_an_event_that_is_none() -> None:
    problem = refused([CALL], on="new-acount")
    assert (problem.id, problem.field) == ("unknown-event", "playbooks.onboarding.on")
    assert problem.hint == 'did you mean "new_account"? there are won, new_account, renewal, hand'
    assert refused([CALL], on="christmas").hint == "there are won, new_account, renewal, hand"
    assert refused([CALL], on=["won"]).id == "bad-type"


def test_other_things_that_no_playbook_can_be() -> None:
    assert refused([CALL], business_days="perhaps").field == "playbooks.onboarding.business_days"
    nameless: dict[str, Raw] = {" ": {"steps": [CALL]}}
    (problem,) = problems_of(**nameless)
    assert problem.id == "playbook-without-name"
    (problem, _) = problems_of(onboarding=[CALL])
    assert (problem.id, problem.field) == ("bad-type", "playbooks.onboarding")
    (problem,) = read_settings({"playbooks": "none"})[1]
    assert (problem.id, problem.field) == ("bad-type", "playbooks")


def test_unknown_keys_are_warned_of_and_the_playbook_holds() -> None:
    read, problems = read_settings(
        {"playbooks": {"care": {"steps": [{**CALL, "ownr": "Anna"}], "when": "won"}}}
    )
    assert set(read.playbooks) == {"care"}
    assert [(each.id, each.level, each.field) for each in problems] == [
        ("unknown-key", "warning", "playbooks.care.when"),
        ("unknown-key", "warning", "playbooks.care.steps.1.ownr"),
    ]


def test_a_wrong_playbook_leaves_the_others() -> None:
    read, problems = read_settings({"playbooks": {"bad": {}, "good": {"steps": [CALL]}}})
    assert set(read.playbooks) == {"good"}
    assert [problem.id for problem in problems] == ["playbook-without-steps"]


def test_what_is_odd_stands_at_its_place() -> None:
    text = b"playbooks:\n  care:\n    steps:\n    - {type: call, subject: Ask, after: 1d, x: 1}\n"
    _, _, odd = read_book_settings(text)
    assert [str(problem.place) for problem in odd] == ["acctcli.yaml:4:45"]


_RAWS = st.recursive(
    st.none() | st.sampled_from(["", "call", "won", "2bd", "1w", "yes", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["on", "steps", "type", "subject", "after", "before", "wait", "care", " "]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(raw=_RAWS)
def test_whatever_is_said_a_playbook_has_steps_that_can_be_planned(raw: Raw) -> None:
    read, problems = read_settings({"playbooks": raw})
    for playbook in read.playbooks.values():
        assert playbook.steps
        assert playbook.steps[0].anchor != "wait"
        assert all(step.subject.strip() and step.delay for step in playbook.steps)
    if isinstance(raw, dict):
        errors = [problem for problem in problems if problem.level == "error"]
        assert bool(errors) == (set(raw) != set(read.playbooks))
