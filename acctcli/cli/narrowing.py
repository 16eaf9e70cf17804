"""What the options of lists ask for: items left out, put in order, cut short, or grouped.

Loaded only when one of these options was given.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from acctcli.core.errors import AmbiguousError, UsageError
from acctcli.core.kinds import KINDS
from acctcli.core.names import fold
from acctcli.core.terms.context import Context

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from acctcli.cli.listing import Listing
    from acctcli.cli.session import Session
    from acctcli.core.kinds import KindName
    from acctcli.store.view import View


def narrowed(session: Session, items: Iterable[Any], listing: Listing) -> Iterable[Any]:
    """The items that are wanted, in the order that is wanted."""
    options = session.options
    items = kept(session, items, listing)
    if options.sort is not None:
        from acctcli.core.terms.sorting import in_order, parse_sort

        columns = listing.columns()
        keys = parse_sort(options.sort, columns)
        items = in_order(items, keys, columns, context_of(session, listing), listing.get)
    return islice(items, options.limit)


def kept(session: Session, items: Iterable[Any], listing: Listing) -> Iterable[Any]:
    """The items of which all terms hold, and whose owner is at work if that was asked for."""
    options = session.options
    if options.mine:
        items = _mine(session, items, listing)
    if options.where:
        from acctcli.core.terms.conditions import condition, matches
        from acctcli.core.terms.syntax import parse_term

        columns, context = listing.columns(), context_of(session, listing)
        terms = [parse_term(text) for text in options.where]
        conditions = [condition(term, columns, context) for term in terms]
        items = filter(matches(conditions, listing.get), items)
    return items


def _mine(session: Session, items: Iterable[Any], listing: Listing) -> Iterator[Any]:
    if "owner" not in listing.columns():
        raise UsageError.of(
            "no-owner",
            "--mine asks for the owner, and nothing in this list has one",
            hint="leave it out",
        )
    actor = fold(session.actor)
    return (each for each in items if fold(str(listing.get(each, "owner") or "")) == actor)


def grouped(session: Session, items: Iterable[Any], listing: Listing) -> None:
    """Print the groups of the items, each with its count and sums."""
    raise NotImplementedError


# what terms are seen by


def context_of(session: Session, listing: Listing) -> Context:
    """The day, the zone and the currency that the terms of a list are seen by."""
    view = listing.view
    if view is None:
        zone = session.zone
        return Context(
            today=session.today_in(zone),
            zone=zone,
            currency=None,
            book_currency=None,
            holidays=frozenset(),
            find=_find_nothing,
            name_of=lambda _: None,
        )
    book_currency = view.settings.currency
    return Context(
        today=session.today(view),
        zone=view.zone,
        currency=listing.currency or book_currency,
        book_currency=book_currency,
        holidays=session.days_off(view),
        find=lambda kind, name: ids_of(view, kind, name),
        name_of=_names(view),
    )


def _find_nothing(kind: KindName, name: str) -> Collection[str]:
    del kind, name
    return ()


def ids_of(view: View, kind: KindName, name: str) -> Collection[str]:
    """The ids of the records that a user named: of several of that very name, all.

    Raises:
        NotFoundError: no record is named so.
        AmbiguousError: it is the beginning of more than one id.
    """
    try:
        return (view.find(kind, name),)
    except AmbiguousError:
        label, records = KINDS[kind].label, view.data.of(kind)
        found = [
            each
            for each in view.named(kind, name)
            if fold(getattr(records[each], label)) == fold(name)
        ]
        if not found:
            raise
        return found


def _names(view: View) -> Any:  # noqa: ANN401 - a bound method of a mapping
    from acctcli.cli.output import Names

    return Names(view.data).get
