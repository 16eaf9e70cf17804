"""The book as of a day: it must be the one that the records of that day would have made."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from helpers.books import FILES as INDEX_FILES
from helpers.oracle import account_rows, org_rows
from helpers.strategies import SETTINGS, TODAY, ZONE, books, days
from helpers.view_comparison import difference
from helpers.view_scans import unknown_keys
from hypothesis import given
from msgspec.structs import replace

from acctcli.core.accounts.as_of import as_of
from acctcli.core.model.kinds import KIND_NAMES
from acctcli.core.model.records import Activity, Data, Deal, Org, Record
from acctcli.core.reports.account_page import page
from acctcli.core.reports.agenda import agenda_entries
from acctcli.store.book import Book
from acctcli.store.index.index import Index
from acctcli.store.views.derived import DerivedView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from helpers.cli import CommandLine

    from acctcli.store.views.view import View

ALWAYS = dt.date.min
LATE = TODAY + dt.timedelta(days=40)  # all that is in a book is before it


def then(data: Data, day: dt.date) -> Data:
    """The book as of a day, its records in plain mappings."""
    found, _ = as_of(data, day, ZONE)
    return Data(**{kind: dict(found.of(kind)) for kind in KIND_NAMES})  # type: ignore[arg-type]  # each kind has its own


# the same by playing what happened, one thing after the other


def _day(stamp: dt.date | dt.datetime | None) -> dt.date:
    if isinstance(stamp, dt.datetime):
        return stamp.astimezone(ZONE).date()
    return ALWAYS if stamp is None else stamp


def _at_first(record: Record) -> tuple[Record, list[tuple[dt.date, Record]]]:
    """A record as it was made, and what it became later, each with its day."""
    if isinstance(record, Deal):
        made = replace(record, status="open", won_time=None, lost_time=None, lost_reason=None)
        if record.status == "won":
            return made, [(_day(record.won_time), record)]
        if record.status == "lost":
            return made, [(_day(record.lost_time), record)]
    if isinstance(record, Activity) and record.done:
        made_undone = replace(record, done=False, done_time=None)
        return made_undone, [(_day(record.done_time or record.due_date), record)]
    return record, []


def played(data: Data, until: dt.date) -> Data:
    """The book of a day, by adding its records and changing them day by day."""
    happened: list[tuple[dt.date, int, str, str, Record]] = []
    for kind in KIND_NAMES:
        for key, record in data.of(kind).items():
            if isinstance(record, Deal) and record.status == "won" and record.won_time is None:
                continue
            first, later = _at_first(record)
            happened.append((_day(record.add_time), 0, kind, key, first))
            happened += [(day, 1, kind, key, became) for day, became in later]
    state: dict[str, dict[str, Record]] = {name: {} for name in KIND_NAMES}
    there: set[tuple[str, str]] = set()
    for day, step, name, key, record in sorted(happened, key=lambda each: each[:4]):
        if day <= until:
            if step == 0:
                there.add((name, key))
                state[name].setdefault(key, record)  # what came in late may be done already
            else:
                state[name][key] = record
    return Data(
        **{
            kind: {key: state[kind][key] for key in data.of(kind) if (kind, key) in there}
            for kind in KIND_NAMES
        }  # type: ignore[arg-type]  # each kind has records of its own type
    )


@given(books(), days)
def test_as_of_a_day_is_the_book_made_of_what_had_happened(data: Data, day: dt.date) -> None:
    found, right = then(data, day), played(data, day)
    for kind in KIND_NAMES:
        assert list(found.of(kind).items()) == list(right.of(kind).items())
    assert org_rows(found, SETTINGS, day, ZONE) == org_rows(right, SETTINGS, day, ZONE)
    rows = account_rows(found, SETTINGS, day, ZONE)
    assert rows == account_rows(right, SETTINGS, day, ZONE)
    assert agenda_entries(found, SETTINGS, day, LATE) == agenda_entries(right, SETTINGS, day, LATE)
    for org_id in right.orgs:
        assert page(org_id, found, SETTINGS, day, ZONE) == page(org_id, right, SETTINGS, day, ZONE)


@given(books())
def test_with_nothing_ahead_it_is_the_book_as_it_is(data: Data) -> None:
    dated = Data(
        **{
            kind: {key: _dated(record) for key, record in data.of(kind).items()}
            for kind in KIND_NAMES
        }  # type: ignore[arg-type]  # each kind has records of its own type
    )
    assert then(dated, LATE) == dated
    assert as_of(dated, LATE, ZONE)[1] == []


def _dated(record: Record) -> Record:
    if isinstance(record, Deal) and record.status == "won":
        return replace(record, won_time=record.won_time or TODAY)
    return record


@given(books(), days, days)
def test_an_account_stays_one_as_days_pass(data: Data, one: dt.date, other: dt.date) -> None:
    first, last = sorted([one, other])
    before = {row.id for row in account_rows(then(data, first), SETTINGS, first, ZONE)}
    after = {row.id for row in account_rows(then(data, last), SETTINGS, last, ZONE)}
    assert before <= after


@given(books(), days)
def test_nothing_lies_ahead_of_the_day(data: Data, day: dt.date) -> None:
    for row in org_rows(then(data, day), SETTINGS, day, ZONE):
        assert row.last_won is None or row.last_won <= day
        assert row.last_contact is None or row.last_contact.date <= day


@given(books("deals"), days)
def test_wins_of_unknown_days_are_left_out_and_told(data: Data, day: dt.date) -> None:
    found, problems = as_of(data, day, ZONE)
    undated = [
        key
        for key, deal in data.deals.items()
        if deal.status == "won" and deal.won_time is None and _day(deal.add_time) <= day
    ]
    assert [problem.record for problem in problems] == undated
    assert found.deals.keys().isdisjoint(undated)


def test_what_changed_later_is_as_it_was() -> None:
    day = dt.date(2026, 3, 1)
    rome = dt.timezone(dt.timedelta(hours=1))
    data = Data(
        orgs={"acme": Org(id="acme", name="Acme"), "new": Org(id="new", name="N", add_time=LATE)},
        deals={
            "d1": Deal(id="d1", title="t", status="won", won_time=dt.date(2026, 3, 1)),
            "d2": Deal(id="d2", title="t", status="won", won_time=dt.date(2026, 3, 2)),
            "d3": Deal(
                id="d3", title="t", status="lost", lost_time=dt.date(2026, 3, 2), lost_reason="r"
            ),
            "d4": Deal(id="d4", title="t", status="lost", lost_reason="r"),
            # In Rome it was the second of March.
            "d5": Deal(
                id="d5",
                title="t",
                status="won",
                won_time=dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC),
            ),
        },
        activities={
            "a1": Activity(id="a1", subject="s", done=True, due_date=dt.date(2026, 3, 2)),
            "a2": Activity(
                id="a2",
                subject="s",
                done=True,
                due_date=dt.date(2026, 3, 9),
                done_time=dt.date(2026, 2, 1),
            ),
            "a3": Activity(id="a3", subject="s", done=True),
        },
    )
    found, problems = as_of(data, day, rome)
    assert problems == []
    assert list(found.orgs) == ["acme"]
    assert ("new" in found.orgs, "acme" in found.orgs, len(found.orgs)) == (False, True, 1)
    assert [deal.status for deal in found.deals.values()] == ["won", "open", "open", "lost", "open"]
    assert found.deals["d3"].lost_reason is None
    assert found.deals["d4"].lost_reason == "r"
    assert [each.done for each in found.activities.values()] == [False, True, True]


# the view


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "book"
    for name, text in {
        "acctcli.yaml": "format: 1\ncurrency: EUR\ntimezone: Europe/Rome\n",
        **INDEX_FILES,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def _derived(view: View, day: dt.date) -> DerivedView:
    return DerivedView(view, as_of(view.data, day, view.zone)[0])


@pytest.mark.parametrize("day", [dt.date(2026, 1, 20), dt.date(2026, 2, 1), dt.date(2026, 6, 1)])
def test_the_view_tells_the_same_with_an_index_and_without(root: Path, day: dt.date) -> None:
    whole = _derived(Book(root).read(), day)
    assert difference(_derived(Index(root, root.parent / "cache").view(), day), whole) is None
    assert (whole.data.deals["d2"].status == "won") == (day >= dt.date(2026, 2, 1))
    rows = [each.row for each in whole.listed_accounts(day, accounts_only=False)]
    assert rows == org_rows(whole.data, whole.settings, day, whole.zone)
    assert [
        each.text(b"{}", with_membership=True) for each in whole.listed_accounts_of(["acme"], day)
    ] == [None]


def test_the_view_leaves_files_as_they_are(root: Path) -> None:
    inner = Book(root).read()
    view = _derived(inner, dt.date(2026, 1, 20))
    assert (view.files(), view.file("orgs.yaml")) == (inner.files(), inner.file("orgs.yaml"))
    assert view.has_plain_layout("orgs.yaml") == inner.has_plain_layout("orgs.yaml")
    assert view.location_of("d2") == inner.location_of("d2")
    assert (view.unread_count(), view.broken_kinds(), unknown_keys(view)) == (
        inner.unread_count(),
        inner.broken_kinds(),
        unknown_keys(inner),
    )
    edit = view.edit("orgs.yaml", ["acme"], {}, adding=False)
    assert type(edit) is type(inner.edit("orgs.yaml", ["acme"], {}, adding=False))


# the commands


def _accounts(acct: CommandLine, *words: str) -> list[Mapping[str, Any]]:
    result = acct("account", "list", "--format", "json", *words)
    assert result.code == 0, result.err
    found = result.json
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("way", [(), ("--no-index",)])
def test_a_list_as_of_a_day(small: Path, acct: CommandLine, way: tuple[str, ...]) -> None:
    assert [row["id"] for row in _accounts(acct, "--as-of", "2026-01-14", *way)] == []
    assert [row["id"] for row in _accounts(acct, "--as-of", "2026-01-15", *way)] == ["acme"]
    (acme, bianchi) = _accounts(acct, "--as-of", "2026-02-19", *way)
    assert (acme["bucket"], bianchi["last_contact"], bianchi["bucket"]) == ("later", None, "none")
    assert _accounts(acct, "--as-of", "2026-03-10", *way) == _accounts(acct, *way)


@pytest.mark.parametrize(
    "words",
    [
        ("org", "add", "X"),
        ("deal", "won", "d3"),
        ("activity", "done", "a1"),
        ("check",),
        ("log",),
        ("undo",),
        ("rates", "import", "-"),
        ("import", "csv", "x.csv", "--map", "m.yaml"),
    ],
    ids=lambda words: words[0],
)
def test_a_command_about_the_book_as_it_is_refuses(
    small: Path, acct: CommandLine, words: tuple[str, ...]
) -> None:
    before = {path.name: path.read_bytes() for path in small.iterdir() if path.is_file()}
    for line in (["--as-of", "today", *words], [*words, "--as-of", "today"]):
        result = acct(*line)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("error [as-of]: ")
    assert {path.name: path.read_bytes() for path in small.iterdir() if path.is_file()} == before


def test_whatever_writes_refuses_by_itself(small: Path) -> None:
    from acctcli.cli.app.console import Globals, process_streams
    from acctcli.cli.app.session import Session
    from acctcli.core.model.errors import UsageError
    from acctcli.store.undo.undo import UndoRequest

    session = Session(Globals(as_of="today"), process_streams(), [])
    told = "--as-of shows it as it was"
    with pytest.raises(UsageError, match=told):
        session.write(lambda _: None)
    with pytest.raises(UsageError, match=told):
        session.rehearse(lambda _: None)
    with pytest.raises(UsageError, match=told):
        session.undo(UndoRequest(), dry_run=True)


def test_as_of_and_today_must_not_disagree(small: Path, acct: CommandLine) -> None:
    result = acct("account", "list", "--as-of", "2026-01-14", "--today", "2026-01-15")
    assert (result.code, result.out) == (2, "")
    assert "--as-of is 2026-01-14, and --today is 2026-01-15" in result.err
    assert acct("account", "list", "--as-of", "today", "--today", "2026-01-15").code == 0
    # The environment's day is what date words are counted from, and no more.
    environ = {"ACCTCLI_TODAY": "2026-01-16"}
    assert acct("account", "list", "--as-of", "-1d", "--format", "ids", **environ).out == "acme\n"


def test_a_bad_date_names_the_option(small: Path, acct: CommandLine) -> None:
    result = acct("account", "list", "--as-of", "2026-02-30")
    assert (result.code, result.out) == (5, "")
    assert "--as-of" in result.err


def test_many_undated_wins_are_told_each_once(small: Path, acct: CommandLine) -> None:
    with (small / "deals.yaml").open("a") as file:
        file.write("- id: d9\n  title: Old\n  org: cole\n  value: 5\n  status: won\n")
    assert [row["id"] for row in _accounts(acct)] == ["acme", "bianchi", "cole"]
    result = acct("account", "list", "--as-of", "2026-03-10", "--format", "ids")
    assert result.out == "acme\nbianchi\n"
    assert result.err.count("won-without-time") == 1
