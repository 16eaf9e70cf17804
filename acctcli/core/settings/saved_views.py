"""The setting `views`.

A view that is wrong makes nothing else of the book wrong, so all that is found here is a warning;
whoever asks for such a view is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.kinds import Field, FieldType
from acctcli.core.model.settings import SavedView
from acctcli.core.settings.common import read, under, warn_unknown, wrong

if TYPE_CHECKING:
    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import RawRecord

_KEYS = ("command", "where", "sort", "fields", "group_by", "limit", "mine")
_EXAMPLE = "views: {at-risk: {command: account list, where: [health=at risk], sort: -won_value}}"
_COMMAND_HINT = "write the list that it is a view of, such as command: account list"


def read_views(raw: RawRecord, problems: list[Problem]) -> dict[str, SavedView]:
    """The saved views by name; one that has anything wrong says what."""
    found: list[Problem] = []
    views: dict[str, SavedView] = {}
    for name, given in under("views", raw.get("views"), found, _EXAMPLE).items():
        if not name.strip():
            hint = "name it, such as at-risk"
            found.append(wrong("bad-value", f"views.{name}", "a view has no name", hint))
            continue
        own: list[Problem] = []
        view = _view(name, under(f"views.{name}", given, own, _EXAMPLE), own)
        errors = [problem for problem in own if problem.level == "error"]
        views[name] = view if not errors else SavedView(name=name, fault=errors[0].message)
        found += own
    problems += [problem._replace(level="warning") for problem in found]
    return views


def _view(name: str, given: RawRecord, problems: list[Problem]) -> SavedView:
    path = f"views.{name}"
    warn_unknown(f"{path}.", given, _KEYS, problems)
    command = read(str, Field(f"{path}.command", FieldType.TEXT), given, problems)
    if not command and all(problem.level == "warning" for problem in problems):
        problems.append(wrong("bad-value", path, "the view has no command", _COMMAND_HINT))
    limit = read(int, Field(f"{path}.limit", FieldType.INTEGER), given, problems)
    if limit == 0:
        message, hint = '"0" is no limit', "write a whole number above 0, such as limit: 20"
        problems.append(wrong("bad-value", f"{path}.limit", message, hint))
    return SavedView(
        name=name,
        command=" ".join((command or "").removeprefix("acctcli ").split()),
        where=_texts(f"{path}.where", given, problems),
        sort=_join_fields(f"{path}.sort", given, problems),
        fields=_join_fields(f"{path}.fields", given, problems),
        group_by=_join_fields(f"{path}.group_by", given, problems),
        limit=limit,
        mine=bool(read(bool, Field(f"{path}.mine", FieldType.YES_NO), given, problems)),
    )


def _texts(path: str, given: RawRecord, problems: list[Problem]) -> tuple[str, ...]:
    found: tuple[str, ...] | None = read(tuple, Field(path, FieldType.TEXTS), given, problems)
    return found or ()


def _join_fields(path: str, given: RawRecord, problems: list[Problem]) -> str | None:
    """Fields as an option takes them: a list of them, or one text with commas."""
    return ",".join(_texts(path, given, problems)) or None
