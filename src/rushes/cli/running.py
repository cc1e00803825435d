"""Runs a command: one event loop, one way to fail, one way to be interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import typer

from rushes.cli.connection import Api, ProblemAnswerError, connect
from rushes.cli.exit_codes import Exit, exit_of, exit_of_code
from rushes.cli.output import Output
from rushes.domain.errors import RushesError
from rushes.server.schemas.problems import ProblemShape

Command = Callable[[Api, Output], Coroutine[Any, Any, Exit]]
Reach = Callable[[Path | None, Output], AbstractAsyncContextManager[Api]]
LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def run(command: Command, *, home: Path | None, as_json: bool, reach: Reach = connect) -> None:
    """Run a command against the studio, and exit with its code."""
    output = Output(as_json=as_json)

    async def connected() -> Exit:
        async with reach(home, output) as api:
            return await command(api, output)

    finish(connected(), output)


def finish(
    work: Coroutine[Any, Any, Exit], output: Output, *, loop_factory: LoopFactory | None = None
) -> None:
    """Wait for the work and leave the program with its exit code."""
    raise typer.Exit(_outcome(work, output, loop_factory))


def _outcome(
    work: Coroutine[Any, Any, Exit], output: Output, loop_factory: LoopFactory | None
) -> Exit:
    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(work)
    except KeyboardInterrupt:
        output.say("Interrupted. Nothing is lost: `rushes resume` goes on.")
        return Exit.INTERRUPTED
    except ProblemAnswerError as error:
        output.problem(error.problem)
        return exit_of_code(error.problem["code"])
    except RushesError as error:
        output.problem(ProblemShape.of(error.problem).model_dump(mode="json"))
        return exit_of(type(error))
