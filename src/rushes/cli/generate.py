"""`rushes generate`: ask, follow, and say where the clips are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import httpx

from rushes.cli.connection import Api, ProblemAnswerError
from rushes.cli.exit_codes import Exit, worst
from rushes.cli.following import assets_of, follow, in_words, outcome_of
from rushes.cli.notices import mention_notices
from rushes.cli.output import Document, Output
from rushes.cli.projects import find_project
from rushes.cli.typed_settings import setting_kinds, settings_for_all, settings_of_models
from rushes.domain.errors import (
    AnswerLostError,
    FileInputError,
    OrderNotFoundError,
)
from rushes.domain.ids import new_id

SEND_AGAIN_AFTER = (0.2, 1)
"""Seconds between the tries to get an answer to an order."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed."""

    prompt: str
    models: list[str]
    project: str | None
    settings: list[str]
    takes: int
    image: Path | None
    max_cost: str | None
    ignores_room: bool
    order_id: str | None
    wait: bool


async def generate(api: Api, output: Output, wish: Wish) -> Exit:
    if api.studio is not None:
        await api.studio.pipeline.resume()
    project = await find_project(api, wish.project)
    order = await _order(api, wish)
    if wish.order_id is not None and (known := await _known(api, wish.order_id, wish.prompt)):
        return await _finish(api, output, known, wait=wish.wait)
    await _check(api, order, has_image=wish.image is not None)
    if wish.image is not None:
        order["image"] = (await _import_image(api, project, wish.image))["id"]
    if wish.max_cost is not None:
        order["max_cost"] = wish.max_cost
    order["ignore_room"] = wish.ignores_room
    order["order_id"] = wish.order_id or new_id()
    started = await _send(api, output, f"/api/projects/{project['id']}/generations", order)
    if started["repeated"]:
        output.say("This order had arrived before; nothing is ordered again.")
    return await _finish(api, output, started["generations"], wait=wish.wait)


async def _finish(api: Api, output: Output, started: list[Document], *, wait: bool) -> Exit:
    """Follow what was ordered, and say what came of it."""
    ids = [generation["id"] for generation in started]
    if not wait and api.studio is None:
        return _tell(output, api.home, started, [], Exit.DONE)
    generations = await follow(api, output, ids, until_sent=not wait)
    assets = await assets_of(api, generations)
    outcome = worst(outcome_of(one, assets) for one in generations)
    await mention_notices(api, output)
    return _tell(output, api.home, generations, list(assets.values()), outcome)


async def _order(api: Api, wish: Wish) -> Document:
    models = (await api.get("/api/models"))["items"]
    names = wish.models or [models[0]["id"]]
    task = "text-to-video" if wish.image is None else "image-to-video"
    kinds = setting_kinds(models, names, task)
    return {
        "prompt": wish.prompt,
        "models": names,
        "settings": settings_for_all(wish.settings, kinds),
        "model_settings": settings_of_models(wish.settings, kinds),
        "takes": wish.takes,
    }


async def _known(api: Api, order_id: str, prompt: str) -> list[Document] | None:
    """What came of this order when it had arrived before. Looked up before an image of it is
    imported again.
    """
    try:
        found: list[Document] = (await api.get(f"/api/orders/{order_id}"))["generations"]
    except ProblemAnswerError as error:
        if error.problem["code"] == OrderNotFoundError.code:
            return None
        raise
    return found if found[0]["prompt"] == prompt else None


async def _send(api: Api, output: Output, path: str, order: Document) -> Document:
    """Send the order. A lost answer is asked for again: under the same id nothing is done twice."""
    for wait in SEND_AGAIN_AFTER:
        try:
            return await api.post(path, order)
        except httpx.TransportError as error:
            output.say(f"The studio's answer did not come ({type(error).__name__}). Asking again.")
            await asyncio.sleep(wait)
    try:
        return await api.post(path, order)
    except httpx.TransportError as error:
        raise AnswerLostError(
            f"The open studio did not answer ({type(error).__name__}).",
            remedy=f"Give the same command again with --order-id {order['order_id']}: what had "
            "arrived is followed, and nothing is ordered twice.",
            order_id=order["order_id"],
        ) from error


async def _check(api: Api, order: Document, *, has_image: bool) -> None:
    """Refuse what is illegal before anything is imported."""
    quote = await api.post("/api/quotes", {**order, "image": "typed" if has_image else None})
    for item in quote["items"]:
        if item["problem"] is not None:
            raise ProblemAnswerError(item["problem"])
    asked = {item["model"] for item in quote["items"]}
    for model in (await api.get("/api/models"))["items"]:
        if model["unavailable"] is not None and model["id"] in asked:
            # A key may have been set since the studio was opened.
            look = await api.post(f"/api/providers/{model['provider']}/look")
            if look["problem"] is not None:
                raise ProblemAnswerError(look["problem"])


async def _import_image(api: Api, project: Document, image: Path) -> Document:
    try:
        imported = await api.upload(f"/api/projects/{project['id']}/imports", image, only="image")
    except OSError as error:
        raise FileInputError(
            f"{image} cannot be read: {error.strerror}.", field="image", file=str(image)
        ) from error
    asset: Document = imported["assets"][0]
    return asset


def _why(error: Document | None) -> str:
    if error is None:
        return "It has not been downloaded yet."
    return f"{error['message']} {error['remedy']}"


def _tell(
    output: Output,
    home: Path,
    generations: list[Document],
    assets: list[Document],
    outcome: Exit,
) -> Exit:
    output.document({"generations": generations, "assets": assets})
    for asset in assets:
        media = asset["media"]
        if media["state"] == "saved":
            output.line(str(home / media["path"]))
        else:
            output.line(f"{asset['id']}  {media['state']}: {_why(media['error'])}")
    for generation in generations:
        if generation["asset_id"] is None:
            output.line(f"{generation['id']}  {in_words(generation)}")
    return outcome
