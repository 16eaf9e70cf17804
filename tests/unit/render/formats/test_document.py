"""Documents as Markdown and HTML: no text becomes markup, and each is read back as it was."""

from __future__ import annotations

import datetime as dt
import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from helpers.samples import NAMES, PAGE, TODAY, texts
from hypothesis import given
from hypothesis import strategies as st

from acctcli.render.account_page import page_document
from acctcli.render.formats.columns import TableColumn
from acctcli.render.formats.document import (
    Cards,
    Document,
    Fields,
    Grid,
    Prose,
    Section,
    SideBySide,
)
from acctcli.render.formats.html import html_text
from acctcli.render.formats.markdown import escape_markdown, markdown_text
from acctcli.render.formats.text import visible

if TYPE_CHECKING:
    from acctcli.render.formats.document import Block

COLUMNS = (TableColumn("Name", "name"), TableColumn("Won | lost", "won", "right"))
ROWS: list[dict[str, object]] = [
    {"name": "a|b\\|c\\", "won": 1},
    {"name": "<script>alert(1)</script>", "won": None},
    {"name": "![x](http://a.example) `code` **b** _i_ snake_case ~~s~~ $x$ &amp;", "won": 3},
]
DOCUMENT = Document(
    "A # title",
    [
        Fields([("Label", "one\ntwo"), ("Other", "javascript:alert(1)")]),
        Section("Deals", [Grid(ROWS, COLUMNS)], 3),
        Section(
            "Notes",
            [Prose("- no list\n1. nor this\n# nor that\n\n> or that\n    code", "2026 anna")],
        ),
        SideBySide([Section("Overdue", [Cards([["Acme", "EUR 1.00"], ["<b>"]])], 2)]),
        Grid([], COLUMNS),
        Fields([]),
    ],
    "about <it>",
)


def test_a_document_as_markdown() -> None:
    assert markdown_text(DOCUMENT) == (
        "# A # title\n"
        "\n"
        "about &lt;it&gt;\n"
        "\n"
        "|  |  |\n"
        "| --- | --- |\n"
        "| Label | one<br>two |\n"
        "| Other | javascript:alert(1) |\n"
        "\n"
        "## Deals (3)\n"
        "\n"
        "| Name | Won \\| lost |\n"
        "| --- | ---: |\n"
        "| a\\|b\\\\\\|c\\\\ | 1 |\n"
        "| &lt;script&gt;alert(1)&lt;/script&gt; |  |\n"
        "| !\\[x\\](http://a.example) \\`code\\` \\*\\*b\\*\\* \\_i\\_ snake_case \\~\\~s\\~\\~"
        " \\$x\\$ &amp;amp; | 3 |\n"
        "\n"
        "## Notes\n"
        "\n"
        "2026 anna\n"
        "\n"
        "\\- no list<br>\n"
        "1\\. nor this<br>\n"
        "\\# nor that<br>\n"
        "&nbsp;<br>\n"
        "&gt; or that<br>\n"
        "code\n"
        "\n"
        "## Overdue (2)\n"
        "\n"
        "- **Acme**<br>EUR 1.00\n"
        "- **&lt;b&gt;**"
    )


def cells_of(line: str) -> list[str]:
    """The cells of a line of a table, as GitHub parts and reads them."""
    inner = line.removeprefix("|").removesuffix("|")
    cells = [""]
    for piece in re.findall(r"\\.|.", inner):
        if piece == "|":
            cells.append("")
        else:
            cells[-1] += piece
    return [read(cell.strip()) for cell in cells]


def read(cell: str) -> str:
    """What a reader sees of a cell in which nothing is markup."""
    assert not re.search(r"(?<!\\)[*`\[\]~]", cell.replace("\\\\", ""))
    assert not re.search(r"<(?!br>)", cell)
    return html.unescape(re.sub(r"\\([^A-Za-z0-9\s])", r"\1", cell.replace("<br>", "\n")))


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_no_text_breaks_out_of_a_cell_of_markdown(pairs: list[tuple[str, str]]) -> None:
    rows = [{"name": one, "won": other} for one, other in pairs]
    lines = markdown_text(Document("", [Grid(rows, COLUMNS)])).split("\n")
    assert len(lines) == len(rows) + 2
    for line, pair in zip(lines[2:], pairs, strict=True):
        assert cells_of(line) == [visible(each).strip() for each in pair]


