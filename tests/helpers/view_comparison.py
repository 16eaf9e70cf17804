"""Holds a view beside another one of the same book: what one tells, the other must tell."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from acctcli.core.model.errors import AcctcliError
from acctcli.core.model.kinds import KIND_NAMES, KindName
from acctcli.core.reports.account_page import page
from acctcli.core.reports.search import words_of
from helpers.view_scans import bare_values, met, unknown_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acctcli.store.views.view import ListedAccount, View

TODAY = dt.date(2026, 3, 10)
# The ids of the books that are compared; few, so that links meet.
IDS: dict[KindName, tuple[str, ...]] = {
    "orgs": ("acme", "acme-2", "bianchi", "cole"),
    "people": ("eva", "max", "ida"),
    "deals": ("d1", "d2", "d3", "d4"),
    "activities": ("a1", "a2", "a3", "a4"),
    "notes": ("n1", "n2"),
    "files": ("f1", "f2"),
}


def difference(indexed: View, whole: View, part: int | None = None) -> str | None:
    """What the two views do not have in common; None when there is nothing.

    With a part, a third of the names and ids that are sought, and of the texts and places.
    """
    third = slice(None) if part is None else slice(part % 3, None, 3)
    ids = [key for kind in KIND_NAMES for key in whole.data.of(kind)]
    orgs = _some(list(whole.data.orgs))
    asked = {
        **_ASKED,
        "mentions": _mapped(lambda view, text: view.unreadable_mention(text), _MENTIONS[third]),
        "what reaches": lambda view: _reaching(view, _ALL_IDS[third]),
        "links": lambda view: sorted(view.links()),
        "names": lambda view: _found(view, _SOUGHT[third]),
        "the order of spots": lambda view: sorted(ids, key=lambda key: _place(view, key)),
        "records": _mapped(_record_facts, ids),
        "places": _mapped(_field_places, _some(ids)[third]),
        "pages": _mapped(_page, orgs),
        "families": _mapped(_family, orgs),
    }
    for name, ask in asked.items():
        found, right = ask(indexed), ask(whole)
        if found != right:
            return f"{name}: {found!r}\n  and not {right!r}"
    return None


_MANY_PAGES = 100  # the page of one of many is as long in the making as all of them are many


def _some(keys: list[str]) -> list[str]:
    """All of them, or of very many a hundred from the beginning to the end."""
    return keys[:: 1 + len(keys) // _MANY_PAGES]


def _data(view: View) -> object:
    """The records in order, by kind, and how many there are."""
    kinds = [view.data.of(kind) for kind in KIND_NAMES]
    return [(list(each.items()), list(each), len(each), "ghost" in each) for each in kinds]


def _page(view: View, org_id: str) -> object:
    return page(org_id, view.records_of_org(org_id), view.settings, TODAY, view.zone)


def _place(view: View, key: str) -> tuple[int, int]:
    spot = view.location_of(key)
    return (spot.rank, spot.number) if spot is not None else (0, 0)


def _family(view: View, org_id: str) -> object:
    (one,) = view.listed_accounts_of([org_id], TODAY)
    return view.branches(org_id), _told(one)


def _record_facts(view: View, key: str) -> object:
    spot = view.location_of(key)
    where = spot and (spot.kind, spot.file)
    return where, list(view.raw_of(key).items()), view.won_count(key)


def _field_places(view: View, key: str) -> object:
    last = list(view.raw_of(key))[-1]
    return view.text_of(key), view.place(key), view.place(key, last)


_ALL_IDS = ("ghost", "e", "x", "new1", *(key for ids in IDS.values() for key in ids))
_SOUGHT = (
    "Acme",
    "acmé",
    "ac",
    "a",
    "d",
    "łódź öl",
    "LODZ OL",
    "x" * 130,
    "",
    "eva",
    "東京",
    "n1",
    "x\udcff",
)


_MENTIONS = (*_ALL_IDS, "Acme", "bad")


def _mapped(ask: Callable[[View, str], object], keys: Sequence[str]) -> Callable[[View], object]:
    return lambda view: {key: ask(view, key) for key in keys}


def _files(view: View) -> object:
    names = ["acctcli.yaml", *view.files()]
    found = [view.file(name) for name in [*names, "ghost.yaml"]]
    return names, [(each.data, each.sha) for each in found if each]


def _told(each: ListedAccount) -> object:
    days = [list(kept) for kept in (each.contacts, each.wins, each.due)]
    return each.row, each.owner, days, dict(each.custom)


def listed(view: View) -> object:
    return [
        [_told(each) for each in rows]
        for rows in (view.listed_accounts(TODAY, accounts_only=only) for only in (True, False))
    ]


def _reaching(view: View, ids: Sequence[str]) -> object:
    ones = [view.records_owned_through({key}) for key in ids]
    return ones, view.records_owned_through({"acme", "eva"}), view.records_owned_through(set())


def _found(view: View, names: Sequence[str]) -> object:
    found: list[object] = []
    for kind in KIND_NAMES:
        for name in names:
            try:
                found.append(view.find(kind, name))
            except AcctcliError as error:
                found.append(error.problems)
    return (
        found,
        view.ids_of_name("orgs", "acme"),
        view.ids_of_name("deals", "d"),
        view.ids_of_name("people", ""),
    )


def _texts(view: View) -> object:
    found = [view.search(words_of([text]), KIND_NAMES) for text in _TEXTS]
    return [sorted((each.kind, each.id, each.match) for each in some) for some in found]


_PERIODS = (
    (TODAY - dt.timedelta(days=7), TODAY),
    (TODAY, TODAY),
    (dt.date.min, dt.date.max),
)
_TEXTS = ("acme", "é", "1", "title", "東京", "a b", "+39 02 12")
_ASKED: dict[str, Callable[[View], object]] = {
    "settings": lambda view: (view.settings, str(view.zone), tuple(view.odd)),
    "files": _files,
    "data": _data,
    "problems": lambda view: list(view.problems),
    "bad ids": lambda view: set(view.bad_ids()),
    "what is bad": _mapped(lambda view, key: (view.is_bad(key), view.is_taken(key)), _ALL_IDS),
    "broken kinds": lambda view: set(view.broken_kinds()),
    "how many are unread": lambda view: view.unread_count(),
    "unknown keys": unknown_keys,
    "all that is met": met,
    "bare values": lambda view: list(bare_values(view)),
    "lists": listed,
    "texts": _texts,
    "what is due": lambda view: [list(view.due_by(day)) for day in (TODAY, dt.date.max)],
    "what was won": lambda view: [list(view.won_between(*days)) for days in _PERIODS],
    "deals without a home": lambda view: list(view.deals_without_org()),
    "won counts": _mapped(lambda view, key: view.won_count(key), IDS["orgs"]),
}
