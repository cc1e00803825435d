"""Bring clips here that are kept as addresses, before their addresses expire."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from rushes.catalogue import assets
from rushes.domain.errors import RushesError
from rushes.pipeline.recovery import Recovery
from rushes.pipeline.tools import Tools

log = logging.getLogger(__name__)


async def watch_expiry(tools: Tools, recovery: Recovery) -> None:
    """Look now and then, for ever."""
    while True:
        try:
            await bring_expiring(tools, recovery)
        except RushesError as error:
            log.warning("addresses that expire were not looked at: %s", error)
        await asyncio.sleep(tools.pace.expiry_look)


async def bring_expiring(tools: Tools, recovery: Recovery) -> None:
    before = tools.clock.now() + timedelta(seconds=tools.pace.before_expiry)
    for asset_id in await tools.catalogue.read(lambda c: assets.expiring(c, before)):
        await recovery.bring_before_expiry(asset_id)
