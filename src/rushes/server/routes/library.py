"""The library over HTTP: one list of generations and assets, and what it can be filtered by."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from rushes.domain.listing import Filter, Sort
from rushes.server.current import CurrentStudio
from rushes.server.routes.filters import item_filter
from rushes.server.schemas.library import LibraryFacets, LibraryItem, LibraryPage

router = APIRouter(prefix="/api/library", tags=["library"])


@router.get("")
async def list_library(
    studio: CurrentStudio,
    only: Annotated[Filter, Depends(item_filter)],
    group: Literal["shots"] | None = None,
    sort: Sort = Sort.NEWEST,
    start: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: int = 60,
) -> LibraryPage:
    """Every generation and every asset; one with the other is one item.

    ``group=shots`` lists the newest fitting take of each shot. ``start`` counts items, so that a
    page may begin anywhere. A generation whose clip was deleted for good is not listed here.
    """
    listing = await studio.listings.page(
        only, sort=sort, by_shot=group == "shots", start=start, limit=limit
    )
    return LibraryPage.of(listing)


@router.get("/facets")
async def get_library_facets(studio: CurrentStudio, project: str | None = None) -> LibraryFacets:
    return LibraryFacets.of(await studio.listings.facets(project))


@router.get("/{item_id}")
async def get_library_item(item_id: str, studio: CurrentStudio) -> LibraryItem:
    """One item, by the id of its generation or of its asset."""
    return LibraryItem.of(await studio.listings.one(item_id))
