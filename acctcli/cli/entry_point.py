"""Console script; sends `__complete` to completion before click loads."""

from __future__ import annotations

import gc
import sys


def run_program() -> None:
    """Run the program."""
    # A run is short and makes no rings of objects worth freeing; looking for them in a million
    # records takes a fifth of the time.
    gc.disable()
    if sys.argv[1:2] == ["__complete"]:
        from acctcli.cli.completion.shells import answer_shell

        answer_shell(sys.argv[2:])
    from acctcli.cli.main import main

    main()
