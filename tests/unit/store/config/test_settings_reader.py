"""Where something stands in acctcli.yaml."""

from __future__ import annotations

import pytest

from acctcli.core.model.errors import Place
from acctcli.store.config.settings_reader import place_in_settings

CONTENT = b"format: 1\nviews:\n  x: {where: [a, b]}\n"


@pytest.mark.parametrize(
    ("field", "line", "column"),
    [("format", 1, 9), ("views.x", 3, 6), ("views.x.where.2", 3, 18), ("views.x.where.9", 3, 14)],
)
def test_a_place_is_that_of_the_value_as_far_as_it_can_be_followed(
    field: str, line: int, column: int
) -> None:
    assert place_in_settings(CONTENT, field) == Place("acctcli.yaml", line, column)
