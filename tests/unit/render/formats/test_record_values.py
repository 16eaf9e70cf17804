from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.samples import DEAL, NAMES, NOTE, ORG, texts
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.kinds import KINDS, Field, FieldType
from acctcli.core.model.records import Activity, Deal
from acctcli.core.model.schema import as_dict
from acctcli.render.formats.key_values import fields_text, record_fields
from acctcli.render.formats.style import Style
from acctcli.render.formats.text import display_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acctcli.core.model.kinds import Kind

PLAIN = Style(colour=False)
CUSTOM = {
    "segment": Field("segment", FieldType.TEXT),
    "budget": Field("budget", FieldType.AMOUNT),
    "unset": Field("unset", FieldType.TEXT),
}


def record_text(
    kind: Kind,
    values: Mapping[str, object],
    *,
    names: Mapping[str, str],
    width: int | None,
    style: Style,
) -> str:
    """A record as the lines that `show` prints."""
    return fields_text(record_fields(kind, values, names=names), width=width, style=style)


def test_a_deal() -> None:
    values = as_dict(DEAL, KINDS["deals"], {})
    assert record_text(KINDS["deals"], values, names=NAMES, width=None, style=PLAIN) == (
        "ID        d7k2m9x4q\n"
        "Title     ERP rollout\n"
        "Org       Müller & Söhne GmbH (muller-sohne)\n"
        "Person    Anna Rossi (anna-rossi)\n"
        "Owner     marta\n"
        "Value     EUR 12500.00\n"
        "Status    won\n"
        "Won time  2026-03-02"
    )


def test_a_currency_without_a_value_is_shown() -> None:
    values = as_dict(Deal(id="d", title="New", currency="EUR"), KINDS["deals"], {})
    assert record_text(KINDS["deals"], values, names={}, width=None, style=PLAIN) == (
        "ID        d\nTitle     New\nCurrency  EUR\nStatus    open"
    )


def test_a_value_of_zero_and_yes_are_shown() -> None:
    values = {"id": "d", "value": 0, "archived": True, "labels": ()}
    assert record_text(KINDS["deals"], values, names={}, width=None, style=PLAIN) == (
        "ID        d\nValue     0\nArchived  yes"
    )


def test_a_text_of_many_lines_stands_below_itself() -> None:
    values = as_dict(NOTE, KINDS["notes"], {})
    assert record_text(KINDS["notes"], values, names=NAMES, width=48, style=PLAIN) == (
        "ID        n2b3c4d5e\n"
        "Content   Wants everything on one invoice, and\n"
        "          no calls on Fridays.\n"
        "\n"
        "          - Anna decides\n"
        "Org       Müller & Söhne GmbH (muller-sohne)\n"
        "Owner     marta\n"
        "Pinned    yes\n"
        "Add time  2026-01-31T23:30:00Z"
    )


def test_custom_fields_have_the_names_the_book_gave_them() -> None:
    values = as_dict(ORG, KINDS["orgs"], CUSTOM)
    text = record_text(KINDS["orgs"], values, names=NAMES, width=None, style=PLAIN)
    assert text.split("\n")[-2:] == ["segment  A", "budget   EUR 12.50"]
    assert "Labels   gold, industry" in text


@given(texts, texts, st.integers(20, 100))
def test_no_line_of_a_record_is_wider(subject: str, note: str, columns: int) -> None:
    activity = Activity(id="a", subject=subject, note=note, org="o", duration="1:30")
    values = as_dict(activity, KINDS["activities"], {})
    text = record_text(
        KINDS["activities"], values, names={"o": subject}, width=columns, style=PLAIN
    )
    assert all(display_width(line) <= columns for line in text.split("\n"))
