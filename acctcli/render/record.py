"""One record as labels and values, and problems as messages. It knows fields, and no terminal.

Every command loads this module, to be ready to fail, so it loads little itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from acctcli.render.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acctcli.core.errors import Problem
    from acctcli.core.kinds import Kind
    from acctcli.render.style import Style


def record_fields(
    kind: Kind, values: Mapping[str, object], *, names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """A record as labels and values; fields that are not set are left out.

    Args:
        kind: What the record is.
        values: As `core.schema.as_dict` gives them.
        names: The names of linked records by id; a link reads ``Name (id)``.
    """
    from acctcli.render.values import custom_texts

    custom = values.get("custom_fields")
    fields = list(_built_in(kind, values, names))
    if isinstance(custom, Mapping):
        fields += custom_texts(custom)
    return fields


def _built_in(
    kind: Kind, values: Mapping[str, object], names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    from acctcli.render.values import amount_text, label_text, link_text, long_text

    for field in kind.fields:
        value = values.get(field.name)
        if value in (None, "", ()) or value is False:
            continue
        if field.name == "currency" and values.get("value") is not None:
            continue  # it stands with the value
        if field.link:
            text = link_text(str(value), names)
        elif field.name == "value":
            text = amount_text(value, values.get("currency"))
        else:
            text = long_text(value)
        yield label_text(field.name), text


def problems_text(problems: Iterable[Problem], style: Style) -> str:
    """Problems as messages: level, id, place, what happened, and below it what to do."""
    return "\n".join(line for problem in problems for line in _problem_lines(problem, style))


def _problem_lines(problem: Problem, style: Style) -> Iterator[str]:
    level = style.overdue("error") if problem.level == "error" else style.none("warning")
    yield f"{level} [{visible(problem.id)}]: {visible(str(problem))}"
    if problem.hint:
        yield f"  {style.dim('hint:')} {visible(problem.hint)}"
