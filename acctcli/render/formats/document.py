"""Documents: headings, fields, tables and cards.

Every text in it has passed through `visible`. Markdown and HTML are made of it here and there,
and the text of a page has the same parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from acctcli.render.formats.columns import TableColumn


class Fields(NamedTuple):
    """Labels and what stands beside them; a text may have more lines."""

    pairs: Sequence[tuple[str, str]]


class Grid(NamedTuple):
    """A table: its rows, what is shown of each, and the zone of its days."""

    rows: Sequence[object]
    columns: Sequence[TableColumn]
    zone: dt.tzinfo | None = None


class Prose(NamedTuple):
    """A text whose lines stay, below a line about it."""

    text: str
    about: str = ""


class Cards(NamedTuple):
    """Things with a few lines each, of which the first names them."""

    cards: Sequence[Sequence[str]]


class Section(NamedTuple):
    """A part with a title; how much there is in it may stand behind that."""

    title: str
    blocks: Sequence[Block]
    number: int | None = None

    @property
    def heading(self) -> str:
        """The title with the number of what is in it."""
        return self.title if self.number is None else f"{self.title} ({self.number})"


class SideBySide(NamedTuple):
    """Sections that stand beside each other where there is room."""

    sections: Sequence[Section]


class Document(NamedTuple):
    """A whole page: what it is about, a line below that, and its parts."""

    title: str
    blocks: Sequence[Block]
    about: str = ""


Block = Fields | Grid | Prose | Cards | Section | SideBySide


def join_documents(documents: Sequence[Document]) -> Document:
    """One document of one or more; of several, each is a section."""
    if len(documents) == 1:
        return documents[0]
    sections = [
        Section(each.title, [Prose(each.about), *each.blocks] if each.about else each.blocks)
        for each in documents
    ]
    return Document("", sections)
