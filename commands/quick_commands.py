"""Commands that answer at once: run without Typer when their arguments are plainly well-formed.

Importing Typer, rich and pydantic takes ten times as long as a search; `plain_arguments` reads what most people
type, and whatever it does not understand goes to Typer, whose help and errors are better than ours could be. Both
read the same signature and call the same function.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence

from .options import parameters_of
from .plain_arguments import read_plainly

# The command's name, which is its function's, and the module it is in.
QUICK_COMMANDS: Mapping[str, str] = {
    "search": "searching",
    "related": "searching",
    "show": "showing",
    "status": "housekeeping",
}


def run_quickly(arguments: Sequence[str]) -> bool:
    """Run what the arguments ask for; False when that is for Typer to understand, and nothing was done."""
    if not arguments or arguments[0] not in QUICK_COMMANDS:
        return False
    command = quick_command(arguments[0])
    values = read_plainly(parameters_of(command), arguments[1:])
    if values is None:
        return False
    command(**values)
    return True


def quick_command(name: str) -> Callable[..., None]:
    """The function of a quick command."""
    command: Callable[..., None] = getattr(importlib.import_module(f".{QUICK_COMMANDS[name]}", __package__), name)
    return command
