"""What a terminal shows, as a picture: text with colours on standard input, SVG on standard output.

Each run of words stands at the column it has on a terminal, whatever font draws it.
"""

from __future__ import annotations

import re
import sys
from html import escape

from wcwidth import wcswidth

_CELL, _LINE, _MARGIN = 8, 18, 16  # pixels
_TOKEN = re.compile(r"\x1b\[(?P<code>\d+)m|(?P<gap> +)|(?P<words>[^ \x1b]+(?: [^ \x1b]+)*)")
_CODES = {"1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow"}
_STYLE = """\
text { font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d6dbe1; }
.bold { font-weight: bold; } .dim { fill: #8b949e; }
.red { fill: #ff7b72; } .green { fill: #7ee787; } .yellow { fill: #e3b341; }"""


def draw(text: str) -> str:
    """The picture of a text."""
    body: list[str] = []
    columns = 0
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        column, styles = 0, set[str]()
        for token in _TOKEN.finditer(line):
            if (code := token["code"]) is not None:
                styles = styles | {_CODES[code]} if code in _CODES else set()
                continue
            width = wcswidth(token[0])
            if token["words"]:
                body.append(
                    f'<text x="{_MARGIN + column * _CELL}" y="{_MARGIN + number * _LINE}"'
                    f' textLength="{width * _CELL}" lengthAdjust="spacingAndGlyphs"'
                    f"{_class(styles)}>{escape(token[0])}</text>"
                )
            column += width
        columns = max(columns, column)
    size = columns * _CELL + 2 * _MARGIN, len(lines) * _LINE + 2 * _MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}">',
            f"<title>{escape(lines[0])}</title>",
            f"<style>\n{_STYLE}\n</style>",
            f'<rect width="{size[0]}" height="{size[1]}" rx="8" fill="#0d1117"/>',
            *body,
            "</svg>\n",
        ]
    )


def _class(styles: set[str]) -> str:
    return f' class="{" ".join(sorted(styles))}"' if styles else ""


if __name__ == "__main__":
    sys.stdout.write(draw(sys.stdin.read()))
