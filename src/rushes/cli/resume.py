"""`rushes resume`: finish whatever was in flight, then exit."""

from __future__ import annotations

from rushes.cli.connection import Api
from rushes.cli.exit_codes import Exit, worst
from rushes.cli.following import ENDED, assets_of, follow, in_words, outcome_of
from rushes.cli.notices import mention_notices
from rushes.cli.output import Output
from rushes.domain.generation import GENERATION_STATES

UNFINISHED = tuple(state for state in GENERATION_STATES if state not in ENDED)


async def resume(api: Api, output: Output) -> Exit:
    unfinished = await api.every("/api/generations", state=UNFINISHED)
    output.say(f"{len(unfinished)} to finish.")
    if api.studio is None:
        output.say("The studio is open and goes on by itself.")
    else:
        await api.studio.pipeline.resume()
    ids = [generation["id"] for generation in unfinished]
    generations = await follow(api, output, ids, until_sent=False)
    assets = await assets_of(api, generations)
    await mention_notices(api, output)
    output.document({"generations": generations, "assets": list(assets.values())})
    for generation in generations:
        output.line(f"{generation['id']}  {in_words(generation)}")
    return worst(outcome_of(generation, assets) for generation in generations)
