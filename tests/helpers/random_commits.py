"""Random commits over files written by hand, and the records they leave."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import yaml
from hypothesis import strategies as st

from acctcli.core.model.kinds import KINDS
from acctcli.store.book import Author

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw
    from acctcli.store.changes.change_set import Change


NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)


AUTHOR = Author("anna", ("org", "edit", "acme"), NOON)


HAND = {
    "orgs.yaml": (
        "# our customers\n\n"
        "# the first\n- id: acme\n  name: 'Acme S.r.l.'   # as registered\n"
        '  # who looks after it\n  owner:   Anna\n  labels: [vip, "old"]\n  odd key: 0x1F\n'
        "\n"
        '- name: "Bianchi ☕"\n  id: bianchi\n  address: |\n    Via Roma 1\n    Milano\n'
        "  phone: '0039'   # the office\n"
        "\n"
        "- id: cole\n  name: Cole\n  website: >-\n    a folded\n    text\n  industry: no\n"
        "\n# the end\n"
    ),
    "people.yaml": (
        "# people\r\n\r\n-   id: eva\r\n    name: Eva Müller   # née Rossi\r\n"
        "    emails:\r\n      - eva@example.com\r\n      # the old one\r\n      - e@example.com\r\n"
        "    job_title: 'CEO'\r\n\r\n"
        "# the other\r\n-   id: max\r\n    name: Max\r\n    owner: Anna"
    ),
    "notes.yaml": "- id: n1\n  content: x\n",
}


KIND_OF: dict[str, KindName] = {
    "orgs.yaml": "orgs",
    "people.yaml": "people",
    "notes.yaml": "notes",
}


FILE_OF = {kind: name for name, kind in KIND_OF.items()}


TEXT_FIELDS: dict[KindName, tuple[str, ...]] = {
    "orgs": ("name", "owner", "address", "phone", "industry"),
    "people": ("name", "owner", "job_title"),
    "notes": ("content", "owner"),
}


LIST_FIELDS: dict[KindName, tuple[str, ...]] = {
    "orgs": ("labels",),
    "people": ("emails", "labels"),
    "notes": (),
}


_words = st.sampled_from(
    ["Bea", "no", "007", "1.5", "2026-01-01", "a: b", "# x", "- y", "~", "12:30", "Zoë", "a\nb\n"]
)


_texts = _words | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n'\"\\#: "),
    min_size=1,
    max_size=12,
).filter(lambda text: bool(text.strip()))


Content = dict[str, "Raw"]


Model = dict["KindName", dict[str, Content]]


class Step(tuple[str, "KindName", str, "Content"]):
    """What is done: its verb, the kind, the id, and fields with their new values."""

    __slots__ = ()


@st.composite
def _steps(draw: st.DrawFn, model: Model, number: int) -> Step:
    """A step that is possible in the model; it is done to the model too."""
    kind = draw(st.sampled_from(sorted(model)))
    ids = sorted(model[kind])
    verb = draw(
        st.sampled_from(["add", "update", "update", "replace", "remove"] if ids else ["add"])
    )
    changes: Content = {}
    for name in draw(st.lists(st.sampled_from(TEXT_FIELDS[kind]), unique=True, min_size=1)):
        is_label = name == KINDS[kind].label
        changes[name] = draw(_texts if is_label or verb == "add" else _texts | st.none())
    for name in LIST_FIELDS[kind]:
        if draw(st.booleans()):
            texts: list[Raw] = [*draw(st.lists(_texts, min_size=1, max_size=3))]
            changes[name] = texts
    if verb == "add":
        record_id = f"new-{number}"
        changes = {"id": record_id, KINDS[kind].label: "New", **changes}
        model[kind][record_id] = dict(changes)
        return Step((verb, kind, record_id, changes))
    record_id = draw(st.sampled_from(ids))
    if verb == "remove":
        del model[kind][record_id]
        return Step((verb, kind, record_id, {}))
    if verb == "replace":
        changes = {"owner": draw(st.sampled_from(["Zora", "Yves", "Xaver"]))}
    merged = {**model[kind][record_id], **changes}
    model[kind][record_id] = {key: value for key, value in merged.items() if value is not None}
    return Step((verb, kind, record_id, changes))


@st.composite
def random_commits(draw: st.DrawFn) -> list[tuple[list[Step], Model]]:
    """Commits, each with the steps in it and the records that must be there after it."""
    model: Model = {
        KIND_OF[name]: {str(each["id"]): each for each in texts_of(text.encode())}
        for name, text in HAND.items()
    }
    commits: list[tuple[list[Step], Model]] = []
    number = 0
    for _ in range(draw(st.integers(1, 3))):
        steps: list[Step] = []
        touched: set[str] = set()
        for _ in range(draw(st.integers(1, 4))):
            number += 1
            trial = {kind: dict(records) for kind, records in model.items()}
            step = draw(_steps(trial, number))
            if step[2] in touched and step[0] != "update":
                continue  # one text of a record is replaced or removed once in a commit
            touched.add(step[2])
            steps.append(step)
            model = trial
        commits.append((steps, {kind: dict(records) for kind, records in model.items()}))
    return commits


class _AllText(yaml.SafeLoader):
    """PyYAML, with every scalar that is not empty left as its text."""


_AllText.yaml_implicit_resolvers = {}


def texts_of(data: bytes) -> list[dict[str, Raw]]:
    found: list[dict[str, Raw]] = yaml.load(data, _AllText) or []  # noqa: S506 - made of SafeLoader
    return found


def _replaced(text: str, owner: str) -> str:
    """A record's text as a user leaves it in an editor: the owner's line is another."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    margin = next(len(line) - len(line.lstrip("- ")) for line in lines if line.startswith("-"))
    kept = [line for line in lines if not line.lstrip("- ").startswith("owner:")]
    return newline.join([*kept, f"{' ' * margin}owner: {owner}"]) + newline


def apply_steps(steps: Sequence[Step], change: Change) -> None:
    for verb, kind, record_id, changes in steps:
        if verb == "add":
            change.add(kind, changes)
        elif verb == "remove":
            change.remove(kind, record_id)
        elif verb == "update":
            change.update(kind, record_id, changes)
        else:
            old = change.view.text_of(record_id)
            if re.search(r"owner: +\|", old) or record_id.startswith("new"):
                change.update(kind, record_id, changes)
            else:
                change.replace(kind, record_id, old, _replaced(old, str(changes["owner"])))
