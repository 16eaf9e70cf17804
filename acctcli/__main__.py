"""The program, as `python -m acctcli`."""

from acctcli.cli.entry_point import run_program

if __name__ == "__main__":
    run_program()
