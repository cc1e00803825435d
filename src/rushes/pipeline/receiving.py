"""How bytes come into a draft: from a provider's address, or from a file of this machine."""

from __future__ import annotations

from pathlib import PurePosixPath

from rushes.pipeline.tools import Tools
from rushes.providers.provider import LocalFile, MediaSource, RemoteFile
from rushes.store.download import copy_local
from rushes.store.intake import OnBytes, Received
from rushes.store.store import Draft, Sink


async def receive(tools: Tools, source: MediaSource, sink: Sink, on_bytes: OnBytes) -> Received:
    """Raises DownloadError, MediaUnreadableError or StorageError; see ``store.download``."""
    match source:
        case RemoteFile(url, size):
            return await tools.downloader.fetch(url, sink, expected_size=size, on_bytes=on_bytes)
        case LocalFile(path):
            return await copy_local(path, sink, on_bytes=on_bytes)


def draft_beside(tools: Tools, path: str, asset_id: str, size: int) -> Draft:
    """A draft in the store, in the folder where its file will lie.

    Raises StorageError, before any byte has come when ``size`` bytes do not fit.
    """
    folder = str(PurePosixPath(path).parent)
    tools.store.check_fits(size, folder)
    return tools.store.draft(asset_id, folder)
