"""Types into a real shell on a terminal of its own, and tells which words the shell then has."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_START = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
# A shell that waits for words has printed this; the quotes keep the echo of it from being taken
# for it.
_READY = {
    "bash": "PS1='READY''> '; bind 'set bell-style none'\n",
    "zsh": "PS1='READY''> '; unsetopt prompt_cr prompt_sp; unset zle_bracketed_paste;"
    " autoload -Uz compinit; compinit -u -D\n",
    "fish": "function fish_prompt; echo -n 'READY''> '; end;"
    " set -g fish_autosuggestion_enabled 0\n",
}
# The terminal has to be the one that controls the session.
_ON_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
_SHOW = r"/usr/bin/printf '\074%s\076' "  # <word>, which the echo does not look like
_WAIT = 20.0  # seconds; a busy machine is slow


class Shell:
    """A shell with completion of acctcli, in a folder."""

    def __init__(self, name: str, folder: Path, environ: Mapping[str, str], script: str) -> None:
        self.name = name
        master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (50, 200))
        self._process = subprocess.Popen(
            [sys.executable, "-c", _ON_TERMINAL, *_START[name]],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env={
                **environ,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "TERM": "xterm",
            },
        )
        os.close(slave)
        self._master = master
        self._seen = ""
        self._send(_READY[name])
        self._until("READY> ")
        self._send(f". {script}\n")
        self._until("READY> ")

    def completed(self, typed: str) -> list[str]:
        """The words there are when this is typed, with a tab behind it, and run."""
        # To the end of the line, then to its beginning; keys wait until the tab is done with.
        self._seen = ""
        self._send(f"{typed}\t\x05 END\x01{_SHOW}\n")
        words = re.findall(r"<([^<>]*)>", self._until("<END>"))
        self._until("READY> ")
        return words[:-1]

    def wait_for(self, typed: str, text: str) -> None:
        """Type this and two tabs, and wait until the terminal shows a text."""
        self._send(f"{typed}\t\t")
        self._until(text)

    def close(self) -> None:
        """End the shell."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _send(self, text: str) -> None:
        os.write(self._master, text.encode())

    def _until(self, text: str) -> str:
        end = time.monotonic() + _WAIT
        while text not in self._seen:
            if not self._read(end - time.monotonic()):
                raise TimeoutError(self._seen)
        seen, _, self._seen = self._seen.rpartition(text)
        return seen + text

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            found = os.read(self._master, 65536)
        except OSError:
            return False
        self._seen += found.decode("utf-8", "replace")
        return bool(found)
