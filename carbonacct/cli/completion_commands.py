"""The command that prints what a shell needs to complete commands and options by itself."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.cli.parser import add_command
from carbonacct.cli.speaking import speak
from carbonacct.texts import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from carbonacct.cli.parser import Commands

SHELLS = ("bash", "zsh", "fish")


class Command(NamedTuple):
    """A command as a shell completes it."""

    name: str
    text: str
    options: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]


def add_commands(commands: Commands) -> None:
    """Add the command of this module; it lists the others, so it comes last."""
    text = say("print what a shell needs to complete commands and options")
    command = add_command(commands, "completion", _completion, text)
    command.add_argument("shell", choices=SHELLS, help=say("bash, zsh or fish"))
    command.set_defaults(commands=commands)


def _completion(options: argparse.Namespace) -> int:
    make = {"bash": _for_bash, "zsh": _for_zsh, "fish": _for_fish}[options.shell]
    print(make(list(_list_commands(options.commands))), end="")
    return 0


def _list_commands(commands: Commands) -> Iterable[Command]:
    for action in commands._choices_actions:  # noqa: SLF001 - where argparse keeps the short texts
        parser = commands.choices[action.dest]
        parser.format_help()  # adds the options that every command has
        options = [
            (name, speak(option.help).split("; ")[0] if option.help else "")
            for option in parser._actions  # noqa: SLF001 - its only list
            for name in option.option_strings
            if name.startswith("--")
        ]
        choices = [
            str(choice)
            for option in parser._actions  # noqa: SLF001 - its only list
            if not option.option_strings
            for choice in option.choices or ()
        ]
        yield Command(action.dest, speak(action.help), tuple(options), tuple(choices))


def _for_bash(commands: list[Command]) -> str:
    cases = "\n".join(
        f"    {one.name}) words={shlex.quote(' '.join([*_names(one), *one.choices]))} ;;"
        for one in commands
    )
    return f"""_carbonacct() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words={shlex.quote(" ".join(one.name for one in commands))}
  else case "${{COMP_WORDS[1]}}" in
{cases}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  case "$word" in -*) ;; *) [ "$COMP_CWORD" -gt 1 ] && COMPREPLY+=($(compgen -f -- "$word")) ;; esac
}}
complete -o filenames -F _carbonacct carbonacct
"""


def _for_zsh(commands: list[Command]) -> str:
    described = " ".join(
        shlex.quote(f"{one.name}:{one.text.replace(':', ' ')}") for one in commands
    )
    cases = "\n".join(
        f"    {one.name}) compadd -- {shlex.join([*_names(one), *one.choices])} ;;"
        for one in commands
    )
    return f"""#compdef carbonacct
_carbonacct() {{
  if (( CURRENT == 2 )); then
    local -a commands=({described})
    _describe command commands
    return
  fi
  case "$words[2]" in
{cases}
  esac
  _files
}}
compdef _carbonacct carbonacct
"""


def _for_fish(commands: list[Command]) -> str:
    lines = [
        f"complete -c carbonacct -n __fish_use_subcommand -f -a {one.name} -d {shlex.quote(one.text)}"
        for one in commands
    ]
    for one in commands:
        seen = shlex.quote(f"__fish_seen_subcommand_from {one.name}")
        lines += [
            f"complete -c carbonacct -n {seen} -l {name.removeprefix('--')} -d {shlex.quote(text)}"
            for name, text in one.options
        ]
        if one.choices:
            lines.append(
                f"complete -c carbonacct -n {seen} -a {shlex.quote(' '.join(one.choices))}"
            )
    return "\n".join(lines) + "\n"


def _names(command: Command) -> list[str]:
    return [name for name, _ in command.options]
