from __future__ import annotations

import pytest

from acctcli.core.accounts.buckets import BUCKETS
from acctcli.render.formats.style import Style


def test_without_colour_every_text_is_as_it_was() -> None:
    style = Style(colour=False)
    assert {style.bold("a"), style.dim("a"), style.overdue("a"), style.today("a")} == {"a"}
    assert {style.caution("a"), *(style.bucket(bucket, "a") for bucket in BUCKETS)} == {"a"}


@pytest.mark.parametrize(
    ("bucket", "painted"),
    [
        ("none", "\x1b[33ma\x1b[0m"),
        ("overdue", "\x1b[31ma\x1b[0m"),
        ("today", "\x1b[32ma\x1b[0m"),
        ("tomorrow", "a"),
        ("soon", "a"),
        ("later", "a"),
    ],
)
def test_colours_of_the_buckets(bucket: str, painted: str) -> None:
    assert Style(colour=True).bucket(bucket, "a") == painted


@pytest.mark.parametrize(
    ("word", "painted"),
    [
        ("at risk", "\x1b[31ma\x1b[0m"),
        ("watch", "\x1b[33ma\x1b[0m"),
        ("healthy", "\x1b[32ma\x1b[0m"),
        ("", "a"),
    ],
)
def test_colours_of_the_words_for_health(word: str, painted: str) -> None:
    assert Style(colour=True).health(word, "a") == painted
    assert Style(colour=False).health(word, "a") == "a"


def test_bold_and_faint() -> None:
    style = Style(colour=True)
    assert style.bold("a") == "\x1b[1ma\x1b[0m"
    assert style.dim("a") == "\x1b[2ma\x1b[0m"


def test_an_empty_text_has_no_colour() -> None:
    assert Style(colour=True).bold("") == ""
