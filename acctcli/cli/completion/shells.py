"""Questions of bash, zsh and fish: the typed line read, the answer quoted.

The scripts that ask are in `completion`. What is wrong is not said: somebody is typing. Answers
have a line of marks, then a line for each word:

    goes-on   no space is put behind the word
    loose     not all words begin as the cursor's word does
    path, folder   the shell knows names of files itself
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from acctcli.cli.app.environment import cache_home, data_home
from acctcli.cli.completion.book_words import BookWords
from acctcli.cli.completion.complete import Answer, Offer, book_of, complete
from acctcli.core.model.errors import AcctcliError
from acctcli.store.files.find_book import find_book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_JOINTS = "|;&"  # what comes behind is another command
_REDIRECTIONS = "<>"
_BETWEEN = frozenset(" \t\n" + _JOINTS + _REDIRECTIONS)
_PLAIN = frozenset("%+,-./:=@_^")  # besides letters and digits, what bash takes as it stands
_IN_DOUBLE_QUOTES = frozenset('"\\$`')
_LISTING = frozenset({33, 63, 64})  # COMP_TYPE of bash: the words are shown, not put in
_ABOUT = 60  # characters of what is said of a word in bash, which has one column for both


class TypedLine(NamedTuple):
    """A line of a shell up to the cursor.

    Attributes:
        words: The words before the last one, without their quotes.
        current: The last one, likewise.
        quote: The quote it is in, or an empty text.
        kept: As much of the last word, without quotes, as the shell does not replace.
        is_file: Whether it is the file of a redirection.
    """

    words: list[str]
    current: str
    quote: str
    fixed_part: str
    is_file: bool


class _Reader:
    """Reads a line of a shell, character by character."""

    def __init__(self, breaks: str) -> None:
        self.breaks = breaks
        self.words: list[str] = []
        self.word = ""
        self.kept = 0  # characters of the word that stay
        self.quote = ""
        self.has_begun = False
        self.is_file = False

    def read(self, line: str) -> None:
        position = 0
        while position < len(line):
            char, following = line[position], line[position + 1 : position + 2]
            position += 1
            if char == "\\" and self._is_escape(following):
                self._add(following)
                position += 1
            elif self.quote:
                self._in_quote(char)
            elif char in "'\"":
                self.quote, self.has_begun, self.kept = char, True, len(self.word)
            elif char in _BETWEEN:
                self._end(char)
            else:
                self._add(char)
                if char in self.breaks:
                    self.kept = len(self.word)

    def _is_escape(self, following: str) -> bool:
        return self.quote != "'" and (not self.quote or following in _IN_DOUBLE_QUOTES)

    def _in_quote(self, char: str) -> None:
        if char == self.quote:
            self.quote, self.kept = "", len(self.word)
        else:
            self._add(char)

    def _add(self, char: str) -> None:
        self.word += char
        self.has_begun = True

    def _end(self, char: str) -> None:
        """End a word; what comes behind a joint is another command."""
        if self.has_begun:
            if not self.is_file:
                self.words.append(self.word)
            self.is_file = False
        self.word, self.kept, self.has_begun = "", 0, False
        if char in _JOINTS:
            self.words = []
        self.is_file = self.is_file or char in _REDIRECTIONS


def read_line(line: str, breaks: str = "") -> TypedLine:
    """What is written on a line of a shell.

    Args:
        line: The line up to the cursor.
        breaks: Characters behind which bash completes anew ($COMP_WORDBREAKS).
    """
    reader = _Reader(breaks)
    reader.read(line)
    word = reader.word
    return TypedLine(reader.words, word, reader.quote, word[: reader.kept], reader.is_file)


def _for_bash(line: str, breaks: str, kind: int) -> list[str]:
    typed = read_line(line, breaks)
    answer = _answer(typed.words[1:], typed.current)
    if typed.is_file:
        answer = Answer(files="path")
    fitting = [
        each
        for each in answer.offers
        if each.word[: len(typed.fixed_part)].lower() == typed.fixed_part.lower()
    ]
    shown = kind in _LISTING and len(fitting) > 1
    length = max((len(each.word) - len(typed.fixed_part) for each in fitting), default=0)
    lines = [_marks(answer, typed.current)]
    for each in fitting:
        rest = each.word[len(typed.fixed_part) :]
        if not shown:
            lines.append(_quote(rest, typed.quote))
        elif each.about:
            lines.append(f"{rest:{length}}  ({each.about[:_ABOUT]})")
        else:
            lines.append(rest)
    return lines


def _quote(word: str, quote: str) -> str:
    """A word as it is written in bash, in the quote that is open."""
    if quote == "'":
        return word.replace("'", "'\\''")
    if quote:
        return "".join(f"\\{char}" if char in _IN_DOUBLE_QUOTES else char for char in word)
    return "".join(char if char.isalnum() or char in _PLAIN else f"\\{char}" for char in word)


def _for_zsh(current: str, words: Sequence[str]) -> list[str]:
    answer = _answer(words, current)
    return [_marks(answer, current), *map(_line, answer.offers)]


def _for_fish(current: str, words: Sequence[str]) -> list[str]:
    typed = read_line(current)
    answer = _answer(words, typed.current)
    return [_marks(answer, typed.current), *map(_line, answer.offers)]


def _line(offer: Offer) -> str:
    return f"{offer.word}\t{' '.join(offer.about.split())}"


def _marks(answer: Answer, current: str) -> str:
    loose = any(not each.word.startswith(current) for each in answer.offers)
    marks = (("goes-on", answer.goes_on), ("loose", loose), (answer.files, True))
    return " ".join(mark for mark, is_so in marks if is_so and mark)


def _answer(words: Sequence[str], current: str) -> Answer:
    with closing(BookWords(_book(words, os.environ), cache_home(os.environ))) as book:
        return complete(words, current, book)


def _book(words: Sequence[str], environ: Mapping[str, str]) -> Path | None:
    named = book_of(words)
    given = Path(named).expanduser() if named else None
    try:
        return find_book(given, environ, Path.cwd(), data_home(environ))
    except (AcctcliError, OSError):
        return None


def answer(words: Sequence[str]) -> list[str]:
    """The lines of the answer to what a shell asks for.

    Args:
        words: The shell's name; then of bash the line up to the cursor, its $COMP_WORDBREAKS and
            its $COMP_TYPE; of zsh and fish the cursor's word, then the words before it without
            the program's name.
    """
    shell, first, *rest = words
    if shell == "bash":
        return _for_bash(first, rest[0], int(rest[1]))
    return _for_zsh(first, rest) if shell == "zsh" else _for_fish(first, rest)


def answer_shell(words: Sequence[str]) -> None:
    """Answer a shell and end; nothing that is wrong is told."""
    try:
        text = "\n".join(answer(words)) + "\n"
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
    except Exception:  # noqa: BLE001 - a message would stand in the middle of what is typed
        os._exit(1)
    os._exit(0)  # nothing is open that has to be closed in order, and somebody waits
