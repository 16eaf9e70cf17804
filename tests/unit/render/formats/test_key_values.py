from __future__ import annotations

from helpers.samples import texts
from hypothesis import given
from hypothesis import strategies as st

from acctcli.render.formats.key_values import fields_text
from acctcli.render.formats.style import Style
from acctcli.render.formats.text import display_width, visible

PLAIN = Style(colour=False)


def test_labels_and_texts_are_aligned() -> None:
    fields = [("Name", "Anna"), ("Größe", "two words"), ("名前", "さくら")]
    assert fields_text(fields, width=None, style=PLAIN) == (
        "Name   Anna\nGröße  two words\n名前   さくら"
    )


def test_long_texts_stand_below_themselves() -> None:
    fields = [("Note", "one two three\n\nfour"), ("A", "b")]
    assert fields_text(fields, width=14, style=PLAIN) == (
        "Note  one two\n      three\n\n      four\nA     b"
    )


def test_a_label_that_is_too_long_wraps_too() -> None:
    assert fields_text([("vat_number_of_old", "IT123456")], width=20, style=PLAIN) == (
        "vat_      IT123456\nnumber_\nof_old"
    )


def test_labels_are_faint() -> None:
    assert fields_text([("A", "b")], width=None, style=Style(colour=True)) == "\x1b[2mA\x1b[0m  b"


@given(st.lists(st.tuples(texts, texts), max_size=5), st.integers(20, 60))
def test_no_line_is_wider_or_ends_in_a_space(fields: list[tuple[str, str]], columns: int) -> None:
    shown = [(visible(label), visible(text, one_line=False)) for label, text in fields]
    for line in fields_text(shown, width=columns, style=PLAIN).split("\n"):
        assert display_width(line) <= columns
        assert line == line.rstrip(" ")
