"""A change in steps: each sees what those before it did, and all become one commit."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.books import make_book, viewed, whole
from helpers.strategies import SETTINGS, books
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import (
    AcctcliError,
    InvalidBookError,
    InvalidInputError,
    NotFoundError,
    Place,
)
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.core.model.links import links, org_of
from acctcli.core.rules.record_changes import cascade
from acctcli.store.book import Author, Book
from acctcli.store.changes.batch import BatchSteps
from acctcli.store.changes.change_set import Change
from acctcli.store.changes.constraints import removal_closure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Data, Raw
    from acctcli.store.views.view import View

AUTHOR = Author("anna", ("test",), dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC))
PLACE = Place("stdin", 1)
BOOK = {
    "settings": "format: 1\ncurrency: EUR\ntimezone: UTC\ntiers: {A: 30d}\n"
    "fields: {orgs: {partner: {link: orgs}}}\n",
    "orgs": "- id: acme\n  name: Acme\n- id: cole\n  name: Cole\n  parent: acme\n"
    "- id: dora\n  name: Dora\n",
    "people": "- id: eva\n  name: Eva\n  org: acme\n",
    "deals": "- id: d1\n  title: One\n  person: eva\n  status: won\n  won_time: 2026-01-01\n"
    "- id: d2\n  title: Two\n  org: cole\n- id: d3\n  title: Lost\n  org: gone\n  status: won\n",
    "activities": "- id: a1\n  subject: Call\n  deal: d1\n- id: a2\n  subject: Mail\n  org: acme\n",
    "notes": "- id: n1\n  content: Hello\n  person: eva\n",
}


@pytest.fixture(params=["index", "whole"])
def change(request: pytest.FixtureRequest, tmp_path: Path) -> Change:
    root = make_book(tmp_path / "book", **BOOK)
    view = viewed(root, tmp_path) if request.param == "index" else whole(root)
    return Change(root, view, 2026)


def add(steps: BatchSteps, kind: KindName, **fields: Raw) -> None:
    steps.take(lambda step: step.add(kind, fields), PLACE)


def update(steps: BatchSteps, kind: KindName, key: str, **fields: Raw) -> None:
    steps.take(lambda step: step.update(kind, key, fields), PLACE)


def remove(steps: BatchSteps, kind: KindName, key: str) -> None:
    steps.take(lambda step: step.remove(kind, key), PLACE)


def view_of(steps: BatchSteps) -> View:
    return steps._view


def test_a_step_tells_what_it_did_and_who_became_an_account(change: Change) -> None:
    steps = BatchSteps(change, set())

    def plan(step: Change) -> None:
        step.add("orgs", {"id": "new", "name": "New"})
        step.add("deals", {"id": "d9", "title": "Nine", "org": "new", "status": "won"})
        step.update("orgs", "dora", {"owner": "Anna"})
        step.update("notes", "n1", {"owner": "Anna"})
        step.remove("notes", "n1")

    done = steps.take(plan, PLACE)
    assert (done.made, done.changed, done.removed) == (("new", "d9"), ("dora",), ("n1",))
    assert [each.id for each in done.became] == ["new"]
    again = steps.take(lambda step: step.update("deals", "d9", {"status": "open"}), PLACE)
    assert [each.id for each in again.ceased] == ["new"]
    assert again.changed == ("d9",)
    assert change.edits().added["d9"][1] == {
        "id": "d9", "title": "Nine", "org": "new", "status": "open"
    }  # fmt: skip
    assert not change.is_empty()


def test_fields_of_a_new_record_that_come_later_stand_in_their_order(change: Change) -> None:
    steps = BatchSteps(change, set())
    add(steps, "orgs", id="new", name="New", add_time="2026-03-01", odd="x")
    update(steps, "orgs", "new", owner="Anna", phone="1")
    update(steps, "orgs", "new", phone=None)
    assert list(change.edits().added["new"][1]) == ["id", "name", "owner", "add_time", "odd"]


def test_what_was_added_and_removed_again_leaves_nothing(change: Change) -> None:
    steps = BatchSteps(change, {"acme"})
    add(steps, "orgs", id="new", name="New")
    remove(steps, "orgs", "new")
    assert change.is_empty()
    assert "new" not in view_of(steps).data.orgs
    assert not view_of(steps).is_taken("new")


def test_a_record_that_comes_back_is_the_same_with_other_fields(change: Change) -> None:
    steps = BatchSteps(change, set())
    update(steps, "orgs", "dora", owner="Anna")
    remove(steps, "orgs", "dora")
    assert not view_of(steps).is_taken("dora")
    with pytest.raises(InvalidInputError) as error:
        add(steps, "people", id="dora", name="Dora")
    assert error.value.problems[0].id == "id-of-removed"


def test_so_it_is_written_and_can_be_undone(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book", **BOOK)

    def plan(change: Change) -> None:
        steps = BatchSteps(change, set())
        update(steps, "orgs", "dora", owner="Anna")
        remove(steps, "orgs", "dora")
        add(steps, "orgs", id="dora", name="Dora again", phone="1")

    Book(root).write(plan, AUTHOR)
    assert '- id: dora\n  name: Dora again\n  phone: "1"\n' in (root / "orgs.yaml").read_text(
        "utf-8"
    )


def test_a_step_that_is_refused_is_not_taken_over(change: Change) -> None:
    steps = BatchSteps(change, {"acme", "cole"})
    for kind, fields in (
        ("people", {"id": "max", "name": "Max", "org": "nobody"}),
        ("orgs", {"id": "dora", "name": "Again"}),
        ("orgs", {"id": "new", "name": "New", "tier": "C"}),
    ):
        with pytest.raises(InvalidInputError):
            steps.take(lambda step, kind=kind, fields=fields: step.add(kind, fields), PLACE)  # type: ignore[misc]
    with pytest.raises(InvalidInputError):
        update(steps, "orgs", "acme", parent="cole")
    with pytest.raises(InvalidInputError):
        remove(steps, "orgs", "acme")
    assert change.is_empty()
    add(steps, "orgs", id="new", name="New")
    with pytest.raises(InvalidInputError):
        add(steps, "orgs", id="new", name="Again")


def test_records_are_named_by_full_ids_alone(change: Change) -> None:
    steps = BatchSteps(change, set())
    add(steps, "orgs", id="new", name="New")
    view = view_of(steps)
    assert view.find("orgs", "new") == "new"

    def hint(kind: KindName, name: str) -> str | None:
        with pytest.raises(NotFoundError) as error:
            view.find(kind, name)
        return error.value.problems[0].hint

    wanted = "records are named by their full ids here"
    assert hint("orgs", "Acme") == f'{wanted}; did you mean "acme"?'
    assert hint("orgs", "nobody") == wanted
    assert hint("deals", "acme") == '"acme" is the id of another kind: organization'
    remove(steps, "orgs", "dora")
    assert hint("orgs", "Dora") == wanted


def test_a_record_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book", **{**BOOK, "notes": "- id: n1\n  content: [x]\n"})
    view = view_of(BatchSteps(Change(root, whole(root), 2026), set()))
    with pytest.raises(InvalidBookError):
        view.find("notes", "n1")
    assert view.is_taken("n1")


def test_places_are_those_of_the_files_or_of_steps(change: Change) -> None:
    steps = BatchSteps(change, set())
    add(steps, "orgs", id="new", name="New")
    assert view_of(steps).place("new", "name") == PLACE
    assert view_of(steps).place("acme") == Place("orgs.yaml", 1, 1)


def test_the_last_of_two_records_of_one_copy_takes_it_along(tmp_path: Path) -> None:
    root = make_book(
        tmp_path / "book",
        **BOOK,
        files="- id: f1\n  name: A\n  path: attachments/a\n- id: f2\n  name: B\n",
    )
    (root / "attachments").mkdir()
    (root / "attachments" / "a").write_text("x", "utf-8")

    def plan(change: Change) -> None:
        steps = BatchSteps(change, set())
        remove(steps, "files", "f1")
        update(steps, "files", "f2", path="attachments/a")
        remove(steps, "files", "f2")

    Book(root).write(plan, AUTHOR)
    assert not (root / "attachments" / "a").exists()


# what the view of the steps tells is what the book is that they lead to

KEYS: dict[KindName, tuple[str, ...]] = {
    "orgs": ("acme", "cole", "dora", "new", "gone"),
    "people": ("eva", "max"),
    "deals": ("d1", "d2", "d3", "d4"),
    "activities": ("a1", "a2", "a3"),
    "notes": ("n1", "n2"),
}
LABELS = {
    "orgs": "name",
    "people": "name",
    "deals": "title",
    "activities": "subject",
    "notes": "content",
}


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, KindName, str, dict[str, Raw]]:
    """An edit of some record: what is done, its kind and id, and fields."""
    kind = draw(st.sampled_from(list(KEYS)))
    fields: dict[str, st.SearchStrategy[Raw]] = {}
    if kind == "orgs":
        fields = {name: st.sampled_from([*KEYS["orgs"], None]) for name in ("parent", "partner")}
    else:
        fields["org"] = st.sampled_from([*KEYS["orgs"], None, None])
    if kind in {"deals", "activities", "notes"}:
        fields["person"] = st.sampled_from([*KEYS["people"], None])
    if kind in {"activities", "notes"}:
        fields["deal"] = st.sampled_from([*KEYS["deals"], None])
    if kind == "deals":
        fields["status"] = st.sampled_from(["won", "open"])
    what = draw(st.sampled_from(["add", "update", "update", "remove", "cascade"]))
    key = draw(st.sampled_from(KEYS[kind]))
    return what, kind, key, draw(st.fixed_dictionaries({}, optional=fields))


def perform(step: Change, edit: tuple[str, KindName, str, dict[str, Raw]]) -> None:
    what, kind, key, fields = edit
    if what == "add":
        set_ones = {name: value for name, value in fields.items() if value is not None}
        step.add(kind, {"id": key, LABELS[kind]: "X", **set_ones})
    elif key not in step.after.of(kind):
        raise NotFoundError.of("not-found", key)
    elif what == "update":
        step.update(kind, key, fields)
    else:
        removal = cascade(kind, [key], step.removal_closure([key]), step.view.settings)
        for other_kind, other, field in removal.unlinked if what == "cascade" else ():
            step.update(other_kind, other, {field: None})
        for other_kind, other in removal.removed if what == "cascade" else [(kind, key)]:
            step.remove(other_kind, other)


@contextmanager
def opened(*, indexed: bool) -> Iterator[tuple[Path, Change]]:
    with tempfile.TemporaryDirectory() as name:
        root = make_book(Path(name, "book"), **BOOK)
        yield root, Change(root, viewed(root, Path(name)) if indexed else whole(root), 2026)


def told(view: View) -> dict[str, object]:
    """What verbs ask of a view."""
    data = view.data
    found: dict[str, object] = {}
    for kind in KIND_NAMES:
        for key, record in data.of(kind).items():
            found[f"record {key}"] = record
            found[f"raw {key}"] = dict(view.raw_of(key))
            custom = view.settings.custom_fields(kind)
            found[f"links to {key}"] = {
                (each, other)
                for each, other in view.may_link_to({key})
                if (linking := data.of(each).get(other)) is not None
                and any(
                    target == key
                    for _, _, target in links(linking, view.settings.custom_fields(each))
                )
            }
            del custom
    every = [key for keys in KEYS.values() for key in keys]
    for key in every:
        found[f"reaching {key}"] = set(view.records_owned_through({key}))
        found[f"taken {key}"] = view.is_taken(key)
    found["reaching two"] = set(view.records_owned_through({"acme", "eva"}))
    for org in KEYS["orgs"]:
        found[f"won {org}"] = view.won_count(org)
        around = view.records_of_org(org)
        found[f"around {org}"] = {
            (kind, key)
            for kind in KIND_NAMES
            for key, record in around.of(kind).items()
            if org_of(record, around) == org
        }
    return found


@settings(max_examples=120)
@given(
    st.lists(edits(), max_size=8),
    st.booleans(),
    st.sampled_from([None, set(), {"acme", "d1"}, {f"x{n}" for n in range(20)} | {"acme", "eva"}]),
)
def test_the_view_of_steps_is_that_of_the_book_they_lead_to(
    plan: list[tuple[str, KindName, str, dict[str, Raw]]],
    indexed: bool,  # noqa: FBT001 - drawn
    sought: set[str] | None,
) -> None:
    with opened(indexed=indexed) as (root, change):
        steps = BatchSteps(change, sought)
        for edit in plan:
            try:
                steps.take(lambda step, edit=edit: perform(step, edit), PLACE)  # type: ignore[misc]
            except AcctcliError:
                continue
        found = told(view_of(steps))
        Book(root).write(lambda again: replay(again, steps), AUTHOR)
        assert found == told(whole(root))


def replay(change: Change, steps: BatchSteps) -> None:
    """Put the edits that steps came to into another change of the same book."""
    change.take_in(steps._change)


@settings(max_examples=100)
@given(books(), st.data())
def test_what_goes_with_a_record_is_told_from_what_is_near_it(
    data: Data, draw: st.DataObject
) -> None:
    everything = [(kind, key) for kind in KIND_NAMES for key in data.of(kind)]
    if not everything:
        return
    kind, key = draw.draw(st.sampled_from(everything))
    found = removal_closure(_Held(data), data, SETTINGS, {key})  # type: ignore[arg-type]  # all it asks of a view
    assert cascade(kind, [key], found, SETTINGS) == cascade(kind, [key], data, SETTINGS)


class _Held:
    """As much of a view as `near` asks."""

    def __init__(self, data: Data) -> None:
        self._data = data
        keys = [key for kind in KIND_NAMES for key in data.of(kind)]
        self._numbers = {key: number for number, key in enumerate(keys)}

    def may_link_to(self, ids: set[str]) -> list[tuple[KindName, str]]:
        return [
            (kind, key)
            for kind in KIND_NAMES
            for key, record in self._data.of(kind).items()
            if any(target in ids for _, _, target in links(record, SETTINGS.custom_fields(kind)))
        ]

    def location_of(self, key: str) -> object:
        class Spot:
            rank, number = 0, self._numbers[key]

        return Spot
