"""Progress on a terminal: a bar that stays on one line of it, however narrow."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, TextIO

import click
import pytest

from acctcli.cli.app import session as module
from acctcli.cli.app.console import Globals, process_streams
from acctcli.cli.app.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Terminal(io.StringIO):
    """A terminal that keeps what it is shown."""

    def __init__(self, handle: int) -> None:
        super().__init__()
        self._handle = handle

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._handle


@pytest.fixture
def handle() -> Iterator[int]:
    ours, theirs = os.openpty()
    yield theirs
    os.close(ours)
    os.close(theirs)


def session_on(err: TextIO) -> Session:
    streams = process_streams()
    changed = {name: getattr(streams, name) for name in streams.__struct_fields__} | {"err": err}
    return Session(Globals(), type(streams)(**changed), [])


@pytest.mark.parametrize("columns", [0, 30, 40, 60, 80, 200])
def test_a_bar_stays_on_one_line(
    handle: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((columns, 24)))
    terminal = Terminal(handle)
    session = session_on(terminal)
    for done in range(0, 101, 10):
        session._progress(done * module._LARGE, 100 * module._LARGE)
    shown = [click.unstyle(line) for line in terminal.getvalue().replace("\n", "\r").split("\r")]
    assert any("reading" in line for line in shown)
    assert max(map(len, shown)) < (columns or 80)
    with click.progressbar(length=3, label="x", width=session.bar_width("x")) as bar:
        assert bar.width == max(1, min(36, (columns or 80) - 22))


def test_a_bar_has_its_own_width_where_nobody_says_how_wide_the_terminal_is(
    tmp_path: Path,
) -> None:
    assert session_on(io.StringIO()).bar_width("reading") == 36
    with (tmp_path / "err").open("w") as file:
        assert session_on(file).bar_width("reading") == 36
