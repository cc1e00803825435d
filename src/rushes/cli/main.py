"""The command line: what can be typed. Each command loads what it needs when it runs.

Here are the commands that make and look; those that keep what was made are in ``keeping``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import rushes
from rushes.cli.keeping import keeping
from rushes.cli.options import Home, Json, OnlyProject, Project

app = typer.Typer(
    name="rushes",
    help="A local-first studio for AI-generated video that never loses a clip.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(rushes.__version__)
        raise typer.Exit


@app.callback()
def about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=lambda value: _print_version(wanted=value))
    ] = False,
) -> None:
    """A local-first studio for AI-generated video that never loses a clip."""


@app.command()
def studio(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8765,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    desktop: Annotated[
        bool,
        typer.Option("--desktop", help="In a window of its own; closing it stops the studio."),
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Open the studio: the page, with everything unfinished going on."""
    from rushes.cli.output import Output
    from rushes.cli.running import finish
    from rushes.cli.studio import Face, open_and_serve, quick_loop

    output = Output(as_json=json)
    face = Face(browser=browser, desktop=desktop)
    work = open_and_serve(output, home=home, host=host, port=port, face=face)
    finish(work, output, loop_factory=quick_loop)


@app.command()
def generate(
    prompt: Annotated[str, typer.Argument(help="What should be seen and heard.")],
    *,
    model: Annotated[
        list[str] | None, typer.Option("--model", "-m", help="May be given several times.")
    ] = None,
    project: Project = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="name=value, or MODEL:name=value; see `rushes models --json`."),
    ] = None,
    takes: Annotated[
        int, typer.Option(help="So many of each model; a seed counts up.", min=1, max=8)
    ] = 1,
    image: Annotated[Path | None, typer.Option(help="Begin with this picture.")] = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait until every take is saved.")
    ] = True,
    max_cost: Annotated[
        str | None, typer.Option(help="US dollars; refuse when it may cost more.")
    ] = None,
    ignore_room: Annotated[
        bool, typer.Option("--ignore-room", help="Order even if the disk seems too full.")
    ] = False,
    order_id: Annotated[
        str | None,
        typer.Option(help="Name this order: given again with the same name, it is done once."),
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Generate takes with each model, save them, and print where they are."""
    from rushes.cli.generate import Wish
    from rushes.cli.generate import generate as generate_takes
    from rushes.cli.running import run

    wish = Wish(
        prompt=prompt,
        models=model or [],
        project=project,
        settings=setting or [],
        takes=takes,
        image=image,
        max_cost=max_cost,
        ignores_room=ignore_room,
        order_id=order_id,
        wait=wait,
    )
    run(lambda api, output: generate_takes(api, output, wish), home=home, as_json=json)


@app.command()
def key(
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the kept key.")] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Say whether there is a key, and where.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Ask for the fal key and keep it: in the system keyring, or else in a file of yours.

    It is asked for without showing it, or read from what is piped in; it is printed nowhere.
    """
    from rushes.cli import key as keys
    from rushes.cli.output import Output
    from rushes.cli.running import finish

    output = Output(as_json=json)
    if status:
        finish(keys.show(output), output)
    if remove:
        finish(keys.remove(output, home), output)
    finish(keys.keep(output, home), output)


@app.command()
def models(*, home: Home = None, json: Json = False) -> None:
    """List the models, what they do and what they cost."""
    from rushes.cli.look import show_models
    from rushes.cli.running import run

    run(show_models, home=home, as_json=json)


@app.command()
def projects(
    *,
    new: Annotated[str | None, typer.Option(help="Make a project of this name.")] = None,
    project: Project = None,
    keep: Annotated[
        str | None,
        typer.Option(help="What --project keeps of coming clips: files, or links only."),
    ] = None,
    let_go: Annotated[
        str | None,
        typer.Option(help="on or off: whether `rushes let-go` may remove files of --project."),
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """List the projects, make one, or choose what one keeps."""
    from rushes.cli.look import change_project, show_projects
    from rushes.cli.running import run

    if keep is not None or let_go is not None:
        run(
            lambda api, output: change_project(api, output, project, keep=keep, let_go=let_go),
            home=home,
            as_json=json,
        )
    run(lambda api, output: show_projects(api, output, new), home=home, as_json=json)


@app.command()
def generations(*, project: OnlyProject = None, home: Home = None, json: Json = False) -> None:
    """List the generations, newest first."""
    from rushes.cli.look import show_generations
    from rushes.cli.running import run

    run(lambda api, output: show_generations(api, output, project), home=home, as_json=json)


@app.command()
def assets(
    *,
    project: OnlyProject = None,
    state: Annotated[
        list[str] | None,
        typer.Option(help="saved, unsaved, url_only, expired or missing; several times."),
    ] = None,
    query: Annotated[
        str, typer.Option("-q", help="Words in name, prompt, model, file name or notes.")
    ] = "",
    model: Annotated[
        list[str] | None, typer.Option("--model", "-m", help="May be given several times.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="video, image or audio; several times.")
    ] = None,
    rating: Annotated[int | None, typer.Option(help="At least so many stars, 1 to 5.")] = None,
    flag: Annotated[
        list[str] | None, typer.Option(help="pick, reject or none; several times.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="A day such as 2026-01-31 (UTC), or a moment.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="A day, to its end, or a moment.")] = None,
    min_duration: Annotated[float | None, typer.Option(help="Seconds.")] = None,
    max_duration: Annotated[float | None, typer.Option(help="Seconds.")] = None,
    sound: Annotated[
        bool | None, typer.Option("--sound/--no-sound", help="With or without sound.")
    ] = None,
    trashed: Annotated[bool, typer.Option("--trashed", help="List the trash instead.")] = False,
    sort: Annotated[
        str, typer.Option(help="newest, oldest, rating, longest, shortest, largest or name.")
    ] = "newest",
    home: Home = None,
    json: Json = False,
) -> None:
    """List the assets that fit all that is asked for."""
    from rushes.cli.look import show_assets
    from rushes.cli.running import run

    asked: dict[str, object] = {
        "state": state,
        "q": query,
        "model": model,
        "kind": kind,
        "rating": rating,
        "flag": flag,
        "since": since,
        "until": until,
        "min_duration": min_duration,
        "max_duration": max_duration,
        "sound": sound,
        "trashed": trashed,
        "sort": sort,
    }
    run(
        lambda api, output: show_assets(api, output, project, asked),
        home=home,
        as_json=json,
    )


@app.command()
def show(
    thing: Annotated[str, typer.Argument(metavar="ID", help="A generation's or an asset's id.")],
    *,
    home: Home = None,
    json: Json = False,
) -> None:
    """Show a generation with its steps, or an asset."""
    from rushes.cli.look import show_thing
    from rushes.cli.running import run

    run(lambda api, output: show_thing(api, output, thing), home=home, as_json=json)


@app.command()
def resume(*, home: Home = None, json: Json = False) -> None:
    """Finish whatever was in flight, then exit."""
    from rushes.cli.resume import resume as finish_all
    from rushes.cli.running import run

    run(finish_all, home=home, as_json=json)


app.add_typer(keeping)


def main() -> None:
    app()
