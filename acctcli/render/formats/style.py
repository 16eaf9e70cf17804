"""Colours of a terminal."""

from __future__ import annotations

from msgspec import Struct

_RESET = "\x1b[0m"


class Style(Struct, frozen=True):
    """How text is decorated.

    Attributes:
        colour: Whether it is decorated at all; if not, every method gives its text back.
    """

    colour: bool

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}{_RESET}" if self.colour and text else text

    def overdue(self, text: str) -> str:
        """Red, for what is overdue and for errors."""
        return self._paint("31", text)

    def today(self, text: str) -> str:
        """Green, for what is due today."""
        return self._paint("32", text)

    def caution(self, text: str) -> str:
        """Yellow, for accounts with nothing planned and for warnings."""
        return self._paint("33", text)

    def bold(self, text: str) -> str:
        """Bold, for names and heads."""
        return self._paint("1", text)

    def match(self, text: str) -> str:
        """Bold and cyan, for what was sought."""
        return self._paint("1;36", text)

    def dim(self, text: str) -> str:
        """Faint, for rules and what matters less."""
        return self._paint("2", text)

    def bucket(self, bucket: str, text: str) -> str:
        """The text in the colour of a bucket; most buckets are plain (rule 5)."""
        match bucket:
            case "overdue":
                return self.overdue(text)
            case "today":
                return self.today(text)
            case "none":
                return self.caution(text)
            case _:
                return text

    def health(self, word: str, text: str) -> str:
        """The text in the colour of a word for health (rule 5)."""
        match word:
            case "at risk":
                return self.overdue(text)
            case "watch":
                return self.caution(text)
            case "healthy":
                return self.today(text)
            case _:
                return text
