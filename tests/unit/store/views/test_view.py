"""One reading of a book: what is right in it, what is wrong and where, and names for records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.view_scans import unknown_keys

from acctcli.core.model.errors import (
    AmbiguousError,
    InvalidBookError,
    NotFoundError,
    Place,
)
from acctcli.core.model.kinds import KINDS
from acctcli.store.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import Record
    from acctcli.store.views.view import View

SETTINGS = "format: 1\ncurrency: EUR\ntimezone: Europe/Rome\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "acctcli.yaml").write_text(SETTINGS, "utf-8")
    return tmp_path


def read(root: Path, **files: str) -> View:
    for name, text in files.items():
        (root / f"{name}.yaml").write_text(text, "utf-8")
    return Book(root).read()


def ids(view: View) -> set[str]:
    """Every id that a new record must not have."""
    found = {*(key for kind in KINDS for key in view.data.of(kind)), *view.bad_ids()}
    assert all(view.is_taken(key) for key in found)
    assert not view.is_taken("no-such-id")
    return found


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.id, str(problem.place)) for problem in problems]


# what is right and what is wrong


def test_good_records_are_there_beside_bad_ones(root: Path) -> None:
    view = read(
        root,
        orgs="- id: acme\n  name: Acme\n- id: bad\n  name: [x]\n- id: cole\n  name: Cole\n",
        people="- id: eva\n  name: Eva\n  - torn\n- id: max\n  name: Max\n",
    )
    assert list(view.data.orgs) == ["acme", "cole"]
    assert list(view.data.people) == ["max"]
    assert told(view.problems) == [
        ("bad-type", "orgs.yaml:4:9"),
        ("yaml-syntax", "people.yaml:3:3"),
    ]
    assert ids(view) == {"acme", "bad", "cole", "eva", "max"}
    assert view.bad_ids() == {"bad", "eva"}
    assert [view.is_bad(key) is not None for key in ("acme", "bad", "eva")] == [False, True, True]


def test_a_file_that_cannot_be_read_keeps_its_ids(root: Path) -> None:
    text = "- id: one\n  name: One\n- 'id': \"two\"   # quoted\n  name: Two\n---\n- id: three\n"
    view = read(root, orgs=text)
    assert told(view.problems) == [("several-documents", "orgs.yaml:5:1")]
    assert view.data.orgs == {}
    assert ids(view) == {"one", "two", "three"}
    problem = view.is_bad("two")
    assert problem is not None
    assert problem.id == "several-documents"
    assert view.broken_kinds() == {"orgs"}


def test_kinds_with_records_whose_id_is_not_known_are_broken(root: Path) -> None:
    view = read(
        root,
        orgs="- id: acme\n  name: [x]\n",  # an unreadable name, but its id can be read
        people="- id: eva\n  name: [open\n- id: max\n  name: Max\n",
        deals="- id: d1\n  title: Good\n",
    )
    assert view.broken_kinds() == {"people"}


def test_an_id_that_is_not_text_is_no_id_of_a_bad_record(root: Path) -> None:
    view = read(root, orgs="- id: [a, b]\n  name: Acme\n- name: Nobody\n- nothing: [\n")
    assert [problem.id for problem in view.problems] == ["bad-type", "missing-field", "yaml-syntax"]
    assert ids(view) == set()
    assert view.unreadable_mention("Nobody") is view.problems[1]


def test_an_id_used_twice_names_both_places_and_keeps_the_first(root: Path) -> None:
    view = read(
        root,
        orgs="- id: acme\n  name: First\n- id: acme\n  name: Second\n",
        deals="- title: Third\n  id: acme\n",
    )
    assert view.data.orgs["acme"].name == "First"
    assert view.data.deals == {}
    assert told(view.problems) == [
        ("duplicate-id", "orgs.yaml:3:7"),
        ("duplicate-id", "deals.yaml:2:7"),
    ]
    assert [problem.record for problem in view.problems] == ["acme", "acme"]
    assert [problem.kind for problem in view.problems] == ["orgs", "deals"]
    for problem in view.problems:
        assert problem.message == 'the id "acme" is taken by the record at orgs.yaml:1:7'
    assert view.is_bad("acme") is view.problems[0]
    assert view.bad_ids() == {"acme"}


def test_a_deal_with_a_value_and_no_currency_is_a_problem_with_its_place(root: Path) -> None:
    (root / "acctcli.yaml").write_text("format: 1\n", "utf-8")
    view = read(root, deals="- id: d1\n  title: A\n  value: 5\n- id: d2\n  title: B\n")
    assert [problem.id for problem in view.problems] == ["value-without-currency"]
    assert view.problems[0].place == Place("deals.yaml", 3, 10)
    assert list(view.data.deals) == ["d2"]
    assert view.bad_ids() == {"d1"}


# what unreadable records mention


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- id: d1\n  title: [x]\n  org: acme\n", True),
        ("- id: d1\n  title: [open\n  org: acme\n", True),
        ("- id: d1\n  title: Good\n  org: acme\n", False),
        ("- id: d1\n  title: [x]\n  org: acme-2\n", False),
        ("- id: d1\n  title: [x]\n  org: my-acme\n", False),
        ("- id: d1\n  title: [x]\n  org: acme_b\n", False),
        ("- id: d1\n  title: A\n---\n- org: 'acme'\n", True),
        ("- id: d1\n  title: A\n---\n- org: acmes\n", False),
        ("- id: acme2\n  title: A\n- id: acme2\n  title: acme\n", True),
    ],
)
def test_mentions_in_what_cannot_be_read(root: Path, text: str, *, found: bool) -> None:
    view = read(root, deals=text)
    assert view.unreadable_mention("acme") is (view.problems[0] if found else None)


def test_a_mention_gives_the_problem_of_the_record_it_stands_in(root: Path) -> None:
    view = read(
        root, deals="- id: d1\n  title: [x]\n- id: d2\n  title: A\n  value: 1,5\n  org: a.b\n"
    )
    problem = view.unreadable_mention("a.b")
    assert problem is not None
    assert problem.place == Place("deals.yaml", 5, 10)
    assert view.unreadable_mention("a+b") is None
    assert view.unreadable_mention("d.") is None  # no pattern: it does not stand for d2


# texts and places


def test_texts_and_places(root: Path) -> None:
    text = (
        "# ours\n\n# the first\n- id: acme\n  # whose\n  name: Acme\n\n- id: cole\n  name: Cole\n"
    )
    view = read(root, orgs=text)
    assert view.text_of("acme") == "# the first\n- id: acme\n  # whose\n  name: Acme\n"
    assert view.text_of("cole") == "- id: cole\n  name: Cole\n"
    assert view.place("acme", "name") == Place("orgs.yaml", 6, 9)
    assert view.place("cole") == Place("orgs.yaml", 8, 1)
    assert view.place("cole", "owner") == Place("orgs.yaml", 8, 1)


def test_unknown_keys_are_told_with_their_place(root: Path) -> None:
    (root / "acctcli.yaml").write_text(SETTINGS + "fields: {orgs: {vat: text}}\n", "utf-8")
    view = read(
        root,
        orgs="- id: acme\n  name: Acme\n  vat: 7\n  onwer: Anna\n- id: [\n",
        people="- id: eva\n  name: Eva\n  vat: 7\n",
    )
    found = unknown_keys(view)
    assert told(found) == [("unknown-key", "orgs.yaml:4:3"), ("unknown-key", "people.yaml:3:3")]
    assert [(each.kind, each.record, each.field) for each in found] == [
        ("orgs", "acme", "onwer"),
        ("people", "eva", "vat"),
    ]
    assert '"owner"' in (found[0].hint or "")


# settings


def test_settings_that_are_wrong_stop_everything_with_their_places(root: Path) -> None:
    text = "format: 1\ncurrency: EUX\nbuckets: {soon: 7, later: 2}\ntimezone: Rome\n"
    (root / "acctcli.yaml").write_text(text, "utf-8")
    with pytest.raises(InvalidBookError) as caught:
        Book(root).read()
    places = {problem.place.line for problem in caught.value.problems if problem.place}
    assert places == {2, 3, 4}


def test_what_is_odd_in_the_settings_is_kept(root: Path) -> None:
    (root / "acctcli.yaml").write_text(SETTINGS + "curency: USD\n", "utf-8")
    view = Book(root).read()
    assert told(list(view.odd)) == [("unknown-key", "acctcli.yaml:4:1")]
    assert view.settings.currency == "EUR"


def test_empty_settings_are_those_of_a_book_that_says_nothing(root: Path) -> None:
    (root / "acctcli.yaml").write_text("# nothing\n", "utf-8")
    view = Book(root).read()
    assert (view.settings.currency, view.settings.timezone, view.odd) == (None, None, ())


# how a user names a record


def test_a_record_is_found_by_id_name_or_beginning(root: Path) -> None:
    view = read(
        root,
        orgs="- id: acme\n  name: Bianchi Café\n- id: cole\n  name: acme\n- id: dora\n"
        "  name: Dora\n- id: dora-2\n  name: Dora Two\n",
    )
    assert view.find("orgs", "acme") == "acme"  # the id comes before the name
    assert view.find("orgs", "ACME") == "cole"
    assert view.find("orgs", "bianchi cafe") == "acme"
    assert view.find("orgs", "co") == "cole"
    assert view.find("orgs", "dora") == "dora"


def test_a_name_of_nothing_is_not_found(root: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        read(root).find("people", "eva")
    (problem,) = caught.value.problems
    assert problem.message == 'no person is named "eva"'
    assert problem.hint is not None
    assert '"acctcli person list"' in problem.hint


@pytest.mark.parametrize(("count", "rest"), [(2, None), (10, None), (11, "1 more"), (14, "4 more")])
def test_an_ambiguous_name_lists_at_most_ten(root: Path, count: int, rest: str | None) -> None:
    view = read(root, orgs="".join(f"- id: x{n:02}\n  name: Same\n" for n in range(count)))
    with pytest.raises(AmbiguousError) as caught:
        view.find("orgs", "same")
    listed = [f"x{n:02} (Same)" for n in range(min(count, 10))] + ([rest] if rest else [])
    assert caught.value.problems[0].message == f'"same" may be any of: {", ".join(listed)}'


def test_the_id_of_a_bad_record_is_answered_with_its_problem(root: Path) -> None:
    view = read(root, orgs="- id: acme\n  name: [x]\n- id: acme-2\n  name: Acme\n")
    with pytest.raises(InvalidBookError) as caught:
        view.find("orgs", "acme")  # and not with the one that begins so
    assert caught.value.problems[0].place == Place("orgs.yaml", 2, 9)
    assert view.find("orgs", "acme-") == "acme-2"


def test_of_several_of_one_name_those_count_that_are_preferred(root: Path) -> None:
    view = read(
        root,
        activities="- id: a1\n  subject: Weekly\n  done: true\n  done_time: 2026-03-01T23:30:00Z\n"
        "- id: a2\n  subject: weekly\n  due_date: 2026-03-09\n"
        "- id: a3\n  subject: Weekly\n  done: true\n"
        "- id: b1\n  subject: Twice\n"
        "- id: b2\n  subject: Twice\n  due_date: 2026-03-09\n"
        "- id: b3\n  subject: Twice\n  done: true\n  due_date: 2026-03-02\n",
    )

    def undone(record: Record) -> bool:
        return not getattr(record, "done", False)

    def told(name: str, prefer: Callable[[Record], bool] | None) -> str:
        with pytest.raises(AmbiguousError) as caught:
            view.find("activities", name, prefer)
        return caught.value.problems[0].message.partition(" of: ")[2]

    assert view.find("activities", "Weekly", undone) == "a2"
    assert view.find("activities", "a1", undone) == "a1"
    assert told("Weekly", None) == (
        "a1 (Weekly, done 2026-03-02), a2 (weekly, due 2026-03-09), a3 (Weekly, done)"
    )
    assert told("Weekly", lambda _: False) == told("Weekly", None)
    assert told("twice", undone) == "b1 (Twice, without a date), b2 (Twice, due 2026-03-09)"
    assert told("b", None).endswith("b3 (Twice, done 2026-03-02)")
