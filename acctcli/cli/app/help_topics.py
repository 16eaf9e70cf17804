"""Topics of `acctcli help`."""

from __future__ import annotations

from acctcli.cli.app.exit_codes import MEANINGS

_EXIT_CODES = """\
Exit codes

{rows}

A command that ends with 2 to 6 has changed nothing. What went wrong stands on
standard error: see acctcli help errors.
"""

_ERRORS = """\
Errors

  deals.yaml:5:13: error [bad-date]: won_time: "2026-13-45" is not a day of ...
    5 |   won_time: 2026-13-45
      |             ^^^^^^^^^^
    hint: write a date, such as 2026-03-31

The place, if there is one; the level and the id, which is stable; what happened;
the line; what to do. An error ends the command, a warning does not. Data goes to
standard output, errors and messages go to standard error.

With --format json or ndjson every line on standard error is an object:

  id level message hint file line column kind record field exit_code

and a message that is no problem is {"level": "note", "message": "..."}.

All ids, with their exit codes, stand in docs/errors.md of acctcli. See also
acctcli help exit-codes.
"""

_DATES = """\
Days

Where a command wants a day, it takes a date or one of these words, in any case:

  2026-03-31            a date, always year-month-day
  yesterday today       as they say
  tomorrow              the same
  monday ... sunday     the next one; on a Monday, monday is in a week
  mon ... sun           the same
  +3d -2w +1m           so many days, weeks or months from today
  +3bd                  so many business days: Monday to Friday, days off left out
  eom eoq eoy           the last day of this month, quarter or year

Where it wants a length of time, it takes 30d, 2w, 3m or 1y. Anything else is an
error, and nothing is guessed.

Today is what --today or $ACCTCLI_TODAY says, else the clock in the book's time
zone. --as-of DATE shows the book as it stood on that day.
"""

_ENVIRONMENT = """\
Environment variables

  ACCTCLI_BOOK     the book, where --book does not name one
  ACCTCLI_TODAY    the day it is, where --today does not say
  ACCTCLI_NOW      the time it is, for what is written into add_time and the history:
                   2026-03-10T09:00:00+01:00
  ACCTCLI_ACTOR    who is at work; else the e-mail address of git, else the login
  ACCTCLI_OPENER   the program that file open opens files with
  VISUAL, EDITOR   the editor
  NO_COLOR         no colours, when it is not empty; --color says otherwise
  FORCE_COLOR      colours to a pipe too, when it is not empty and not 0
  TERM             no colours when it is dumb
  XDG_CACHE_HOME   where the index is kept, in a folder acctcli; else ~/.cache
  XDG_DATA_HOME    where a book is looked for last, in a folder acctcli;
                   else ~/.local/share
  XDG_STATE_HOME   where changes keeps what its last run saw, in a folder acctcli;
                   else ~/.local/state
  HOME             where the three begin
  TZ               the time zone, for a book that names none
"""


def _exit_codes() -> str:
    rows = "\n".join(
        f"  {int(code):>3}  {meaning.replace('`', '')}" for code, meaning in MEANINGS.items()
    )
    return _EXIT_CODES.format(rows=rows)


# By name: what it is about, for lists; and its text.
TOPICS: dict[str, tuple[str, str]] = {
    "exit-codes": ("What the exit codes say.", _exit_codes()),
    "errors": ("The form of an error, as text and as JSON.", _ERRORS),
    "dates": ("How days and lengths of time are written.", _DATES),
    "environment": ("The environment variables that are heeded.", _ENVIRONMENT),
}
