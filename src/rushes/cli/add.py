"""`rushes import`: files into a project."""

from __future__ import annotations

from pathlib import Path

from rushes.cli.connection import Api, ProblemAnswerError
from rushes.cli.exit_codes import Exit, exit_of_code
from rushes.cli.output import Document, Output
from rushes.cli.projects import find_project
from rushes.domain.errors import FileInputError
from rushes.server.schemas.problems import ProblemShape


async def import_files(api: Api, output: Output, files: list[Path], project: str | None) -> Exit:
    """Import each file; one that cannot be used does not keep the others out."""
    target = await find_project(api, project)
    assets: list[Document] = []
    problems: list[Document] = []
    for file in files:
        try:
            imported = await api.upload(f"/api/projects/{target['id']}/imports", file)
        except ProblemAnswerError as error:
            problems.append(error.problem)
        except OSError as error:
            unreadable = FileInputError(
                f"{file} cannot be read: {error.strerror}.", field="file", file=str(file)
            )
            problems.append(ProblemShape.of(unreadable.problem).model_dump(mode="json"))
        else:
            assets += imported["assets"]
    output.document({"assets": assets, "problems": problems})
    for asset in assets:
        output.line(str(api.home / asset["media"]["path"]))
    for problem in problems:
        output.say(f"{problem['title']} {problem['detail']}")
    return exit_of_code(problems[0]["code"]) if problems else Exit.DONE
