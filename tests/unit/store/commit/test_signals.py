from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest
from helpers.faults.interrupting import Ended, signals_raise

from acctcli.store.commit.signals import hold_signals

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    with signals_raise():
        yield


BOTH = pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Ended)]
)


@BOTH
def test_a_signal_comes_after_the_block(number: int, error: type[BaseException]) -> None:
    done = []
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with pytest.raises(error):  # noqa: PT012 - what is done before it is raised is the matter
        with hold_signals():
            signal.pthread_kill(threading.get_ident(), number)
            done.append(1)
        done.append(2)
    assert done == [1]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


@BOTH
def test_a_block_in_a_block_lets_nothing_through(number: int, error: type[BaseException]) -> None:
    done = []
    with pytest.raises(error), hold_signals():  # noqa: PT012 - the same
        with hold_signals():
            signal.pthread_kill(threading.get_ident(), number)
        done.append(1)
    assert done == [1]


def test_a_signal_that_has_come_is_seen_to_before_the_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Python has noted it but not yet raised it: it does so in the call that holds others back.
    real = signal.pthread_sigmask
    before = real(signal.SIG_BLOCK, ())

    def noted(how: int, numbers: tuple[int, ...]) -> set[int | signal.Signals]:
        old = real(how, numbers)
        if how == signal.SIG_BLOCK and numbers:
            raise KeyboardInterrupt
        return old

    monkeypatch.setattr(signal, "pthread_sigmask", noted)
    done = []
    with pytest.raises(KeyboardInterrupt), hold_signals():
        done.append(1)
    monkeypatch.undo()
    assert done == []
    assert real(signal.SIG_BLOCK, ()) == before


def test_an_error_in_the_block_comes_through() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with pytest.raises(ZeroDivisionError), hold_signals():
        raise ZeroDivisionError
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
