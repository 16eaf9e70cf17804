"""PyYAML's own parser, made to read as libyaml reads, for a PyYAML that was built without it.

Loaded then alone, for it takes ten times as long. Property tests hold the two together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaml.error import Mark, MarkedYAMLError
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError
from yaml.tokens import FlowEntryToken, FlowMappingEndToken, FlowSequenceEndToken, ScalarToken

if TYPE_CHECKING:
    from yaml.events import Event, ScalarEvent

_BREAKS = "\r\n\x85\u2028\u2029"
_BLANKS = " \t"
_END = f"\0{_BLANKS}{_BREAKS}"
# A word of a text without quotes: a colon ends it before a blank, and these in a list or mapping.
_WORD = re.compile(f"(?:[^:{_END}]|:(?![{_END}]))*")
_FLOW_WORD = re.compile(rf"(?:[^:,[\]{{}}{_END}]|:(?![,?[\]{{}}{_END}]))*")
_SINGLE = re.compile(f"(?:[^'{_END}]|'')*")
_DOUBLE = re.compile(rf'[^"\\{_END}]*')
_CODE = re.compile("[0-9A-Fa-f]+")
_HEADER = re.compile("[+-][1-9]?|[1-9][+-]?|")
_VERSION = re.compile(f"[{_BLANKS}]*1[.]([12])[{_BLANKS}]*(?=[#\0{_BREAKS}])")
_EXPECTED = re.compile("expected (.+?), but (?:found|got) ", re.DOTALL)
_ENDS = (FlowEntryToken, FlowMappingEndToken, FlowSequenceEndToken)
# What libyaml says in the place of PyYAML.
_WORDS = {
    "'<document start>'": "<document start>",
    "a comment or a line break": "comment or line break",
    "the node content": "node content",
    "mapping keys are not allowed here": "mapping keys are not allowed in this context",
    "mapping values are not allowed here": "mapping values are not allowed in this context",
    "sequence entries are not allowed here": (
        "block sequence entries are not allowed in this context"
    ),
    "found unexpected document separator": "found unexpected document indicator",
}


class PureParser(Reader, Scanner, Parser):
    """The events of a text."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def forward(self, length: int = 1) -> None:
        """Go on by some characters; a byte order mark is one of them."""
        for char in self.buffer[self.pointer : self.pointer + length]:
            self.pointer += 1
            self.index += 1
            if char in _BREAKS and not (char == "\r" and self.peek() == "\n"):
                self.line += 1
                self.column = 0
            else:
                self.column += 1

    def fetch_stream_end(self) -> None:
        """End the text as if its last line had an end."""
        if self.column:
            self.line += 1
            self.column = 0
        self.stale_possible_simple_keys()
        super().fetch_stream_end()

    def fetch_flow_collection_end(self, token: type[Any]) -> None:
        """End a list or mapping, even one that was not begun."""
        super().fetch_flow_collection_end(token)
        self.flow_level = max(self.flow_level, 0)

    def scan_to_next_token(self) -> None:
        """Skip blanks and comments; a tab is none where it would be indentation."""
        while True:
            if self.peek() == "\ufeff" and not self.column:
                self.forward()
            while self.peek() == " " or (
                self.peek() == "\t" and (self.flow_level or not self.allow_simple_key)
            ):
                self.forward()
            self._skip_comment()
            if not self.scan_line_break():
                return
            self.allow_simple_key = self.allow_simple_key or not self.flow_level

    def _skip_comment(self) -> None:
        if self.peek() == "#":
            while self.peek() not in f"\0{_BREAKS}":
                self.forward()

    def process_empty_scalar(self, mark: Mark) -> ScalarEvent:
        """A value that is left out; in a list or mapping of one line, before what ends it."""
        token = self.peek_token()
        return super().process_empty_scalar(token.start_mark if isinstance(token, _ENDS) else mark)

    # texts without quotes

    def scan_plain(self) -> ScalarToken:
        """A text without quotes, over as many lines as it has."""
        start = end = self.get_mark()
        words: list[str] = []
        space = ""
        while self.peek() != "#" and not (self.check_document_start() or self.check_document_end()):
            word = self._take(_FLOW_WORD if self.flow_level else _WORD)
            if self.flow_level and self.peek() == ":" and self.peek(1) in ",?[]{}":
                raise self._refused("found unexpected ':'", "while scanning a plain scalar")
            if not word:
                break
            words += (space, word)
            end = self.get_mark()
            space = self._space()
            if not space or not (self.flow_level or self.column > self.indent):
                break
        return ScalarToken("".join(words), True, start, end)  # noqa: FBT003 - PyYAML's own order

    def _space(self) -> str:
        """What stands between two words: the blanks, or what line breaks fold to."""
        blanks = ""
        breaks: list[str] = []
        while (char := self.peek()) in _BLANKS + _BREAKS:
            if char in _BREAKS:
                breaks.append(self.scan_line_break())
                continue
            if breaks and char == "\t" and self.column <= self.indent:
                raise self._refused(
                    "found a tab character that violates indentation",
                    "while scanning a plain scalar",
                )
            blanks += char
            self.forward()
        self.allow_simple_key = bool(breaks)
        if not breaks:
            return blanks
        return "".join(breaks[breaks[0] == "\n" :]) or " "

    # texts in quotes

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Mark) -> list[str]:  # noqa: FBT001 - PyYAML's own signature
        """The next word of a text in quotes."""
        if not double:
            return [self._take(_SINGLE).replace("''", "'")]
        chunks = [self._take(_DOUBLE)]
        while self.peek() == "\\":
            char = self.peek(1)
            if char in self.ESCAPE_REPLACEMENTS:
                chunks.append(self.ESCAPE_REPLACEMENTS[char])
                self.forward(2)
            elif char in self.ESCAPE_CODES:
                self.forward(2)
                chunks.append(self._code(self.ESCAPE_CODES[char]))
            elif char in _BREAKS:
                self.forward()
                self.scan_line_break()
                chunks.extend(self.scan_flow_scalar_breaks(double, start_mark))
            else:
                raise self._refused("found unknown escape character")
            chunks.append(self._take(_DOUBLE))
        return chunks

    def _code(self, length: int) -> str:
        digits = self.prefix(length)
        if len(digits) < length or not _CODE.fullmatch(digits):
            raise self._refused("did not find expected hexdecimal number")
        code = int(digits, 16)
        if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:  # noqa: PLR2004 - halves of characters, and the last one
            raise self._refused("found invalid Unicode character escape code")
        self.forward(length)
        return chr(code)

    # texts as blocks

    def scan_block_scalar_indicators(self, _start: Mark) -> tuple[bool | None, int | None]:
        """The header of a block: whether it keeps what line breaks end it, and its indentation."""
        header = self._take(_HEADER)
        number = header.strip("+-")
        keeps = None if header == number else "+" in header
        return keeps, int(number) if number else None

    def scan_block_scalar_ignored_line(self, start_mark: Mark) -> None:
        """Skip what stands behind the header of a block."""
        while self.peek() in _BLANKS:
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)

    def scan_block_scalar_indentation(self) -> tuple[list[str], int, Mark]:
        """The empty lines at the start of a block, and how far its first text is indented."""
        found = super().scan_block_scalar_indentation()
        self._refuse_tab()
        return found

    def scan_block_scalar_breaks(self, indent: int) -> tuple[list[str], Mark]:
        """The empty lines in a block."""
        found = super().scan_block_scalar_breaks(indent)
        if self.column < indent:
            self._refuse_tab()
        return found

    def _refuse_tab(self) -> None:
        if self.peek() == "\t":
            raise self._refused(
                "found a tab character where an indentation space is expected",
                "while scanning a block scalar",
            )

    # directives

    def scan_directive_name(self, start_mark: Mark) -> str:
        """The name of a directive that is known."""
        name: str = super().scan_directive_name(start_mark)
        if name not in {"YAML", "TAG"}:
            raise self._refused("found unknown directive name", "while scanning a directive")
        return name

    def scan_yaml_directive_value(self, start_mark: Mark) -> tuple[int, int]:
        """The version of YAML."""
        version = self._take(_VERSION).strip(_BLANKS)
        if not version:
            raise ScannerError(None, None, "found incompatible YAML document", start_mark)
        return 1, int(version[2:])

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.buffer, self.pointer)
        text = found[0] if found else ""
        self.forward(len(text))
        return text

    def _refused(
        self, problem: str, context: str = "while parsing a quoted scalar"
    ) -> ScannerError:
        return ScannerError(context, None, problem, self.get_mark())

    def get_event(self) -> Event:
        """The next event.

        Raises:
            YAMLError: as libyaml would say it.
        """
        try:
            event: Event = super().get_event()
        except MarkedYAMLError as error:
            error.problem = _reworded(error)
            raise
        return event


def _reworded(error: MarkedYAMLError) -> str:
    """What libyaml would say is wrong."""
    problem = str(error.problem)
    if problem.startswith("found character"):
        return "found character that cannot start any token"
    expected = _EXPECTED.match(problem)
    if not expected:
        return _WORDS.get(problem, problem)
    what = expected[1]
    if what == "<block end>":
        what = "key" if error.context == "while parsing a block mapping" else "'-' indicator"
    return f"did not find expected {_WORDS.get(what, what)}"
