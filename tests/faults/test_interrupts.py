"""Ctrl-C and SIGTERM at every change of a commit: they fall before it or after it."""

from __future__ import annotations

import itertools
import signal
import threading
from typing import TYPE_CHECKING

import pytest
from helpers.faults.dying import (
    AFTER,
    BEFORE,
    CHANGES,
    Death,
    Killed,
    big_commit,
    check_whole,
    contents,
    leftovers,
    make_book,
    on_disk,
)
from helpers.faults.interrupting import Ended, signals_raise

from acctcli.store.commit.commit import recover
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    with signals_raise():
        yield


class Interrupt:
    """Sends this process a signal just before or after one of its changes, counted from 1."""

    def __init__(
        self, patch: pytest.MonkeyPatch, number: signal.Signals, at: int, *, before: bool
    ) -> None:
        self.number = number
        self.at = at
        self.before = before
        self.count = 0
        self.call = ""
        for name in CHANGES:
            patch.setattr(filesystem, name, self._counted(name, getattr(filesystem, name)))

    def _counted(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            self.count += 1
            if self.count != self.at:
                return real(*args, **kwargs)
            self.call = f"{name} {args[-1]}"
            if self.before:
                signal.pthread_kill(threading.get_ident(), self.number)
            result = real(*args, **kwargs)
            if not self.before:
                signal.pthread_kill(threading.get_ident(), self.number)
            return result

        return call


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("before", [True, False])
def test_at_every_change_it_falls_before_or_after_the_commit(
    tmp_path: Path, number: signal.Signals, *, before: bool
) -> None:
    outcomes: dict[str, bool] = {}
    for at in itertools.count(1):
        (tmp_path / str(at)).mkdir()
        root = make_book(tmp_path / str(at) / "book")
        folders = sorted(path for path in root.rglob("*") if path.is_dir())
        with pytest.MonkeyPatch.context() as patch:
            interrupt = Interrupt(patch, number, at, before=before)
            try:
                big_commit(root)
            except (KeyboardInterrupt, Ended):
                pass
            else:
                break
        assert leftovers(root) == []
        after = contents(root) == AFTER
        outcomes[f"{at} {interrupt.call}"] = after
        if not after:
            assert contents(root) == BEFORE
            made = {path for path in root.rglob("*") if path.is_dir()} - {*folders}
            assert made <= {root / ".acctcli", root / ".acctcli" / "attic"}
        seen = on_disk(root)
        assert not recover(root)  # nothing is left to be finished
        assert on_disk(root) == seen
        assert check_whole(root) == after
    assert interrupt.call == ""
    assert [*outcomes.values()] == sorted(outcomes.values())
    by_call = {call.split(" ", 1)[1].rsplit("/", 1)[-1]: now for call, now in outcomes.items()}
    # the journal's rename, and the first and the last of the targets'
    assert by_call["journal"]
    assert by_call["deals.yaml"]
    assert by_call["offer.pdf"]
    assert False in outcomes.values()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_recovery_is_finished_first(tmp_path: Path, number: signal.Signals) -> None:
    for at in itertools.count(1):
        (tmp_path / str(at)).mkdir()
        root = make_book(tmp_path / str(at) / "book")
        with pytest.MonkeyPatch.context() as patch:
            Death(patch, 1, "after", only="rename")  # the journal's
            with pytest.raises(Killed):
                big_commit(root)
        with pytest.MonkeyPatch.context() as patch:
            interrupt = Interrupt(patch, number, at, before=True)
            try:
                recover(root)
            except (KeyboardInterrupt, Ended):
                pass
            else:
                break
        assert interrupt.call
        assert leftovers(root) == []
        assert check_whole(root)
    assert at > 5
