"""Commands that declare their parameters in the words of `options`, as Typer wants them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any, get_args, get_type_hints

import typer

from .options import Argument, Option, Parameter, declaration, parameters_of


def for_typer(command: Callable[..., None]) -> Callable[..., None]:
    """The command with its parameters in Typer's words; what was in them already stays as it is."""
    declared = {each.name: each for each in parameters_of(command)}
    parameters = list(_parameters(command, declared))

    @functools.wraps(command)
    def wrapped(**values: Any) -> None:
        command(**values)

    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    wrapped.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapped


def _parameters(command: Callable[..., None], declared: dict[str, Parameter]) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(command, include_extras=True)
    for name, parameter in inspect.signature(command).parameters.items():
        hint = hints[name]
        if declaration(hint) is not None:
            hint = Annotated[get_args(hint)[0], _in_typers_words(declared[name])]
        yield parameter.replace(annotation=hint)


def _in_typers_words(parameter: Parameter) -> Any:
    match parameter.declared:
        case Argument() as argument:
            return typer.Argument(help=argument.help, metavar=argument.metavar)
        case Option() as option:
            return typer.Option(
                *parameter.flags,
                help=option.help,
                metavar=option.metavar,
                min=option.minimum,
                formats=["%Y-%m-%d"] if parameter.kind is datetime else None,
            )
