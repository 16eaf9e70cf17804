"""Problems of a value, in the words of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError, Problem
from acctcli.core.model.values import read_value

if TYPE_CHECKING:
    from acctcli.core.model.kinds import Field
    from acctcli.core.model.records import Raw


def value_problems(field: Field, raw: Raw) -> list[Problem]:
    """What the schema says against a value of a field; the messages do not name the field."""
    try:
        read_value(field, raw)
    except InvalidInputError as error:
        prefix = f"{field.name}: "
        return [
            problem._replace(message=problem.message.removeprefix(prefix))
            for problem in error.problems
        ]
    return []
