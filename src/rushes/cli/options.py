"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Home = Annotated[
    Path | None,
    typer.Option("--home", help="The library folder.", envvar="RUSHES_HOME", show_default=False),
]
Project = Annotated[
    str | None,
    typer.Option("--project", "-p", help="Name or id of a project; the oldest without it."),
]
OnlyProject = Annotated[
    str | None,
    typer.Option("--project", "-p", help="Name or id of a project; all of them without it."),
]
