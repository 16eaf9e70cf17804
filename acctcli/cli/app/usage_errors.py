"""Usage errors of Click as ours, with the nearest word."""

from __future__ import annotations

import re

import click

from acctcli.cli.app.command_tree import tree
from acctcli.cli.app.global_options import list_options, no_list_error
from acctcli.core.model.errors import AcctcliError, UsageError
from acctcli.core.model.names import nearest, or_nearest
from acctcli.core.model.values import quote

# What Click says of a choice there is not; the word is written as Python writes texts.
_NO_CHOICE = re.compile(r"""(?P<quote>['"])(?P<word>.*?)(?P=quote) is not one of """, re.DOTALL)
_MOST = 3  # commands at the most that are told to be near
_EXTRA = re.compile(r"Got unexpected extra arguments? \((?P<words>.*)\)", re.DOTALL)
_NO_NUMBER = re.compile(r"""'?(?P<word>.*?)'? is not (?:a valid|in the range) """, re.DOTALL)


def usage_error(error: click.ClickException) -> AcctcliError:
    """What Click refuses, with the nearest option or word there is; it is never taken for it."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "acctcli"
    hint = f'see "{path} --help"'
    if isinstance(error, click.NoSuchOption) and ctx is not None:
        return _no_option(error, ctx)
    if isinstance(error, click.BadOptionUsage):
        message = f"{error.option_name} needs a value"
    elif isinstance(error, click.BadParameter) and (told := _no_choice(error)) is not None:
        message, hint = told
    elif isinstance(error, click.BadParameter) and (told_of := _no_value(error)) is not None:
        message = told_of
    elif isinstance(error, click.MissingParameter) and error.param is not None:
        message = f"{_parameter_name(error.param)} is missing"
    elif extra := _EXTRA.match(error.format_message()):
        message = f"{quote(path)} takes no {quote(extra['words'])}"
    else:
        message = error.format_message().rstrip(".")
        message = message[:1].lower() + message[1:]
    return UsageError.of("usage", message, hint=hint)


def no_command(path: str, name: str) -> str:
    """What is said of a command there is not, with what may have been meant.

    That is the nearest; else those that begin so; else, of all commands, those whose last word it
    is: `account board` of `board`.
    """
    branches = tree().branches
    above = path.removeprefix("acctcli").strip()
    known = branches[above].verbs
    near = nearest(name, known)
    found = [near] if near else [each for each in known if each.startswith(name)]
    if not found and not above:
        found = [each for each in branches if each.endswith(f" {name}")]
    message = f'"{path} {name}" is no command'
    if 0 < len(found) <= _MOST:
        message += f"; did you mean {_join_or([quote(f'{path} {each}') for each in found])}?"
    return message


def _parameter_name(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.human_readable_name.strip("[]").removesuffix("...")


def _no_option(error: click.NoSuchOption, ctx: click.Context) -> AcctcliError:
    name, path, command = error.option_name, ctx.command_path, ctx.command
    if any(name in each.opts for each in list_options()):
        return no_list_error(name, path)
    known = [
        word for each in command.get_params(ctx) for word in each.opts if word.startswith("--")
    ]
    found = nearest(name.removeprefix("--"), [word.removeprefix("--") for word in known])
    hint = f'see "{path} --help"'
    if found is None:
        hint += '; a text that begins with a dash stands last, after "--"'
    message = f'no such option "{name}"' + (f'; did you mean "--{found}"?' if found else "")
    return UsageError.of("usage", message, hint=hint)


def _no_choice(error: click.BadParameter) -> tuple[str, str] | None:
    """Message and hint of a word that is none of those there are; None for another refusal."""
    param, found = error.param, _NO_CHOICE.match(error.message)
    if param is None or found is None or not isinstance(param.type, click.Choice):
        return None
    word, choices = found["word"], [str(choice) for choice in param.type.choices]
    return (
        f'{_parameter_name(param)}: there is no "{word}"' + or_nearest(word, choices),
        f"say {_join_or(choices)}",
    )


def _no_value(error: click.BadParameter) -> str | None:
    """The message about a value that is none of its type; None for another refusal."""
    param = error.param
    if param is None or isinstance(error, click.MissingParameter):
        return None
    if isinstance(param.type, click.IntRange) and (found := _NO_NUMBER.match(error.message)):
        least = "" if param.type.min is None else f" from {param.type.min} on"
        return f'{_parameter_name(param)}: "{found["word"]}" is no whole number{least}'
    return f"{_parameter_name(param)}: {error.message.rstrip('.')}"


def _join_or(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
