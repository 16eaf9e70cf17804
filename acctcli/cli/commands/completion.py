"""The command `completion`: the script that makes a shell complete the words of acctcli.

The scripts hand over what is typed, and put in what they are answered; `shells` answers.
"""

from __future__ import annotations

import click
from msgspec import Struct

from acctcli.cli.app.click_ext import Command
from acctcli.cli.app.session import Session, open_session

_BASH = r"""# Completion of acctcli in bash. Put it where bash looks for such scripts:
#   acctcli completion bash > ~/.local/share/bash-completion/completions/acctcli
# or, where bash-completion is not installed, put this line into ~/.bashrc:
#   eval "$(acctcli completion bash)"

_acctcli() {
    local program=$1 marks line
    COMPREPLY=()
    type -P -- "$program" >/dev/null || program=acctcli
    {
        IFS= read -r marks
        while IFS= read -r line; do COMPREPLY+=("$line"); done
    } < <("$program" __complete bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" \
        "${COMP_TYPE:-9}" 2>/dev/null)
    if ! type compopt &>/dev/null; then # bash before version 4
        case " $marks " in
            *" path "*) COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")) ;;
            *" folder "*) COMPREPLY=($(compgen -d -- "${COMP_WORDS[COMP_CWORD]}")) ;;
        esac
        return
    fi
    case " $marks " in
        *" goes-on "*) compopt -o nospace ;;
        *" path "*) compopt -o default ;;
        *" folder "*) compopt -o dirnames ;;
    esac
    # Names that begin in another way are shown; only one that is left takes the word's place.
    if [[ " $marks " == *" loose "* && ${#COMPREPLY[@]} -gt 1 ]]; then
        COMPREPLY+=(" ")
    fi
}

complete -o nosort -F _acctcli acctcli 2>/dev/null || complete -F _acctcli acctcli
"""

_ZSH = r"""#compdef acctcli
# Completion of acctcli in zsh. Put it into a folder that is in $fpath, under the name _acctcli:
#   mkdir -p ~/.zfunc; acctcli completion zsh > ~/.zfunc/_acctcli
# and put these lines into ~/.zshrc, in this order:
#   fpath=(~/.zfunc $fpath)
#   autoload -Uz compinit && compinit
# Or only this one, behind compinit:
#   eval "$(acctcli completion zsh)"

_acctcli() {
    local program=${(Q)words[1]} line marks
    local -a lines values shown how
    local -i width=0
    lines=("${(@f)$("$program" __complete zsh "${(Q)PREFIX}" \
        "${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}")
    marks=" $lines[1] "
    if [[ $marks == *" path "* || $marks == *" folder "* ]]; then
        [[ $PREFIX == --*=* ]] && compset -P '*='
        if [[ $marks == *" path "* ]]; then _files; else _files -/; fi
        return
    fi
    lines=(${lines[2,-1]})
    (( $#lines )) || return 1
    for line in $lines; do
        values+=("${line%%$'\t'*}")
        (( $#values[-1] > width )) && width=$#values[-1]
    done
    for line in $lines; do
        if [[ -n ${line#*$'\t'} ]]; then
            shown+=("${(r:width:)${line%%$'\t'*}}  -- ${line#*$'\t'}")
        else
            shown+=("${line%%$'\t'*}")
        fi
    done
    [[ $marks == *" goes-on "* ]] && how+=(-S '')
    if [[ $marks == *" loose "* ]]; then
        how+=(-U) # names match by what zsh does not know: case and accents
        (( $#values > 1 )) && compstate[insert]=menu
    fi
    [[ "${(j::)lines}" == *$'\t'[^$'\t']* ]] && how+=(-l)
    compadd "${how[@]}" -V acctcli -d shown -a values
}

if [[ $funcstack[1] == _acctcli ]]; then
    _acctcli "$@"
else
    compdef _acctcli acctcli
fi
"""

_FISH = r"""# Completion of acctcli in fish. Put it where fish looks for such scripts:
#   acctcli completion fish > ~/.config/fish/completions/acctcli.fish

function __acctcli_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l lines ($program __complete fish "$current" $words 2>/dev/null)
    set -l marks $lines[1]
    set -e lines[1]
    if string match -qr 'path|folder' -- "$marks"
        set -l begin (string match -r '^--[^=]*=' -- "$current")
        set -l rest (string replace -r '^--[^=]*=' '' -- "$current")
        if string match -q '*folder*' -- "$marks"
            set lines (__fish_complete_directories "$rest" '')
        else
            set lines (__fish_complete_path "$rest")
        end
        test -n "$begin"; and set lines $begin$lines
    end
    for line in $lines
        echo $line
    end
end

complete -c acctcli -f -k -a '(__acctcli_complete)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


class CompletionOptions(Struct, frozen=True):
    """What `completion` was given."""

    shell: str


@click.command("completion", cls=Command)
@click.argument("shell", metavar="SHELL", type=click.Choice(list(SCRIPTS)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that makes bash, zsh or fish complete what you type.

    SHELL is bash, zsh or fish. The script says in its first lines where to put it. Commands,
    options, their values, the ids and names of records, fields, views and files are completed.
    """
    run_completion(CompletionOptions(shell), open_session(ctx))


def run_completion(options: CompletionOptions, session: Session) -> None:
    """Print the script of a shell."""
    session.print_text(SCRIPTS[options.shell].removesuffix("\n"))
