from __future__ import annotations

import pytest

from acctcli.core.model.errors import InvalidInputError, Place, Problem


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place("deals.yaml"), "deals.yaml"),
        (Place("deals.yaml", 12), "deals.yaml:12"),
        (Place("deals.yaml", 12, 7), "deals.yaml:12:7"),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(place: Place, shown: str) -> None:
    assert str(place) == shown


def test_an_error_of_one_problem_has_all_of_it() -> None:
    place = Place("deals.yaml", 12)
    error = InvalidInputError.of("bad-date", "it is no date", place=place, hint="write one")
    assert error.problems == (
        Problem(id="bad-date", message="it is no date", place=place, hint="write one"),
    )
    assert str(error) == "deals.yaml:12: it is no date"
