"""The program, as `python -m acctcli`."""

from acctcli.cli.entry_point import main

if __name__ == "__main__":
    main()
