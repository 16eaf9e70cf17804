"""What the options of lists ask for: items left out, put in order, cut short, or grouped.

Loaded only when one of these options was given.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.cli.listing import Listing
    from acctcli.cli.session import Session


def narrowed(session: Session, items: Iterable[Any], listing: Listing) -> Iterable[Any]:
    """The items that are wanted, in the order that is wanted."""
    options = session.options
    del listing
    return islice(items, options.limit)


def grouped(session: Session, items: Iterable[Any], listing: Listing) -> None:
    """Print the groups of the items, each with its count and sums."""
    raise NotImplementedError
