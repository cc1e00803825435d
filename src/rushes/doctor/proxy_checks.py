"""The copies to play: which are lacking of what a browser cannot play."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from rushes.catalogue import census
from rushes.catalogue.catalogue import Catalogue
from rushes.doctor.file_checks import names_in
from rushes.doctor.finding import Finding, Status
from rushes.doctor.wording import counted, first
from rushes.domain.playable import NOT_PLAYED
from rushes.media.proxies import proxy_name

THERE = "Every browser can play all that is here, or a copy of it."
REMEDY = "Open one and have a copy made, with its button or `POST /api/assets/{asset_id}/proxy`."


async def check_proxies(catalogue: Catalogue, proxies: Path) -> list[Finding]:
    """Raises StorageError."""
    needed = await catalogue.read(partial(census.coded_as, codecs=NOT_PLAYED))
    there = await asyncio.to_thread(names_in, proxies)
    ids = [one for one, sha256 in needed if proxy_name(one, sha256) not in there]
    if not ids:
        return [Finding("proxies", "proxies_there", Status.OK, THERE)]
    # Nothing is wrong: each is made when somebody wants to play it.
    message = f"{counted(ids)} cannot be played by every browser, and have no copy to play yet."
    return [Finding("proxies", "proxies_missing", Status.OK, message, REMEDY, ids=first(ids))]
