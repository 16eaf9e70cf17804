"""--where, --sort, --limit and --mine applied to the items of a list."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

from acctcli.cli.lists.query_context import context_of
from acctcli.cli.lists.query_options import list_query
from acctcli.core.model.errors import UsageError
from acctcli.core.model.names import fold
from acctcli.core.query.conditions import condition, matches
from acctcli.core.query.parser import parse_term
from acctcli.core.query.sorting import parse_sort, place, sort_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.list_spec import Listing
    from acctcli.cli.lists.query_options import ListQuery


def apply_query(
    session: Session, items: Iterable[Any], listing: Listing
) -> tuple[Iterable[Any], Listing]:
    """What is to be printed: the items that are wanted, in the order that is wanted, or groups."""
    wanted = list_query(session, listing)
    items = _filter(session, items, listing, wanted)
    if wanted.group_by is not None:
        from acctcli.cli.lists.group_rows import group_items

        return group_items(session, items, listing, wanted)
    return _order_and_limit(session, items, listing, wanted), listing


def select_items(session: Session, items: Iterable[Any], listing: Listing) -> Iterable[Any]:
    """The items that are wanted, in the order that is wanted, to be changed and not printed.

    Raises:
        UsageError: ``view-of-groups``: a saved view gives groups, which are no records.
    """
    options = session.options
    wanted = list_query(session, listing)
    session.options = options  # the fields of a view are those of a list
    if wanted.group_by is not None:
        raise UsageError.of(
            "view-of-groups",
            f'--view: "{options.view}" gives groups, and this command is about records',
            hint="say by --where which ones",
        )
    return _order_and_limit(session, _filter(session, items, listing, wanted), listing, wanted)


def _order_and_limit(
    session: Session, items: Iterable[Any], listing: Listing, wanted: ListQuery
) -> Iterable[Any]:
    """The items in the order that is wanted, and no more than are."""
    if wanted.sort is not None:
        columns, context = listing.columns(), context_of(session, listing)
        keys = parse_sort(wanted.sort.text, columns, wanted.sort.origin)
        places = [place(key.path, columns[key.path], context, listing.get) for key in keys]
        items = sort_items(items, keys, places)
    return items if wanted.limit is None else islice(items, min(wanted.limit, sys.maxsize))


def filter_items(session: Session, items: Iterable[Any], listing: Listing) -> Iterable[Any]:
    """The items that are wanted, in the order they come in."""
    return _filter(session, items, listing, list_query(session, listing))


def _filter(
    session: Session, items: Iterable[Any], listing: Listing, wanted: ListQuery
) -> Iterable[Any]:
    """The items of which all terms hold, and whose owner is at work if that was asked for."""
    if wanted.mine:
        items = _mine(session, items, listing)
    if wanted.where:
        columns, context = listing.columns(), context_of(session, listing)
        conditions = [condition(parse_term(*told), columns, context) for told in wanted.where]
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


# what terms are seen by
