"""The library as it is sent: one item for a generation, an asset, or one with the other."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from rushes.domain.listing import Facets, Hidden, Item, Listing
from rushes.server.schemas.assets import AssetShape
from rushes.server.schemas.generations import GenerationShape
from rushes.server.schemas.shape import Shape

ItemStateName = Literal[
    "saved",
    "unsaved",
    "url_only",
    "expired",
    "missing",
    "waiting",
    "failed",
    "cancelled",
    "unconfirmed",
]


class LibraryItem(Shape):
    id: str
    """The generation's id where there is one, else the asset's."""
    state: ItemStateName
    created_at: datetime
    shot: str | None
    """What the takes of one shot have in common; null for what was imported."""
    takes: int
    """How many takes of its shot this view lists without filters, itself among them."""
    generation: GenerationShape | None
    asset: AssetShape | None

    @classmethod
    def of(cls, item: Item) -> Self:
        generation, asset = item.generation, item.asset
        return cls(
            id=item.id,
            state=item.state,  # type: ignore[arg-type]  # the domain's words; tested equal
            created_at=item.created_at,
            shot=item.shot,
            takes=item.takes,
            generation=None if generation is None else GenerationShape.of(generation),
            asset=None if asset is None else AssetShape.of(asset),
        )


class ElsewhereShape(Shape):
    project_id: str
    name: str
    count: int


class HiddenItems(Shape):
    """How many items are not in the list, and why."""

    filters: int
    """In this project, left out by the filters, the search or the choice of a shot."""
    trash: int
    """In this project's trash; over all projects also what lies in trashed projects."""
    unsaved: int
    """Left out because they could not be saved and RUSHES_KEEP_UNSAVED is false."""
    other_projects: list[ElsewhereShape]
    """Matching the filters in other projects, the most first."""

    @classmethod
    def of(cls, hidden: Hidden) -> Self:
        return cls(
            filters=hidden.filters,
            trash=hidden.trash,
            unsaved=hidden.unsaved,
            other_projects=[
                ElsewhereShape(project_id=one.project_id, name=one.name, count=one.count)
                for one in hidden.other_projects
            ],
        )


class LibraryPage(Shape):
    items: list[LibraryItem]
    start: int
    total: int
    hidden: HiddenItems

    @classmethod
    def of(cls, listing: Listing) -> Self:
        return cls(
            items=[LibraryItem.of(item) for item in listing.items],
            start=listing.start,
            total=listing.total,
            hidden=HiddenItems.of(listing.hidden),
        )


class ModelFacet(Shape):
    id: str
    count: int


class StateFacet(Shape):
    name: ItemStateName
    count: int


class LibraryFacets(Shape):
    """What there is to filter by, and how much of each."""

    models: list[ModelFacet]
    states: list[StateFacet]

    @classmethod
    def of(cls, facets: Facets) -> Self:
        return cls(
            models=[ModelFacet(id=name, count=number) for name, number in facets.models.items()],
            states=[
                StateFacet(name=name, count=number)  # type: ignore[arg-type]  # as above
                for name, number in facets.states.items()
            ],
        )
