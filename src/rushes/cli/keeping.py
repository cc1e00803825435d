"""The commands that keep what was made: save it, find it, bring it in, free room, look, mend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rushes.cli.options import Home, Json, OnlyProject, Project

keeping = typer.Typer()

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of assets.")]
All = Annotated[bool, typer.Option("--all", help="Everything that it can be done with.")]


@keeping.command()
def retry(
    ids: Ids = None, *, everything: All = False, home: Home = None, json: Json = False
) -> None:
    """Save again what could not be saved, and look for missing files. Never costs."""
    from rushes.cli.recover import recover
    from rushes.cli.running import run

    run(
        lambda api, output: recover(api, output, "retry", ids or [], everything=everything),
        home=home,
        as_json=json,
    )


@keeping.command()
def download(
    ids: Ids = None, *, everything: All = False, home: Home = None, json: Json = False
) -> None:
    """Bring clips here that are at the provider only. Never costs."""
    from rushes.cli.recover import recover
    from rushes.cli.running import run

    run(
        lambda api, output: recover(api, output, "download", ids or [], everything=everything),
        home=home,
        as_json=json,
    )


@keeping.command()
def relink(
    asset: Annotated[
        str, typer.Argument(metavar="ID", help="An expired, missing or damaged asset.")
    ],
    file: Annotated[Path, typer.Argument(help="The file that holds its bytes.")],
    *,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Take it though it is not the file that was saved.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Give an asset whose bytes are gone or damaged a file that you have."""
    from rushes.cli.recover import relink as give_file
    from rushes.cli.running import run

    run(
        lambda api, output: give_file(api, output, asset, file, anyway=anyway),
        home=home,
        as_json=json,
    )


@keeping.command()
def settle(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Ids of generations; without: all unconfirmed."),
    ] = None,
    *,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Stop looking; possible after half an hour.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Look unconfirmed generations up at the provider. Sends nothing again, never costs.

    One that failed because the provider did not know it is asked for once more, by its id.
    """
    from rushes.cli.recover import settle as settle_all
    from rushes.cli.running import run

    run(
        lambda api, output: settle_all(api, output, ids or [], give_up=give_up),
        home=home,
        as_json=json,
    )


@keeping.command()
def trash(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Assets to put into it.")
    ] = None,
    *,
    restore: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Take it back; several times.")
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Delete all that lies there.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """List the trash; put assets there, take them back, or delete them for good."""
    from rushes.cli.running import run
    from rushes.cli.trash import Wish
    from rushes.cli.trash import trash as look_after

    wish = Wish(ids or [], restore or [], empty, yes)
    run(lambda api, output: look_after(api, output, wish), home=home, as_json=json)


@keeping.command("let-go")
def let_go(
    ids: Ids = None,
    *,
    everything: All = False,
    project: OnlyProject = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it; without it nothing changes.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Free room: remove files whose bytes are proven to be at the provider. Never costs."""
    from rushes.cli.let_go import Wish
    from rushes.cli.let_go import let_go as free_room
    from rushes.cli.running import run

    wish = Wish(ids or [], everything, project, apply)
    run(lambda api, output: free_room(api, output, wish), home=home, as_json=json)


@keeping.command()
def notices(
    *,
    dismiss: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Take it off the list; several times.")
    ] = None,
    dismiss_all: Annotated[bool, typer.Option("--dismiss-all", help="Take all off.")] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """List what needs you."""
    from rushes.cli.notices import show_notices
    from rushes.cli.running import run

    run(
        lambda api, output: show_notices(api, output, dismiss or [], everything=dismiss_all),
        home=home,
        as_json=json,
    )


@keeping.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Videos, images and sounds.")],
    *,
    project: Project = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Copy files into a project."""
    from rushes.cli.add import import_files
    from rushes.cli.running import run

    run(lambda api, output: import_files(api, output, files, project), home=home, as_json=json)


@keeping.command()
def doctor(
    *,
    asset: Annotated[
        str | None,
        typer.Option(help="Say why this asset or generation cannot be seen or played."),
    ] = None,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Read the whole catalogue and every saved file.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Look whether all is well. Changes nothing. Ends with 1 when there is a problem."""
    from rushes.cli.connection import connect_to_look
    from rushes.cli.doctor import examine, explain
    from rushes.cli.running import run

    run(
        lambda api, output: (
            examine(api, output, thorough=thorough)
            if asset is None
            else explain(api, output, asset)
        ),
        home=home,
        as_json=json,
        reach=connect_to_look,
    )


@keeping.command()
def repair(
    *,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Put a damaged catalogue aside and begin a new one."),
    ] = False,
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="Also list files that nobody knows, as imports."),
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Do what is listed; without it nothing changes.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """List what can be mended in the library, and mend it. Removes no media; costs nothing."""
    from rushes.cli.output import Output
    from rushes.cli.repair import mend_library
    from rushes.cli.running import finish

    output = Output(as_json=json)
    work = mend_library(output, home=home, rebuild=rebuild, adopt=adopt, change=apply)
    finish(work, output)
