"""What was measured, as a table for the terminal and as a section of docs/benchmarks.md.

It knows rows and text. It measures nothing, and keeps what people wrote in the page.
"""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tabulate import tabulate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timing import Taken

MEGABYTE = 1_000_000
_HEADERS = ("job", "acctcli", "other", "ratio", "target", "met")
_NEW_PAGE = """\
# Speed

What acctcli takes, as a ratio to other programs on the same machine in the same run. `make bench`
measures and writes the sections with figures; everything else on this page is written by hand, and
kept.
"""


class Row(NamedTuple):
    """A line of the table; `met` is None where there is no target or nothing to compare with."""

    job: str
    ours: str
    other: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None


def compared(
    job: str,
    ours: Taken,
    name: str,
    other: Taken | float,
    *,
    target: float | None,
    below: bool = False,
) -> Row:
    """How long we take, as a ratio to what another takes; at the target is met, unless `below`."""
    seconds = other if isinstance(other, float) else other.seconds
    ratio = ours.seconds / seconds
    if target is None:
        return Row(job, took(ours.seconds), f"{name}: {took(seconds)}", shown_ratio(ratio))
    return Row(
        job,
        took(ours.seconds),
        f"{name}: {took(seconds)}",
        shown_ratio(ratio),
        f"{'below ' if below else ''}{target:g}",
        ratio < target or (ratio == target and not below),
    )


def absent(job: str, ours: Taken, name: str, target: float | None, *, below: bool = False) -> Row:
    """The row of a program that is not installed."""
    wanted = "" if target is None else f"{'below ' if below else ''}{target:g}"
    return Row(job, took(ours.seconds), f"{name}: not installed", "", wanted)


def memory(job: str, taken: Taken, limit: int | None) -> Row:
    """The peak memory of a command against a limit in bytes, if it has one."""
    row = Row(f"peak memory: {job}", f"{taken.peak / MEGABYTE:.0f} MB, {took(taken.seconds)}")
    if limit is None:
        return row
    return row._replace(target=f"{limit // MEGABYTE} MB", met=taken.peak <= limit)


def took(seconds: float) -> str:
    """A time for people: in milliseconds below a second."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def shown_ratio(ratio: float) -> str:
    """A ratio to two digits or to a hundredth, whichever says more."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def table(rows: Sequence[Row]) -> str:
    """The table, for people and for Markdown."""
    words = {True: "yes", False: "no", None: ""}
    cells = [(*row[:-1], words[row.met]) for row in rows]
    return tabulate(cells, _HEADERS, tablefmt="github", disable_numparse=True)


def section(
    size: int, date: str, versions: Mapping[str, str | None], rows: Sequence[Row], *, place: Path
) -> str:
    """The section of the page for a size: the machine, the versions, the date and the table."""
    told = ", ".join(f"{name} {found or 'not installed'}" for name, found in versions.items())
    facts = "\n".join(f"- {fact}" for fact in (date, *machine(place), told))
    return f"## {size:,} records\n\n{facts}\n\n{table(rows)}\n"


def machine(place: Path) -> list[str]:
    """What the machine is: processor and cores, memory, kernel, and the file system of a folder."""
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return [
        f"{_processor()}, {os.cpu_count()} cores, {memory_bytes / 2**30:.0f} GiB of memory",
        f"{platform.system()} {platform.release()}, {_file_system(place)}",
    ]


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _file_system(place: Path) -> str:
    try:
        mounts = Path("/proc/mounts").read_text("utf-8").splitlines()
    except OSError:
        return "file system unknown"
    found = [
        (len(where), kind)
        for _, where, kind, *_ in (line.split() for line in mounts)
        if place.resolve().is_relative_to(where)
    ]
    return max(found)[1] if found else "file system unknown"


def with_section(page: str | None, size: int, text: str) -> str:
    """The page with the section of a size put in the place of the old one, or by size.

    All else stays as it is. None stands for a page that is not there yet.
    """
    page = _NEW_PAGE if page is None else page
    block = f"{_begin(size)}\n\n{text.rstrip()}\n\n{_end(size)}\n"
    old = re.compile(f"{re.escape(_begin(size))}\n.*?{re.escape(_end(size))}\n", re.DOTALL)
    if old.search(page):
        return old.sub(lambda _: block, page, count=1)
    larger = (found.start() for found in _BEGINS.finditer(page) if int(found[1]) > size)
    at = next(larger, None)
    if at is None:
        return f"{page.rstrip()}\n\n{block}"
    return f"{page[:at]}{block}\n{page[at:]}"


_BEGINS = re.compile(r"^<!-- make bench writes from here: (\d+) records -->$", re.MULTILINE)


def _begin(size: int) -> str:
    return f"<!-- make bench writes from here: {size} records -->"


def _end(size: int) -> str:
    return f"<!-- to here: {size} records -->"