@given(texts)
def test_a_text_of_lines_is_a_paragraph_of_markdown(text: str) -> None:
    shown = markdown_text(Document("", [Prose(visible(text, one_line=False))]))
    for line in shown.split("\n"):
        assert not re.match(r"([#>+=-]|[0-9]{1,9}[.)])", line)
        assert not line.startswith((" ", "\t"))


def test_underscores_inside_of_words_stay_readable() -> None:
    assert escape_markdown("won_value _x_ a_") == "won_value \\_x\\_ a\\_"


class Reader(HTMLParser):
    """Reads a page: its elements, and the text of each cell and paragraph."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "br":
            self.texts[-1] += "\n"
        elif tag != "meta":
            self.open.append(tag)
            self.texts += [""] if tag in {"td", "th", "p", "li", "h1", "h2", "title"} else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th", "p", "li", "h1", "h2", "title", "strong"}:
            self.texts[-1] += data


def test_a_document_as_html() -> None:
    text = html_text(DOCUMENT, "acctcli account show")
    assert text.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    found = Reader(text)
    assert found.texts == [
        *("acctcli account show", "A # title", "about <it>"),
        *("Label", "one\ntwo", "Other", "javascript:alert(1)", "Deals (3)", "Name", "Won | lost"),
        *("a|b\\|c\\", "1", "<script>alert(1)</script>", "", str(ROWS[2]["name"]), "3"),
        *("Notes", "2026 anna", "- no list\n1. nor this\n# nor that\n\n> or that\n    code"),
        *("Overdue (2)", "Acme\nEUR 1.00", "<b>", "Nothing."),
    ]
    names = [tag for tag, _ in found.tags]
    assert names.count("style") == 1
    assert not {"a", "script", "img", "link"} & set(names)
    scopes = [attrs.get("scope") for tag, attrs in found.tags if tag == "th"]
    assert scopes == ["row", "row", "col", "col"]
    assert ("td", {"class": "right"}) in found.tags


def test_a_bucket_has_its_colour_and_its_word() -> None:
    grid = Grid([{"bucket": "overdue"}, {"bucket": "x"}], (TableColumn("Bucket", "bucket"),))
    text = html_text(Document("", [grid]), "acctcli")
    assert '<td class="overdue">overdue</td>' in text
    assert "<td>x</td>" in text


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_no_text_is_markup_of_html(pairs: list[tuple[str, str]]) -> None:
    rows = [{"name": one, "won": other} for one, other in pairs]
    blocks: list[Block] = [Grid(rows, COLUMNS), Prose(visible(pairs[0][0], one_line=False))]
    found = Reader(html_text(Document("", blocks), visible(pairs[0][1])))
    shown = [visible(each).strip() for pair in pairs for each in pair]
    assert [each.strip() for each in found.texts[4 : 4 + len(shown)]] == shown
    assert found.texts[-1] == visible(pairs[0][0], one_line=False)
    assert {tag for tag, _ in found.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "table", "thead", "tbody"),
        *("tr", "th", "td", "p", "br"),
    }


@pytest.mark.parametrize("make", [markdown_text, lambda page: html_text(page, "acctcli")])
def test_a_page_has_all_its_parts(make: object) -> None:
    assert callable(make)
    found = make(page_document(PAGE, names=NAMES, today=TODAY, zone=dt.UTC))
    for title in ("Planned", "Done", "Deals", "People", "Notes", "Files", "Custom fields"):
        assert f"{title} (" in found
    only = make(page_document(PAGE, names=NAMES, today=TODAY, sections={"late"}))
    assert "Late (0)" in only
    assert "Deals" not in only
