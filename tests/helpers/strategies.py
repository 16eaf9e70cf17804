"""Small random books for property tests: few ids, so that links meet, dangle, go in circles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from acctcli.core.accounts.buckets import BUCKETS
from acctcli.core.model.kinds import KIND_NAMES, Field, FieldType, KindName
from acctcli.core.model.records import (
    Activity,
    Data,
    Deal,
    File,
    Note,
    Org,
    Person,
    Record,
    Settings,
    Stamp,
    Value,
)
from acctcli.core.reports.account_changes import AccountState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TODAY = dt.date(2026, 3, 4)  # a Wednesday
ZONE = dt.timezone(dt.timedelta(hours=1))
SETTINGS = Settings(
    currency="EUR",
    tiers={"A": "5d"},  # so that "B" has no rhythm
    fields={
        "orgs": {
            "partner": Field("partner", FieldType.LINK, link="orgs"),
            "budget": Field("budget", FieldType.AMOUNT),
        },
        "people": {"first_deal": Field("first_deal", FieldType.LINK, link="deals")},
        "notes": {"replaces": Field("replaces", FieldType.LINK, link="notes")},
    },
)

ORG_IDS = ("acme", "beta", "celo", "dora")
PERSON_IDS = ("anna", "ben", "cleo")
DEAL_IDS = ("d1aaaaaaa", "d2bbbbbbb", "d3ccccccc", "d4ddddddd", "d5eeeeeee")
ACTIVITY_IDS = ("a1aaaaaaa", "a2bbbbbbb", "a3ccccccc", "a4ddddddd", "a5eeeeeee")
NOTE_IDS = ("n1aaaaaaa", "n2bbbbbbb", "n3ccccccc")
FILE_IDS = ("f1aaaaaaa", "f2bbbbbbb")
GHOST = "ghost"  # an id that no record has

_NAMES = st.sampled_from(["Acme", "ACMÉ", "Łódź Öl", "東京商事", "beta", "Zoë"])
_OWNERS = st.sampled_from([None, "mia@example.com", "tom@example.com"])

days = st.integers(-12, 12).map(lambda ahead: TODAY + dt.timedelta(days=ahead))
times = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 30]))


def _moment(day: dt.date, time: dt.time, hours: int) -> dt.datetime:
    return dt.datetime.combine(day, time, dt.timezone(dt.timedelta(hours=hours)))


stamps: st.SearchStrategy[Stamp] = days | st.builds(_moment, days, times, st.integers(-9, 9))
amounts = st.decimals(-(10**12), 10**12, places=2) | st.sampled_from(
    [Decimal(0), Decimal("0.005"), Decimal("-0.10"), Decimal("999999999999999.999999")]
)
currencies = st.sampled_from([None, "EUR", "USD", "JPY", "TND"])


def _link(ids: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *ids, GHOST])


def _custom(name: str, ids: tuple[str, ...]) -> st.SearchStrategy[dict[str, Value]]:
    def as_custom(target: str | None) -> dict[str, Value]:
        return {} if target is None else {name: target}

    return _link(ids).map(as_custom)


def _records(
    make: Callable[..., Record], ids: tuple[str, ...], **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the ids in any order, each with a record."""
    fields = {"add_time": st.none() | stamps, **fields}
    return st.lists(st.sampled_from(ids), unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries(
            {each: st.builds(make, id=st.just(each), **fields) for each in chosen}
        )
    )


_BELONGING: dict[str, st.SearchStrategy[Any]] = {
    "org": _link(ORG_IDS),
    "person": _link(PERSON_IDS),
    "owner": _OWNERS,
}
_BELONGING_ALSO_BY_DEAL = {**_BELONGING, "deal": _link(DEAL_IDS)}


_KINDS: dict[KindName, st.SearchStrategy[dict[str, Any]]] = {
    "orgs": _records(
        Org,
        ORG_IDS,
        name=_NAMES,
        owner=_OWNERS,
        parent=_link(ORG_IDS),
        tier=st.sampled_from([None, "A", "B"]),
        custom=_custom("partner", ORG_IDS),
    ),
    "people": _records(
        Person,
        PERSON_IDS,
        name=_NAMES,
        org=_link(ORG_IDS),
        custom=_custom("first_deal", DEAL_IDS),
    ),
    "deals": _records(
        Deal,
        DEAL_IDS,
        title=_NAMES,
        **_BELONGING,
        value=st.none() | amounts,
        currency=currencies,
        status=st.sampled_from(["open", "won", "won", "lost"]),
        won_time=st.none() | stamps,
        lost_time=st.none() | stamps,
        expected_close_date=st.none() | days,
        mrr=st.none() | amounts,
        arr=st.none() | amounts,
        acv=st.none() | amounts,
        renewal_date=st.none() | days,
        term=st.sampled_from([None, None, "12m"]),
        archived=st.booleans(),
        add_time=st.none() | stamps,
    ),
    "activities": _records(
        Activity,
        ACTIVITY_IDS,
        subject=_NAMES,
        type=st.sampled_from([None, "call", "meeting", "task"]),
        **_BELONGING_ALSO_BY_DEAL,
        due_date=st.none() | days,
        due_time=st.none() | times,
        done=st.booleans(),
        done_time=st.none() | stamps,
        playbook=st.sampled_from([None, "onboarding"]),
        run=st.sampled_from([None, "d1aaaaaaa", "acme@2026-03-04"]),
        step=st.none() | st.integers(1, 3),
        wait=st.sampled_from([None, "5bd", "1m+0bd"]),
        repeat=st.sampled_from([None, "every week", "every month", "every month on day 31"]),
        from_=st.sampled_from([None, "due", "done"]),
        until=st.none() | days,
    ),
    "notes": _records(
        Note,
        NOTE_IDS,
        content=_NAMES,
        **_BELONGING_ALSO_BY_DEAL,
        pinned=st.booleans(),
        custom=_custom("replaces", NOTE_IDS),
    ),
    "files": _records(
        File, FILE_IDS, name=_NAMES, **_BELONGING_ALSO_BY_DEAL, add_time=st.none() | stamps
    ),
}


def books(*kinds: KindName) -> st.SearchStrategy[Data]:
    """The records of a small book; circles of parents and links to nothing are among them.

    With kinds named, it has records of these alone, and is made faster.
    """
    return st.builds(Data, **{kind: _KINDS[kind] for kind in kinds or KIND_NAMES})


@st.composite
def shuffled(draw: st.DrawFn, data: Data) -> Data:
    """The same records in another order."""

    def order(records: Mapping[str, Any]) -> dict[str, Any]:
        return dict(draw(st.permutations(list(records.items()))))

    return Data(
        orgs=order(data.orgs),
        people=order(data.people),
        deals=order(data.deals),
        activities=order(data.activities),
        notes=order(data.notes),
        files=order(data.files),
    )


# Accounts at one moment, as many as the names; two of them are two moments.
states: st.SearchStrategy[list[AccountState]] = st.lists(
    st.builds(
        AccountState,
        id=st.sampled_from([f"a{number}" for number in range(6)]),
        name=_NAMES,
        owner=_OWNERS,
        tier=st.sampled_from([None, "A"]),
        won_value=st.dictionaries(st.sampled_from(["EUR", "USD", "JPY"]), amounts, max_size=3),
        bucket=st.sampled_from(BUCKETS),
    ),
    unique_by=lambda each: each.id,
)
