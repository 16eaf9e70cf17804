"""Health: the points are whole and add up, and better in one input is never fewer of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from helpers.samples import bare_row
from helpers.strategies import SETTINGS, TODAY, ZONE, amounts, books
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.accounts.totals import account_row, summarize
from acctcli.core.model.choices import HEALTH_WORDS
from acctcli.core.model.durations import Span
from acctcli.core.model.records import Data, Settings
from acctcli.core.model.settings import INPUTS, Health, Input
from acctcli.core.reports.health import (
    Assessment,
    FixedFacts,
    HealthRow,
    Part,
    assess,
    contact_span,
    facts,
    facts_of,
    health_report,
    last_until,
    next_from,
    recent_wins,
    shares,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = TODAY.toordinal()
TIERED = Settings(tiers={"A": "30d", "B": "1m"})


def known(
    contacts: Sequence[int] = (),
    wins: Sequence[int] = (),
    due: Sequence[int] = (),
    **fields: object,
) -> FixedFacts:
    """An account with something on these days, counted from today."""
    days = [sorted(NOW + day for day in each) for each in (contacts, wins, due)]
    return FixedFacts(bare_row(**fields), *days)


def part(name: Input, account: FixedFacts, settings: Settings = TIERED) -> tuple[int, str]:
    found = {each.input: each for each in assess(account, settings, TODAY).parts}
    return found[name].score, found[name].because


# what each input is scored by


@pytest.mark.parametrize(
    ("ago", "tier", "score", "because"),
    [
        (0, None, 100, "last contact 2026-03-04, today: within 90 days"),
        (1, None, 100, "last contact 2026-03-03, 1 day ago: within 90 days"),
        (90, None, 100, "last contact 2025-12-04, 90 days ago: within 90 days"),
        (91, None, 98, "last contact 2025-12-03, 91 days ago: over 90 days"),
        (135, "ghost", 50, "last contact 2025-10-20, 135 days ago: over 90 days"),
        (180, None, 0, "last contact 2025-09-05, 180 days ago: over 90 days"),
        (999, None, 0, "last contact 2023-06-09, 999 days ago: over 90 days"),
        (30, "A", 100, "last contact 2026-02-02, 30 days ago: within 30 days"),
        (45, "A", 50, "last contact 2026-01-18, 45 days ago: over 30 days"),
        (28, "B", 100, "last contact 2026-02-04, 28 days ago: within 1 month"),
        (29, "B", 96, "last contact 2026-02-03, 29 days ago: over 1 month"),
    ],
)
def test_contact_counts_by_the_rhythm(ago: int, tier: str | None, score: int, because: str) -> None:
    assert part("contact", known([-999, -ago], tier=tier)) == (score, because)


def test_a_contact_to_come_does_not_count_yet() -> None:
    assert part("contact", known([1])) == (0, "never contacted")
    assert part("contact", known([-90, 1]))[0] == 100


@pytest.mark.parametrize(
    ("due", "score", "because"),
    [
        ([], 100, "nothing overdue"),
        ([0, 5], 100, "nothing overdue"),
        ([-1], 50, "1 activity overdue since 2026-03-03"),
        ([-3, -1, 2], 25, "2 activities overdue since 2026-03-01"),
        ([-1] * 6, 1, "6 activities overdue since 2026-03-03"),
        ([-1] * 7, 0, "7 activities overdue since 2026-03-03"),
        ([-1] * 900, 0, "900 activities overdue since 2026-03-03"),
    ],
)
def test_every_overdue_activity_halves(due: list[int], score: int, because: str) -> None:
    assert part("overdue", known(due=due)) == (score, because)


@pytest.mark.parametrize(
    ("due", "score", "because"),
    [
        ([], 0, "nothing planned ahead"),
        ([-1], 0, "nothing planned ahead"),
        ([-1, 0], 100, "next activity 2026-03-04: within 90 days"),
        ([90], 100, "next activity 2026-06-02: within 90 days"),
        ([91], 50, "next activity 2026-06-03: not within 90 days"),
    ],
)
def test_the_next_step_counts_when_it_lies_ahead(due: list[int], score: int, because: str) -> None:
    assert part("next_step", known(due=due)) == (score, because)


@pytest.mark.parametrize(
    ("wins", "score", "because"),
    [
        ([], 0, "no win in the last year, none in the year before"),
        ([1, -731], 0, "no win in the last year, none in the year before"),
        ([0], 100, "1 win in the last year, none in the year before"),
        ([-364, -365], 100, "1 win in the last year, 1 in the year before"),
        ([-400], 0, "no win in the last year, 1 in the year before"),
        ([-1, -400, -500, -600], 33, "1 win in the last year, 3 in the year before"),
        ([-1, -2, -400], 100, "2 wins in the last year, 1 in the year before"),
    ],
)
def test_wins_count_beside_those_of_the_year_before(
    wins: list[int], score: int, because: str
) -> None:
    assert part("wins", known(wins=wins)) == (score, because)


@pytest.mark.parametrize(
    ("value", "won", "score", "because"),
    [
        ({}, {"EUR": 100}, 0, "no open value"),
        ({"EUR": 0, "USD": -5}, {}, 0, "no open value"),
        ({"EUR": 10}, {"EUR": 100}, 40, "EUR 10.00 open beside EUR 100.00 won"),
        ({"EUR": "24.99"}, {"EUR": 100}, 99, "EUR 24.99 open beside EUR 100.00 won"),
        ({"EUR": 25}, {"EUR": 100}, 100, "EUR 25.00 open beside EUR 100.00 won"),
        ({"EUR": 1}, {"USD": 100}, 100, "EUR 1.00 open"),
        ({"EUR": 1}, {"EUR": 0}, 100, "EUR 1.00 open beside EUR 0.00 won"),
        ({"EUR": 1}, {"EUR": -3}, 100, "EUR 1.00 open beside EUR -3.00 won"),
        (
            {"EUR": 10, "USD": 20},
            {"EUR": 100, "USD": 100},
            80,
            "USD 20.00 open beside USD 100.00 won",
        ),
        (
            {"EUR": "1" * 38},
            {"EUR": "0.000001"},
            100,
            f"EUR {'1' * 38}.00 open beside EUR 0.000001 won",
        ),
    ],
)
def test_open_value_counts_beside_what_was_won_in_its_currency(
    value: dict[str, str], won: dict[str, str], score: int, because: str
) -> None:
    sums = [{code: Decimal(each) for code, each in totals.items()} for totals in (value, won)]
    account = known(open_value=sums[0], won_value=sums[1])
    assert part("open_value", account) == (score, because)


def test_the_ends_of_the_calendar_are_no_fault() -> None:
    for today in (dt.date.min, dt.date.max):
        one = [today.toordinal()]
        found = assess(FixedFacts(bare_row(), one, one, one), SETTINGS, today)
        assert [each.score for each in found.parts] == [100, 100, 100, 100, 0]


# the whole


def test_the_default_of_a_new_book_uses_all_five() -> None:
    fresh = known([-1], [-1], [1], open_value={"EUR": Decimal(1)})
    found = assess(fresh, Settings(), TODAY)
    assert (found.points, found.word) == (100, "healthy")
    assert [(each.input, each.weight, each.most) for each in found.parts] == [
        ("contact", 3, 30),
        ("overdue", 2, 20),
        ("next_step", 2, 20),
        ("wins", 2, 20),
        ("open_value", 1, 10),
    ]
    assert assess(known(due=[-1] * 7), Settings(), TODAY).points == 0


def test_the_keys_are_the_machine_keys() -> None:
    assert Assessment.__struct_fields__ == ("points", "word", "parts")
    assert Part.__struct_fields__ == ("input", "weight", "score", "points", "most", "because")
    assert HealthRow.__struct_fields__ == (
        *("id", "name", "owner", "tier", "won_value", "points", "word", "reason", "parts"),
    )


@pytest.mark.parametrize(
    ("weights", "parted"),
    [
        ({"contact": 7}, {"contact": 100}),
        ({"contact": 1, "overdue": 1, "wins": 1}, {"contact": 34, "overdue": 33, "wins": 33}),
        ({"contact": 1, "overdue": 1, "wins": 4}, {"contact": 17, "overdue": 17, "wins": 66}),
        ({"contact": 1, "wins": 2}, {"contact": 33, "wins": 67}),
        ({"contact": 1, "wins": 100}, {"contact": 1, "wins": 99}),
    ],
)
def test_the_points_are_parted_by_the_weights(
    weights: dict[Input, int], parted: dict[Input, int]
) -> None:
    assert shares(weights) == parted


@pytest.mark.parametrize(
    ("points", "told"),
    [(0, "at risk"), (39, "at risk"), (40, "watch"), (69, "watch"), (70, "healthy")],
)
def test_the_word_follows_the_bounds(points: int, told: str) -> None:
    assert word(points, Health()) == told
    assert HEALTH_WORDS == ("at risk", "watch", "healthy")


def test_small_questions_about_days() -> None:
    assert contact_span(None, TIERED) == contact_span("ghost", TIERED) == Span(90, "d")
    assert contact_span("A", TIERED) == Span(30, "d")
    assert (last_until([], TODAY), next_from([], TODAY)) == (None, None)
    days = [NOW - 400, NOW - 1, NOW, NOW + 1]
    assert (last_until(days, TODAY), next_from(days, TODAY)) == (NOW, NOW)
    assert recent_wins(days, TODAY) == (2, 1)


# the laws

_offsets = st.lists(st.integers(-1100, 200), max_size=6)
_sums = st.dictionaries(st.sampled_from(["EUR", "USD", "JPY"]), amounts, max_size=3)
_weights = st.dictionaries(st.sampled_from(INPUTS), st.integers(1, 100), min_size=1)
_settings = st.builds(
    lambda weights, watch, more: Settings(
        tiers=TIERED.tiers, health=Health(weights=weights, watch=watch, healthy=watch + more)
    ),
    _weights,
    st.integers(1, 50),
    st.integers(1, 50),
)
_accounts = st.builds(
    known,
    _offsets,
    _offsets,
    _offsets,
    open_value=_sums,
    won_value=_sums,
    tier=st.sampled_from([None, "A", "B", "ghost"]),
)


def _better(name: Input, better: FixedFacts, account: FixedFacts, settings: Settings) -> None:
    """One account is as good as the other in all but an input, in which it is better."""
    high, low = assess(better, settings, TODAY), assess(account, settings, TODAY)
    assert high.points >= low.points
    assert HEALTH_WORDS.index(high.word) >= HEALTH_WORDS.index(low.word)
    for one, other in zip(high.parts, low.parts, strict=True):
        assert one == other or one.input == name
        assert one.score >= other.score


@given(_accounts, _settings)
def test_the_points_add_up(account: FixedFacts, settings: Settings) -> None:
    found = assess(account, settings, TODAY)
    assert found.points == sum(each.points for each in found.parts)
    assert sum(each.most for each in found.parts) == 100
    assert [each.input for each in found.parts] == list(settings.health.weights)
    for each in found.parts:
        assert 0 <= each.score <= 100
        assert abs(100 * each.points - each.most * each.score) <= 50
        assert abs(each.most * sum(settings.health.weights.values()) - 100 * each.weight) < 500
        assert each.because
    assert found.worst in found.parts
    lost = found.worst.most - found.worst.points
    assert lost == max(each.most - each.points for each in found.parts)


@given(_accounts, _settings, st.integers(-1100, 200))
def test_one_more_contact_is_never_worse(account: FixedFacts, settings: Settings, day: int) -> None:
    more = account._replace(contacts=sorted([*account.contacts, NOW + day]))
    _better("contact", more, account, settings)


@given(_accounts, _settings, st.data())
def test_a_more_recent_contact_is_never_worse(
    account: FixedFacts, settings: Settings, data: st.DataObject
) -> None:
    first, second = sorted(data.draw(st.tuples(st.integers(-1100, 0), st.integers(-1100, 0))))
    older = account._replace(contacts=sorted([*account.contacts, NOW + first]))
    newer = account._replace(contacts=sorted([*account.contacts, NOW + second]))
    _better("contact", newer, older, settings)


@given(_accounts, _settings, st.integers(-1100, -1))
def test_fewer_overdue_are_never_worse(account: FixedFacts, settings: Settings, day: int) -> None:
    worse = account._replace(due=sorted([*account.due, NOW + day]))
    _better("overdue", account, worse, settings)


@given(_accounts, _settings, st.integers(0, 200))
def test_something_planned_ahead_is_never_worse(
    account: FixedFacts, settings: Settings, day: int
) -> None:
    more = account._replace(due=sorted([*account.due, NOW + day]))
    _better("next_step", more, account, settings)


@given(_accounts, _settings, st.integers(-364, 0), st.integers(-729, -366))
def test_more_wins_than_in_the_year_before_are_never_worse(
    account: FixedFacts, settings: Settings, recent: int, before: int
) -> None:
    more = account._replace(wins=sorted([*account.wins, NOW + recent]))
    _better("wins", more, account, settings)
    fewer_now = account._replace(wins=sorted([*account.wins, NOW + before]))
    _better("wins", account, fewer_now, settings)


@given(_accounts, _settings, st.sampled_from(["EUR", "USD", "TND"]), amounts.map(abs))
def test_more_open_value_in_a_currency_is_never_worse(
    account: FixedFacts, settings: Settings, currency: str, amount: Decimal
) -> None:
    held = account.row.open_value
    values = held | {currency: held.get(currency, Decimal(0)) + amount}
    fields = {name: getattr(account.row, name) for name in account.row.__struct_fields__}
    more = account._replace(row=bare_row(**(fields | {"open_value": values})))
    _better("open_value", more, account, settings)


# the report, and what lists know


@given(books(), _settings)
def test_the_report_has_every_account_once_the_fewest_points_first(
    data: Data, settings: Settings
) -> None:
    accounts = [
        facts(account_row(data.orgs[key], each, TODAY, settings), each)
        for key, each in summarize(data, settings, ZONE).items()
        if each.won_count
    ]
    report = health_report(accounts, settings, TODAY)
    assert sorted(each.id for each in report) == sorted(each.row.id for each in accounts)
    assert [each.points for each in report] == sorted(each.points for each in report)
    assert health_report(reversed(accounts), settings, TODAY) == report
    by_word = [health_report(accounts, settings, TODAY, word=each) for each in HEALTH_WORDS]
    assert [each for rows in by_word for each in rows] == report
    for each in report:
        assert (each.reason is None) == (each.points == 100)
        assert each.reason in {None, *(one.because for one in each.parts)}


def test_a_list_is_asked_once_for_its_row() -> None:
    class Counting:
        asked = 0
        contacts = wins = due = ()

        @property
        def row(self) -> object:
            self.asked += 1
            return bare_row()

    listed = Counting()
    health_report([listed], SETTINGS, TODAY)  # type: ignore[list-item]  # as far as it is asked
    assert listed.asked == 1
    account = known()
    assert facts_of(account) is account
