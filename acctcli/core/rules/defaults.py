"""Defaults of new records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.links import org_of
from acctcli.core.rules import record_changes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from acctcli.core.model.records import Data, Deal, Raw, Record, Settings

# The amounts of a deal; its currency is that of all of them.
MONEY = ("value", "mrr", "arr", "acv")
_DEFAULTS: dict[KindName, dict[str, Raw]] = {
    "deals": {"status": "open"},
    "activities": {"type": "task"},
}


def with_defaults(
    kind: KindName, fields: Mapping[str, Raw], data: Data, settings: Settings, today: dt.date
) -> dict[str, Raw]:
    """The fields of a new record with its defaults, in the order they are written.

    A deal gets the book's currency, a won one the day; what is logged as done was done on the day
    it was due, or today if that is still ahead; what names no organization gets the one
    its deal or person belongs to, so that it stays there (rule 2).

    Raises:
        InvalidInputError: "no-currency", a value whose currency nothing tells.
    """
    full = {**_DEFAULTS.get(kind, {}), **fields}
    if KINDS[kind].field("org") is not None and full.get("org") is None:
        full["org"] = _org_through_links(full, data)
    if kind == "deals":
        _complete_deal(full, settings, today)
    if kind == "activities" and full.get("done") == "true":
        full.setdefault("done_time", min(str(full.get("due_date") or today), today.isoformat()))
    known = [field.name for field in KINDS[kind].fields]
    rest = [name for name in full if name not in known]
    return {name: full[name] for name in [*known, *rest] if full.get(name) is not None}


def _org_through_links(full: Mapping[str, Raw], data: Data) -> str | None:
    deal = data.deals.get(str(full.get("deal")))
    found = org_of(deal, data) if deal is not None else None
    person = data.people.get(str(full.get("person")))
    return found or (org_of(person, data) if person is not None else None)


def _complete_deal(full: dict[str, Raw], settings: Settings, today: dt.date) -> None:
    if full.get("currency") is None and any(full.get(name) is not None for name in MONEY):
        full["currency"] = book_currency(settings)
    if full["status"] == "won":
        full.setdefault("won_time", today.isoformat())
    if full["status"] == "lost":
        full.setdefault("lost_time", today.isoformat())


def book_currency(settings: Settings) -> str:
    """The currency of a value that names none.

    Raises:
        InvalidInputError: "no-currency", the book has none.
    """
    if settings.currency is None:
        raise InvalidInputError.of(
            "no-currency",
            "the value has no currency, and the book has none either",
            hint="say which: --currency EUR, or defaults: {currency: EUR} in an import map, or"
            " currency: EUR in acctcli.yaml",
        )
    return settings.currency


def with_currency(deal: Deal, settings: Settings) -> Deal:
    """A deal whose value names no currency is read in the book's (rule 4)."""
    if deal.currency is not None or not has_money(deal):
        return deal
    return structs.replace(deal, currency=settings.currency)


def has_money(deal: Deal) -> bool:
    """Whether a deal has an amount that its currency is of."""
    return (
        deal.value is not None
        or deal.mrr is not None
        or deal.arr is not None
        or deal.acv is not None
    )


def next_in_series(
    kind: KindName, before: Record, fields: Mapping[str, Raw], settings: Settings, today: dt.date
) -> dict[str, Raw]:
    """The changes a user asked for, with those that follow from them.

    A status brings the days that go with it, as the verbs `won`, `lost` and `reopen` do; a first
    value brings the book's currency; done brings the day.
    """
    full = dict(fields)
    if kind == "deals":
        follow: Mapping[str, Raw] = {}
        status = full.get("status")
        if status != getattr(before, "status", None):
            if status == "won":
                follow = record_changes.fields_of_win(today)
            elif status == "lost":
                follow = record_changes.fields_of_loss(today, None)
            elif status == "open":
                follow = record_changes.fields_of_reopening()
        full = {**follow, **full}
        bare = getattr(before, "currency", None) is None and full.get("currency") is None
        if bare and any(full.get(name) is not None for name in MONEY):
            full["currency"] = book_currency(settings)
    if kind == "activities" and "done" in full:
        was_done = getattr(before, "done", False)
        is_done = str(full["done"]).lower() in {"true", "yes"}
        if is_done and not was_done:
            full = {**record_changes.fields_of_doing(today, None), **full}
        elif was_done and not is_done:
            full = {**record_changes.fields_of_undoing(), **full}
    return full
