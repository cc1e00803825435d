"""Under which name a clip lies in the library: one that no file has and no other clip will get."""

from __future__ import annotations

from rushes.catalogue import generations
from rushes.catalogue.catalogue import Transaction
from rushes.domain.errors import StorageError
from rushes.domain.generation import Generation
from rushes.pipeline.tools import Tools


def free_path(
    tools: Tools,
    transaction: Transaction,
    folder: str,
    generation: Generation,
    suffix: str = ".mp4",
) -> str:
    """A free path in this folder, relative to the library."""
    milliseconds = int(generation.created_at.timestamp() * 1000)
    while True:
        path = f"{folder}/AI-Video-{generation.request.model}-{milliseconds}{suffix}"
        reserved = generations.is_path_reserved(transaction.connection, path)
        if not reserved and not _is_taken(tools, path):
            return path
        milliseconds += 1


def _is_taken(tools: Tools, path: str) -> bool:
    """A store that cannot tell must not keep the bytes from coming: it never replaces a file."""
    try:
        return tools.store.exists(path)
    except StorageError:
        return False
