"""What is wrong with saved views (out of cli/views)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.cli.app.command_tree import tree
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.query_options import query_of_view
from acctcli.core.model.errors import AcctcliError, Problem, UsageError
from acctcli.core.model.names import nearest_first
from acctcli.store.files.names import SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from acctcli.cli.app.command_tree import CommandNode
    from acctcli.cli.app.session import Session
    from acctcli.core.model.settings import SavedView
    from acctcli.store.views.view import View


def view_problems(view: View, session: Session) -> list[Problem]:
    """What is wrong with the saved views, but for what reading acctcli.yaml has told."""
    found = [
        problem._replace(level="warning", field=path)
        for saved in view.settings.views.values()
        for path, problem in _wrong(saved, view, session)
    ]
    settings = view.file(SETTINGS_FILE) if found else None
    if settings is None:
        return found
    from acctcli.store.config.settings_reader import place_in_settings

    return [
        problem._replace(place=place_in_settings(settings.data, problem.field or ""))
        for problem in found
    ]


def _wrong(saved: SavedView, view: View, session: Session) -> Iterator[tuple[str, Problem]]:
    """What is wrong with a view, each with the path in acctcli.yaml that it stands under."""
    if saved.fault is not None:
        return
    command = _lists().get(saved.command)
    if command is None:
        yield f"views.{saved.name}.command", _no_list(saved)
        return
    listing = Listing(name=command.listing or "", view=view, kind=command.kind)
    for path, check in _checks(saved, listing, session):
        try:
            check()
        except AcctcliError as error:
            yield path, error.problems[0]


def _checks(
    saved: SavedView, listing: Listing, session: Session
) -> Iterator[tuple[str, Callable[[], object]]]:
    """What finds each thing that may be wrong with a view, by raising it."""
    from acctcli.cli.lists.query_context import context_of
    from acctcli.core.query.columns import resolve
    from acctcli.core.query.conditions import condition
    from acctcli.core.query.grouping import columns_of, parse_groups
    from acctcli.core.query.parser import parse_term
    from acctcli.core.query.sorting import parse_sort

    columns, context = listing.columns(), context_of(session, listing)
    wanted = query_of_view(saved)
    for told in wanted.where:
        yield told.origin, lambda told=told: condition(parse_term(*told), columns, context)  # type: ignore[misc]  # a default binds the loop's value
    if wanted.mine and "owner" not in columns:
        yield f"views.{saved.name}.mine", _no_owner
    if wanted.group_by is not None:
        by = wanted.group_by
        yield by.origin, lambda: parse_groups(by.text, columns, by.origin)
        try:
            columns = columns_of(parse_groups(by.text, columns, by.origin), columns)
        except AcctcliError:
            return
    if wanted.sort is not None:
        sort = wanted.sort
        yield sort.origin, lambda: parse_sort(sort.text, columns, sort.origin)
    for name in saved.fields.split(",") if saved.fields else ():
        path = f"views.{saved.name}.fields"
        yield path, lambda name=name, path=path: resolve(name, columns, path)  # type: ignore[misc]  # the same


def _no_owner() -> None:
    raise UsageError.of(
        "no-owner", "mine asks for the owner, and nothing in this list has one", hint="leave it out"
    )


def _lists() -> dict[str, CommandNode]:
    """The lists that take views by their paths, such as `account list`; none is loaded.

    `edit` and `remove` take the views of a list as well, and have none of their own.
    """
    return {
        path: branch
        for path, branch in tree().branches.items()
        if not branch.verbs and {"--view", "--fail-if-empty"} <= set(branch.lists)
    }


def _no_list(saved: SavedView) -> Problem:
    lists = list(_lists())
    there = f"the lists are {', '.join(lists)}"
    return Problem(
        id="no-such-list",
        level="warning",
        message=f'views.{saved.name}.command: "{saved.command}" is no list',
        hint=nearest_first(saved.command, lists, there),
    )
