"""Failures of a command: one line on standard error, and an exit code."""

import functools
from collections.abc import Callable
from typing import Final, ParamSpec

import typer

from hemline_trainer.errors import TrainerError

REFUSED: Final = 1
NOTHING_COMPARED: Final = 3
INTERRUPTED: Final = 130

P = ParamSpec("P")


def one_line_failures(command: Callable[P, None]) -> Callable[P, None]:
    """Turns failures that a user can act on into one line on standard error and an exit code."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except TrainerError as error:
            typer.echo(f"hemline-trainer: {error}", err=True)
            raise typer.Exit(REFUSED) from error
        except OSError as error:
            typer.echo(f"hemline-trainer: {error.filename or ''}: {error.strerror or error}", err=True)
            raise typer.Exit(REFUSED) from error
        except MemoryError as error:
            typer.echo(f"hemline-trainer: out of memory ({error or 'no details'})", err=True)
            raise typer.Exit(REFUSED) from error
        except KeyboardInterrupt as interrupt:
            typer.echo("hemline-trainer: interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from interrupt

    return guarded
