"""Data files as people write them, for property tests: the text, and which lines are whose."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from acctcli.core.records import Raw

KEYS = ["id", "title", "org", "owner", "labels", "value", "status", "archived", "source"]
UNKNOWN = ["zip", "my key", "onwer", "Ünïcode", "x-y"]
WORDS = st.sampled_from(
    ["a", "no", "12", "é", "x y", "it's", 'say "hi"', "a#b", "a:b", "日本", "-", "1.50", "b\\c"]
)
PLAIN = st.sampled_from(["a", "no", "12", "é b", "x-y", "01234", "a#b", "h://x", "日本 語", "~"])
COMMENT = st.sampled_from(["# note", "#", "#- id: no", "# a: b", "# 'open", '# "open', "# |"])
SPACES = st.sampled_from([" ", "  ", "   "])


@dataclass
class Written:
    """The lines of a key in a file, without line endings, and what it reads as."""

    key: str
    value: Raw
    lines: list[str]
    keeps: bool = False  # blank lines after it are content
    ends: bool = False  # the line break at its end is content


@dataclass
class Line:
    text: str
    record: int | None = None  # whose text it is part of
    key: str | None = None


@dataclass
class HandFile:
    newline: str
    final: bool
    indent: int
    lines: list[Line] = field(default_factory=list)
    records: list[dict[str, Raw]] = field(default_factory=list)
    fragile: bool = False  # it has a block scalar that keeps blank lines

    @property
    def data(self) -> bytes:
        text = self.newline.join(line.text for line in self.lines)
        if self.lines and self.final:
            text += self.newline
        return text.encode()


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@st.composite
def values(draw: st.DrawFn, key: str, column: int) -> Written:
    pad = " " * column
    name = draw(st.sampled_from([key, quoted(key), single(key)])) if column else key
    colon = draw(st.sampled_from([":", ":", " :"]))
    gap = draw(SPACES)
    trail = draw(st.sampled_from(["", "", "", " ", "  # why", "   # |"]))
    start = pad + name + colon
    deep = pad + draw(st.sampled_from([" ", "  ", "    "]))
    text = draw(WORDS)
    match draw(st.integers(0, 16)):
        case 0 | 1 | 2:
            text = draw(PLAIN)
            return Written(key, text, [start + gap + text + trail])
        case 3:
            return Written(key, text, [start + gap + quoted(text) + trail])
        case 4:
            return Written(key, text, [start + gap + single(text) + trail])
        case 5:
            return Written(key, None, [start + trail])
        case 6:
            return Written(key, "", [start + gap + '""' + trail])
        case 7 | 8 as number:
            style = "|" if number == 7 else ">"
            chomp = draw(st.sampled_from(["", "", "-", "+"]))
            rest = "" if not trail.strip() else trail
            body = [deep + "one: two", deep + "# no comment", "", deep + "- x"]
            blanks = draw(st.integers(0, 2))
            joined = (
                "one: two\n# no comment\n\n- x" if number == 7 else "one: two # no comment\n- x"
            )
            end = {"": "\n", "-": "", "+": "\n" * (1 + blanks)}[chomp]
            lines = [start + gap + style + chomp + rest, *body]
            if chomp == "+":
                lines += [""] * blanks
            return Written(key, joined + end, lines, keeps=chomp == "+", ends=chomp != "-")
        case 9:
            items = draw(st.lists(WORDS, min_size=1, max_size=3))
            margin = draw(st.sampled_from([pad, deep]))
            dash = "-" + draw(SPACES)
            lines = [start + ("" if not trail.strip() else trail)]
            for item in items:
                if draw(st.booleans()):
                    lines.append(margin + draw(COMMENT))
                lines.append(margin + dash + quoted(item) + draw(st.sampled_from(["", " # i"])))
            return Written(key, list(items), lines)
        case 10:
            items = draw(st.lists(WORDS, max_size=3))
            flow = "[" + ", ".join(map(quoted, items)) + "]"
            return Written(key, list(items), [start + gap + flow + trail])
        case 11:
            items = draw(st.lists(WORDS, min_size=1, max_size=3))
            lines = [start + gap + "[", *(deep + single(item) + "," for item in items)]
            return Written(key, list(items), [*lines, deep + "]" + trail])
        case 12:
            return Written(
                key,
                "more text\nhere",
                [start + gap + "more", deep + "text", "", deep + "here" + trail],
            )
        case 13:
            return Written(key, "q # r s", [start + gap + '"q', deep + "# r", deep + 's"' + trail])
        case 14:
            return Written(
                key,
                {"a": "1", "b": [None, "c"]},
                [start, deep + "a: 1", deep + "b:", deep + "-", deep + "- c" + trail],
            )
        case 15:
            return Written(
                key, text, [start + ("" if not trail.strip() else trail), deep + quoted(text)]
            )
        case _:
            return Written(key, {"a": "1", "b": None}, [start + gap + "{a: 1, b: }" + trail])


@st.composite
def hand_files(draw: st.DrawFn, *, max_records: int = 4) -> HandFile:
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    indent = draw(st.sampled_from([0, 0, 2, 3]))
    made = HandFile(newline, draw(st.booleans()), indent)
    between = st.lists(st.sampled_from(["", "", "# general"]), max_size=3)
    margin = " " * indent
    head = draw(between)
    if draw(st.integers(0, 4)) == 0:
        head = ["---", *head]
    if head and head[-1]:
        head.append("")  # a comment directly above a record belongs to it
    made.lines += [Line(text) for text in head]
    for number in range(draw(st.integers(0, max_records))):
        column = indent + draw(st.sampled_from([2, 2, 3, 4]))
        keys = draw(st.lists(st.sampled_from(KEYS + UNKNOWN), min_size=1, max_size=5, unique=True))
        for text in draw(st.lists(COMMENT, max_size=2)):
            made.lines.append(Line(margin + text, number))
        alone = draw(st.integers(0, 4)) == 0
        if alone:
            made.lines.append(
                Line(margin + "-" + draw(st.sampled_from(["", " ", "  # c"])), number)
            )
        record: dict[str, Raw] = {}
        keeps = False
        for place, key in enumerate(keys):
            if place or alone:
                for text in draw(st.lists(COMMENT, max_size=1)):
                    made.lines.append(Line(" " * column + text, number))
                if not keeps and draw(st.integers(0, 5)) == 0:
                    made.lines.append(Line("", number))
            written = draw(values(key, column))
            keeps = written.keeps
            made.fragile |= keeps
            made.final |= written.ends
            if not place and not alone:
                written.lines[0] = margin + "-" + written.lines[0][indent + 1 :]
            made.lines += [Line(text, number, key) for text in written.lines]
            record[key] = written.value
        if draw(st.integers(0, 3)) == 0:
            made.lines.append(Line(" " * (indent + 1) + draw(COMMENT), number))
            keeps = False
        rest = draw(between)
        if keeps and rest:
            rest = ["# general", *rest]
        # A comment that ends the lines between records would belong to the next one.
        made.lines += [Line(text) for text in rest]
        if rest and rest[-1]:
            made.lines.append(Line(""))
        made.records.append(record)
    return made


_TOKENS = (
    ["- ", "-", "\n", "\n", "\n- ", "\n- ", "\n  ", "\n  ", "\n   ", " ", "a: ", "b: ", "id: x"]
    + ['"', "'", "# c", "\n# c", "|", ">", "|+", "|-", "[", "]", "{", "}", ",", "\r\n", "\r"]
    + ["\x85", "\u2028", "\ufeff", "\n...\n", "\n---\n", "?", ":", "é", "&a", "*a", "!t", "<<: "]
    + ["%", "\t", "x", "y z", "\x00", "~", "\n\n"]
)
_STARTS = [
    "",
    "- id: a\n  x: ",
    '- id: a\n  x: "',
    "- a: b\n- c: ",
    "# h\n\n  - a: ",
    "\ufeff- a: ",
]
_ENDS = ["", "\n- id: b\n", "\n  - id: b\n", '"\n- z: "\n']


@st.composite
def yaml_like(draw: st.DrawFn) -> str:
    """Texts made of what matters to YAML, mostly wrong, some surprising."""
    middle = draw(st.lists(st.sampled_from(_TOKENS), max_size=12))
    return draw(st.sampled_from(_STARTS)) + "".join(middle) + draw(st.sampled_from(_ENDS))
