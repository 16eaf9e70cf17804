"""Data files as people write them, for property tests: the text, and which lines are whose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from acctcli.core.model.records import Raw

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
    plain: tuple[str, ...] = ()  # keys that every record has, with a plain value of its own

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


@dataclass
class _Slot:
    """Where a value is written: what stands before it, and how it may go on."""

    draw: st.DrawFn
    key: str
    start: str  # indentation, key and colon
    pad: str  # the key's indentation
    deep: str  # a deeper one
    gap: str
    trail: str  # spaces or a comment at the end of the line

    def written(self, value: Raw, *lines: str) -> Written:
        return Written(self.key, value, list(lines))

    @property
    def comment(self) -> str:
        return self.trail if self.trail.strip() else ""


def _plain(slot: _Slot) -> Written:
    text = slot.draw(PLAIN)
    return slot.written(text, slot.start + slot.gap + text + slot.trail)


def _quoted(slot: _Slot) -> Written:
    text = slot.draw(WORDS | st.just(""))
    form = slot.draw(st.sampled_from([quoted, single]))
    return slot.written(text, slot.start + slot.gap + form(text) + slot.trail)


def _empty(slot: _Slot) -> Written:
    return slot.written(None, slot.start + slot.trail)


def _block(slot: _Slot) -> Written:
    style = slot.draw(st.sampled_from("|>"))
    chomp = slot.draw(st.sampled_from(["", "", "-", "+"]))
    blanks = slot.draw(st.integers(0, 2)) if chomp == "+" else 0
    fold = " " if style == ">" else "\n"
    text = f"one: two{fold}# no comment{fold if style == '>' else chr(10) * 2}- x"
    text = text.replace("comment ", "comment\n")
    end = {"": "\n", "-": "", "+": "\n" * (1 + blanks)}[chomp]
    body = [slot.deep + "one: two", slot.deep + "# no comment", "", slot.deep + "- x"]
    header = slot.start + slot.gap + style + chomp + slot.comment
    lines = [header, *body, *[""] * blanks]
    return Written(slot.key, text + end, lines, keeps=chomp == "+", ends=chomp != "-")


def _block_list(slot: _Slot) -> Written:
    items = slot.draw(st.lists(WORDS, min_size=1, max_size=3))
    margin = slot.draw(st.sampled_from([slot.pad, slot.deep]))
    dash = margin + "-" + slot.draw(SPACES)
    lines = [slot.start + slot.comment]
    for item in items:
        lines += [margin + text for text in slot.draw(st.lists(COMMENT, max_size=1))]
        lines.append(dash + quoted(item) + slot.draw(st.sampled_from(["", " # i"])))
    return slot.written(list(items), *lines)


def _flow_list(slot: _Slot) -> Written:
    items = slot.draw(st.lists(WORDS, max_size=3))
    flow = "[" + ", ".join(map(quoted, items)) + "]"
    return slot.written(list(items), slot.start + slot.gap + flow + slot.trail)


def _long_flow_list(slot: _Slot) -> Written:
    items = slot.draw(st.lists(WORDS, min_size=1, max_size=3))
    lines = [slot.deep + single(item) + "," for item in items]
    last = slot.deep + "]" + slot.trail
    return slot.written(list(items), slot.start + slot.gap + "[", *lines, last)


def _long_plain(slot: _Slot) -> Written:
    last = slot.deep + "here" + slot.trail
    return slot.written(
        "more text\nhere", slot.start + slot.gap + "more", slot.deep + "text", "", last
    )


def _long_quoted(slot: _Slot) -> Written:
    last = slot.deep + 's"' + slot.trail
    return slot.written("q # r s", slot.start + slot.gap + '"q', slot.deep + "# r", last)


def _mapping(slot: _Slot) -> Written:
    inner = ["a: 1", "b:", "-", "- c" + slot.trail]
    lines = [slot.deep + text for text in inner]
    return slot.written({"a": "1", "b": [None, "c"]}, slot.start, *lines)


def _flow_mapping(slot: _Slot) -> Written:
    line = slot.start + slot.gap + "{a: 1, b: }" + slot.trail
    return slot.written({"a": "1", "b": None}, line)


def _below(slot: _Slot) -> Written:
    text = slot.draw(WORDS)
    return slot.written(text, slot.start + slot.comment, slot.deep + quoted(text))


_SIMPLE_STYLES = [_plain, _plain, _plain, _quoted, _quoted, _empty, _flow_list]
_LONG_STYLES = [_block, _block, _block_list, _long_flow_list, _long_plain, _long_quoted]
_ODD_STYLES = [_mapping, _flow_mapping, _below]


@st.composite
def values(draw: st.DrawFn, key: str, column: int) -> Written:
    pad = " " * column
    name = draw(st.sampled_from([key, quoted(key), single(key)]))
    slot = _Slot(
        draw=draw,
        key=key,
        start=pad + name + draw(st.sampled_from([":", ":", " :"])),
        pad=pad,
        deep=pad + draw(st.sampled_from([" ", "  ", "    "])),
        gap=draw(SPACES),
        trail=draw(st.sampled_from(["", "", "", " ", "  # why", "   # |"])),
    )
    return draw(st.sampled_from(_SIMPLE_STYLES + _LONG_STYLES + _ODD_STYLES))(slot)


@st.composite
def hand_files(draw: st.DrawFn, *, max_records: int = 4, plain: tuple[str, ...] = ()) -> HandFile:
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    indent = draw(st.sampled_from([0, 0, 2, 3]))
    made = HandFile(newline, draw(st.booleans()), indent, plain=plain)
    head = draw(BETWEEN)
    if head and head[-1]:
        head.append("")  # a comment directly above a record belongs to it
    if draw(st.integers(0, 4)) == 0:
        head = ["---", *head]
    made.lines += [Line(text) for text in head]
    for _ in range(draw(st.integers(0, max_records))):
        keeps = _write_record(draw, made)
        rest = draw(BETWEEN)
        if rest and keeps:
            rest.insert(0, "# general")
        if rest and rest[-1]:
            rest.append("")
        made.lines += [Line(text) for text in rest]
    return made


BETWEEN = st.lists(st.sampled_from(["", "", "# general"]), max_size=3)


def _write_record(draw: st.DrawFn, made: HandFile) -> bool:
    """Write a record; says whether blank lines after it would be content."""
    number = len(made.records)
    margin = " " * made.indent
    column = made.indent + draw(st.sampled_from([2, 2, 3, 4]))
    keys = draw(st.lists(st.sampled_from(KEYS + UNKNOWN), min_size=1, max_size=5, unique=True))
    if made.plain:
        others = [key for key in keys if key not in made.plain]
        keys = draw(st.permutations([*made.plain, *others[:2]]))

    def add(text: str, key: str | None = None) -> None:
        made.lines.append(Line(text, number, key))

    for text in draw(st.lists(COMMENT, max_size=2)):
        add(margin + text)
    alone = draw(st.integers(0, 4)) == 0
    if alone:
        add(margin + "-" + draw(st.sampled_from(["", " ", "  # c"])))
    record: dict[str, Raw] = {}
    keeps = False
    for place, key in enumerate(keys):
        if place or alone:
            for text in draw(st.lists(COMMENT, max_size=1)):
                add(" " * column + text)
            if not keeps and draw(st.integers(0, 5)) == 0:
                add("")
        written = (
            Written(key, f"{key}{number}", [f"{' ' * column}{key}: {key}{number}"])
            if key in made.plain
            else draw(values(key, column))
        )
        keeps = written.keeps
        made.fragile |= keeps
        made.final |= written.ends
        if not place and not alone:
            written.lines[0] = margin + "-" + written.lines[0][made.indent + 1 :]
        for text in written.lines:
            add(text, key)
        record[key] = written.value
    if draw(st.integers(0, 3)) == 0:
        add(" " * (made.indent + 1) + draw(COMMENT))
        keeps = False
    made.records.append(record)
    return keeps


_TOKENS = [
    *("- ", "-", "\n", "\n", "\n- ", "\n- ", "\n  ", "\n  ", "\n   ", " ", "a: ", "b: ", "id: x"),
    *('"', "'", "# c", "\n# c", "|", ">", "|+", "|-", "[", "]", "{", "}", ",", "\r\n", "\r"),
    *("\x85", "\u2028", "\ufeff", "\n...\n", "\n---\n", "?", ":", "é", "&a", "*a", "!t", "<<: "),
    *("%", "\t", "x", "y z", "\x00", "~", "\n\n"),
]
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
