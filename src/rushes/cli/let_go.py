"""`rushes let-go`: free room by removing files that are proven to be at the provider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rushes.cli.connection import Api
from rushes.cli.exit_codes import Exit
from rushes.cli.output import Document, Output
from rushes.cli.projects import find_project
from rushes.domain.errors import InvalidInputError
from rushes.store.local_store import in_words


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed."""

    ids: Sequence[str]
    everything: bool
    project: str | None
    apply: bool


async def let_go(api: Api, output: Output, wish: Wish) -> Exit:
    if wish.everything == bool(wish.ids):
        raise InvalidInputError("Name assets by their ids, or say --all.", field="ID")
    query: Document = {}
    if wish.ids:
        query["id"] = list(wish.ids)
    if wish.project is not None:
        query["project"] = (await find_project(api, wish.project))["id"]
    if wish.apply:
        output.say("Each file is read at the provider first. That takes as long as a download.")
        result = await api.post("/api/let-go", **query)
    else:
        result = await api.get("/api/let-go", **query)
    output.document(result)
    _show(output, result)
    return _exit_of(result, wish)


def _show(output: Output, result: Document) -> None:
    for item in result["items"]:
        output.line(f"{item['asset_id']}  {_in_words(item, applied=result['applied'])}")
    freed = in_words(result["freed"])
    if result["applied"]:
        output.say(f"{freed} freed.")
    else:
        output.say(f"Would free {freed}. Nothing was changed; --apply does it.")
    stays = (item["problem"]["detail"] for item in result["items"] if item["problem"] is not None)
    for reason, number in Counter(stays).most_common():
        output.say(f"{number} cannot be let go: {reason}")


def _in_words(item: Document, *, applied: bool) -> str:
    if item["problem"] is not None:
        return f"stays: {item['problem']['detail']} {item['problem']['remedy']}".rstrip()
    done = "let go" if applied else "would be let go"
    return f"{done}  {in_words(item['size'])}  {item['name']}"


def _exit_of(result: Document, wish: Wish) -> Exit:
    """Of everything, some may well stay; of what was named, none."""
    return Exit.FAILED if wish.apply and wish.ids and result["kept"] else Exit.DONE
