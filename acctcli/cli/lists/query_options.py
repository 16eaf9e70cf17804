"""The query of a list: its options, and the saved view that --view names.

Terms of a view add to those that are given; of all else, what is given counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from acctcli.core.model.errors import InvalidInputError, NotFoundError, UsageError
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.names import nearest_first
from acctcli.core.query.grouping import GROUP_BY
from acctcli.core.query.parser import WHERE
from acctcli.core.query.sorting import SORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.cli.app.session import Session
    from acctcli.cli.lists.list_spec import Listing
    from acctcli.core.model.settings import SavedView

# The lists whose views a command takes besides its own.
_ALIKE = {
    "account board": ("account list",),
    **{
        f"{kind.noun} {verb}": (f"{kind.noun} list",)
        for kind in KINDS.values()
        for verb in ("edit", "remove")
    },
    "account edit": ("account list",),
}


class SourcedText(NamedTuple):
    """A text, and where it was said: the option, or the place in acctcli.yaml."""

    text: str
    origin: str


class ListQuery(NamedTuple):
    """What a list is asked for.

    Attributes:
        where: The terms that must hold.
        mine: Whether the owner must be at work.
        sort: The order; None for that of the list.
        group_by: What it is grouped by; None for no groups.
        limit: How many there are at most; None for all.
    """

    where: tuple[SourcedText, ...]
    mine: bool
    sort: SourcedText | None
    group_by: SourcedText | None
    limit: int | None


def list_query(session: Session, listing: Listing) -> ListQuery:
    """What the list is asked for; the session gets the fields that a view says.

    Raises:
        NotFoundError: there is no such view.
        UsageError: it is a view of another list.
        InvalidInputError: ``bad-view``: acctcli.yaml says it in a way that cannot be read.
    """
    options = session.options
    given = ListQuery(
        where=tuple(SourcedText(text, WHERE) for text in options.where),
        mine=options.mine,
        sort=None if options.sort is None else SourcedText(options.sort, SORT),
        group_by=None if options.group_by is None else SourcedText(options.group_by, GROUP_BY),
        limit=options.limit,
    )
    if options.view is None:
        return given
    settings = session.book.read().settings if listing.view is None else listing.view.settings
    view = saved_view(options.view, settings.views)
    if session.path and session.path not in (view.command, *_takers(view.command)):
        raise UsageError.of(
            "other-view",
            f'--view: "{view.name}" is a view of "{view.command}"',
            hint=f"run: acctcli {view.command} --view {view.name}",
        )
    of_view = query_of_view(view)
    both = given._replace(
        where=(*of_view.where, *given.where),
        mine=given.mine or of_view.mine,
        group_by=given.group_by or of_view.group_by,
    )
    if given.group_by is not None and of_view.group_by is None:
        return both  # the rest of the view is about items, not about groups
    if session.path in {"", view.command}:  # a board of cards is no table of some fields
        session.options = replace(options, fields=options.fields or view.fields)
    return both._replace(
        sort=given.sort or of_view.sort,
        limit=of_view.limit if given.limit is None else given.limit,
    )


def query_of_view(view: SavedView) -> ListQuery:
    """What a saved view asks for."""
    path = f"views.{view.name}"
    return ListQuery(
        where=tuple(
            SourcedText(text, f"{path}.where.{number}") for number, text in enumerate(view.where, 1)
        ),
        mine=view.mine,
        sort=None if view.sort is None else SourcedText(view.sort, f"{path}.sort"),
        group_by=None if view.group_by is None else SourcedText(view.group_by, f"{path}.group_by"),
        limit=view.limit,
    )


def _takers(command: str) -> list[str]:
    """The commands that take the views of a list as well."""
    return [taker for taker, lists in _ALIKE.items() if command in lists]


def saved_view(name: str, views: Mapping[str, SavedView]) -> SavedView:
    """The saved view of that name.

    Raises:
        NotFoundError: there is none; the nearest is named.
        InvalidInputError: ``bad-view``.
    """
    view = views.get(name)
    if view is None:
        there = f"there are {', '.join(views)}" if views else "acctcli.yaml has no views"
        raise NotFoundError.of(
            "unknown-view", f'no view is called "{name}"', hint=nearest_first(name, views, there)
        )
    if view.fault is not None:
        raise InvalidInputError.of(
            "bad-view",
            f'the view "{name}" cannot be read: {view.fault}',
            hint="correct it in acctcli.yaml; acctcli check says where it stands",
        )
    return view
