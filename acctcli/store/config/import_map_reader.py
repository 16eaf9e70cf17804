"""The file of an import map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import (
    InvalidBookError,
    InvalidInputError,
    NotFoundError,
)
from acctcli.store.datafiles.yaml.nodes import placed_problem_of, raw
from acctcli.store.datafiles.yaml.reader import read_mapping
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acctcli.core.model.errors import Problem
    from acctcli.core.model.records import RawRecord


def read_map_file(path: Path, shown: str) -> tuple[RawRecord, Callable[[Problem], Problem]]:
    """A map's content as text, and a function that gives a problem of it its place.

    Args:
        path: Where it is.
        shown: The path as the user named it.

    Raises:
        NotFoundError: it is not there.
        InvalidInputError: it is not the safe part of YAML, or no mapping.
    """
    if not path.is_file():
        raise NotFoundError.of(
            "no-file", f'there is no file "{shown}"', hint="name the map of the columns"
        )
    try:
        data, _ = filesystem.read_file(path, shown)
        node = read_mapping(data, shown)
    except InvalidBookError as error:
        raise InvalidInputError(*error.problems) from error
    content = raw(node) if node is not None else {}
    return content if isinstance(content, dict) else {}, lambda problem: placed_problem_of(
        problem, node, shown
    )
