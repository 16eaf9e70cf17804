"""acctcli.yaml read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidBookError
from acctcli.core.settings.reader import read_settings
from acctcli.store.config.time_zone import no_zone, zone_of
from acctcli.store.datafiles.yaml.nodes import place_at, placed_problem_of, raw
from acctcli.store.datafiles.yaml.reader import read_mapping
from acctcli.store.files.names import SETTINGS_FILE

if TYPE_CHECKING:
    import datetime as dt

    from acctcli.core.model.errors import Place, Problem
    from acctcli.core.model.records import Settings


def read_book_settings(content: bytes) -> tuple[Settings, dt.tzinfo, tuple[Problem, ...]]:
    """What acctcli.yaml says, the zone it names, and what is odd in it.

    Raises:
        InvalidBookError: it cannot be read, or says something that cannot be.
    """
    node = read_mapping(content, SETTINGS_FILE)
    content_raw = raw(node) if node else {}
    settings, problems = read_settings(content_raw if isinstance(content_raw, dict) else {})
    zone = zone_of(settings)
    if zone is None:
        problems.append(no_zone(settings))
    found = [placed_problem_of(problem, node, SETTINGS_FILE) for problem in problems]
    errors = [problem for problem in found if problem.level == "error"]
    if errors or zone is None:
        raise InvalidBookError(*errors)
    return settings, zone, tuple(found)


def place_in_settings(content: bytes, field: str) -> Place:
    """The place of what stands under a dotted path of keys in acctcli.yaml, which can be read."""
    return place_at(read_mapping(content, SETTINGS_FILE), field, SETTINGS_FILE)
