"""Fixtures: a command line to call, books to call it on, processes to share the work."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest
from helpers.cli import CommandLine, Result, TextStream
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import ProcessPoolExecutor
    from pathlib import Path

    from helpers.counts import Counts, Tell
    from xdist.workermanage import WorkerController


# Timings say nothing about right or wrong on a busy machine.
settings.register_profile(
    "acctcli", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
# A clean checkout says the same each time; new examples are searched for everywhere else.
settings.register_profile("ci", settings.get_profile("acctcli"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "acctcli")


_FOLDER: pytest.StashKey[str] = pytest.StashKey()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give each run a folder of its own: those that pytest shares are cleared by any of them."""
    if config.option.basetemp is None:
        config.option.basetemp = config.stash[_FOLDER] = tempfile.mkdtemp(prefix="acctcli-tests-")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remove it, unless somebody wants to look at what failed; a worker hands over its counts."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["counted"] = session.config.stash.get(_COUNTED, {})
    folder = session.config.stash.get(_FOLDER, None)
    if folder is not None and exitstatus == 0:
        shutil.rmtree(folder, ignore_errors=True)


# What the fault tests counted: by what was tried, the counts of each try.
_COUNTED: pytest.StashKey[dict[str, dict[str, Counts]]] = pytest.StashKey()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    counted = request.config.stash.setdefault(_COUNTED, {})

    def keep(group: str, name: str, counts: Counts) -> None:
        counted.setdefault(group, {})[name] = counts

    return keep


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessPoolExecutor]:
    """Processes that share the work, in an environment without surprises.

    They go with the module: their threads in this process would take other tests' signals.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    from helpers.faults.scenes import enter, environment

    # Not forked: this process has threads, that they have no part in.
    with ProcessPoolExecutor(
        mp_context=multiprocessing.get_context("spawn"),
        initializer=enter,
        initargs=(environment(tmp_path_factory.mktemp("home")),),
    ) as pool:
        yield pool


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    """Take over what a worker of pytest-xdist counted."""
    for group, tries in node.workeroutput.get("counted", {}).items():
        node.config.stash.setdefault(_COUNTED, {}).setdefault(group, {}).update(tries)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show what was counted, and the sums."""
    for group, tries in config.stash.get(_COUNTED, {}).items():
        terminalreporter.section(group)
        total: dict[str, int] = {}
        for name, counts in tries.items():
            terminalreporter.write_line(f"{name}: {_listed(counts)}")
            for what, number in counts.items():
                total[what] = total.get(what, 0) + number
        if len(tries) > 1:
            terminalreporter.write_line(f"in all: {_listed(total)}")


def _listed(counts: Counts) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in counts.items())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one, in an environment without surprises."""
    for name in [name for name in os.environ if name.startswith(("ACCTCLI_", "XDG_", "GIT_"))]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "VISUAL", "EDITOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TZ", "Europe/Rome")
    monkeypatch.setenv("ACCTCLI_ACTOR", "anna@example.com")
    monkeypatch.setenv("ACCTCLI_NOW", "2026-03-10T09:00:00+01:00")
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def acct(folder: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, called in this process."""
    from acctcli.cli.main import run

    def call(*words: str, stdin: str = "", **environ: str) -> Result:
        out, err = TextStream(), TextStream()
        with monkeypatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(sys, "stdin", TextStream(stdin))
            code = run(words)
        return Result(code, out.text(), err.text())

    return call


@pytest.fixture
def book(acct: CommandLine, folder: Path) -> Path:
    """A new book in the current folder, in euros and Rome's time."""
    result = acct("init", "--currency", "EUR", "--timezone", "Europe/Rome", "--quiet")
    assert result == Result(0, "", "")
    return folder


@pytest.fixture
def small(book: Path) -> Path:
    """A small book: two accounts, one organization without a win, one person."""
    files = {
        "orgs.yaml": (
            "# our customers\n"
            "- id: acme\n  name: Acme S.r.l.\n  owner: Anna   # since January\n  labels: [vip]\n"
            "\n"
            "- id: bianchi\n  name: Bianchi Café\n"
            "- id: cole\n  name: Cole Ltd\n  parent: acme\n"
        ),
        "people.yaml": "- id: eva\n  name: Eva Müller\n  org: bianchi\n",
        "deals.yaml": (
            "- id: d1\n  title: ERP rollout\n  org: acme\n  value: 12500.00\n  currency: EUR\n"
            "  status: won\n  won_time: 2026-01-15\n"
            "- id: d2\n  title: Coffee corner\n  person: eva\n  value: 300\n  currency: EUR\n"
            "  status: won   # at last\n  won_time: 2026-02-01\n"
            "- id: d3\n  title: Training\n  org: cole\n  value: 900.50\n  currency: USD\n"
            "  status: open\n"
        ),
        "activities.yaml": (
            "- id: a1\n  subject: Ask about the renewal\n  type: call\n  org: acme\n"
            "  due_date: 2026-03-12\n"
            "- id: a2\n  subject: Kick-off\n  type: meeting\n  deal: d2\n  done: true\n"
            "  done_time: 2026-02-20\n"
        ),
    }
    for name, text in files.items():
        (book / name).write_text(text, "utf-8")
    return book
