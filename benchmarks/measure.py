"""Runs one command as a process of its own and says what it took: a script for `timing`.

    python measure.py OUT ERR COMMAND...

It prints the wall-clock seconds from start to end, the peak of memory in bytes and the exit code.
It is a process of its own since Linux counts towards a child's peak what its parent had in memory
when it was started; this one has next to nothing.
"""

import os
import sys
from time import perf_counter


def main(out: str, err: str, *command: str) -> None:
    """Run the command with its output in two files, and print what it took."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600),
    ]
    start = perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
    _, status, usage = os.wait4(child, 0)
    seconds = perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    print(seconds, usage.ru_maxrss * unit, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(*sys.argv[1:])
