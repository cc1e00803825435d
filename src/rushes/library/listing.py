"""The library as one list of generations and assets."""

from __future__ import annotations

from dataclasses import replace

from rushes.catalogue import listing
from rushes.catalogue.catalogue import Catalogue
from rushes.domain.errors import InvalidInputError
from rushes.domain.listing import Facets, Filter, Item, Listing, Sort

LARGEST_PAGE = 200


class Listings:
    def __init__(self, catalogue: Catalogue, *, keep_unsaved: bool = True) -> None:
        self._catalogue = catalogue
        self._keep_unsaved = keep_unsaved

    async def page(
        self, only: Filter, *, sort: Sort, by_shot: bool, start: int, limit: int
    ) -> Listing:
        """A page of the items that fit, and how many are not shown and why."""
        if not 1 <= limit <= LARGEST_PAGE:
            raise InvalidInputError(
                f"It is {limit}; 1 to {LARGEST_PAGE} are allowed.", field="limit", value=limit
            )
        only = replace(only, keep_unsaved=self._keep_unsaved)
        return await self._catalogue.read(
            lambda connection: listing.page(
                connection, only, sort=sort, by_shot=by_shot, start=start, limit=limit
            )
        )

    async def one(self, item_id: str) -> Item:
        """The item of a generation or an asset, listed or not.

        Raises AssetNotFoundError.
        """
        return await self._catalogue.read(lambda connection: listing.one(connection, item_id))

    async def facets(self, project_id: str | None) -> Facets:
        return await self._catalogue.read(
            lambda connection: listing.facets(
                connection, project_id, keep_unsaved=self._keep_unsaved
            )
        )
