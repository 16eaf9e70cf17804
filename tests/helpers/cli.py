"""A call of the command line: its type, its result and its streams."""

from __future__ import annotations

import io
import json
from typing import NamedTuple, Protocol


class Result(NamedTuple):
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


class CommandLine(Protocol):
    """Runs acctcli in this process, in the book's folder."""

    def __call__(self, *words: str, stdin: str = "", **environ: str) -> Result: ...


class TextStream(io.TextIOWrapper):
    def __init__(self, text: str = "") -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8", newline="")

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()
