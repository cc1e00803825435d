"""The commands that only look: models, projects, generations, assets, one thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rushes.cli.connection import Api, ProblemAnswerError
from rushes.cli.exit_codes import Exit
from rushes.cli.output import Document, Output
from rushes.cli.projects import find_project
from rushes.domain.errors import InvalidInputError


async def show_models(api: Api, output: Output) -> Exit:
    models = await api.get("/api/models")
    output.document(models)
    output.table(
        ("model", "does", "from", "note"),
        [
            (model["id"], ", ".join(model["tasks"]), _cheapest(model), _note(model))
            for model in models["items"]
        ],
    )
    return Exit.DONE


def _cheapest(model: Document) -> str:
    rates = [
        float(rate)
        for task in model["tasks"].values()
        for rate in task["price"]["per_second"].values()
    ]
    return f"${min(rates):.2f} a second" if rates else "free"


def _note(model: Document) -> str:
    if model["unavailable"] is not None:
        return str(model["unavailable"]["title"])
    return str(model["summary"])


async def show_projects(api: Api, output: Output, new: str | None) -> Exit:
    if new is not None:
        project = await api.post("/api/projects", {"name": new})
        output.document(project)
        output.line(f"{project['id']}  {project['name']}")
        return Exit.DONE
    projects = await api.get("/api/projects")
    output.document(projects)
    output.table(
        ("id", "name", "assets", "keeps", "let go"),
        [
            (one["id"], one["name"], one["assets"], one["keep"], SWITCH[one["may_let_go"]])
            for one in projects["items"]
        ],
    )
    return Exit.DONE


SWITCH = {True: "on", False: "off"}


async def change_project(
    api: Api, output: Output, project: str | None, *, keep: str | None, let_go: str | None
) -> Exit:
    """Choose what a project keeps of coming clips, and whether saved files may be let go."""
    change: Document = {}
    if keep is not None:
        change["keep"] = keep
    if let_go is not None:
        if let_go not in SWITCH.values():
            raise InvalidInputError(f"--let-go is on or off, and not {let_go!r}.", field="--let-go")
        change["may_let_go"] = let_go == SWITCH[True]
    found = await find_project(api, project)
    changed = await api.patch(f"/api/projects/{found['id']}", change)
    output.document(changed)
    may = "may be let go" if changed["may_let_go"] else "are not let go"
    output.line(f"{changed['id']}  {changed['name']} keeps {changed['keep']}; saved files {may}")
    return Exit.DONE


async def show_generations(api: Api, output: Output, project: str | None) -> Exit:
    query = {} if project is None else {"project": (await find_project(api, project))["id"]}
    items = await api.every("/api/generations", **query)
    output.document({"items": items, "total": len(items)})
    output.table(
        ("id", "state", "model", "asked", "prompt"),
        [
            (
                one["id"],
                one["state"],
                one["model"],
                one["created_at"][:19].replace("T", " "),
                _short(one["prompt"]),
            )
            for one in items
        ],
    )
    return Exit.DONE


async def show_assets(
    api: Api, output: Output, project: str | None, asked: Mapping[str, object]
) -> Exit:
    query: Document = {name: value for name, value in asked.items() if value is not None}
    if project is not None:
        query["project"] = (await find_project(api, project))["id"]
    items = await api.every("/api/assets", **query)
    hidden = (await api.get("/api/assets", **query, limit=1))["hidden"]
    output.document({"items": items, "total": len(items), "hidden": hidden})
    output.table(
        ("id", "state", "length", "size", "stars", "flag", "name", "file"),
        [
            (
                one["id"],
                one["media"]["state"],
                "" if one["duration"] is None else f"{one['duration']:.2f} s",
                "" if one["width"] is None else f"{one['width']}x{one['height']}",
                one["rating"] or "",
                one["flag"] or "",
                one["name"],
                one["media"]["path"],
            )
            for one in items
        ],
    )
    for reason, number in hidden.items():
        if number and not output.as_json:
            output.say(f"{number} not shown: {reason.replace('_', ' ')}.")
    return Exit.DONE


async def show_thing(api: Api, output: Output, thing: str) -> Exit:
    """Show a generation or an asset, whichever has this id."""
    try:
        generation = await api.get(f"/api/generations/{thing}")
    except ProblemAnswerError as error:
        if error.problem["code"] != "generation_not_found":
            raise
        asset = await api.get(f"/api/assets/{thing}")
        output.document(asset)
        _describe(output, asset)
        return Exit.DONE
    output.document(generation)
    _describe(output, {name: value for name, value in generation.items() if name != "steps"})
    chart(output, generation["steps"])
    return Exit.DONE


def _describe(output: Output, thing: Document) -> None:
    rows = []
    for name, value in thing.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        rows += [(f"{name} {part}".strip(), shown) for part, shown in parts if shown is not None]
    output.table(("", ""), rows)


def chart(output: Output, steps: list[Document]) -> None:
    """The steps with their times, as bars over the whole time it took."""
    moments = [datetime.fromisoformat(step["at"]) for step in steps]
    whole = max((moments[-1] - moments[0]).total_seconds(), 0.001)
    rows = []
    for step, at, after in zip(steps, moments, [*moments[1:], moments[-1]], strict=True):
        begins = (at - moments[0]).total_seconds()
        lasts = (after - at).total_seconds()
        bar = " " * round(begins / whole * WIDTH) + "█" * max(1, round(lasts / whole * WIDTH))
        rows.append((step["name"], f"+{begins:.2f} s", bar[: WIDTH + 1], step["detail"]))
    output.table(("step", "at", "", ""), rows)


WIDTH = 40


def _short(text: str, length: int = 60) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else words[: length - 1] + "…"
