"""The project's folders, and the files of a book as bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


SHARED_DATA = PROJECT.parent / "shared" / "data"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, but for what holds the lock."""
    locks = {Path(".acctcli/lock"), Path(".acctcli/queue")}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder) not in locks
    }


def real_data(*parts: str) -> Path:
    """A folder of real data, or the test is skipped with the reason."""
    path = SHARED_DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no real data beside the project: {'/'.join(('shared', 'data', *parts))}")
    return path
